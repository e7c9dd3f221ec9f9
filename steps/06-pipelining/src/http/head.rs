use std::ops::Range;

use super::status::Status;
use super::syntax::is_token_byte;

const HEAD_LIMIT: usize = 16 * 1024;
const LINE_LIMIT: usize = 8 * 1024;
const EMPTY_LINES: usize = 2;

#[derive(Default)]
pub struct HeadScan {
    start: usize,
    line: usize,
    searched: usize,
}

impl HeadScan {
    pub fn head(&mut self, input: &[u8]) -> Result<Option<Range<usize>>, Status> {
        let input = &input[..input.len().min(HEAD_LIMIT)];
        while self.start < EMPTY_LINES * 2 && input[self.start..].starts_with(b"\r\n") {
            self.start += 2;
            (self.line, self.searched) = (self.start, self.start);
        }
        let first = input.get(self.start).copied().unwrap_or(b'\r');
        if first != b'\r' && !is_token_byte(first) {
            return Err(Status::BadRequest);
        }
        while let Some(offset) = memchr::memchr(b'\n', &input[self.searched..]) {
            let end = self.searched + offset + 1;
            self.check_request_line(&input[..end])?;
            match &input[self.line..end] {
                b"\r\n" => return Ok(Some(self.start..end)),
                line if !line.ends_with(b"\r\n") => return Err(Status::BadRequest),
                _ => (self.line, self.searched) = (end, end),
            }
        }
        self.searched = input.len();
        self.check_request_line(input)?;
        if input.len() == HEAD_LIMIT {
            return Err(Status::HeadTooLarge);
        }
        Ok(None)
    }

    pub fn asks_for_head(&self, input: &[u8]) -> bool {
        input[self.start..].starts_with(b"HEAD ")
    }

    fn check_request_line(&self, input: &[u8]) -> Result<(), Status> {
        let line = &input[self.start..];
        if self.line > self.start || line.len() <= LINE_LIMIT {
            return Ok(());
        }
        if line[..LINE_LIMIT].contains(&b' ') {
            return Err(Status::UriTooLong);
        }
        Err(Status::NotImplemented)
    }
}
