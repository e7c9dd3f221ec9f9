//! A body in memory.

use crate::budget::{Budget, Reservation};

use super::status::Status;

/// How much room at once a body gets that doesn't say how long it is, in bytes.
const STEP: usize = 64 * 1024;

/// A body in memory, as far as it has arrived.
pub struct Buffered {
    /// What has arrived.
    pub bytes: Vec<u8>,
    /// What it takes of the budget.
    pub room: Reservation,
}

impl Buffered {
    /// An empty one, with room for `length` bytes if there is so much.
    pub fn new(length: u64, budget: &Budget) -> Option<Buffered> {
        let length = usize::try_from(length).ok()?;
        let (mut bytes, room) = (Vec::new(), budget.reserve(length)?);
        bytes.try_reserve_exact(length).ok()?;
        Some(Buffered { bytes, room })
    }

    /// 507 if there is no room for it. A body that didn't say its length gets it in steps, so that its
    /// pieces aren't copied again for each that comes.
    pub fn append(&mut self, piece: &[u8]) -> Result<(), Status> {
        let length = self.bytes.len() + piece.len();
        if length > self.room.bytes() {
            let most = length.next_multiple_of(STEP);
            let more = most - self.bytes.len();
            if !self.room.resize(most) || self.bytes.try_reserve_exact(more).is_err() {
                return Err(Status::InsufficientStorage);
            }
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_body_takes_is_what_it_has_reserved() {
        let budget = Budget::new(4 * STEP);
        for length in [0, 1, 1000] {
            let mut body = Buffered::new(length, &budget).expect("there is room");
            for size in (1..).step_by(997) {
                if body.append(&vec![b'x'; size]).is_err() {
                    break;
                }
                assert!(body.bytes.capacity() <= body.room.bytes(), "{length}, {size}");
            }
            assert!(body.bytes.len() > 3 * STEP - 10_000, "it is refused too early");
        }
        assert!(Buffered::new(4 * STEP as u64, &budget).is_some(), "all of it came back");
    }
}
