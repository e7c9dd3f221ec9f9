//! Bytes, written down as a text where they are one and short, as runs where one byte stands
//! again and again, and else compressed.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data(pub Vec<u8>);

/// Data that came with an answer. What is read from a file stays as it was written down until
/// somebody looks at it: all that a server reads in a large upload has no place in memory.
#[derive(Clone, Debug)]
pub enum Given {
    Bytes(Vec<u8>),
    Written(Written),
}

/// The longest that is written down as it is.
const PLAIN: usize = 1024;
/// The shortest run that is told from other bytes, and how many pieces are few.
const LONG: usize = 64;
const FEW: usize = 16;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Written {
    Text(String),
    Packed { bytes: usize, deflated: String },
    Runs(Vec<Piece>),
}

/// A part of the bytes: so many of one, or a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Piece {
    Run(u8, usize),
    Text(String),
}

impl Written {
    fn of(bytes: &[u8]) -> Written {
        let plain = str::from_utf8(bytes).ok().filter(|text| text.len() <= PLAIN);
        if let Some(text) = plain {
            return Written::Text(text.to_string());
        }
        runs(bytes).map_or_else(
            || Written::Packed {
                bytes: bytes.len(),
                deflated: STANDARD.encode(compress_to_vec(bytes, 9)),
            },
            Written::Runs,
        )
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        let mut all = Vec::new();
        match self {
            Written::Text(text) => all.extend_from_slice(text.as_bytes()),
            Written::Runs(pieces) => {
                for piece in pieces {
                    match piece {
                        Piece::Run(byte, times) => all.resize(all.len() + times, *byte),
                        Piece::Text(text) => all.extend_from_slice(text.as_bytes()),
                    }
                }
            }
            Written::Packed { bytes, deflated } => {
                let packed = STANDARD.decode(deflated).map_err(|it| it.to_string())?;
                all = decompress_to_vec(&packed).map_err(|it| it.to_string())?;
                if all.len() != *bytes {
                    return Err("the bytes aren't as many as it says".to_string());
                }
            }
        }
        Ok(all)
    }
}

/// If they are few runs of one byte, with short texts between them.
fn runs(bytes: &[u8]) -> Option<Vec<Piece>> {
    let (mut pieces, mut rest) = (Vec::new(), bytes);
    while !rest.is_empty() {
        let mut starts = (0..rest.len()).take(PLAIN);
        let start = starts.find(|&start| run(&rest[start..]) >= LONG);
        let (text, after) = rest.split_at(start.unwrap_or(rest.len()));
        if text.len() > PLAIN || pieces.len() > FEW {
            return None;
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(str::from_utf8(text).ok()?.to_string()));
        }
        let length = run(after);
        if length > 0 {
            pieces.push(Piece::Run(after[0], length));
        }
        rest = &after[length..];
    }
    Some(pieces)
}

/// How often the first byte stands there.
fn run(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| **byte == bytes[0]).count()
}

impl Given {
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Given::Bytes(bytes) => bytes.into(),
            Given::Written(written) => {
                written.bytes().expect("it is as it was written down").into()
            }
        }
    }

    /// If they are short enough to be written down as a text.
    pub fn text(&mut self) -> Option<&mut String> {
        match self {
            Given::Written(Written::Text(text)) => Some(text),
            _ => None,
        }
    }
}

impl PartialEq for Given {
    fn eq(&self, other: &Given) -> bool {
        self.bytes() == other.bytes()
    }
}

impl From<Vec<u8>> for Given {
    fn from(bytes: Vec<u8>) -> Given {
        Given::Bytes(bytes)
    }
}

impl Serialize for Given {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Given::Bytes(bytes) => Written::of(bytes).serialize(to),
            Given::Written(written) => written.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Given, D::Error> {
        Written::deserialize(from).map(Given::Written)
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Written::of(&self.0).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Data, D::Error> {
        Written::deserialize(from)?.bytes().map(Data).map_err(D::Error::custom)
    }
}

impl From<&[u8]> for Data {
    fn from(bytes: &[u8]) -> Data {
        Data(bytes.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        let all: Vec<u8> = (0..=255).collect();
        let chunk = [&[0; 5000][..], b"\r\nfff4\r\n", &[0; 60_000]].concat();
        let mixed = [&[b'x'; 2000][..], &all, &[b'y'; 3]].concat();
        let long = [b'x'; 100_000];
        for bytes in [&b""[..], b"GET / HTTP/1.1\r\n", &all, &long, &chunk, &mixed] {
            let text = serde_json::to_string(&Data::from(bytes)).unwrap();
            assert!(text.len() < 6 * PLAIN, "{text}");
            assert_eq!(serde_json::from_str::<Data>(&text).unwrap(), Data::from(bytes));
            let given: Given = serde_json::from_str(&text).unwrap();
            assert_eq!(given, Given::from(bytes.to_vec()));
            assert_eq!(serde_json::to_string(&given).unwrap(), text);
        }
    }

    #[test]
    fn runs_are_told_as_runs() {
        let chunk = [&[0; 5000][..], b"\r\nfff4\r\n", &[0; 60_000]].concat();
        let text = serde_json::to_string(&Data(chunk)).unwrap();
        assert_eq!(text, r#"[[0,5000],"\r\nfff4\r\n",[0,60000]]"#);
    }
}
