//! What a check is: a name, the sentence it proves, the steps for which that holds, and a
//! conversation.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use crate::failure::Failure;
use crate::scene::Scene;
use crate::subject;
use crate::tool::Tool;

/// What every verb of a conversation gives back: the first failure ends the check.
pub type Attempt<T = ()> = Result<T, Box<Failure>>;

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
        Check { name, claim, from, until: None, is_fault: false, needs: &[], run }
    }

    /// The last step for which it holds.
    pub const fn until(mut self, step: u8) -> Check {
        self.until = Some(step);
        self
    }

    /// It holds for its step alone, whose fault it is. Of a program without the fault it finds
    /// out whether that is [`crate::failure::Failure::ahead`].
    pub const fn fault(mut self) -> Check {
        self.is_fault = true;
        self.until = Some(self.from);
        self
    }

    pub const fn needs(mut self, tools: &'static [Tool]) -> Check {
        self.needs = tools;
        self
    }

    /// The finished server behaves as the newest step does, and has what is its own.
    pub fn holds_for(&self, step: Step) -> bool {
        let like = if step == Step::FINAL { subject::newest_step() } else { step };
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

/// A step's number; the finished server comes after all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step(pub u8);

impl Step {
    pub const FINAL: Step = Step(u8::MAX);
}

impl Deref for Step {
    type Target = u8;

    fn deref(&self) -> &u8 {
        &self.0
    }
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match *self {
            Step::FINAL => out.pad("final"),
            Step(number) => out.pad(&number.to_string()),
        }
    }
}

impl FromStr for Step {
    type Err = String;

    fn from_str(text: &str) -> Result<Step, String> {
        let newest = subject::newest_step();
        match text.parse() {
            _ if text == "final" => Ok(Step::FINAL),
            Ok(number) if (1..=*newest).contains(&number) => Ok(Step(number)),
            _ => Err(format!("the steps are 1 to {newest} and final")),
        }
    }
}
