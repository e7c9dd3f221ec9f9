use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::http::{Call, Content, Representation, Response, Status};
use crate::sys;

const OPEN_FILES: usize = 256;
const OPEN_TIME: Duration = Duration::from_millis(500);
const SMALL_FILE: u64 = 16 * 1024;

pub struct Files {
    root: File,
    open: HashMap<Vec<u8>, Found>,
    since: Instant,
}

enum Found {
    File(Representation),
    Folder,
}

impl Files {
    pub fn open(folder: &str) -> io::Result<Files> {
        let root = File::open(folder)?;
        sys::open_beneath(&root, b".")?;
        Ok(Files { root, open: HashMap::new(), since: Instant::now() })
    }

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

fn content(file: File, length: u64) -> io::Result<Content> {
    if length > SMALL_FILE {
        return Ok(Content::File(Rc::new(file), length));
    }
    let mut bytes = vec![0; length as usize];
    let count = file.read_at(&mut bytes, 0)?;
    bytes.truncate(count);
    Ok(Content::Bytes(bytes))
}

fn etag(facts: &Metadata) -> String {
    let (seconds, nanoseconds) = (facts.ctime(), facts.ctime_nsec());
    let mut hasher = DefaultHasher::new();
    (facts.ino(), facts.len(), seconds, nanoseconds).hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

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
