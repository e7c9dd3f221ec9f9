//! How a client goes about what it has to say: in which pieces, with what pauses, and how it
//! reads and ends.

use fastrand::Rng;
use recording::Data;
use recording::hostile::Act;

use super::plan::{Manner, Owed, Speech};

pub struct Acted {
    pub acts: Vec<Act>,
    pub due: Vec<Option<usize>>,
    pub manner: Manner,
}

struct Acting<'a> {
    rng: &'a mut Rng,
    acts: Vec<Act>,
    due: Vec<Option<usize>>,
    reads: bool,
    /// How many answers all that was sent is owed.
    owed: usize,
}

pub fn draw(rng: &mut Rng, speech: &Speech) -> Acted {
    let mut acting =
        Acting { rng, acts: Vec::new(), due: Vec::new(), reads: true, owed: 0 };
    acting.connect();
    let leaves_early = acting.rng.u8(0..6) == 0;
    let goes_after = acting.rng.usize(0..=speech.messages.len());
    let mut pending = Vec::new();
    let mut count = 0;
    for (number, message) in speech.messages.iter().enumerate() {
        if leaves_early && number == goes_after {
            break;
        }
        pending.extend(message);
        count += match speech.owed {
            Owed::Echo(_) => message.len(),
            _ => 1,
        };
        if acting.rng.bool() || number + 1 == speech.messages.len() {
            acting.say(std::mem::take(&mut pending), count);
        }
    }
    let manner = match leaves_early {
        true => acting.leave_early(),
        false => acting.end(speech.is_ended),
    };
    Acted { acts: acting.acts, due: acting.due, manner }
}

impl Acting<'_> {
    fn connect(&mut self) {
        if self.rng.bool() {
            let pause = self.rng.u64(0..20);
            self.acts.push(Act::Wait(pause));
        }
        self.acts.push(Act::Connect);
    }

    fn rest(&mut self) {
        self.acts.push(Act::Rest);
        self.due.push(self.reads.then_some(self.owed));
    }

    fn pause(&mut self) {
        match self.rng.u8(0..4) {
            0 | 1 => {}
            2 => self.rest(),
            _ => {
                let pause = self.rng.u64(0..50);
                self.acts.push(Act::Wait(pause));
            }
        }
    }

    /// At once or in two pieces.
    fn say(&mut self, mut bytes: Vec<u8>, owed: usize) {
        self.read_otherwise();
        if self.rng.bool() && bytes.len() > 1 {
            let rest = bytes.split_off(self.rng.usize(1..bytes.len()));
            self.acts.push(Act::Send(Data(bytes)));
            self.pause();
            bytes = rest;
        }
        self.acts.push(Act::Send(Data(bytes)));
        self.owed = owed;
        self.pause();
    }

    fn read_otherwise(&mut self) {
        let act = match self.rng.u8(0..10) {
            0 => Act::StopReading,
            1 => {
                let (bytes, pause) = (self.rng.usize(1..5000), self.rng.u64(1..20));
                Act::ReadSlowly { bytes, pause }
            }
            2 => Act::Read,
            _ => return,
        };
        self.reads = act == Act::Read;
        self.acts.push(act);
    }

    fn leave_early(&mut self) -> Manner {
        if self.rng.bool() {
            self.pause();
        }
        if self.rng.u8(0..4) == 0 {
            self.acts.push(Act::HalfClose);
        }
        let resets = self.rng.u8(0..3) > 0;
        self.acts.push(if resets { Act::Reset } else { Act::Close });
        Manner::Leaves
    }

    fn end(&mut self, is_ended: bool) -> Manner {
        if !self.reads && self.rng.bool() {
            self.rest();
        }
        let way = self.rng.u8(0..4);
        if way < 2 && !is_ended {
            self.acts.push(Act::HalfClose);
        }
        self.reads = true;
        self.acts.push(Act::Read);
        self.rest();
        match way {
            _ if is_ended => Manner::Ends,
            0 | 1 => Manner::Ends,
            2 => Manner::Stays,
            _ => {
                self.acts.push(Act::Close);
                Manner::Leaves
            }
        }
    }
}
