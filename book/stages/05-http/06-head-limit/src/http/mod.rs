mod date;
mod exchange;
mod head;
mod response;
mod status;
#[cfg(test)]
mod tests;

pub use exchange::Http;
