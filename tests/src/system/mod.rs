//! What the operating system has and says, for whoever starts programs and waits for them: processes,
//! sockets, ports, and the tools that are installed.

pub mod captured;
pub mod core;
pub mod descriptors;
pub mod group;
pub mod listeners;
pub mod patience;
pub mod port;
pub mod process;
pub mod sockets;
pub mod tool;
pub mod trace;
