//! Requests as they ought to be, pipelined and cut anywhere: each is received as it was sent
//! and answered once, in order, until one that closes; nothing behind that one is read.

use arbitrary::Arbitrary;
use lander::http;

use super::conversation::{Received, Recorder, Reply, converse, cut, replies};

/// How long a stream may be: so short that no limit of the server's is reached.
const STREAM_LIMIT: usize = 8 * 1024;
/// How many fields beside its own a request has at most.
const FIELDS: usize = 50;

/// Requests, and where they are cut.
#[derive(Arbitrary, Debug)]
pub struct Stream {
    requests: Vec<Request>,
    places: Vec<u16>,
}

#[derive(Arbitrary, Debug)]
struct Request {
    empty_lines: u8,
    method: Method,
    target: Graphic,
    version: Version,
    fields: Vec<(Token, Text)>,
    connection: Connection,
    expects_continue: bool,
    body: Body,
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
enum Method {
    Get,
    Head,
    Post,
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
enum Version {
    Http10,
    Http11,
    Http1(u8),
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
enum Connection {
    Unsaid,
    KeepAlive,
    Close,
}

#[derive(Arbitrary, Debug)]
enum Body {
    None,
    Length { zeros: u8, data: Vec<u8> },
    Chunks { chunks: Vec<Chunk>, last: Size, trailers: Vec<(Token, Text)> },
}

#[derive(Arbitrary, Debug)]
struct Chunk {
    size: Size,
    data: Vec<u8>,
}

/// How a chunk's size is written.
#[derive(Arbitrary, Debug)]
struct Size {
    zeros: u8,
    is_upper: bool,
    extensions: Vec<(Space, Token, Option<Parameter>)>,
}

#[derive(Arbitrary, Debug)]
enum Parameter {
    Token(Space, Token),
    Quoted(Space, Text),
}

/// At least one byte that a name may have.
#[derive(Arbitrary, Debug)]
struct Token(u8, Vec<u8>);

/// Bytes that a target may have.
#[derive(Arbitrary, Debug)]
struct Graphic(Vec<u8>);

/// Bytes that a value may have.
#[derive(Arbitrary, Debug)]
struct Text(Vec<u8>);

/// Spaces and tabs that say nothing, as bits.
#[derive(Arbitrary, Debug)]
struct Space(u8);

pub fn check(stream: &Stream) {
    let requests = &stream.requests;
    let text = requests.iter().map(Request::text).collect::<Vec<_>>().concat();
    if text.len() > STREAM_LIMIT {
        return;
    }
    let closing = requests.iter().position(|request| !request.keeps_alive());
    let heard = &requests[..closing.map_or(requests.len(), |index| index + 1)];

    let mut recorder =
        Recorder::new(|method| (method == http::Method::Post).then_some(u64::MAX));
    let pieces = cut(&text, stream.places.iter().copied());
    let conversation = converse(&mut recorder, &pieces);
    let shown = || text.escape_ascii().to_string();

    let received: Vec<_> = heard.iter().map(Request::received).collect();
    assert_eq!(recorder.received, received, "{}", shown());
    let answers: Vec<_> = heard.iter().flat_map(Request::replies).collect();
    assert_eq!(replies(&conversation.output, &received), answers, "{}", shown());
    assert_eq!(conversation.has_ended, closing.is_some(), "{}", shown());
}

impl Request {
    fn text(&self) -> Vec<u8> {
        let mut text = b"\r\n".repeat(usize::from(self.empty_lines % 3));
        let (method, target) = (self.method.name(), self.target());
        let version = match self.version {
            Version::Http10 => 0,
            Version::Http11 => 1,
            Version::Http1(minor) => 1 + minor % 9,
        };
        text.extend(format!("{method} {target} HTTP/1.{version}\r\nHost: a\r\n").bytes());
        write_fields(&mut text, "X-", self.fields.iter().take(FIELDS));
        text.extend_from_slice(match self.connection {
            Connection::Unsaid => b"",
            Connection::KeepAlive => b"Connection: a, Keep-Alive\r\n",
            Connection::Close => b"CONNECTION:b,\tclose ,\r\n",
        });
        if self.expects_continue {
            text.extend(b"Expect: 100-Continue\r\n");
        }
        self.body.write(&mut text, self.has_chunks());
        text
    }

    fn target(&self) -> String {
        let bytes = self.target.0.iter().map(|byte| char::from(b'!' + byte % 94));
        format!("/{}", bytes.collect::<String>())
    }

    fn is_1_0(&self) -> bool {
        self.version == Version::Http10
    }

    /// HTTP/1.0 has none: there the data has a length.
    fn has_chunks(&self) -> bool {
        matches!(self.body, Body::Chunks { .. }) && !self.is_1_0()
    }

    fn is_wanted(&self) -> bool {
        self.method == Method::Post
    }

    /// Whether the client waits to hear whether its body is wanted.
    fn waits(&self) -> bool {
        let has_body = self.has_chunks() || !self.body.data().is_empty();
        self.expects_continue && !self.is_1_0() && has_body
    }

    fn keeps_alive(&self) -> bool {
        let keeps_alive = match self.connection {
            Connection::Unsaid => !self.is_1_0(),
            Connection::KeepAlive => true,
            Connection::Close => false,
        };
        keeps_alive && (self.is_wanted() || !self.waits())
    }

    fn received(&self) -> Received {
        let body = if self.is_wanted() { self.body.data() } else { Vec::new() };
        let method = self.method.name().into();
        Received { method, target: self.target(), body, is_whole: true }
    }

    fn replies(&self) -> Vec<Reply> {
        let mut replies = Vec::new();
        if self.waits() && self.is_wanted() {
            replies.push(Reply { status: "100".into(), closes: false, body: vec![] });
        }
        let body = match self.method {
            Method::Head => Vec::new(),
            _ => self.received().answer(),
        };
        replies.push(Reply { status: "200".into(), closes: !self.keeps_alive(), body });
        replies
    }
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
        }
    }
}

impl Body {
    fn data(&self) -> Vec<u8> {
        match self {
            Body::None => Vec::new(),
            Body::Length { data, .. } => data.clone(),
            Body::Chunks { chunks, .. } => {
                chunks.iter().flat_map(|chunk| chunk.data.clone()).collect()
            }
        }
    }

    fn write(&self, text: &mut Vec<u8>, in_chunks: bool) {
        let data = self.data();
        match self {
            Body::Chunks { chunks, last, trailers } if in_chunks => {
                text.extend(b"Transfer-Encoding: chunked\r\n\r\n");
                for chunk in chunks.iter().filter(|chunk| !chunk.data.is_empty()) {
                    chunk.size.write(text, chunk.data.len());
                    text.extend_from_slice(&chunk.data);
                    text.extend(b"\r\n");
                }
                last.write(text, 0);
                write_fields(text, "", trailers.iter());
                text.extend(b"\r\n");
            }
            Body::None => text.extend(b"\r\n"),
            Body::Length { zeros, .. } => {
                let zeros = "0".repeat(usize::from(*zeros));
                let length = data.len();
                text.extend(format!("content-length:{zeros}{length} \r\n\r\n").bytes());
                text.extend(data);
            }
            Body::Chunks { .. } => {
                text.extend(format!("Content-Length: {}\r\n\r\n", data.len()).bytes());
                text.extend(data);
            }
        }
    }
}

impl Size {
    fn write(&self, text: &mut Vec<u8>, size: usize) {
        let digits = match self.is_upper {
            true => format!("{size:X}"),
            false => format!("{size:x}"),
        };
        let zeros = usize::from(self.zeros) % (17 - digits.len());
        text.extend(format!("{}{digits}", "0".repeat(zeros)).bytes());
        for (space, name, parameter) in &self.extensions {
            space.write(text);
            text.push(b';');
            space.write(text);
            name.write(text);
            match parameter {
                None => {}
                Some(Parameter::Token(space, value)) => {
                    space.write(text);
                    text.push(b'=');
                    value.write(text);
                }
                Some(Parameter::Quoted(space, value)) => {
                    text.push(b'=');
                    space.write(text);
                    value.write_quoted(text);
                }
            }
        }
        text.extend(b"\r\n");
    }
}

impl Token {
    fn write(&self, text: &mut Vec<u8>) {
        let bytes = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\
            !#$%&'*+-.^_`|~";
        for byte in [self.0].iter().chain(&self.1) {
            text.push(bytes[usize::from(*byte) % bytes.len()]);
        }
    }
}

impl Text {
    fn bytes(&self) -> impl Iterator<Item = u8> {
        self.0.iter().map(|&byte| match byte {
            b'\t' => byte,
            0..b' ' | 0x7f => b'x',
            _ => byte,
        })
    }

    fn write_quoted(&self, text: &mut Vec<u8>) {
        text.push(b'"');
        for byte in self.bytes() {
            if byte == b'"' || byte == b'\\' {
                text.push(b'\\');
            }
            text.push(byte);
        }
        text.push(b'"');
    }
}

impl Space {
    fn write(&self, text: &mut Vec<u8>) {
        text.extend((0..self.0 % 4).map(|bit| match self.0 >> (bit + 2) & 1 {
            0 => b' ',
            _ => b'\t',
        }));
    }
}

fn write_fields<'a>(
    text: &mut Vec<u8>,
    prefix: &str,
    fields: impl Iterator<Item = &'a (Token, Text)>,
) {
    for (name, value) in fields {
        text.extend(prefix.bytes());
        name.write(text);
        text.push(b':');
        text.extend(value.bytes());
        text.extend(b"\r\n");
    }
}
