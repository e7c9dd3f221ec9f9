#![allow(unsafe_code)]

use std::ffi::CString;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

use libc::{c_int, nfds_t, pollfd, sa_family_t, sockaddr_in, socklen_t};

macro_rules! syscall {
    ($name:ident($($argument:expr),*)) => {
        match unsafe { libc::$name($($argument),*) } {
            -1 => Err(io::Error::last_os_error()),
            result => Ok(result),
        }
    };
}

pub fn socket() -> io::Result<OwnedFd> {
    let kind = libc::SOCK_STREAM | libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;
    // SAFETY: no pointer is passed.
    let fd = syscall!(socket(libc::AF_INET, kind, 0))?;
    // SAFETY: the descriptor is new, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

pub fn set_option(socket: &OwnedFd, level: c_int, option: c_int) -> io::Result<()> {
    let on: c_int = 1;
    let (fd, value) = (socket.as_raw_fd(), (&raw const on).cast());
    let size = size_of_val(&on) as socklen_t;
    // SAFETY: `on` lives until the call is over, and `size` is its size.
    syscall!(setsockopt(fd, level, option, value, size))?;
    Ok(())
}

pub fn bind(socket: &OwnedFd, address: SocketAddrV4) -> io::Result<()> {
    let name = sockaddr_in {
        sin_family: libc::AF_INET as sa_family_t,
        sin_port: address.port().to_be(),
        sin_addr: libc::in_addr { s_addr: address.ip().to_bits().to_be() },
        sin_zero: [0; 8],
    };
    let (fd, size) = (socket.as_raw_fd(), size_of_val(&name) as socklen_t);
    // SAFETY: `name` lives until the call is over, and `size` is its size.
    syscall!(bind(fd, (&raw const name).cast(), size))?;
    Ok(())
}

pub fn listen(socket: &OwnedFd) -> io::Result<()> {
    // SAFETY: no pointer is passed.
    syscall!(listen(socket.as_raw_fd(), libc::SOMAXCONN))?;
    Ok(())
}

pub fn local_address(socket: &OwnedFd) -> io::Result<SocketAddrV4> {
    // SAFETY: an address may be all zeros.
    let mut name: sockaddr_in = unsafe { std::mem::zeroed() };
    let (fd, mut size) = (socket.as_raw_fd(), size_of_val(&name) as socklen_t);
    // SAFETY: `name` lives until the call is over, and `size` is its size.
    syscall!(getsockname(fd, (&raw mut name).cast(), &mut size))?;
    let ip = Ipv4Addr::from_bits(u32::from_be(name.sin_addr.s_addr));
    Ok(SocketAddrV4::new(ip, u16::from_be(name.sin_port)))
}

pub fn accept(listener: &OwnedFd) -> io::Result<(OwnedFd, Ipv4Addr)> {
    let flags = libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;
    // SAFETY: an address may be all zeros.
    let mut name: sockaddr_in = unsafe { std::mem::zeroed() };
    let (fd, mut size) = (listener.as_raw_fd(), size_of_val(&name) as socklen_t);
    // SAFETY: `name` lives until the call is over, and `size` is its size.
    let fd = syscall!(accept4(fd, (&raw mut name).cast(), &mut size, flags))?;
    // SAFETY: the descriptor is new, and nobody else has it.
    let socket = unsafe { OwnedFd::from_raw_fd(fd) };
    Ok((socket, Ipv4Addr::from_bits(u32::from_be(name.sin_addr.s_addr))))
}

pub fn poll(entries: &mut [pollfd], limit: Option<Duration>) -> io::Result<()> {
    let (start, count) = (entries.as_mut_ptr(), entries.len() as nfds_t);
    let milliseconds = limit.map_or(-1, |limit| limit.as_millis() as c_int + 1);
    // SAFETY: the kernel writes to `count` entries from `start` on: all there are.
    syscall!(poll(start, count, milliseconds))?;
    Ok(())
}

pub fn read(socket: &OwnedFd, buffer: &mut [u8]) -> io::Result<usize> {
    let (fd, start) = (socket.as_raw_fd(), buffer.as_mut_ptr().cast());
    // SAFETY: the kernel writes `buffer.len()` bytes at most from `start` on.
    Ok(syscall!(read(fd, start, buffer.len()))? as usize)
}

pub fn write(socket: &OwnedFd, bytes: &[u8]) -> io::Result<usize> {
    let (fd, start) = (socket.as_raw_fd(), bytes.as_ptr().cast());
    // SAFETY: the kernel reads `bytes.len()` bytes at most from `start` on.
    Ok(syscall!(write(fd, start, bytes.len()))? as usize)
}

pub fn write_with_more(socket: &OwnedFd, bytes: &[u8]) -> io::Result<usize> {
    let (fd, start, flags) = (socket.as_raw_fd(), bytes.as_ptr().cast(), libc::MSG_MORE);
    // SAFETY: the kernel reads `bytes.len()` bytes at most from `start` on.
    Ok(syscall!(send(fd, start, bytes.len(), flags))? as usize)
}

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

pub fn shut_down(socket: &OwnedFd) -> io::Result<()> {
    // SAFETY: no pointer is passed.
    syscall!(shutdown(socket.as_raw_fd(), libc::SHUT_WR))?;
    Ok(())
}

pub fn descriptor_limit() -> io::Result<usize> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` lives until the call is over.
    syscall!(getrlimit(libc::RLIMIT_NOFILE, &mut limit))?;
    Ok(limit.rlim_cur as usize)
}

pub const LOOK: c_int = libc::O_PATH;
pub const READ: c_int = libc::O_RDONLY | libc::O_NONBLOCK;

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

pub fn random(bytes: &mut [u8]) -> io::Result<()> {
    let (start, count) = (bytes.as_mut_ptr().cast(), bytes.len());
    // SAFETY: the kernel writes `count` bytes at most from `start` on.
    syscall!(getrandom(start, count, 0))?;
    Ok(())
}

pub fn try_again(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

pub fn lacks_descriptors(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE))
}

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
