use crate::buffers::Output;
use crate::protocol::{Next, Progress, Protocol};

use super::date::Date;
use super::head::HeadScan;
use super::request::Request;
use super::response::Response;

#[derive(Default)]
pub struct Http {
    date: Date,
}

#[derive(Default)]
pub struct Context {
    scan: HeadScan,
}

impl Protocol for Http {
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
            Ok(request) => {
                println!("{}", request.target);
                Response::html("<h1>Hello</h1>\n".into())
            }
            Err(status) => Response::of(status),
        };
        response.write(self.date.line(), output);
        Progress { consumed: input.len(), next: Next::End }
    }
}
