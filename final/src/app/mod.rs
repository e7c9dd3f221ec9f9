//! What the site does: a folder's files, short links and pastes.
//!
//! The routes of links and pastes come first, files last: a file under `/s/` or `/p/` is there
//! as long as no key has its name.

mod files;
mod links;
mod pastes;
mod store;
#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;

use crate::http::{Body, Response, Route, Status, Target};

pub use files::Files;

use links::LINK_LIMIT;
use pastes::PASTE_LIMIT;
use store::Store;

/// A folder's files, and short links and pastes, which are gone when the server ends.
pub struct Site {
    files: Files,
    /// What a response borrows while it is written.
    text: String,
    links: Store<String>,
    pastes: Store<Box<[u8]>>,
}

impl Site {
    /// What leads where.
    pub const ROUTES: &[Route<Site>] = &[
        Route::post("/s", LINK_LIMIT, Site::add_link),
        Route::get("/s/*", Site::follow_link),
        Route::delete("/s/*", Site::delete_link),
        Route::post("/p", PASTE_LIMIT, Site::add_paste),
        Route::get("/p/*", Site::show_paste),
        Route::delete("/p/*", Site::delete_paste),
        Route::get(Target::ANY, |site, call| site.files.answer(call)),
    ];

    /// Opens the folder; the errors are those of [`Files::open`].
    pub fn open(folder: &Path) -> io::Result<Site> {
        Ok(Site {
            files: Files::open(folder)?,
            text: String::new(),
            links: Store::new(links::ROOM),
            pastes: Store::new(pastes::ROOM),
        })
    }

    fn added(&mut self, place: &str, key: Result<String, Status>) -> Response<'_> {
        match key {
            Ok(key) => self.text = format!("{place}{key}\n"),
            Err(status) => return Response::of(status),
        }
        Response {
            location: Some(self.text.trim_end().into()),
            body: Body::Bytes(self.text.as_bytes()),
            ..Response::of(Status::Created)
        }
    }
}
