//! Entries under keys, in memory.

use std::collections::HashMap;

use crate::budget::Reservation;

/// What an entry takes beside its key and content, in bytes, about: for the map and the allocator.
const OVERHEAD: usize = 128;

/// Entries of one kind.
pub struct Store<T> {
    entries: HashMap<String, Entry<T>>,
    /// Entries without a key, whose content somebody still has.
    leaving: Vec<Entry<T>>,
    is_shared: fn(&T) -> bool,
}

struct Entry<T> {
    content: T,
    /// What it takes of the budget, until it is gone.
    _room: Reservation,
}

impl<T> Store<T> {
    /// An empty store. `is_shared` says whether somebody else has an entry's content, too.
    pub fn new(is_shared: fn(&T) -> bool) -> Store<T> {
        Store { entries: HashMap::new(), leaving: Vec::new(), is_shared }
    }

    /// What is kept under this key.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.entries.get(key).map(|entry| &entry.content)
    }

    /// Keeps an entry under a key that is free, and says whether there was room for it. `room` is what
    /// its content has reserved.
    pub fn add(&mut self, key: &str, content: T, mut room: Reservation) -> bool {
        let has_room = room.resize(room.bytes() + key.len() + OVERHEAD);
        if has_room {
            self.entries.insert(key.to_string(), Entry { content, _room: room });
        }
        has_room
    }

    /// Lets the entry under this key go, and says whether there was one. If it is still being sent to
    /// somebody, it keeps its room until a [`Store::tidy`] after that.
    pub fn delete(&mut self, key: &str) -> bool {
        let Some(entry) = self.entries.remove(key) else {
            return false;
        };
        if (self.is_shared)(&entry.content) {
            self.leaving.push(entry);
        }
        true
    }

    /// Gives back the room of deleted entries that nobody has any more. Whether there are others left.
    pub fn tidy(&mut self) -> bool {
        self.leaving.retain(|entry| (self.is_shared)(&entry.content));
        !self.leaving.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::budget::Budget;

    #[test]
    fn an_entry_takes_its_room_and_gives_it_back() {
        let one = "key".len() + "entry".len() + OVERHEAD;
        let (budget, mut store) = (Budget::new(2 * one), Store::new(|_| false));
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

    /// Or whoever reads slowly, deletes and adds again could fill the memory.
    #[test]
    fn what_is_deleted_keeps_its_room_as_long_as_somebody_has_it() {
        let budget = Budget::new(1000);
        let mut store = Store::new(|content| Arc::strong_count(content) > 1);
        let content = Arc::new(());
        let room = budget.reserve(1000 - "key".len() - OVERHEAD).unwrap();
        assert!(store.add("key", Arc::clone(&content), room));
        assert!(store.delete("key") && store.get("key").is_none());
        store.tidy();
        assert!(budget.reserve(1).is_none());
        drop(content);
        store.tidy();
        assert!(budget.reserve(1000).is_some());
    }
}
