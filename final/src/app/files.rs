//! A folder's files.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use crate::http::{Application, Body, Method, Request, Response, Status, Target};
use crate::sys::{self, Kind};

/// Serves the files of one folder and nothing outside it.
///
/// A folder answers with its `index.html`, under a path that ends in a slash, so that the
/// page's relative links lead where they should.
pub struct Files {
    root: OwnedFd,
    path: Vec<u8>,
    location: String,
}

impl Files {
    /// Opens the folder `root`.
    ///
    /// Fails if there is no such folder, or if the kernel can't keep requests inside it
    /// (openat2(2), since Linux 5.6).
    pub fn open(root: &Path) -> io::Result<Files> {
        let root = sys::open_folder(root)?;
        sys::open_beneath(&root, b".")?;
        Ok(Files { root, path: Vec::new(), location: String::new() })
    }

    fn find(&mut self, target: &Target) -> Result<Found, Status> {
        self.path.clear();
        self.path.push(b'.');
        for segment in target.segments() {
            self.path.push(b'/');
            self.path.extend_from_slice(segment);
        }
        let file = self.open_path()?;
        match (sys::kind(&file).map_err(status_of)?, target.is_folder()) {
            (Kind::File { length }, false) => Ok(Found::File(file, length)),
            (Kind::Folder, false) => Ok(Found::Folder),
            (Kind::Folder, true) => {
                self.path.extend_from_slice(b"/index.html");
                let file = self.open_path()?;
                match sys::kind(&file).map_err(status_of)? {
                    Kind::File { length } => Ok(Found::File(file, length)),
                    _ => Err(Status::NotFound),
                }
            }
            _ => Err(Status::NotFound),
        }
    }

    pub(super) fn answer(&mut self, target: &str) -> Result<Answer, Status> {
        let target = Target::parse(target)?;
        Ok(match self.find(&target)? {
            Found::File(file, length) => Answer::File(file, length, self.content_type()),
            Found::Folder => Answer::Elsewhere(target.with_slash()),
        })
    }

    fn open_path(&self) -> Result<OwnedFd, Status> {
        sys::open_beneath(&self.root, &self.path).map_err(status_of)
    }

    /// The media type that the name at the end of `path` stands for.
    fn content_type(&self) -> &'static str {
        let name = self.path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        let extension = match name.iter().rposition(|&byte| byte == b'.') {
            Some(dot) => String::from_utf8_lossy(&name[dot + 1..]),
            None => return "application/octet-stream",
        };
        mime_guess::from_ext(&extension).first_raw().unwrap_or("application/octet-stream")
    }
}

enum Found {
    File(OwnedFd, u64),
    /// A folder asked for without the slash at its end.
    Folder,
}

/// What a request will be answered with.
pub enum Answer {
    /// So many bytes of a file of this type.
    File(OwnedFd, u64, &'static str),
    /// Another place to look.
    Elsewhere(String),
    /// No more than the status.
    Status(Status),
}

impl Application for Files {
    type Context = Answer;

    fn open(&mut self, request: &Request) -> (Answer, Option<u64>) {
        let answer = match request.method {
            Method::Get | Method::Head => self.answer(request.target),
            Method::Post => Err(Status::MethodNotAllowed),
        };
        (answer.unwrap_or_else(Answer::Status), None)
    }

    fn data(&mut self, _: &mut Answer, _: &[u8]) {}

    fn respond(&mut self, answer: Answer) -> Response<'_> {
        match answer {
            Answer::File(file, length, content_type) => Response {
                content_type,
                body: Body::File(file, length),
                ..Response::of(Status::Ok)
            },
            Answer::Elsewhere(location) => {
                self.location = location;
                Response::redirect(Status::MovedPermanently, &self.location)
            }
            Answer::Status(status) => Response {
                allow: (status == Status::MethodNotAllowed).then_some("GET, HEAD"),
                ..Response::of(status)
            },
        }
    }
}

/// The status for an error of openat2(2) or fstat(2).
fn status_of(error: io::Error) -> Status {
    match error.raw_os_error() {
        Some(libc::EACCES) => Status::Forbidden,
        Some(libc::EMFILE | libc::ENFILE | libc::ENOMEM | libc::EAGAIN) => {
            Status::ServiceUnavailable
        }
        Some(libc::EIO) => Status::InternalServerError,
        _ => Status::NotFound,
    }
}
