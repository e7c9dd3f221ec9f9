//! What the site does: a folder's files, short links and pastes. And the log of it.
//!
//! A folder's files come first: no key hides a file, and none is given whose place is a file's.

mod beneath;
mod cache;
mod files;
mod folder;
mod kept;
mod keys;
mod links;
mod listing;
mod log;
mod pages;
mod pastes;
mod shown;
mod store;
#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;
use std::time::Duration;

use crate::http::{Representation, Route, Target, Tidy};

pub use files::Files;
use kept::Kept;
use links::{LINK_LIMIT, Link};
pub use log::{AccessLog, Sink, Writer};
use pastes::PASTE_LIMIT;
pub use shown::Shown;

/// How many bytes all links and pastes may take, and all that are being sent to us.
pub const ROOM: usize = 64 * 1024 * 1024;

/// A folder's files, and short links and pastes, which are gone when the server ends.
pub struct Site {
    files: Files,
    links: Kept<Link>,
    pastes: Kept<Representation>,
}

impl Site {
    /// What leads where.
    pub const ROUTES: &[Route<Site>] = &[
        Route::post(
            "/s",
            LINK_LIMIT,
            |site, call| site.links.admit(call, &site.files),
            Site::add_link,
        ),
        Route::get("/s/*", Site::follow_link).no_store(),
        Route::delete("/s/*", |site, call| {
            site.links.delete(call, |link| &link.validators)
        }),
        Route::post(
            "/p",
            PASTE_LIMIT,
            |site, call| site.pastes.admit(call, &site.files),
            Site::add_paste,
        ),
        Route::get("/p/*", Site::show_paste).no_store(),
        Route::delete("/p/*", |site, call| {
            site.pastes.delete(call, |paste| &paste.validators)
        }),
        Route::get(Target::ANY, |site, call| site.files.answer(call)),
    ];

    /// Opens the folder, to show this of it; the errors are those of [`Files::open`].
    pub fn open(folder: &Path, shown: Shown) -> io::Result<Site> {
        let links = Kept::at("s", |_| false);
        let pastes = Kept::at("p", Representation::is_shared);
        Ok(Site { files: Files::open(folder, shown)?, links, pastes })
    }

    /// The same site for one of so many workers: with the same links and pastes, and with its part of
    /// what there may be of files that are kept for the next request.
    pub fn part_of(&self, workers: usize) -> Site {
        let (links, pastes) = (self.links.clone(), self.pastes.clone());
        Site { files: self.files.part_of(workers), links, pastes }
    }
}

impl Tidy for Site {
    fn shed(&mut self) -> bool {
        self.files.shed()
    }

    fn tidy(&mut self) -> Option<Duration> {
        self.pastes.tidy();
        self.files.tidy()
    }
}
