use crate::budget::{Budget, Reservation};

use super::status::Status;

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
        let has_room = self.room.grow(length.saturating_sub(self.room.bytes()));
        if !has_room || self.bytes.try_reserve(piece.len()).is_err() {
            return Err(Status::InsufficientStorage);
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }
}
