//! What the site does.

mod files;
#[cfg(test)]
mod tests;

pub use files::Files;
