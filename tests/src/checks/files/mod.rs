//! A folder of files that the server serves.

pub mod beside;
pub mod calls;
pub mod fetching;
pub mod finding;
pub mod folders;
pub mod opening;
pub mod outside;
pub mod readers;
pub mod sending;
