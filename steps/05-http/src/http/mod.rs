mod date;
mod head;
mod response;
#[cfg(test)]
mod tests;

use crate::buffers::Output;
use crate::protocol::{Next, Progress, Protocol};

use date::Date;
use head::Search;

pub use head::Request;
pub use response::{Response, Status};

pub trait Application {
    fn respond(&mut self, request: &Request) -> Response<'_>;
}

pub struct Http<A> {
    application: A,
    date: Date,
}

#[derive(Default)]
pub struct Context {
    search: Search,
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
        let request = match context.search.head(input) {
            Ok(None) => return Progress { consumed: 0, next: Next::Read },
            Ok(Some(head)) => Request::parse(&input[head]),
            Err(status) => Err(status),
        };
        let bodiless = context.search.is_head(input);
        let response = match &request {
            Ok(request) => self.application.respond(request),
            Err(status) => Response::of(*status),
        };
        response.write(self.date.now(), !bodiless, output);
        Progress { consumed: input.len(), next: Next::End }
    }
}
