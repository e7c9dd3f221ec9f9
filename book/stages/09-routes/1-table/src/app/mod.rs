mod page;

use crate::http::{Request, Response, Route, Status};

#[derive(Default)]
pub struct Site {
    visitors: u64,
}

impl Site {
    pub const ROUTES: &[Route<Site>] = &[
        Route::get("/", Site::welcome),
        Route::get("/hello", Site::greet),
    ];

    fn greet(&mut self, _: &Request) -> Response<'static> {
        Response::text(Status::Ok, "Hello, whoever you are!\n".to_owned())
    }
}
