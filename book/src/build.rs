//! From chapters to pages, by mdBook.

use std::path::{Path, PathBuf};

use anyhow::Result;
use mdbook_driver::MDBook;

use crate::preprocessor::Lander;
use crate::warnings::heard;

/// A book that is built.
pub struct Built {
    /// The folder of its pages.
    pub pages: PathBuf,
    /// What mdBook warned of.
    pub warnings: Vec<String>,
}

/// The folder of book.toml: in this repository, or where `BOOK_ROOT` says, for an author who
/// tries out a copy.
pub fn root() -> PathBuf {
    let elsewhere = std::env::var_os("BOOK_ROOT");
    elsewhere.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into()).into()
}

/// Builds the book whose book.toml is in `root`, into `pages` or where book.toml says.
pub fn build(root: &Path, pages: Option<&Path>) -> Result<Built> {
    let (pages, warnings) = heard(|| -> Result<PathBuf> {
        let mut book = MDBook::load(root)?;
        if let Some(pages) = pages {
            book.config.build.build_dir = pages.to_owned();
        }
        // In place of the command of the same name in book.toml.
        book.with_preprocessor(Lander);
        book.build()?;
        Ok(book.build_dir_for("html"))
    });
    Ok(Built { pages: pages?, warnings })
}
