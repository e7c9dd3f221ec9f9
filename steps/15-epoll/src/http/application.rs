use std::time::Duration;

use super::request::Request;
use super::response::Response;
use super::status::Status;

pub trait Application {
    type Body;

    fn want(&mut self, request: &Request) -> Want<Self::Body>;

    fn piece(&mut self, body: &mut Self::Body, piece: &[u8]) -> Result<(), Status>;

    fn respond(&mut self, request: &Request, body: Option<Self::Body>) -> Response;

    fn shed(&mut self) -> bool {
        false
    }

    fn tidy(&mut self) -> Option<Duration> {
        None
    }
}

pub enum Want<B> {
    Nothing,
    Body { limit: u64, body: B },
}
