//! Every way in which a recording differs from what a program printed, or may differ from
//! the next run. Nothing else is touched.
//!
//! Rewritten before it is kept:
//!
//! - **port**: a free port is used, and 8080 is shown.
//! - **terminal**: the carriage return before a newline, which no terminal shows.
//! - **process**: the number of the process before each line of `strace`.
//! - **descriptors**: numbered as the kernel numbers them when the first free one is 3.
//! - **runtime**: what the loader and Rust's runtime do before the first `socket`.
//! - **memory**: the calls that only ask for memory, see [`MEMORY`].
//!
//! Kept as it was, and not compared with the next run:
//!
//! - **date**: the value of a Date field.
//! - **amounts**: numbers that the kernel's tuning decides, see [`amounts`].

use super::ports::SHOWN;

/// Calls that ask the kernel for nothing but memory.
pub const MEMORY: [&str; 6] = ["brk", "mmap", "munmap", "mremap", "mprotect", "madvise"];

pub fn port(text: &str, port: u16) -> String {
    text.replace(&port.to_string(), SHOWN)
}

pub fn terminal(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// A console's line without what may differ next time.
pub fn comparable(line: &str) -> String {
    amounts(&date(line))
}

fn date(line: &str) -> String {
    match line.trim_start().get(..6) {
        Some(name) if name.eq_ignore_ascii_case("date: ") => "Date: …".to_string(),
        _ => line.to_string(),
    }
}

/// How much a server took before its client's and its own buffers were full.
fn amounts(line: &str) -> String {
    const BEFORE: &str = "received  it takes ";
    match line.split_once(BEFORE) {
        Some((start, _)) => format!("{start}{BEFORE}…"),
        None => line.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_and_amounts_are_not_compared() {
        assert_eq!(comparable("  date: Sun, 06 Nov 1994"), "Date: …");
        assert_eq!(comparable("    received  it takes 17"), "    received  it takes …");
        assert_eq!(comparable("content-length: 17"), "content-length: 17");
    }
}
