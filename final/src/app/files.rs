//! A folder's files.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::http::{Call, Content, Representation, Response, Status};
use crate::sys;

/// How many files stay open at most.
const OPEN_FILES: usize = 256;
/// How often it is tried to open a file, if the kernel asks for another try.
const OPEN_TRIES: usize = 8;
/// How long a file is believed to be what it was: the longest that a change goes unnoticed.
const OPEN_TIME: Duration = Duration::from_millis(500);
/// Up to how many bytes a file is kept in memory instead of open.
const SMALL_FILE: u64 = 16 * 1024;

/// Serves the files of one folder and nothing outside it.
///
/// A folder answers with its `index.html`, under a path that ends in a slash, so that the
/// page's relative links lead where they should.
pub struct Files {
    /// Opened anew for each file that is looked for, as another may have taken its name.
    folder: PathBuf,
    /// What was found lately, by its path in a request.
    open: HashMap<Vec<u8>, Representation>,
    /// When the first of them was.
    since: Instant,
}

impl Files {
    /// Tries the folder.
    ///
    /// Fails if there is no such folder, or if the kernel can't keep requests inside it
    /// (openat2(2), since Linux 5.6).
    pub fn open(folder: &Path) -> io::Result<Files> {
        sys::open_beneath(&File::open(folder)?, b".")?;
        let folder = folder.to_path_buf();
        Ok(Files { folder, open: HashMap::new(), since: Instant::now() })
    }

    /// The response to a call, whatever its route: its path leads to the file.
    pub fn answer(&mut self, call: Call) -> Response<'_> {
        match self.get(&call.path) {
            Ok(file) => file.answer(&call.conditions),
            Err(error) if error.kind() == ErrorKind::IsADirectory => {
                let location = Some(with_slash(&call).into());
                Response { location, ..Response::of(Status::MovedPermanently) }
            }
            Err(error) => Response::of(status_of(&error)),
        }
    }

    /// All that is kept is let go at once, in time or when it is too much.
    fn get(&mut self, path: &[u8]) -> io::Result<&Representation> {
        let is_old = self.since.elapsed() > OPEN_TIME;
        if is_old || !self.open.get(path).is_some_and(is_current) {
            if is_old || self.open.len() == OPEN_FILES {
                self.open.clear();
                self.since = Instant::now();
            }
            let found = self.find(path)?;
            self.open.insert(path.to_vec(), found);
        }
        Ok(&self.open[path])
    }

    /// A folder without the slash at its end is `IsADirectory`.
    fn find(&self, path: &[u8]) -> io::Result<Representation> {
        let is_folder = path.ends_with(b"/");
        let index: &[u8] = if is_folder { b"index.html" } else { b"" };
        let path = [b".", path, index].concat();
        let file = open(&File::open(&self.folder)?, &path)?;
        let facts = file.metadata()?;
        if facts.is_dir() && !is_folder {
            return Err(ErrorKind::IsADirectory.into());
        }
        if !facts.is_file() {
            return Err(io::Error::from_raw_os_error(libc::ENOENT));
        }
        let content = content(file, facts.len())?;
        let modified = facts.modified()?.clamp(UNIX_EPOCH, SystemTime::now());
        let (content_type, etag) = (content_type(&path), etag(&facts));
        Ok(Representation::new(content, content_type, etag, modified.into()))
    }
}

/// Opens a file beneath the folder. The kernel says `EAGAIN` when somebody renames a file
/// elsewhere meanwhile, and `EINTR` when a signal comes: openat2(2).
fn open(folder: &File, path: &[u8]) -> io::Result<File> {
    let mut opened = sys::open_beneath(folder, path);
    for _ in 1..OPEN_TRIES {
        if !opened.as_ref().is_err_and(sys::try_again) {
            break;
        }
        opened = sys::open_beneath(folder, path);
    }
    opened
}

/// Whether a file that is open is what it was. One in memory is, until it is let go: bytes and
/// ETag belong together.
fn is_current(found: &Representation) -> bool {
    match &found.content {
        Content::File(file, _) => file.metadata().is_ok_and(|it| etag(&it) == found.etag),
        Content::Bytes(_) => true,
    }
}

/// A small file's bytes may be newer than what its facts say: they come under an ETag that is
/// outdated then, until they are let go.
fn content(file: File, length: u64) -> io::Result<Content> {
    if length > SMALL_FILE {
        return Ok(Content::File(Rc::new(file), length));
    }
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(length).read_to_end(&mut bytes)?;
    Ok(Content::Bytes(bytes))
}

/// A strong ETag for files that are replaced whole, by rename(2). Nobody can set the time of the
/// last change of status, unlike that of modification: inode(7). Hashed, as nobody need know
/// these numbers.
///
/// Of a file that is written in place, two versions may have one: the time has ticks, and is
/// that of a write(2)'s beginning, while readers see its bytes one by one.
fn etag(facts: &Metadata) -> String {
    let (seconds, nanoseconds) = (facts.ctime(), facts.ctime_nsec());
    let mut hasher = DefaultHasher::new();
    (facts.ino(), facts.len(), seconds, nanoseconds).hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

/// The media type that the name at the end of `path` stands for.
fn content_type(path: &[u8]) -> String {
    match mime_guess::from_path(OsStr::from_bytes(path)).first_raw() {
        Some(text) if text.starts_with("text/") => format!("{text}; charset=utf-8"),
        Some(other) => other.into(),
        None => "application/octet-stream".into(),
    }
}

/// Where a folder is: encoded, with the slash at its end, and the same query.
fn with_slash(call: &Call) -> String {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    let path = percent_encode(&call.path, ENCODED);
    let mark = if call.query.is_empty() { "" } else { "?" };
    format!("{path}/{mark}{}", call.query)
}

/// The status for an error of openat2(2), statx(2) or read(2). What isn't listed is our fault: a
/// file must not seem to be gone because the disk failed.
fn status_of(error: &io::Error) -> Status {
    match error.raw_os_error() {
        Some(libc::ENOENT | libc::ENOTDIR | libc::ENAMETOOLONG) => Status::NotFound,
        Some(libc::ELOOP | libc::EXDEV | libc::ENXIO) => Status::NotFound,
        Some(libc::EACCES) => Status::Forbidden,
        Some(libc::EMFILE | libc::ENFILE | libc::ENOMEM | libc::EAGAIN) => {
            Status::ServiceUnavailable
        }
        _ => Status::InternalServerError,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_its_status() {
        for (errno, status) in [
            (libc::ENOENT, Status::NotFound),
            (libc::ENOTDIR, Status::NotFound),
            (libc::ENAMETOOLONG, Status::NotFound),
            (libc::ELOOP, Status::NotFound),
            (libc::EXDEV, Status::NotFound),
            (libc::ENXIO, Status::NotFound),
            (libc::EACCES, Status::Forbidden),
            (libc::EMFILE, Status::ServiceUnavailable),
            (libc::ENFILE, Status::ServiceUnavailable),
            (libc::ENOMEM, Status::ServiceUnavailable),
            (libc::EAGAIN, Status::ServiceUnavailable),
            (libc::EIO, Status::InternalServerError),
            (libc::ESTALE, Status::InternalServerError),
            (libc::ETIMEDOUT, Status::InternalServerError),
            (libc::EPERM, Status::InternalServerError),
        ] {
            let error = io::Error::from_raw_os_error(errno);
            assert_eq!(status_of(&error), status, "{error}");
        }
        let other = ErrorKind::UnexpectedEof.into();
        assert_eq!(status_of(&other), Status::InternalServerError);
    }

    #[test]
    fn small_files_are_kept_in_memory() {
        let in_memory = |length| {
            let file = tempfile::tempfile().unwrap();
            file.set_len(length).unwrap();
            matches!(content(file, length).unwrap(), Content::Bytes(_))
        };
        assert!(in_memory(0) && in_memory(16 * 1024));
        assert!(!in_memory(16 * 1024 + 1));
    }
}
