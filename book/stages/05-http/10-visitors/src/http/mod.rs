mod application;
mod date;
mod exchange;
mod head;
mod request;
mod response;
mod status;
mod syntax;
#[cfg(test)]
mod tests;

pub use application::Application;
pub use exchange::Http;
pub use request::Request;
pub use response::Response;
