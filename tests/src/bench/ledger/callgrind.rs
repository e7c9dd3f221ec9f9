//! What callgrind writes down: instructions by function, in the format that the chapter
//! "Callgrind Format Specification" of valgrind's manual describes.

use std::collections::HashMap;
use std::io;

/// Instructions of a whole run.
#[derive(Debug, Default, PartialEq)]
pub struct Profile {
    pub total: u64,
    pub functions: HashMap<String, Instructions>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Instructions {
    pub own: u64,
    /// With those of what it called. One that calls itself counts itself again.
    pub inclusive: u64,
}

impl Profile {
    pub fn read(text: &str) -> io::Result<Profile> {
        let mut profile = Profile::default();
        let mut total = None;
        // Each name is written out once, behind its number.
        let mut names: HashMap<&str, &str> = HashMap::new();
        let mut function = "";
        let mut is_call = false;
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("fn=") {
                function = full(&mut names, name);
            } else if let Some(name) = line.strip_prefix("cfn=") {
                full(&mut names, name);
            } else if line.starts_with("calls=") {
                is_call = true;
            } else if let Some(count) = line.strip_prefix("totals:") {
                total = count.trim().parse().ok();
            } else if line.starts_with(|first: char| {
                "+-*".contains(first) || first.is_ascii_digit()
            }) {
                let count = line.split(' ').nth(1).and_then(|count| count.parse().ok());
                let count: u64 = count.ok_or_else(|| strange(line))?;
                if !profile.functions.contains_key(function) {
                    profile
                        .functions
                        .insert(function.to_string(), Instructions::default());
                }
                let sum = profile.functions.get_mut(function).expect("it is there");
                sum.inclusive += count;
                // The line after a call is what the call took.
                sum.own += if is_call { 0 } else { count };
                is_call = false;
            }
        }
        profile.total = total.ok_or_else(|| strange("no totals"))?;
        Ok(profile)
    }
}

/// `(7) name` names it, and later `(7)` is enough.
fn full<'a>(names: &mut HashMap<&'a str, &'a str>, text: &'a str) -> &'a str {
    match text.split_once(' ') {
        Some((number, name)) if number.starts_with('(') => {
            names.insert(number, name);
            name
        }
        _ => names.get(text).unwrap_or(&text),
    }
}

fn strange(line: &str) -> io::Error {
    io::Error::other(format!("callgrind writes what nobody understands: {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "\
# callgrind format
version: 1
positions: line
events: Ir
summary: 1007

ob=(1) /bin/rounds
fl=(1) a.rs
fn=(1) rounds::main
10 5
fi=(2) b.rs
+2 2
fe=(1)
cob=(2) libc.so.6
cfi=(3) memcpy.S
cfn=(2) memcpy with \"spaces\"
calls=3 0
* 600
-1 100

ob=(2)
fl=(3)
fn=(2)
0 250
fn=(3)
* 50

fl=(1)
fn=(1)
40 3

totals: 1010
";

    #[test]
    fn what_a_function_does_itself_is_told_from_what_it_calls() {
        let profile = Profile::read(WRITTEN).unwrap();
        assert_eq!(profile.total, 1010);
        let of = |name: &str| profile.functions[name];
        assert_eq!(of("rounds::main"), Instructions { own: 110, inclusive: 710 });
        assert_eq!(
            of("memcpy with \"spaces\""),
            Instructions { own: 250, inclusive: 250 }
        );
        assert_eq!(of("(3)"), Instructions { own: 50, inclusive: 50 });
        assert_eq!(profile.functions.len(), 3);
    }

    #[test]
    fn half_a_file_is_an_error_and_no_count() {
        let half = WRITTEN.split("totals").next().unwrap();
        assert!(Profile::read(half).is_err());
        assert!(Profile::read("").is_err());
        assert!(Profile::read(&WRITTEN.replace("40 3", "40 three")).is_err());
        assert!(Profile::read(&WRITTEN.replace("totals: ", "totals: x")).is_err());
    }
}
