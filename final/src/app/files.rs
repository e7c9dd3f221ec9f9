//! A folder's files.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use httpdate::HttpDate;
use libc::c_int;
use percent_encoding::percent_encode;

use super::beneath::{open_beneath, status_of};
use super::cache::Cache;
use super::folder::Folder;
use super::listing::{self, ENCODED};
use super::pages::Pages;
use super::shown::Shown;
use crate::http::{
    Call, Content, Representation, Response, Status, Tidy, Validators, tag_of,
};
use crate::sys;

/// Up to how many bytes a file is kept in memory instead of open.
const SMALL_FILE: u64 = 16 * 1024;

/// Serves the files of one folder and nothing outside it.
///
/// A folder answers with its `index.html`, under a path that ends in a slash, so that the
/// page's relative links lead where they should. A folder without one is listed, if that is `Shown`.
pub struct Files {
    /// Opened anew for each file that is looked for, as another may have taken its name.
    folder: PathBuf,
    cache: Cache,
    shown: Shown,
    pages: Pages,
}

impl Files {
    /// Tries the folder, to show this of it.
    ///
    /// Fails if there is no such folder, or if the kernel can't keep requests inside it
    /// (openat2(2), since Linux 5.6).
    pub fn open(folder: &Path, shown: Shown) -> io::Result<Files> {
        open_beneath(&File::open(folder)?, b".", sys::READ)?;
        let (cache, pages) = (Cache::part_of(1), Pages::part_of(1));
        Ok(Files { folder: folder.to_path_buf(), cache, shown, pages })
    }

    /// The same folder for one of so many workers. Each has its part of the room for open files and for
    /// long pages.
    pub fn part_of(&self, workers: usize) -> Files {
        let (cache, pages) = (Cache::part_of(workers), Pages::part_of(workers));
        Files { folder: self.folder.clone(), cache, shown: self.shown, pages }
    }

    /// The response to a call, whatever its route: its path leads to the file.
    pub fn answer(&mut self, call: &Call) -> Response {
        if let Some(file) = self.cache.get(call.path)
            && is_current(file)
        {
            return file.answer(call.conditions);
        }
        let mut found = self.find_or_list(call.path);
        if found.as_ref().is_err_and(lacks_room) && self.cache.clear() {
            found = self.find_or_list(call.path);
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

    /// What is hidden isn't there, and a folder without an index page is its listing.
    fn find_or_list(&mut self, path: &[u8]) -> io::Result<Representation> {
        if self.shown.hides(path) {
            return Err(io::Error::from_raw_os_error(libc::ENOENT));
        }
        match self.find(path) {
            Err(error)
                if self.shown.listings
                    && path.ends_with(b"/")
                    && status_of(&error) == Status::NotFound =>
            {
                self.list(path)
            }
            found => found,
        }
    }

    /// The listing of a folder, or why there is none.
    fn list(&mut self, path: &[u8]) -> io::Result<Representation> {
        let folder = Folder::read(&File::open(&self.folder)?, path, self.shown)?;
        let page = self.pages.share(listing::page(path, folder).into())?;
        let validators = Validators { etag: tag_of(&page), modified: None };
        let page = Representation::new(Content::Bytes(page), listing::TYPE, validators);
        Ok(page.no_cache())
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
        return Ok(Content::File(Arc::new(file), length));
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

/// Whether there may be room once cached files are let go.
fn lacks_room(error: &io::Error) -> bool {
    sys::lacks_descriptors(error) || error.raw_os_error() == Some(libc::ENOMEM)
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
    let name = call.path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let name = percent_encode(name, ENCODED);
    let mark = if call.query.is_empty() { "" } else { "?" };
    format!("{name}/{mark}{}", call.query)
}

#[cfg(test)]
mod tests {
    use super::*;

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
