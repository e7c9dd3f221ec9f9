//! Options of sockets, flags of descriptors, clocks and sleep, and the calls that nothing else
//! in this library knows.

use recording::hostile::Fault;
use recording::{Answer, Payload};

use super::pending::{Pending, Turn};
use super::world::{What, World};
use crate::request;

/// The first of January 2030, in seconds since 1970.
const TODAY: i64 = 1_893_456_000;
/// How long the machine has run when the program begins, in seconds.
const UPTIME: i64 = 1000;
const SECOND: u64 = 1_000_000_000;
const REFUSALS: [i32; 2] = [libc::ENOMEM, libc::ENOBUFS];

impl World {
    pub fn set_option(&mut self, fd: i64, level: i64, option: i64, value: &[u8]) -> Turn {
        let is_stream = self.connection_of(fd).is_some();
        if is_stream && self.over.is_none() && self.chance.strikes(Fault::RefusedOption) {
            let error = self.chance.one_of(&REFUSALS);
            let what = format!("setsockopt({fd}): {}", recording::Errno(error));
            self.note(Fault::RefusedOption, fd, what);
            return Turn::error(error);
        }
        let Some(thing) = self.thing_mut(fd) else { return Turn::error(libc::EBADF) };
        let numbers: Vec<i64> = value.chunks_exact(8).map(long).collect();
        let first = value.first_chunk().map_or(0, |it| i32::from_ne_bytes(*it));
        match (level as i32, option as i32) {
            (libc::SOL_SOCKET, libc::SO_LINGER) => {
                let seconds = value.get(4..8).map_or(0, |it| it[0]);
                thing.abrupt = first != 0 && seconds == 0;
            }
            (libc::SOL_SOCKET, libc::SO_REUSEPORT) => {
                if let What::Socket { shares, .. } = &mut thing.what {
                    *shares = first != 0;
                }
            }
            (libc::SOL_SOCKET, option @ (libc::SO_RCVTIMEO | libc::SO_SNDTIMEO)) => {
                let side = usize::from(option == libc::SO_SNDTIMEO);
                let time = match numbers[..] {
                    [seconds, micros] => seconds as u64 * SECOND + micros as u64 * 1000,
                    _ => 0,
                };
                thing.patience[side] = (time > 0).then_some(time);
            }
            _ => {}
        }
        Turn::result(0)
    }

    pub fn get_option(&mut self, fd: i64, level: i64, option: i64, room: usize) -> Turn {
        let family = match self.thing(fd).map(|thing| &thing.what) {
            Some(What::Socket { family, .. }) => *family as i32,
            _ => libc::AF_INET,
        };
        let listens =
            matches!(self.thing(fd).map(|it| &it.what), Some(What::Listener { .. }));
        let value = match (level as i32, option as i32) {
            (libc::SOL_SOCKET, libc::SO_ERROR) => {
                let connection = self.connection_of(fd);
                let error = connection.and_then(|it| self.connections[it].error.take());
                error.map_or(0, |error| error.0)
            }
            (libc::SOL_SOCKET, libc::SO_TYPE) => libc::SOCK_STREAM,
            (libc::SOL_SOCKET, libc::SO_DOMAIN) => family,
            (libc::SOL_SOCKET, libc::SO_PROTOCOL) => libc::IPPROTO_TCP,
            (libc::SOL_SOCKET, libc::SO_ACCEPTCONN) => i32::from(listens),
            (libc::SOL_SOCKET, libc::SO_SNDBUF | libc::SO_RCVBUF) => 128 * 1024,
            _ => 1,
        };
        let mut bytes = value.to_ne_bytes().to_vec();
        bytes.truncate(room);
        Turn::given(0, Payload { data: Some(bytes.into()), ..Payload::default() })
    }

    pub fn clock(&self, clock: i64) -> Turn {
        let start = match clock as i32 {
            libc::CLOCK_REALTIME | libc::CLOCK_REALTIME_COARSE | libc::CLOCK_TAI => TODAY,
            libc::CLOCK_MONOTONIC
            | libc::CLOCK_MONOTONIC_COARSE
            | libc::CLOCK_MONOTONIC_RAW
            | libc::CLOCK_BOOTTIME => UPTIME,
            _ => return Turn::Real,
        };
        let seconds = start + (self.now / SECOND) as i64;
        let time = Some((seconds, (self.now % SECOND) as i64));
        Turn::given(0, Payload { time, ..Payload::default() })
    }

    pub fn other(&mut self, call: &mut Pending, name: &str, arguments: &[i64]) -> Turn {
        let first = arguments.first().copied().unwrap_or(-1);
        match name {
            "nanosleep" => {
                let until = call.since + first as u64;
                if until <= self.now { Turn::result(0) } else { Turn::Wait(Some(until)) }
            }
            "socketpair" => self.socket_pair(arguments[1]),
            "fork" | "vfork" if self.made == 0 => Turn::Real,
            "fork" | "vfork" | "timerfd_create" | "signalfd" => self.unknown(call),
            "io_uring_setup" => Turn::error(libc::ENOSYS),
            "splice" if arguments.iter().any(|fd| self.is_ours(*fd)) => {
                self.unknown(call)
            }
            _ if !self.is_ours(first) => Turn::Real,
            "fcntl" => self.control(call, first, arguments[1] as i32, arguments[2]),
            "dup" => self.duplicate(call, first),
            "ioctl" => self.ioctl(call, first, arguments),
            _ => self.unknown(call),
        }
    }

    fn control(&mut self, call: &mut Pending, fd: i64, command: i32, value: i64) -> Turn {
        let Some(thing) = self.thing_mut(fd) else { return Turn::error(libc::EBADF) };
        match command {
            libc::F_GETFL => {
                let nonblock = if thing.nonblocking { libc::O_NONBLOCK } else { 0 };
                Turn::result((libc::O_RDWR | nonblock).into())
            }
            libc::F_SETFL => {
                thing.nonblocking = value as i32 & libc::O_NONBLOCK != 0;
                Turn::result(0)
            }
            // Of the placeholder, which has them as well.
            libc::F_GETFD | libc::F_SETFD => Turn::Real,
            libc::F_DUPFD | libc::F_DUPFD_CLOEXEC => self.duplicate(call, fd),
            _ => self.unknown(call),
        }
    }

    fn duplicate(&mut self, call: &mut Pending, fd: i64) -> Turn {
        let answer = request::made(call.request);
        if let Answer::Done { result, .. } = answer
            && let Some(id) = self.descriptors.get(&fd).copied()
        {
            self.descriptors.insert(result, id);
            if let Some(thing) = self.thing_mut(fd) {
                thing.descriptors += 1;
            }
        }
        Turn::Done(answer)
    }

    fn ioctl(&mut self, call: &Pending, fd: i64, arguments: &[i64]) -> Turn {
        let connection = self.connection_of(fd).map(|it| &self.connections[it]);
        let unread = connection.map_or(0, |it| it.up.received.len());
        let unconfirmed = connection.map_or(0, |it| it.down.sending.len());
        let Some(thing) = self.thing_mut(fd) else { return Turn::error(libc::EBADF) };
        match arguments[1] as libc::Ioctl {
            libc::FIONBIO => {
                thing.nonblocking = arguments[2] != 0;
                Turn::result(0)
            }
            libc::FIONREAD => number(unread),
            // The same number as SIOCOUTQ, see tcp(7).
            libc::TIOCOUTQ => number(unconfirmed),
            libc::FIOCLEX | libc::FIONCLEX => Turn::Real,
            libc::TCGETS => Turn::error(libc::ENOTTY),
            _ => self.unknown(call),
        }
    }
}

fn number(count: usize) -> Turn {
    let data = Some((count as i32).to_ne_bytes().to_vec().into());
    Turn::given(0, Payload { data, ..Payload::default() })
}

fn long(bytes: &[u8]) -> i64 {
    bytes.try_into().map_or(0, i64::from_ne_bytes)
}
