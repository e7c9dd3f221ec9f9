use crate::buffers::Output;
use crate::protocol::{Next, Progress, Protocol};

use super::response::Response;

#[derive(Default)]
pub struct Http {}

impl Protocol for Http {
    type Context = ();

    fn open(&mut self) {}

    fn data(&mut self, _: &mut (), input: &[u8], output: &mut Output) -> Progress {
        if !input.ends_with(b"\r\n\r\n") {
            return Progress { consumed: 0, next: Next::Read };
        }
        let response = Response::html("<h1>Hello</h1>\n".into());
        response.write(output);
        Progress { consumed: input.len(), next: Next::End }
    }
}
