//! What system calls did to connections: bytes read and written, and which are closed.

use std::collections::BTreeMap;

use recording::{Asked, Keeps};

use super::facts::Call;

/// One accepted connection; they are accepted in the order in which the clients connected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    pub read: usize,
    pub written: usize,
    /// The client's end was read.
    pub ended: bool,
    pub closed: bool,
    pub keeps: Keeps,
}

#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub accounts: Vec<Account>,
    open: BTreeMap<u32, usize>,
}

const READS: [&str; 4] = ["read", "recvfrom", "recvmsg", "readv"];
const WRITES: [&str; 5] = ["write", "sendto", "sendmsg", "writev", "sendfile"];

impl Ledger {
    pub fn of<'a>(calls: impl IntoIterator<Item = &'a Call>) -> Ledger {
        let mut ledger = Ledger::default();
        for call in calls {
            ledger.enter(call);
        }
        ledger
    }

    pub fn enter(&mut self, call: &Call) {
        if call.accepts()
            && let Some(made) = call.made()
        {
            self.open.insert(made, self.accounts.len());
            self.accounts.push(Account::default());
            return;
        }
        let Some(index) = self.about(call) else { return };
        let account = &mut self.accounts[index];
        let (name, number) = (call.name.as_str(), call.number());
        let bytes = number.and_then(|it| usize::try_from(it).ok()).unwrap_or(0);
        if READS.contains(&name) {
            account.read += bytes;
            account.ended |= number == Some(0);
        } else if WRITES.contains(&name) {
            account.written += bytes;
        } else if name == "close" && number.is_some() {
            account.closed = true;
            self.open.retain(|_, open| *open != index);
        }
    }

    /// Enters a call with all that is known of it.
    pub fn witness(&mut self, call: &recording::Call) {
        let shown = Call::of(call);
        let about = self.about(&shown);
        self.enter(&shown);
        if let Some(account) = about.and_then(|index| self.accounts.get_mut(index)) {
            account.keeps = kept(call, account.keeps);
        }
    }

    /// Which connection a call is about.
    pub fn about(&self, call: &Call) -> Option<usize> {
        self.connection(call.descriptor()?)
    }

    pub fn connection(&self, descriptor: u32) -> Option<usize> {
        self.open.get(&descriptor).copied()
    }
}

/// What a server keeps for a connection after a call about it, as far as
/// the call tells.
fn kept(call: &recording::Call, before: Keeps) -> Keeps {
    let done = call.result().and_then(|it| usize::try_from(it).ok()).unwrap_or(0);
    match &call.asked {
        Asked::Write { data, .. } | Asked::SendTo { data, .. } => {
            Keeps { unsent: data.0.len() - done, ..before }
        }
        Asked::SendFile { count, .. } => Keeps { of_file: count - done, ..before },
        Asked::Close { .. } => Keeps::default(),
        _ => before,
    }
}
