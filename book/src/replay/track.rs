//! One connection, while a run goes by.

use recording::{Connection as Measured, Keeps};

use super::content::{Content, quoted};
use super::scene::{Connection, Pipe, State};
use crate::record::facts::Call;

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
        let nothing = Measured {
            client: client.to_string(),
            to_server: [0, 0],
            to_client: [0, 0],
            keeps: Keeps::default(),
        };
        Track {
            client: client.to_string(),
            state: State::Queued,
            left: false,
            to_server: Content::default(),
            to_client: Content::default(),
            measured: [nothing.clone(), nothing],
        }
    }

    pub fn undergo(&mut self, call: &Call, accepted: bool) {
        let number = call.number().and_then(|it| usize::try_from(it).ok());
        match call.name.as_str() {
            _ if accepted => self.state = State::Accepted,
            "read" => {
                self.state = State::Req;
                self.to_server.take(number.unwrap_or(0));
            }
            "write" | "sendto" | "sendfile" => {
                self.state = State::Res;
                if let Some(written @ 1..) = number
                    && !self.left
                {
                    self.to_client.push(&quoted(&call.args), written);
                }
            }
            "close" => {
                self.state = State::End;
                self.to_server.take(self.to_server.waiting());
            }
            _ => {}
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
