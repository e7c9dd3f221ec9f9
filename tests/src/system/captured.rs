//! What comes out of a pipe, collected by a thread.

use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

#[derive(Clone, Default)]
pub struct Captured(Arc<(Mutex<Collected>, Condvar)>);

#[derive(Default)]
struct Collected {
    bytes: Vec<u8>,
    ended: bool,
}

impl Captured {
    pub fn from(pipe: Option<impl Read + Send + 'static>) -> Captured {
        let captured = Captured::default();
        if let Some(pipe) = pipe {
            let ours = captured.clone();
            std::thread::spawn(move || ours.collect(pipe));
        }
        captured
    }

    fn collect(&self, mut pipe: impl Read) {
        let (collected, changed) = &*self.0;
        let mut buffer = [0; 4096];
        loop {
            let read = pipe.read(&mut buffer);
            let mut collected = collected.lock().unwrap_or_else(PoisonError::into_inner);
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Ok(1..) if collected.bytes.len() > 1 << 20 => {}
                Ok(read @ 1..) => collected.bytes.extend(&buffer[..read]),
                _ => collected.ended = true,
            }
            changed.notify_all();
            if collected.ended {
                return;
            }
        }
    }

    pub fn text(&self) -> String {
        let collected = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&collected.bytes).into_owned()
    }

    pub fn wait_for_more(&self, limit: Duration) {
        let (collected, changed) = &*self.0;
        let collected = collected.lock().unwrap_or_else(PoisonError::into_inner);
        if collected.ended {
            drop(collected);
            std::thread::sleep(limit);
        } else {
            let _ = changed.wait_timeout(collected, limit);
        }
    }

    /// Whether nobody can print any more, once that is so or the time is over.
    pub fn wait_for_the_end(&self, limit: Duration) -> bool {
        self.wait(limit, |it| it.ended)
    }

    /// Whether this many whole lines came, once they did or nothing more can come.
    pub fn wait_for_lines(&self, lines: usize, limit: Duration) -> bool {
        let count =
            |it: &Collected| it.bytes.iter().filter(|&&byte| byte == b'\n').count();
        self.wait(limit, |it| count(it) >= lines)
    }

    fn wait(&self, limit: Duration, done: impl Fn(&Collected) -> bool) -> bool {
        let (collected, changed) = &*self.0;
        let collected = collected.lock().unwrap_or_else(PoisonError::into_inner);
        let goes_on = |it: &mut Collected| !done(it) && !it.ended;
        let waited = changed.wait_timeout_while(collected, limit, goes_on);
        done(&waited.unwrap_or_else(PoisonError::into_inner).0)
    }
}
