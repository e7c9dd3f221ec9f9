mod date;
mod exchange;
mod head;
mod response;
mod status;

pub use exchange::Http;
