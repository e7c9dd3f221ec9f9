//! What a command prints, collected while it runs.

use std::io::{PipeReader, Read};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

#[derive(Clone, Default)]
pub struct Printed(Arc<(Mutex<Collected>, Condvar)>);

#[derive(Default)]
struct Collected {
    bytes: Vec<u8>,
    ended: bool,
}

impl Printed {
    pub fn by(mut pipe: PipeReader) -> Printed {
        let printed = Printed::default();
        let collected = printed.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let read = pipe.read(&mut buffer).unwrap_or(0);
                let (inner, changed) = &*collected.0;
                let mut inner = inner.lock().unwrap_or_else(PoisonError::into_inner);
                inner.bytes.extend(&buffer[..read]);
                inner.ended = read == 0;
                changed.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        printed
    }

    pub fn text(&self) -> String {
        let inner = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&inner.bytes).into_owned()
    }

    /// Waits until this many whole lines were printed; whether they were.
    pub fn reaches(&self, lines: usize, patience: Duration) -> bool {
        let count =
            |it: &Collected| it.bytes.iter().filter(|&&byte| byte == b'\n').count();
        self.wait(patience, |it| count(it) >= lines)
    }

    /// Waits until nobody can print any more; whether it came to that.
    pub fn ends(&self, patience: Duration) -> bool {
        self.wait(patience, |it| it.ended)
    }

    fn wait(&self, patience: Duration, done: impl Fn(&Collected) -> bool) -> bool {
        let (inner, changed) = &*self.0;
        let inner = inner.lock().unwrap_or_else(PoisonError::into_inner);
        let wait =
            changed.wait_timeout_while(inner, patience, |it| !done(it) && !it.ended);
        let (inner, _) = wait.unwrap_or_else(PoisonError::into_inner);
        done(&inner)
    }
}
