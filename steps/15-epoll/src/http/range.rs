use std::ops::Range;

use super::status::Status;

const PLACES: usize = 64;
const PARTS: usize = 16;

#[derive(Debug, PartialEq)]
pub enum Selection {
    Whole,
    Part(Range<u64>),
    Parts(Vec<Range<u64>>),
}

pub fn select(field: &str, length: u64) -> Result<Selection, Status> {
    let Some(mut parts) = ranges(field, length).filter(|_| length > 0) else {
        return Ok(Selection::Whole);
    };
    parts.retain(|part| !part.is_empty());
    let lengths = parts.iter().map(|part| u128::from(part.end - part.start));
    let total: u128 = lengths.sum();
    match &parts[..] {
        [] => Err(Status::RangeNotSatisfiable),
        [part] => Ok(Selection::Part(part.clone())),
        _ if parts.len() > PARTS || total > length.into() => Ok(Selection::Whole),
        _ => Ok(Selection::Parts(parts)),
    }
}

fn ranges(field: &str, length: u64) -> Option<Vec<Range<u64>>> {
    let (unit, set) = field.split_once('=')?;
    if set.split(',').nth(PLACES).is_some() {
        return None;
    }
    let specs = set.split(',').map(str::trim_ascii).filter(|spec| !spec.is_empty());
    let ranges: Vec<_> = specs.map(|spec| range(spec, length)).collect::<Option<_>>()?;
    (unit.eq_ignore_ascii_case("bytes") && !ranges.is_empty()).then_some(ranges)
}

fn range(spec: &str, length: u64) -> Option<Range<u64>> {
    let range = match spec.split_once('-')? {
        ("", count) => length.saturating_sub(number(count)?)..length,
        (first, "") => number(first)?..length,
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if first > last {
                return None;
            }
            first..last.saturating_add(1)
        }
    };
    Some(range.start.min(length)..range.end.min(length))
}

fn number(digits: &str) -> Option<u64> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::Selection::{Part, Parts, Whole};
    use super::*;

    const NOWHERE: Result<Selection, Status> = Err(Status::RangeNotSatisfiable);

    #[test]
    fn each_field_selects_what_it_says() {
        for (field, selection) in [
            ("bytes=0-0", Ok(Part(0..1))),
            ("bytes=2-5", Ok(Part(2..6))),
            ("bytes=5-", Ok(Part(5..10))),
            ("bytes=-1", Ok(Part(9..10))),
            ("bytes=-30", Ok(Part(0..10))),
            ("bytes=5-99999999999999999999", Ok(Part(5..10))),
            ("Bytes= 0-1 ,,\t4-5", Ok(Parts(vec![0..2, 4..6]))),
            ("bytes=8-9,0-1", Ok(Parts(vec![8..10, 0..2]))),
            ("bytes=0-3,2-5", Ok(Parts(vec![0..4, 2..6]))),
            ("bytes=0-1,20-30", Ok(Part(0..2))),
            ("bytes=0-5,1-6", Ok(Whole)),
            ("bytes=0-,0-", Ok(Whole)),
            ("bytes=10-", NOWHERE),
            ("bytes=10-20,30-40", NOWHERE),
            ("bytes=99999999999999999999-99999999999999999999", NOWHERE),
            ("bytes=-0", NOWHERE),
            ("bytes=5-2", Ok(Whole)),
            ("bytes=0-1,5-2", Ok(Whole)),
            ("bytes=", Ok(Whole)),
            ("bytes=,", Ok(Whole)),
            ("bytes=-", Ok(Whole)),
            ("bytes=--1", Ok(Whole)),
            ("bytes=a-b", Ok(Whole)),
            ("bytes=1", Ok(Whole)),
            ("bytes=+1-2", Ok(Whole)),
            ("bytes=1 - 2", Ok(Whole)),
            ("lines=0-1", Ok(Whole)),
            ("bytes 0-1", Ok(Whole)),
        ] {
            assert_eq!(select(field, 10), selection, "{field}");
        }
    }

    #[test]
    fn an_empty_file_has_no_parts() {
        for field in ["bytes=0-", "bytes=-1", "bytes=0-0"] {
            assert_eq!(select(field, 0), Ok(Whole), "{field}");
        }
    }

    #[test]
    fn many_parts_are_the_whole() {
        let set = "0-0,".repeat(PARTS);
        let parts = vec![0..1; PARTS];
        assert_eq!(select(&format!("bytes={set}"), 100), Ok(Parts(parts)));
        assert_eq!(select(&format!("bytes={set}2-2"), 100), Ok(Whole));
        for huge in [u64::MAX / 2, u64::MAX] {
            assert_eq!(select("bytes=0-,0-,0-,0-", huge), Ok(Whole));
        }
    }
}
