//! How a server is started: launched, and waited for until it listens.

use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{Program, Server};
use crate::evidence::failure::{Attempt, Failure, Kind};
use crate::system::captured::Captured;
use crate::system::group::Group;
use crate::system::listeners::{addresses_of, somebody_listens};
use crate::system::patience::Wait;
use crate::system::port::{self, Port};
use crate::system::process::ProcessTree;

/// How often another port is tried when someone else took ours.
const TRIES: usize = 5;
/// A program that has nothing to do for this long, and listens, listens where it wants to.
const SETTLED: Duration = Duration::from_secs(1);

impl Server {
    pub fn start(program: &Program, traced: bool, patience: Duration) -> Attempt<Server> {
        let mut tries = 0;
        loop {
            let mut server = Server::launch(program, traced)?;
            let Err(failure) = server.wait_until_it_listens(patience) else {
                return Ok(server);
            };
            tries += 1;
            let taken = !port::is_free(server.address.port());
            match failure.kind {
                Kind::ListensElsewhere { .. } => return Err(failure),
                _ if !taken => return Err(failure.with_a_free_port(server.address)),
                _ if tries == TRIES => return Err(failure),
                _ => {}
            }
        }
    }

    fn launch(program: &Program, traced: bool) -> Attempt<Server> {
        let port = Port::claim();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.number));
        let words = program.words();
        let started = Command::new(&words[0])
            .args(&words[1..])
            .arg(address.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn();
        let mut child = started.map_err(|error| {
            let error = format!("{}: {error}", words[0].display());
            Failure::new(Kind::DidNotStart { error })
        })?;
        Ok(Server {
            group: Group::of(&child),
            stdout: Captured::from(child.stdout.take()),
            stderr: Captured::from(child.stderr.take()),
            child,
            address,
            _port: port,
            traced,
        })
    }

    /// Woken by what it prints, such as `listening on ADDR:PORT`; the kernel's table of
    /// sockets decides.
    fn wait_until_it_listens(&mut self, patience: Duration) -> Attempt {
        // A tracer at the root may be the one that is kept from its work.
        let mut wait = Wait::new(ProcessTree::of(self.child.id()), patience);
        let line = format!("listening on {}", self.address);
        let mut settled = Settled::default();
        loop {
            match somebody_listens(self.address) {
                Some(true) => return Ok(()),
                None if self.stdout.text().contains(&line) => return Ok(()),
                _ => {}
            }
            if let Some(status) = self.exit_status() {
                return Err(self.death(status, false));
            }
            if settled.elsewhere(&self.process()) || wait.is_over() {
                return Err(self.does_not_listen(patience));
            }
            self.stdout.wait_for_more(Duration::from_millis(10));
        }
    }

    fn does_not_listen(&self, patience: Duration) -> Box<Failure> {
        let address = self.address;
        let elsewhere = addresses_of(&self.process());
        Failure::new(match elsewhere.is_empty() {
            true => Kind::DidNotListen { address, patience, output: self.output() },
            false => Kind::ListensElsewhere { address, elsewhere },
        })
    }
}

/// Since when a program sleeps, and listens at addresses that aren't the one it was given.
#[derive(Default)]
struct Settled {
    looked: Option<Instant>,
    since: Option<Instant>,
}

impl Settled {
    /// It costs to find out, and so this looks now and then.
    const PAUSE: Duration = Duration::from_millis(100);

    fn elsewhere(&mut self, process: &ProcessTree) -> bool {
        let now = Instant::now();
        if self.looked.is_some_and(|looked| now - looked < Settled::PAUSE) {
            return false;
        }
        self.looked = Some(now);
        if !process.sleeps() || addresses_of(process).is_empty() {
            self.since = None;
            return false;
        }
        now - *self.since.get_or_insert(now) >= SETTLED
    }
}
