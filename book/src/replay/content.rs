//! Bytes that wait, as text: what a client sent, and what the server wrote.

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
    /// `known` may be less than `amount`: what is sent of a file isn't recorded.
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

#[cfg(test)]
mod tests {
    use super::*;

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
