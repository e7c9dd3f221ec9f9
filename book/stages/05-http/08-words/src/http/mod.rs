mod date;
mod exchange;
mod head;
mod request;
mod response;
mod status;
mod syntax;

pub use exchange::Http;
