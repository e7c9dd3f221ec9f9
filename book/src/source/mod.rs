//! The sources of the steps: their files, and what each file is made of.

mod highlight;
mod node;
mod outline;
mod path;
mod steps;

pub use highlight::{Class, classes};
pub use node::{Body, Node, Text};
pub use outline::{document, outline};
pub use path::{ItemPath, find, spoken};
pub use steps::{Files, SourceFile, Step, Steps};
