//! A connection without a socket, and an application that remembers what it got.

use lander::buffers::{Leftover, Output};
use lander::http::{Application, Body, Http, Method, Request, Response, Status};
use lander::protocol::{Next, Protocol};

/// What may be left over once all that can be handled is: a head that hasn't ended.
const LEFTOVER_LIMIT: usize = 16 * 1024;
/// What may wait to be sent: what is enough to stop, and the response that reached it.
const OUTPUT_LIMIT: usize = 64 * 1024 + 1024;

/// Takes bodies up to what `limit` gives for their method, and remembers every request.
pub struct Recorder<L> {
    pub limit: L,
    pub received: Vec<Received>,
    answer: Vec<u8>,
}

/// A request as it reached the application.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    pub method: String,
    pub target: String,
    pub body: Vec<u8>,
    pub is_whole: bool,
}

impl Received {
    /// What a [`Recorder`] answers to it.
    pub fn answer(&self) -> Vec<u8> {
        let Received { method, target, body, .. } = self;
        format!("{method} {} {}", target.len(), body.len()).into()
    }
}

impl<L: Fn(Method) -> Option<u64>> Recorder<L> {
    pub fn new(limit: L) -> Recorder<L> {
        Recorder { limit, received: Vec::new(), answer: Vec::new() }
    }

    fn last(&mut self) -> &mut Received {
        self.received.last_mut().expect("a request has begun")
    }
}

impl<L: Fn(Method) -> Option<u64>> Application for &mut Recorder<L> {
    type Context = ();

    fn open(&mut self, request: &Request) -> ((), Option<u64>) {
        assert!(self.received.iter().all(|request| request.is_whole));
        self.received.push(Received {
            method: format!("{:?}", request.method).to_uppercase(),
            target: request.target.into(),
            ..Received::default()
        });
        ((), (self.limit)(request.method))
    }

    fn data(&mut self, (): &mut (), piece: &[u8]) {
        self.last().body.extend_from_slice(piece);
    }

    fn respond(&mut self, (): ()) -> Response<'_> {
        self.last().is_whole = true;
        self.answer = self.last().answer();
        Response { body: Body::Bytes(&self.answer), ..Response::of(Status::Ok) }
    }
}

/// Shows a request, if this is the head of one.
pub fn ask(head: &[u8], question: impl Fn(&Request)) {
    converse(Asker(question), &[head]);
}

struct Asker<Q>(Q);

impl<Q: Fn(&Request)> Application for Asker<Q> {
    type Context = ();

    fn open(&mut self, request: &Request) -> ((), Option<u64>) {
        (self.0)(request);
        ((), None)
    }

    fn data(&mut self, (): &mut (), _: &[u8]) {}

    fn respond(&mut self, (): ()) -> Response<'_> {
        Response::of(Status::Ok)
    }
}

/// How a connection went.
#[derive(Debug, PartialEq)]
pub struct Conversation {
    /// What was sent, without the Date fields.
    pub output: Vec<u8>,
    /// How many bytes were done with.
    pub consumed: usize,
    /// Whether the server ended it.
    pub has_ended: bool,
}

/// Lets the pieces arrive one by one, as the event loop would: each is handled behind what
/// was left over, all output is sent, and what was left is handled again.
pub fn converse(application: impl Application, pieces: &[&[u8]]) -> Conversation {
    let mut http = Http::new(application);
    let (mut context, mut leftover) = (http.open(), Leftover::default());
    let (mut sent, mut total) = (Vec::new(), 0);
    let mut next = Next::Read;
    for &piece in pieces {
        let mut received = piece;
        loop {
            let (input, mut output) = (leftover.join(received), Output::default());
            let mut consumed = 0;
            while consumed < input.len() && next == Next::Read && !output.is_full() {
                let waiting = output.unsent().len();
                let rest = &input[consumed..];
                let progress = http.data(&mut context, rest, &mut output);
                assert!(progress.consumed <= rest.len(), "it took what isn't there");
                next = progress.next;
                if progress.consumed == 0 {
                    let is_silent = output.unsent().len() == waiting;
                    assert!(is_silent || next == Next::End, "it answers to nothing");
                    break;
                }
                consumed += progress.consumed;
            }
            leftover.keep(received, consumed);
            total += consumed;
            assert!(output.unsent().len() <= OUTPUT_LIMIT, "the output grows");
            sent.extend_from_slice(output.unsent());
            if output.is_empty() || next == Next::End {
                break;
            }
            received = &[];
        }
        if next == Next::End {
            break;
        }
        assert!(leftover.join(&[]).len() <= LEFTOVER_LIMIT, "the leftover grows");
    }
    let has_ended = next == Next::End;
    Conversation { output: without_dates(&sent), consumed: total, has_ended }
}

fn without_dates(output: &[u8]) -> Vec<u8> {
    let lines = output.split_inclusive(|&byte| byte == b'\n');
    lines.filter(|line| !line.starts_with(b"Date: ")).collect::<Vec<_>>().concat()
}

/// A response as a client reads it.
#[derive(Debug, PartialEq)]
pub struct Reply {
    pub status: String,
    pub closes: bool,
    pub body: Vec<u8>,
}

/// The responses to these requests, and perhaps one more that refuses what follows.
pub fn replies(mut output: &[u8], requests: &[Received]) -> Vec<Reply> {
    let mut replies = Vec::new();
    let mut requests = requests.iter();
    while !output.is_empty() {
        let end = output.windows(4).position(|window| window == b"\r\n\r\n");
        let (head, rest) = output.split_at(end.expect("a response has a head") + 4);
        let head = str::from_utf8(head).expect("a head is text");
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
        let status = head.split(' ').nth(1).expect("a status").to_string();
        let length = match status.as_str() {
            "100" => 0,
            _ if requests.next().is_some_and(|request| request.method == "HEAD") => 0,
            _ if rest.is_empty() => 0,
            _ => field("Content-Length: ").map_or(0, |digits| digits.parse().unwrap()),
        };
        let (body, rest) = rest.split_at(length);
        let closes = field("Connection: ") == Some("close");
        replies.push(Reply { status, closes, body: body.into() });
        output = rest;
    }
    replies
}

/// Takes an input apart: its last byte says at how many places the rest is cut, and the bytes
/// before it, two each, say where.
pub fn pieces(input: &[u8]) -> Vec<&[u8]> {
    let (&count, rest) = input.split_last().unwrap_or((&0, input));
    let count = usize::from(count).min(rest.len() / 2);
    let (stream, places) = rest.split_at(rest.len() - 2 * count);
    let places = places.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    cut(stream, places)
}

/// Cuts a stream at these places, each taken modulo its length.
pub fn cut(stream: &[u8], places: impl Iterator<Item = u16>) -> Vec<&[u8]> {
    let places = places.map(|place| usize::from(place) % (stream.len() + 1));
    let mut places: Vec<_> = places.chain([0, stream.len()]).collect();
    places.sort_unstable();
    places.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect()
}
