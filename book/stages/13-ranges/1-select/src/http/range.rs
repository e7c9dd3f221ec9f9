use std::ops::Range;

use super::status::Status;

const PLACES: usize = 64;

#[derive(Debug, PartialEq)]
pub enum Selection {
    Whole,
    Part(Range<u64>),
}

pub fn select(field: &str, length: u64) -> Result<Selection, Status> {
    let Some(mut parts) = ranges(field, length).filter(|_| length > 0) else {
        return Ok(Selection::Whole);
    };
    parts.retain(|part| !part.is_empty());
    match &parts[..] {
        [] => Err(Status::RangeNotSatisfiable),
        [part] => Ok(Selection::Part(part.clone())),
        _ => Ok(Selection::Whole),
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
