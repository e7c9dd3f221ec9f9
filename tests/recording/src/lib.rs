//! What passes between a program and the kernel, as it is written down: each system call, what
//! it asked and what it was given. The preloaded kernel writes recordings and plays them back;
//! the book shows them.

mod answer;
mod call;
mod data;
mod errors;
mod flags;
mod form;
pub mod hostile;
mod orders;
mod run;
pub mod text;

pub use answer::{Answer, Entry, FileFacts, Payload, Woken};
pub use call::{Asked, Call, Thread};
pub use data::{Data, Given};
pub use errors::Errno;
pub use form::Form;
pub use orders::{ORDERS, Orders, Outcome, Played, Report, Witnessed};
pub use run::{Connection, Event, Folder, Got, Keeps, Recording};
