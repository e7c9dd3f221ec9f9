//! One client that asks again when it has its answer, and not before: the server does the same
//! things in the same order each time, so that they can be counted.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::awaited::{Answer, Awaited};

pub struct Lockstep<'a> {
    pub server: SocketAddr,
    pub request: &'a [u8],
    /// How many requests are sent in one write.
    pub depth: usize,
    /// Whether the server closes each connection after its answer, and a new one follows.
    pub renewed: bool,
    pub patience: Duration,
}

impl Lockstep<'_> {
    /// Asks so many times, on one connection if they aren't renewed.
    pub fn run(&self, rounds: usize) -> io::Result<()> {
        let batch = self.request.repeat(self.depth);
        let mut stream = None;
        for _ in 0..rounds {
            let mut open = match stream.take() {
                Some(open) => open,
                None => self.connect()?,
            };
            open.write_all(&batch)?;
            self.receive(&mut open)?;
            if !self.renewed {
                stream = Some(open);
            } else if open.read(&mut [0])? != 0 {
                return Err(io::Error::other("the server doesn't end the connection"));
            }
        }
        Ok(())
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(self.server)?;
        stream.set_read_timeout(Some(self.patience))?;
        Ok(stream)
    }

    fn receive(&self, stream: &mut TcpStream) -> io::Result<()> {
        let mut awaited = Awaited::new(Answer::Varied, self.depth);
        let mut buffer = [0; 16 * 1024];
        while !awaited.is_complete() {
            match stream.read(&mut buffer)? {
                0 => return Err(io::Error::other("the connection ended too early")),
                count => awaited.take(&buffer[..count])?,
            }
        }
        Ok(())
    }
}
