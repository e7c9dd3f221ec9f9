use crate::http::{Application, Request, Response, Status};

#[derive(Default)]
pub struct Page {}

impl Application for Page {
    fn respond(&mut self, request: &Request) -> Response {
        if request.target != "/" {
            return Response::of(Status::NotFound);
        }
        Response::html("<h1>Hello</h1>\n".into())
    }
}
