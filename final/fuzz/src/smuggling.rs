//! Bytes that we take for requests are the same requests to whoever else reads them.
//!
//! The others share no line with our parser. They refuse nothing they can make sense of, and
//! each makes sense of other things, as proxies do. Method, target and body of each request
//! that we answer are the same to all of them; so are those of the one that still arrives, its
//! length, and where the next begins.

use lander::http::Method;

use super::chunked::{self, End};
use super::conversation::{Conversation, Received, Recorder, converse, pieces};

pub fn check(input: &[u8]) {
    let pieces = pieces(input);
    let stream = pieces.concat();
    let (conversation, ours) = serve(&pieces, u64::MAX);
    let answered = ours.iter().filter(|request| request.is_whole).count();
    for reader in READERS {
        let messages = reader.read(&stream);
        let shown = || format!("{reader:?}: {}", stream.escape_ascii());
        let mut theirs: Vec<_> = messages.iter().map(|it| it.request.clone()).collect();
        if conversation.has_ended {
            theirs.truncate(answered);
            assert_eq!(theirs, &ours[..answered], "{}", shown());
            continue;
        }
        assert_eq!(theirs, ours, "{}", shown());
        let end = messages.last().map_or(0, |last| stream.len() - last.behind.len());
        assert_eq!(conversation.consumed, end, "{}", shown());
        if let Some(Message { length: Some(length), bytes, .. }) = messages.last() {
            let is_refused = |limit| serve(&[bytes], limit).0.has_ended;
            assert!(!is_refused(*length), "{}", shown());
            assert!(*length == 0 || is_refused(length - 1), "{}", shown());
        }
    }
}

fn serve(pieces: &[&[u8]], limit: u64) -> (Conversation, Vec<Received>) {
    let mut recorder = Recorder::new(|_: Method| Some(limit));
    (converse(&mut recorder, pieces), recorder.received)
}

/// Someone else.
#[derive(Clone, Copy, Debug)]
struct Reader {
    /// Lines end in LF, whatever is before it.
    needs_no_cr: bool,
    /// Of two lengths it takes the last, not the first.
    takes_last: bool,
    /// It goes by the length if there are chunks as well.
    prefers_length: bool,
    /// It takes what begins with a number for one, and what mentions chunks for chunks.
    guesses: bool,
    /// It knows that there are no chunks in HTTP/1.0.
    is_old: bool,
}

const PLAIN: Reader = Reader {
    needs_no_cr: false,
    takes_last: false,
    prefers_length: false,
    guesses: false,
    is_old: false,
};

const READERS: [Reader; 6] = [
    PLAIN,
    Reader { needs_no_cr: true, ..PLAIN },
    Reader { takes_last: true, ..PLAIN },
    Reader { prefers_length: true, ..PLAIN },
    Reader { guesses: true, ..PLAIN },
    Reader { is_old: true, ..PLAIN },
];

/// A request as it was read.
struct Message<'a> {
    request: Received,
    /// How long its body is, unless it has chunks.
    length: Option<u64>,
    /// From its head on, all that is there.
    bytes: &'a [u8],
    /// What isn't its own any more.
    behind: &'a [u8],
}

struct Head<'a> {
    /// Without its body.
    request: Received,
    is_1_0: bool,
    fields: Fields,
    behind: &'a [u8],
}

/// Names in small letters, and values.
type Fields = Vec<(String, Vec<u8>)>;

impl Reader {
    fn read(self, mut stream: &[u8]) -> Vec<Message<'_>> {
        let mut messages = Vec::new();
        loop {
            while let [b'\r' | b'\n', rest @ ..] = stream {
                stream = rest;
            }
            let Some(head) = self.head(stream) else {
                return messages;
            };
            let (mut request, behind) = (head.request, head.behind);
            let length = self.length(&head.fields, head.is_1_0);
            let (body, end) = match length {
                Some(length) => by_length(behind, length),
                None if self.guesses => guess_chunks(behind),
                None => chunked::read(behind),
            };
            request.body = body;
            let (bytes, behind) = match end {
                End::At(length) => (stream, &behind[length..]),
                End::Later => (stream, &[][..]),
                End::Never => return messages,
            };
            request.is_whole = matches!(end, End::At(_));
            messages.push(Message { request, length, bytes, behind });
            stream = behind;
        }
    }

    /// The body's length; `None` means chunks.
    fn length(self, fields: &Fields, is_1_0: bool) -> Option<u64> {
        let words = |name: &'static str| {
            let named = fields.iter().filter(move |field| field.0 == name);
            named.flat_map(|(_, value)| value.split(|&byte| byte == b',')).map(trim)
        };
        let lengths = || words("content-length");
        let word = if self.takes_last { lengths().next_back() } else { lengths().next() };
        let length = word.and_then(|word| self.number(word));
        let mut codings = words("transfer-encoding").map(<[u8]>::to_ascii_lowercase);
        let has_chunks = match self.guesses {
            true => codings.any(|word| word.windows(7).any(|part| part == b"chunked")),
            false => codings.next_back().is_some_and(|word| word == b"chunked"),
        };
        let has_chunks = has_chunks && !(is_1_0 && self.is_old);
        match length {
            Some(_) if !has_chunks || self.prefers_length => length,
            _ if has_chunks => None,
            _ => Some(0),
        }
    }

    fn head(self, stream: &[u8]) -> Option<Head<'_>> {
        let (mut lines, mut behind) = (Vec::<Vec<u8>>::new(), stream);
        loop {
            let (line, rest) = line(behind, self.needs_no_cr)?;
            behind = rest;
            match line {
                [] => break,
                [b' ' | b'\t', ..] if lines.len() > 1 => lines.last_mut()?.extend(line),
                _ => lines.push(line.to_vec()),
            }
        }
        let first = String::from_utf8_lossy(lines.first()?).into_owned();
        let mut words = first.split_ascii_whitespace();
        let (method, target) = (words.next()?.into(), words.next()?.into());
        let request = Received { method, target, ..Received::default() };
        let is_1_0 = words.next() == Some("HTTP/1.0");
        let fields = lines[1..].iter().map(|line| field(line)).collect();
        Some(Head { request, is_1_0, fields, behind })
    }

    fn number(self, word: &[u8]) -> Option<u64> {
        let count = word.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = if self.guesses { &word[..count] } else { word };
        str::from_utf8(digits).ok()?.parse().ok()
    }
}

fn line(bytes: &[u8], needs_no_cr: bool) -> Option<(&[u8], &[u8])> {
    if needs_no_cr {
        let end = bytes.iter().position(|&byte| byte == b'\n')?;
        let line = &bytes[..end];
        return Some((line.strip_suffix(b"\r").unwrap_or(line), &bytes[end + 1..]));
    }
    let end = bytes.windows(2).position(|pair| pair == b"\r\n")?;
    Some((&bytes[..end], &bytes[end + 2..]))
}

fn field(line: &[u8]) -> (String, Vec<u8>) {
    let colon = line.iter().position(|&byte| byte == b':').unwrap_or(line.len());
    let (name, value) = line.split_at(colon);
    let name = String::from_utf8_lossy(trim(name)).to_lowercase();
    (name, trim(value.strip_prefix(b":").unwrap_or(value)).to_vec())
}

/// Without control bytes and spaces around it.
fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [0..=b' ', rest @ ..] | [rest @ .., 0..=b' '] = bytes {
        bytes = rest;
    }
    bytes
}

fn by_length(bytes: &[u8], length: u64) -> (Vec<u8>, End) {
    match usize::try_from(length) {
        Ok(length) if length <= bytes.len() => (bytes[..length].into(), End::At(length)),
        _ => (bytes.into(), End::Later),
    }
}

/// Chunks, if lines end in LF, whatever begins with digits is a size, and what a chunk ends in
/// may be missing.
fn guess_chunks(body: &[u8]) -> (Vec<u8>, End) {
    let (mut data, mut rest) = (Vec::new(), body);
    loop {
        let Some((text, behind)) = line(rest, true) else {
            return (data, End::Later);
        };
        let count = text.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let size = str::from_utf8(&text[..count]).expect("digits are text");
        let Ok(size) = usize::from_str_radix(size, 16) else {
            return (data, End::Never);
        };
        rest = behind;
        if size == 0 {
            break;
        }
        let (chunk, behind) = rest.split_at(size.min(rest.len()));
        data.extend_from_slice(chunk);
        if chunk.len() < size || behind == b"\r" {
            return (data, End::Later);
        }
        rest = behind.strip_prefix(b"\r").unwrap_or(behind);
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    loop {
        match line(rest, true) {
            None => return (data, End::Later),
            Some(([], behind)) => return (data, End::At(body.len() - behind.len())),
            Some((_, behind)) => rest = behind,
        }
    }
}
