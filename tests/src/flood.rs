//! A client that asks and doesn't read, for checks of what a slow reader costs.

use std::net::Shutdown;
use std::thread;
use std::time::{Duration, Instant};

use crate::check::Attempt;
use crate::client::{Client, WAKEFUL};
use crate::dialect::Dialect;
use crate::failure::Failure;
use crate::patience::Wait;
use crate::sockets::{Pause, Unread};
use crate::transcript::amount;
use crate::writing::write_patiently;

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

    /// So much was taken; this many questions were begun.
    fn begun(&self, taken: usize) -> usize {
        taken.div_ceil(self.size)
    }
}

fn numbered_line(number: usize) -> String {
    format!("{number:0>width$}\n", width = Flood::LINE - 1)
}

fn numbered_request(number: usize) -> String {
    let head = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Number";
    format!("{head}: {number:0>150}\r\n\r\n")
}

impl Client {
    /// Asks and asks without reading an answer, until the server takes no more. One that takes
    /// them all is at fault.
    pub fn flood(&mut self, flood: &Flood) -> Attempt {
        let taken = self.flood_at_most(flood)?;
        if taken.all {
            let kept = self.answers(flood, taken.bytes / flood.size).is_ok();
            return Err(self.took_all(taken, kept));
        }
        Ok(())
    }

    /// The same, of a server that may as well take them all, as long as it answers them.
    pub fn flood_at_most(&mut self, flood: &Flood) -> Attempt<Taken> {
        if flood.dialect == Dialect::OneRequest {
            self.note("→ a request, and reads no answer");
            self.send_unnoted(&flood.questions)?;
            return Ok(Taken { bytes: flood.questions.len(), all: false });
        }
        let bytes = self.send_until_refused(&flood.questions);
        let all = bytes == flood.questions.len();
        self.note(match all {
            true => "→ questions, reading no answer, and the server takes them all",
            false => "→ questions, reading no answer, until the server takes no more",
        });
        Ok(Taken { bytes, all })
    }

    /// Reads at last: the answers to all the questions, the one that was cut off included.
    pub fn drain(&mut self, flood: &Flood, taken: Taken) -> Attempt {
        let begun = flood.begun(taken.bytes);
        let rest = &flood.questions[taken.bytes..begun * flood.size];
        let answered = self.while_it_sends(rest, |client| client.answers(flood, begun));
        self.drained(taken, answered)
    }

    /// Which of them is the first to be lost differs from run to run if there was no end to
    /// what the server takes.
    fn drained(&self, taken: Taken, answered: Attempt) -> Attempt {
        match answered {
            Err(_) if taken.all => return Err(self.took_all(taken, false)),
            answered => answered?,
        }
        self.note("← every answer, in order");
        Ok(())
    }

    fn took_all(&self, taken: Taken, kept: bool) -> Box<Failure> {
        let then = match kept {
            true => "keeps the answers in memory",
            false => "doesn't answer them all",
        };
        let received = format!("it takes all {}, and {then}", amount(taken.bytes));
        let expected = "the server stops taking what it sends";
        Failure::fact(IGNORED, expected, received).of(&self.name)
    }

    /// Receives while a thread sends, so that neither waits for the other.
    pub(crate) fn while_it_sends(
        &mut self,
        bytes: &[u8],
        receive: impl FnOnce(&mut Client) -> Attempt,
    ) -> Attempt {
        let socket = self.socket.try_clone();
        let socket = socket
            .map_err(|error| Failure::own("send and receive at the same time", error))?;
        let (server, patience) = (self.server, self.patience);
        thread::scope(|scope| {
            scope.spawn(move || write_patiently(&socket, bytes, server, patience));
            let received = receive(self);
            if received.is_err() {
                let _ = self.socket.shutdown(Shutdown::Both);
            }
            received
        })
    }

    /// The same with whole questions, a few at a time, until the server leaves some unread:
    /// so few that the end of what the client sends still reaches the server.
    pub fn flood_gently(&mut self, flood: &Flood) -> Attempt<Taken> {
        if flood.dialect == Dialect::OneRequest {
            return self.flood_at_most(flood);
        }
        let taken = self.ask_gently(flood)?;
        self.note(match taken.all {
            true => "→ questions, reading no answer, and the server reads them all",
            false => "→ questions, reading no answer, until the server reads no more",
        });
        Ok(taken)
    }

    /// The same, of a server that may as well read them all.
    pub fn ask_for_much(&mut self, flood: &Flood) -> Attempt {
        if flood.dialect == Dialect::OneRequest {
            return self.flood_at_most(flood).map(drop);
        }
        self.ask_gently(flood)?;
        self.note("→ questions, reading no answer");
        Ok(())
    }

    fn ask_gently(&mut self, flood: &Flood) -> Attempt<Taken> {
        let few = PIECE / flood.size * flood.size;
        let (mut taken, mut left) = (0, 0);
        while taken < GENTLY && left < PIECES_LEFT {
            self.send_unnoted(&flood.questions[taken..taken + few])?;
            taken += few;
            left = if self.leaves_some_unread() { left + 1 } else { 0 };
        }
        Ok(Taken { bytes: taken, all: left < PIECES_LEFT })
    }

    /// Whether what was sent still waits when nothing was read for a while. What hasn't
    /// arrived doesn't count: a client with a small buffer drops much of what the server
    /// says, acknowledgements included, and then sends again what had arrived.
    fn leaves_some_unread(&self) -> bool {
        let mut before = Unread::default();
        let (mut since, mut wakeful) = (Instant::now(), 0);
        let mut pause = Pause::new();
        while wakeful < WAKEFUL {
            let unread = self.unread().unwrap_or_default();
            if unread.total() == 0 {
                return false;
            }
            if before != unread {
                (before, since) = (unread, Instant::now());
            }
            if since.elapsed() > STALL {
                if unread.arrived > 0 && self.server.sleeps() {
                    return true;
                }
                (since, wakeful) = (Instant::now(), wakeful + 1);
            }
            pause.sleep();
        }
        true
    }

    /// Waits until all that it sent, the end included, is with the server, read or not. If
    /// there is no room for it, that is as good.
    pub fn until_arrived(&self) {
        let (mut wait, mut pause) = (Wait::new(self.server, self.patience), Pause::new());
        while self.unread().is_some_and(|unread| unread.on_the_way > 0) && !wait.is_over()
        {
            pause.sleep();
        }
    }

    /// Reads at last, with its sending half closed: every answer, and the end.
    pub fn drain_to_end(&mut self, flood: &Flood, taken: Taken) -> Attempt {
        let answered = self.answers(flood, taken.bytes / flood.size);
        self.drained(taken, answered)?;
        self.expect_end()
    }

    fn answers(&mut self, flood: &Flood, amount: usize) -> Attempt {
        self.widen();
        for number in 0..amount {
            match flood.dialect {
                Dialect::Echo => self.receive(numbered_line(number).as_bytes())?,
                Dialect::Lines => {
                    let line = numbered_line(number);
                    self.counted(line.trim_end(), number as u64 + 1)?;
                }
                Dialect::OneRequest | Dialect::Requests => {
                    self.quiet_response("GET")?.expect_status(200)?;
                }
            }
        }
        Ok(())
    }
}
