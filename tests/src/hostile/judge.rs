//! Whether every byte that was sent is answered, and each connection ends as it should.

use recording::hostile::{Account, End, Fate, Fault, Seen};

use super::answers::{Read, Wrong, read};
use super::plan::{Manner, Owed, Plan, Talk};
use crate::step::DEADLINES;

/// What is wrong, with whom.
#[derive(Debug)]
pub struct Complaint {
    pub client: Option<String>,
    pub sentence: String,
    pub wrong: Option<Wrong>,
}

impl Complaint {
    fn general(sentence: String) -> Complaint {
        Complaint { client: None, sentence, wrong: None }
    }

    pub fn hangs() -> Complaint {
        let what = "It hangs: for two minutes it has made no call, and sleeps in none.";
        Complaint::general(what.to_string())
    }
}

/// After one of these a file may be unavailable for one request.
const EXCUSES: [Fault; 3] =
    [Fault::ExhaustedOpen, Fault::FailedStat, Fault::FailedFileRead];

pub fn judge(plan: &Plan, account: &Account) -> Result<(), Complaint> {
    match &account.outcome {
        Fate::Unknown { call } => {
            return Err(Complaint::general(format!("This kernel has no {call}.")));
        }
        Fate::Ended => return Err(Complaint::general("The program ended.".to_string())),
        Fate::Spins { .. } | Fate::Sleeps => {}
    }
    let (mut unavailable, mut totals) = (0, Vec::new());
    let all_cuts = cuts(plan, account);
    let mut cuts = all_cuts;
    for (talk, seen) in plan.talks.iter().zip(&account.clients) {
        let read = judge_talk(talk, seen, account, &mut cuts)?;
        unavailable += read.unavailable;
        totals.extend(read.totals);
    }
    if let Fate::Spins { calls } = account.outcome {
        let sentence = format!("It spins: {calls} calls, and nothing happens.");
        return Err(Complaint::general(sentence));
    }
    judge_totals(plan, totals, cuts < all_cuts)?;
    let excuses = account.injected.iter().filter(|it| EXCUSES.contains(&it.fault));
    let excuses = excuses.count();
    if unavailable > excuses {
        let sentence = format!(
            "{unavailable} answers say that a file can't be read, and the kernel gave \
             {excuses} reasons for that."
        );
        return Err(Complaint::general(sentence));
    }
    if !account.left_open.is_empty() {
        let sentence = format!(
            "All clients have left, and {} of their sockets were never closed: {:?}.",
            account.left_open.len(),
            account.left_open
        );
        return Err(Complaint::general(sentence));
    }
    Ok(())
}

/// How many connections the server may have let go, as there was no memory to wait for all, or no
/// descriptor for another.
fn cuts(plan: &Plan, account: &Account) -> usize {
    let reasons: &[Fault] = match plan.step < DEADLINES {
        true => &[Fault::ExhaustedWait, Fault::RefusedWatch],
        false => &[Fault::ExhaustedWait, Fault::RefusedWatch, Fault::ExhaustedAccept],
    };
    let faults = account.injected.iter().filter(|it| reasons.contains(&it.fault));
    faults.count()
}

fn judge_talk(
    talk: &Talk,
    seen: &Seen,
    account: &Account,
    cuts: &mut usize,
) -> Result<Read, Complaint> {
    let complain = |sentence: String, wrong| {
        Err(Complaint { client: Some(talk.name.clone()), sentence, wrong })
    };
    let name = &talk.name;
    let ended = seen.end == End::Ended;
    let mut all = read(&talk.owed, &seen.received.0, ended);
    if let Some(wrong) = all.wrong.take() {
        let sentence = format!("{name} gets something else than it is owed.");
        return complain(sentence, Some(wrong));
    }
    let spins = matches!(account.outcome, Fate::Spins { .. });
    if spins || is_cut(talk, account) {
        return Ok(all);
    }
    for (rested, due) in seen.rests.iter().zip(&talk.due) {
        let Some(due) = due else { continue };
        let ended = rested.end == End::Ended;
        let had = read(&talk.owed, &seen.received.0[..rested.received], ended).whole;
        if had < *due && rested.end == End::Open {
            let time = rested.time / 1_000_000;
            let sentence = format!(
                "The server sleeps, and {name} is owed something: {}, at {time} ms.",
                amounts(&talk.owed, had, *due)
            );
            return complain(sentence, None);
        }
    }
    if talk.manner == Manner::Leaves {
        return Ok(all);
    }
    let owed = talk.owed.amount();
    let is_right = all.whole == owed
        && match talk.manner {
            Manner::Ends => ended,
            _ => seen.end == End::Open,
        };
    let was_closed = matches!(seen.end, End::Ended | End::Reset);
    if !is_right && was_closed && *cuts > 0 {
        *cuts -= 1;
        return Ok(all);
    }
    if all.whole < owed {
        let sentence = format!(
            "{name} gets {}, and then {}.",
            amounts(&talk.owed, all.whole, owed),
            seen.end
        );
        return complain(sentence, None);
    }
    if all.bytes < seen.received.0.len() {
        return complain(format!("{name} gets more than it is owed."), None);
    }
    match (talk.manner, seen.end) {
        (Manner::Ends, End::Ended) | (Manner::Stays, End::Open) => Ok(all),
        (Manner::Ends, end) => {
            complain(format!("{name} waits for the end, and there comes {end}."), None)
        }
        (_, end) => complain(
            format!("{name} keeps its connection open, and there comes {end}."),
            None,
        ),
    }
}

/// A file that can't be read on ends the connection that was promised more of it.
fn is_cut(talk: &Talk, account: &Account) -> bool {
    account.injected.iter().any(|it| {
        it.fault == Fault::FailedSendFile && it.client.as_ref() == Some(&talk.name)
    })
}

fn amounts(owed: &Owed, had: usize, due: usize) -> String {
    let what = match owed {
        Owed::Echo(_) => "bytes",
        Owed::Lines { .. } => "lines",
        Owed::Responses(_) => "responses",
    };
    format!("{had} of {due} {what}")
}

/// Each line has a number of its own, and none is left out.
fn judge_totals(
    plan: &Plan,
    mut totals: Vec<u64>,
    some_were_cut: bool,
) -> Result<(), Complaint> {
    totals.sort_unstable();
    let all_stay =
        !some_were_cut && plan.talks.iter().all(|talk| talk.manner != Manner::Leaves);
    let doubled = totals.windows(2).any(|pair| pair[0] == pair[1]);
    let most = totals.last().copied().unwrap_or_default();
    if doubled || all_stay && most != totals.len() as u64 {
        let sentence = format!(
            "The counts of all lines are {} different numbers up to {most}: {totals:?}",
            totals.len()
        );
        return Err(Complaint { client: None, sentence, wrong: None });
    }
    Ok(())
}
