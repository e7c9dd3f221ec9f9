//! The finished server, for tests of it alone.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::server::{Program, Server};
use crate::step::Step;
use crate::subject;
use crate::system::patience::Pause;

/// How long it may take to start, and to answer.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Its program, as it was just built.
pub static FINAL: LazyLock<OsString> = LazyLock::new(|| {
    let subjects = subject::build().expect("our own programs build");
    let of_final = subjects.iter().find(|subject| subject.step == Step::FINAL);
    of_final.expect("final is a column").program.command[0].clone()
});

/// Serves a folder at an address of the server's own.
pub fn serve(folder: &Path) -> Server {
    serve_with(folder, &[])
}

/// The same with these options.
pub fn serve_with(folder: &Path, options: &[&str]) -> Server {
    Server::start(&program(folder, options), false, PATIENCE).expect("final starts")
}

/// The command for it.
pub fn program(folder: &Path, options: &[&str]) -> Program {
    let words = [&*FINAL, folder.as_os_str()].into_iter();
    let options = options.iter().chain(&["--listen"]).map(OsStr::new);
    Program::new(words.chain(options))
}

/// A browser may have to start and do its part before a response changes.
const LATE: Duration = Duration::from_secs(120);

/// The first response that is as expected. Over HTTP nobody is told of a change, so it is asked
/// for again and again.
pub fn get_until(server: &Server, target: &str, expected: fn(&str) -> bool) -> String {
    look_until(|| get(server, target).expect("final answers"), expected)
}

/// What there is once it is as expected. Nobody is told of a change.
pub fn look_until(look: impl Fn() -> String, expected: impl Fn(&str) -> bool) -> String {
    let (start, mut pause) = (Instant::now(), Pause::new());
    loop {
        let text = look();
        if expected(&text) {
            return text;
        }
        assert!(start.elapsed() < LATE, "it is still {text}");
        pause.sleep();
    }
}

/// The whole response, which is text.
pub fn get(server: &Server, target: &str) -> io::Result<String> {
    let mut socket = TcpStream::connect(server.address)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let fields = "Host: a\r\nConnection: close";
    socket.write_all(format!("GET {target} HTTP/1.1\r\n{fields}\r\n\r\n").as_bytes())?;
    let mut response = String::new();
    socket.read_to_string(&mut response)?;
    Ok(response)
}
