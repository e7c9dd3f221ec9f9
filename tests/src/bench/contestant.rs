//! The servers that are measured, each on the same core and giving the same content.

use std::ffi::OsString;
use std::fs::Permissions;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use tempfile::TempDir;

use super::loads::{LOADS, Load};
use super::response::Response;
use super::{Cores, build, cores};
use crate::evidence::failure::Failure;
use crate::server::{Program, Server};
use crate::subject;
use crate::system::process::Readings;
use crate::system::tool::Tool;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// The server of this workspace
    Final,
    /// A loop on epoll that parses nothing and answers from memory with final's own bytes
    Bare,
    /// nginx with no log and its cache of open files
    Nginx,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Final => "final",
            Kind::Bare => "bare",
            Kind::Nginx => "nginx",
        }
    }
}

/// A server that runs, and stops when it is dropped.
pub struct Contestant {
    pub kind: Kind,
    /// The length of its response to the load it was started for.
    pub response: usize,
    server: Server,
}

impl Contestant {
    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    pub fn readings(&self) -> Readings {
        self.server.process().readings()
    }
}

/// All that contestants are started from.
pub struct Bench {
    pub cores: Cores,
    kinds: Vec<Kind>,
    /// What all of them serve.
    site: TempDir,
    /// For nginx's files and the response that the bare loop repeats.
    own: TempDir,
    lander: PathBuf,
    bare: PathBuf,
}

const PATIENCE: Duration = Duration::from_secs(10);

impl Bench {
    /// Builds what is to be measured, and fills a folder.
    pub fn new(kinds: &[Kind]) -> io::Result<Bench> {
        if kinds.contains(&Kind::Nginx) && !Tool::Nginx.installed() {
            let sentence = "nginx isn't installed; --servers final,bare goes without it";
            return Err(io::Error::other(sentence));
        }
        let (site, own) = (tempfile::tempdir()?, tempfile::tempdir()?);
        // nginx lets another user read, if root starts it.
        std::fs::set_permissions(site.path(), Permissions::from_mode(0o755))?;
        for load in LOADS {
            std::fs::write(site.path().join(load.file), vec![b'x'; load.length])?;
        }
        Ok(Bench {
            cores: Cores::of_this_process()?,
            kinds: kinds.to_vec(),
            site,
            own,
            lander: subject::build_release("final")?,
            bare: build::bare()?,
        })
    }

    /// One of each kind, new, so that none has seen another load.
    pub fn start(&self, load: &Load) -> io::Result<Vec<Contestant>> {
        let lander = self.contestant(Kind::Final, load)?;
        let response = Response::ask(lander.address(), &load.request(), PATIENCE)?;
        std::fs::write(self.own.path().join("response"), response.bytes)?;
        let others = self.kinds.iter().filter(|&&kind| kind != Kind::Final);
        let others: io::Result<Vec<_>> =
            others.map(|&kind| self.contestant(kind, load)).collect();
        let mut contestants = others?;
        if self.kinds.contains(&Kind::Final) {
            contestants.insert(0, lander);
        }
        Ok(contestants)
    }

    fn contestant(&self, kind: Kind, load: &Load) -> io::Result<Contestant> {
        let server = self.on_its_core(match kind {
            Kind::Final => {
                let words = [self.lander.as_os_str(), self.site.path().as_os_str()];
                words
                    .into_iter()
                    .chain([
                        "--log=none".as_ref(),
                        "--workers=1".as_ref(),
                        "--listen".as_ref(),
                    ])
                    .map(OsString::from)
                    .collect()
            }
            Kind::Bare => {
                vec![self.bare.clone().into(), self.own.path().join("response").into()]
            }
            Kind::Nginx => self.nginx()?,
        });
        let named = |error| io::Error::other(format!("{}: {error}", kind.name()));
        let server = server.map_err(named)?;
        let response =
            Response::ask(server.address, &load.request(), PATIENCE).map_err(named)?;
        match response.content_length() {
            length if length == load.length => {}
            other => {
                return Err(named(io::Error::other(format!("{other} bytes of content"))));
            }
        }
        Ok(Contestant { kind, response: response.bytes.len(), server })
    }

    /// As its documentation recommends for this.
    fn nginx(&self) -> io::Result<Vec<OsString>> {
        let (site, own) = (self.site.path().display(), self.own.path().display());
        let text = include_str!("nginx.conf");
        let text =
            text.replace("OWN", &own.to_string()).replace("ROOT", &site.to_string());
        std::fs::write(self.own.path().join("template"), text)?;
        // The address comes last, and nginx wants it in its file.
        let script = format!(
            "cd {own} && sed \"s/ADDRESS/$1/\" template > conf &&
             exec nginx -p {own} -c {own}/conf -e stderr"
        );
        Ok(["sh", "-c", &script, "nginx"].map(OsString::from).to_vec())
    }

    /// A process begins on the cores of the thread that starts it.
    fn on_its_core(&self, words: Vec<OsString>) -> io::Result<Server> {
        let core = self.cores.server;
        let failed =
            |failure: Box<Failure>| io::Error::other(format!("{:?}", failure.kind));
        thread::scope(|scope| {
            let starter = scope.spawn(move || {
                cores::stay_on(core)?;
                Server::start(&Program::new(words), false, PATIENCE).map_err(failed)
            });
            starter.join().expect("it ends")
        })
    }
}
