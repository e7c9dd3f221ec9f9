mod chunked;
mod conditions;
mod date;
mod framing;
mod head;
mod method;
#[cfg(test)]
mod properties;
mod range;
mod representation;
mod response;
mod router;
mod target;
#[cfg(test)]
mod tests;

use crate::buffers::Output;
use crate::protocol::{Next, Progress, Protocol};

use date::Date;
use framing::{Framing, Piece};
use head::{NO_FIELDS, Search};

pub use conditions::Conditions;
pub use head::{Request, is_host};
pub use method::{Method, Methods};
pub use representation::{Content, Representation};
pub use response::{Body, Response, Status};
pub use router::{Call, Route, Router};
pub use target::Target;

const DRAIN_LIMIT: u64 = 64 * 1024;

pub trait Application {
    type Context;

    fn open(&mut self, request: &Request) -> (Self::Context, Option<u64>);

    fn data(&mut self, context: &mut Self::Context, piece: &[u8]);

    fn respond(&mut self, context: Self::Context) -> Response<'_>;
}

pub struct Http<A> {
    application: A,
    date: Date,
}

pub struct Context<A: Application> {
    search: Search,
    is_head: bool,
    keep_alive: bool,
    upload: Option<Upload<A>>,
}

struct Upload<A: Application> {
    context: A::Context,
    framing: Framing,
    room: u64,
    is_wanted: bool,
}

impl<A: Application> Http<A> {
    pub fn new(application: A) -> Http<A> {
        Http { application, date: Date::default() }
    }
}

impl<A: Application> Protocol for Http<A> {
    type Context = Context<A>;

    fn open(&mut self) -> Context<A> {
        Context {
            search: Search::default(),
            is_head: false,
            keep_alive: false,
            upload: None,
        }
    }

    fn data(
        &mut self,
        context: &mut Context<A>,
        input: &[u8],
        output: &mut Output,
    ) -> Progress {
        let progress = match context.upload.take() {
            None => self.head(context, input, output),
            Some(upload) => self.body(context, upload, input, output),
        };
        progress.unwrap_or_else(|status| {
            let response = Response::of(status);
            response.write(self.date.now(), "close", !context.is_head, output);
            Progress { consumed: input.len(), next: Next::End }
        })
    }
}

impl<A: Application> Http<A> {
    fn head(
        &mut self,
        context: &mut Context<A>,
        input: &[u8],
        output: &mut Output,
    ) -> Result<Progress, Status> {
        let head = context.search.head(input);
        context.is_head = context.search.is_head(input);
        let Some(head) = head? else {
            return Ok(Progress { consumed: 0, next: Next::Read });
        };
        let consumed = head.end;
        context.search = Search::default();
        let mut fields = NO_FIELDS;
        let request = Request::parse(&input[head], &mut fields)?;
        let next = self.begin(context, request, output)?;
        Ok(Progress { consumed, next })
    }

    fn begin(
        &mut self,
        context: &mut Context<A>,
        request: Request,
        output: &mut Output,
    ) -> Result<Next, Status> {
        context.keep_alive = request.keep_alive;
        let (theirs, limit) = self.application.open(&request);
        let (room, is_wanted) = (limit.unwrap_or(DRAIN_LIMIT), limit.is_some());
        let upload =
            Upload { context: theirs, framing: request.framing, room, is_wanted };
        let waits = request.expects_continue;
        match upload.framing {
            Framing::Length(0) => Ok(self.respond(context, upload.context, output)),
            Framing::Length(length) if length > room => {
                self.give_up(context, upload, output)
            }
            _ if waits && !is_wanted => self.give_up(context, upload, output),
            _ => {
                if waits {
                    output.push(b"HTTP/1.1 100 Continue\r\n\r\n");
                }
                context.upload = Some(upload);
                Ok(Next::Read)
            }
        }
    }

    fn body(
        &mut self,
        context: &mut Context<A>,
        mut upload: Upload<A>,
        input: &[u8],
        output: &mut Output,
    ) -> Result<Progress, Status> {
        let Piece { bytes, consumed, is_last } = upload.framing.next(input)?;
        let length = bytes.len() as u64;
        if length > upload.room {
            let next = self.give_up(context, upload, output)?;
            return Ok(Progress { consumed, next });
        }
        upload.room -= length;
        if upload.is_wanted {
            self.application.data(&mut upload.context, bytes);
        }
        if is_last {
            let next = self.respond(context, upload.context, output);
            return Ok(Progress { consumed, next });
        }
        context.upload = Some(upload);
        Ok(Progress { consumed, next: Next::Read })
    }

    fn give_up(
        &mut self,
        context: &mut Context<A>,
        upload: Upload<A>,
        output: &mut Output,
    ) -> Result<Next, Status> {
        if upload.is_wanted {
            return Err(Status::ContentTooLarge);
        }
        context.keep_alive = false;
        Ok(self.respond(context, upload.context, output))
    }

    fn respond(
        &mut self,
        context: &Context<A>,
        theirs: A::Context,
        output: &mut Output,
    ) -> Next {
        let (connection, next) = match context.keep_alive {
            true => ("keep-alive", Next::Read),
            false => ("close", Next::End),
        };
        let response = self.application.respond(theirs);
        response.write(self.date.now(), connection, !context.is_head, output);
        next
    }
}
