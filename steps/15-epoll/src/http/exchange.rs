use std::mem;
use std::time::Duration;

use crate::buffers::Output;
use crate::protocol::{Next, Progress, Protocol};

use super::application::{Application, Want};
use super::date::Date;
use super::framing::Framing;
use super::head::HeadScan;
use super::method::Method;
use super::request::Request;
use super::response::Response;
use super::status::Status;

const DRAIN_LIMIT: u64 = 64 * 1024;
const REQUEST_LIMIT: u32 = 10_000;

pub struct Http<A> {
    application: A,
    date: Date,
}

pub struct Context<A: Application> {
    phase: Phase<A>,
    is_head: bool,
    requests: u32,
}

enum Phase<A: Application> {
    Head(HeadScan),
    Body(Box<Upload<A>>),
}

struct Upload<A: Application> {
    head: Vec<u8>,
    framing: Framing,
    room: u64,
    body: Option<A::Body>,
}

impl<A: Application> Default for Phase<A> {
    fn default() -> Phase<A> {
        Phase::Head(HeadScan::default())
    }
}

impl<A: Application> Http<A> {
    pub fn new(application: A) -> Http<A> {
        Http { application, date: Date::default() }
    }
}

impl<A: Application> Protocol for Http<A> {
    type Context = Context<A>;

    fn open(&mut self) -> Context<A> {
        Context { phase: Phase::default(), is_head: false, requests: 0 }
    }

    fn data(
        &mut self,
        context: &mut Context<A>,
        input: &[u8],
        output: &mut Output,
    ) -> Progress {
        let progress = match mem::take(&mut context.phase) {
            Phase::Head(scan) => self.head(context, scan, input, output),
            Phase::Body(upload) => self.body(context, upload, input, output),
        };
        progress.unwrap_or_else(|status| {
            self.refuse(context, status, output);
            Progress { consumed: input.len(), next: Next::Linger }
        })
    }

    fn late(&mut self, context: &mut Context<A>, output: &mut Output) {
        self.refuse(context, Status::RequestTimeout, output);
    }

    fn held(&self, context: &Context<A>) -> usize {
        match &context.phase {
            Phase::Head(_) => 0,
            Phase::Body(upload) => upload.head.capacity(),
        }
    }

    fn shed(&mut self) -> bool {
        self.application.shed()
    }

    fn tidy(&mut self) -> Option<Duration> {
        self.application.tidy()
    }
}

impl<A: Application> Http<A> {
    fn head(
        &mut self,
        context: &mut Context<A>,
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
            true => self.respond(context, &request, None, output),
            false => self.begin(context, request, head, output)?,
        };
        Ok(Progress { consumed, next })
    }

    fn begin(
        &mut self,
        context: &mut Context<A>,
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
            return self.give_up(context, request, body, output);
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
        context: &mut Context<A>,
        mut upload: Box<Upload<A>>,
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
                context.phase = Phase::Body(upload);
                return Ok(Progress { consumed, next: Next::Body });
            }
        }
        let request = Request::parse(&upload.head)?;
        let next = match fits {
            true => self.respond(context, &request, upload.body, output),
            false => self.give_up(context, request, upload.body, output)?,
        };
        Ok(Progress { consumed, next })
    }

    fn give_up(
        &mut self,
        context: &mut Context<A>,
        mut request: Request,
        body: Option<A::Body>,
        output: &mut Output,
    ) -> Result<Next, Status> {
        if body.is_some() {
            return Err(Status::ContentTooLarge);
        }
        request.keep_alive = false;
        self.respond(context, &request, None, output);
        Ok(Next::Linger)
    }

    fn respond(
        &mut self,
        context: &mut Context<A>,
        request: &Request,
        body: Option<A::Body>,
        output: &mut Output,
    ) -> Next {
        let response = self.application.respond(request, body);
        context.requests += 1;
        let is_last = context.requests == REQUEST_LIMIT;
        let next = match request.keep_alive {
            true if is_last || response.status == Status::BadRequest => Next::Linger,
            true => Next::Rest,
            false => Next::End,
        };
        let with_body = request.method != Method::Head;
        response.write(self.date.line(), next, with_body, output);
        next
    }

    fn refuse(&mut self, context: &Context<A>, status: Status, output: &mut Output) {
        let with_body = !context.is_head;
        Response::of(status).write(self.date.line(), Next::Linger, with_body, output);
    }
}
