//! The response to one request, read to its end: the length of all that follow.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What each response begins with.
pub const SUCCESS: &[u8] = b"HTTP/1.1 200 ";

pub struct Response {
    pub bytes: Vec<u8>,
}

impl Response {
    pub fn ask(
        server: SocketAddr,
        request: &[u8],
        patience: Duration,
    ) -> io::Result<Response> {
        let stream = TcpStream::connect(server)?;
        stream.set_read_timeout(Some(patience))?;
        Response::exchange(&stream, request)
    }

    /// Asks on a connection that goes on, if the response doesn't end it.
    ///
    /// Whatever isn't a 200 with a Content-Length is an error.
    pub fn exchange(mut stream: &TcpStream, request: &[u8]) -> io::Result<Response> {
        stream.write_all(request)?;
        Response::receive(stream)
    }

    /// The response to what was asked.
    pub fn receive(mut stream: &TcpStream) -> io::Result<Response> {
        let mut bytes = Vec::new();
        let mut buffer = [0; 16 * 1024];
        loop {
            match length(&bytes)? {
                Some(length) if bytes.len() == length => return Ok(Response { bytes }),
                Some(length) if bytes.len() > length => {
                    return Err(wrong("more than one response", &bytes));
                }
                _ => {}
            }
            match stream.read(&mut buffer) {
                Ok(0) => return Err(wrong("the connection ended too early", &bytes)),
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
                Err(error) => return Err(wrong(&error.to_string(), &bytes)),
            }
        }
    }

    /// Of its content.
    pub fn content_length(&self) -> usize {
        let head = head_length(&self.bytes).expect("it was read to its end");
        self.bytes.len() - head
    }
}

fn head_length(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4)
}

/// Of the whole response; none while its head isn't complete.
pub fn length(bytes: &[u8]) -> io::Result<Option<usize>> {
    let Some(head) = head_length(bytes) else { return Ok(None) };
    if !bytes.starts_with(SUCCESS) {
        return Err(wrong("no 200", bytes));
    }
    let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
    let field = text.lines().find_map(|line| line.strip_prefix("content-length:"));
    let content = field.and_then(|value| value.trim().parse::<usize>().ok());
    content.map(|content| Some(head + content)).ok_or_else(|| wrong("no length", bytes))
}

fn wrong(what: &str, bytes: &[u8]) -> io::Error {
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(500)]);
    io::Error::other(format!("{what}; the response so far:\n{shown}"))
}
