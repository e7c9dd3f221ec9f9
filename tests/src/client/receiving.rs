//! The verbs of a client that receive: exact bytes, lines, or whatever comes.

use std::io::{ErrorKind, Read};
use std::mem::MaybeUninit;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::net::{RecvFlags, recv};
use socket2::SockRef;

use super::Client;
use super::inbox::Heard;
use crate::evidence::failure::{Attempt, Failure, Kind, parting};
use crate::system::patience::Wait;
use crate::system::sockets::End;

/// After a stall the kernels may take so long to hand over what the server has written.
const DELIVERED: Duration = Duration::from_secs(5);

impl Client {
    /// [`Client::expect`] without a word in the transcript.
    pub(crate) fn receive(&mut self, expected: &[u8]) -> Attempt {
        let mut matched = 0;
        loop {
            let received = self.inbox.unread();
            let upto = received.len().min(expected.len());
            if received[matched..upto] != expected[matched..upto] {
                return Err(self.unexpected(Heard::More, expected));
            }
            matched = upto;
            if matched == expected.len() {
                self.inbox.skip(matched);
                return Ok(());
            }
            self.hear_more(expected)?;
        }
    }

    /// Waits for the first bytes of a response.
    pub fn until_answered(&mut self) -> Attempt {
        if self.inbox.unread().is_empty() {
            self.hear_more(b"HTTP/1.1 ")?;
        }
        Ok(())
    }

    /// Everything that still comes, up to the end.
    pub fn read_to_end(&mut self) -> Attempt<Vec<u8>> {
        let mut all = Vec::new();
        loop {
            match self.hear(self.peer.patience) {
                Heard::More => all.append(&mut self.inbox.take_all()),
                Heard::End => {
                    all.append(&mut self.inbox.take_all());
                    return Ok(all);
                }
                Heard::Silence => return Err(self.no_end()),
                Heard::Reset => return Err(self.failure(Kind::ResetAtEnd)),
            }
        }
    }

    /// Everything that still comes, up to the end or a reset.
    pub fn read_until_it_ends(&mut self) -> Attempt<Vec<u8>> {
        let mut all = self.inbox.take_all();
        loop {
            match self.hear(self.peer.patience) {
                Heard::More => all.append(&mut self.inbox.take_all()),
                Heard::End | Heard::Reset => return Ok(all),
                Heard::Silence => return Err(self.unexpected(Heard::Silence, b"")),
            }
        }
    }

    /// What is there already, without a wait for more, and whether an end is.
    pub fn take_what_came(&mut self) -> (Vec<u8>, Heard) {
        let mut buffer = [0; 16 * 1024];
        loop {
            let heard = match recv(&self.socket, &mut buffer, RecvFlags::DONTWAIT) {
                Ok((0, _)) => Heard::End,
                Ok((read, _)) => {
                    self.inbox.push(&buffer[..read]);
                    continue;
                }
                Err(Errno::INTR) => continue,
                Err(Errno::AGAIN) => Heard::Silence,
                Err(_) => Heard::Reset,
            };
            return (self.inbox.take_all(), heard);
        }
    }

    /// Up to the next line feed, that included.
    pub(super) fn receive_line(&mut self) -> Attempt<String> {
        loop {
            let unread = self.inbox.unread();
            if let Some(end) = unread.iter().position(|byte| *byte == b'\n') {
                let line = self.inbox.take(end + 1);
                return Ok(String::from_utf8_lossy(&line).into_owned());
            }
            self.hear_more(b"\n")?;
        }
    }

    /// Whether anything has come that it hasn't looked at, the end included.
    pub fn has_heard(&self) -> bool {
        let mut byte = [MaybeUninit::<u8>::uninit(); 1];
        let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
        let waits = recv(&self.socket, &mut byte, flags).is_err();
        !waits || !self.inbox.unread().is_empty()
    }

    /// Passes over what has come, and says how much it was. The kernel throws it away, see
    /// tcp(7) on `MSG_TRUNC`: no other reader is as fast.
    pub fn skim(&mut self) -> Attempt<u64> {
        const MOST: usize = 1 << 20;
        let some = self.inbox.unread().len();
        if some > 0 {
            self.inbox.skip(some);
            return Ok(some as u64);
        }
        let mut nothing = Box::<[u8]>::new_uninit_slice(MOST);
        let (mut wait, mut time) = (self.wait(), self.peer.patience);
        loop {
            let _ = self.socket.set_read_timeout(Some(time));
            return match recv(&self.socket, &mut nothing[..], RecvFlags::TRUNC) {
                Ok((_, 0)) => Err(self.unexpected(Heard::End, b"more of the body")),
                Ok((_, count)) => Ok(count as u64),
                Err(Errno::AGAIN) if !wait.is_over() => {
                    time = Wait::GLANCE;
                    continue;
                }
                Err(_) => Err(self.unexpected(Heard::Silence, b"more of the body")),
            };
        }
    }

    /// Passes over some bytes of a body, and says how many.
    pub fn skip_some(&mut self, most: u64) -> Attempt<u64> {
        if self.inbox.unread().is_empty() {
            self.hear_more(b"more of the body")?;
        }
        let some =
            self.inbox.unread().len().min(usize::try_from(most).unwrap_or(usize::MAX));
        self.inbox.skip(some);
        Ok(some as u64)
    }

    /// More comes, of which this was expected.
    pub(super) fn hear_more(&mut self, expected: &[u8]) -> Attempt {
        match self.hear(self.peer.patience) {
            Heard::More => Ok(()),
            heard => Err(self.unexpected(heard, expected)),
        }
    }

    /// Waits for more bytes and puts them into the inbox. Silence is the server's only when it
    /// sleeps, and when all that it said has come: after a stall the kernels may take seconds to
    /// hand over what the server has written.
    pub(super) fn hear(&mut self, patience: Duration) -> Heard {
        let (start, mut wait) = (Instant::now(), Wait::new(self.peer.process, patience));
        let mut time = patience;
        loop {
            match self.hear_within(time) {
                Heard::Silence if !wait.is_over() => time = Wait::GLANCE,
                Heard::Silence if self.is_owed_more() && start.elapsed() < DELIVERED => {
                    time = Wait::GLANCE;
                }
                heard => return heard,
            }
        }
    }

    fn hear_within(&mut self, time: Duration) -> Heard {
        let _ = self.socket.set_read_timeout(Some(time.max(Duration::from_millis(1))));
        let mut buffer = [0; 64 * 1024];
        loop {
            return match self.socket.read(&mut buffer) {
                Ok(0) => Heard::End,
                Ok(read) => {
                    self.inbox.push(&buffer[..read]);
                    Heard::More
                }
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => continue,
                    ErrorKind::WouldBlock | ErrorKind::TimedOut => Heard::Silence,
                    _ => Heard::Reset,
                },
            };
        }
    }

    /// Whether the server's kernel still has something for this client.
    fn is_owed_more(&self) -> bool {
        let ends = (self.socket.peer_addr(), self.socket.local_addr());
        let (Ok(server), Ok(own)) = ends else { return false };
        End::of(server, own).is_some_and(|end| end.unacknowledged > 0)
    }

    /// A client with small buffers reads at last, and fast.
    pub(crate) fn widen(&self) {
        let _ = SockRef::from(&self.socket).set_recv_buffer_size(1 << 20);
    }

    pub(super) fn no_end(&self) -> Box<Failure> {
        self.failure(Kind::NoEnd { waited: self.peer.patience })
    }

    /// What came instead of the expected bytes; of much, the part around the difference.
    pub(super) fn unexpected(&mut self, heard: Heard, expected: &[u8]) -> Box<Failure> {
        let received = self.inbox.take_all();
        let at = parting(expected, &received).saturating_sub(1024);
        let expected = expected[at..].iter().copied().take(4096).collect();
        let received = received[at..].iter().copied().take(4096).collect();
        self.failure(match heard {
            Heard::More => Kind::Different { expected, received },
            Heard::End => Kind::ClosedEarly { expected, received },
            Heard::Reset => Kind::Reset { expected, received },
            Heard::Silence => {
                Kind::Silence { expected, received, waited: self.peer.patience }
            }
        })
    }
}
