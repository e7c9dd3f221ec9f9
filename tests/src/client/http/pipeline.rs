//! Many requests in one write, of kinds in an order that no mistake would bring about.

use super::requests::request;
use super::response::Response;
use crate::client::Client;
use crate::evidence::failure::Attempt;
use crate::evidence::text::grouped;

/// Requests whose answers differ by status, or by whether a body follows.
pub struct Pipeline {
    kinds: Vec<Kind>,
    /// A field of each head, to make it longer.
    padding: String,
}

#[derive(Clone, Copy)]
struct Kind {
    method: &'static str,
    /// Something that isn't there.
    missing: bool,
}

impl Pipeline {
    pub fn of(amount: usize) -> Pipeline {
        let kinds = (0..amount).map(Kind::of).collect();
        Pipeline { kinds, padding: String::new() }
    }

    /// With heads of some five hundred bytes, as a browser's are.
    pub fn with_long_heads(amount: usize) -> Pipeline {
        let padding = format!("X-Padding: {}\r\n", "x".repeat(450));
        Pipeline { padding, ..Pipeline::of(amount) }
    }

    /// None whose answer has a page for a body: a page may be a file.
    pub fn without_pages(amount: usize) -> Pipeline {
        let bodiless = |kind: &Kind| kind.missing || kind.method == "HEAD";
        let kinds = (0..).map(Kind::of).filter(bodiless).take(amount).collect();
        Pipeline { kinds, padding: String::new() }
    }

    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// The requests one after the other.
    pub fn bytes(&self) -> Vec<u8> {
        let requests = self.kinds.iter().enumerate();
        let requests = requests.map(|(number, kind)| {
            let end = format!("\r\n{}\r\n", self.padding);
            kind.request(number).replace("\r\n\r\n", &end)
        });
        requests.collect::<String>().into_bytes()
    }

    pub fn send(&self, client: &mut Client) -> Attempt {
        let amount = grouped(self.len() as u64);
        client.note(format!("→ {amount} requests in one write"));
        client.send_unnoted(&self.bytes())
    }

    /// The answers, in order, each of its request's kind.
    pub fn expect_answers(&self, client: &mut Client) -> Attempt {
        let mut types = [None, None];
        for (number, kind) in self.kinds.iter().enumerate() {
            let response = client.quiet_response(kind.method)?;
            let what = format!("the status of response {}", number + 1);
            response.expect_fact(&what, kind.status(), response.status)?;
            let known = &mut types[usize::from(kind.missing)];
            same_type(known, &response)?;
        }
        let amount = grouped(self.len() as u64);
        client.note(format!("← {amount} responses, in order"));
        Ok(())
    }
}

impl Kind {
    fn of(number: usize) -> Kind {
        // Mixed well, so that every kind follows every kind.
        let mut bits = (number as u32).wrapping_mul(0x9e37_79b9);
        bits = (bits ^ (bits >> 16)).wrapping_mul(0x85eb_ca6b);
        bits ^= bits >> 13;
        let method = if bits & 1 == 0 { "GET" } else { "HEAD" };
        Kind { method, missing: bits & 2 == 0 }
    }

    fn request(self, number: usize) -> String {
        let target = match self.missing {
            true => format!("/missing-{number}"),
            false => "/".to_string(),
        };
        request(self.method, &target)
    }

    fn status(self) -> u16 {
        if self.missing { 404 } else { 200 }
    }
}

/// All pages are of one type, and so is all that is missing.
fn same_type(known: &mut Option<String>, response: &Response) -> Attempt {
    let own = response.field("Content-Type").unwrap_or("none");
    match known {
        Some(known) => response.expect_field("Content-Type", known),
        None => {
            *known = Some(own.to_string());
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_follows_every_kind() {
        let pipeline = Pipeline::of(200);
        let kinds = pipeline.kinds.iter().map(|kind| (kind.method, kind.missing));
        let kinds: Vec<_> = kinds.collect();
        let pairs: std::collections::BTreeSet<_> = kinds.windows(2).collect();
        assert_eq!(pairs.len(), 16);
    }
}
