use super::status::Status;

const HEAD_LIMIT: usize = 16 * 1024;
const LINE_LIMIT: usize = 8 * 1024;

#[derive(Default)]
pub struct HeadScan {
    line: usize,
    searched: usize,
}

impl HeadScan {
    pub fn head(&mut self, input: &[u8]) -> Result<Option<usize>, Status> {
        let input = &input[..input.len().min(HEAD_LIMIT)];
        while let Some(offset) = memchr::memchr(b'\n', &input[self.searched..]) {
            let end = self.searched + offset + 1;
            self.check_request_line(&input[..end])?;
            match &input[self.line..end] {
                b"\r\n" => return Ok(Some(end)),
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

    fn check_request_line(&self, input: &[u8]) -> Result<(), Status> {
        if self.line > 0 || input.len() <= LINE_LIMIT {
            return Ok(());
        }
        if input[..LINE_LIMIT].contains(&b' ') {
            return Err(Status::UriTooLong);
        }
        Err(Status::NotImplemented)
    }
}
