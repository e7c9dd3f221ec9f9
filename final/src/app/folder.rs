//! What is in a folder.

use std::fs::File;
use std::io;
use std::iter;

use super::beneath::{open_beneath, status_of, tried};
use super::shown::Shown;
use crate::http::Status;
use crate::sys;

/// How many entries of a folder are looked at. While they are, everybody waits.
pub const ENTRY_LIMIT: usize = 10_000;
/// How many bytes of entries are read at once.
const BUFFER_SIZE: usize = 32 * 1024;

/// What is in a folder, as far as it is shown.
pub struct Folder {
    /// Its files and folders, in the file system's order.
    pub entries: Vec<Entry>,
    /// Whether there are more than [`ENTRY_LIMIT`], so that some weren't looked at.
    pub has_more: bool,
}

/// A file or a folder. Of a symbolic link all but the name is that of the place where it leads.
pub struct Entry {
    /// It may hold any byte but a slash and zero.
    pub name: Vec<u8>,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// How many bytes are in it.
    pub length: u64,
    /// When it was last modified, in seconds since the epoch.
    pub modified: i64,
}

impl Folder {
    /// Reads the folder at this path beneath `root`. What is hidden is left out, and so is what
    /// couldn't be served: a link that leads nowhere or out of `root`, a FIFO, a socket, a device.
    ///
    /// Fails as openat2(2), getdents64(2) and fstatat(2) do.
    pub fn read(root: &File, path: &[u8], shown: Shown) -> io::Result<Folder> {
        let folder = open_beneath(root, &[b".", path].concat(), sys::READ_FOLDER)?;
        let (mut entries, mut looks) = (Vec::new(), 0);
        let mut buffer = vec![0; BUFFER_SIZE];
        loop {
            let count = tried(|| sys::read_folder(&folder, &mut buffer))?;
            if count == 0 {
                return Ok(Folder { entries, has_more: false });
            }
            for name in names(&buffer[..count]) {
                if matches!(name, b"." | b"..") {
                    continue;
                }
                if looks == ENTRY_LIMIT {
                    return Ok(Folder { entries, has_more: true });
                }
                looks += 1;
                let path = [path, name].concat();
                if !shown.hides(&path) {
                    entries.extend(Entry::look(root, &path, &folder, name)?);
                }
            }
        }
    }
}

impl Entry {
    /// What the name in the folder stands for, which is at `path` beneath `root`.
    fn look(
        root: &File,
        path: &[u8],
        folder: &File,
        name: &[u8],
    ) -> io::Result<Option<Entry>> {
        let mut found = sys::look(folder, name);
        if found.as_ref().is_ok_and(|found| kind(found) == libc::S_IFLNK) {
            let place = open_beneath(root, &[b".", path].concat(), sys::LOOK);
            found = place.and_then(|place| sys::look(&place, b""));
        }
        match found {
            Ok(found) => Ok(Entry::of(name, &found)),
            Err(error) => match status_of(&error) {
                Status::NotFound | Status::Forbidden => Ok(None),
                _ => Err(error),
            },
        }
    }

    fn of(name: &[u8], found: &libc::stat) -> Option<Entry> {
        let kind = kind(found);
        matches!(kind, libc::S_IFREG | libc::S_IFDIR).then(|| Entry {
            name: name.to_vec(),
            is_folder: kind == libc::S_IFDIR,
            length: found.st_size as u64,
            modified: found.st_mtime,
        })
    }
}

fn kind(found: &libc::stat) -> libc::mode_t {
    found.st_mode & libc::S_IFMT
}

/// The names of what [`sys::read_folder`] gives: behind two numbers of 8 bytes there are an entry's
/// length in 2 bytes, its type in 1, and its name, which ends in a zero.
fn names(mut entries: &[u8]) -> impl Iterator<Item = &[u8]> {
    iter::from_fn(move || {
        let length = entries.get(16..18)?.try_into().ok().map(u16::from_ne_bytes)?;
        let (entry, rest) = entries.split_at_checked(length.into())?;
        entries = rest;
        entry.get(19..)?.split(|&byte| byte == 0).next()
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn so_many_entries_are_looked_at() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("sub")).unwrap();
        let make =
            |name: &str| fs::write(root.path().join("sub").join(name), "").unwrap();
        let read = || {
            let open = File::open(root.path()).unwrap();
            let folder = Folder::read(&open, b"/sub/", Shown::default()).unwrap();
            (folder.entries.len(), folder.has_more)
        };
        assert_eq!(read(), (0, false));
        make(".hidden");
        (1..ENTRY_LIMIT).for_each(|number| make(&number.to_string()));
        assert_eq!(read(), (ENTRY_LIMIT - 1, false));
        make(".one-more");
        assert_eq!((read().0 >= ENTRY_LIMIT - 2, read().1), (true, true));
    }

    #[test]
    fn what_is_no_entry_ends_the_names() {
        for bytes in [&[][..], &[0; 64], &[0xff; 64], &[0; 17]] {
            assert_eq!(names(bytes).count(), 0);
        }
    }
}
