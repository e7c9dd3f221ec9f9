//! What a check gets: a fresh server, clients, and readings of the server.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::check::Attempt;
use crate::client::{Client, Wiring};
use crate::dialect::Dialect;
use crate::failure::Failure;
use crate::patience::Wait;
use crate::process::Readings;
use crate::server::{Program, Server};
use crate::sockets::Pause;
use crate::trace::{self, Call, Fault};
use crate::transcript::{Transcript, grouped};

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

    /// Clients are named in the order in which they connect: A, B, …
    pub fn connect(&mut self) -> Attempt<Client> {
        let wiring = self.wiring()?;
        Client::connect(wiring)
    }

    /// A client whose buffers are as small as the kernel allows.
    pub fn connect_with_small_buffers(&mut self) -> Attempt<Client> {
        let small_buffers = true;
        let wiring = self.wiring()?;
        Client::connect(Wiring { small_buffers, ..wiring })
    }

    /// Many clients, of which the transcript has only this line.
    pub fn connect_crowd(&mut self, size: usize) -> Attempt<Vec<Client>> {
        let quiet = true;
        let wiring = self.wiring()?;
        self.note(format!("{} clients connect", grouped(size as u64)));
        let numbers = 1..=size;
        let clients = numbers.map(|number| {
            let name = format!("client {number}");
            Client::connect(Wiring { name, quiet, ..wiring.clone() })
        });
        clients.collect()
    }

    /// A client of whom the transcript has nothing.
    pub fn connect_quietly(&mut self) -> Attempt<Client> {
        let wiring = self.wiring()?;
        // It takes no letter.
        self.clients -= 1;
        Client::connect(Wiring { quiet: true, ..wiring })
    }

    /// A client with small buffers of whom the transcript has nothing.
    pub fn connect_quietly_with_small_buffers(&mut self) -> Attempt<Client> {
        let wiring = self.wiring()?;
        self.clients -= 1;
        Client::connect(Wiring { quiet: true, small_buffers: true, ..wiring })
    }

    /// Waits until the server has nothing to do: its processor time is counted up to its last
    /// sleep. Says whether it sleeps: one that never does isn't waited for.
    pub fn until_asleep(&mut self) -> Attempt<bool> {
        const LEAST: Duration = Duration::from_secs(3);
        let long = self.patience.max(LEAST);
        let (start, mut pause) = (Instant::now(), Pause::new());
        let process = self.start()?.process();
        while !process.sleeps() {
            if start.elapsed() > long {
                return Ok(false);
            }
            pause.sleep();
        }
        Ok(true)
    }

    fn wiring(&mut self) -> Attempt<Wiring> {
        let letter = char::from(b'A' + (self.clients % 26) as u8);
        let server = self.start()?;
        let (address, server) = (server.address, server.process());
        self.clients += 1;
        Ok(Wiring {
            name: letter.to_string(),
            address,
            server,
            dialect: self.dialect,
            patience: self.patience,
            transcript: self.transcript.clone(),
            quiet: false,
            small_buffers: false,
        })
    }

    /// A server may take longer to start than for an answer.
    fn startup(&self) -> Duration {
        (2 * self.patience).max(Duration::from_secs(3))
    }

    /// A line of the transcript that is no client's. No numbers that differ from run to run.
    pub fn note(&self, line: impl Into<String>) {
        self.transcript.note(line);
    }

    /// Processor time, threads, memory and descriptors of the server.
    pub fn readings(&mut self) -> Attempt<Readings> {
        Ok(self.start()?.process().readings())
    }

    /// The first readings that are as wished, or the last when patience ends.
    pub fn await_reading(
        &mut self,
        wish: impl Fn(&Readings) -> bool,
    ) -> Attempt<Readings> {
        let mut wait = Wait::new(self.start()?.process(), self.patience);
        loop {
            let readings = self.readings()?;
            if wish(&readings) || wait.is_over() {
                return Ok(readings);
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The server's system calls so far. Only after one of the traced starts.
    pub fn calls(&self) -> Vec<Call> {
        let folder = self.log.as_ref().expect("the server runs traced");
        let log = fs::read(folder.path().join("log")).unwrap_or_default();
        trace::parse(&String::from_utf8_lossy(&log))
    }

    /// The system calls the server makes while nobody does anything for so long.
    pub fn calls_during(&self, time: Duration) -> Vec<Call> {
        let before = self.calls().len();
        thread::sleep(time);
        self.calls().split_off(before)
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
