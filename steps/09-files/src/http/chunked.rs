use super::Status;
use super::framing::{Piece, first};
use super::head::is_token_byte;

const SIZE_DIGITS: usize = 16;
const EXTRA_LIMIT: usize = 16 * 1024;

#[derive(Default)]
pub struct Chunked {
    state: State,
    digits: usize,
    left: u64,
    extra: usize,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    Size,
    Space,
    Extension,
    Quoted,
    Escaped,
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
            self.count_extra()?;
            self.state = self.after(byte)?;
            if self.state == State::Done {
                return Ok(Piece { bytes: &[], consumed: index + 1, is_last: true });
            }
        }
        Ok(Piece { bytes: &[], consumed: input.len(), is_last: false })
    }

    fn count_extra(&mut self) -> Result<(), Status> {
        use State::*;
        if matches!(self.state, Space | Extension | Quoted | Escaped | Name | Value) {
            self.extra += 1;
        }
        match self.extra > EXTRA_LIMIT {
            true => Err(Status::BadRequest),
            false => Ok(()),
        }
    }

    fn after(&mut self, byte: u8) -> Result<State, Status> {
        use State::*;
        let has_size = self.digits > 0;
        Ok(match (self.state, byte) {
            (Size, _) if byte.is_ascii_hexdigit() && self.digits < SIZE_DIGITS => {
                let digit = char::from(byte).to_digit(16).unwrap_or(0);
                self.left = self.left << 4 | u64::from(digit);
                self.digits += 1;
                Size
            }
            (Size, b'\r') if has_size => SizeEnd,
            (Size | Space, b' ' | b'\t') if has_size => Space,
            (Size | Space, b';') if has_size => Extension,
            (Extension, b'\r') => SizeEnd,
            (Extension, b'"') => Quoted,
            (Extension, _) if is_text(byte) => Extension,
            (Quoted, b'"') => Extension,
            (Quoted, b'\\') => Escaped,
            (Quoted | Escaped, _) if is_text(byte) => Quoted,
            (SizeEnd, b'\n') if self.left == 0 => Trailer,
            (SizeEnd, b'\n') => Data,
            (DataCr, b'\r') => DataLf,
            (DataLf, b'\n') => {
                self.digits = 0;
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
