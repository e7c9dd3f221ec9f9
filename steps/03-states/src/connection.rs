#[derive(Clone, Copy)]
enum State {
    Req,
    Res,
    End,
}

pub enum Wants<'a> {
    Receive,
    Send(&'a [u8]),
    End,
}

pub struct Connection {
    state: State,
    output: Vec<u8>,
}

impl Connection {
    pub fn new() -> Connection {
        Connection { state: State::Req, output: Vec::new() }
    }

    pub fn wants(&self) -> Wants<'_> {
        match self.state {
            State::Req => Wants::Receive,
            State::Res => Wants::Send(&self.output),
            State::End => Wants::End,
        }
    }

    pub fn received(&mut self, bytes: &[u8]) {
        self.output.extend_from_slice(bytes);
        self.state = if bytes.is_empty() { State::End } else { State::Res };
    }

    pub fn sent(&mut self, count: usize) {
        self.output.drain(..count);
        if self.output.is_empty() {
            self.state = State::Req;
        }
    }
}
