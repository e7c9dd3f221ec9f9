//! What a head may be, and how one that isn't is refused: RFC 9112, sections 2 to 5.

use super::tables::{After, each_gets};
use crate::check::Check;
use crate::evidence::failure::Attempt;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        5,
        "an_unusual_head_is_a_head",
        "Odd spelling and other minor versions of HTTP/1 are fine.",
        an_unusual_head_is_a_head,
    ),
    Check::new(
        5,
        "what_is_no_http_is_refused",
        "What can't become a request is refused with 400, at its first byte if that shows it.",
        what_is_no_http_is_refused,
    ),
    Check::new(
        5,
        "a_request_line_is_three_words",
        "A request line is a method, a target and a version with one space between: or 400.",
        a_request_line_is_three_words,
    ),
    Check::new(
        5,
        "another_version_is_refused",
        "HTTP/2.0 and other major versions are refused with 505.",
        another_version_is_refused,
    ),
    Check::new(
        5,
        "an_unknown_method_is_not_implemented",
        "A method that no part of the server knows is 501; methods are case-sensitive.",
        an_unknown_method_is_not_implemented,
    ),
    Check::new(
        5,
        "a_request_has_one_host",
        "A request of HTTP/1.1 has exactly one Host: or 400.",
        a_request_has_one_host,
    ),
    Check::new(
        8,
        "a_host_is_a_name_or_an_address",
        "A Host is a name or an address, perhaps with a port, and nothing else: or 400.",
        a_host_is_a_name_or_an_address,
    ),
    Check::new(
        5,
        "a_line_ends_in_crlf",
        "A line feed alone ends no line, nor does a carriage return: 400.",
        a_line_ends_in_crlf,
    ),
    Check::new(
        5,
        "a_field_is_a_name_a_colon_and_a_value",
        "No folding, no space before the colon, no empty name, no control bytes: or 400.",
        a_field_is_a_name_a_colon_and_a_value,
    ),
    Check::new(
        5,
        "a_head_has_a_limit",
        "A head of more than 16 KiB, or of more than 128 fields, is 431; any shorter one is fine.",
        a_head_has_a_limit,
    ),
    Check::new(
        5,
        "a_target_has_a_limit",
        "A target of more than 8 KiB is 414; one of 8,000 bytes isn't.",
        a_target_has_a_limit,
    ),
];

const HEAD_LIMIT: usize = 16 * 1024;
const FIELD_LIMIT: usize = 128;
const HOST_LIMIT: usize = 255;
const TARGET_LIMIT: usize = 8 * 1024;
const REST: &str = "Host: localhost\r\nConnection: close\r\n\r\n";

fn an_unusual_head_is_a_head(scene: &mut Scene) -> Attempt {
    let whole: [&[u8]; 4] = [
        b"GET / HTTP/1.2\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.9\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n",
    ];
    each_gets(scene, 200, After::Answer, whole)?;
    let fields: [&[u8]; 16] = [
        b"host:localhost",
        b"HOST: \t localhost \t",
        b"Host: localhost:8080",
        b"Host: localhost:",
        b"Host: localhost:65535",
        b"Host: localhost.:80",
        b"Host: 127.0.0.1:8080",
        b"Host: [::1]",
        b"Host: [::1]:8080",
        b"Host: a-b.c_d~e%20!$&'()*+,;=",
        b"Host: localhost\r\nX:",
        b"Host: localhost\r\nX: a\tb  c",
        b"Host: localhost\r\nX: caf\xc3\xa9 \xff",
        b"Host: localhost\r\nX: \"(:;,)\"",
        b"Host: localhost\r\nX: y\r\nX: y",
        b"Host: localhost\r\n!#$%&'*+-.^_`|~09azAZ: y",
    ];
    each_gets(scene, 200, After::Answer, fields.map(with_fields))
}

fn what_is_no_http_is_refused(scene: &mut Scene) -> Attempt {
    let beginnings: [&[u8]; 8] = [
        // TLS: a ClientHello.
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x16",
        // SSLv2, SOCKS5, UTF-16, nothing in particular, JSON, a Telnet negotiation.
        b"\x80\x2e\x01\x00\x02",
        b"\x05\x01\x00",
        b"\xff\xfeG\x00E\x00T\x00",
        b"\x00\x00\x00\x00",
        b"{\"id\": 1}",
        b"\xff\xfb\x1f",
    ];
    each_gets(scene, 400, After::Refusal, beginnings)?;
    let heads: [&[u8]; 4] = [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HELO localhost\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"x\r\n\r\n",
    ];
    each_gets(scene, 400, After::Refusal, heads)
}

fn a_request_line_is_three_words(scene: &mut Scene) -> Attempt {
    // HTTP/0.9 had no version, and no fields after the line.
    each_gets(scene, 400, After::Refusal, ["GET /\r\n\r\n"])?;
    let lines: [&[u8]; 24] = [
        b"GET",
        b"GET /",
        b"GET HTTP/1.1",
        b"GET  / HTTP/1.1",
        b"GET /  HTTP/1.1",
        b"GET / HTTP/1.1 ",
        b" GET / HTTP/1.1",
        b"GET\t/\tHTTP/1.1",
        b"GET / / HTTP/1.1",
        b"GET / HTTP/1.1 x",
        b"GET / http/1.1",
        b"GET / HTTP/1",
        b"GET / HTTP/1.",
        b"GET / HTTP/.1",
        b"GET / HTTP/11",
        b"GET / HTTP/1.1.1",
        b"GET / HTTP/1.10",
        b"GET / HTTP/1,1",
        b"GET / HTTP 1.1",
        b"GET / HTTPS/1.1",
        b"G(T / HTTP/1.1",
        b"GET /\x01 HTTP/1.1",
        b"GET /\x7f HTTP/1.1",
        b"GET /caf\xe9 HTTP/1.1",
    ];
    each_gets(scene, 400, After::Refusal, lines.map(with_line))
}

fn another_version_is_refused(scene: &mut Scene) -> Attempt {
    // What HTTP/2 begins with when the client takes for granted that it is understood.
    let preface = ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"];
    each_gets(scene, 505, After::Refusal, preface)?;
    let lines: [&[u8]; 4] =
        [b"GET / HTTP/2.0", b"GET / HTTP/3.0", b"GET / HTTP/0.9", b"GET / HTTP/9.9"];
    each_gets(scene, 505, After::Refusal, lines.map(with_line))
}

fn an_unknown_method_is_not_implemented(scene: &mut Scene) -> Attempt {
    let lines: [&[u8]; 5] = [
        b"BREW / HTTP/1.1",
        b"get / HTTP/1.1",
        b"GETX / HTTP/1.1",
        b"G / HTTP/1.1",
        b"!#$%&'*+-.^_`|~09azAZ / HTTP/1.1",
    ];
    each_gets(scene, 501, After::Answer, lines.map(with_line))?;
    let endless = "G".repeat(TARGET_LIMIT + 1);
    each_gets(scene, 501, After::EarlyRefusal, [endless])
}

fn a_request_has_one_host(scene: &mut Scene) -> Attempt {
    let fields: [&[u8]; 3] =
        [b"X: no Host", b"Host: a\r\nHost: b", b"Host: a\r\nX: between\r\nhost: a"];
    each_gets(scene, 400, After::Refusal, fields.map(with_fields))
}

fn a_host_is_a_name_or_an_address(scene: &mut Scene) -> Attempt {
    let fields: [&[u8]; 30] = [
        b"Host:",
        b"Host: a b",
        b"Host: a, b",
        b"Host: a\tb",
        b"Host: a/b",
        b"Host: a\\b",
        b"Host: a?b",
        b"Host: a#b",
        b"Host: me@a",
        b"Host: http://a",
        b"Host: \"a\"",
        b"Host: <a>",
        b"Host: caf\xc3\xa9",
        b"Host: :80",
        b"Host: a:b",
        b"Host: a:80x",
        b"Host: a:-1",
        b"Host: a:80:80",
        b"Host: ::1",
        b"Host: [::1",
        b"Host: [::1]x",
        b"Host: []",
        b"Host: [a]",
        b"Host: .",
        b"Host: .a",
        b"Host: a..b",
        b"Host: a%4",
        b"Host: a%zz",
        b"Host: a:65536",
        b"Host: [::1]:x",
    ];
    each_gets(scene, 400, After::Refusal, fields.map(with_fields))?;
    let long = format!("Host: {}", "a".repeat(HOST_LIMIT + 1));
    each_gets(scene, 400, After::Refusal, [with_fields(long.as_bytes())])
}

fn a_line_ends_in_crlf(scene: &mut Scene) -> Attempt {
    let heads: [&[u8]; 8] = [
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"GET / HTTP/1.1\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: y\nZ: z\r\n\r\n",
        b"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\rHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n",
    ];
    each_gets(scene, 400, After::Refusal, heads)
}

fn a_field_is_a_name_a_colon_and_a_value(scene: &mut Scene) -> Attempt {
    let first =
        ["GET / HTTP/1.1\r\n Host: a\r\n\r\n", "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n"];
    each_gets(scene, 400, After::Refusal, first)?;
    let fields: [&[u8]; 20] = [
        b"Host : a",
        b"Host: a\r\n folded",
        b"Host: a\r\n\tfolded",
        b"Host: a\r\n ",
        b"Host: a\r\nX",
        b"Host: a\r\nX y: z",
        b"Host: a\r\nX : y",
        b"Host: a\r\nX\t: y",
        b"Host: a\r\n: y",
        b"Host: a\r\n:",
        b"Host: a\r\nX(: y",
        b"Host: a\r\n\"X\": y",
        b"Host: a\r\nX\x00: y",
        b"Host: a\r\nX\x7f: y",
        b"Host: a\r\ncaf\xc3\xa9: y",
        b"Host: a\r\nX: \x00",
        b"Host: a\r\nX: y\x01z",
        b"Host: a\r\nX: \x0b",
        b"Host: a\r\nX: \x1b[1m",
        b"Host: a\r\nX: \x7f",
    ];
    each_gets(scene, 400, After::Refusal, fields.map(with_fields))
}

fn a_head_has_a_limit(scene: &mut Scene) -> Attempt {
    let start = "GET / HTTP/1.1\r\n";
    let padded = |length: usize| {
        let others = start.len() + "X: \r\n".len() + REST.len();
        format!("{start}X: {}\r\n{REST}", "x".repeat(length - others))
    };
    each_gets(scene, 200, After::Answer, [padded(HEAD_LIMIT - 1), padded(HEAD_LIMIT)])?;
    // Two of them are in REST.
    let fields = |amount| format!("{start}{}{REST}", "X: y\r\n".repeat(amount - 2));
    each_gets(scene, 200, After::Answer, [fields(50), fields(FIELD_LIMIT)])?;
    let endless = format!("{start}X: {}", "x".repeat(HEAD_LIMIT));
    let many = [fields(FIELD_LIMIT + 1), fields(1000)];
    each_gets(scene, 431, After::Refusal, many)?;
    let long = [padded(HEAD_LIMIT + 1), padded(HEAD_LIMIT + 1024), endless];
    each_gets(scene, 431, After::EarlyRefusal, long)
}

fn a_target_has_a_limit(scene: &mut Scene) -> Attempt {
    let target = |length: usize| format!("GET /{} HTTP/1.1", "x".repeat(length - 1));
    let short = with_line(target(8000).as_bytes());
    each_gets(scene, 404, After::Answer, [short])?;
    let long = with_line(target(TARGET_LIMIT + 1).as_bytes());
    let endless = format!("GET /{}", "x".repeat(TARGET_LIMIT)).into_bytes();
    each_gets(scene, 414, After::EarlyRefusal, [long, endless])
}

fn with_line(line: &[u8]) -> Vec<u8> {
    [line, b"\r\n", REST.as_bytes()].concat()
}

fn with_fields(fields: &[u8]) -> Vec<u8> {
    [b"GET / HTTP/1.1\r\n", fields, b"\r\nConnection: close\r\n\r\n"].concat()
}
