//! The calls of the servers that commands in a terminal talk to, or that they start.

use std::fs;

use anyhow::{Context, Result, ensure};
use checks::kernel::Log;
use recording::{Answer, Asked, Call, Event, Recording};
use tempfile::TempDir;

use super::place::{self, Place, SHOWN};
use super::plan::Console;
use super::programs::Programs;
use super::rules;

/// Servers that are recorded, each in a log of its own.
pub struct Watch<'a> {
    console: &'a Console,
    server: String,
    logs: TempDir,
    port: u16,
}

/// Stands for a step: starts it under the preloaded kernel. One that is told the port that is
/// shown gets that of this recording. `check` tells each of its servers a port of its own.
const STEP: &str = r#"#!/bin/sh
for address; do :; done
told=${address##*:}
case $told in %SHOWN%) port=%PORT% ;; *) port=$told ;; esac
export LD_PRELOAD='%LIBRARY%'
export LANDER_KERNEL='{"mode":"record","log":"%LOGS%/'$$'","shown":'$told',"port":'$port'}'
exec '%PROGRAM%' "$@"
"#;

impl<'a> Watch<'a> {
    pub fn new(
        console: &'a Console,
        server: String,
        place: &Place,
        programs: &Programs,
        port: u16,
    ) -> Result<Watch<'a>> {
        let logs = tempfile::tempdir()?;
        let script = STEP
            .replace("%SHOWN%", SHOWN)
            .replace("%PORT%", &port.to_string())
            .replace("%LIBRARY%", &programs.library.path().display().to_string())
            .replace("%LOGS%", &logs.path().display().to_string());
        place.stand_in(place::program(&server), &script)?;
        Ok(Watch { console, server, logs, port })
    }

    /// What each of them did until it ended or was ended, in the order in which they started.
    pub fn recordings(&self) -> Result<Vec<Recording>> {
        let mut logs = Vec::new();
        for entry in fs::read_dir(self.logs.path())? {
            let file = entry?.path();
            let process = file.file_name().and_then(|it| it.to_str()?.parse().ok());
            logs.push((process.unwrap_or(0_u32), file));
        }
        logs.sort();
        ensure!(!logs.is_empty(), "nothing was recorded");
        let each = logs.iter().map(|(_, file)| {
            let log = Log::read(file).context("a log can't be read")?;
            Ok(self.recording(log.settled()))
        });
        each.collect()
    }

    fn recording(&self, log: Log) -> Recording {
        let bound = log.returned.iter().find_map(|witnessed| port(&witnessed.call));
        let ports = [Some(self.port), bound];
        let call = |witnessed: recording::Witnessed| {
            let mut call = witnessed.call;
            for port in ports.into_iter().flatten() {
                with_shown_port(&mut call, port);
            }
            call
        };
        let event = Event {
            client: None,
            action: self.console.commands(),
            sent: 0,
            got: None,
            connections: Vec::new(),
            calls: log.returned.into_iter().map(call).collect(),
        };
        Recording {
            title: format!("Behind {}", self.console.name),
            server: self.server.clone(),
            amounts_vary: false,
            startup: true,
            folder: self.console.folder.clone(),
            events: vec![event],
            waits: log.waits.into_iter().map(call).collect(),
        }
    }
}

/// The one that a call binds.
fn port(call: &Call) -> Option<u16> {
    let Asked::Bind { address, .. } = &call.asked else { return None };
    address.rsplit_once(':')?.1.parse().ok()
}

/// A server says where it listens, a client to which port it goes, and may be told again.
fn with_shown_port(call: &mut Call, port: u16) {
    let written = match &mut call.asked {
        Asked::Bind { address, .. } => {
            *address = rules::port(address, port);
            None
        }
        Asked::Write { data, .. } | Asked::SendTo { data, .. } => Some(data),
        _ => None,
    };
    let mut longer = 0;
    if let Some(data) = written
        && let Ok(text) = str::from_utf8(&data.0)
    {
        // Standard error is written piece by piece, and a port is one of them.
        let shown = match text == port.to_string() {
            true => SHOWN.to_string(),
            false => rules::port(text, port),
        };
        longer = shown.len() as i64 - text.len() as i64;
        data.0 = shown.into_bytes();
    }
    if let Some(Answer::Done { result, payload }) = &mut call.answer {
        *result += longer;
        if let Some(address) = &mut payload.address {
            *address = rules::port(address, port);
        }
        if let Some(text) = payload.data.as_mut().and_then(|data| data.text()) {
            let shown = rules::port(text, port);
            *result += shown.len() as i64 - text.len() as i64;
            *text = shown;
        }
    }
}
