//! What the clients of a seed do, and what they are owed for it.

use fastrand::Rng;
use recording::hostile::{Client, Script};

use super::bodies::Ways;
use super::files::Served;
use super::{acts, bodies, files, keeping, plain, requests};
use crate::step::{FILES, Step};

/// The first of those numbers that a seed has: the kernel draws from others.
const SALT: u64 = 0x01ad_e500;

pub struct Plan {
    pub step: Step,
    pub script: Script,
    pub talks: Vec<Talk>,
}

/// One client's side of it.
pub struct Talk {
    pub name: String,
    pub owed: Owed,
    /// For each rest of its script how many answers are due then, if any are.
    pub due: Vec<Option<usize>>,
    pub manner: Manner,
}

/// How a client's connection is to end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Manner {
    /// The server ends it, after the last answer.
    Ends,
    Stays,
    /// The client leaves, perhaps before it has all answers.
    Leaves,
}

pub enum Owed {
    Echo(Vec<u8>),
    /// Each with its counts; the last may be too long.
    Lines {
        lines: Vec<Vec<u8>>,
        too_long: bool,
    },
    Responses(Vec<Wanted>),
}

/// The response that a request is to get.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub method: &'static str,
    pub target: String,
    pub statuses: &'static [u16],
    pub body: Option<Vec<u8>>,
    pub location: Option<String>,
    /// It may be that the file can't be read now.
    pub is_file: bool,
    /// It may be told to go on before.
    pub asks: bool,
}

/// What a client says, in parts that are each answered, and what it is owed.
pub struct Speech {
    pub messages: Vec<Vec<u8>>,
    pub owed: Owed,
    /// The server ends the connection after the last.
    pub is_ended: bool,
}

impl Plan {
    pub fn draw(step: Step, seed: u64, served: Option<&Served>) -> Plan {
        let mut rng = Rng::with_seed(seed ^ SALT);
        let (mut clients, mut talks) = (Vec::new(), Vec::new());
        for number in 0..rng.u8(2..=8) {
            let name = char::from(b'A' + number).to_string();
            let speech = Speech::draw(step, &mut rng, number, served);
            let acted = acts::draw(&mut rng, &speech);
            clients.push(Client { name: name.clone(), acts: acted.acts });
            let (due, manner) = (acted.due, acted.manner);
            talks.push(Talk { name, owed: speech.owed, due, manner });
        }
        Plan { step, script: Script { clients }, talks }
    }
}

impl Speech {
    fn draw(step: Step, rng: &mut Rng, client: u8, served: Option<&Served>) -> Speech {
        match *step {
            ..=3 => plain::echo(rng, client),
            4 => plain::lines(rng, client),
            5 => requests::one(rng),
            6 => requests::speech(rng, |rng, _| requests::page(rng)),
            7 => requests::speech(rng, |rng, _| match rng.u8(0..2) {
                0 => requests::page(rng),
                _ => bodies::upload(rng, Ways::LENGTHS),
            }),
            8 => requests::speech(rng, |rng, _| match rng.u8(0..2) {
                0 => requests::page(rng),
                _ => bodies::upload(rng, Ways::ALL),
            }),
            9 => requests::speech(rng, |rng, _| match rng.u8(0..4) {
                0 => requests::page(rng),
                1 => requests::greeting(rng),
                _ => bodies::upload(rng, Ways::ALL),
            }),
            _ if step < FILES => {
                requests::speech(rng, |rng, number| match rng.u8(0..3) {
                    0 => requests::page(rng),
                    _ => keeping::few(rng, step, client, number),
                })
            }
            _ => requests::speech(rng, |rng, number| match (rng.u8(0..4), served) {
                (0, _) | (_, None) => keeping::few(rng, step, client, number),
                (_, Some(served)) => files::request(rng, step, served),
            }),
        }
    }
}

impl Wanted {
    pub fn new(method: &'static str, target: &str, statuses: &'static [u16]) -> Wanted {
        Wanted {
            method,
            target: target.to_string(),
            statuses,
            body: None,
            location: None,
            is_file: false,
            asks: false,
        }
    }
}

impl Owed {
    pub fn amount(&self) -> usize {
        match self {
            Owed::Echo(bytes) => bytes.len(),
            Owed::Lines { lines, too_long } => lines.len() + usize::from(*too_long),
            Owed::Responses(wanted) => wanted.len(),
        }
    }
}
