//! The table of `framing.toml`: how a body is framed, and what isn't a frame.

use serde::Deserialize;

use super::http::request;
use crate::check::{Attempt, Check};
use crate::client::Client;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[Check::new(
    7,
    "the_framing_table_holds",
    "Each way to frame a body, right or wrong, is answered as the framing table says.",
    the_framing_table_holds,
)];

/// The file, for those who show it.
pub const TABLE: &str = include_str!("../../framing.toml");

#[derive(Debug, Deserialize)]
pub struct Table {
    pub rows: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub says: String,
    pub sends: String,
    /// The status of a refusal, after which the connection ends.
    pub answer: Option<u16>,
}

impl Table {
    pub fn read() -> Table {
        toml::from_str(TABLE).expect("tests/framing.toml is a table of rows")
    }
}

fn the_framing_table_holds(scene: &mut Scene) -> Attempt {
    for row in Table::read().rows {
        let quiet = scene.connect_quietly()?;
        if let Err(first) = converse(quiet, &row) {
            let again = scene.connect()?;
            converse(again, &row)?;
            return Err(first);
        }
        let then = match row.answer {
            None => "understood, and so is the next request".into(),
            Some(status) => format!("{status}, and the end"),
        };
        scene.note(format!("{} → {then}", row.says));
    }
    Ok(())
}

/// Sends the row and another request behind it, all in one write.
fn converse(mut client: Client, row: &Row) -> Attempt {
    client.send(row.sends.clone() + &request("GET", "/"))?;
    let mut response = client.response()?;
    if response.status == 100 {
        response = client.response()?;
    }
    let Some(status) = row.answer else {
        let understood = matches!(response.status, 200..=299 | 404 | 405);
        let (what, expected) = ("the status", "that of a request understood");
        client.expect_fact(what, expected, response.status, understood)?;
        client.response()?.expect_status(200)?;
        return client.expect_silence();
    };
    response.expect_status(status)?;
    response.expect_field("Connection", "close")?;
    client.expect_end_or_reset()
}
