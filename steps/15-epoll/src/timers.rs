use std::iter;
use std::time::{Duration, Instant};

const SLOTS: usize = 64;
const TICKS: u64 = 62;

pub struct Timers {
    start: Instant,
    tick: u64,
    now: u64,
    filled: u64,
    nodes: Vec<Node>,
}

#[derive(Clone, Copy)]
struct Node {
    before: usize,
    after: usize,
}

impl Timers {
    pub fn new(patience: Duration) -> Timers {
        let tick = (patience.as_nanos() as u64).div_ceil(TICKS);
        let nodes = (0..SLOTS).map(Node::alone).collect();
        Timers { start: Instant::now(), tick, now: 0, filled: 0, nodes }
    }

    pub fn set(&mut self, key: usize) {
        let (node, slot) = (SLOTS + key, (self.now as usize + SLOTS - 1) % SLOTS);
        while self.nodes.len() <= node {
            self.nodes.push(Node::alone(self.nodes.len()));
        }
        self.cancel(key);
        let last = self.nodes[slot].before;
        self.nodes[node] = Node { before: last, after: slot };
        self.nodes[last].after = node;
        self.nodes[slot].before = node;
        self.filled |= 1 << slot;
    }

    pub fn cancel(&mut self, key: usize) {
        let Node { before, after } = self.nodes[SLOTS + key];
        self.nodes[before].after = after;
        self.nodes[after].before = before;
        self.nodes[SLOTS + key] = Node::alone(SLOTS + key);
    }

    pub fn is_set(&self, key: usize) -> bool {
        !self.is_alone(SLOTS + key)
    }

    pub fn left(&mut self, now: Instant) -> Option<Duration> {
        let next = self.start + Duration::from_nanos(self.next()? * self.tick);
        Some(next.saturating_duration_since(now))
    }

    pub fn pass(&mut self, now: Instant) -> Vec<usize> {
        let now = now.duration_since(self.start).as_nanos() as u64 / self.tick;
        let mut late = Vec::new();
        while let Some(next) = self.next()
            && next <= now
        {
            let key = self.nodes[next as usize % SLOTS].after - SLOTS;
            self.cancel(key);
            late.push(key);
        }
        self.now = now;
        late
    }

    pub fn keys(&self) -> impl Iterator<Item = usize> {
        let slots = (1..SLOTS).map(|ahead| (self.now as usize + ahead) % SLOTS);
        let nodes = slots.flat_map(|slot| {
            let after = |node: &usize| Some(self.nodes[*node].after);
            iter::successors(after(&slot), after).take_while(|node| *node >= SLOTS)
        });
        nodes.map(|node| node - SLOTS)
    }

    fn next(&mut self) -> Option<u64> {
        while self.filled != 0 {
            let soonest = self.now + 1;
            let ahead = self.filled.rotate_right(soonest as u32 % 64).trailing_zeros();
            let next = soonest + u64::from(ahead);
            if !self.is_alone(next as usize % SLOTS) {
                return Some(next);
            }
            self.filled &= !(1 << (next % 64));
        }
        None
    }

    fn is_alone(&self, node: usize) -> bool {
        self.nodes[node].after == node
    }
}

impl Node {
    fn alone(node: usize) -> Node {
        Node { before: node, after: node }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_passes_at_the_next_tick_and_never_before() {
        let mut timers = Timers::new(Duration::from_secs(TICKS));
        let start = timers.start;
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        assert!(timers.pass(at(900)).is_empty());
        timers.set(7);
        timers.set(2);
        assert!(timers.pass(at(2_000)).is_empty());
        timers.set(5);
        timers.set(2);
        timers.set(3);
        timers.cancel(3);
        assert_eq!(timers.keys().collect::<Vec<_>>(), [7, 5, 2]);
        assert_eq!(timers.left(at(2_100)), Some(Duration::from_millis(60_900)));
        assert!(timers.pass(at(62_999)).is_empty());
        assert_eq!(timers.pass(at(63_000)), [7]);
        assert_eq!(timers.pass(at(999_999)), [5, 2]);
        assert_eq!((timers.left(at(0)), timers.is_set(2)), (None, false));
    }
}
