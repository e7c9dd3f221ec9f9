//! The fuzzer's properties, under `cargo test` and on fewer inputs.

use arbitrary::{Arbitrary, Unstructured};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

#[path = "src/lib.rs"]
mod properties;
use properties::requests::Stream;

const LINES: &[&str] = &[
    "GET / HTTP/1.1\r\nHost: a\r\n",
    "HEAD / HTTP/1.1\r\nHost: a\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\n",
    "POST / HTTP/1.0\r\nConnection: keep-alive\r\n",
    "POST / HTTP/1.0\r\n",
    "\r\nGET / HTTP/1.1\r\n",
    "\x0cHEAD / HTTP/1.1\r\n",
];

const FIELDS: &[&str] = &[
    "Content-Length: 5\r\n",
    "content-length: 005\r\n",
    "Content-Length: 6\r\n",
    "Content-Length: +5\r\n",
    "Content-Length: 5, 6\r\n",
    "Content-Length: 1000\r\n",
    "Transfer-Encoding: chunked\r\n",
    "transfer-encoding: Chunked\r\n",
    "Transfer-Encoding: chunked, identity\r\n",
    "Transfer-Encoding : chunked\r\n",
    "X: a\nContent-Length: 5\r\n",
    "Connection: close\r\n",
    "Expect: 100-continue\r\n",
];

const BODIES: &[&str] = &[
    "5",
    "0",
    "00",
    "a",
    "10",
    "\r\n",
    "\r\n",
    "\r\n",
    "\r",
    "\n",
    "hello",
    ";",
    "=",
    "\"",
    "\\",
    " ",
    ":",
    "5\r\nhello\r\n",
    "0\r\n",
    "0\r\n\r\n",
    "a: b\r\n",
];

const RANGES: &[&str] =
    &["bytes=", "0", "1", "5", "9", "10", "-", "-", ",", " ", "99999999999999999999"];

const TARGETS: &[&str] = &[
    "/", "/", "/", "a", "b", ".", "..", "%2e", "%2F", "%25", "%00", "%", "?", "//",
    "http://a",
];

/// One or more of these, and now and then what isn't.
fn words(words: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        19 => select(words).prop_map(|word| word.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..4),
    ];
    vec(word, 0..10).prop_map(|words| words.concat())
}

fn requests() -> impl Strategy<Value = Vec<u8>> {
    let end = select(vec!["\r\n", "\r\n", "\r\n", "\n", ""]);
    let fields = vec(select(FIELDS), 0..4).prop_map(|fields| fields.concat());
    let request = (select(LINES), fields, end, words(BODIES));
    let request = request.prop_map(|(line, fields, end, body)| {
        [line.as_bytes(), fields.as_bytes(), end.as_bytes(), &body].concat()
    });
    vec(request, 1..4).prop_map(|requests| requests.concat())
}

/// Bytes, and where they are cut.
fn cut(bytes: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    (bytes, vec(any::<[u8; 2]>(), 0..8)).prop_map(|(bytes, places)| {
        let count = places.len() as u8;
        [bytes, places.concat(), vec![count]].concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_bytes_end_in_the_same_responses_however_they_are_cut(input in cut(requests())) {
        properties::connection::check(&input);
    }

    #[test]
    fn requests_are_received_as_they_were_sent(bytes in vec(any::<u8>(), 0..2000)) {
        if let Ok(stream) = Stream::arbitrary_take_rest(Unstructured::new(&bytes)) {
            properties::requests::check(&stream);
        }
    }

    #[test]
    fn chunks_are_what_the_rfc_says(input in cut(words(BODIES))) {
        properties::chunked::check(&input);
    }

    #[test]
    fn nobody_reads_other_requests(input in cut(requests())) {
        properties::smuggling::check(&input);
    }

    #[test]
    fn ranges_are_what_the_rfc_says(length in select(vec![0, 1, 10, 1000]), set in words(RANGES)) {
        let length = u64::to_le_bytes(length);
        properties::ranges::check(&[&length, b"bytes=".as_slice(), &set].concat());
    }

    #[test]
    fn targets_stay_inside_the_root(target in words(TARGETS)) {
        properties::targets::check(&target);
    }
}
