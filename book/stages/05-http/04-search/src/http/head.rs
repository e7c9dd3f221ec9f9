#[derive(Default)]
pub struct HeadScan {
    line: usize,
    searched: usize,
}

impl HeadScan {
    pub fn head(&mut self, input: &[u8]) -> Option<usize> {
        while let Some(offset) = memchr::memchr(b'\n', &input[self.searched..]) {
            let end = self.searched + offset + 1;
            match &input[self.line..end] {
                b"\r\n" => return Some(end),
                _ => (self.line, self.searched) = (end, end),
            }
        }
        self.searched = input.len();
        None
    }
}
