//! Bytes, written down as a text where they are one and short, and else compressed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data(pub Vec<u8>);

/// The longest that is written down as it is.
const PLAIN: usize = 1024;

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Packed { bytes: usize, deflated: String },
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let plain = str::from_utf8(&self.0).ok().filter(|text| text.len() <= PLAIN);
        let written = match plain {
            Some(text) => Written::Text(text.to_string()),
            None => Written::Packed {
                bytes: self.0.len(),
                deflated: STANDARD.encode(compress_to_vec(&self.0, 9)),
            },
        };
        written.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Data, D::Error> {
        match Written::deserialize(from)? {
            Written::Text(text) => Ok(Data(text.into_bytes())),
            Written::Packed { bytes, deflated } => {
                let packed = STANDARD.decode(deflated).map_err(D::Error::custom)?;
                let data = decompress_to_vec(&packed).map_err(D::Error::custom)?;
                match data.len() == bytes {
                    true => Ok(Data(data)),
                    false => Err(D::Error::custom("the bytes aren't as many as it says")),
                }
            }
        }
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
        for bytes in [&b""[..], b"GET / HTTP/1.1\r\n", &all, &[b'x'; 100_000]] {
            let text = serde_json::to_string(&Data::from(bytes)).unwrap();
            assert!(text.len() < 6 * PLAIN, "{text}");
            assert_eq!(serde_json::from_str::<Data>(&text).unwrap(), Data::from(bytes));
        }
    }
}
