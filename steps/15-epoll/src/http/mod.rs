mod application;
mod buffered;
mod chunked;
mod conditions;
mod date;
mod exchange;
mod framing;
mod head;
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

pub use buffered::Buffered;
pub use conditions::{Validators, tag_of};
pub use exchange::Http;
pub use representation::{Content, Representation};
pub use response::{PLAIN, Response};
pub use router::{Call, Route, Router, Tidy};
pub use status::Status;
pub use syntax::is_host;
pub use target::Target;
