mod application;
mod chunked;
mod date;
mod exchange;
mod framing;
mod head;
#[cfg(test)]
mod properties;
mod request;
mod response;
mod router;
mod status;
mod syntax;
mod target;
#[cfg(test)]
mod tests;

pub use application::{Application, Want};
pub use exchange::Http;
pub use request::{Method, Request};
pub use response::Response;
pub use router::{Call, Route, Router};
pub use status::Status;
