//! A folder of files that the server serves.

pub mod calls;
pub mod conditions;
pub mod fetching;
pub mod finding;
pub mod folders;
pub mod multipart;
pub mod opening;
pub mod outside;
pub mod parts;
pub mod ranges;
pub mod resuming;
pub mod sending;
pub mod versions;
