//! Any Range field and any length: what is selected is what a plain reading of RFC 9110,
//! section 14.1.2, gives.
//!
//! No part is empty or reaches behind the end; there are few, and together they are no longer
//! than the whole.

use lander::http::{Selection, Status, Validators, select};

use super::conversation::ask;

/// How many parts there may be.
const PARTS: usize = 16;
/// How many places a list may have.
const PLACES: usize = 64;

/// The length's eight bytes, and the field's value.
pub fn check(input: &[u8]) {
    let Some((length, field)) = input.split_first_chunk() else {
        return;
    };
    if field.iter().any(|byte| b"\r\n".contains(byte)) {
        return;
    }
    let length = u64::from_le_bytes(*length);
    let head = [b"GET / HTTP/1.1\r\nHost: a\r\nRange: ", field, b"\r\n\r\n"].concat();
    ask(&head, |request| {
        let (etag, modified) = ("\"a\"".into(), None);
        let range = request.conditions.range(&Validators { etag, modified });
        let selection = match range {
            Some(range) => select(&range, length),
            None => Ok(Selection::Whole),
        };
        check_parts(&selection, length);
        assert_eq!(
            selection,
            read(field, length),
            "{} of {length}",
            field.escape_ascii()
        );
    });
}

fn check_parts(selection: &Result<Selection, Status>, length: u64) {
    let parts = match selection {
        Ok(Selection::Part(part)) => std::slice::from_ref(part),
        Ok(Selection::Parts(parts)) => parts,
        _ => &[],
    };
    assert!(parts.iter().all(|part| part.start < part.end && part.end <= length));
    let lengths = parts.iter().map(|part| u128::from(part.end - part.start));
    assert!(lengths.sum::<u128>() <= u128::from(length) && parts.len() <= PARTS);
}

fn read(field: &[u8], length: u64) -> Result<Selection, Status> {
    let field = String::from_utf8_lossy(field).to_ascii_lowercase();
    let Some(specs) = specs(field.trim_matches([' ', '\t'])) else {
        return Ok(Selection::Whole);
    };
    if length == 0 {
        return Ok(Selection::Whole);
    }
    let last_byte = u128::from(length) - 1;
    let mut parts = Vec::new();
    for spec in specs {
        let (first, last) = match spec {
            Spec::From(first, last) => (first, last.unwrap_or(last_byte).min(last_byte)),
            Spec::Last(0) => continue,
            Spec::Last(count) => (u128::from(length).saturating_sub(count), last_byte),
        };
        if first <= last_byte {
            parts.push(first as u64..last as u64 + 1);
        }
    }
    let total: u128 = parts.iter().map(|part| u128::from(part.end - part.start)).sum();
    match parts.len() {
        0 => Err(Status::RangeNotSatisfiable),
        1 => Ok(Selection::Part(parts.remove(0))),
        count if count > PARTS || total > u128::from(length) => Ok(Selection::Whole),
        _ => Ok(Selection::Parts(parts)),
    }
}

enum Spec {
    /// The first byte, and the last one, if it is said.
    From(u128, Option<u128>),
    /// So many bytes at the end.
    Last(u128),
}

/// `"bytes" "=" 1#( first "-" [ last ] / "-" count )`
fn specs(field: &str) -> Option<Vec<Spec>> {
    let mut specs = Vec::new();
    let items: Vec<_> = field.strip_prefix("bytes=")?.split(',').collect();
    if items.len() > PLACES {
        return None;
    }
    for item in items {
        let item = item.trim_matches([' ', '\t']);
        if item.is_empty() {
            continue;
        }
        let dash = item.find('-')?;
        let (before, after) = (&item[..dash], &item[dash + 1..]);
        specs.push(match (before, after) {
            ("", _) => Spec::Last(number(after)?),
            (_, "") => Spec::From(number(before)?, None),
            _ => {
                let (first, last) = (number(before)?, number(after)?);
                if last < first {
                    return None;
                }
                Spec::From(first, Some(last))
            }
        });
    }
    (!specs.is_empty()).then_some(specs)
}

/// Beyond 64 bits all numbers are the same: no length reaches them.
fn number(digits: &str) -> Option<u128> {
    let is_number =
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let most = u128::from(u64::MAX);
    is_number.then(|| digits.parse().map_or(most, |number: u128| number.min(most)))
}
