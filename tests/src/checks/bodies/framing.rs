//! The tables of `framing.toml`: how a body is framed, and what isn't a frame.

use serde::Deserialize;

use crate::check::Check;
use crate::client::http::requests::request;
use crate::client::{Client, Options};
use crate::evidence::failure::Attempt;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        7,
        "the_table_of_lengths_holds",
        "Each Content-Length, right or wrong, is answered as the framing table says.",
        the_table_of_lengths_holds,
    ),
    Check::new(
        8,
        "the_table_of_codings_holds",
        "Each Transfer-Encoding and each chunk, right or wrong, is answered as the framing \
         table says.",
        the_table_of_codings_holds,
    ),
];

/// The file, for those who show it.
pub const TABLE: &str = include_str!("../../../framing.toml");

#[derive(Debug)]
pub struct Table {
    pub rows: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct File {
    lengths: Vec<Row>,
    codings: Vec<Row>,
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
    /// All of it.
    pub fn read() -> Table {
        let File { mut lengths, codings } = File::read();
        lengths.extend(codings);
        Table { rows: lengths }
    }

    /// The rows without a Transfer-Encoding.
    pub fn lengths() -> Table {
        Table { rows: File::read().lengths }
    }

    /// The rows with one.
    pub fn codings() -> Table {
        Table { rows: File::read().codings }
    }
}

impl File {
    fn read() -> File {
        toml::from_str(TABLE).expect("tests/framing.toml has two tables of rows")
    }
}

fn the_table_of_lengths_holds(scene: &mut Scene) -> Attempt {
    holds(scene, Table::lengths())
}

fn the_table_of_codings_holds(scene: &mut Scene) -> Attempt {
    holds(scene, Table::codings())
}

fn holds(scene: &mut Scene, table: Table) -> Attempt {
    for row in table.rows {
        let quiet = scene.connect_with(Options::QUIET)?;
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
