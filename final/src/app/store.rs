//! Entries under keys, in memory.

use std::collections::HashMap;

use crate::budget::Reservation;

/// What an entry takes beside its key and content, in bytes, about: for the map and the allocator.
const OVERHEAD: usize = 128;

/// Entries of one kind.
pub struct Store<T> {
    entries: HashMap<String, Entry<T>>,
}

struct Entry<T> {
    content: T,
    /// What it takes of the budget, until it is gone.
    _room: Reservation,
}

impl<T> Store<T> {
    /// An empty store.
    pub fn new() -> Store<T> {
        Store { entries: HashMap::new() }
    }

    /// What is kept under this key.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.entries.get(key).map(|entry| &entry.content)
    }

    /// Keeps an entry, and says whether there was room for it. `room` is what its content has
    /// reserved.
    pub fn add(&mut self, key: &str, content: T, mut room: Reservation) -> bool {
        let has_room = room.resize(room.bytes() + key.len() + OVERHEAD);
        if has_room {
            self.entries.insert(key.to_string(), Entry { content, _room: room });
        }
        has_room
    }

    /// Lets the entry under this key go, and says whether there was one.
    pub fn delete(&mut self, key: &str) -> bool {
        self.entries.remove(key).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    #[test]
    fn an_entry_takes_its_room_and_gives_it_back() {
        let one = "key".len() + "entry".len() + OVERHEAD;
        let (budget, mut store) = (Budget::new(2 * one), Store::new());
        let add = |store: &mut Store<&str>, key, content: &'static str| {
            let room = budget.reserve(content.len());
            room.is_some_and(|room| store.add(key, content, room))
        };
        assert!(add(&mut store, "one", "entry") && add(&mut store, "two", "entry"));
        assert!(!add(&mut store, "six", "entry"));
        assert_eq!((store.get("one"), store.get("six")), (Some(&"entry"), None));
        assert!(store.delete("one") && !store.delete("one"));
        assert!(!add(&mut store, "six", "longer"));
        assert!(add(&mut store, "six", "entry"));
    }
}
