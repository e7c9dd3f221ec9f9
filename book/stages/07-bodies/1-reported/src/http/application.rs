use super::request::Request;
use super::response::Response;

pub trait Application {
    fn respond(&mut self, request: &Request) -> Response;
}

pub enum Want<B> {
    Nothing,
    Body { limit: u64, body: B },
}
