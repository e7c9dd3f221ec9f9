use crate::buffers::Output;
use crate::protocol::{Next, Progress, Protocol};

use super::application::Application;
use super::date::Date;
use super::head::HeadScan;
use super::request::Request;
use super::response::Response;

pub struct Http<A> {
    application: A,
    date: Date,
}

#[derive(Default)]
pub struct Context {
    scan: HeadScan,
    requests: u64,
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
        let (request, consumed) = match context.scan.head(input) {
            Ok(None) => return Progress { consumed: 0, next: Next::Read },
            Ok(Some(end)) => {
                context.requests += 1;
                (Request::parse(&input[..end], context.requests), end)
            }
            Err(status) => (Err(status), input.len()),
        };
        let with_body = !input.starts_with(b"HEAD ");
        context.scan = HeadScan::default();
        let next = match &request {
            Ok(request) if request.keep_alive => Next::Read,
            _ => Next::End,
        };
        let response = match &request {
            Ok(request) => self.application.respond(request),
            Err(status) => Response::of(*status),
        };
        response.write(self.date.line(), next, with_body, output);
        Progress { consumed, next }
    }
}
