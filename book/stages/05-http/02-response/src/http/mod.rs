mod exchange;
mod response;

pub use exchange::Http;
