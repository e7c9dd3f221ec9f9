use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use httpdate::HttpDate;
use libc::c_int;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::cache::Cache;
use crate::http::{
    Call, Content, Representation, Response, Status, Tidy, Validators, tag_of,
};
use crate::sys;

const OPEN_TRIES: usize = 8;
const SMALL_FILE: u64 = 16 * 1024;

pub struct Files {
    folder: String,
    cache: Cache,
}

impl Files {
    pub fn open(folder: &str) -> io::Result<Files> {
        open_beneath(&File::open(folder)?, b".", sys::READ)?;
        Ok(Files { folder: folder.to_string(), cache: Cache::new() })
    }

    pub fn answer(&mut self, call: &Call) -> Response {
        if let Some(file) = self.cache.get(call.path)
            && is_current(file)
        {
            return file.answer(call.conditions);
        }
        let mut found = self.find(call.path);
        if found.as_ref().is_err_and(sys::lacks_descriptors) && self.cache.clear() {
            found = self.find(call.path);
        }
        match found {
            Ok(file) => {
                let response = file.answer(call.conditions);
                self.cache.put(call.path, file);
                response
            }
            Err(error) if error.kind() == ErrorKind::IsADirectory => {
                Response::of(Status::MovedPermanently).with("Location", with_slash(call))
            }
            Err(error) => Response::of(status_of(&error)),
        }
    }

    pub fn has(&self, path: &[u8]) -> bool {
        match self.find(path) {
            Ok(_) => true,
            Err(error) if error.kind() == ErrorKind::IsADirectory => true,
            Err(error) => status_of(&error) == Status::Forbidden,
        }
    }

    fn find(&self, path: &[u8]) -> io::Result<Representation> {
        let is_folder = path.ends_with(b"/");
        let index: &[u8] = if is_folder { b"index.html" } else { b"" };
        let path = [b".", path, index].concat();
        let folder = File::open(&self.folder)?;
        look(&folder, &path, is_folder, sys::LOOK)?;
        let (file, metadata) = look(&folder, &path, is_folder, sys::READ)?;
        let content = content(file, metadata.len())?;
        let validators =
            Validators { etag: etag(&metadata), modified: modified(&metadata) };
        Ok(Representation::new(content, &type_fields(&path), validators))
    }
}

impl Tidy for Files {
    fn shed(&mut self) -> bool {
        self.cache.clear()
    }

    fn tidy(&mut self) -> Option<Duration> {
        self.cache.tidy()
    }
}

fn is_current(file: &Representation) -> bool {
    match &file.content {
        Content::File(open, _) => {
            open.metadata().is_ok_and(|now| etag(&now) == file.validators.etag)
        }
        Content::Bytes(_) => true,
    }
}

fn content(file: File, length: u64) -> io::Result<Content> {
    if length > SMALL_FILE {
        return Ok(Content::File(Rc::new(file), length));
    }
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(length).read_to_end(&mut bytes)?;
    Ok(Content::Bytes(bytes.into()))
}

fn etag(metadata: &Metadata) -> String {
    let changed = (metadata.ctime(), metadata.ctime_nsec());
    tag_of((metadata.ino(), metadata.len(), changed))
}

fn modified(metadata: &Metadata) -> Option<HttpDate> {
    let modified = metadata.modified().ok()?.min(SystemTime::now());
    let since_epoch = modified.duration_since(UNIX_EPOCH).ok()?;
    (since_epoch.as_secs() > 1).then(|| modified.into())
}

fn look(
    folder: &File,
    path: &[u8],
    is_folder: bool,
    flags: c_int,
) -> io::Result<(File, Metadata)> {
    let file = open_beneath(folder, path, flags)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() && !is_folder {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Err(io::Error::from_raw_os_error(libc::ENOENT));
    }
    Ok((file, metadata))
}

fn open_beneath(folder: &File, path: &[u8], flags: c_int) -> io::Result<File> {
    let mut opened = sys::open_beneath(folder, path, flags);
    for _ in 1..OPEN_TRIES {
        if !opened.as_ref().is_err_and(sys::try_again) {
            break;
        }
        opened = sys::open_beneath(folder, path, flags);
    }
    opened
}

fn type_fields(path: &[u8]) -> String {
    let is_compressed = path.to_ascii_lowercase().ends_with(b".svgz");
    let coding = if is_compressed { "Content-Encoding: gzip\r\n" } else { "" };
    let guess = mime_guess::from_path(OsStr::from_bytes(path)).first_raw();
    let media_type = guess.unwrap_or("application/octet-stream");
    let charset = match media_type {
        "text/html" | "text/xml" => "",
        text if text.starts_with("text/") => "; charset=utf-8",
        _ => "",
    };
    format!("Content-Type: {media_type}{charset}\r\n{coding}")
}

fn with_slash(call: &Call) -> String {
    const ENCODED: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let name = call.path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let name = percent_encode(name, ENCODED);
    let mark = if call.query.is_empty() { "" } else { "?" };
    format!("{name}/{mark}{}", call.query)
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
