use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::Ipv4Addr;

const RESERVE: usize = 16;
pub const MEMORY: usize = 16 * 1024 * 1024;

pub struct Limits {
    clients: usize,
    of_address: HashMap<Ipv4Addr, usize>,
}

impl Limits {
    pub fn new(descriptors: usize) -> Limits {
        let clients = descriptors.saturating_sub(RESERVE).max(2);
        Limits { clients, of_address: HashMap::new() }
    }

    pub fn are_reached(&self, clients: usize) -> bool {
        clients >= self.clients
    }

    pub fn are_reached_by(&self, address: Ipv4Addr) -> bool {
        self.of_address.get(&address).is_some_and(|count| *count >= self.clients / 2)
    }

    pub fn enter(&mut self, address: Ipv4Addr) {
        *self.of_address.entry(address).or_default() += 1;
    }

    pub fn leave(&mut self, address: Ipv4Addr) {
        if let Entry::Occupied(mut count) = self.of_address.entry(address) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}
