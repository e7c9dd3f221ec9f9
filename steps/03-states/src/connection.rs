use std::io;
use std::os::fd::OwnedFd;

use libc::c_short;

use crate::sys;

const CAPACITY: usize = 16 * 1024;

#[derive(Clone, Copy, PartialEq)]
pub enum State {
    Req,
    Res,
    End,
}

pub struct Connection {
    pub socket: OwnedFd,
    pub state: State,
    input: Vec<u8>,
    output: Vec<u8>,
}

impl Connection {
    pub fn new(socket: OwnedFd) -> Connection {
        let (input, output) = (vec![0; CAPACITY], Vec::new());
        Connection { socket, state: State::Req, input, output }
    }

    pub fn interest(&self) -> c_short {
        match self.state {
            State::Req => libc::POLLIN,
            State::Res => libc::POLLOUT,
            State::End => 0,
        }
    }

    pub fn ready(&mut self) {
        let turn = match self.state {
            State::Req => self.receive(),
            State::Res => self.send(),
            State::End => Ok(()),
        };
        if let Err(error) = turn
            && !sys::try_again(&error)
        {
            self.state = State::End;
        }
    }

    fn receive(&mut self) -> io::Result<()> {
        let received = sys::read(&self.socket, &mut self.input)?;
        if received == 0 {
            self.state = State::End;
            return Ok(());
        }
        self.output.extend_from_slice(&self.input[..received]);
        self.state = State::Res;
        self.send()
    }

    fn send(&mut self) -> io::Result<()> {
        let sent = sys::write(&self.socket, &self.output)?;
        self.output.drain(..sent);
        if self.output.is_empty() {
            self.state = State::Req;
        }
        Ok(())
    }
}
