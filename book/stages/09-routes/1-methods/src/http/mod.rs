mod application;
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
mod status;
mod syntax;
#[cfg(test)]
mod tests;

pub use application::{Application, Want};
pub use exchange::Http;
pub use method::Method;
pub use request::Request;
pub use response::Response;
pub use status::Status;
