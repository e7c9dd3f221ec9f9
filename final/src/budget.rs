//! Memory that requests can make the server hold, counted in one place.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many bytes may still be reserved, by whoever has a clone of it, on whichever thread.
#[derive(Clone)]
pub struct Budget(Arc<AtomicUsize>);

impl Budget {
    /// A budget of so many bytes.
    pub fn new(bytes: usize) -> Budget {
        Budget(Arc::new(AtomicUsize::new(bytes)))
    }

    /// Takes so many bytes out of the budget, or nothing if there aren't so many.
    pub fn reserve(&self, bytes: usize) -> Option<Reservation> {
        let mut reservation = Reservation { budget: self.clone(), bytes: 0 };
        reservation.resize(bytes).then_some(reservation)
    }
}

/// Bytes that are taken out of a budget, and go back to it when this is dropped.
pub struct Reservation {
    budget: Budget,
    bytes: usize,
}

impl Reservation {
    /// How many bytes it holds.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Makes it so many bytes, and says whether there was room. If there wasn't, nothing changes.
    pub fn resize(&mut self, bytes: usize) -> bool {
        let left = &self.budget.0;
        let resized = |left: usize| (left + self.bytes).checked_sub(bytes);
        let has_room = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, resized);
        if has_room.is_ok() {
            self.bytes = bytes;
        }
        has_room.is_ok()
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.0.fetch_add(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn what_is_reserved_comes_back() {
        let budget = Budget::new(10);
        let mut a = budget.reserve(4).expect("there is room");
        assert!(a.resize(9) && !a.resize(11) && a.resize(7));
        assert!(budget.reserve(4).is_none());
        let b = budget.reserve(3).expect("there is room");
        assert_eq!((a.bytes(), b.bytes()), (7, 3));
        drop(a);
        assert_eq!(budget.reserve(7).expect("it came back").bytes(), 7);
    }

    #[test]
    fn threads_never_take_more_than_there_is() {
        let budget = Budget::new(1000);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..10_000 {
                        let mut room = budget.reserve(300);
                        room.as_mut().map(|room| room.resize(301));
                        assert!(budget.0.load(Ordering::Relaxed) <= 1000);
                    }
                });
            }
        });
        assert!(budget.reserve(1000).is_some() && budget.reserve(1001).is_none());
    }
}
