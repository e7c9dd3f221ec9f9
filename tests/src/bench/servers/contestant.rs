//! The servers that are measured, each on the same core and giving the same content.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use rustix::process::{Resource, Signal, getrlimit};
use tempfile::TempDir;

use super::{Cores, Kind, Tracer, build, starting};
use crate::bench::figures::Skipped;
use crate::bench::generator::{Answer, Response};
use crate::bench::loads::Load;
use crate::evidence::failure::Failure;
use crate::server::{Program, Server};
use crate::subject;
use crate::system::core::stay_on;
use crate::system::process::Readings;

/// A server that runs, and stops when it is dropped.
pub struct Contestant {
    pub kind: Kind,
    /// How it is asked for what its load wants.
    pub request: Vec<u8>,
    pub answer: Answer,
    server: Server,
}

impl Contestant {
    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    pub fn readings(&self) -> Readings {
        self.server.process().readings()
    }

    /// Ends it as an operator would, so that a tracer writes down what it has counted.
    pub fn end(mut self) -> io::Result<()> {
        self.server.signal(Signal::TERM);
        match self.server.exit_within(PATIENCE) {
            Some(_) => Ok(()),
            None => Err(io::Error::other("it doesn't end when it is told to")),
        }
    }
}

/// Those that run, and why others don't.
pub struct Started {
    pub contestants: Vec<Contestant>,
    pub skipped: Vec<Skipped>,
}

/// All that contestants are started from.
pub struct Bench {
    pub cores: Cores,
    kinds: Vec<Kind>,
    /// What all of them serve.
    site: TempDir,
    /// For files of other servers, and the response that the bare loop repeats.
    own: TempDir,
    /// The programs of this workspace, by their packages.
    programs: HashMap<String, PathBuf>,
    /// If it is measured.
    bare: Option<PathBuf>,
    /// Which options `final` has.
    help: String,
}

pub const PATIENCE: Duration = Duration::from_secs(20);

/// What `final` is told if it knows the option: to do nothing that the others don't do either.
const OPTIONS: &[[&str; 2]] =
    &[["--log", "none"], ["--patience", "300"], ["--workers", "1"]];

impl Bench {
    /// Builds what is to be measured, and fills a folder with what these loads ask for.
    pub fn new(kinds: &[Kind], loads: &[Load]) -> io::Result<Bench> {
        let (site, own) = (tempfile::tempdir()?, tempfile::tempdir()?);
        // nginx lets another user read, if root starts it.
        fs::set_permissions(site.path(), Permissions::from_mode(0o755))?;
        for load in loads {
            fs::write(site.path().join(load.file), vec![b'x'; load.length])?;
        }
        // Whatever is measured, the bare loop repeats `final`'s answers.
        let packages = kinds.iter().filter_map(|kind| kind.package());
        let programs = build::packages(packages.chain(["final"]))?;
        let help = Command::new(&programs["final"]).arg("--help").output()?;
        Ok(Bench {
            cores: Cores::of_this_process()?,
            kinds: kinds.to_vec(),
            site,
            own,
            programs,
            bare: kinds.contains(&Kind::Bare).then(build::bare).transpose()?,
            help: String::from_utf8_lossy(&help.stdout).into_owned(),
        })
    }

    /// One of each kind in their order, new, so that none has seen another load.
    pub fn start(&self, load: &Load) -> io::Result<Started> {
        let lander = self.contestant(Kind::Final, load)?;
        let response = Response::ask(lander.address(), &lander.request, PATIENCE)?;
        fs::write(self.own.path().join("response"), response.bytes)?;
        let mut started = Started { contestants: Vec::new(), skipped: Vec::new() };
        let mut lander = Some(lander);
        for &kind in &self.kinds {
            if let Some(why) = self.lacks(kind, load) {
                let server = kind.to_string();
                started.skipped.push(Skipped { server, why, failed: false });
                continue;
            }
            let started_already = lander.take_if(|lander| lander.kind == kind);
            started.contestants.push(match started_already {
                Some(lander) => lander,
                None => self.contestant(kind, load)?,
            });
        }
        Ok(started)
    }

    /// Why this server can't be measured with this load, if so.
    pub fn lacks(&self, kind: Kind, load: &Load) -> Option<String> {
        if let Some(tool) = kind.tool()
            && !tool.installed()
        {
            return Some(format!("{tool} isn't installed"));
        }
        if kind == Kind::FinalPoll && !self.knows("--poller") {
            return Some("final has no option --poller".into());
        }
        kind.lacks(load).map(String::from)
    }

    fn knows(&self, option: &str) -> bool {
        self.help.split_whitespace().any(|word| word == option)
    }

    fn contestant(&self, kind: Kind, load: &Load) -> io::Result<Contestant> {
        self.contestant_under(&Tracer::Nothing, kind, load)
    }

    pub fn contestant_under(
        &self,
        tracer: &Tracer,
        kind: Kind,
        load: &Load,
    ) -> io::Result<Contestant> {
        let request = load.request(kind);
        let program = self.program(kind)?.under(&tracer.words());
        let named = |error| io::Error::other(format!("{kind}: {error}"));
        let server = self.on_its_core(program, tracer.is_parent()).map_err(named)?;
        let response =
            Response::ask(server.address, &request, PATIENCE).map_err(named)?;
        let answer = match response.content_length() {
            _ if !kind.serves_files() => Answer::Varied,
            length if length == load.length => Answer::Alike(response.bytes.len()),
            other => {
                return Err(named(io::Error::other(format!("{other} bytes of content"))));
            }
        };
        Ok(Contestant { kind, request, answer, server })
    }

    /// How long each of so many starts takes up to the first answer.
    pub fn starts(
        &self,
        kind: Kind,
        load: &Load,
        count: usize,
    ) -> io::Result<Vec<Duration>> {
        let (program, request) = (self.program(kind)?, load.request(kind));
        let core = self.cores.server;
        (0..count)
            .map(|_| starting::first_answer(&program, core, &request, PATIENCE))
            .collect()
    }

    /// What starts it, but for the address.
    pub fn program(&self, kind: Kind) -> io::Result<Program> {
        let site = self.site.path();
        Ok(match kind {
            Kind::Bare => {
                let bare = self.bare.as_ref().expect("it is built if it is measured");
                Program::new([bare, &self.own.path().join("response")])
            }
            Kind::Nginx => self.nginx()?,
            Kind::Lighttpd => self.lighttpd()?,
            Kind::Step(step) => {
                let program = Program::new([self.ours(kind)]);
                let words = subject::arguments(step, site);
                Program { command: [program.command, words].concat(), ..program }
            }
            Kind::Final | Kind::FinalPoll => {
                let options = OPTIONS.iter().filter(|[name, _]| self.knows(name));
                let mut words: Vec<OsString> =
                    options.flatten().map(OsString::from).collect();
                if kind == Kind::FinalPoll {
                    words.extend(["--poller", "poll"].map(OsString::from));
                }
                words.push("--listen".into());
                let begin = [self.ours(kind).as_os_str(), site.as_os_str()];
                Program::new(begin.into_iter().chain(words.iter().map(|it| &**it)))
            }
        })
    }

    fn ours(&self, kind: Kind) -> &Path {
        &self.programs[kind.package().expect("it is one of ours")]
    }

    /// As its documentation recommends for this.
    fn nginx(&self) -> io::Result<Program> {
        self.write("nginx.conf", include_str!("nginx.conf"))?;
        let own = self.own.path().display();
        // The address comes last, and nginx wants it in its file.
        Ok(script(&format!(
            "cd {own} && sed \"s/ADDRESS/$1/\" nginx.conf > conf &&
             exec nginx -p {own} -c {own}/conf -e stderr"
        )))
    }

    fn lighttpd(&self) -> io::Result<Program> {
        // It takes no more connections than half of its descriptors.
        let most = getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX).min(65_536);
        let text = include_str!("lighttpd.conf")
            .replace("DESCRIPTORS", &most.to_string())
            .replace("CONNECTIONS", &(most / 2).to_string());
        self.write("lighttpd.conf", &text)?;
        Ok(script(&format!(
            "cd {} && sed \"s/PORT/${{1##*:}}/\" lighttpd.conf > lighttpd &&
             exec lighttpd -D -f lighttpd",
            self.own.path().display()
        )))
    }

    fn write(&self, name: &str, template: &str) -> io::Result<()> {
        let [site, own] =
            [&self.site, &self.own].map(|folder| folder.path().display().to_string());
        let text = template.replace("OWN", &own).replace("ROOT", &site);
        fs::write(self.own.path().join(name), text)
    }

    /// A process begins on the cores of the thread that starts it.
    fn on_its_core(&self, program: Program, traced: bool) -> io::Result<Server> {
        let core = self.cores.server;
        let failed =
            |failure: Box<Failure>| io::Error::other(format!("{:?}", failure.kind));
        thread::scope(|scope| {
            let starter = scope.spawn(move || {
                stay_on(core)?;
                Server::start(&program, traced, PATIENCE).map_err(failed)
            });
            starter.join().expect("it ends")
        })
    }
}

/// What runs this script of a shell, in which the address is `$1`.
fn script(text: &str) -> Program {
    Program::new(["sh", "-c", text, "sh"])
}
