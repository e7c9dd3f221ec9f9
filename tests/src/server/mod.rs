//! A server under test: any command, started in a process group of its own on a free port,
//! and always stopped.

mod program;
mod starting;

use std::net::SocketAddr;
use std::process::{Child, ExitStatus};
use std::time::Duration;

use rustix::process::Signal;

pub use self::program::{PLACE, Program};
use crate::evidence::failure::{Failure, Kind, Output};
use crate::system::captured::Captured;
use crate::system::group::Group;
use crate::system::patience::Wait;
use crate::system::port::Port;
use crate::system::process::ProcessTree;

pub struct Server {
    child: Child,
    group: Group,
    pub address: SocketAddr,
    /// Nobody else's while the server may be there.
    _port: Port,
    stdout: Captured,
    stderr: Captured,
    traced: bool,
}

impl Server {
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Its exit, if it comes within this time.
    pub fn exit_within(&mut self, patience: Duration) -> Option<ExitStatus> {
        let mut wait = Wait::new(ProcessTree::of(self.child.id()), patience);
        loop {
            let status = self.exit_status();
            if status.is_some() || wait.is_over() {
                return status;
            }
            self.stderr.wait_for_more(Duration::from_millis(10));
        }
    }

    pub fn death(&self, status: ExitStatus, listened: bool) -> Box<Failure> {
        self.stdout.wait_for_the_end(Duration::from_millis(500));
        self.stderr.wait_for_the_end(Duration::from_millis(500));
        Failure::new(Kind::Died { status, listened, output: self.output() })
    }

    pub fn output(&self) -> Output {
        let address = self.address.to_string();
        let without_port = |text: String| text.replace(&address, "127.0.0.1:PORT");
        Output {
            stdout: without_port(self.stdout.text()),
            stderr: without_port(self.stderr.text()),
        }
    }

    pub fn process(&self) -> ProcessTree {
        match self.traced {
            true => ProcessTree::below(self.child.id()),
            false => ProcessTree::of(self.child.id()),
        }
    }

    /// The process that was started: a tracer's or a wrapper's, if there is one.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// To the whole group, the tracer or wrapper included.
    pub fn signal(&self, signal: Signal) {
        self.group.signal(signal);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.group.stop();
        let _ = self.child.wait();
    }
}
