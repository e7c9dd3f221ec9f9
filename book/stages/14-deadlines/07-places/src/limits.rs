const RESERVE: usize = 16;

pub struct Limits {
    clients: usize,
}

impl Limits {
    pub fn new(descriptors: usize) -> Limits {
        let clients = descriptors.saturating_sub(RESERVE).max(2);
        Limits { clients }
    }

    pub fn are_reached(&self, clients: usize) -> bool {
        clients >= self.clients
    }
}
