use std::net::TcpListener;
use std::thread::JoinHandle;

use super::*;
use crate::bench::{Cores, Response};

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A server of one connection after another, each of which gets these answers, one for each
/// read, and then ends.
fn server(answers: &'static [&'static str]) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        for answer in answers {
            if stream.read(&mut [0; 4096]).unwrap() == 0 {
                return;
            }
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (address, thread)
}

fn clients(server: SocketAddr) -> Clients<'static> {
    Clients {
        server,
        request: REQUEST,
        answer: Answer::Alike(ANSWER.len()),
        connections: 1,
        depth: 1,
        renewed: false,
        time: Duration::from_secs(60),
        most: u64::MAX,
        patience: Duration::from_secs(20),
    }
}

fn run(clients: &Clients) -> Result<u64, String> {
    let cores = Cores::of_this_process().map_or(vec![0], |cores| cores.clients);
    clients
        .run(&cores)
        .map(|answered| answered.requests)
        .map_err(|error| error.to_string())
}

/// What comes of these answers to up to three batches.
fn outcome(answers: &'static [&'static str]) -> Result<u64, String> {
    let (server, thread) = server(answers);
    let outcome = run(&Clients { most: 3, ..clients(server) });
    thread.join().unwrap();
    outcome
}

#[test]
fn every_answer_counts_up_to_the_bound() {
    assert_eq!(outcome(&[ANSWER; 5]), Ok(3));
}

#[test]
fn when_time_is_up_nobody_asks() {
    let (server, thread) = server(&[ANSWER]);
    assert_eq!(run(&Clients { time: Duration::ZERO, ..clients(server) }), Ok(0));
    TcpStream::connect(server).unwrap();
    thread.join().unwrap();
}

#[test]
fn pipelined_answers_count_each() {
    let (server, thread) = server(&["HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"; 2]);
    let two = Clients { depth: 2, answer: Answer::Alike(19), most: 5, ..clients(server) };
    assert_eq!(run(&two), Ok(4));
    thread.join().unwrap();
}

/// Of requests in one write, each took as long as all.
#[test]
fn each_request_has_a_latency() {
    let (server, thread) = server(&["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"; 6]);
    let one = Clients { answer: Answer::Varied, most: 6, ..clients(server) };
    let cores = Cores::of_this_process().map_or(vec![0], |cores| cores.clients);
    let answered = one.run(&cores).unwrap();
    thread.join().unwrap();
    assert_eq!((answered.requests, answered.latencies.len()), (6, 6));
    assert!(answered.latencies.max() <= answered.time.as_nanos() as u64 * 1001 / 1000);
    assert!((0.0..=1.01).contains(&answered.busy), "{}", answered.busy);
}

#[test]
fn a_connection_of_its_own_counts_when_the_server_has_closed_it() {
    let (server, thread) = server(&[ANSWER]);
    assert_eq!(run(&Clients { renewed: true, most: 1, ..clients(server) }), Ok(1));
    thread.join().unwrap();
}

#[test]
fn a_failing_load_is_an_error_and_no_count() {
    const CASES: [(&[&str], &str); 3] = [
        (
            &[ANSWER, "HTTP/1.1 404 Not Found\r\nContent-Length: 2"],
            "an answer isn't a 200: \"HTTP/1.1 404 Not",
        ),
        (
            &[ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlong"],
            "an answer is longer than the first was",
        ),
        (&[ANSWER, "HTTP/1.1 200 OK\r\n"], "the server closed a connection"),
    ];
    for (answers, sentence) in CASES {
        let error = outcome(answers).expect_err(sentence);
        assert!(error.starts_with(sentence), "{error}");
    }
}

#[test]
fn a_server_that_says_nothing_is_an_error() {
    let (server, thread) = server(&[""]);
    let hasty = Clients { patience: Duration::from_millis(50), ..clients(server) };
    // It closes, or is still silent.
    assert!(run(&hasty).is_err());
    thread.join().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = listener.local_addr().unwrap();
    let error = run(&Clients { server, ..hasty }).unwrap_err();
    assert_eq!(error, "the server doesn't answer");
}

#[test]
fn a_first_response_that_is_no_whole_200_is_an_error() {
    for (answer, sentence) in [
        ("HTTP/1.1 503 Busy\r\n\r\n", "no 200"),
        ("HTTP/1.1 200 OK\r\n\r\n", "no length"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no",
            "the connection ended too early",
        ),
    ] {
        let answers: &[&str] = Box::leak(Box::new([answer]));
        let (server, thread) = server(answers);
        let error =
            Response::ask(server, REQUEST, Duration::from_secs(20)).err().unwrap();
        assert!(error.to_string().starts_with(sentence), "{error}");
        thread.join().unwrap();
    }
}
