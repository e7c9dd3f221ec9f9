//! From chapters to pages, by mdBook.

use std::path::{Path, PathBuf};

use anyhow::Result;
use mdbook_driver::MDBook;

use crate::preprocessor::Lander;

/// The folder of book.toml in this repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Builds the book whose book.toml is in `root`, and gives the folder of its pages.
///
/// `into` replaces the folder that book.toml names.
pub fn build(root: &Path, into: Option<&Path>) -> Result<PathBuf> {
    let mut book = MDBook::load(root)?;
    if let Some(into) = into {
        book.config.build.build_dir = into.to_owned();
    }
    // In place of the command of the same name in book.toml.
    book.with_preprocessor(Lander);
    book.build()?;
    Ok(book.build_dir_for("html"))
}
