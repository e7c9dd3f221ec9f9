//! What a check gets: a fresh server, clients, and readings of the server.

pub mod site;
mod watching;

use std::ffi::OsString;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use self::site::Site;
use crate::client::dialect::Dialect;
use crate::client::{Client, Options, Peer};
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::grouped;
use crate::evidence::transcript::Transcript;
use crate::server::{Program, Server};
use crate::system::patience::Wait;
use crate::system::trace::{self, Fault};

pub struct Scene<'a> {
    pub program: &'a Program,
    /// What its clients speak.
    pub dialect: Dialect,
    /// How long the server may take for anything.
    pub patience: Duration,
    pub(crate) transcript: Transcript,
    server: Option<Server>,
    log: Option<TempDir>,
    clients: usize,
    may_exit: bool,
}

impl<'a> Scene<'a> {
    pub fn new(program: &'a Program, dialect: Dialect, patience: Duration) -> Scene<'a> {
        Scene {
            program,
            dialect,
            patience,
            transcript: Transcript::default(),
            server: None,
            log: None,
            clients: 0,
            may_exit: false,
        }
    }

    /// Starts the server, unless it runs already. The verbs below do so by themselves.
    pub fn start(&mut self) -> Attempt<&mut Server> {
        if self.server.is_none() {
            let startup = self.startup();
            self.server = Some(Server::start(self.program, false, startup)?);
        }
        Ok(self.server.as_mut().expect("it was just started"))
    }

    /// Starts the server with its system calls written down.
    pub fn start_traced(&mut self) -> Attempt {
        self.start_with_faults(&[])
    }

    /// Starts the server with some of its system calls made to fail.
    pub fn start_with_faults(&mut self, faults: &[Fault]) -> Attempt {
        assert!(self.server.is_none(), "a check starts its server once");
        let place = |error| Failure::own("write the server's system calls down", error);
        let folder = tempfile::tempdir().map_err(place)?;
        let tracer = trace::command(&folder.path().join("log"), faults);
        let program = self.program.under(&tracer);
        for Fault { calls, error, .. } in faults {
            let calls = match *calls {
                trace::WAITS => "the waits for readiness",
                trace::ACCEPTS => "an accept",
                calls => calls,
            };
            self.note(format!("the kernel makes {calls} fail with {error}"));
        }
        self.transcript.happens(|script| script.traced = Some(faults.to_vec()));
        let server = Server::start(&program, true, self.startup());
        self.server = Some(server.map_err(|failure| match faults {
            [] => failure,
            _ => failure.on_purpose(),
        })?);
        self.log = Some(folder);
        Ok(())
    }

    /// Starts the server with so many descriptors as its limit, the hard one, too.
    pub fn start_with_descriptors(&mut self, few: u32) -> Attempt {
        self.note(format!("the server may have {few} descriptors open"));
        self.start_limited(format!("ulimit -n {few}"))
    }

    /// Starts the server with so many descriptors as its soft limit, which it may raise.
    pub fn start_with_soft_limit(&mut self, few: u32) -> Attempt {
        self.note(format!(
            "the server may have {few} descriptors open, or more if it asks"
        ));
        self.start_limited(format!("ulimit -S -n {few}"))
    }

    fn start_limited(&mut self, limit: String) -> Attempt {
        assert!(self.server.is_none(), "a check starts its server once");
        let script = format!("{limit} && exec \"$0\" \"$@\"");
        let program = self.program.under(&["sh", "-c", &script].map(OsString::from));
        self.transcript.happens(|script| script.descriptors = Some(limit));
        self.server = Some(Server::start(&program, false, self.startup())?);
        Ok(())
    }

    /// An ordinary client.
    pub fn connect(&mut self) -> Attempt<Client> {
        self.connect_with(Options::default())
    }

    /// Clients are named in the order in which they connect: A, B, … One that says nothing in
    /// the transcript takes no letter.
    pub fn connect_with(&mut self, options: Options) -> Attempt<Client> {
        let peer = self.peer()?;
        let letter = char::from(b'A' + (self.clients % 26) as u8);
        self.clients += usize::from(!options.quiet);
        Client::connect(peer, letter.to_string(), options, &self.transcript)
    }

    /// Many clients, of which the transcript has only this line.
    pub fn connect_crowd(&mut self, size: usize) -> Attempt<Vec<Client>> {
        let peer = self.peer()?;
        self.note(format!("{} clients connect", grouped(size as u64)));
        let clients = (1..=size).map(|number| {
            let name = format!("client {number}");
            Client::connect(peer, name, Options::QUIET, &self.transcript)
        });
        clients.collect()
    }

    fn peer(&mut self) -> Attempt<Peer> {
        let (dialect, patience) = (self.dialect, self.patience);
        let server = self.start()?;
        let (address, process) = (server.address, server.process());
        Ok(Peer { address, process, dialect, patience })
    }

    /// A folder of the check's own in the one that the program serves.
    pub fn site(&self) -> Attempt<Site> {
        self.site_in(Site::within)
    }

    /// The same in a folder with this name.
    pub fn site_below(&self, name: &str) -> Attempt<Site> {
        self.site_in(|served| Site::below(served, name))
    }

    fn site_in(&self, make: impl FnOnce(&Path) -> Attempt<Site>) -> Attempt<Site> {
        let Some(served) = &self.program.folder else {
            let what = "the folder that the program serves: this check puts files there";
            return Err(Failure::fact(what, "check … --folder DIR", "no --folder"));
        };
        let site = make(served)?;
        self.transcript.happens(|script| script.own_files = true);
        Ok(site)
    }

    /// A server may take longer to start than for an answer.
    fn startup(&self) -> Duration {
        (2 * self.patience).max(Duration::from_secs(3))
    }

    /// A line of the transcript that is no client's. No numbers that differ from run to run.
    pub fn note(&self, line: impl Into<String>) {
        self.transcript.note(line);
    }

    /// Holds the server up, so that what clients do comes to it all at once. The transcript
    /// has nothing of this.
    pub fn pause(&mut self) -> Attempt {
        self.transcript.happens(|script| script.paused = true);
        let patience = self.patience;
        let server = self.start()?;
        server.signal(Signal::STOP);
        let process = server.process();
        let mut wait = Wait::new(process, patience);
        while !process.is_stopped() {
            if wait.is_over() {
                return Err(Failure::own(
                    "hold the server up by SIGSTOP",
                    "it still runs",
                ));
            }
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    pub fn resume(&mut self) -> Attempt {
        self.start()?.signal(Signal::CONT);
        Ok(())
    }

    /// Sends the server a signal, on which it may well exit.
    pub fn signal(&mut self, signal: Signal) -> Attempt {
        self.may_exit = true;
        self.start()?.signal(signal);
        Ok(())
    }

    /// A failure is the server's death if it died, and not what a client saw of that.
    pub(crate) fn conclude(&mut self, result: Attempt) -> Attempt {
        let died = match (&mut self.server, self.may_exit) {
            (Some(server), false) => {
                let grace = match result {
                    Ok(()) => Duration::ZERO,
                    Err(_) => Duration::from_millis(200),
                };
                let status = server.exit_within(grace);
                status.map(|status| server.death(status, true))
            }
            _ => None,
        };
        let result = match (result, died) {
            (Err(failure), Some(death)) => {
                Err(Box::new(Failure { kind: death.kind, ..*failure }))
            }
            (Ok(()), Some(death)) => Err(death),
            (result, None) => result,
        };
        result.map_err(|mut failure| {
            failure.transcript = self.transcript.text();
            let script = self.transcript.script();
            failure.script = script.without_the_quiet(failure.client.as_deref());
            failure
        })
    }
}
