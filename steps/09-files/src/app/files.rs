use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::http::{Call, Content, Representation, Response, Status};
use crate::sys;

const OPEN_FILES: usize = 256;
const OPEN_TRIES: usize = 8;
const OPEN_TIME: Duration = Duration::from_millis(500);
const SMALL_FILE: u64 = 16 * 1024;

pub struct Files {
    folder: String,
    open: HashMap<Vec<u8>, Representation>,
    since: Instant,
}

impl Files {
    pub fn open(folder: &str) -> io::Result<Files> {
        sys::open_beneath(&File::open(folder)?, b".")?;
        let folder = folder.to_string();
        Ok(Files { folder, open: HashMap::new(), since: Instant::now() })
    }

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

fn is_current(found: &Representation) -> bool {
    match &found.content {
        Content::File(file, _) => file.metadata().is_ok_and(|it| etag(&it) == found.etag),
        Content::Bytes(_) => true,
    }
}

fn content(file: File, length: u64) -> io::Result<Content> {
    if length > SMALL_FILE {
        return Ok(Content::File(Rc::new(file), length));
    }
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(length).read_to_end(&mut bytes)?;
    Ok(Content::Bytes(bytes))
}

fn etag(facts: &Metadata) -> String {
    let (seconds, nanoseconds) = (facts.ctime(), facts.ctime_nsec());
    let mut hasher = DefaultHasher::new();
    (facts.ino(), facts.len(), seconds, nanoseconds).hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

fn content_type(path: &[u8]) -> String {
    match mime_guess::from_path(OsStr::from_bytes(path)).first_raw() {
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
        Some(libc::ENOENT | libc::ENOTDIR | libc::ENAMETOOLONG) => Status::NotFound,
        Some(libc::ELOOP | libc::EXDEV | libc::ENXIO) => Status::NotFound,
        Some(libc::EACCES) => Status::Forbidden,
        Some(libc::EMFILE | libc::ENFILE | libc::ENOMEM | libc::EAGAIN) => {
            Status::ServiceUnavailable
        }
        _ => Status::InternalServerError,
    }
}
