//! A line in the combined log format, as Apache defines it in mod_log_config: client, two names that
//! nobody knows (`-`), date, request line, status, bytes of the body, Referer and User-Agent.
//!
//! As in nginx's logs, no bytes are a `0`. The date is that of the response, in UTC.

use std::io::Write;
use std::iter;
use std::net::IpAddr;
use std::ops::Range;

use crate::http::Answer;
use crate::peers::Peer;

/// The longest request line that is written. None that is longer has been understood.
const LINE_LIMIT: usize = 8 * 1024;

/// What stands between the client and the request line. It is the same for a second.
#[derive(Default)]
pub struct Stamp {
    date: String,
    text: String,
}

impl Stamp {
    /// From the line of a Date field, `Date: Sun, 06 Nov 1994 08:49:37 GMT`.
    pub fn of(&mut self, date: &str) -> &[u8] {
        if self.date != date {
            self.date = date.into();
            let (day, month, year) = (&date[11..13], &date[14..17], &date[18..22]);
            let time = &date[23..31];
            self.text = format!(" - - [{day}/{month}/{year}:{time} +0000] \"");
        }
        self.text.as_bytes()
    }
}

/// Appends the line to `log`, and says where in it the number of the body's bytes is.
pub fn write(
    log: &mut Vec<u8>,
    client: Peer,
    stamp: &[u8],
    answer: &Answer,
    body: u64,
) -> Range<usize> {
    let (request_line, fields) = split(answer.head);
    push_client(log, client);
    log.extend_from_slice(stamp);
    push_escaped(log, request_line);
    log.extend_from_slice(b"\" ");
    log.extend_from_slice(&answer.response.status.text().as_bytes()[..3]);
    log.push(b' ');
    let start = log.len();
    push_number(log, body);
    let end = log.len();

    let (mut referer, mut agent) = (None, None);
    for line in lines(fields) {
        referer = referer.or_else(|| value(line, b"referer"));
        agent = agent.or_else(|| value(line, b"user-agent"));
    }
    for value in [referer, agent] {
        log.extend_from_slice(b" \"");
        push_escaped(log, value.unwrap_or_default());
        log.push(b'"');
    }
    log.push(b'\n');
    start..end
}

/// The values of a head's X-Forwarded-For fields.
pub fn forwarded(head: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    let (_, fields) = split(head);
    let end = memchr::memmem::find(fields, b"\r\n\r\n").unwrap_or(fields.len());
    let lines = fields[..end].split(|&byte| byte == b'\n');
    lines.filter_map(|line| value(line, b"x-forwarded-for"))
}

/// Appends a number in decimal digits.
pub fn push_number(log: &mut Vec<u8>, number: u64) {
    log.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

fn push_client(log: &mut Vec<u8>, client: Peer) {
    let Peer::Ip(IpAddr::V4(address)) = client else {
        let _ = write!(log, "{client}");
        return;
    };
    for (at, octet) in address.octets().into_iter().enumerate() {
        if at > 0 {
            log.push(b'.');
        }
        push_number(log, octet.into());
    }
}

/// Appends a text, or `-` if there is none. What could end a field or a line, or mean something to a
/// terminal, is escaped: `\"`, `\\`, and `\x` with two digits for all that isn't visible in ASCII.
fn push_escaped(log: &mut Vec<u8>, text: &[u8]) {
    if text.is_empty() {
        return log.push(b'-');
    }
    // Nearly all are plain, and to look at every byte of such a text is faster than to stop at one.
    if text.iter().fold(true, |is_plain, &byte| is_plain & !needs_escape(byte)) {
        return log.extend_from_slice(text);
    }
    let mut rest = text;
    while let Some(at) = rest.iter().position(|&byte| needs_escape(byte)) {
        log.extend_from_slice(&rest[..at]);
        match rest[at] {
            byte @ (b'"' | b'\\') => log.extend_from_slice(&[b'\\', byte]),
            byte => {
                log.extend_from_slice(&[b'\\', b'x', digit(byte >> 4), digit(byte & 15)])
            }
        }
        rest = &rest[at + 1..];
    }
    log.extend_from_slice(rest);
}

fn needs_escape(byte: u8) -> bool {
    !(b' '..=b'~').contains(&byte) | (byte == b'"') | (byte == b'\\')
}

fn digit(value: u8) -> u8 {
    b"0123456789abcdef"[usize::from(value)]
}

/// The request line, as far as it has come, and what follows it. Empty lines before it are passed
/// over, as HTTP does.
fn split(mut head: &[u8]) -> (&[u8], &[u8]) {
    while let Some(rest) = head.strip_prefix(b"\r\n") {
        head = rest;
    }
    let (line, fields) = match memchr::memchr(b'\n', head) {
        Some(end) => head.split_at(end + 1),
        None => (head, &b""[..]),
    };
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    (&line[..line.len().min(LINE_LIMIT)], fields)
}

/// The whole lines of a head, up to the empty one.
fn lines(mut fields: &[u8]) -> impl Iterator<Item = &[u8]> {
    let line = iter::from_fn(move || {
        let (line, rest) = fields.split_at(memchr::memchr(b'\n', fields)?);
        fields = &rest[1..];
        Some(line)
    });
    line.take_while(|line| !matches!(line, [] | [b'\r']))
}

/// The value of a field, if it has this name, which is in small letters.
fn value<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    if line.get(name.len()) != Some(&b':') {
        return None;
    }
    let (own, value) = line.split_at(name.len());
    own.eq_ignore_ascii_case(name).then(|| value[1..].trim_ascii())
}
