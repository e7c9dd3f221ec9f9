//! The calls of a server that commands in a terminal talk to.

use std::process::Command;

use anyhow::{Context, Result};
use checks::kernel::{Library, Lines, Log};
use recording::{Asked, Data, Event, ORDERS, Orders, Recording};
use tempfile::TempDir;

use super::place::Place;
use super::plan::Console;
use super::ports::SHOWN;
use super::rules;

/// A server that is told the port that is shown, and gets another.
pub struct Watch<'a> {
    console: &'a Console,
    server: String,
    library: &'a Library,
    log: TempDir,
    port: u16,
}

impl<'a> Watch<'a> {
    pub fn new(
        console: &'a Console,
        server: String,
        library: &'a Library,
        port: u16,
    ) -> Result<Watch<'a>> {
        Ok(Watch { console, server, library, log: tempfile::tempdir()?, port })
    }

    fn orders(&self) -> Orders {
        let shown = SHOWN.parse().expect("it is a port");
        Orders::Record { log: self.log.path().join("log"), shown, port: self.port }
    }

    /// The server is this command's program.
    pub fn preload(&self, command: &mut Command) {
        self.library.preload(command, &self.orders());
    }

    /// The server is one that the stand-in for cargo starts below this shell.
    pub fn preload_below(&self, shell: &mut Command) {
        let mut preloaded = Command::new("true");
        self.preload(&mut preloaded);
        let variables = [("LD_PRELOAD", "LANDER_LIBRARY"), (ORDERS, "LANDER_ORDERS")];
        for (name, value) in preloaded.get_envs() {
            let found = variables.iter().find(|(known, _)| name == *known);
            if let (Some((_, below)), Some(value)) = (found, value) {
                shell.env(below, value);
            }
        }
        shell.env("LANDER_PORT", SHOWN);
    }

    /// What it did until it was ended.
    pub fn recording(&self, place: &Place) -> Result<Recording> {
        let log =
            Log::read(&self.log.path().join("log")).context("nothing was recorded")?;
        let (log, lines) = (log.settled(), Lines::of(&place.program(&self.server)));
        let call = |witnessed| {
            let mut call = lines.call(witnessed);
            with_shown_port(&mut call, self.port);
            call
        };
        let event = Event {
            client: None,
            action: self.console.commands(),
            sent: 0,
            got: None,
            connections: Vec::new(),
            calls: log.returned.iter().map(call).collect(),
        };
        Ok(Recording {
            title: format!("Behind {}", self.console.name),
            server: self.server.clone(),
            amounts_vary: false,
            startup: true,
            folder: self.console.folder.clone(),
            events: vec![event],
            waits: log.waits.iter().map(call).collect(),
        })
    }
}

/// A client says in its request to which port it goes, and may be told again.
fn with_shown_port(call: &mut recording::Call, port: u16) {
    let rewrite = |data: &mut Data| {
        if let Ok(text) = str::from_utf8(&data.0) {
            data.0 = rules::port(text, port).into_bytes();
        }
    };
    if let Asked::Write { data, .. } | Asked::SendTo { data, .. } = &mut call.asked {
        rewrite(data);
    }
    if let Some(recording::Answer::Done { payload, .. }) = &mut call.answer
        && let Some(data) = &mut payload.data
    {
        rewrite(data);
    }
}
