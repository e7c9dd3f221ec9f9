use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::process::ExitCode;
use std::ptr::null_mut;

use libc::{c_int, sa_family_t, sockaddr_in, socklen_t};

const STEP: &str = env!("CARGO_PKG_NAME");

macro_rules! syscall {
    ($name:ident($($argument:expr),*)) => {
        match unsafe { libc::$name($($argument),*) } {
            -1 => Err(io::Error::last_os_error()),
            result => Ok(result),
        }
    };
}

fn main() -> ExitCode {
    let argument = std::env::args().nth(1);
    let Ok(address) = argument.as_deref().unwrap_or("127.0.0.1:8080").parse() else {
        eprintln!("usage: {STEP} [ADDR:PORT]");
        return ExitCode::from(2);
    };
    if let Err(error) = serve(address) {
        eprintln!("{STEP}: {address}: {error}");
    }
    ExitCode::FAILURE
}

fn serve(address: SocketAddrV4) -> io::Result<()> {
    let listener = socket()?;
    set_option(&listener, libc::SOL_SOCKET, libc::SO_REUSEADDR)?;
    bind(&listener, address)?;
    listen(&listener)?;
    println!("listening on {}", local_address(&listener)?);

    loop {
        let socket = accept(&listener)?;
        if let Err(error) = echo(&socket) {
            eprintln!("{STEP}: a connection failed: {error}");
        }
    }
}

fn echo(socket: &OwnedFd) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let received = read(socket, &mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        let mut rest = &buffer[..received];
        while !rest.is_empty() {
            let sent = write(socket, rest)?;
            rest = &rest[sent..];
        }
    }
}

fn socket() -> io::Result<OwnedFd> {
    let kind = libc::SOCK_STREAM | libc::SOCK_CLOEXEC;
    let fd = syscall!(socket(libc::AF_INET, kind, 0))?;
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

fn set_option(socket: &OwnedFd, level: c_int, option: c_int) -> io::Result<()> {
    let on: c_int = 1;
    let (fd, value) = (socket.as_raw_fd(), (&raw const on).cast());
    let size = size_of_val(&on) as socklen_t;
    syscall!(setsockopt(fd, level, option, value, size))?;
    Ok(())
}

fn bind(socket: &OwnedFd, address: SocketAddrV4) -> io::Result<()> {
    let name = sockaddr_in {
        sin_family: libc::AF_INET as sa_family_t,
        sin_port: address.port().to_be(),
        sin_addr: libc::in_addr { s_addr: address.ip().to_bits().to_be() },
        sin_zero: [0; 8],
    };
    let (fd, size) = (socket.as_raw_fd(), size_of_val(&name) as socklen_t);
    syscall!(bind(fd, (&raw const name).cast(), size))?;
    Ok(())
}

fn listen(socket: &OwnedFd) -> io::Result<()> {
    syscall!(listen(socket.as_raw_fd(), libc::SOMAXCONN))?;
    Ok(())
}

fn local_address(socket: &OwnedFd) -> io::Result<SocketAddrV4> {
    let mut name: sockaddr_in = unsafe { std::mem::zeroed() };
    let (fd, mut size) = (socket.as_raw_fd(), size_of_val(&name) as socklen_t);
    syscall!(getsockname(fd, (&raw mut name).cast(), &mut size))?;
    let ip = Ipv4Addr::from_bits(u32::from_be(name.sin_addr.s_addr));
    Ok(SocketAddrV4::new(ip, u16::from_be(name.sin_port)))
}

fn accept(listener: &OwnedFd) -> io::Result<OwnedFd> {
    let flags = libc::SOCK_CLOEXEC;
    let (fd, nobody) = (listener.as_raw_fd(), null_mut());
    let fd = syscall!(accept4(fd, nobody, null_mut(), flags))?;
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

fn read(socket: &OwnedFd, buffer: &mut [u8]) -> io::Result<usize> {
    let (fd, start) = (socket.as_raw_fd(), buffer.as_mut_ptr().cast());
    Ok(syscall!(read(fd, start, buffer.len()))? as usize)
}

fn write(socket: &OwnedFd, bytes: &[u8]) -> io::Result<usize> {
    let (fd, start) = (socket.as_raw_fd(), bytes.as_ptr().cast());
    Ok(syscall!(write(fd, start, bytes.len()))? as usize)
}
