use crate::buffers::Output;
use crate::protocol::{Next, Progress, Protocol};

const LINE_LIMIT: usize = 4096;

#[derive(Default)]
pub struct Counter {
    lines: u64,
}

impl Protocol for Counter {
    type Context = u64;

    fn open(&mut self) -> u64 {
        0
    }

    fn data(&mut self, here: &mut u64, input: &[u8], output: &mut Output) -> Progress {
        let mut consumed = 0;
        for line in input.split_inclusive(|&byte| byte == b'\n') {
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            if text.len() > LINE_LIMIT {
                output.push(b"line too long\n");
                return Progress { consumed, next: Next::End };
            }
            if text.len() == line.len() {
                break;
            }
            consumed += line.len();
            *here += 1;
            self.lines += 1;
            output.push(text.strip_suffix(b"\r").unwrap_or(text));
            output.print(format_args!(" ({here} here, {} in all)\n", self.lines));
        }
        Progress { consumed, next: Next::Read }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(counter: &mut Counter, here: &mut u64, input: &str) -> (String, Progress) {
        let mut output = Output::default();
        let progress = counter.data(here, input.as_bytes(), &mut output);
        (String::from_utf8_lossy(output.unsent()).into(), progress)
    }

    #[test]
    fn whole_lines_are_counted_and_the_rest_is_left() {
        let (mut counter, mut a, mut b) = (Counter::default(), 0, 0);
        let (output, progress) = data(&mut counter, &mut a, "one\ntwo\r\nthr");
        assert_eq!(output, "one (1 here, 1 in all)\ntwo (2 here, 2 in all)\n");
        assert_eq!(progress, Progress { consumed: 9, next: Next::Read });
        let (output, _) = data(&mut counter, &mut b, "hello\n");
        assert_eq!(output, "hello (1 here, 3 in all)\n");
    }

    #[test]
    fn a_line_too_long_is_the_last() {
        let line = "x".repeat(LINE_LIMIT + 1);
        let (output, progress) = data(&mut Counter::default(), &mut 0, &line);
        assert_eq!(output, "line too long\n");
        assert_eq!(progress.next, Next::End);
    }
}
