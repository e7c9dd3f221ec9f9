mod date;
mod exchange;
mod head;
mod response;
mod status;
mod syntax;

pub use exchange::Http;
