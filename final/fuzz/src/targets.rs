//! Any target: the path that comes out of it is what a plain reading gives, decoded once and
//! inside the root.
//!
//! No segment of it is empty, `.` or `..`, or holds a NUL.

use lander::http::{Status, Target};

use super::conversation::ask;

pub fn check(target: &[u8]) {
    let head = [b"GET ", target, b" HTTP/1.1\r\nHost: a\r\n\r\n"].concat();
    ask(&head, |request| {
        let theirs = read(request.target.as_bytes());
        match Target::parse(request).map(|target| target.path.into_owned()) {
            Ok(path) => {
                check_path(&path);
                assert_eq!(Some(path), theirs, "{}", request.target);
            }
            Err(status) => {
                assert!(matches!(status, Status::BadRequest | Status::NotFound));
                // Of a whole address we also look at the host.
                let is_path = request.target.starts_with('/');
                assert!(!is_path || theirs.is_none(), "{}", request.target);
            }
        }
    });
}

fn check_path(path: &[u8]) {
    let shown = path.escape_ascii();
    assert!(!path.contains(&0), "{shown}");
    let inside = path.strip_prefix(b"/").expect("it begins at the root");
    let inside = inside.strip_suffix(b"/").unwrap_or(inside);
    for segment in inside.split(|&byte| byte == b'/') {
        let is_root = segment.is_empty() && path == b"/";
        assert!(is_root || !matches!(segment, b"" | b"." | b".."), "{shown}");
    }
}

/// The path of a target that begins in one or names a host, and has no fragment, byte by byte
/// (RFC 3986, sections 2.1 and 5.2.4).
fn read(target: &[u8]) -> Option<Vec<u8>> {
    if target.contains(&b'#') {
        return None;
    }
    let path = match target {
        [b'/', ..] => target,
        _ => {
            let host = target.windows(3).position(|part| part == b"://")? + 3;
            let path = target[host..].iter().position(|byte| b"/?".contains(byte));
            &target[path.map_or(target.len(), |path| host + path)..]
        }
    };
    let path = path.split(|&byte| byte == b'?').next()?;
    let mut resolved: Vec<Vec<u8>> = Vec::new();
    let mut ends_in_name = false;
    for segment in path.split(|&byte| byte == b'/') {
        let name = decode(segment)?;
        ends_in_name = false;
        match name.as_slice() {
            b".." => drop(resolved.pop()?),
            b"" | b"." => {}
            _ if name.contains(&b'/') || name.contains(&0) => return None,
            _ => {
                resolved.push([b"/", name.as_slice()].concat());
                ends_in_name = true;
            }
        }
    }
    let slash: &[u8] = if ends_in_name { b"" } else { b"/" };
    Some([&resolved.concat(), slash].concat())
}

fn decode(segment: &[u8]) -> Option<Vec<u8>> {
    let (mut decoded, mut rest) = (Vec::new(), segment);
    while let [byte, behind @ ..] = rest {
        rest = behind;
        let byte = match (byte, rest) {
            (b'%', [high, low, behind @ ..]) => {
                rest = behind;
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                (digit(high)? * 16 + digit(low)?) as u8
            }
            (b'%', _) => return None,
            _ => *byte,
        };
        decoded.push(byte);
    }
    Some(decoded)
}
