use crate::http::{Request, Response, Route, Status};

#[derive(Default)]
pub struct Site {
    visitors: u64,
}

impl Site {
    pub const ROUTES: &[Route<Site>] = &[Route::get("/hello", Site::greet)];

    fn greet(&mut self, _: &Request) -> Response {
        self.visitors += 1;
        Response::text(Status::Ok, format!("Hello, visitor {}!\n", self.visitors))
    }
}
