//! A connection without a socket, and an application that remembers what it got.

use lander::buffers::{Front, Output};
use lander::connection::{Connection, Wants};
use lander::http::{
    Application, Body, Context, Http, Method, Request, Response, Status, Want,
};
use lander::peers::Peer;
use lander::protocol::{Next, Progress, Protocol};

/// What may be left over once all that can be handled is: a head that hasn't ended.
const LEFTOVER_LIMIT: usize = 16 * 1024;
/// What may wait to be sent: what is enough to stop, and the response that reached it.
const OUTPUT_LIMIT: usize = 64 * 1024 + 1024;

/// Takes bodies up to what `limit` gives for their method, and remembers every request.
pub struct Recorder<L> {
    pub limit: L,
    pub received: Vec<Received>,
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
        Recorder { limit, received: Vec::new() }
    }

    /// The request whose body is arriving.
    fn begun(&mut self) -> Option<&mut Received> {
        self.received.last_mut().filter(|request| !request.is_whole)
    }

    fn begin(&mut self, request: &Request) {
        self.received.push(Received {
            method: format!("{:?}", request.method).to_uppercase(),
            target: request.target.into(),
            ..Received::default()
        });
    }
}

impl<L: Fn(Method) -> Option<u64>> Application for &mut Recorder<L> {
    type Body = ();

    fn want(&mut self, request: &Request) -> Want<()> {
        assert!(self.begun().is_none());
        self.begin(request);
        match (self.limit)(request.method) {
            Some(limit) => Want::Body { limit, body: () },
            None => Want::Nothing,
        }
    }

    fn piece(&mut self, (): &mut (), piece: &[u8]) -> Result<(), Status> {
        self.begun().expect("a request has begun").body.extend_from_slice(piece);
        Ok(())
    }

    fn respond(&mut self, request: &Request, _: Option<()>) -> Response {
        if self.begun().is_none() {
            self.begin(request);
        }
        let received = self.begun().expect("it has begun now");
        received.is_whole = true;
        let body = Body::Bytes(received.answer());
        Response { body, ..Response::of(Status::Ok) }
    }
}

/// Shows a request, if this is the head of one.
pub fn ask(head: &[u8], question: impl Fn(&Request)) {
    converse(Asker(question), &[head]);
}

struct Asker<Q>(Q);

impl<Q: Fn(&Request)> Application for Asker<Q> {
    type Body = ();

    fn want(&mut self, _: &Request) -> Want<()> {
        Want::Nothing
    }

    fn piece(&mut self, (): &mut (), _: &[u8]) -> Result<(), Status> {
        Ok(())
    }

    fn respond(&mut self, request: &Request, _: Option<()>) -> Response {
        (self.0)(request);
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

/// Lets the pieces arrive one by one, as the event loop would: what the connection wants to be
/// sent is sent before the next arrives.
pub fn converse(application: impl Application, pieces: &[&[u8]]) -> Conversation {
    let mut watched = Watched { http: Http::new(application), consumed: 0 };
    let mut connection = Connection::new(watched.open(Peer::Unix));
    let (mut spare, mut sent) = (Output::default(), Vec::new());
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        let Wants::Receive = connection.wants() else {
            break;
        };
        connection.received(&mut watched, piece, &mut spare);
        while let Wants::Send { bytes, .. } = connection.wants() {
            assert!(bytes.len() <= OUTPUT_LIMIT, "the output grows");
            sent.extend_from_slice(bytes);
            let count = bytes.len();
            connection.sent(&mut watched, count, &mut spare);
        }
    }
    let has_ended = matches!(connection.wants(), Wants::Shut | Wants::End);
    Conversation { output: without_dates(&sent), consumed: watched.consumed, has_ended }
}

/// HTTP, and what must hold of each call to it.
struct Watched<A> {
    http: Http<A>,
    consumed: usize,
}

impl<A: Application> Protocol for Watched<A> {
    type Context = Context<A>;

    fn open(&mut self, peer: Peer) -> Context<A> {
        self.http.open(peer)
    }

    fn data(
        &mut self,
        context: &mut Context<A>,
        input: &[u8],
        output: &mut Output,
    ) -> Progress {
        let waiting = length(output);
        let progress = self.http.data(context, input, output);
        assert!(progress.consumed <= input.len(), "it took what isn't there");
        if progress.consumed == 0 && matches!(progress.next, Next::Rest | Next::Read) {
            assert!(length(output) == waiting, "it answers to nothing");
            assert!(input.len() <= LEFTOVER_LIMIT, "the leftover grows");
        }
        self.consumed += progress.consumed;
        progress
    }
}

fn length(output: &Output) -> usize {
    match output.front() {
        Front::Bytes { bytes, .. } => bytes.len(),
        Front::File { .. } => unreachable!("no file is served"),
    }
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
