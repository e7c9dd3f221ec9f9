mod page;

use crate::http::{Call, Response, Route, Status};

#[derive(Default)]
pub struct Site {
    visitors: u64,
}

impl Site {
    pub const ROUTES: &[Route<Site>] =
        &[Route::get("/", Site::welcome), Route::get("/hello/*", Site::greet)];

    fn greet(&mut self, call: &Call) -> Response {
        Response::text(Status::Ok, format!("Hello, {}!\n", call.parameter))
    }
}
