//! Calls as strace(1) shows them, and as a page does.

use std::borrow::Cow;

use crate::answer::{Answer, FileFacts, Payload};
use crate::call::{Asked, Call};
use crate::data::Given;
use crate::flags;
use crate::form::{Form, entries, quoted};

impl Call {
    /// `read`, `accept4`.
    pub fn name(&self) -> &str {
        use Asked::*;
        match &self.asked {
            Socket { .. } => "socket",
            SetSockOpt { .. } => "setsockopt",
            GetSockOpt { .. } => "getsockopt",
            Bind { .. } => "bind",
            Listen { .. } => "listen",
            GetSockName { .. } => "getsockname",
            GetPeerName { .. } => "getpeername",
            Accept { .. } => "accept",
            Accept4 { .. } => "accept4",
            Connect { .. } => "connect",
            Shutdown { .. } => "shutdown",
            Poll { .. } => "poll",
            Read { .. } => "read",
            Write { .. } => "write",
            RecvFrom { .. } => "recvfrom",
            SendTo { .. } => "sendto",
            SendFile { .. } => "sendfile",
            OpenAt { .. } => "openat",
            OpenAt2 { .. } => "openat2",
            Statx { .. } => "statx",
            PRead64 { .. } => "pread64",
            Close { .. } => "close",
            EventFd2 { .. } => "eventfd2",
            ClockGetTime { .. } => "clock_gettime",
            GetRandom { .. } => "getrandom",
            ReadV { .. } => "readv",
            WriteV { .. } => "writev",
            EpollCreate1 { .. } => "epoll_create1",
            EpollCtl { .. } => "epoll_ctl",
            EpollWait { .. } => "epoll_wait",
            Other { name, .. } => name,
        }
    }

    /// What stands between the parentheses.
    pub fn args(&self, form: Form) -> String {
        use Asked::*;
        let ends_early = self.answer.is_none() && form != Form::Trace;
        let quoted = |bytes: &[u8]| quoted(bytes, form);
        let given = self.payload();
        let data = |room: &usize, rest: String| match given {
            None if ends_early => String::new(),
            None => format!(" ..., {room}{rest}"),
            Some(given) => {
                format!(" {}, {room}{rest}", quoted(&bytes(given)))
            }
        };
        let named = |named: &bool| match (named, given) {
            (false, _) => "NULL, NULL".to_string(),
            (true, None) => "...".to_string(),
            // A whole one, as strace prints it, would take three lines of a page.
            (true, Some(Payload { address, .. })) => {
                format!("{{{}}}, [16]", address.as_deref().unwrap_or("..."))
            }
        };
        match &self.asked {
            Socket { family, kind, protocol } => {
                let protocol = match protocol {
                    0 => "IPPROTO_IP".to_string(),
                    other => other.to_string(),
                };
                format!("{}, {}, {protocol}", flags::family(*family), flags::kind(*kind))
            }
            SetSockOpt { fd, level, option, value } => {
                let (level, option) = flags::option(*level, *option);
                format!("{fd}, {level}, {option}, [{}], {}", int(&value.0), value.0.len())
            }
            GetSockOpt { fd, level, option, room } => {
                let (level, option) = flags::option(*level, *option);
                let value = given.map_or(0, |given| int(&bytes(given)));
                format!("{fd}, {level}, {option}, [{value}], [{room}]")
            }
            Bind { fd, address } => format!("{fd}, {}, {}", socket_address(address), 16),
            Connect { fd, address } => {
                format!("{fd}, {}, {}", socket_address(address), 16)
            }
            Listen { fd, backlog } => format!("{fd}, {backlog}"),
            GetSockName { fd } | GetPeerName { fd } => {
                format!("{fd}, {}", name(given.and_then(|it| it.address.as_deref())))
            }
            Accept { fd, named: it } => format!("{fd}, {}", named(it)),
            Accept4 { fd, flags, named: it } => {
                format!("{fd}, {}, {}", named(it), flags::socket(*flags))
            }
            Shutdown { fd, how } => {
                let how = ["SHUT_RD", "SHUT_WR", "SHUT_RDWR"].get(*how as usize);
                format!("{fd}, {}", how.unwrap_or(&"?"))
            }
            Poll { entries: all, timeout } => {
                format!("{}, {}, {timeout}", entries("events", all, form), all.len())
            }
            Read { fd, room } => format!("{fd},{}", data(room, String::new())),
            PRead64 { fd, room, offset } => {
                format!("{fd},{}", data(room, format!(", {offset}")))
            }
            RecvFrom { fd, room, flags } => {
                let rest = format!(", {}, NULL, NULL", flags::message(*flags));
                format!("{fd},{}", data(room, rest))
            }
            Write { fd, data } => {
                format!("{fd}, {}, {}", quoted(&data.0), data.0.len())
            }
            SendTo { fd, data, flags } => {
                let (text, flags) = (quoted(&data.0), flags::message(*flags));
                format!("{fd}, {text}, {}, {flags}, NULL, 0", data.0.len())
            }
            SendFile { fd, file, offset, count } => {
                let sent = self.result().filter(|sent| *sent >= 0);
                let offset = match (offset, sent) {
                    (None, _) => "NULL".to_string(),
                    (Some(from), Some(sent)) => format!("[{from}] => [{}]", from + sent),
                    (Some(from), None) => format!("[{from}]"),
                };
                format!("{fd}, {file}, {offset}, {count}")
            }
            OpenAt { folder, path, flags } => {
                let (folder, path) = (place(*folder), quoted(path.as_bytes()));
                format!("{folder}, {path}, {}", flags::opening(*flags))
            }
            OpenAt2 { folder, path, flags, resolve } => {
                let (folder, path) = (place(*folder), quoted(&path.0));
                let (flags, resolve) = (flags::opening(*flags), flags::resolve(*resolve));
                match form {
                    Form::Trace => format!(
                        "{folder}, {path}, {{flags={flags}, resolve={resolve}}}, 24"
                    ),
                    _ => format!("{folder}, {path}, {{{flags}, {resolve}}}, 24"),
                }
            }
            Statx { fd, path, .. } => {
                let found = given.and_then(|it| it.file.as_ref());
                let facts = found.map_or("...".to_string(), facts);
                let at = match form {
                    Form::Trace => "AT_STATX_SYNC_AS_STAT|AT_EMPTY_PATH, STATX_ALL",
                    _ => "…",
                };
                format!("{}, \"{path}\", {at}, {facts}", place(*fd))
            }
            Close { fd } => fd.to_string(),
            EventFd2 { value, flags } => format!("{value}, {flags:#x}"),
            ClockGetTime { clock } => clock.to_string(),
            GetRandom { room, flags } => {
                format!("\"…\", {room}, {}", flags::random(*flags))
            }
            ReadV { fd, rooms } => format!("{fd},{}", data(&rooms.len(), String::new())),
            WriteV { fd, data, pieces } => {
                format!("{fd}, {}, {}", quoted(&data.0), pieces.len())
            }
            EpollCreate1 { flags } => flags::epoll_create(*flags),
            EpollCtl { fd, operation, target, events, data } => {
                let operation = ["0", "EPOLL_CTL_ADD", "EPOLL_CTL_DEL", "EPOLL_CTL_MOD"]
                    .get(*operation as usize);
                let (operation, event) =
                    (operation.unwrap_or(&"?"), epoll_event(*events, *data, form));
                format!("{fd}, {operation}, {target}, {event}")
            }
            EpollWait { fd, .. } if ends_early => format!("{fd},"),
            EpollWait { fd, room, timeout } => {
                let woken = given.map_or(&[][..], |it| &it.woken);
                let woken = woken.iter().map(|it| epoll_event(it.events, it.data, form));
                let woken = woken.collect::<Vec<_>>().join(", ");
                format!("{fd}, [{woken}], {room}, {timeout}")
            }
            Other { arguments, .. } => {
                arguments.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// What stands behind the equals sign, if it has returned.
    pub fn shown_result(&self, form: Form) -> Option<String> {
        Some(match self.answer.as_ref()? {
            Answer::Failed { error } if matches!(form, Form::Narrow(_)) => {
                format!("-1 {error}")
            }
            Answer::Failed { error } => format!("-1 {error} ({})", error.meaning()),
            Answer::Done { result, payload } if !payload.ready.is_empty() => {
                format!("{result} ({})", entries("revents", &payload.ready, form))
            }
            Answer::Done { result, .. } => match self.asked {
                Asked::Poll { .. } if *result == 0 => "0 (Timeout)".to_string(),
                _ => result.to_string(),
            },
        })
    }

    /// `read(4, "hello\n", 16384) = 6`.
    pub fn line(&self) -> String {
        let result = self.shown_result(Form::Trace).map(|it| format!(" = {it}"));
        let (name, args) = (self.name(), self.args(Form::Trace));
        format!("{name}({args}){}", result.unwrap_or_default())
    }
}

/// What came with an answer.
fn bytes(given: &Payload) -> Cow<'_, [u8]> {
    given.data.as_ref().map(Given::bytes).unwrap_or_default()
}

/// The number that a program gives a descriptor is often made of several: hexadecimal shows which.
fn epoll_event(events: i64, data: u64, form: Form) -> String {
    let events = flags::epoll(events);
    match form {
        Form::Narrow(_) => format!("{{{events}, {data:#x}}}"),
        _ => format!("{{events={events}, data={data:#x}}}"),
    }
}

fn int(value: &[u8]) -> i32 {
    value.first_chunk().map_or(0, |bytes| i32::from_ne_bytes(*bytes))
}

fn place(folder: i64) -> String {
    match folder == i64::from(libc::AT_FDCWD) {
        true => "AT_FDCWD".to_string(),
        false => folder.to_string(),
    }
}

fn name(address: Option<&str>) -> String {
    address.map_or("...".to_string(), |it| format!("{}, [16]", socket_address(it)))
}

fn socket_address(address: &str) -> String {
    match address.rsplit_once(':') {
        Some((ip, port)) => format!(
            "{{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr(\"{ip}\")}}"
        ),
        None => address.to_string(),
    }
}

fn facts(file: &FileFacts) -> String {
    let kind = match file.mode & 0o170000 {
        0o100000 => "S_IFREG",
        0o040000 => "S_IFDIR",
        0o120000 => "S_IFLNK",
        0o010000 => "S_IFIFO",
        _ => "0",
    };
    let mode = file.mode & 0o7777;
    format!("{{stx_mode={kind}|{mode:#05o}, stx_size={}, ...}}", file.size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::SHOWN;

    fn line(json: &str) -> String {
        serde_json::from_str::<Call>(json).expect("it is a call").line()
    }

    #[test]
    fn calls_read_as_strace_shows_them() {
        for (json, shown) in [
            (
                r#"{"call":"socket","family":2,"kind":526337,"protocol":0,"answer":{"result":3}}"#,
                "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_IP) = 3",
            ),
            (
                r#"{"call":"read","fd":4,"room":9,"answer":{"result":4,"data":"\t\u00011\n"}}"#,
                r#"read(4, "\t\0011\n", 9) = 4"#,
            ),
            (
                r#"{"call":"read","fd":4,"room":9,"answer":{"error":"EAGAIN"}}"#,
                "read(4, ..., 9) = -1 EAGAIN (Resource temporarily unavailable)",
            ),
            (r#"{"call":"read","fd":4,"room":9}"#, "read(4, ..., 9)"),
            (
                r#"{"call":"poll","entries":[{"fd":3,"events":1},{"fd":4,"events":4}],"timeout":-1,
                    "answer":{"result":1,"ready":[{"fd":4,"events":12}]}}"#,
                "poll([{fd=3, events=POLLIN}, {fd=4, events=POLLOUT}], 2, -1) \
                 = 1 ([{fd=4, revents=POLLOUT|POLLERR}])",
            ),
            (
                r#"{"call":"epoll_ctl","fd":4,"operation":3,"target":5,"events":4,"data":4294967297,
                    "answer":{"result":0}}"#,
                "epoll_ctl(4, EPOLL_CTL_MOD, 5, {events=EPOLLOUT, data=0x100000001}) = 0",
            ),
            (
                r#"{"call":"epoll_wait","fd":4,"room":2,"timeout":-1,
                    "answer":{"result":1,"woken":[{"events":1,"data":7}]}}"#,
                "epoll_wait(4, [{events=EPOLLIN, data=0x7}], 2, -1) = 1",
            ),
            (
                r#"{"call":"sendfile","fd":4,"file":6,"offset":10,"count":99,"answer":{"result":5}}"#,
                "sendfile(4, 6, [10] => [15], 99) = 5",
            ),
            (
                r#"{"call":"openat2","folder":5,"path":"./x","flags":526336,"resolve":10,
                    "answer":{"error":"EXDEV"}}"#,
                "openat2(5, \"./x\", {flags=O_RDONLY|O_NONBLOCK|O_CLOEXEC, \
                 resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_BENEATH}, 24) \
                 = -1 EXDEV (Invalid cross-device link)",
            ),
        ] {
            assert_eq!(line(json), shown);
        }
    }

    #[test]
    fn a_call_that_waits_ends_before_what_it_will_be_given() {
        let json = r#"{"call":"read","fd":4,"room":9}"#;
        let call: Call = serde_json::from_str(json).expect("it is a call");
        let form = Form::Page(9);
        assert_eq!((call.args(form).as_str(), call.shown_result(form)), ("4,", None));
    }

    #[test]
    fn much_data_is_cut() {
        let data = "x".repeat(SHOWN + 1);
        let json = format!(r#"{{"call":"write","fd":1,"data":"{data}"}}"#);
        let shown = "x".repeat(SHOWN);
        assert_eq!(line(&json), format!("write(1, \"{shown}\"..., 97)"));
    }
}
