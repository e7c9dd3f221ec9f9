mod exchange;
mod response;
mod status;

pub use exchange::Http;
