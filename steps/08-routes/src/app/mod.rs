mod links;
mod page;
mod pastes;
mod store;

use crate::http::{Response, Route, Status};

use links::LINK_LIMIT;
use pastes::PASTE_LIMIT;
use store::Store;

pub struct Site {
    visitors: u64,
    text: String,
    links: Store<String>,
    pastes: Store<Box<[u8]>>,
}

impl Site {
    pub const ROUTES: &[Route<Site>] = &[
        Route::get("/", Site::welcome),
        Route::post("/s", LINK_LIMIT, Site::add_link),
        Route::get("/s/*", Site::follow_link),
        Route::delete("/s/*", Site::delete_link),
        Route::post("/p", PASTE_LIMIT, Site::add_paste),
        Route::get("/p/*", Site::show_paste),
        Route::delete("/p/*", Site::delete_paste),
    ];

    pub fn new() -> Site {
        Site {
            visitors: 0,
            text: String::new(),
            links: Store::new(links::ROOM),
            pastes: Store::new(pastes::ROOM),
        }
    }

    fn added(&mut self, place: &str, key: Result<String, Status>) -> Response<'_> {
        match key {
            Ok(key) => self.text = format!("{place}{key}\n"),
            Err(status) => return Response::of(status),
        }
        Response {
            location: Some(self.text.trim_end()),
            body: self.text.as_bytes(),
            ..Response::of(Status::Created)
        }
    }
}
