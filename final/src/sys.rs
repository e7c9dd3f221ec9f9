//! The system calls that the standard library doesn't have as the server needs them, one
//! function each, and the only `unsafe` code. What files are is asked with [`std::fs`].
//!
//! Each function gives the call's error unchanged: `errno` as an [`io::Error`]. The man page
//! of the call says which there are.

#![allow(unsafe_code)]

use std::ffi::CString;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

use libc::{c_int, epoll_event, nfds_t, pollfd, sa_family_t, socklen_t};
use libc::{sockaddr_in, sockaddr_in6, sockaddr_storage};

/// Makes a system call, and checks whether it failed. It is as unsafe as the call.
macro_rules! syscall {
    ($name:ident($($argument:expr),*)) => {
        match unsafe { libc::$name($($argument),*) } {
            -1 => Err(io::Error::last_os_error()),
            result => Ok(result),
        }
    };
}

pub mod rights;

/// A TCP socket that never blocks, for addresses of the family of `address`: socket(2).
pub fn socket(address: &SocketAddr) -> io::Result<OwnedFd> {
    let family = match address.ip() {
        IpAddr::V4(_) => libc::AF_INET,
        IpAddr::V6(_) => libc::AF_INET6,
    };
    let kind = libc::SOCK_STREAM | libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;
    // SAFETY: no pointer is passed.
    let fd = syscall!(socket(family, kind, 0))?;
    // SAFETY: the descriptor is new, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Turns a socket option on: setsockopt(2), socket(7), tcp(7).
pub fn set_option(socket: &OwnedFd, level: c_int, option: c_int) -> io::Result<()> {
    let on: c_int = 1;
    let (fd, value) = (socket.as_raw_fd(), (&raw const on).cast());
    let size = size_of_val(&on) as socklen_t;
    // SAFETY: `on` lives until the call is over, and `size` is its size.
    syscall!(setsockopt(fd, level, option, value, size))?;
    Ok(())
}

/// Gives the socket its address: bind(2). Port 0 lets the kernel choose a free one.
pub fn bind(socket: &OwnedFd, address: &SocketAddr) -> io::Result<()> {
    let fd = socket.as_raw_fd();
    match address {
        SocketAddr::V4(address) => {
            let name = sockaddr_in {
                sin_family: libc::AF_INET as sa_family_t,
                sin_port: address.port().to_be(),
                sin_addr: libc::in_addr { s_addr: address.ip().to_bits().to_be() },
                sin_zero: [0; 8],
            };
            let size = size_of_val(&name) as socklen_t;
            // SAFETY: `name` lives until the call is over, and `size` is its size.
            syscall!(bind(fd, (&raw const name).cast(), size))?;
        }
        SocketAddr::V6(address) => {
            let name = sockaddr_in6 {
                sin6_family: libc::AF_INET6 as sa_family_t,
                sin6_port: address.port().to_be(),
                sin6_flowinfo: address.flowinfo(),
                sin6_addr: libc::in6_addr { s6_addr: address.ip().octets() },
                sin6_scope_id: address.scope_id(),
            };
            let size = size_of_val(&name) as socklen_t;
            // SAFETY: `name` lives until the call is over, and `size` is its size.
            syscall!(bind(fd, (&raw const name).cast(), size))?;
        }
    }
    Ok(())
}

/// Lets clients connect: listen(2).
pub fn listen(socket: &OwnedFd) -> io::Result<()> {
    // SAFETY: no pointer is passed.
    syscall!(listen(socket.as_raw_fd(), libc::SOMAXCONN))?;
    Ok(())
}

/// The address the socket is bound to: getsockname(2).
pub fn local_address(socket: &OwnedFd) -> io::Result<SocketAddr> {
    // SAFETY: an address may be all zeros.
    let mut name: sockaddr_storage = unsafe { std::mem::zeroed() };
    let (fd, mut size) = (socket.as_raw_fd(), size_of_val(&name) as socklen_t);
    // SAFETY: `name` lives until the call is over, and `size` is its size.
    syscall!(getsockname(fd, (&raw mut name).cast(), &mut size))?;
    socket_address(&name)
}

fn socket_address(name: &sockaddr_storage) -> io::Result<SocketAddr> {
    match c_int::from(name.ss_family) {
        libc::AF_INET => {
            // SAFETY: the family says that this is what the kernel wrote.
            let name = unsafe { &*(&raw const *name).cast::<sockaddr_in>() };
            let ip = Ipv4Addr::from_bits(u32::from_be(name.sin_addr.s_addr));
            Ok(SocketAddr::new(ip.into(), u16::from_be(name.sin_port)))
        }
        libc::AF_INET6 => {
            // SAFETY: the family says that this is what the kernel wrote.
            let name = unsafe { &*(&raw const *name).cast::<sockaddr_in6>() };
            let ip = Ipv6Addr::from(name.sin6_addr.s6_addr);
            Ok(SocketAddr::new(ip.into(), u16::from_be(name.sin6_port)))
        }
        _ => Err(ErrorKind::Unsupported.into()),
    }
}

/// The next client that waits, as a socket that never blocks, and its address, which a Unix
/// socket's hasn't: accept4(2).
pub fn accept(listener: &OwnedFd) -> io::Result<(OwnedFd, Option<IpAddr>)> {
    let flags = libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;
    // SAFETY: an address may be all zeros.
    let mut name: sockaddr_storage = unsafe { std::mem::zeroed() };
    let (fd, mut size) = (listener.as_raw_fd(), size_of_val(&name) as socklen_t);
    // SAFETY: `name` lives until the call is over, and `size` is its size.
    let fd = syscall!(accept4(fd, (&raw mut name).cast(), &mut size, flags))?;
    // SAFETY: the descriptor is new, and nobody else has it.
    let socket = unsafe { OwnedFd::from_raw_fd(fd) };
    Ok((socket, socket_address(&name).ok().map(|address| address.ip())))
}

/// Waits until at least one entry has an event, and writes it into `revents`, or until `limit`,
/// rounded up, is over: poll(2). Without a limit it waits for ever.
pub fn poll(entries: &mut [pollfd], limit: Option<Duration>) -> io::Result<()> {
    let (start, count) = (entries.as_mut_ptr(), entries.len() as nfds_t);
    // SAFETY: the kernel writes to `count` entries from `start` on: all there are.
    syscall!(poll(start, count, milliseconds(limit)))?;
    Ok(())
}

/// What remembers which sockets to wait for: epoll_create1(2).
pub fn epoll_create() -> io::Result<OwnedFd> {
    // SAFETY: no pointer is passed.
    let fd = syscall!(epoll_create1(libc::EPOLL_CLOEXEC))?;
    // SAFETY: the descriptor is new, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Changes what is waited for: epoll_ctl(2), with one of its operations.
pub fn epoll_control(
    epoll: &OwnedFd,
    operation: c_int,
    socket: &OwnedFd,
    mut event: epoll_event,
) -> io::Result<()> {
    let (epoll, fd) = (epoll.as_raw_fd(), socket.as_raw_fd());
    // SAFETY: `event` lives until the call is over.
    syscall!(epoll_ctl(epoll, operation, fd, &mut event))?;
    Ok(())
}

/// Waits until at least one socket is ready, or until `limit`, rounded up, is over, and says how many
/// events were written: epoll_wait(2). There must be room for one.
pub fn epoll_wait(
    epoll: &OwnedFd,
    events: &mut [epoll_event],
    limit: Option<Duration>,
) -> io::Result<usize> {
    let (fd, start) = (epoll.as_raw_fd(), events.as_mut_ptr());
    let count = events.len() as c_int;
    // SAFETY: the kernel writes to `count` events from `start` on: all there are.
    Ok(syscall!(epoll_wait(fd, start, count, milliseconds(limit)))? as usize)
}

/// In the words of poll(2): -1 is for ever.
fn milliseconds(limit: Option<Duration>) -> c_int {
    limit.map_or(-1, |limit| limit.as_millis() as c_int + 1)
}

/// Reads up to `buffer.len()` bytes; 0 is the end of what the peer sends: read(2).
pub fn read(socket: &OwnedFd, buffer: &mut [u8]) -> io::Result<usize> {
    let (fd, start) = (socket.as_raw_fd(), buffer.as_mut_ptr().cast());
    // SAFETY: the kernel writes `buffer.len()` bytes at most from `start` on.
    Ok(syscall!(read(fd, start, buffer.len()))? as usize)
}

/// Writes as many of the bytes as the socket takes, and says how many: write(2).
pub fn write(socket: &OwnedFd, bytes: &[u8]) -> io::Result<usize> {
    let (fd, start) = (socket.as_raw_fd(), bytes.as_ptr().cast());
    // SAFETY: the kernel reads `bytes.len()` bytes at most from `start` on.
    Ok(syscall!(write(fd, start, bytes.len()))? as usize)
}

/// The same as [`write`], and more follows at once: what is too short for a segment waits for
/// it. send(2), `MSG_MORE`.
pub fn write_with_more(socket: &OwnedFd, bytes: &[u8]) -> io::Result<usize> {
    let (fd, start, flags) = (socket.as_raw_fd(), bytes.as_ptr().cast(), libc::MSG_MORE);
    // SAFETY: the kernel reads `bytes.len()` bytes at most from `start` on.
    Ok(syscall!(send(fd, start, bytes.len(), flags))? as usize)
}

/// Sends up to `count` bytes of the file from `offset` on, and says how many; 0 is the file's
/// end: sendfile(2).
///
/// The pages go from the file to the socket without a copy. So a file that changes while they
/// wait there has changed for the client too.
pub fn send_file(
    socket: &OwnedFd,
    file: &File,
    offset: u64,
    count: usize,
) -> io::Result<usize> {
    let (to, from) = (socket.as_raw_fd(), file.as_raw_fd());
    let mut offset = offset as libc::off_t;
    // SAFETY: `offset` lives until the call is over.
    Ok(syscall!(sendfile(to, from, &mut offset, count))? as usize)
}

/// Tells the peer that nothing follows, and goes on reading: shutdown(2).
pub fn shut_down(socket: &OwnedFd) -> io::Result<()> {
    // SAFETY: no pointer is passed.
    syscall!(shutdown(socket.as_raw_fd(), libc::SHUT_WR))?;
    Ok(())
}

/// How many bytes were written and aren't confirmed by the peer yet: `SIOCOUTQ`, tcp(7).
pub fn unsent(socket: &OwnedFd) -> io::Result<u32> {
    let mut count: c_int = 0;
    // SAFETY: `count` lives until the call is over.
    syscall!(ioctl(socket.as_raw_fd(), libc::TIOCOUTQ, &raw mut count))?;
    Ok(count as u32)
}

/// How many descriptors this process may have open: getrlimit(2).
pub fn descriptor_limit() -> io::Result<usize> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` lives until the call is over.
    syscall!(getrlimit(libc::RLIMIT_NOFILE, &mut limit))?;
    Ok(limit.rlim_cur as usize)
}

/// Says what is there, and opens nothing: no writer of a FIFO is let go (open(2)).
pub const LOOK: c_int = libc::O_PATH;
/// To read. It never waits: a FIFO has no reader yet, perhaps.
pub const READ: c_int = libc::O_RDONLY | libc::O_NONBLOCK;
/// To read what is in a folder. Nothing else is opened.
pub const READ_FOLDER: c_int = libc::O_RDONLY | libc::O_DIRECTORY;

/// Opens `path` for reading, nowhere but beneath `folder`: openat2(2), `RESOLVE_BENEATH`.
///
/// The kernel refuses a `..` and a symbolic link that would lead out, and every absolute path or
/// link, with `EXDEV`. `O_NONBLOCK` keeps a FIFO without a writer from holding up the loop.
pub fn open_beneath(folder: &File, path: &[u8], flags: c_int) -> io::Result<File> {
    let path = CString::new(path)?;
    // SAFETY: all zeros say that nothing is asked for.
    let mut how: libc::open_how = unsafe { std::mem::zeroed() };
    how.flags = (flags | libc::O_CLOEXEC) as u64;
    how.resolve = libc::RESOLVE_BENEATH | libc::RESOLVE_NO_MAGICLINKS;
    let (fd, path, size) = (folder.as_raw_fd(), path.as_ptr(), size_of_val(&how));
    // SAFETY: `path` ends in a zero byte, and `size` is the size of `how`.
    let fd = syscall!(syscall(libc::SYS_openat2, fd, path, &raw const how, size))?;
    // SAFETY: the descriptor is new, and nobody else has it.
    Ok(unsafe { File::from_raw_fd(fd as c_int) })
}

/// Fills `buffer` with the next entries of a folder, and says how many bytes they are; 0 is the
/// folder's end: getdents64(2), which says what an entry looks like.
pub fn read_folder(folder: &File, buffer: &mut [u8]) -> io::Result<usize> {
    let (fd, start) = (folder.as_raw_fd(), buffer.as_mut_ptr());
    // SAFETY: the kernel writes `buffer.len()` bytes at most from `start` on.
    Ok(syscall!(syscall(libc::SYS_getdents64, fd, start, buffer.len()))? as usize)
}

/// What is at `name` in the folder, be it a symbolic link; without a name, what is open itself:
/// fstatat(2).
pub fn look(folder: &File, name: &[u8]) -> io::Result<libc::stat> {
    let name = CString::new(name)?;
    let flags = libc::AT_SYMLINK_NOFOLLOW | libc::AT_EMPTY_PATH;
    // SAFETY: what is found may be all zeros.
    let mut found: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: `name` ends in a zero byte, and `found` lives until the call is over.
    syscall!(fstatat(folder.as_raw_fd(), name.as_ptr(), &mut found, flags))?;
    Ok(found)
}

/// A counter that is readable when it isn't zero, and never blocks: eventfd(2).
pub fn event() -> io::Result<OwnedFd> {
    // SAFETY: no pointer is passed.
    let fd = syscall!(eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC))?;
    // SAFETY: the descriptor is new, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Whether whoever started this process has had this signal ignored: sigaction(2).
pub fn is_ignored(signal: c_int) -> bool {
    // SAFETY: an action may be all zeros.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: `action` lives until the call is over, and nothing is changed.
    let asked = syscall!(sigaction(signal, std::ptr::null(), &mut action));
    asked.is_ok() && action.sa_sigaction == libc::SIG_IGN
}

/// Fills `bytes` from the system's randomness: getrandom(2).
pub fn random(bytes: &mut [u8]) -> io::Result<()> {
    let (start, count) = (bytes.as_mut_ptr().cast(), bytes.len());
    // SAFETY: the kernel writes `count` bytes at most from `start` on.
    syscall!(getrandom(start, count, 0))?;
    Ok(())
}

/// Raises the limit of open descriptors as far as this process may: setrlimit(2).
pub fn raise_descriptor_limit() -> io::Result<()> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` lives until the call is over.
    syscall!(getrlimit(libc::RLIMIT_NOFILE, &mut limit))?;
    limit.rlim_cur = limit.rlim_max;
    // SAFETY: `limit` lives until the call is over.
    syscall!(setrlimit(libc::RLIMIT_NOFILE, &limit))?;
    Ok(())
}

/// Whether the call may succeed later: the socket isn't ready, or a signal came.
pub fn try_again(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

/// Whether the call failed because no descriptor is left, to the process or to the machine.
pub fn lacks_descriptors(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE))
}

/// Whether an accept failed for a reason of the client that was to be accepted: the next one may
/// be well. accept(2), "Error handling".
pub fn concerns_one_client(error: &io::Error) -> bool {
    const ERRORS: [i32; 10] = [
        libc::ECONNABORTED,
        libc::EHOSTDOWN,
        libc::EHOSTUNREACH,
        libc::EINTR,
        libc::ENETDOWN,
        libc::ENETUNREACH,
        libc::ENONET,
        libc::ENOPROTOOPT,
        libc::EOPNOTSUPP,
        libc::EPROTO,
    ];
    error.raw_os_error().is_some_and(|errno| ERRORS.contains(&errno))
}
