mod date;
mod exchange;
mod head;
mod response;
mod status;
mod syntax;
#[cfg(test)]
mod tests;

pub use exchange::Http;
