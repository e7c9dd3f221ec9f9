//! A body in memory.

use crate::budget::{Budget, Reservation};

use super::status::Status;

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

    /// 507 if there is no room for it. A body that didn't say its length gets twice the room each
    /// time, so that its many pieces aren't copied again and again.
    pub fn append(&mut self, piece: &[u8]) -> Result<(), Status> {
        let length = self.bytes.len() + piece.len();
        if length > self.room.bytes() {
            let most = length.max(2 * self.bytes.len());
            let more = most - self.bytes.len();
            if !self.room.resize(most) || self.bytes.try_reserve_exact(more).is_err() {
                return Err(Status::InsufficientStorage);
            }
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }
}
