//! The program `bench`, and the bare epoll loop that it sets `final` beside. What they measure is
//! nobody's expectation here.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::time::Duration;

use checks::bench::{
    Answer, Clerk, Clients, Cores, Idle, Kind, Ledger, Load, Row, Session, Setting,
    excess,
};
use checks::server::{Program, Server};
use checks::step::{Step, newest_step};
use checks::system::tool::{Tool, left_out};

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
        answer: Answer::Alike(response.len()),
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

/// The bare loop's answers say how long they are, as any server's do.
#[test]
fn answers_that_say_their_length_are_counted_too() {
    let (server, response) = bare("", 13);
    for depth in [1, 16] {
        let varied =
            Clients { answer: Answer::Varied, depth, ..clients(&server, &response) };
        assert_eq!(run(&varied), 1000 / depth as u64 * depth as u64);
    }
}

fn bench(arguments: &[&str]) -> (Option<i32>, String) {
    let mut bench = Command::new(env!("CARGO_BIN_EXE_bench"));
    let output = bench.args(arguments).env("PATH", "").output().unwrap();
    assert_eq!(output.stdout, b"");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_missing_tool_is_named() {
    let (status, said) = bench(&["--instructions"]);
    assert_eq!((status, &said[..]), (Some(1), "bench: valgrind isn't installed\n"));
    let (status, said) = bench(&["--record", "ledger"]);
    assert_eq!((status, &said[..]), (Some(1), "bench: valgrind isn't installed\n"));
}

#[test]
fn a_server_or_a_load_that_is_unknown_is_named_with_those_that_are() {
    let (status, said) = bench(&["--servers", "final,apache"]);
    assert_eq!(status, Some(2));
    assert!(
        said.contains("'apache'") && said.contains("the servers are final, "),
        "{said}"
    );
    let (status, said) = bench(&["--loads", "small,depth-0"]);
    assert_eq!(status, Some(2));
    assert!(
        said.contains("'depth-0'") && said.contains("the loads are small, "),
        "{said}"
    );
}

#[test]
fn the_ledger_has_every_step_that_speaks_http() {
    let ledger = Ledger::kept().unwrap();
    let rows: Vec<&str> = ledger.rows.iter().map(|row| row.server.as_str()).collect();
    let servers = Kind::steps().chain([Kind::Final]).map(|kind| kind.to_string());
    assert_eq!(rows, servers.collect::<Vec<_>>(), "\n{RECORD}");
}

const RECORD: &str = "cargo run --release --bin bench -- --record ledger";

/// By how much of the ledger's ratio the newer may be above it.
const MARGIN: f64 = 0.05;

#[test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
fn the_last_step_costs_no_more_than_the_ledger_says() {
    for tool in [Tool::Valgrind, Tool::Strace] {
        if !tool.installed() {
            return left_out("the comparison of the last two steps", tool);
        }
    }
    let ledger = Ledger::kept().unwrap();
    let newest = newest_step();
    let kinds = [Step(*newest - 1), newest].map(Kind::Step);
    let clerk = Clerk::new(&kinds).unwrap();
    let now = kinds.map(|kind| clerk.count(kind).unwrap());
    let kept = kinds.map(|kind| ledger.row(&kind.to_string()).expect(RECORD));
    let found = excess(kept, now.each_ref(), MARGIN);
    let shown = |row: &Row| format!("{row:#?}");
    assert!(
        found.is_empty(),
        "\n{}\nIf that is right: {RECORD}\n{}",
        found.join("\n"),
        now.each_ref().map(shown).join("\n"),
    );
}

/// Figures that hold on a busy machine, too.
#[test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
fn a_measurement_has_figures_for_each_server_or_says_why_not() {
    let kinds = ["final", "step5", "step6"].map(|name| name.parse().unwrap());
    let loads: [Load; 2] = ["depth-4", "1k"].map(|name| name.parse().unwrap());
    let setting = Setting { connections: 8, seconds: 1, rounds: 2, runs: 2 };
    let session = Session::new(&kinds, &loads, setting).unwrap();
    let mut said = Vec::new();
    let report = session.run(|line| said.push(line.to_string())).unwrap();
    let [depth, file] = &report.loads[..] else { panic!("{report:?}") };
    let names = |all: &[checks::bench::Series]| -> Vec<String> {
        all.iter().map(|series| series.server.clone()).collect()
    };
    assert_eq!(names(&depth.servers), ["final", "step6"], "{said:#?}");
    assert_eq!(names(&file.servers), ["final"], "{said:#?}");
    let skipped: Vec<&str> = file.skipped.iter().map(|it| it.server.as_str()).collect();
    assert_eq!(skipped, ["step5", "step6"]);
    for series in report.loads.iter().flat_map(|loaded| &loaded.servers) {
        assert_eq!(series.runs.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
        for round in series.runs.iter().flatten() {
            let times = [0.0, round.p50_us, round.p99_us, 60e6];
            assert!(times.is_sorted() && round.cpu_us > 0.0, "{round:?}");
            assert!(round.requests > 0 && round.memory_bytes > 100_000, "{round:?}");
        }
    }
    if Tool::Strace.installed() {
        for (loaded, least) in [(depth, 2.0 / 4.0), (file, 2.0)] {
            for series in &loaded.servers {
                let calls = series.calls.unwrap();
                assert!((0.9..1.6).contains(&(calls / least)), "{series:?}");
            }
        }
    }
    assert_eq!(report.starts.len(), 2, "of final and step6");
    assert_eq!(said.iter().filter(|line| line.contains("step5 is skipped")).count(), 2);
}
