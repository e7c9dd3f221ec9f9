//! Which version of a file or paste a client has already, and parts of one.

pub mod calls;
pub mod conditions;
pub mod multipart;
pub mod parts;
pub mod pastes;
pub mod ranges;
pub mod resuming;
pub mod validators;
