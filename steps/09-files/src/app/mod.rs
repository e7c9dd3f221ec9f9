mod files;
mod links;
mod pastes;
mod store;

use std::io;

use crate::http::{Body, Response, Route, Status, Target};

use files::Files;
use links::LINK_LIMIT;
use pastes::PASTE_LIMIT;
use store::Store;

pub struct Site {
    files: Files,
    text: String,
    links: Store<String>,
    pastes: Store<Box<[u8]>>,
}

impl Site {
    pub const ROUTES: &[Route<Site>] = &[
        Route::post("/s", LINK_LIMIT, Site::add_link),
        Route::get("/s/*", Site::follow_link),
        Route::delete("/s/*", Site::delete_link),
        Route::post("/p", PASTE_LIMIT, Site::add_paste),
        Route::get("/p/*", Site::show_paste),
        Route::delete("/p/*", Site::delete_paste),
        Route::get(Target::ANY, |site, call| site.files.answer(call)),
    ];

    pub fn open(folder: &str) -> io::Result<Site> {
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
