//! Any bytes behind a chunked request's head: the decoder and a plain reading of RFC 9112,
//! section 7.1, agree on whether they are a body, what is in it, and where it ends.
//!
//! Bytes that are a body's beginning are neither refused nor taken for the whole.

use super::conversation::{Recorder, converse, pieces};

const HEAD: &[u8] = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
    Transfer-Encoding: chunked\r\n\r\n";

/// How many digits a size may have.
const SIZE_DIGITS: usize = 16;
/// How long extensions and trailers may be together.
const EXTRA_LIMIT: usize = 16 * 1024;

pub fn check(input: &[u8]) {
    let mut pieces = pieces(input);
    let body = pieces.concat();
    pieces.insert(0, HEAD);

    let mut recorder = Recorder::new(|_| Some(u64::MAX));
    let conversation = converse(&mut recorder, &pieces);
    let request = &recorder.received[0];
    let end = match (request.is_whole, conversation.has_ended) {
        (true, _) => End::At(conversation.consumed - HEAD.len()),
        (false, true) => End::Never,
        (false, false) => End::Later,
    };

    let (data, expected) = read(&body);
    assert_eq!(end, expected, "{}", body.escape_ascii());
    assert!(request.body == data, "{}", body.escape_ascii());
}

/// Where a body ends.
#[derive(Debug, PartialEq)]
pub enum End {
    /// Behind so many bytes.
    At(usize),
    /// Not in these bytes, but it may in more.
    Later,
    /// Nowhere: this is no body.
    Never,
}

/// Reads a body slowly: its data, as far as there is some, and its end.
pub fn read(body: &[u8]) -> (Vec<u8>, End) {
    let (mut data, mut rest, mut extra) = (Vec::new(), body, 0);
    loop {
        let (text, behind) = match line(rest, is_size_line) {
            Line::Whole(text, behind) => (text, behind),
            Line::Begun => return (data, begun(extra + rest.len() - digits(rest))),
            Line::Wrong => return (data, End::Never),
        };
        let (size, extension) = text.split_at(digits(text));
        extra += extension.len();
        if extra > EXTRA_LIMIT {
            return (data, End::Never);
        }
        rest = behind;
        let size = str::from_utf8(size).expect("digits are text");
        let size = usize::from_str_radix(size, 16).expect("16 digits fit");
        if size == 0 {
            break;
        }
        let (chunk, behind) = rest.split_at(size.min(rest.len()));
        data.extend_from_slice(chunk);
        rest = match behind {
            _ if chunk.len() < size => return (data, End::Later),
            [] | [b'\r'] => return (data, End::Later),
            [b'\r', b'\n', behind @ ..] => behind,
            _ => return (data, End::Never),
        };
    }
    loop {
        let (text, behind) = match line(rest, is_trailer_line) {
            Line::Whole(text, behind) => (text, behind),
            Line::Begun => return (data, begun(extra + rest.len())),
            Line::Wrong => return (data, End::Never),
        };
        if text.is_empty() {
            return (data, End::At(body.len() - behind.len()));
        }
        extra += text.len();
        if extra > EXTRA_LIMIT {
            return (data, End::Never);
        }
        rest = behind;
    }
}

/// The decoder counts a byte when it sees the next one.
fn begun(extra: usize) -> End {
    if extra > EXTRA_LIMIT + 1 { End::Never } else { End::Later }
}

enum Line<'a> {
    /// Its text, and what is behind its end.
    Whole(&'a [u8], &'a [u8]),
    Begun,
    Wrong,
}

/// The first line, whose text must fit.
fn line(input: &[u8], fits: fn(&[u8]) -> bool) -> Line<'_> {
    if let Some(length) = input.windows(2).position(|pair| pair == b"\r\n") {
        return match input.split_at(length) {
            (text, behind) if fits(text) => Line::Whole(text, &behind[2..]),
            _ => Line::Wrong,
        };
    }
    let completions: [&[u8]; 7] = [b"", b"0", b";a", b":", b"a", b"\"", b"a\""];
    let may_fit = match input.strip_suffix(b"\r") {
        Some(text) => fits(text),
        None => completions.iter().any(|more| fits(&[input, more].concat())),
    };
    if may_fit { Line::Begun } else { Line::Wrong }
}

/// `chunk-size *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted ) ] )`
fn is_size_line(line: &[u8]) -> bool {
    let (size, mut rest) = line.split_at(digits(line));
    while let [b';', behind @ ..] = rest.trim_ascii_start() {
        let (name, behind) = token(behind.trim_ascii_start());
        rest = behind;
        if name.is_empty() {
            return false;
        }
        if let [b'=', behind @ ..] = rest.trim_ascii_start() {
            let behind = behind.trim_ascii_start();
            let (value, after) = match behind {
                [b'"', ..] => quoted(behind),
                _ => token(behind),
            };
            if value.is_empty() {
                return false;
            }
            rest = after;
        }
    }
    (1..=SIZE_DIGITS).contains(&size.len()) && rest.is_empty() && is_text(line)
}

fn token(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|byte| is_token_byte(byte)).count())
}

/// From the first quote to its pair, if it has one.
fn quoted(text: &[u8]) -> (&[u8], &[u8]) {
    let mut bytes = text.iter().enumerate().skip(1);
    while let Some((index, byte)) = bytes.next() {
        match byte {
            b'"' => return text.split_at(index + 1),
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    (&[], text)
}

/// `[ field-name ":" field-value ]`
fn is_trailer_line(line: &[u8]) -> bool {
    let Some(colon) = line.iter().position(|&byte| byte == b':') else {
        return line.is_empty();
    };
    let (name, value) = line.split_at(colon);
    !name.is_empty() && name.iter().all(is_token_byte) && is_text(value)
}

fn digits(line: &[u8]) -> usize {
    line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count()
}

fn is_text(text: &[u8]) -> bool {
    text.iter().all(|&byte| byte == b'\t' || !byte.is_ascii_control())
}

fn is_token_byte(byte: &u8) -> bool {
    byte.is_ascii_graphic() && !b"\"(),/:;<=>?@[\\]{}".contains(byte)
}
