//! A folder's files.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::http::{Call, Content, Representation, Response, Status};
use crate::sys;

/// How many files stay open at most.
const OPEN_FILES: usize = 256;
/// How long they do: the longest that a change goes unnoticed.
const OPEN_TIME: Duration = Duration::from_millis(500);
/// Up to how many bytes a file is kept in memory instead of open.
const SMALL_FILE: u64 = 16 * 1024;

/// Serves the files of one folder and nothing outside it.
///
/// A folder answers with its `index.html`, under a path that ends in a slash, so that the
/// page's relative links lead where they should.
pub struct Files {
    root: File,
    /// What was found lately, by its path in a request.
    open: HashMap<Vec<u8>, Found>,
    /// When the first of them was.
    since: Instant,
}

enum Found {
    File(Representation),
    /// A folder asked for without the slash at its end.
    Folder,
}

impl Files {
    /// Opens the folder.
    ///
    /// Fails if there is no such folder, or if the kernel can't keep requests inside it
    /// (openat2(2), since Linux 5.6).
    pub fn open(folder: &Path) -> io::Result<Files> {
        let root = File::open(folder)?;
        sys::open_beneath(&root, b".")?;
        Ok(Files { root, open: HashMap::new(), since: Instant::now() })
    }

    /// The response to a call, whatever its route: its path leads to the file.
    pub fn answer(&mut self, call: Call) -> Response<'_> {
        match self.get(&call.path) {
            Ok(Found::File(file)) => file.answer(&call.conditions),
            Ok(Found::Folder) => {
                let location = Some(with_slash(&call).into());
                Response { location, ..Response::of(Status::MovedPermanently) }
            }
            Err(error) => Response::of(status_of(&error)),
        }
    }

    /// All that is kept is let go at once, in time or when it is too much.
    fn get(&mut self, path: &[u8]) -> io::Result<&Found> {
        if self.since.elapsed() > OPEN_TIME || self.open.len() == OPEN_FILES {
            self.open.clear();
            self.since = Instant::now();
        }
        if !self.open.get(path).is_some_and(Found::is_current) {
            let found = self.find(path)?;
            self.open.insert(path.to_vec(), found);
        }
        Ok(&self.open[path])
    }

    fn find(&self, path: &[u8]) -> io::Result<Found> {
        let is_folder = path.ends_with(b"/");
        let index: &[u8] = if is_folder { b"index.html" } else { b"" };
        let path = [b".", path, index].concat();
        let file = sys::open_beneath(&self.root, &path)?;
        let facts = file.metadata()?;
        if facts.is_dir() && !is_folder {
            return Ok(Found::Folder);
        }
        if !facts.is_file() {
            return Err(ErrorKind::NotFound.into());
        }
        let content = content(file, facts.len())?;
        let modified = facts.modified()?.clamp(UNIX_EPOCH, SystemTime::now());
        let (content_type, etag) = (content_type(&path), etag(&facts));
        let file = Representation::new(content, content_type, etag, modified.into());
        Ok(Found::File(file))
    }
}

impl Found {
    /// Whether a file that is open is what it was. One in memory is, until it is let go: bytes
    /// and ETag belong together.
    fn is_current(&self) -> bool {
        match self {
            Found::File(Representation {
                content: Content::File(file, _),
                etag: own,
                ..
            }) => file.metadata().is_ok_and(|facts| etag(&facts) == *own),
            _ => true,
        }
    }
}

/// A small file's bytes may be newer than what its facts say, never older: they may come under
/// an ETag that is outdated, but never will under one that stays.
fn content(file: File, length: u64) -> io::Result<Content> {
    if length > SMALL_FILE {
        return Ok(Content::File(Rc::new(file), length));
    }
    let mut bytes = vec![0; length as usize];
    let count = file.read_at(&mut bytes, 0)?;
    bytes.truncate(count);
    Ok(Content::Bytes(bytes))
}

/// A strong ETag. No change of content leaves the time of the last change of status as it was,
/// and nobody can set that, unlike the time of modification: inode(7). Hashed, as nobody need
/// know these numbers.
fn etag(facts: &Metadata) -> String {
    let (seconds, nanoseconds) = (facts.ctime(), facts.ctime_nsec());
    let mut hasher = DefaultHasher::new();
    (facts.ino(), facts.len(), seconds, nanoseconds).hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

/// The media type that the name at the end of `path` stands for.
fn content_type(path: &[u8]) -> String {
    let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let dot = name.iter().rposition(|&byte| byte == b'.');
    let extension = String::from_utf8_lossy(dot.map_or(&[], |dot| &name[dot + 1..]));
    match mime_guess::from_ext(&extension).first_raw() {
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

/// The status for an error of openat2(2), statx(2) or pread(2).
fn status_of(error: &io::Error) -> Status {
    match error.raw_os_error() {
        Some(libc::EACCES) => Status::Forbidden,
        Some(libc::EMFILE | libc::ENFILE | libc::ENOMEM | libc::EAGAIN) => {
            Status::ServiceUnavailable
        }
        Some(libc::EIO) => Status::InternalServerError,
        _ => Status::NotFound,
    }
}
