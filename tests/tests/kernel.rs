//! The preloaded kernel: what it has recorded it plays back, and a program that does something
//! else is told from one that does the same.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use checks::kernel::{Library, Lines, Log, Verdict, replay};
use checks::system::port::Port;
use recording::{Answer, Asked, Call, Errno, Event, Folder, Orders, Recording};

static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| Library::build().expect("the kernel builds"));
const TOY: &str = env!("CARGO_BIN_EXE_two-threads");
const SHOWN: &str = "127.0.0.1:8080";
const PATIENCE: Duration = Duration::from_secs(60);

fn toy() -> Command {
    let mut command = Command::new(TOY);
    command.arg(SHOWN);
    command
}

/// Ended with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn until<T>(mut find: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "it takes too long");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn ask(port: u16, question: &str) -> String {
    let connect = || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok();
    let mut client = until(connect);
    client.write_all(question.as_bytes()).expect("it is asked");
    client.shutdown(Shutdown::Write).expect("that was all");
    let mut answer = String::new();
    client.read_to_string(&mut answer).expect("it answers");
    answer
}

/// Two questions that the second thread answers, and one that the first does.
fn recorded() -> Recording {
    let folder = tempfile::tempdir().expect("a folder");
    let (log, port) = (folder.path().join("log"), Port::claim());
    let orders = Orders::Record { log: log.clone(), shown: 8080, port: port.number };
    let mut command = toy();
    LIBRARY.preload(&mut command, &orders);
    let server = Running(command.stdin(Stdio::null()).spawn().expect("the toy runs"));
    assert_eq!(ask(port.number, "one"), "one");
    assert_eq!(ask(port.number, "two"), "two");
    assert_eq!(ask(port.number, "how many?"), "2");
    let closed = |log: &Log| {
        let all = log.returned.iter();
        all.filter(|it| matches!(it.call.asked, Asked::Close { .. })).count() == 3
    };
    let whole = |log: &Log| closed(log) && !log.waits.is_empty();
    let log = until(|| Log::read(&log).ok().filter(whole));
    drop(server);
    let lines = Lines::of(Path::new(TOY));
    let calls: Vec<Call> = log.returned.iter().map(|it| lines.call(it)).collect();
    let waits = log.waits.iter().map(|it| lines.call(it)).collect();
    let (title, server) = ("Two threads".to_string(), "two-threads".to_string());
    let (amounts_vary, startup, folder) = (false, true, Folder::new());
    let (action, connections) = ("runs".to_string(), Vec::new());
    let (client, sent, got) = (None, 0, None);
    let event = Event { client, action, sent, got, calls, connections };
    let events = vec![event];
    Recording { title, server, amounts_vary, startup, folder, events, waits }
}

fn again(recording: &Recording) -> Verdict {
    replay(&LIBRARY, &Lines::of(Path::new(TOY)), toy(), recording).expect("the toy runs")
}

fn parted(verdict: Verdict) -> String {
    match verdict {
        Verdict::Parted(text) => text,
        other => panic!("it isn't told: {other:?}"),
    }
}

fn place(recording: &Recording, wanted: impl Fn(&Call) -> bool) -> usize {
    let calls = &recording.events[0].calls;
    calls.iter().position(wanted).expect("there is such a call")
}

#[test]
fn a_run_of_two_threads_is_played_back_again_and_again() {
    let recording = recorded();
    let (main, other): (Vec<&Call>, Vec<&Call>) =
        recording.calls().partition(|call| call.thread.is_main());
    assert!(!main.is_empty() && !other.is_empty());
    let read =
        &recording.events[0].calls[place(&recording, |it| it.name() == "recvfrom")];
    assert!(read.at[0].starts_with("toys/two_threads.rs:"), "{:?}", read.at);
    for _ in 0..20 {
        let verdict = again(&recording);
        assert!(matches!(verdict, Verdict::Same), "{verdict:?}");
    }
}

/// What the first thread says depends on what the other did before: in a recording where the
/// other's answer comes only later it can't be said yet.
#[test]
fn what_another_thread_did_before_comes_before() {
    let mut recording = recorded();
    let calls = &mut recording.events[0].calls;
    let answers = calls.iter().filter(|it| !it.thread.is_main()).count();
    assert!(answers > 2, "{answers}");
    calls.sort_by_key(|call| !call.thread.is_main());
    let text = parted(again(&recording));
    assert!(text.contains("toys/two_threads.rs:"), "{text}");
}

#[test]
fn a_call_more_is_told() {
    let mut recording = recorded();
    let at = place(&recording, |call| call.name() == "recvfrom");
    let removed = recording.events[0].calls.remove(at);
    let text = parted(again(&recording));
    assert!(text.contains("\n+ recvfrom(4, ..., 64, 0, NULL, NULL)\n"), "{text}");
    assert!(text.contains(&format!("\n+     {}\n", removed.at[0])), "{text}");
}

#[test]
fn two_calls_exchanged_are_told() {
    let mut recording = recorded();
    let at = place(&recording, |call| call.name() == "accept4");
    recording.events[0].calls.swap(at - 1, at);
    let text = parted(again(&recording));
    assert!(
        text.contains("\n- accept4(3, ") && text.contains("\n+ listen(3, "),
        "{text}"
    );
}

#[test]
fn other_bytes_are_told() {
    let mut recording = recorded();
    let at = place(&recording, |call| call.name() == "sendto");
    if let Asked::SendTo { data, .. } = &mut recording.events[0].calls[at].asked {
        data.0 = b"eno".to_vec();
    }
    let text = parted(again(&recording));
    assert!(text.contains("\"eno\", 3") && text.contains("\"one\", 3"), "{text}");
}

#[test]
fn other_lines_are_told() {
    let mut recording = recorded();
    let at = place(&recording, |call| call.name() == "sendto");
    recording.events[0].calls[at].at[0].push('1');
    let moved = again(&recording);
    assert!(matches!(moved, Verdict::Moved(fresh) if fresh != recording));
}

/// The toy panics where a question can't be read, and says so.
#[test]
fn another_way_after_an_error_is_told() {
    let mut recording = recorded();
    let at = place(&recording, |call| call.name() == "recvfrom");
    let error = Errno::named("EIO").expect("there is EIO");
    recording.events[0].calls[at].answer = Some(Answer::Failed { error });
    let text = parted(again(&recording));
    assert!(text.contains("\n+ write(2, "), "{text}");
}

#[test]
fn a_program_without_a_call_is_told() {
    let recording = recorded();
    let command = Command::new("true");
    let verdict = replay(&LIBRARY, &Lines::of(Path::new(TOY)), command, &recording);
    let text = parted(verdict.expect("it runs"));
    assert!(text.contains("without a word"), "{text}");
}
