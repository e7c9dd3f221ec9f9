use super::status::Status;
use super::syntax::{is_text_byte, is_token_byte};

const SIZE_DIGITS: usize = 16;
const EXTRA_LIMIT: usize = 16 * 1024;
const TRAILER_LIMIT: usize = 128;

#[derive(Default)]
pub struct Chunked {
    state: State,
    digits: usize,
    left: u64,
    extra: usize,
    trailers: usize,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    Size,
    Space,
    Extension,
    Key,
    KeySpace,
    Equals,
    Token,
    Quoted,
    Escaped,
    QuotedEnd,
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
    pub fn next<'a>(&mut self, input: &mut &'a [u8]) -> Result<&'a [u8], Status> {
        while let Some((&byte, rest)) = input.split_first() {
            if self.state == State::Data {
                let bytes = take(&mut self.left, input);
                if self.left == 0 {
                    self.state = State::DataCr;
                }
                return Ok(bytes);
            }
            self.count_extra()?;
            self.state = self.step(byte)?;
            *input = rest;
            if self.is_done() {
                break;
            }
        }
        Ok(&[])
    }

    pub fn is_done(&self) -> bool {
        self.state == State::Done
    }

    fn count_extra(&mut self) -> Result<(), Status> {
        use State::*;
        match self.state {
            Size | SizeEnd | Data | DataCr | DataLf | ValueEnd | LastLf | Done => {}
            Trailer => self.trailers += 1,
            _ => self.extra += 1,
        }
        match self.extra > EXTRA_LIMIT || self.trailers > TRAILER_LIMIT + 1 {
            true => Err(Status::BadRequest),
            false => Ok(()),
        }
    }

    fn step(&mut self, byte: u8) -> Result<State, Status> {
        use State::*;
        let has_size = self.digits > 0;
        let is_space = byte == b' ' || byte == b'\t';
        Ok(match (self.state, byte) {
            (Size, _) if byte.is_ascii_hexdigit() && self.digits < SIZE_DIGITS => {
                let digit = char::from(byte).to_digit(16).unwrap_or(0);
                self.left = self.left << 4 | u64::from(digit);
                self.digits += 1;
                Size
            }
            (Size, _) if !has_size => return Err(Status::BadRequest),
            (Size | Key | Token | QuotedEnd, b'\r') => SizeEnd,
            (Size | Space | Key | KeySpace | Token | QuotedEnd, b';') => Extension,
            (Size | Space | Token | QuotedEnd, _) if is_space => Space,
            (Extension, _) if is_space => Extension,
            (Extension | Key, _) if is_token_byte(byte) => Key,
            (Key | KeySpace, b'=') => Equals,
            (Key | KeySpace, _) if is_space => KeySpace,
            (Equals, b'"') => Quoted,
            (Equals, _) if is_space => Equals,
            (Equals | Token, _) if is_token_byte(byte) => Token,
            (Quoted, b'"') => QuotedEnd,
            (Quoted, b'\\') => Escaped,
            (Quoted | Escaped, _) if is_text_byte(byte) => Quoted,
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
            (Value, _) if is_text_byte(byte) => Value,
            (ValueEnd, b'\n') => Trailer,
            (LastLf, b'\n') => Done,
            _ => return Err(Status::BadRequest),
        })
    }
}

pub fn take<'a>(left: &mut u64, input: &mut &'a [u8]) -> &'a [u8] {
    let most = usize::try_from(*left).unwrap_or(usize::MAX);
    let (bytes, rest) = input.split_at(input.len().min(most));
    *left -= bytes.len() as u64;
    *input = rest;
    bytes
}
