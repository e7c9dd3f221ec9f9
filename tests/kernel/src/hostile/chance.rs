//! All that is drawn: which calls fail, how many bytes go at once, and how long they take.

use std::collections::BTreeMap;

use fastrand::Rng;
use recording::hostile::{Fault, Hostility};

pub struct Chance {
    rng: Rng,
    /// What getrandom(2) gives, whatever else is drawn.
    entropy: Rng,
    faults: bool,
    /// How often each fault is made, in a thousand.
    odds: BTreeMap<Fault, u32>,
    without: Vec<Fault>,
    /// How many failures each descriptor has had without one call that went well.
    failures: BTreeMap<i64, u32>,
    /// How many it may have, so that a program that tries again gets on.
    most_failures: u32,
    /// How often something happens while the program runs, in a thousand.
    meanwhile: u32,
}

/// In which pieces bytes go over a connection.
#[derive(Clone, Copy)]
pub enum Pace {
    Whole,
    Segments,
    Mixed,
    /// One, two or three bytes, at the beginning.
    Tiny,
}

/// After so many bytes a connection has shown what tiny pieces do.
const TINY: usize = 300;
const SEGMENT: usize = 1460;
const ROOMS: [usize; 2] = [16, 256 * 1024];
pub const MILLISECOND: u64 = 1_000_000;

impl Chance {
    pub fn new(orders: &Hostility) -> Chance {
        let mut rng = Rng::with_seed(orders.seed);
        // Drawn apart, so that for programs that use poll(2) each seed is the run that it was.
        let mut of_epoll = Rng::with_seed(orders.seed ^ 0xe9011);
        let entropy = Rng::with_seed(orders.seed ^ 0x5eed);
        let odds = Fault::ALL.iter().map(|fault| {
            let rng = if fault.is_of_epoll() { &mut of_epoll } else { &mut rng };
            let odds = match rng.u32(0..10) {
                0..4 => 0,
                4..7 => 20,
                7..9 => 150,
                _ => 500,
            };
            (*fault, odds)
        });
        let odds = odds.collect();
        let most_failures = rng.u32(1..=4);
        let meanwhile = [0, 50, 300][rng.usize(0..3)];
        Chance {
            rng,
            entropy,
            faults: orders.faults,
            odds,
            without: orders.without.clone(),
            failures: BTreeMap::new(),
            most_failures,
            meanwhile,
        }
    }

    /// The first of these faults that is made now, for this descriptor. None of them is, and
    /// the call goes well, often enough.
    pub fn failure(&mut self, fd: i64, faults: &[Fault]) -> Option<Fault> {
        let spared = self.failures.get(&fd).is_some_and(|it| *it >= self.most_failures);
        let struck = faults.iter().copied().find(|fault| self.strikes(*fault));
        let struck = struck.filter(|_| !spared);
        match struck {
            Some(_) => *self.failures.entry(fd).or_default() += 1,
            None => _ = self.failures.remove(&fd),
        }
        struck
    }

    /// Whether this fault is made now. What is switched off is drawn as well, so that all else
    /// stays as it was.
    pub fn strikes(&mut self, fault: Fault) -> bool {
        if !self.faults {
            return false;
        }
        let strikes = self.rng.u32(0..1000) < self.odds[&fault];
        strikes && !self.without.contains(&fault)
    }

    /// How many of so many bytes a short call takes.
    pub fn short(&mut self, most: usize) -> usize {
        let scale = self.rng.u32(0..=most.max(1).ilog2());
        self.rng.usize(1..=most.min(2 << scale).max(1))
    }

    pub fn pace(&mut self) -> Pace {
        if !self.faults {
            return Pace::Whole;
        }
        [Pace::Whole, Pace::Segments, Pace::Mixed, Pace::Tiny][self.rng.usize(0..4)]
    }

    /// How many of `most` bytes go next, where `gone` have gone.
    pub fn piece(&mut self, pace: Pace, gone: usize, most: usize) -> usize {
        match pace {
            Pace::Whole => most,
            Pace::Segments => most.min(SEGMENT),
            Pace::Tiny if gone < TINY => most.min(self.rng.usize(1..=3)),
            // The more have gone, the less is there to learn from small pieces.
            Pace::Mixed | Pace::Tiny => self.short(most).max(gone / 50).min(most),
        }
    }

    /// How much a buffer of a socket holds.
    pub fn room(&mut self) -> usize {
        if !self.faults {
            return ROOMS[1];
        }
        let scale = self.rng.u32(ROOMS[0].ilog2()..ROOMS[1].ilog2());
        self.rng.usize(1 << scale..=2 << scale)
    }

    /// How long bytes are on their way, in nanoseconds.
    pub fn delay(&mut self) -> u64 {
        if !self.faults {
            return 0;
        }
        match self.rng.u32(0..20) {
            0..8 => 0,
            8..19 => self.rng.u64(0..=MILLISECOND),
            _ => self.rng.u64(0..=50 * MILLISECOND),
        }
    }

    /// Whether bytes arrive or leave before the next call.
    pub fn something_happens_meanwhile(&mut self) -> bool {
        self.faults && self.rng.u32(0..1000) < self.meanwhile
    }

    /// How long the process doesn't run.
    pub fn lost_time(&mut self) -> u64 {
        self.rng.u64(0..5000 * MILLISECOND)
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.rng.usize(0..all.len())]
    }

    pub fn entropy(&mut self, room: usize) -> Vec<u8> {
        (0..room).map(|_| self.entropy.u8(..)).collect()
    }
}
