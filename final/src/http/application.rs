//! The hook between HTTP and what it serves.

use std::time::Duration;

use super::request::Request;
use super::response::Response;
use super::status::Status;

/// What answers requests: the layer above.
///
/// The shape is [`Protocol`](crate::protocol::Protocol)'s: `&mut self` is the global context, and a
/// body that arrives has one of its own.
pub trait Application {
    /// What is made of a body while it arrives.
    type Body;

    /// A request's head has arrived, and a body follows: says what is to become of it.
    fn want(&mut self, request: &Request) -> Want<Self::Body>;

    /// A piece of the body that is wanted. An error refuses it, and ends the connection.
    fn piece(&mut self, body: &mut Self::Body, piece: &[u8]) -> Result<(), Status>;

    /// The request is whole: answers it. There is no `body` if none was wanted or none came.
    fn respond(&mut self, request: &Request, body: Option<Self::Body>) -> Response;

    /// Lets go of all that takes a descriptor and can be had again; whether there was any.
    fn shed(&mut self) -> bool {
        false
    }

    /// Lets go of what is too old; see [`Protocol::tidy`].
    ///
    /// [`Protocol::tidy`]: crate::protocol::Protocol::tidy
    fn tidy(&mut self) -> Option<Duration> {
        None
    }
}

/// What is to become of a body.
pub enum Want<B> {
    /// It is read and dropped, or the connection ends if it is long.
    Nothing,
    /// Each piece of it goes to `body`; one of more than `limit` bytes is 413.
    Body { limit: u64, body: B },
}
