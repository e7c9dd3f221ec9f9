mod cache;
mod files;
mod kept;
mod keys;
mod links;
mod pastes;
mod store;

use std::io;
use std::time::Duration;

use crate::http::{Representation, Route, Target, Tidy};

use files::Files;
use kept::Kept;
use links::{LINK_LIMIT, Link};
use pastes::PASTE_LIMIT;

pub const ROOM: usize = 64 * 1024 * 1024;

pub struct Site {
    files: Files,
    links: Kept<Link>,
    pastes: Kept<Representation>,
}

impl Site {
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

    pub fn open(folder: &str) -> io::Result<Site> {
        let (links, pastes) = (Kept::at("s"), Kept::at("p"));
        Ok(Site { files: Files::open(folder)?, links, pastes })
    }
}

impl Tidy for Site {
    fn shed(&mut self) -> bool {
        self.files.shed()
    }

    fn tidy(&mut self) -> Option<Duration> {
        self.files.tidy()
    }
}
