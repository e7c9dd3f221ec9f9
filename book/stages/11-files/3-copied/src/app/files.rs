use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;

use libc::c_int;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::http::{Call, Response, Status};
use crate::sys;

const OPEN_TRIES: usize = 8;

pub struct Files {
    folder: String,
}

impl Files {
    pub fn open(folder: &str) -> io::Result<Files> {
        open_beneath(&File::open(folder)?, b".", sys::READ)?;
        Ok(Files { folder: folder.to_string() })
    }

    pub fn answer(&self, call: &Call) -> Response {
        match self.find(call.path) {
            Ok(response) => response,
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

    fn find(&self, path: &[u8]) -> io::Result<Response> {
        let is_folder = path.ends_with(b"/");
        let index: &[u8] = if is_folder { b"index.html" } else { b"" };
        let path = [b".", path, index].concat();
        let folder = File::open(&self.folder)?;
        look(&folder, &path, is_folder, sys::LOOK)?;
        let (mut file, metadata) = look(&folder, &path, is_folder, sys::READ)?;
        let fields = type_fields(&path);
        let mut body = Vec::new();
        file.read_to_end(&mut body)?;
        Ok(Response { status: Status::Ok, fields, body })
    }
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
