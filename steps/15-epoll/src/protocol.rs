use std::time::Duration;

use crate::buffers::Output;

pub trait Protocol {
    type Context;

    fn open(&mut self) -> Self::Context;

    fn data(
        &mut self,
        context: &mut Self::Context,
        input: &[u8],
        output: &mut Output,
    ) -> Progress;

    fn late(&mut self, _: &mut Self::Context, _: &mut Output) {}

    fn held(&self, _: &Self::Context) -> usize {
        0
    }

    fn shed(&mut self) -> bool {
        false
    }

    fn tidy(&mut self) -> Option<Duration> {
        None
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    pub consumed: usize,
    pub next: Next,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    Rest,
    Read,
    Body,
    Linger,
    End,
}
