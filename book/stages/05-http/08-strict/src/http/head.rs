use super::status::Status;
use super::syntax::is_token_byte;

const HEAD_LIMIT: usize = 16 * 1024;

#[derive(Default)]
pub struct HeadScan {
    line: usize,
    searched: usize,
}

impl HeadScan {
    pub fn head(&mut self, input: &[u8]) -> Result<Option<usize>, Status> {
        let input = &input[..input.len().min(HEAD_LIMIT)];
        if input.first().is_some_and(|&first| !is_token_byte(first)) {
            return Err(Status::BadRequest);
        }
        while let Some(offset) = memchr::memchr(b'\n', &input[self.searched..]) {
            let end = self.searched + offset + 1;
            match &input[self.line..end] {
                b"\r\n" => return Ok(Some(end)),
                line if !line.ends_with(b"\r\n") => return Err(Status::BadRequest),
                _ => (self.line, self.searched) = (end, end),
            }
        }
        self.searched = input.len();
        if input.len() == HEAD_LIMIT {
            return Err(Status::HeadTooLarge);
        }
        Ok(None)
    }
}
