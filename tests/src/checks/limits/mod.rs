//! Too many clients, requests or open files: step 14, and from there on.

pub mod clients;
pub mod descriptors;
pub mod memory;
pub mod requests;
