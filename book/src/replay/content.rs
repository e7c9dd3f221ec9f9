//! Bytes that wait, as text: what a client sent, and what the trace shows of a write.

/// The bytes of one direction, as far as they are known, in the order in which they leave.
#[derive(Clone, Debug, Default)]
pub struct Content {
    bytes: Vec<u8>,
    /// How many are there; negative while a client reads what isn't written yet.
    pub total: i64,
    unknown: bool,
}

/// The longest text that is shown.
const SHOWN: usize = 40;

impl Content {
    /// `known` may be less than `amount`: traces are cut.
    pub fn push(&mut self, known: &[u8], amount: usize) {
        let whole = known.len() >= amount;
        if self.total >= 0 && !self.unknown {
            self.bytes.extend(&known[..known.len().min(amount)]);
        }
        self.unknown |= !whole;
        self.change(amount as i64);
    }

    pub fn take(&mut self, amount: usize) {
        self.bytes.drain(..amount.min(self.bytes.len()));
        self.change(-(amount as i64));
    }

    fn change(&mut self, by: i64) {
        self.total += by;
        if self.total <= 0 {
            self.bytes.clear();
            self.unknown = false;
        }
    }

    pub fn waiting(&self) -> usize {
        self.total.max(0) as usize
    }

    /// All of it, if it is short and known.
    pub fn text(&self) -> Option<String> {
        let known = !self.unknown && self.bytes.len() == self.waiting();
        let text = self
            .bytes
            .escape_ascii()
            .to_string()
            .replace("\\'", "'")
            .replace("\\\"", "\"");
        Some(text).filter(|text| known && !text.is_empty() && text.len() <= SHOWN)
    }
}

/// The bytes between the quotes of a call's arguments.
pub fn quoted(args: &str) -> Vec<u8> {
    let Some((_, rest)) = args.split_once('"') else { return Vec::new() };
    let mut bytes = Vec::new();
    let mut letters = rest.bytes().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            b'"' => break,
            b'\\' => match letters.next() {
                Some(b'n') => bytes.push(b'\n'),
                Some(b'r') => bytes.push(b'\r'),
                Some(b't') => bytes.push(b'\t'),
                Some(digit @ b'0'..=b'7') => {
                    let mut number = u32::from(digit - b'0');
                    for _ in 0..2 {
                        let next = letters.next_if(|it| matches!(it, b'0'..=b'7'));
                        number =
                            next.map_or(number, |it| number * 8 + u32::from(it - b'0'));
                    }
                    bytes.push(number as u8);
                }
                Some(other) => bytes.push(other),
                None => break,
            },
            letter => bytes.push(letter),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trace_is_read_back() {
        assert_eq!(quoted(r#"4, "a\"b\\\r\n\0\33[1m", 10"#), b"a\"b\\\r\n\0\x1b[1m");
        assert_eq!(quoted("4, NULL, 10"), b"");
    }

    #[test]
    fn what_waits_is_shown_while_it_is_known() {
        let mut content = Content::default();
        content.push(b"hello\n", 6);
        content.take(2);
        assert_eq!(content.text().as_deref(), Some("llo\\n"));
        content.push(b"x", 1000);
        assert_eq!((content.text(), content.waiting()), (None, 1004));
        content.take(1004);
        content.push(b"y", 1);
        assert_eq!(content.text().as_deref(), Some("y"));
    }
}
