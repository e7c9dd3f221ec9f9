//! What a check leaves behind, as data: the transcript of what was said, the script of what each
//! client did, and what went wrong.

pub mod failure;
pub mod script;
pub mod spread;
pub mod text;
pub mod transcript;
