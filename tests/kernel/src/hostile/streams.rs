//! Bytes read and written: of connections, pairs of sockets and counters of events.

use recording::hostile::{Fate, Fault};
use recording::{Asked, Data, Errno};
use syscalls::Sysno;

use super::pending::{Pending, Turn};
use super::world::{What, World};
use crate::raw;

impl World {
    pub fn read(&mut self, call: &Pending) -> Turn {
        let (fd, room, flags) = match &call.asked {
            Asked::Read { fd, room } => (*fd, *room, 0),
            Asked::ReadV { fd, rooms } => (*fd, rooms.iter().sum(), 0),
            Asked::RecvFrom { fd, room, flags } => (*fd, *room, *flags as i32),
            _ => return Turn::error(libc::EBADF),
        };
        if flags & !(libc::MSG_PEEK | libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL) != 0 {
            return self.unknown(call);
        }
        let Some(thing) = self.thing(fd) else { return Turn::error(libc::EBADF) };
        let nonblocking = thing.nonblocking || flags & libc::MSG_DONTWAIT != 0;
        match &thing.what {
            What::Stream { connection, .. } => {
                let (connection, peeks) = (*connection, flags & libc::MSG_PEEK != 0);
                self.receive(call, connection, room, nonblocking, peeks)
            }
            What::Pair { .. } => self.pair_read(call, fd, room, nonblocking),
            What::EventFd { .. } => self.event_fd_read(call, fd, nonblocking),
            _ => Turn::error(libc::ENOTCONN),
        }
    }

    fn receive(
        &mut self,
        call: &Pending,
        connection: usize,
        room: usize,
        nonblocking: bool,
        peeks: bool,
    ) -> Turn {
        let fd = call.asked.descriptor().unwrap_or(-1);
        let is_ready = self.connections[connection].events() & libc::POLLIN != 0;
        if is_ready && room > 0 {
            let faults = [Fault::InterruptedRead, Fault::UnreadyRead];
            let faults = &faults[..if nonblocking { 2 } else { 1 }];
            if let Some(fault) = self.struck(call, fd, faults) {
                let unready = fault == Fault::UnreadyRead;
                let error = if unready { libc::EAGAIN } else { libc::EINTR };
                return self.fail(fault, call, fd, error);
            }
        }
        let it = &mut self.connections[connection];
        let most = room.min(it.up.received.len());
        if most == 0 {
            if let Some(Errno(error)) = it.error.take() {
                return Turn::error(error);
            }
            if is_ready || room == 0 {
                return Turn::bytes(Vec::new());
            }
            return match nonblocking {
                true => Turn::error(libc::EAGAIN),
                false => self.sleep_interruptibly(call, fd, Fault::InterruptedRead),
            };
        }
        let mut count = most;
        if most > 1 && self.chance.strikes(Fault::ShortRead) {
            count = self.chance.short(most);
            self.note(Fault::ShortRead, fd, format!("a read gives {count} of {most}"));
        }
        let it = &mut self.connections[connection];
        if peeks {
            return Turn::bytes(it.up.received.iter().take(count).copied().collect());
        }
        let bytes = it.up.received.drain(..count).collect();
        self.moved();
        self.plan_up(Some(connection));
        Turn::bytes(bytes)
    }

    /// Sleeps, unless a signal comes first or the socket's own patience ends.
    pub fn sleep_interruptibly(&mut self, call: &Pending, fd: i64, fault: Fault) -> Turn {
        if let Some(fault) = self.struck(call, fd, &[fault]) {
            return self.fail(fault, call, fd, libc::EINTR);
        }
        let side = usize::from(matches!(fault, Fault::InterruptedWrite));
        let patience = self.thing(fd).and_then(|thing| thing.patience[side]);
        let until = patience.map(|patience| call.since + patience);
        match until {
            Some(until) if until <= self.now => Turn::error(libc::EAGAIN),
            until => Turn::Wait(until),
        }
    }

    pub fn write(&mut self, call: &mut Pending) -> Turn {
        let (fd, flags) = match &call.asked {
            Asked::SendTo { fd, flags, .. } => (*fd, *flags as i32),
            asked => (asked.descriptor().unwrap_or(-1), 0),
        };
        let known = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL | libc::MSG_MORE;
        if flags & !known != 0 {
            return self.unknown(call);
        }
        let Some(thing) = self.thing(fd) else { return Turn::error(libc::EBADF) };
        let nonblocking = thing.nonblocking || flags & libc::MSG_DONTWAIT != 0;
        match &thing.what {
            What::Stream { connection, .. } => {
                let connection = *connection;
                let quiet = flags & libc::MSG_NOSIGNAL != 0;
                match self.send(call, connection, nonblocking) {
                    Some(turn) => turn,
                    None => self.broken_pipe(quiet),
                }
            }
            What::Pair { .. } => self.pair_write(call, fd),
            What::EventFd { .. } => self.event_fd_write(call, fd, nonblocking),
            _ => self.broken_pipe(flags & libc::MSG_NOSIGNAL != 0),
        }
    }

    /// None for a broken pipe.
    fn send(
        &mut self,
        call: &mut Pending,
        connection: usize,
        nonblocking: bool,
    ) -> Option<Turn> {
        let fd = call.asked.descriptor().unwrap_or(-1);
        let is_file = matches!(call.asked, Asked::SendFile { .. });
        let it = &mut self.connections[connection];
        let over = it.error.is_some() || it.reset || it.down.end_follows;
        if over && call.moved > 0 {
            return Some(Turn::result(call.moved as i64));
        }
        if let Some(Errno(error)) = it.error.take() {
            return (error != libc::EPIPE).then(|| Turn::error(error));
        }
        if over {
            return None;
        }
        let length = asked_length(&call.asked);
        if length == 0 {
            return Some(Turn::result(0));
        }
        let events = self.connections[connection].events();
        if events & libc::POLLOUT != 0
            && let Some(turn) = self.strike_write(call, fd, nonblocking, is_file)
        {
            return Some(turn);
        }
        let it = &mut self.connections[connection];
        let room = it.down.room.left(it.down.sending.len());
        if room == 0 {
            return Some(match nonblocking {
                true => Turn::error(libc::EAGAIN),
                false => self.sleep_interruptibly(call, fd, Fault::InterruptedWrite),
            });
        }
        let most = room.min(length - call.moved);
        let short = if is_file { Fault::ShortSendFile } else { Fault::ShortWrite };
        let mut count = most;
        let is_short = most > 1 && self.listening && self.chance.strikes(short);
        if is_short {
            count = self.chance.short(most);
            let total = length - call.moved;
            self.note(short, fd, format!("a write takes {count} of {total}"));
        }
        let bytes = match bytes_of(&call.asked, call.moved, count) {
            Ok(bytes) => bytes,
            Err(error) => return Some(Turn::error(error)),
        };
        let (count, at_the_end) = (bytes.len(), bytes.is_empty());
        self.connections[connection].down.sending.extend(bytes);
        call.moved += count;
        if count > 0 {
            self.moved();
        }
        self.plan_down(Some(connection));
        let done = nonblocking || is_short || at_the_end || call.moved == length;
        Some(match done {
            true => Turn::result(call.moved as i64),
            false => Turn::Wait(None),
        })
    }

    fn strike_write(
        &mut self,
        call: &Pending,
        fd: i64,
        nonblocking: bool,
        is_file: bool,
    ) -> Option<Turn> {
        let faults: &[Fault] = match (is_file, nonblocking) {
            (false, false) => &[Fault::InterruptedWrite],
            (false, true) => &[Fault::InterruptedWrite, Fault::UnreadyWrite],
            (true, false) => &[Fault::FailedSendFile, Fault::InterruptedSendFile],
            (true, true) => &[
                Fault::FailedSendFile,
                Fault::InterruptedSendFile,
                Fault::UnreadySendFile,
            ],
        };
        let fault = self.struck(call, fd, faults)?;
        let error = match fault {
            Fault::FailedSendFile => libc::EIO,
            Fault::UnreadyWrite | Fault::UnreadySendFile => libc::EAGAIN,
            _ => libc::EINTR,
        };
        Some(self.fail(fault, call, fd, error))
    }

    /// EPIPE, and the signal that comes with it.
    pub fn broken_pipe(&mut self, quiet: bool) -> Turn {
        if !quiet {
            if kills(libc::SIGPIPE) {
                self.tell(Fate::Ended);
            }
            // SAFETY: raise(3) takes a number; a handler of the program's own may run.
            unsafe { libc::raise(libc::SIGPIPE) };
        }
        Turn::error(libc::EPIPE)
    }
}

/// Whether the signal ends this process.
fn kills(signal: i32) -> bool {
    // SAFETY: room for what the signal does, which is only asked.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signal, std::ptr::null(), &mut action) == 0
            && action.sa_sigaction == libc::SIG_DFL
    }
}

fn asked_length(asked: &Asked) -> usize {
    match asked {
        Asked::Write { data, .. }
        | Asked::SendTo { data, .. }
        | Asked::WriteV { data, .. } => data.0.len(),
        Asked::SendFile { count, .. } => *count,
        _ => 0,
    }
}

/// The bytes from one place on that a write passes on, a file's from the file.
pub fn bytes_of(asked: &Asked, from: usize, count: usize) -> Result<Vec<u8>, i32> {
    match asked {
        Asked::Write { data: Data(data), .. }
        | Asked::SendTo { data: Data(data), .. }
        | Asked::WriteV { data: Data(data), .. } => Ok(data[from..from + count].to_vec()),
        Asked::SendFile { file, offset, .. } => {
            let mut bytes = vec![0; count];
            let at = offset.map(|offset| offset as usize + from);
            let (file, place) = (*file as usize, bytes.as_mut_ptr().addr());
            // SAFETY: the buffer has this room.
            let read = unsafe {
                match at {
                    Some(at) => raw::call(Sysno::pread64, [file, place, count, at, 0, 0]),
                    None => raw::call(Sysno::read, [file, place, count, 0, 0, 0]),
                }
            };
            bytes.truncate(usize::try_from(read).map_err(|_| -read as i32)?);
            Ok(bytes)
        }
        _ => Err(libc::EBADF),
    }
}
