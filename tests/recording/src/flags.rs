//! Flags by their names, in the order in which strace(1) names them.

macro_rules! flags {
    ($function:ident, $($name:ident)*) => {
        pub fn $function(number: i64) -> String {
            named(number, &[$((stringify!($name), libc::$name as i64)),*])
        }
    };
}

flags!(open, O_WRONLY O_RDWR O_CREAT O_EXCL O_TRUNC O_APPEND O_NONBLOCK O_DIRECTORY O_NOFOLLOW O_CLOEXEC O_PATH);
flags!(resolve, RESOLVE_NO_XDEV RESOLVE_NO_MAGICLINKS RESOLVE_NO_SYMLINKS RESOLVE_BENEATH RESOLVE_IN_ROOT);
flags!(socket, SOCK_CLOEXEC SOCK_NONBLOCK);
flags!(poll, POLLIN POLLPRI POLLOUT POLLERR POLLHUP POLLNVAL POLLRDHUP);
flags!(epoll, EPOLLIN EPOLLPRI EPOLLOUT EPOLLERR EPOLLHUP EPOLLRDHUP EPOLLEXCLUSIVE EPOLLONESHOT EPOLLET);
flags!(epoll_create, EPOLL_CLOEXEC);
flags!(message, MSG_PEEK MSG_DONTWAIT MSG_MORE MSG_NOSIGNAL);
flags!(random, GRND_NONBLOCK GRND_RANDOM GRND_INSECURE);

/// What has no name is added as a number.
fn named(number: i64, names: &[(&str, i64)]) -> String {
    let known = names.iter().filter(|(_, flag)| number & flag == *flag && *flag != 0);
    let (mut words, mut rest) = (Vec::new(), number);
    for (name, flag) in known {
        words.push(name.to_string());
        rest &= !flag;
    }
    if rest != 0 {
        words.push(format!("{rest:#x}"));
    }
    match words.is_empty() {
        true => "0".to_string(),
        false => words.join("|"),
    }
}

/// socket(2): the kind and its flags.
pub fn kind(number: i64) -> String {
    let flags = i64::from(libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK);
    let kind = match number & !flags {
        it if it == i64::from(libc::SOCK_STREAM) => "SOCK_STREAM".to_string(),
        it if it == i64::from(libc::SOCK_DGRAM) => "SOCK_DGRAM".to_string(),
        it => it.to_string(),
    };
    match number & flags {
        0 => kind,
        flags => format!("{kind}|{}", socket(flags)),
    }
}

/// open(2): the mode of access, which is no flag, and the flags.
pub fn opening(number: i64) -> String {
    let text = open(number);
    match number & i64::from(libc::O_ACCMODE) == i64::from(libc::O_RDONLY) {
        true if text == "0" => "O_RDONLY".to_string(),
        true => format!("O_RDONLY|{text}"),
        false => text,
    }
}

pub fn family(number: i64) -> String {
    match number as i32 {
        libc::AF_UNIX => "AF_UNIX".to_string(),
        libc::AF_INET => "AF_INET".to_string(),
        libc::AF_INET6 => "AF_INET6".to_string(),
        other => other.to_string(),
    }
}

/// The level and the name of a socket's option: socket(7), tcp(7).
pub fn option(level: i64, option: i64) -> (String, String) {
    const SOCKET: &[(&str, i32)] = &[
        ("SO_REUSEADDR", libc::SO_REUSEADDR),
        ("SO_REUSEPORT", libc::SO_REUSEPORT),
        ("SO_LINGER", libc::SO_LINGER),
        ("SO_ERROR", libc::SO_ERROR),
        ("SO_KEEPALIVE", libc::SO_KEEPALIVE),
        ("SO_SNDBUF", libc::SO_SNDBUF),
        ("SO_RCVBUF", libc::SO_RCVBUF),
    ];
    const TCP: &[(&str, i32)] =
        &[("TCP_NODELAY", libc::TCP_NODELAY), ("TCP_CORK", libc::TCP_CORK)];
    let (level_name, names) = match level as i32 {
        libc::SOL_SOCKET => ("SOL_SOCKET".to_string(), SOCKET),
        libc::IPPROTO_TCP => ("SOL_TCP".to_string(), TCP),
        other => (other.to_string(), &[][..]),
    };
    let known = names.iter().find(|(_, number)| i64::from(*number) == option);
    (level_name, known.map_or(option.to_string(), |(name, _)| name.to_string()))
}
