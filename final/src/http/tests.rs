use super::*;

const LONG: usize = 8 * 1024;
pub const UPLOAD_LIMIT: u64 = 100;

/// Answers an upload to `/` with itself.
#[derive(Default)]
struct Echo {
    body: Vec<u8>,
}

impl Application for Echo {
    type Context = (String, Vec<u8>);

    fn open(&mut self, request: &Request) -> (Self::Context, Option<u64>) {
        let limit = (request.method == Method::Post).then_some(UPLOAD_LIMIT);
        ((request.target.into(), b"hi\n".to_vec()), limit)
    }

    fn data(&mut self, (_, body): &mut Self::Context, piece: &[u8]) {
        body.extend_from_slice(piece);
    }

    fn respond(&mut self, (target, body): Self::Context) -> Response<'_> {
        if target != "/" {
            return Response::of(Status::NotFound);
        }
        self.body = body;
        Response { body: Body::Bytes(&self.body), ..Response::of(Status::Ok) }
    }
}

/// Feeds the pieces as they would arrive; gives the responses without their Date fields.
pub fn answer(pieces: &[&[u8]]) -> String {
    let mut http = Http::new(Echo::default());
    let (mut context, mut output, mut input) = (http.open(), Output::default(), vec![]);
    for piece in pieces {
        input.extend_from_slice(piece);
        while !input.is_empty() {
            let progress = http.data(&mut context, &input, &mut output);
            input.drain(..progress.consumed);
            if progress.next == Next::End {
                return without_dates(&output);
            }
            if progress.consumed == 0 {
                assert!(input.len() < 2 * LONG, "{} bytes are left over", input.len());
                break;
            }
        }
    }
    without_dates(&output)
}

fn without_dates(output: &Output) -> String {
    let text = String::from_utf8_lossy(output.unsent());
    text.split_inclusive('\n').filter(|line| !line.starts_with("Date: ")).collect()
}

#[test]
fn requests_cut_anywhere_get_the_same_responses() {
    let heads = b"\r\nGET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n\
        HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n\
        GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: x, Close\r\n\r\n\
        GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let whole = answer(&[heads]);
    let statuses = whole.lines().filter(|line| line.starts_with("HTTP/1.1 "));
    let expected = ["HTTP/1.1 200 OK", "HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"];
    assert_eq!(statuses.collect::<Vec<_>>(), expected);
    for cut in 0..heads.len() {
        assert_eq!(answer(&[&heads[..cut], &heads[cut..]]), whole, "cut at {cut}");
    }
}

#[test]
fn each_bad_head_gets_its_status() {
    let long = |length| "x".repeat(length);
    for (head, status) in [
        ("GET /\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1\nHost: a\n\n".into(), "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n".into(), "400"),
        ("\x16\x03\x01".into(), "400"),
        (format!("GET /{}", long(LONG)), "414"),
        (format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}", long(2 * LONG)), "431"),
        ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n".into(), "501"),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n".into(), "505"),
    ] {
        let answer = answer(&[head.as_bytes()]);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
    }
}

#[test]
fn what_is_no_head_request_is_refused_with_a_body() {
    for bytes in ["\x0cHEAD / HTTP/1.1\r\n", " HEAD /", "\r\n\r\n\r\nHEAD / HTTP/1.1\r\n"]
    {
        let answer = answer(&[bytes.as_bytes()]);
        assert!(answer.ends_with("\r\n\r\n400 Bad Request\n"), "{bytes:?}: {answer}");
    }
}
