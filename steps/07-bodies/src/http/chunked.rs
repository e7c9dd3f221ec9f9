use super::Status;
use super::framing::{Piece, first};
use super::head::is_token_byte;

const SIZE_DIGITS: usize = 16;
const LIMIT: usize = 4096;

#[derive(Default)]
pub struct Chunked {
    state: State,
    left: u64,
    length: usize,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    Size,
    Space,
    Extension,
    SizeEnd,
    Data,
    DataCr,
    DataLf,
    Trailer,
    Name,
    Value,
    ValueEnd,
    LastLf,
    Done,
}

impl Chunked {
    pub fn next<'a>(&mut self, input: &'a [u8]) -> Result<Piece<'a>, Status> {
        for (index, &byte) in input.iter().enumerate() {
            if self.state == State::Data {
                let bytes = first(self.left, &input[index..]);
                self.left -= bytes.len() as u64;
                if self.left == 0 {
                    self.state = State::DataCr;
                }
                let consumed = index + bytes.len();
                return Ok(Piece { bytes, consumed, is_last: false });
            }
            self.state = self.after(byte)?;
            if self.state == State::Done {
                return Ok(Piece { bytes: &[], consumed: index + 1, is_last: true });
            }
        }
        Ok(Piece { bytes: &[], consumed: input.len(), is_last: false })
    }

    fn after(&mut self, byte: u8) -> Result<State, Status> {
        use State::*;
        self.length += 1;
        if self.length > LIMIT {
            return Err(Status::BadRequest);
        }
        let has_size = self.length > 1;
        Ok(match (self.state, byte) {
            (Size, _) if byte.is_ascii_hexdigit() && self.length <= SIZE_DIGITS => {
                let digit = char::from(byte).to_digit(16).unwrap_or(0);
                self.left = self.left << 4 | u64::from(digit);
                Size
            }
            (Size, b'\r') if has_size => SizeEnd,
            (Size | Space, b' ' | b'\t') if has_size => Space,
            (Size | Space, b';') if has_size => Extension,
            (Extension, b'\r') => SizeEnd,
            (Extension, _) if is_text(byte) => Extension,
            (SizeEnd, b'\n') => {
                self.length = 0;
                if self.left == 0 { Trailer } else { Data }
            }
            (DataCr, b'\r') => DataLf,
            (DataLf, b'\n') => {
                self.length = 0;
                Size
            }
            (Trailer, b'\r') => LastLf,
            (Trailer | Name, _) if is_token_byte(byte) => Name,
            (Name, b':') => Value,
            (Value, b'\r') => ValueEnd,
            (Value, _) if is_text(byte) => Value,
            (ValueEnd, b'\n') => Trailer,
            (LastLf, b'\n') => Done,
            _ => return Err(Status::BadRequest),
        })
    }
}

fn is_text(byte: u8) -> bool {
    byte == b'\t' || byte >= b' ' && byte != 0x7f
}
