mod kept;
mod keys;
mod links;
mod page;
mod pastes;
mod store;

use crate::http::Route;

use kept::Kept;
use links::LINK_LIMIT;
use pastes::PASTE_LIMIT;

pub const ROOM: usize = 64 * 1024 * 1024;

pub struct Site {
    visitors: u64,
    links: Kept<String>,
    pastes: Kept<Box<[u8]>>,
}

impl Site {
    pub const ROUTES: &[Route<Site>] = &[
        Route::get("/", Site::welcome),
        Route::post(
            "/s",
            LINK_LIMIT,
            |site, call| site.links.admit(call),
            Site::add_link,
        ),
        Route::get("/s/*", Site::follow_link),
        Route::delete("/s/*", |site, call| site.links.delete(call)),
        Route::post(
            "/p",
            PASTE_LIMIT,
            |site, call| site.pastes.admit(call),
            Site::add_paste,
        ),
        Route::get("/p/*", Site::show_paste),
        Route::delete("/p/*", |site, call| site.pastes.delete(call)),
    ];

    pub fn new() -> Site {
        Site { visitors: 0, links: Kept::at("s"), pastes: Kept::at("p") }
    }
}
