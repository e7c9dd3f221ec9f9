//! What passes between a program and the kernel, as it is written down: each system call, what
//! it asked and what it was given. The preloaded kernel writes recordings and plays them back;
//! the book shows them.

mod call;
mod data;
mod errors;
mod flags;
mod form;
pub mod hostile;
mod orders;
mod run;
pub mod text;

pub use call::{Answer, Asked, Call, Entry, FileFacts, Payload, Thread, Woken};
pub use data::{Data, Given};
pub use errors::Errno;
pub use form::Form;
pub use orders::{ORDERS, Orders, Outcome, Played, Report, Witnessed};
pub use run::{Connection, Event, Folder, Got, Keeps, Recording};
