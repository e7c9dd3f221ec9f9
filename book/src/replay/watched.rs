//! What a server has told the kernel to watch, by epoll_ctl(2).

use std::collections::{BTreeMap, BTreeSet};

use recording::{Asked, Call, Entry, Woken};

/// The descriptors that are watched, each with its events and the number that was given to it.
#[derive(Default)]
pub struct Watched {
    all: BTreeMap<i64, (i64, u64)>,
    /// The numbers that were given, also those of sockets that are closed.
    given: BTreeSet<u64>,
}

/// Stands for what was on the list before the first client came, which is the listener.
const FROM_THE_START: i64 = -1;

impl Watched {
    pub fn undergo(&mut self, call: &Call) {
        match call.asked {
            _ if call.result() != Some(0) => {}
            Asked::EpollCtl { operation, target, .. }
                if operation == i64::from(libc::EPOLL_CTL_DEL) =>
            {
                self.all.remove(&target);
            }
            Asked::EpollCtl { target, events, data, .. } => {
                self.all.insert(target, (events, data));
                self.given.insert(data);
            }
            // The kernel forgets a socket with its last descriptor.
            Asked::Close { fd } => _ = self.all.remove(&fd),
            _ => {}
        }
    }

    /// As if they were the list of a poll(2): EPOLLIN is POLLIN, and so on.
    pub fn entries(&self) -> Vec<Entry> {
        self.all.iter().map(|(&fd, &(events, _))| Entry { fd, events }).collect()
    }

    /// The sockets that an epoll_wait(2) found ready, without those that are closed already.
    pub fn ready(&self, woken: &[Woken]) -> Vec<Entry> {
        let descriptor = |data: &u64| match self.given.contains(data) {
            true => self.all.iter().find(|(_, it)| it.1 == *data).map(|(&fd, _)| fd),
            false => Some(FROM_THE_START),
        };
        let found = woken.iter().map(|Woken { events, data }| {
            descriptor(data).map(|fd| Entry { fd, events: *events })
        });
        found.flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(calls: &[&str]) -> Watched {
        let mut watched = Watched::default();
        for call in calls {
            watched.undergo(&serde_json::from_str(call).expect("it is a call"));
        }
        watched
    }

    const ADD: &str = r#"{"call":"epoll_ctl","fd":4,"operation":1,"target":5,"events":1,"data":7,"answer":{"result":0}}"#;
    const MOD: &str = r#"{"call":"epoll_ctl","fd":4,"operation":3,"target":5,"events":4,"data":7,"answer":{"result":0}}"#;
    const CLOSE: &str = r#"{"call":"close","fd":5,"answer":{"result":0}}"#;

    #[test]
    fn a_socket_is_watched_from_its_add_to_its_close() {
        assert_eq!(watched(&[ADD]).entries(), [Entry { fd: 5, events: 1 }]);
        assert_eq!(watched(&[ADD, MOD]).entries(), [Entry { fd: 5, events: 4 }]);
        assert_eq!(watched(&[ADD, CLOSE]).entries(), []);
    }

    #[test]
    fn an_event_is_that_of_the_socket_with_its_number() {
        let woken = [Woken { events: 4, data: 7 }, Woken { events: 1, data: 8 }];
        let entry = |fd, events| Entry { fd, events };
        assert_eq!(watched(&[ADD]).ready(&woken), [entry(5, 4), entry(-1, 1)]);
        assert_eq!(watched(&[ADD, CLOSE]).ready(&woken), [entry(-1, 1)]);
    }
}
