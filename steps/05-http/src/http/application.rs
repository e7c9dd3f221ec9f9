use super::request::Request;
use super::response::Response;

pub trait Application {
    fn respond(&mut self, request: &Request) -> Response;
}
