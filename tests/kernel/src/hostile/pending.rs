//! A call that is being answered: what comes of each look at it.

use recording::hostile::{Fate, Fault};
use recording::{Answer, Asked, Errno, Payload};

use super::world::World;
use crate::request::Request;

pub struct Pending<'a> {
    pub request: &'a mut dyn Request,
    pub asked: Asked,
    /// When it was made.
    pub since: u64,
    /// It has waited, and so isn't at its beginning.
    pub waited: bool,
    /// How many bytes a write that blocks has passed on.
    pub moved: usize,
}

pub enum Turn {
    Done(Answer),
    /// Until something happens, or this time comes.
    Wait(Option<u64>),
    /// The real kernel's business.
    Real,
}

/// So many calls without anything happening are a spin.
const SPIN: u64 = 2000;

impl<'a> Pending<'a> {
    pub fn new(request: &'a mut dyn Request, since: u64) -> Pending<'a> {
        let asked = request.asked();
        Pending { request, asked, since, waited: false, moved: 0 }
    }
}

impl Turn {
    pub fn result(result: i64) -> Turn {
        Turn::given(result, Payload::default())
    }

    pub fn given(result: i64, payload: Payload) -> Turn {
        Turn::Done(Answer::Done { result, payload })
    }

    pub fn bytes(data: Vec<u8>) -> Turn {
        let count = data.len() as i64;
        Turn::given(count, Payload { data: Some(data.into()), ..Payload::default() })
    }

    pub fn error(error: i32) -> Turn {
        Turn::Done(Answer::Failed { error: Errno(error) })
    }
}

impl World {
    /// A call begins: meanwhile something may happen, and so many calls without anything
    /// happening are too many.
    pub fn begin(&mut self, call: &Pending) {
        // What a runtime does for itself, such as looking at the clock, isn't counted.
        let is_ours = call.asked.may_wait() || call.asked.descriptor().is_some();
        if !is_ours {
            return;
        }
        self.calls += 1;
        self.meanwhile();
        let calls = self.calls - self.last_move;
        if self.listening && calls > SPIN + 20 * self.things.len() as u64 {
            self.end(Fate::Spins { calls });
        }
    }

    /// One look at a call.
    pub fn attempt(&mut self, call: &mut Pending) -> Turn {
        use Asked::*;
        let turn = match &call.asked {
            Socket { family, kind, .. } => self.socket(*family, *kind),
            SetSockOpt { fd, level, option, value } if self.is_ours(*fd) => {
                self.set_option(*fd, *level, *option, &value.0)
            }
            GetSockOpt { fd, level, option, room } if self.is_ours(*fd) => {
                self.get_option(*fd, *level, *option, *room)
            }
            Bind { fd, address } if self.is_ours(*fd) => self.bind(*fd, address),
            Listen { fd, .. } if self.is_ours(*fd) => self.listen(*fd),
            GetSockName { fd } if self.is_ours(*fd) => self.own_name(*fd),
            GetPeerName { fd } if self.is_ours(*fd) => self.peer_name(*fd),
            Accept { fd, .. } if self.is_ours(*fd) => self.accept(call, 0),
            Accept4 { fd, flags, .. } if self.is_ours(*fd) => self.accept(call, *flags),
            Shutdown { fd, how } if self.is_ours(*fd) => self.shutdown(*fd, *how),
            Close { .. } => self.close(call),
            Read { fd, .. } | ReadV { fd, .. } | RecvFrom { fd, .. }
                if self.is_ours(*fd) =>
            {
                self.read(call)
            }
            Write { fd, .. }
            | WriteV { fd, .. }
            | SendTo { fd, .. }
            | SendFile { fd, .. }
                if self.is_ours(*fd) =>
            {
                self.write(call)
            }
            Poll { .. } => self.poll(call),
            EpollCreate1 { .. } => self.epoll_create(),
            EpollCtl { .. } => self.epoll_control(call),
            EpollWait { .. } => self.epoll_wait(call),
            EventFd2 { value, flags } => self.event_fd(*value, *flags),
            ClockGetTime { clock } => self.clock(*clock),
            GetRandom { room, .. } => Turn::bytes(self.chance.entropy(*room)),
            OpenAt { .. } | OpenAt2 { .. } => self.open(call),
            Statx { .. } | PRead64 { .. } | Read { .. } | ReadV { .. } => self.file(call),
            Other { name, arguments } => {
                let (name, arguments) = (name.clone(), arguments.clone());
                self.other(call, &name, &arguments)
            }
            asked if asked.descriptor().is_some_and(|fd| self.is_ours(fd)) => {
                self.unknown(call)
            }
            _ => Turn::Real,
        };
        call.waited = true;
        turn
    }

    /// The run ends: this kernel can't answer.
    pub fn unknown(&mut self, call: &Pending) -> Turn {
        let asked = call.asked.clone();
        let call = recording::Call {
            thread: crate::thread::name(),
            asked,
            answer: None,
            at: Vec::new(),
        };
        self.end(Fate::Unknown { call: call.line() })
    }

    /// Draws whether one of these faults is made at the beginning of a call.
    pub fn struck(&mut self, call: &Pending, fd: i64, faults: &[Fault]) -> Option<Fault> {
        if !self.listening || call.waited || self.over.is_some() {
            return None;
        }
        self.chance.failure(fd, faults)
    }

    /// Fails, and writes down why.
    pub fn fail(&mut self, fault: Fault, call: &Pending, fd: i64, error: i32) -> Turn {
        let call = recording::Call {
            thread: crate::thread::name(),
            asked: call.asked.clone(),
            answer: None,
            at: Vec::new(),
        };
        self.note(fault, fd, format!("{}({fd}): {}", call.name(), Errno(error)));
        Turn::error(error)
    }
}
