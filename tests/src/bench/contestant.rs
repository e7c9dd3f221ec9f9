//! A server that is measured, on one core and serving the same folder as the others.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use super::{DYNAMIC, Target};
use crate::evidence::failure::Failure;
use crate::server::{Program, Server};

pub struct Contestant {
    pub name: &'static str,
    pub address: SocketAddr,
    server: Server,
    /// Where the response is that no file holds.
    dynamic: Option<String>,
}

/// The core on which servers run.
const CORE: &str = "0";

impl Contestant {
    pub fn lander(program: &Path, folder: &Path) -> io::Result<Contestant> {
        let words = [program.as_os_str(), folder.as_os_str(), "--listen".as_ref()];
        let server = start(words.map(OsString::from).to_vec())?;
        Ok(Contestant { name: "final", address: server.address, server, dynamic: None })
    }

    /// As its documentation recommends for this, with no log and its cache of open files.
    pub fn nginx(folder: &Path, own: &Path) -> io::Result<Contestant> {
        let places =
            [("OWN", own.display().to_string()), ("ROOT", folder.display().to_string())];
        let mut text = include_str!("nginx.conf").replace("DYNAMIC", DYNAMIC.trim_end());
        for (word, place) in places {
            text = text.replace(word, &place);
        }
        std::fs::write(own.join("template"), text)?;
        let own = own.display();
        // The address comes last, and nginx wants it in its file.
        let script = format!(
            "cd {own} && sed \"s/ADDRESS/$1/\" template > conf &&
             exec nginx -p {own} -c {own}/conf -e stderr"
        );
        let words = ["sh", "-c", &script, "nginx"].map(OsString::from);
        let server = start(words.to_vec())?;
        let dynamic = Some("/dynamic".to_string());
        Ok(Contestant { name: "nginx", address: server.address, server, dynamic })
    }

    pub fn cpu(&self) -> Duration {
        self.server.process().readings().cpu
    }

    pub(super) fn path(&mut self, target: Target) -> io::Result<String> {
        if let Some(name) = target.file_name() {
            return Ok(format!("/{name}"));
        }
        if self.dynamic.is_none() {
            self.dynamic = Some(self.paste()?);
        }
        Ok(self.dynamic.clone().expect("it was just made"))
    }

    /// A paste is made of what is in memory, as nginx's `return` is.
    fn paste(&self) -> io::Result<String> {
        let mut socket = TcpStream::connect(self.address)?;
        let length = DYNAMIC.len();
        let fields = format!("Host: a\r\nConnection: close\r\nContent-Length: {length}");
        let head = format!("POST /p HTTP/1.1\r\n{fields}\r\n\r\n");
        socket.write_all((head + DYNAMIC).as_bytes())?;
        socket.shutdown(Shutdown::Write)?;
        let mut response = String::new();
        socket.read_to_string(&mut response)?;
        let location = response.lines().find_map(|line| line.strip_prefix("Location: "));
        location.map(str::to_string).ok_or_else(|| io::Error::other(response.clone()))
    }
}

fn start(words: Vec<OsString>) -> io::Result<Server> {
    let core = ["taskset", "--cpu-list", CORE].map(OsString::from);
    let program = Program::new(core.into_iter().chain(words));
    let failed = |failure: Box<Failure>| io::Error::other(format!("{:?}", failure.kind));
    Server::start(&program, false, Duration::from_secs(10)).map_err(failed)
}
