use crate::http::{Application, Request, Response};

#[derive(Default)]
pub struct Page {}

impl Application for Page {
    fn respond(&mut self, _: &Request) -> Response {
        Response::html("<h1>Hello</h1>\n".into())
    }
}
