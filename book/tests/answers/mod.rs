//! Answers to exercises, tried out.

pub mod chapters;
mod own;
pub mod trial;
