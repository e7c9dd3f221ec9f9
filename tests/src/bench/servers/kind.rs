//! Which servers can be measured, and which loads each of them can bear.

use std::fmt;
use std::str::FromStr;

use crate::bench::loads::Load;
use crate::step::{COLUMNS, FILES, Step};
use crate::system::tool::Tool;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The server of this workspace.
    Final,
    /// The same, told to wait by poll(2).
    FinalPoll,
    Step(Step),
    /// A loop on epoll that parses nothing and answers from memory with `final`'s own bytes.
    Bare,
    /// nginx with no log and with its cache of open files.
    Nginx,
    /// lighttpd with no log, too.
    Lighttpd,
}

/// The first step that speaks HTTP, and the first whose connections outlive a response.
const HTTP: Step = Step(5);
const KEEP_ALIVE: Step = Step(6);

impl Kind {
    pub const NAMES: &str = "final, final-poll, stepN, bare, nginx, lighttpd";

    /// Every step that speaks HTTP.
    pub fn steps() -> impl Iterator<Item = Kind> {
        let steps = COLUMNS.iter().map(|column| column.step);
        steps.filter(|step| (HTTP..Step::FINAL).contains(step)).map(Kind::Step)
    }

    /// Whether it is one of the programs of this workspace that serve a site.
    pub fn is_ours(self) -> bool {
        matches!(self, Kind::Final | Kind::FinalPoll | Kind::Step(_))
    }

    /// The package of this workspace that it is.
    pub fn package(self) -> Option<&'static str> {
        let step = match self {
            Kind::Final | Kind::FinalPoll => Step::FINAL,
            Kind::Step(step) => step,
            Kind::Bare | Kind::Nginx | Kind::Lighttpd => return None,
        };
        let mut columns = COLUMNS.iter();
        columns.find(|column| column.step == step).map(|column| column.package)
    }

    pub fn tool(self) -> Option<Tool> {
        match self {
            Kind::Nginx => Some(Tool::Nginx),
            Kind::Lighttpd => Some(Tool::Lighttpd),
            _ => None,
        }
    }

    pub fn serves_files(self) -> bool {
        !matches!(self, Kind::Step(step) if step < FILES)
    }

    /// Why it can't bear this load, if so.
    pub fn lacks(self, load: &Load) -> Option<&'static str> {
        match self {
            Kind::Step(step) if step < HTTP => Some("it doesn't speak HTTP"),
            Kind::Step(step) if step < KEEP_ALIVE && !load.renewed => {
                Some("it ends each connection after one response")
            }
            _ if !self.serves_files() && !load.is_small() => {
                Some("it serves no files, and its page is small")
            }
            _ => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Kind::Final => out.pad("final"),
            Kind::FinalPoll => out.pad("final-poll"),
            Kind::Step(step) => out.pad(&format!("step{step}")),
            Kind::Bare => out.pad("bare"),
            Kind::Nginx => out.pad("nginx"),
            Kind::Lighttpd => out.pad("lighttpd"),
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Kind, String> {
        let named =
            [Kind::Final, Kind::FinalPoll, Kind::Bare, Kind::Nginx, Kind::Lighttpd];
        let mut known = named.into_iter().chain(Kind::steps());
        known.find(|kind| kind.to_string() == text).ok_or_else(|| {
            let first = Kind::steps().next().expect("some steps speak HTTP");
            let last = Kind::steps().last().expect("some steps speak HTTP");
            format!("the servers are {}, and N is from {first} to {last}", Kind::NAMES)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lacks(kind: &str, load: &str) -> Option<&'static str> {
        let kind: Kind = kind.parse().unwrap();
        kind.lacks(&load.parse().unwrap())
    }

    #[test]
    fn every_server_has_a_name_of_its_own() {
        for name in ["final", "final-poll", "step5", "step14", "bare", "nginx"] {
            assert_eq!(name.parse::<Kind>().unwrap().to_string(), name);
        }
        for name in ["step4", "step99", "step", "apache", "Final", ""] {
            let error = name.parse::<Kind>().unwrap_err();
            assert!(error.starts_with("the servers are final, "), "{name}: {error}");
        }
        assert_eq!("step11".parse::<Kind>().unwrap().package(), Some("step11"));
        assert_eq!("final-poll".parse::<Kind>().unwrap().package(), Some("final"));
    }

    #[test]
    fn a_step_is_spared_what_it_cannot_do() {
        assert!(lacks("step5", "small").is_some() && lacks("step5", "new").is_none());
        assert!(lacks("step10", "1k").is_some() && lacks("step10", "idle").is_none());
        assert!(lacks("step11", "1m").is_none() && lacks("nginx", "1m").is_none());
    }
}
