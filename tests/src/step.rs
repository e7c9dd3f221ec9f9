//! The steps, and the package that each of them is: the columns of the matrix.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

/// A step's number; the finished server comes after all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step(pub u8);

impl Step {
    pub const FINAL: Step = Step(u8::MAX);
}

/// A package of the workspace and the step it is.
pub struct Column {
    pub step: Step,
    pub package: &'static str,
}

pub const COLUMNS: &[Column] = &[
    column(1, "step1"),
    column(2, "step2"),
    column(3, "step3"),
    column(4, "step4"),
    column(5, "step5"),
    column(6, "step6"),
    column(7, "step7"),
    column(8, "step8"),
    column(9, "step9"),
    column(10, "step10"),
    column(11, "step11"),
    column(12, "step12"),
    column(13, "step13"),
    column(14, "step14"),
    column(15, "step15"),
    column(Step::FINAL.0, "final"),
];

const fn column(step: u8, package: &'static str) -> Column {
    let step = Step(step);
    Column { step, package }
}

/// The last of the steps that exist.
pub fn newest_step() -> Step {
    let steps = COLUMNS.iter().map(|column| column.step);
    steps.filter(|step| *step != Step::FINAL).max().expect("there are steps")
}

/// The first step that serves a folder.
pub const FILES: Step = Step(11);
/// The first step that lets clients go which stall, or of which there are too many.
pub const DEADLINES: Step = Step(14);
/// The first step that has more than one poller.
pub const POLLERS: Step = Step(15);

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
        let newest = newest_step();
        match text.parse() {
            _ if text == "final" => Ok(Step::FINAL),
            Ok(number) if (1..=*newest).contains(&number) => Ok(Step(number)),
            _ => Err(format!("the steps are 1 to {newest} and final")),
        }
    }
}
