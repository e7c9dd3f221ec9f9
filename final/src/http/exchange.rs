//! The HTTP loop: bytes to requests, responses to bytes (RFC 9110, RFC 9112).

use std::mem;
use std::time::Duration;

use crate::buffers::Output;
use crate::peers::Peer;
use crate::protocol::{Next, Progress, Protocol};

use super::application::{Application, Want};
use super::date::Date;
use super::framing::Framing;
use super::head::HeadScan;
use super::log::{Answer, Log};
use super::method::Method;
use super::request::Request;
use super::response::Response;
use super::status::Status;

/// How long a body nobody wants may be, in bytes, before the connection ends instead.
const DRAIN_LIMIT: u64 = 64 * 1024;
/// How many requests a connection may make: then its memory is given back, and others have a chance.
const REQUEST_LIMIT: u32 = 10_000;

/// HTTP/1.1 as a [`Protocol`] around an [`Application`], with a [`Log`] of what it answers.
pub struct Http<A, L = ()> {
    application: A,
    log: L,
    date: Date,
    is_draining: bool,
}

/// What is remembered of one connection.
pub struct Context<A: Application, L: Log = ()> {
    phase: Phase<A>,
    /// Whether the last head was that of a HEAD, as far as it came.
    is_head: bool,
    /// How many more may be answered.
    requests_left: u32,
    trail: L::Trail,
}

/// What the next bytes belong to.
enum Phase<A: Application> {
    Head(HeadScan),
    Body(Box<Upload<A>>),
}

/// A request whose body is arriving. Only a connection that has one pays for it.
struct Upload<A: Application> {
    /// A request borrows from its head, and the input goes on without it.
    head: Vec<u8>,
    framing: Framing,
    /// How many more bytes the body may have.
    room: u64,
    body: Option<A::Body>,
}

impl<A: Application> Default for Phase<A> {
    fn default() -> Phase<A> {
        Phase::Head(HeadScan::default())
    }
}

impl<A: Application> Http<A> {
    /// Serves `application`, without a log.
    pub fn new(application: A) -> Http<A> {
        Http::with_log(application, ())
    }
}

impl<A: Application, L: Log> Http<A, L> {
    /// Serves `application`, and tells `log` of it.
    pub fn with_log(application: A, log: L) -> Http<A, L> {
        Http { application, log, date: Date::default(), is_draining: false }
    }
}

impl<A: Application, L: Log> Protocol for Http<A, L> {
    type Context = Context<A, L>;

    fn open(&mut self, peer: Peer) -> Context<A, L> {
        let (phase, trail) = (Phase::default(), self.log.open(peer));
        Context { phase, is_head: false, requests_left: REQUEST_LIMIT, trail }
    }

    fn data(
        &mut self,
        context: &mut Context<A, L>,
        input: &[u8],
        output: &mut Output,
    ) -> Progress {
        let progress = match mem::take(&mut context.phase) {
            Phase::Head(scan) => {
                let progress = self.head(context, scan, input, output);
                progress
                    .inspect_err(|&status| self.refuse(context, input, status, output))
            }
            Phase::Body(mut upload) => {
                let progress = self.body(context, &mut upload, input, output);
                let head = &upload.head;
                let refuse = |&status: &_| self.refuse(context, head, status, output);
                let progress = progress.inspect_err(refuse);
                if let Ok(Progress { next: Next::Body, .. }) = progress {
                    context.phase = Phase::Body(upload);
                }
                progress
            }
        };
        progress.unwrap_or(Progress { consumed: input.len(), next: Next::Linger })
    }

    fn late(&mut self, context: &mut Context<A, L>, input: &[u8], output: &mut Output) {
        let phase = mem::take(&mut context.phase);
        let head = match &phase {
            Phase::Head(_) => input,
            Phase::Body(upload) => &upload.head,
        };
        self.refuse(context, head, Status::RequestTimeout, output);
    }

    fn sent(&mut self, context: &mut Context<A, L>) {
        self.log.sent(&mut context.trail);
    }

    fn close(&mut self, context: Context<A, L>, unsent: u64) {
        self.log.close(context.trail, unsent);
    }

    fn held(&self, context: &Context<A, L>) -> usize {
        let upload = match &context.phase {
            Phase::Head(_) => 0,
            Phase::Body(upload) => upload.head.capacity(),
        };
        upload + self.log.held(&context.trail)
    }

    fn drain(&mut self) {
        self.is_draining = true;
    }

    fn shed(&mut self) -> bool {
        self.application.shed()
    }

    fn tidy(&mut self) -> Option<Duration> {
        self.date.expire();
        self.log.flush();
        self.application.tidy()
    }
}

impl<A: Application, L: Log> Http<A, L> {
    fn head(
        &mut self,
        context: &mut Context<A, L>,
        mut scan: HeadScan,
        input: &[u8],
        output: &mut Output,
    ) -> Result<Progress, Status> {
        let head = scan.head(input);
        context.is_head = scan.asks_for_head(input);
        let Some(head) = head? else {
            context.phase = Phase::Head(scan);
            return Ok(Progress { consumed: 0, next: Next::Read });
        };
        let (consumed, head) = (head.end, &input[head]);
        let request = Request::parse(head)?;
        let next = match request.framing.is_done() {
            true => {
                self.expect_more(context, consumed < input.len());
                self.respond(context, &request, head, None, output)
            }
            false => self.begin(context, request, head, output)?,
        };
        Ok(Progress { consumed, next })
    }

    fn begin(
        &mut self,
        context: &mut Context<A, L>,
        request: Request,
        head: &[u8],
        output: &mut Output,
    ) -> Result<Next, Status> {
        let (room, body) = match self.application.want(&request) {
            Want::Nothing => (DRAIN_LIMIT, None),
            Want::Body { limit, body } => (limit, Some(body)),
        };
        let waits_in_vain = request.expects_continue && body.is_none();
        if waits_in_vain || request.framing.least() > room {
            return self.give_up(context, request, head, body, output);
        }
        if request.expects_continue {
            output.push(b"HTTP/1.1 100 Continue\r\n\r\n");
        }
        let (head, framing) = (head.to_vec(), request.framing);
        context.phase = Phase::Body(Box::new(Upload { head, framing, room, body }));
        Ok(Next::Body)
    }

    fn body(
        &mut self,
        context: &mut Context<A, L>,
        upload: &mut Upload<A>,
        input: &[u8],
        output: &mut Output,
    ) -> Result<Progress, Status> {
        let mut rest = input;
        let piece = upload.framing.next(&mut rest)?;
        let consumed = input.len() - rest.len();
        let fits = piece.len() as u64 <= upload.room;
        if fits {
            upload.room -= piece.len() as u64;
            if let Some(body) = &mut upload.body {
                self.application.piece(body, piece)?;
            }
            if !upload.framing.is_done() {
                return Ok(Progress { consumed, next: Next::Body });
            }
        }
        let (head, body) = (&upload.head, upload.body.take());
        let request = Request::parse(head)?;
        let next = match fits {
            true => {
                self.expect_more(context, !rest.is_empty());
                self.respond(context, &request, head, body, output)
            }
            false => self.give_up(context, request, head, body, output)?,
        };
        Ok(Progress { consumed, next })
    }

    /// The body is longer than there is room for, or would be sent in vain.
    fn give_up(
        &mut self,
        context: &mut Context<A, L>,
        mut request: Request,
        head: &[u8],
        body: Option<A::Body>,
        output: &mut Output,
    ) -> Result<Next, Status> {
        if body.is_some() {
            return Err(Status::ContentTooLarge);
        }
        request.keep_alive = false;
        self.respond(context, &request, head, None, output);
        Ok(Next::Linger)
    }

    /// If the server is to end, the next response is the last, unless input has arrived behind its request:
    /// that was sent before anybody said that nothing more would be answered.
    fn expect_more(&self, context: &mut Context<A, L>, has_more: bool) {
        if self.is_draining && !has_more {
            context.requests_left = 1;
        }
    }

    fn respond(
        &mut self,
        context: &mut Context<A, L>,
        request: &Request,
        head: &[u8],
        body: Option<A::Body>,
        output: &mut Output,
    ) -> Next {
        let response = self.application.respond(request, body);
        context.requests_left -= 1;
        let is_last = context.requests_left == 0;
        let next = match request.keep_alive {
            // Whoever sends what we don't understand may mean another end of it, too.
            true if is_last || response.status == Status::BadRequest => Next::Linger,
            true => Next::Rest,
            false => Next::End,
        };
        let (with_body, date) = (request.method != Method::Head, self.date.line());
        response.write(date, next, with_body, output);
        let answer = || Answer { head, response: &response, with_body, date, output };
        self.log.answered(&mut context.trail, answer);
        next
    }

    /// `head` is what has arrived of the request's head.
    fn refuse(
        &mut self,
        context: &mut Context<A, L>,
        head: &[u8],
        status: Status,
        output: &mut Output,
    ) {
        let (response, date) = (Response::of(status), self.date.line());
        let with_body = !context.is_head;
        response.write(date, Next::Linger, with_body, output);
        let answer = || Answer { head, response: &response, with_body, date, output };
        self.log.answered(&mut context.trail, answer);
    }
}
