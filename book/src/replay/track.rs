//! One connection, while a run goes by.

use recording::{Asked, Call, Connection as Measured};

use super::content::Content;
use super::scene::{Connection, Pipe, State};
use crate::record::ledger::{accepted, moved};

#[derive(Default)]
pub struct Track {
    pub client: String,
    pub state: State,
    pub left: bool,
    pub to_server: Content,
    pub to_client: Content,
    /// What the kernel measured at the end of the event before, and of this one.
    pub measured: [Measured; 2],
}

impl Track {
    pub fn new(client: &str) -> Track {
        Track { client: client.to_string(), ..Track::default() }
    }

    pub fn undergo(&mut self, call: &Call) {
        match &call.asked {
            _ if accepted(call).is_some() => self.state = State::Accepted,
            Asked::Read { .. } => {
                if self.state != State::Linger {
                    self.state = State::Req;
                }
                self.to_server.take(moved(call).unwrap_or(0));
            }
            Asked::Write { data, .. } | Asked::SendTo { data, .. } => {
                self.write(call, &data.0);
            }
            Asked::SendFile { .. } => self.write(call, &[]),
            Asked::Shutdown { .. } => self.state = State::Linger,
            Asked::Close { .. } => {
                self.state = State::End;
                self.to_server.take(self.to_server.waiting());
            }
            _ => {}
        }
    }

    fn write(&mut self, call: &Call, data: &[u8]) {
        self.state = State::Res;
        if let Some(written @ 1..) = moved(call)
            && !self.left
        {
            self.to_client.push(data, written);
        }
    }

    pub fn shown(&self) -> Connection {
        let [before, now] = &self.measured;
        let to_server = pipe(&self.to_server, before.to_server, now.to_server);
        let mut to_client = pipe(&self.to_client, before.to_client, now.to_client);
        if self.left {
            to_client = Pipe::default();
        }
        let (client, state, left) = (self.client.clone(), self.state, self.left);
        Connection { client, state, to_server, to_client, left }
    }
}

/// Where the bytes are between two measurements: with the receiver, as far as its buffer
/// took any before or after.
fn pipe(content: &Content, before: [usize; 2], now: [usize; 2]) -> Pipe {
    let total = content.waiting();
    let room = match before[0] + now[0] {
        0 => total,
        _ => before[1].max(now[1]),
    };
    let receive = total.min(room);
    Pipe { send: total - receive, receive, text: content.text() }
}
