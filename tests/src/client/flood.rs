//! A flood of questions from a client that doesn't read, for checks of what a slow reader
//! costs.

use std::time::{Duration, Instant};

use super::dialect::Dialect;
use super::{Client, WAKEFUL};
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::amount;
use crate::system::patience::Pause;
use crate::system::sockets::Unread;

/// Questions for a client that doesn't read: more of them than every buffer between it and
/// the server holds, answers included.
pub struct Flood {
    dialect: Dialect,
    questions: Vec<u8>,
    size: usize,
}

const IGNORED: &str = "a client that doesn't read isn't read from either";
const PIECE: usize = 32 * 1024;
/// More than the kernel keeps of the answers.
const GENTLY: usize = 8 << 20;
/// After one of them a blocking server may still get its last write done.
const PIECES_LEFT: usize = 2;
const STALL: Duration = Duration::from_millis(300);

/// What of a flood the server took.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    bytes: usize,
    /// There was no end to it.
    pub all: bool,
}

impl Flood {
    const LINES: usize = 48 * 1024;
    const LINE: usize = 1024;
    const REQUESTS: usize = 160 * 1024;

    pub fn of(dialect: Dialect) -> Flood {
        let (amount, question): (_, fn(usize) -> String) = match dialect {
            Dialect::Echo | Dialect::Lines => (Flood::LINES, numbered_line),
            Dialect::OneRequest => (1, numbered_request),
            Dialect::Requests => (Flood::REQUESTS, numbered_request),
        };
        Flood {
            dialect,
            size: question(0).len(),
            questions: (0..amount).map(question).collect::<String>().into_bytes(),
        }
    }

    /// The client asks and asks without reading an answer, until the server takes no more. One
    /// that takes them all is at fault.
    pub fn send_until_refused(&self, client: &mut Client) -> Attempt {
        let taken = self.send(client)?;
        if taken.all {
            let kept = self.receive(client, taken.bytes / self.size).is_ok();
            return Err(took_all(client, taken, kept));
        }
        Ok(())
    }

    /// The same, of a server that may as well take them all, as long as it answers them.
    pub fn send(&self, client: &mut Client) -> Attempt<Taken> {
        if self.dialect == Dialect::OneRequest {
            client.note("→ a request, and reads no answer");
            client.send_unnoted(&self.questions)?;
            return Ok(Taken { bytes: self.questions.len(), all: false });
        }
        let bytes = client.send_until_refused(&self.questions);
        let all = bytes == self.questions.len();
        client.note(match all {
            true => "→ questions, reading no answer, and the server takes them all",
            false => "→ questions, reading no answer, until the server takes no more",
        });
        Ok(Taken { bytes, all })
    }

    /// The same with whole questions, a few at a time, until the server leaves some unread:
    /// so few that the end of what the client sends still reaches the server.
    pub fn send_gently(&self, client: &mut Client) -> Attempt<Taken> {
        if self.dialect == Dialect::OneRequest {
            return self.send(client);
        }
        let taken = self.send_in_pieces(client)?;
        client.note(match taken.all {
            true => "→ questions, reading no answer, and the server reads them all",
            false => "→ questions, reading no answer, until the server reads no more",
        });
        Ok(taken)
    }

    /// The same, of a server that may as well read them all.
    pub fn send_much(&self, client: &mut Client) -> Attempt {
        if self.dialect == Dialect::OneRequest {
            return self.send(client).map(drop);
        }
        self.send_in_pieces(client)?;
        client.note("→ questions, reading no answer");
        Ok(())
    }

    fn send_in_pieces(&self, client: &mut Client) -> Attempt<Taken> {
        let few = PIECE / self.size * self.size;
        let (mut taken, mut left) = (0, 0);
        while taken < GENTLY && left < PIECES_LEFT {
            client.send_unnoted(&self.questions[taken..taken + few])?;
            taken += few;
            left = if leaves_some_unread(client) { left + 1 } else { 0 };
        }
        Ok(Taken { bytes: taken, all: left < PIECES_LEFT })
    }

    /// The client reads at last: the answers to all the questions, the one that was cut off
    /// included.
    pub fn drain(&self, client: &mut Client, taken: Taken) -> Attempt {
        let begun = taken.bytes.div_ceil(self.size);
        let rest = &self.questions[taken.bytes..begun * self.size];
        let answered = client.while_it_sends(rest, |client| self.receive(client, begun));
        drained(client, taken, answered)
    }

    /// It reads at last, with its sending half closed: every answer, and the end.
    pub fn drain_to_end(&self, client: &mut Client, taken: Taken) -> Attempt {
        let answered = self.receive(client, taken.bytes / self.size);
        drained(client, taken, answered)?;
        client.expect_end()
    }

    /// So many answers.
    fn receive(&self, client: &mut Client, amount: usize) -> Attempt {
        client.widen();
        for number in 0..amount {
            match self.dialect {
                Dialect::Echo => client.receive(numbered_line(number).as_bytes())?,
                Dialect::Lines => {
                    let line = numbered_line(number);
                    client.counted(line.trim_end(), number as u64 + 1)?;
                }
                Dialect::OneRequest | Dialect::Requests => {
                    client.quiet_response("GET")?.expect_status(200)?;
                }
            }
        }
        Ok(())
    }
}

fn numbered_line(number: usize) -> String {
    format!("{number:0>width$}\n", width = Flood::LINE - 1)
}

fn numbered_request(number: usize) -> String {
    let head = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Number";
    format!("{head}: {number:0>150}\r\n\r\n")
}

/// Whether what was sent still waits when nothing was read for a while. What hasn't
/// arrived doesn't count: a client with a small buffer drops much of what the server
/// says, acknowledgements included, and then sends again what had arrived.
fn leaves_some_unread(client: &Client) -> bool {
    let mut before = Unread::default();
    let (mut since, mut wakeful) = (Instant::now(), 0);
    let mut pause = Pause::new();
    while wakeful < WAKEFUL {
        let unread = client.unread().unwrap_or_default();
        if unread.total() == 0 {
            return false;
        }
        if before != unread {
            (before, since) = (unread, Instant::now());
        }
        if since.elapsed() > STALL {
            if unread.arrived > 0 && client.peer.process.sleeps() {
                return true;
            }
            (since, wakeful) = (Instant::now(), wakeful + 1);
        }
        pause.sleep();
    }
    true
}

/// Which of the answers is the first to be lost differs from run to run if there was no end to
/// what the server takes.
fn drained(client: &Client, taken: Taken, answered: Attempt) -> Attempt {
    match answered {
        Err(_) if taken.all => return Err(took_all(client, taken, false)),
        answered => answered?,
    }
    client.note("← every answer, in order");
    Ok(())
}

fn took_all(client: &Client, taken: Taken, kept: bool) -> Box<Failure> {
    let then = match kept {
        true => "keeps the answers in memory",
        false => "doesn't answer them all",
    };
    let received = format!("it takes all {}, and {then}", amount(taken.bytes));
    let expected = "the server stops taking what it sends";
    Failure::fact(IGNORED, expected, received).of(&client.name)
}
