//! A folder's files.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
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

/// How often it is tried to open a file, if the kernel asks for another try.
const OPEN_TRIES: usize = 8;
/// Up to how many bytes a file is kept in memory instead of open.
const SMALL_FILE: u64 = 16 * 1024;

/// Serves the files of one folder and nothing outside it.
///
/// A folder answers with its `index.html`, under a path that ends in a slash, so that the
/// page's relative links lead where they should.
pub struct Files {
    /// Opened anew for each file that is looked for, as another may have taken its name.
    folder: PathBuf,
    cache: Cache,
}

impl Files {
    /// Tries the folder.
    ///
    /// Fails if there is no such folder, or if the kernel can't keep requests inside it
    /// (openat2(2), since Linux 5.6).
    pub fn open(folder: &Path) -> io::Result<Files> {
        open_beneath(&File::open(folder)?, b".", sys::READ)?;
        Ok(Files { folder: folder.to_path_buf(), cache: Cache::new() })
    }

    /// The response to a call, whatever its route: its path leads to the file.
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

    /// Whether there is something at this path, though it can't be read perhaps. If the look-up
    /// itself fails, nothing stands in anybody's way.
    pub fn has(&self, path: &[u8]) -> bool {
        match self.find(path) {
            Ok(_) => true,
            Err(error) if error.kind() == ErrorKind::IsADirectory => true,
            Err(error) => status_of(&error) == Status::Forbidden,
        }
    }

    /// A folder without the slash at its end is `IsADirectory`.
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

/// Whether a file that is open is what it was. One in memory is, until it is let go: bytes and
/// ETag belong together.
fn is_current(file: &Representation) -> bool {
    match &file.content {
        Content::File(open, _) => {
            open.metadata().is_ok_and(|now| etag(&now) == file.validators.etag)
        }
        Content::Bytes(_) => true,
    }
}

/// The first `length` bytes of a file, if they are few; a shorter file is all there is of it.
///
/// A long file is sent from where it is, so that a change while it is sent shows in what is
/// sent. The length is then as promised, or the connection ends.
fn content(file: File, length: u64) -> io::Result<Content> {
    if length > SMALL_FILE {
        return Ok(Content::File(Rc::new(file), length));
    }
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(length).read_to_end(&mut bytes)?;
    Ok(Content::Bytes(bytes.into()))
}

/// Another for each change of the file or of its place: what ctime(2) notices.
fn etag(metadata: &Metadata) -> String {
    let changed = (metadata.ctime(), metadata.ctime_nsec());
    tag_of((metadata.ino(), metadata.len(), changed))
}

/// None in the future (RFC 9110, section 8.8.2.1), and none for the times that say that nobody
/// knows: 0 and 1 second after the epoch, which reproducible builds set.
fn modified(metadata: &Metadata) -> Option<HttpDate> {
    let modified = metadata.modified().ok()?.min(SystemTime::now());
    let since_epoch = modified.duration_since(UNIX_EPOCH).ok()?;
    (since_epoch.as_secs() > 1).then(|| modified.into())
}

/// What is there, if it is a file. Whoever waits for a reader of a FIFO isn't to be disturbed, so the
/// first look opens nothing, and only the second reads.
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

/// Opens a file beneath the folder. The kernel says `EAGAIN` when somebody renames a file
/// elsewhere meanwhile, and `EINTR` when a signal comes: openat2(2).
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

/// By the name. HTML and XML say themselves in which encoding they are (RFC 7303, section 3); of
/// other text it is said that it is UTF-8. An SVGZ is an SVG that has been compressed.
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

/// Where the folder is, from the place that was asked for: its own name with a slash.
fn with_slash(call: &Call) -> String {
    const ENCODED: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let name = call.path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let name = percent_encode(name, ENCODED);
    let mark = if call.query.is_empty() { "" } else { "?" };
    format!("{name}/{mark}{}", call.query)
}

/// What can't be there is 404, and whatever isn't listed is 500.
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
