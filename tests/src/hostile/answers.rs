//! What a client has received, read against what it was owed.

use super::plan::{Owed, Wanted};
use crate::client::http::response::{Framing, Response};
use crate::evidence::failure::parting;

/// How far it comes.
#[derive(Debug, Default)]
pub struct Read {
    /// How many answers are whole and right.
    pub whole: usize,
    /// How many bytes those have.
    pub bytes: usize,
    /// Answers that say that a file can't be read now.
    pub unavailable: usize,
    /// For lines: how many each said there were in all.
    pub totals: Vec<u64>,
    /// What is wrong in what follows.
    pub wrong: Option<Wrong>,
}

#[derive(Debug)]
pub enum Wrong {
    Bytes { expected: Vec<u8>, received: Vec<u8> },
    Fact { what: String, expected: String, received: String },
}

/// The client heard the end behind it, if it `ended`.
pub fn read(owed: &Owed, received: &[u8], ended: bool) -> Read {
    match owed {
        Owed::Echo(expected) => {
            let whole = parting(expected, received);
            let wrong = (whole < received.len()).then(|| Wrong::Bytes {
                expected: expected.clone(),
                received: received.to_vec(),
            });
            Read { whole, bytes: whole, wrong, ..Read::default() }
        }
        Owed::Lines { lines, too_long } => read_lines(lines, *too_long, received),
        Owed::Responses(wanted) => read_responses(wanted, received, ended),
    }
}

fn read_lines(lines: &[Vec<u8>], too_long: bool, received: &[u8]) -> Read {
    let mut read = Read::default();
    for line in received.split_inclusive(|&byte| byte == b'\n') {
        let right = match lines.get(read.whole) {
            Some(text) => {
                let count = format!(" ({} here, ", read.whole + 1);
                let start = [text, count.as_bytes()].concat();
                counted(line, start, &mut read.totals)
            }
            None if too_long && read.whole == lines.len() => {
                begins(line, b"line too long\n")
            }
            None => Err(Vec::new()),
        };
        match right {
            Ok(true) => {
                read.whole += 1;
                read.bytes += line.len();
            }
            Ok(false) => return read,
            Err(expected) => {
                let received = line.to_vec();
                read.wrong = Some(Wrong::Bytes { expected, received });
                return read;
            }
        }
    }
    read
}

/// Whether the line is whole, or else begins as it should.
fn begins(line: &[u8], expected: &[u8]) -> Result<bool, Vec<u8>> {
    match expected.starts_with(line) {
        true => Ok(line.len() == expected.len()),
        false => Err(expected.to_vec()),
    }
}

fn counted(
    line: &[u8],
    mut start: Vec<u8>,
    totals: &mut Vec<u64>,
) -> Result<bool, Vec<u8>> {
    let Some(rest) = line.strip_prefix(&start[..]) else {
        return begins(line, &start).map(|_| false);
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let total: Option<u64> =
        str::from_utf8(&rest[..digits]).ok().and_then(|it| it.parse().ok());
    let is_whole = match begins(&rest[digits..], b" in all)\n") {
        Ok(is_whole) => is_whole && total.is_some(),
        Err(_) => {
            start.extend(b"... in all)\n");
            return Err(start);
        }
    };
    totals.extend(total.filter(|_| is_whole));
    Ok(is_whole)
}

fn read_responses(wanted: &[Wanted], received: &[u8], ended: bool) -> Read {
    let mut read = Read::default();
    while read.bytes < received.len() {
        let rest = &received[read.bytes..];
        let Some(due) = wanted.get(read.whole) else {
            let received = rest.to_vec();
            read.wrong = Some(Wrong::Bytes { expected: Vec::new(), received });
            return read;
        };
        let (response, length) = match next(rest, due.method, ended) {
            Ok(Some(response)) => response,
            Ok(None) => return read,
            Err(fault) => {
                read.wrong = Some(fact(due, "a response", &fault));
                return read;
            }
        };
        if response.status == 100 && due.asks {
            read.bytes += length;
            continue;
        }
        let unavailable = due.is_file && matches!(response.status, 500 | 503);
        if unavailable {
            read.unavailable += 1;
        } else if let Some(wrong) = compare(due, &response) {
            read.wrong = Some(wrong);
            return read;
        }
        read.bytes += length;
        read.whole += 1;
    }
    read
}

fn fact(due: &Wanted, expected: &str, received: &str) -> Wrong {
    Wrong::Fact {
        what: format!("the answer to {} {}", due.method, due.target),
        expected: expected.to_string(),
        received: received.to_string(),
    }
}

fn compare(due: &Wanted, response: &Response) -> Option<Wrong> {
    if !due.statuses.contains(&response.status) {
        let statuses: Vec<_> = due.statuses.iter().map(u16::to_string).collect();
        let received = format!("status {}", response.status);
        return Some(fact(due, &format!("status {}", statuses.join(" or ")), &received));
    }
    let location = response.field("Location");
    if let Some(expected) = &due.location
        && location != Some(expected)
    {
        let received = format!("Location: {}", location.unwrap_or("none"));
        return Some(fact(due, &format!("Location: {expected}"), &received));
    }
    let expected = due.body.as_ref().filter(|_| due.method != "HEAD")?;
    (response.body != *expected).then(|| Wrong::Bytes {
        expected: expected.clone(),
        received: response.body.clone(),
    })
}

/// The next response and its length, None while it isn't whole, or what is wrong with it.
fn next(
    received: &[u8],
    method: &str,
    ended: bool,
) -> Result<Option<(Response, usize)>, String> {
    let start = b"HTTP/1.";
    let upto = received.len().min(start.len());
    if received[..upto] != start[..upto] {
        return Err(format!("\"{}\"", received[..received.len().min(40)].escape_ascii()));
    }
    let end = received.windows(4).position(|window| window == b"\r\n\r\n");
    let Some(head) = end.map(|end| end + 4) else { return Ok(None) };
    let strict = |failure: Box<crate::evidence::failure::Failure>| match failure.kind {
        crate::evidence::failure::Kind::NotHttp { fault, .. } => fault,
        kind => format!("{kind:?}"),
    };
    let mut response = Response::parse(&received[..head], "").map_err(strict)?;
    let body = &received[head..];
    let length = match response.framing(method).map_err(strict)? {
        Framing::None => Some(0),
        Framing::Length(length) => (body.len() >= length).then_some(length),
        Framing::End => ended.then_some(body.len()),
        Framing::Chunked => {
            let Some((content, length)) = chunks(body)? else { return Ok(None) };
            response.body = content;
            return Ok(Some((response, head + length)));
        }
    };
    let Some(length) = length else { return Ok(None) };
    response.body = body[..length].to_vec();
    Ok(Some((response, head + length)))
}

fn chunks(body: &[u8]) -> Result<Option<(Vec<u8>, usize)>, String> {
    let (mut content, mut at) = (Vec::new(), 0);
    loop {
        let rest = &body[at..];
        let Some(end) = rest.windows(2).position(|window| window == b"\r\n") else {
            return Ok(None);
        };
        let size = str::from_utf8(&rest[..end]).ok();
        let size = size.and_then(|size| usize::from_str_radix(size, 16).ok());
        let Some(size) = size else { return Err("a chunk's size isn't one".into()) };
        let Some(chunk) = rest.get(end + 2..end + 2 + size + 2) else { return Ok(None) };
        if !chunk.ends_with(b"\r\n") {
            return Err("a chunk doesn't end in CRLF".into());
        }
        content.extend(&chunk[..size]);
        at += end + 2 + chunk.len();
        if size == 0 {
            return Ok(Some((content, at)));
        }
    }
}
