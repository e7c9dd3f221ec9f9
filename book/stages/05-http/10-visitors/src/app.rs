use crate::http::{Application, Request, Response};

#[derive(Default)]
pub struct Page {
    visitors: u64,
}

impl Application for Page {
    fn respond(&mut self, _: &Request) -> Response {
        self.visitors += 1;
        Response::html(format!(
            "<!doctype html>\n\
             <html lang=\"en\">\n\
             <meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>Lander</title>\n\
             <h1>Hello</h1>\n\
             <p>You are visitor {}.</p>\n",
            self.visitors
        ))
    }
}
