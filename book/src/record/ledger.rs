//! What system calls did to connections: bytes read and written, and which are closed.

use std::collections::BTreeMap;

use recording::{Asked, Call, Keeps};

/// One accepted connection; they are accepted in the order in which the clients connected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    pub read: usize,
    pub written: usize,
    /// The client's end was read.
    pub ended: bool,
    pub closed: bool,
    /// What the server keeps for it, as far as its calls tell.
    pub keeps: Keeps,
}

#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub accounts: Vec<Account>,
    open: BTreeMap<i64, usize>,
}

impl Ledger {
    pub fn enter(&mut self, call: &Call) {
        if let Some(made) = accepted(call) {
            self.open.insert(made, self.accounts.len());
            self.accounts.push(Account::default());
            return;
        }
        let Some(index) = self.about(call) else { return };
        let account = &mut self.accounts[index];
        let bytes = moved(call).unwrap_or(0);
        match &call.asked {
            Asked::Read { .. } | Asked::RecvFrom { .. } | Asked::ReadV { .. } => {
                account.read += bytes;
                account.ended |= call.result() == Some(0);
            }
            Asked::Write { data, .. } | Asked::SendTo { data, .. } => {
                account.written += bytes;
                account.keeps.unsent = data.0.len() - bytes;
            }
            Asked::WriteV { .. } => account.written += bytes,
            Asked::SendFile { count, .. } => {
                account.written += bytes;
                account.keeps.of_file = count - bytes;
            }
            Asked::Close { .. } if call.answer.is_some() => {
                (account.closed, account.keeps) = (true, Keeps::default());
                self.open.retain(|_, open| *open != index);
            }
            _ => {}
        }
    }

    /// Which connection a call is about.
    pub fn about(&self, call: &Call) -> Option<usize> {
        match call.asked {
            Asked::EpollCtl { target, .. } => self.connection(target),
            _ => self.connection(call.asked.descriptor()?),
        }
    }

    pub fn connection(&self, descriptor: i64) -> Option<usize> {
        self.open.get(&descriptor).copied()
    }
}

/// The descriptor of a connection that was accepted.
pub fn accepted(call: &Call) -> Option<i64> {
    match call.asked {
        Asked::Accept { .. } | Asked::Accept4 { .. } => call.made(),
        _ => None,
    }
}

/// How many bytes a call read or wrote, if it did.
pub fn moved(call: &Call) -> Option<usize> {
    call.result()?.try_into().ok()
}

/// How many it was asked to read or write.
pub fn wanted(call: &Call) -> Option<usize> {
    match &call.asked {
        Asked::Read { room, .. }
        | Asked::RecvFrom { room, .. }
        | Asked::PRead64 { room, .. } => Some(*room),
        Asked::Write { data, .. } | Asked::SendTo { data, .. } => Some(data.0.len()),
        Asked::SendFile { count, .. } => Some(*count),
        _ => None,
    }
}
