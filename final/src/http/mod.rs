//! HTTP/1.1: bytes to requests, responses to bytes (RFC 9110, RFC 9112).

mod application;
mod buffered;
mod chunked;
mod conditions;
mod date;
mod exchange;
mod framing;
mod head;
#[cfg(test)]
mod limits;
mod log;
mod method;
#[cfg(test)]
mod properties;
mod range;
mod representation;
mod request;
mod response;
mod router;
mod status;
mod syntax;
mod target;
#[cfg(test)]
mod tests;

pub use application::{Application, Want};
pub use buffered::Buffered;
pub use conditions::{Conditions, Validators, tag_of};
pub use exchange::{Context, Http};
pub use log::{Answer, Log};
pub use method::{Method, Methods};
pub use range::{Selection, select};
pub use representation::{Content, Representation};
pub use request::Request;
pub use response::{Body, PLAIN, Response};
pub use router::{Admission, Call, Handler, Route, Router, Taker, Tidy};
pub use status::Status;
pub use syntax::is_host;
pub use target::Target;
