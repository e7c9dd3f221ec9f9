use std::cell::Cell;
use std::rc::Rc;

#[derive(Clone)]
pub struct Budget(Rc<Cell<usize>>);

impl Budget {
    pub fn new(bytes: usize) -> Budget {
        Budget(Rc::new(Cell::new(bytes)))
    }

    pub fn reserve(&self, bytes: usize) -> Option<Reservation> {
        let mut reservation = Reservation { budget: self.clone(), bytes: 0 };
        reservation.resize(bytes).then_some(reservation)
    }
}

pub struct Reservation {
    budget: Budget,
    bytes: usize,
}

impl Reservation {
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn resize(&mut self, bytes: usize) -> bool {
        let Some(left) = (self.budget.0.get() + self.bytes).checked_sub(bytes) else {
            return false;
        };
        self.budget.0.set(left);
        self.bytes = bytes;
        true
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let left = &self.budget.0;
        left.set(left.get() + self.bytes);
    }
}

#[cfg(test)]
mod tests {
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
}
