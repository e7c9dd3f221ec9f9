//! Tables of heads, and what each is answered with.

use crate::client::{Client, Options};
use crate::evidence::failure::Attempt;
use crate::evidence::text::{amount, quoted};
use crate::scene::Scene;

/// What is to happen after a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// The connection ends, and the response said so.
    Refusal,
    /// The same, but the server needn't have read all that was sent.
    EarlyRefusal,
    /// The connection ends because the request asked for that.
    Answer,
}

/// Sends each head on a connection of its own. The transcript has a line for each; one that
/// fails is sent again, for the transcript to have all of it.
pub(crate) fn each_gets(
    scene: &mut Scene,
    status: u16,
    after: After,
    heads: impl IntoIterator<Item = impl AsRef<[u8]>>,
) -> Attempt {
    for head in heads {
        let head = head.as_ref();
        let quiet = scene.connect_with(Options::QUIET)?;
        if let Err(first) = converse(quiet, head, status, after) {
            let again = scene.connect()?;
            converse(again, head, status, after)?;
            return Err(first);
        }
        scene.note(format!("{} → {status}, and the end", in_short(head)));
    }
    Ok(())
}

fn converse(mut client: Client, head: &[u8], status: u16, after: After) -> Attempt {
    client.send(head)?;
    let method = if head.starts_with(b"HEAD ") { "HEAD" } else { "GET" };
    let response = client.response_to(method)?;
    response.expect_status(status)?;
    response.expect_fact("the version, HTTP/1.x", 1, response.minor_version)?;
    if after != After::Answer {
        response.expect_field("Connection", "close")?;
    }
    match after {
        After::EarlyRefusal => client.expect_end_or_reset(),
        After::Answer | After::Refusal => client.expect_end(),
    }
}

fn in_short(head: &[u8]) -> String {
    const LONGEST: usize = 120;
    if head.len() <= LONGEST {
        return quoted(head);
    }
    let start = quoted(&head[..LONGEST / 3]);
    format!("{}…\", {}", start.trim_end_matches('"'), amount(head.len()))
}
