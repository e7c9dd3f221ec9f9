mod application;
mod chunked;
mod date;
mod exchange;
mod framing;
mod head;
mod request;
mod response;
mod status;
mod syntax;
#[cfg(test)]
mod tests;

pub use application::{Application, Want};
pub use exchange::Http;
pub use request::{Method, Request};
pub use response::Response;
pub use status::Status;
