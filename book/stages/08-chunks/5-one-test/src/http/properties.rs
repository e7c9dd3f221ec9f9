use std::fmt::Write;

use proptest::sample::Index;

use super::tests::{UPLOAD_LIMIT, answer};

/// How a body is sent.
#[derive(Clone, Debug)]
enum Coding {
    Length,
    Chunked { cuts: Vec<Index>, extension: String, trailers: String },
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
