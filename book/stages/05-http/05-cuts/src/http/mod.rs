mod date;
mod exchange;
mod head;
mod response;
#[cfg(test)]
mod tests;

pub use exchange::Http;
