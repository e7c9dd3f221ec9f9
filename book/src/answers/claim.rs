//! What is to be seen of an answer.

use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The page of the exercise, if it isn't the first of its chapter.
    pub page: Option<String>,
    /// The number of the exercise on its page.
    pub exercise: usize,
    /// The words of the exercise that tell the change, or what is seen, where no listing
    /// shows it.
    pub told: Option<String>,
    /// The step all of whose checks pass, but for those that fail.
    pub checks: Option<u8>,
    #[serde(default)]
    pub fails: Fails,
    /// Checks that pass, the answers' own among them.
    #[serde(default)]
    pub passes: Vec<String>,
    /// Whether the crate's own tests pass.
    pub tests: Option<bool>,
    /// The names of which the compiler warns, each once.
    #[serde(default)]
    pub warns: Vec<String>,
}

/// Checks that fail.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum Fails {
    These(Vec<String>),
    Word(Word),
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
pub enum Word {
    /// All of that step's checks but those that pass.
    #[serde(rename = "the others")]
    TheOthers,
}

impl Default for Fails {
    fn default() -> Fails {
        Fails::These(Vec::new())
    }
}

impl Claim {
    /// The checks that fail by their names.
    pub fn failing(&self) -> &[String] {
        match &self.fails {
            Fails::These(names) => names,
            Fails::Word(Word::TheOthers) => &[],
        }
    }

    /// Whether this one of the checks of step `checks` fails.
    pub fn is_to_fail(&self, name: &str) -> bool {
        let is_it = |other: &String| other == name;
        match &self.fails {
            Fails::These(names) => names.iter().any(is_it),
            Fails::Word(Word::TheOthers) => !self.passes.iter().any(is_it),
        }
    }
}
