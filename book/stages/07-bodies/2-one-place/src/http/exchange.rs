use crate::buffers::Output;
use crate::protocol::{Next, Progress, Protocol};

use super::application::Application;
use super::date::Date;
use super::head::HeadScan;
use super::request::{Method, Request};
use super::response::Response;
use super::status::Status;

pub struct Http<A> {
    application: A,
    date: Date,
}

#[derive(Default)]
pub struct Context {
    scan: HeadScan,
    requests: u64,
    is_head: bool,
}

impl<A: Application> Http<A> {
    pub fn new(application: A) -> Http<A> {
        Http { application, date: Date::default() }
    }
}

impl<A: Application> Protocol for Http<A> {
    type Context = Context;

    fn open(&mut self) -> Context {
        Context::default()
    }

    fn data(
        &mut self,
        context: &mut Context,
        input: &[u8],
        output: &mut Output,
    ) -> Progress {
        let progress = self.head(context, input, output);
        progress.unwrap_or_else(|status| {
            let response = Response::of(status);
            response.write(self.date.line(), Next::End, !context.is_head, output);
            Progress { consumed: input.len(), next: Next::End }
        })
    }
}

impl<A: Application> Http<A> {
    fn head(
        &mut self,
        context: &mut Context,
        input: &[u8],
        output: &mut Output,
    ) -> Result<Progress, Status> {
        let head = context.scan.head(input);
        context.is_head = context.scan.asks_for_head(input);
        let Some(head) = head? else {
            return Ok(Progress { consumed: 0, next: Next::Read });
        };
        context.scan = HeadScan::default();
        let (consumed, head) = (head.end, &input[head]);
        context.requests += 1;
        let request = Request::parse(head, context.requests)?;
        let next = self.respond(&request, None, output);
        Ok(Progress { consumed, next })
    }

    fn respond(
        &mut self,
        request: &Request,
        body: Option<A::Body>,
        output: &mut Output,
    ) -> Next {
        let with_body = request.method != Method::Head;
        let response = self.application.respond(request);
        let next = if request.keep_alive { Next::Read } else { Next::End };
        response.write(self.date.line(), next, with_body, output);
        next
    }
}
