//! What a check is: a name, the sentence it proves, the steps for which that holds, and a
//! conversation.

use crate::evidence::failure::Attempt;
use crate::scene::Scene;
use crate::server::Program;
use crate::step::{Step, newest_step};
use crate::system::tool::Tool;

pub struct Check {
    /// A sentence in snake_case.
    pub name: &'static str,
    /// The same as a sentence for people.
    pub claim: &'static str,
    /// The first step that passes, and so the chapter that explains it.
    pub from: u8,
    /// The last step that passes, if a later one replaces the behaviour.
    pub until: Option<u8>,
    /// What it proves is a fault, which the next step mends.
    pub is_fault: bool,
    pub needs: &'static [Tool],
    /// It waits until the server has no more patience.
    pub hurries: bool,
    pub run: fn(&mut Scene) -> Attempt,
}

impl Check {
    /// A check that holds from this step on, up to the finished server.
    pub const fn new(
        from: u8,
        name: &'static str,
        claim: &'static str,
        run: fn(&mut Scene) -> Attempt,
    ) -> Check {
        let (until, is_fault, needs, hurries) = (None, false, &[], false);
        Check { name, claim, from, until, is_fault, needs, hurries, run }
    }

    /// The last step for which it holds.
    pub const fn until(mut self, step: u8) -> Check {
        self.until = Some(step);
        self
    }

    /// It holds for its step alone, whose fault it is. Of a program without the fault it finds
    /// out whether that is [`crate::evidence::failure::Failure::ahead`].
    pub const fn fault(mut self) -> Check {
        self.is_fault = true;
        self.until = Some(self.from);
        self
    }

    pub const fn needs(mut self, tools: &'static [Tool]) -> Check {
        self.needs = tools;
        self
    }

    /// The server is started with little patience, as the check waits until it is over.
    pub const fn hurries(mut self) -> Check {
        self.hurries = true;
        self
    }

    /// A program as this check starts it.
    pub fn started(&self, program: &Program) -> Program {
        program.clone().with_patience(match self.hurries {
            true => Program::IMPATIENT,
            false => Program::PATIENT,
        })
    }

    /// The finished server behaves as the newest step does, and has what is its own.
    pub fn holds_for(&self, step: Step) -> bool {
        let like = if step == Step::FINAL { newest_step() } else { step };
        self.from <= *step && self.until.is_none_or(|until| *like <= until)
    }

    /// Which steps it holds for, for people: `2–3`, `4`, `5–`.
    pub fn steps(&self) -> String {
        match self.until {
            Some(until) if until == self.from => until.to_string(),
            Some(until) => format!("{}–{until}", self.from),
            None if Step(self.from) == Step::FINAL => Step::FINAL.to_string(),
            None => format!("{}–", self.from),
        }
    }
}
