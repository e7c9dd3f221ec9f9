//! The sources of the steps: their files, and what each file is made of.

mod highlight;
mod node;
mod outline;
mod path;
mod stages;
mod step;
mod steps;

pub use highlight::{Class, classes};
pub use node::{Body, Node, Text};
pub use outline::{document, outline};
pub use path::{ItemPath, find, spoken};
pub use step::{Files, SourceFile, Step};
pub use steps::{Page, Steps, Stretch};
