mod application;
mod buffered;
mod chunked;
mod date;
mod exchange;
mod framing;
mod head;
mod method;
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

pub use buffered::Buffered;
pub use exchange::Http;
pub use response::Response;
pub use router::{Call, Route, Router};
pub use status::Status;
pub use syntax::is_host;
