//! Figures as JSON, in files that are kept.

use std::path::Path;
use std::{fs, io};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// An error names the file.
pub fn read<T: DeserializeOwned>(file: &Path) -> io::Result<T> {
    let named = |error: io::Error| {
        io::Error::new(error.kind(), format!("{}: {error}", file.display()))
    };
    let text = fs::read_to_string(file).map_err(named)?;
    serde_json::from_str(&text).map_err(|error| named(error.into()))
}

/// Makes the folder if need be.
pub fn write(file: &Path, figures: &impl Serialize) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, serde_json::to_string_pretty(figures)? + "\n")
}
