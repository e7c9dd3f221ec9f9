//! What writes the log: a thread of its own, so that a slow terminal or a full pipe stalls nobody
//! but itself.

use std::fs::File;
use std::io::{self, ErrorKind, Write, stderr, stdout};
use std::mem;
use std::os::fd::{AsFd, AsRawFd};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use libc::pollfd;

use super::BATCH;
use crate::sys;

/// How many bytes may wait to be written. Lines that find no room are dropped, and counted.
const LIMIT: usize = 1024 * 1024;
/// How long a line waits for others, so that they are written together.
const LINGER: Duration = Duration::from_millis(100);

/// Takes lines, and returns at once: a thread writes them.
#[derive(Clone, Default)]
pub struct Writer(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// There is something to do for the thread.
    changed: Condvar,
    /// The thread has done it.
    written: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    /// How many lines were dropped after those that wait.
    dropped: usize,
    is_reopening: bool,
    is_writing: bool,
    is_ending: bool,
}

impl Writer {
    /// A writer to `sink`. Fails if the system has no room for a thread.
    pub fn start(sink: Sink) -> io::Result<Writer> {
        let writer = Writer::default();
        writer.serve(sink)?;
        Ok(writer)
    }

    /// Starts the thread that writes what is offered.
    pub fn serve(&self, mut sink: Sink) -> io::Result<()> {
        let own = self.clone();
        let serve = move || {
            let mut lines = Vec::new();
            loop {
                let (dropped, reopens) = own.next(&mut lines);
                sink.write(&lines, dropped);
                lines.clear();
                if reopens {
                    sink.reopen();
                }
            }
        };
        thread::Builder::new().name("log".into()).spawn(serve)?;
        Ok(())
    }

    /// Whole lines to be written, or to be dropped if too many wait already.
    pub fn offer(&self, lines: &[u8]) {
        let mut state = self.lock();
        let before = state.waiting.len();
        let was_idle = before == 0 && state.dropped == 0;
        if state.dropped > 0 || before + lines.len() > LIMIT {
            state.dropped += count(lines);
        } else {
            state.waiting.extend_from_slice(lines);
        }
        let is_full = before < BATCH && state.waiting.len() >= BATCH;
        drop(state);
        if was_idle || is_full {
            self.0.changed.notify_one();
        }
    }

    /// Lets a file go and opens the one that has its name now. What was offered before goes to the
    /// old one.
    pub fn reopen(&self) {
        self.lock().is_reopening = true;
        self.0.changed.notify_one();
    }

    /// Waits until all that was offered is written, but no longer than `limit`.
    pub fn finish(&self, limit: Duration) {
        let mut state = self.lock();
        state.is_ending = true;
        self.0.changed.notify_one();
        let is_busy = |state: &mut State| state.is_writing || !state.is_idle();
        let waited = self.0.written.wait_timeout_while(state, limit, is_busy);
        waited.unwrap_or_else(PoisonError::into_inner).0.is_ending = false;
    }

    /// Waits for lines, and puts them into `lines`, which is empty. Says how many were dropped after
    /// them, and whether the file is to be opened anew.
    fn next(&self, lines: &mut Vec<u8>) -> (usize, bool) {
        let mut state = self.lock();
        state.is_writing = false;
        self.0.written.notify_all();
        let changed = &self.0.changed;
        let state = changed.wait_while(state, |state| state.is_idle());
        let state = state.unwrap_or_else(PoisonError::into_inner);
        let may_wait = |state: &mut State| {
            state.waiting.len() < BATCH && !state.is_reopening && !state.is_ending
        };
        let waited = changed.wait_timeout_while(state, LINGER, may_wait);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner).0;
        state.is_writing = true;
        mem::swap(&mut state.waiting, lines);
        (mem::take(&mut state.dropped), mem::take(&mut state.is_reopening))
    }

    #[cfg(test)]
    pub fn waiting(&self) -> Vec<u8> {
        self.lock().waiting.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.dropped == 0 && !self.is_reopening
    }
}

/// Where the lines go.
pub struct Sink {
    file: File,
    /// `None` for standard output.
    path: Option<PathBuf>,
    /// How many lines nobody has been told of that couldn't be written.
    missing: usize,
    /// Whether the last line that was written lacks its end.
    is_torn: bool,
    /// Whether the last write failed.
    has_failed: bool,
}

impl Sink {
    /// Standard output.
    pub fn stdout() -> io::Result<Sink> {
        Ok(Sink::new(stdout().as_fd().try_clone_to_owned()?.into(), None))
    }

    /// The end of this file, which is made if need be.
    pub fn file(path: &Path) -> io::Result<Sink> {
        Ok(Sink::new(open(path)?, Some(path.to_path_buf())))
    }

    fn new(file: File, path: Option<PathBuf>) -> Sink {
        Sink { file, path, missing: 0, is_torn: false, has_failed: false }
    }

    /// Writes lines. After them `dropped` more are missing.
    fn write(&mut self, lines: &[u8], dropped: usize) {
        self.say_what_is_missing();
        self.missing += self.write_lines(lines) + dropped;
        self.say_what_is_missing();
    }

    fn say_what_is_missing(&mut self) {
        let (missing, reason) = (self.missing, "the log could not be written in time");
        let sentence = format!("final: requests missing here: {missing}, as {reason}\n");
        if missing > 0 && self.write_lines(sentence.as_bytes()) == 0 {
            self.missing = 0;
        }
    }

    /// How many lines couldn't be written. A line of which only a part was written is one of them,
    /// and the next one doesn't continue it.
    fn write_lines(&mut self, lines: &[u8]) -> usize {
        if self.is_torn && self.write_bytes(b"\n") == 0 {
            return count(lines);
        }
        let (written, rest) = lines.split_at(self.write_bytes(lines));
        self.is_torn = written.last().is_some_and(|&byte| byte != b'\n');
        count(rest)
    }

    /// How many bytes were written, until the first error.
    fn write_bytes(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        while !rest.is_empty() {
            let error = match self.file.write(rest) {
                Ok(0) => ErrorKind::WriteZero.into(),
                Ok(count) => {
                    rest = &rest[count..];
                    continue;
                }
                Err(error) => error,
            };
            match error.kind() {
                ErrorKind::Interrupted => {}
                ErrorKind::WouldBlock => self.wait_for_room(),
                _ => {
                    self.say_once(&error);
                    return bytes.len() - rest.len();
                }
            }
        }
        self.has_failed = false;
        bytes.len()
    }

    /// Whoever shares standard output with us may have set it not to block: fcntl(2), `O_NONBLOCK`.
    fn wait_for_room(&self) {
        let fd = self.file.as_raw_fd();
        let mut entry = [pollfd { fd, events: libc::POLLOUT, revents: 0 }];
        let _ = sys::poll(&mut entry, None);
    }

    fn reopen(&mut self) {
        let Some(path) = &self.path else {
            return;
        };
        match open(path) {
            Ok(file) => (self.file, self.is_torn) = (file, false),
            Err(error) => self.say_once(&error),
        }
    }

    /// What is wrong, on standard error, unless it is as wrong as before.
    fn say_once(&mut self, error: &io::Error) {
        if !mem::replace(&mut self.has_failed, true) {
            let _ = writeln!(stderr(), "final: cannot write the log: {error}");
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    File::options().append(true).create(true).open(path)
}

/// How many lines end in these bytes.
fn count(lines: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', lines).count()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::fd::OwnedFd;

    use super::*;

    #[test]
    fn a_pipe_that_does_not_block_gets_every_line() {
        let lines = [b"x".repeat(1000), b"\n".to_vec()].concat().repeat(300);
        let (mut reader, writer) = io::pipe().unwrap();
        rustix::io::ioctl_fionbio(&writer, true).unwrap();
        let mut sink = Sink::new(OwnedFd::from(writer).into(), None);
        let mut received = Vec::new();
        thread::scope(|scope| {
            scope.spawn(|| {
                sink.write(&lines, 0);
                assert_eq!((sink.missing, sink.has_failed), (0, false));
                drop(sink);
            });
            io::Read::read_to_end(&mut reader, &mut received).unwrap();
        });
        assert!(received == lines);
    }

    /// The pipe takes what it has room for, and breaks in the midst of a line.
    #[test]
    fn a_line_that_was_torn_off_is_missing_and_the_next_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let lines = [b"x".repeat(1000), b"\n".to_vec()].concat().repeat(300);
        let (mut reader, writer) = io::pipe().unwrap();
        let mut sink = Sink::new(OwnedFd::from(writer).into(), None);
        let sink = thread::scope(|scope| {
            let writing = scope.spawn(|| {
                sink.write(&lines, 2);
                sink
            });
            io::Read::read_exact(&mut reader, &mut [0; 1001]).unwrap();
            drop(reader);
            writing.join().unwrap()
        });
        assert!(sink.is_torn && sink.has_failed);
        assert!((200..301).contains(&sink.missing), "{}", sink.missing);
        let said = format!("requests missing here: {}, ", sink.missing);
        let mut sink = Sink { file: open(&path).unwrap(), ..sink };
        sink.write(b"next\n", 0);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.starts_with("\nfinal: ") && text.contains(&said), "{text}");
        assert!(text.ends_with("\nnext\n") && !sink.has_failed, "{text}");
    }
}
