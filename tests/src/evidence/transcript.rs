//! What was said so far, as text that is the same in every run: no times, no ports.

use std::sync::{Arc, Mutex, MutexGuard};

use crate::evidence::script::{Said, Script};

/// The one record that all clients of a check write to.
#[derive(Clone, Default)]
pub struct Transcript(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    lines: Vec<String>,
    script: Script,
}

impl Transcript {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(|broken| broken.into_inner())
    }

    pub fn note(&self, line: impl Into<String>) {
        self.inner().lines.push(line.into());
    }

    pub fn text(&self) -> String {
        let inner = self.inner();
        inner.lines.iter().map(|line| format!("{line}\n")).collect()
    }

    pub fn script(&self) -> Script {
        self.inner().script.clone()
    }

    /// Gives the client its number.
    pub fn joins(&self, client: &str, quiet: bool) -> usize {
        let said = Said { client: client.to_string(), quiet, ..Said::default() };
        let mut inner = self.inner();
        inner.script.said.push(said);
        inner.script.said.len() - 1
    }

    pub fn says(&self, number: usize, change: impl FnOnce(&mut Said)) {
        change(&mut self.inner().script.said[number]);
    }

    pub fn happens(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.inner().script);
    }
}
