//! A client that sends and receives at the same time, so that neither waits for the other.

use std::net::{Shutdown, TcpStream};
use std::thread;

use super::writing::{write_patiently, write_within};
use super::{Client, Peer};
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::amount;

/// How far `exchange` sends ahead of what came back: less than any socket's buffer holds.
const AHEAD: usize = 32 * 1024;

impl Client {
    /// Sends while it receives, never far ahead, so that no buffer between the two fills up.
    pub fn exchange(&mut self, sent: &[u8], expected: &[u8]) -> Attempt {
        self.note(format!("→ {}", amount(sent.len())));
        let (mut at, mut back) = (0, 0);
        while at < sent.len() || back < expected.len() {
            let ahead = sent.len().min(back.max(AHEAD / 2) + AHEAD / 2);
            if at < ahead {
                self.send_unnoted(&sent[at..ahead])?;
                at = ahead;
            }
            let next = expected.len().min(back + AHEAD / 4);
            self.receive(&expected[back..next])?;
            back = next;
        }
        match sent == expected {
            true => self.note(format!("← the same {}, in order", amount(sent.len()))),
            false => self.note(format!("← {}, as expected", amount(expected.len()))),
        }
        Ok(())
    }

    /// Receives while a thread sends this.
    pub(crate) fn while_it_sends(
        &mut self,
        bytes: &[u8],
        receive: impl FnOnce(&mut Client) -> Attempt,
    ) -> Attempt {
        let Peer { process, patience, .. } = self.peer;
        let send = |socket: &TcpStream| {
            write_patiently(socket, bytes, process, patience).unwrap_or_else(|it| it)
        };
        let (_, received) = self.at_once(send, receive)?;
        received
    }

    /// Everything up to the end, while a thread sends what the server didn't take before, and
    /// then says that no more comes.
    pub(crate) fn send_the_rest_and_read(&mut self, rest: &[u8]) -> Attempt<Vec<u8>> {
        let patience = self.peer.patience;
        self.notes_half_close();
        self.widen();
        let send = |socket: &TcpStream| {
            let taken = write_within(socket, rest, patience).unwrap_or_else(|it| it);
            if taken == rest.len() {
                let _ = socket.shutdown(Shutdown::Write);
            }
            taken
        };
        let (taken, received) = self.at_once(send, Client::read_to_end)?;
        match received {
            Err(_) if taken < rest.len() => Err(self.not_taken(rest.len(), taken)),
            received => received,
        }
    }

    /// How much was sent, and what was received. When nothing more is, the sending ends, too.
    fn at_once<T>(
        &mut self,
        send: impl FnOnce(&TcpStream) -> usize + Send,
        receive: impl FnOnce(&mut Client) -> Attempt<T>,
    ) -> Attempt<(usize, Attempt<T>)> {
        let socket = self.socket.try_clone();
        let socket = socket
            .map_err(|error| Failure::own("send and receive at the same time", error))?;
        thread::scope(|scope| {
            let sending = scope.spawn(move || send(&socket));
            let received = receive(self);
            if received.is_err() {
                let _ = self.socket.shutdown(Shutdown::Both);
            }
            Ok((sending.join().expect("it doesn't panic"), received))
        })
    }
}
