use crate::buffers::Output;
use crate::protocol::{Next, Progress, Protocol};

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nHello\n";

#[derive(Default)]
pub struct Http {}

impl Protocol for Http {
    type Context = ();

    fn open(&mut self) {}

    fn data(&mut self, _: &mut (), input: &[u8], output: &mut Output) -> Progress {
        if !input.ends_with(b"\r\n\r\n") {
            return Progress { consumed: 0, next: Next::Read };
        }
        output.push(HELLO);
        Progress { consumed: input.len(), next: Next::End }
    }
}
