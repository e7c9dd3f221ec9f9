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
        let request = match context.scan.head(input) {
            Ok(None) => return Progress { consumed: 0, next: Next::Read },
            Ok(Some(end)) => Request::parse(&input[..end]),
            Err(status) => Err(status),
        };
        let response = match request {
            Ok(request) => self.application.respond(&request),
            Err(status) => Response::of(status),
        };
        response.write(self.date.line(), output);
        Progress { consumed: input.len(), next: Next::End }
    }
}
