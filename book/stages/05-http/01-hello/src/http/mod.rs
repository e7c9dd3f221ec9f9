mod exchange;

pub use exchange::Http;
