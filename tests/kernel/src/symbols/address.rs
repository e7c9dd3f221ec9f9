//! Addresses of sockets: as the kernel has them, and as text.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use libc::{sockaddr, sockaddr_in, sockaddr_in6, socklen_t};

/// # Safety
///
/// So many bytes are there.
pub unsafe fn read(address: *const sockaddr, length: socklen_t) -> Option<SocketAddr> {
    let length = length as usize;
    if address.is_null() || length < size_of::<libc::sa_family_t>() {
        return None;
    }
    // SAFETY: there are enough bytes for each, and each may be anywhere.
    unsafe {
        match i32::from((&raw const (*address).sa_family).read_unaligned()) {
            libc::AF_INET if length >= size_of::<sockaddr_in>() => {
                let name = address.cast::<sockaddr_in>().read_unaligned();
                let ip = Ipv4Addr::from_bits(u32::from_be(name.sin_addr.s_addr));
                Some(SocketAddr::new(IpAddr::V4(ip), u16::from_be(name.sin_port)))
            }
            libc::AF_INET6 if length >= size_of::<sockaddr_in6>() => {
                let name = address.cast::<sockaddr_in6>().read_unaligned();
                let ip = Ipv6Addr::from(name.sin6_addr.s6_addr);
                Some(SocketAddr::new(IpAddr::V6(ip), u16::from_be(name.sin6_port)))
            }
            _ => None,
        }
    }
}

/// Writes as much of the address as there is room for, and its whole length, as accept(2) does.
///
/// # Safety
///
/// `length` says how much room is there, if neither is null.
pub unsafe fn write(from: SocketAddr, address: *mut sockaddr, length: *mut socklen_t) {
    if address.is_null() || length.is_null() {
        return;
    }
    // SAFETY: the caller's room isn't exceeded; the names are plain numbers.
    unsafe {
        let room = *length as usize;
        let put = |name: *const u8, size: usize| {
            std::ptr::copy_nonoverlapping(name, address.cast::<u8>(), size.min(room));
            *length = size as socklen_t;
        };
        match from {
            SocketAddr::V4(from) => {
                let mut name: sockaddr_in = std::mem::zeroed();
                name.sin_family = libc::AF_INET as libc::sa_family_t;
                name.sin_port = from.port().to_be();
                name.sin_addr.s_addr = from.ip().to_bits().to_be();
                put((&raw const name).cast(), size_of_val(&name));
            }
            SocketAddr::V6(from) => {
                let mut name: sockaddr_in6 = std::mem::zeroed();
                name.sin6_family = libc::AF_INET6 as libc::sa_family_t;
                name.sin6_port = from.port().to_be();
                name.sin6_addr.s6_addr = from.ip().octets();
                put((&raw const name).cast(), size_of_val(&name));
            }
        }
    }
}
