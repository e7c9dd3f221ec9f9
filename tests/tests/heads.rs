//! What a head costs the server, however it is made up: in instructions, counted by callgrind.

use std::path::Path;
use std::thread;

use checks::bench::instructions::Counter;
use checks::system::tool::{Tool, left_out};

/// The longest head, in bytes.
const LENGTH: usize = 16 * 1024;
/// How many times as dear as a plain head another may be.
const MOST: f64 = 3.0;

/// A head with this request line's target and these lines, and made as long as a head may be by a
/// field that means nothing.
fn head(target: &str, lines: &str) -> String {
    let start = format!("GET {target} HTTP/1.1\r\n{lines}");
    let host = if lines.contains("Host:") { "" } else { "Host: a\r\n" };
    let room = LENGTH - start.len() - host.len() - "X: \r\n\r\n".len();
    format!("{start}{host}X: {}\r\n\r\n", "x".repeat(room))
}

/// A field of so many bytes, at most, which is full of this.
fn field(name: &str, content: &str, length: usize) -> String {
    format!("{name}: {}\r\n", content.repeat(length / content.len()))
}

/// As many fields as there may be, beside the two that [`head`] adds.
fn many(line: &str) -> String {
    format!("{line}\r\n").repeat(126)
}

/// As many fields as there may be, none of which means anything, and all of the same length.
fn plain() -> String {
    let fields = (0..118).map(|number| format!("X-{number:03}: {}\r\n", "a".repeat(126)));
    head("/hello.txt", &fields.collect::<String>())
}

fn heads() -> Vec<(&'static str, String)> {
    const ROOM: usize = LENGTH - 100;
    const LINE: usize = 8 * 1024 - 50;
    let file = |lines: String| head("/hello.txt", &lines);
    let path = |part: &str, length: usize| {
        head(&format!("/{}", part.repeat(length / part.len())), "")
    };
    vec![
        ("one long field", file(String::new())),
        ("a field with a long name", file(format!("{}: x\r\n", "x".repeat(ROOM)))),
        ("a path of letters", path("a", LINE)),
        ("a path of short names", path("a/", LINE)),
        ("a path of slashes", path("/", LINE)),
        ("a path of few slashes", path("/", 120)),
        ("a path of dots", path("./", LINE)),
        ("a path of few dots", path("./", 240)),
        ("a path up and down", path("a/../", LINE)),
        ("a path up and down a little", path("a/../", 300)),
        ("a path of escapes", path("%41", LINE)),
        ("a path of fewer escapes", path("%41", 2040)),
        ("a path of names that are escaped", path(&("%41".repeat(12) + "/"), 2040)),
        ("a path of many names that are escaped", path("%41%41%41/", 620)),
        ("a query", head(&format!("/hello.txt?{}", "a".repeat(LINE)), "")),
        (
            "a query of escapes",
            head(&format!("/hello.txt?{}", "%41".repeat(LINE / 3)), ""),
        ),
        ("a raw target", path("\u{e4}/", LINE)),
        ("a short raw target", path("\u{e4}/", 500)),
        ("a short raw name", path("\u{e4}", 500)),
        ("a short raw query", head(&format!("/?{}", "\u{e4}".repeat(250)), "")),
        ("a host of labels", file(field("Host", "a.", ROOM))),
        ("a short host of labels", file(field("Host", "a.", 250))),
        ("a host of escapes", file(field("Host", "%41", ROOM))),
        ("a short host of escapes", file(field("Host", "%41", 250))),
        ("Connection of commas", file(field("Connection", ",", ROOM))),
        ("Connection of few commas", file(field("Connection", ",", 128))),
        ("Connection of words", file(field("Connection", "a,", ROOM))),
        ("many Connections", file(many("Connection: a"))),
        ("Transfer-Encoding of commas", file(field("Transfer-Encoding", ",", ROOM))),
        ("Transfer-Encoding of few commas", file(field("Transfer-Encoding", ",", 128))),
        ("Content-Length of zeros", file(field("Content-Length", "0", ROOM))),
        ("Content-Length of few zeros", file(field("Content-Length", "0", 256))),
        ("Expect of letters", file(field("Expect", "1", ROOM))),
        ("If-None-Match of commas", file(field("If-None-Match", ",", ROOM))),
        ("If-None-Match of few commas", file(field("If-None-Match", ",", 1000))),
        (
            "If-None-Match of tags",
            file(field("If-None-Match", "\"0123456789abcdef\",", 1000)),
        ),
        ("If-Match of tags", file(field("If-Match", "\"0123456789abcdef\",", 1000))),
        ("If-Match of quotes", file(field("If-Match", "\"", 1000))),
        ("many If-None-Match", file(field("If-None-Match", "\"", 60).repeat(16))),
        ("many If-Match", file(field("If-Match", "\"", 60).repeat(16))),
        ("If-Modified-Since of digits", file(field("If-Modified-Since", "1", 1000))),
        ("Range of commas", file(field("Range", ",", ROOM))),
        ("Range of few commas", file(format!("Range: bytes={}\r\n", ",".repeat(1000)))),
        ("Range of places", file(format!("Range: bytes={}\r\n", "9-9,".repeat(250)))),
        ("Range of few places", file(format!("Range: bytes={}\r\n", "9-9,".repeat(60)))),
        ("many Ranges", file("Range: bytes=0-1\r\n".repeat(16))),
        ("spaces", file(field("Y", " ", ROOM))),
        ("fewer spaces", file(field("Y", " ", 4000))),
        ("tabs", file(field("Y", "\t", ROOM))),
        ("fewer tabs", file(field("Y", "\t", 4000))),
        ("spaces after letters", file(field("Y", "y               ", ROOM))),
        ("tabs in many fields", file(many("Y: a\ta\ta\ta\ta\ta\ta\ta\ta\ta\ta"))),
        ("a method without an end", format!("{}\r\n\r\n", "G".repeat(LENGTH - 4))),
        ("many short fields", file(many("Y: y"))),
        (
            "all at once, in escapes",
            all_at_once(&(("%41".repeat(10) + "/").repeat(63) + &"%41".repeat(31))),
        ),
        ("all at once, raw", all_at_once(&"\u{e4}/".repeat(170))),
    ]
}

/// As much of everything as there may be, with a path that costs much.
fn all_at_once(path: &str) -> String {
    let lists = [
        field("Host", "%41", 250),
        field("Connection", ",", 128),
        field("If-Match", "\"", 60).repeat(16),
        "Y: y\r\n".repeat(107),
    ];
    head(&format!("/{path}"), &lists.concat())
}

#[test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
fn no_head_costs_more_than_three_plain_ones() {
    if !Tool::Valgrind.installed() {
        return left_out("what heads cost", Tool::Valgrind);
    }
    let heads = heads();
    let dear: Vec<String> = thread::scope(|scope| {
        // Each half has a core.
        let (one, other) = heads.split_at(heads.len() / 2);
        let halves = [one, other].map(|half| scope.spawn(|| too_dear(half)));
        halves.into_iter().flat_map(|half| half.join().expect("a half")).collect()
    });
    assert!(dear.is_empty(), "{dear:#?}");
}

fn too_dear(heads: &[(&str, String)]) -> Vec<String> {
    let counter = Counter::new(Path::new("valgrind")).expect("what is counted builds");
    let each = |head: &str| counter.each(head.as_bytes()).expect("a count");
    let plain = each(&plain());
    println!("a plain head: {plain:.0} instructions");
    let mut dear = Vec::new();
    for (name, head) in heads {
        assert!(head.len() <= LENGTH, "{name}: {} bytes", head.len());
        let instructions = each(head);
        let times = instructions / plain;
        println!("{name}: {instructions:.0}, {times:.2} times");
        if times > MOST {
            dear.push(format!("{name}: {times:.1} times a plain head"));
        }
    }
    dear
}
