//! Requests with bodies, and how bodies are framed.

pub mod calls;
pub mod chunks;
pub mod framing;
pub mod lengths;
pub mod uploads;
