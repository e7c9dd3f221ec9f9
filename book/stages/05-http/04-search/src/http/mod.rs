mod date;
mod exchange;
mod head;
mod response;

pub use exchange::Http;
