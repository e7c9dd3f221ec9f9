//! Thousands of clients, most of which say nothing: step 15, and from there on.

pub mod descriptors;
pub mod idle;
