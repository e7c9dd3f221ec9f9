//! The book: chapters whose listings, tables and pictures are filled in from the repository.

pub mod answers;
pub mod build;
pub mod directive;
mod framing;
pub mod listing;
mod matrix;
mod measured;
mod picture;
pub mod preprocessor;
mod publish;
pub mod record;
pub mod replay;
pub mod serve;
pub mod source;
mod sources;
pub mod verify;
mod warnings;
mod writer;
