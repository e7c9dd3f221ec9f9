mod page;

use crate::http::{Buffered, Call, Response, Route, Status};

pub const ROOM: usize = 64 * 1024 * 1024;

const SUM_LIMIT: u64 = 1024 * 1024;

#[derive(Default)]
pub struct Site {
    visitors: u64,
}

impl Site {
    pub const ROUTES: &[Route<Site>] = &[
        Route::get("/", Site::welcome),
        Route::post("/", SUM_LIMIT, |_, _| Ok(()), Site::sum),
        Route::get("/hello/*", Site::greet),
    ];

    fn sum(&mut self, _: &Call, body: Buffered) -> Response {
        let (length, sum) = (body.bytes.len(), crc32fast::hash(&body.bytes));
        Response::text(Status::Ok, format!("{length} bytes, CRC-32 {sum:08x}\n"))
    }

    fn greet(&mut self, call: &Call) -> Response {
        Response::text(Status::Ok, format!("Hello, {}!\n", call.parameter))
    }
}
