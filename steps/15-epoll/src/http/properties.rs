use std::fmt::Write;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::tests::{UPLOAD_LIMIT, answer};

/// How a body is sent.
#[derive(Clone, Debug)]
enum Coding {
    Length,
    Chunked { cuts: Vec<Index>, extension: String, trailers: String },
}

fn coding() -> impl Strategy<Value = Coding> {
    let extension = select(vec!["", ";a", ";a=b", " ;a=\"b\\\"; c\"", "\t; x"]);
    let trailers = select(vec!["", "A: b\r\n", "A:\r\nB: c d\r\n"]);
    let chunked = (vec(any::<Index>(), 0..5), extension, trailers);
    prop_oneof![
        Just(Coding::Length),
        chunked.prop_map(|(cuts, extension, trailers)| {
            let (extension, trailers) = (extension.into(), trailers.into());
            Coding::Chunked { cuts, extension, trailers }
        }),
    ]
}

/// A request and what it gets.
fn request() -> impl Strategy<Value = (String, String)> {
    let body = "[a-z0-9\r\n]{0,100}";
    (select(vec!["GET", "HEAD", "POST"]), any::<bool>(), body, coding()).prop_map(
        |(method, expects, body, coding)| {
            let mut text = format!("{method} / HTTP/1.1\r\nHost: a\r\n");
            let expects = expects && method == "POST" && !body.is_empty();
            if expects {
                text.push_str("Expect: 100-continue\r\n");
            }
            write_body(&mut text, &body, &coding);
            (text, expected(method, expects, &body))
        },
    )
}

fn write_body(text: &mut String, body: &str, coding: &Coding) {
    let Coding::Chunked { cuts, extension, trailers } = coding else {
        let _ = write!(text, "Content-Length: {}\r\n\r\n{body}", body.len());
        return;
    };
    text.push_str("Transfer-Encoding: chunked\r\n\r\n");
    for chunk in pieces(body.as_bytes(), cuts).iter().filter(|chunk| !chunk.is_empty()) {
        let chunk = String::from_utf8_lossy(chunk);
        let _ = write!(text, "{:x}{extension}\r\n{chunk}\r\n", chunk.len());
    }
    let _ = write!(text, "0{extension}\r\n{trailers}\r\n");
}

fn expected(method: &str, expects: bool, body: &str) -> String {
    let interim = if expects { "HTTP/1.1 100 Continue\r\n\r\n" } else { "" };
    let echo = if method == "POST" { body } else { "" };
    let answer = format!("hi\n{echo}");
    let length = answer.len();
    let shown = if method == "HEAD" { "" } else { &answer };
    format!(
        "{interim}HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Content-Length: {length}\r\nConnection: keep-alive\r\n\r\n{shown}"
    )
}

fn pieces<'a>(stream: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
    cuts.sort_unstable();
    let mut pieces = Vec::new();
    let mut start = 0;
    for cut in cuts {
        pieces.push(&stream[start..cut]);
        start = cut;
    }
    pieces.push(&stream[start..]);
    pieces
}

/// Bytes that look like requests in places.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let words = select(vec![
        "GET / HTTP/1.1\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\n",
        "Host: a\r\n",
        "Content-Length: ",
        "Content-Length: 99\r\n\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Expect: 100-continue\r\n",
        "5\r\nhello\r\n",
        "ffffffffffffffff",
        "0\r\n",
        "\r\n",
        "\r",
        "\n",
        ";",
        ":",
        " ",
    ]);
    let word = prop_oneof![
        6 => words.prop_map(|word| word.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..20),
        1 => (any::<u8>(), 0..20_000_usize).prop_map(|(byte, count)| vec![byte; count]),
    ];
    vec(word, 0..30).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn requests_get_their_responses_however_they_are_cut(
        requests in vec(request(), 1..6),
        cuts in vec(any::<Index>(), 0..20),
    ) {
        let (stream, expected): (Vec<_>, Vec<_>) = requests.into_iter().unzip();
        let stream = stream.concat();
        prop_assert_eq!(answer(&pieces(stream.as_bytes(), &cuts)), expected.concat());
    }

    #[test]
    fn any_bytes_get_the_same_responses_however_they_are_cut(
        bytes in noise(),
        cuts in vec(any::<Index>(), 0..20),
    ) {
        prop_assert_eq!(answer(&pieces(&bytes, &cuts)), answer(&[&bytes]));
    }
}

#[test]
fn a_body_may_be_as_long_as_its_limit() {
    let limit = usize::try_from(UPLOAD_LIMIT).expect("it is small");
    for (length, status) in [(limit, "200"), (limit + 1, "413")] {
        let body = "x".repeat(length);
        for coding in [
            Coding::Length,
            Coding::Chunked { cuts: vec![], extension: "".into(), trailers: "".into() },
        ] {
            let mut text = String::from("POST / HTTP/1.1\r\nHost: a\r\n");
            write_body(&mut text, &body, &coding);
            let answer = answer(&[text.as_bytes()]);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        }
    }
}
