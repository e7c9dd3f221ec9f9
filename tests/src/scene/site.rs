//! The folder that a server under test serves, for checks that put files there.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempDir;

use crate::evidence::failure::{Attempt, Failure};

/// A folder of a check's own in the folder that is served. It goes away with the check.
pub struct Site {
    folder: TempDir,
    /// Its path in a target, without a slash at the end: `/check-1`.
    pub path: String,
    /// A folder that was made for it, and goes when nobody has anything in it.
    _outer: Option<Outer>,
}

struct Outer(PathBuf);

impl Drop for Outer {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

/// The first of `check-1`, `check-2`, … that isn't there: checks that run one after another
/// all have the same, and so say the same of it.
pub(crate) fn numbered_folder(served: &Path) -> io::Result<TempDir> {
    let mut number = 0;
    loop {
        number += 1;
        let name = format!("check-{number}");
        let made =
            tempfile::Builder::new().prefix(&name).rand_bytes(0).tempdir_in(served);
        match made {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => return made,
        }
    }
}

impl Site {
    pub(super) fn within(served: &Path) -> Attempt<Site> {
        let folder = numbered_folder(served).map_err(|error| {
            Failure::own("make a folder in the one that is served", error)
        })?;
        let name = folder.path().file_name().unwrap_or_default().to_string_lossy();
        Ok(Site { path: format!("/{name}"), folder, _outer: None })
    }

    /// The same in a folder with this name in the one that is served.
    pub(super) fn below(served: &Path, name: &str) -> Attempt<Site> {
        let outer = served.join(name);
        fs::create_dir_all(&outer).map_err(|error| {
            Failure::own("make a folder in the one that is served", error)
        })?;
        let site = Site::within(&outer)?;
        let path = format!("/{name}{}", site.path);
        Ok(Site { path, _outer: Some(Outer(outer)), ..site })
    }

    /// Where a name is in the file system.
    pub fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The target of a name that needs no escapes.
    pub fn target(&self, name: &str) -> String {
        format!("{}/{name}", self.path)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Attempt {
        self.done(fs::write(self.place(name), content))
    }

    /// A file of so many bytes of [`noise`]; its name, which is no other length's: a server may
    /// keep a file open for a second.
    pub fn write_noise(&self, length: usize) -> Attempt<String> {
        let name = format!("{length}.bin");
        self.write(&name, noise(length))?;
        Ok(name)
    }

    /// A file of so many zero bytes, which takes no room.
    pub fn sparse(&self, name: &str, length: u64) -> Attempt {
        self.done(File::create(self.place(name)).and_then(|file| file.set_len(length)))
    }

    /// The same with some bytes behind them.
    pub fn sparse_with_end(&self, name: &str, length: u64, end: &[u8]) -> Attempt {
        self.sparse(name, length)?;
        let file = self.done(File::options().append(true).open(self.place(name)));
        let written = file?.write_all(end);
        self.done(written)
    }

    /// Says that a file was last modified then.
    pub fn date(&self, name: &str, modified: SystemTime) -> Attempt {
        let file = self.done(File::options().write(true).open(self.place(name)))?;
        self.done(file.set_modified(modified))
    }

    pub fn folder(&self, name: &str) -> Attempt {
        self.done(fs::create_dir_all(self.place(name)))
    }

    /// What a check does in the file system can't fail but for reasons of its own.
    pub fn done<T>(&self, result: std::io::Result<T>) -> Attempt<T> {
        result.map_err(|error| {
            Failure::own("write files into the folder that is served", error)
        })
    }
}

/// Bytes without a pattern, the same in every run.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let bytes = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    });
    bytes.take(length).collect()
}
