//! The program `bench`, and the bare epoll loop that it sets `final` beside. What they measure is
//! nobody's expectation here.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::time::Duration;

use checks::bench::{Clients, Cores, Idle};
use checks::server::{Program, Server};

const PATIENCE: Duration = Duration::from_secs(20);
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// The bare loop with a response of so many bytes of content, and the response.
fn bare(fields: &str, length: usize) -> (Server, Vec<u8>) {
    let content = "x".repeat(length);
    let response = format!("HTTP/1.1 200 OK\r\n{fields}Content-Length: {length}\r\n\r\n");
    let response = (response + &content).into_bytes();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, &response).unwrap();
    let program = env!("CARGO_BIN_EXE_bare").as_ref();
    let program = Program::new([program, file.path().as_os_str()]);
    let server = Server::start(&program, false, PATIENCE);
    (server.unwrap_or_else(|failure| panic!("{:?}", failure.kind)), response)
}

/// All that a client gets who sends these pieces and no more.
fn answers(server: &Server, pieces: &[&[u8]]) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut answers = Vec::new();
    for piece in pieces {
        stream.write_all(piece).unwrap();
    }
    stream.shutdown(Shutdown::Write).unwrap();
    stream.read_to_end(&mut answers).unwrap();
    answers
}

#[test]
fn the_bare_loop_answers_each_request_however_it_is_cut() {
    let (server, response) = bare("", 13);
    let two = REQUEST.repeat(2);
    assert_eq!(answers(&server, &[&two]), response.repeat(2));
    for at in 0..two.len() {
        let (one, other) = two.split_at(at);
        assert_eq!(answers(&server, &[one, other]), response.repeat(2), "cut at {at}");
    }
    let bytes: Vec<&[u8]> = two.chunks(1).collect();
    assert_eq!(answers(&server, &bytes), response.repeat(2));
    assert_eq!(answers(&server, &[b"GET / HTTP/1.1\r\n\r"]), b"");
}

fn clients<'a>(server: &Server, response: &[u8]) -> Clients<'a> {
    Clients {
        server: server.address,
        request: REQUEST,
        response: response.len(),
        connections: 10,
        depth: 1,
        renewed: false,
        time: PATIENCE,
        most: 1000,
        patience: PATIENCE,
    }
}

fn run(clients: &Clients) -> u64 {
    let cores = Cores::of_this_process().map_or(vec![0], |cores| cores.clients);
    clients.run(&cores).unwrap().requests
}

#[test]
fn every_load_is_answered() {
    let (server, response) = bare("", 13);
    let idle = Idle::open(server.address, REQUEST, 20, PATIENCE).unwrap();
    assert_eq!(run(&clients(&server, &response)), 1000);
    let pipelined = Clients { depth: 16, ..clients(&server, &response) };
    assert_eq!(run(&pipelined), 1000 / 16 * 16);
    idle.still_open().unwrap();
    drop(server);
    assert!(idle.still_open().unwrap_err().to_string().contains("closed 20 of 20"));

    let (server, response) = bare("", 1 << 20);
    assert_eq!(run(&Clients { most: 50, ..clients(&server, &response) }), 50);
    let (server, response) = bare("Connection: close\r\n", 13);
    assert_eq!(run(&Clients { renewed: true, ..clients(&server, &response) }), 1000);
}

#[test]
fn a_missing_tool_is_named() {
    for (arguments, sentence) in [
        (
            &["--rounds", "1"][..],
            "nginx isn't installed; --servers final,bare goes without it",
        ),
        (&["--instructions"], "valgrind isn't installed"),
    ] {
        let bench = env!("CARGO_BIN_EXE_bench");
        let output =
            Command::new(bench).args(arguments).env("PATH", "").output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(output.stdout, b"");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(said, format!("bench: {sentence}\n"));
    }
}
