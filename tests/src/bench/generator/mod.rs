//! What the servers are asked, and by whom.

mod awaited;
mod clients;
mod idle;
mod lockstep;
mod response;

pub use awaited::Answer;
pub use clients::{Answered, Clients};
pub use idle::Idle;
pub use lockstep::Lockstep;
pub use response::{Response, SUCCESS};
