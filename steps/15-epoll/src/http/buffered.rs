use crate::budget::{Budget, Reservation};

use super::status::Status;

const STEP: usize = 64 * 1024;

pub struct Buffered {
    pub bytes: Vec<u8>,
    pub room: Reservation,
}

impl Buffered {
    pub fn new(length: u64, budget: &Budget) -> Option<Buffered> {
        let length = usize::try_from(length).ok()?;
        let (mut bytes, room) = (Vec::new(), budget.reserve(length)?);
        bytes.try_reserve_exact(length).ok()?;
        Some(Buffered { bytes, room })
    }

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
