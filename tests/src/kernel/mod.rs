//! Programs under the preloaded kernel: recorded while they run, and run again on what was
//! recorded, without a socket and without a clock.

mod difference;
mod lines;
mod log;
mod replay;

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use recording::{ORDERS, Orders};

use crate::subject;

pub use lines::Lines;
pub use log::Log;
pub use replay::{Verdict, replay};

/// The library that stands between a program and libc.
#[derive(Clone, Debug)]
pub struct Library(PathBuf);

impl Library {
    pub fn build() -> io::Result<Library> {
        let library = subject::build_library("kernel")?;
        Ok(Library(library))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Puts the program that this command starts under the kernel. It has to be linked with
    /// libc at run time.
    pub fn preload(&self, command: &mut Command, orders: &Orders) {
        let orders = serde_json::to_string(orders).expect("orders can be written down");
        command.env("LD_PRELOAD", &self.0).env(ORDERS, orders);
    }
}
