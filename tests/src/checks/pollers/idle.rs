//! What clients that say nothing cost the others.

use std::net::Ipv4Addr;
use std::sync::{Mutex, PoisonError};

use crate::check::Check;
use crate::client::{Client, Options};
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::spread::Spread;
use crate::evidence::text::grouped;
use crate::scene::Scene;
use crate::system::core::on_one_core;
use crate::system::descriptors::fit;

pub const CHECKS: &[Check] = &[Check::new(
    15,
    "idle_clients_make_no_request_dearer",
    "Beside 5,000 idle clients a request takes less than twice the processor time that it takes alone.",
    idle_clients_make_no_request_dearer,
)];

const IDLE: usize = 5000;
/// No address may have all places, so the idle clients come from this many.
const ADDRESSES: usize = 10;
const ROUNDS: usize = 7;
const REQUESTS: usize = 200;
const MOST: f64 = 2.0;

fn idle_clients_make_no_request_dearer(scene: &mut Scene) -> Attempt {
    // Each check like this takes thousands of descriptors of this process.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    fit(1, IDLE).map_err(|error| Failure::own("open 5,000 connections", error))?;
    let compared = on_one_core(|| compare(scene));
    compared.map_err(|error| Failure::own("keep to one core", error))?
}

/// Two servers take turns, one with idle clients and one without, so that whatever else the
/// machine does meets both.
fn compare(scene: &mut Scene) -> Attempt {
    let mut other = Scene::new(scene.program, scene.dialect, scene.patience);
    let mut alone = other.connect_with(Options::QUIET)?;
    let idle = connect_idle(scene)?;
    let mut beside = scene.connect_with(Options::QUIET)?;
    let (mut times_alone, mut times_beside) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        times_alone.push(round(&mut other, &mut alone)?);
        times_beside.push(round(scene, &mut beside)?);
    }
    expect_kept(&idle)?;
    let [time_alone, time_beside] =
        [times_alone, times_beside].map(|it| Spread::of(it).median);
    if time_beside >= MOST * time_alone {
        let what =
            "microseconds of processor time for a request beside 5,000 idle clients";
        let most = format!("less than twice the {time_alone:.0} that it takes alone");
        return Err(Failure::fact(what, most, format!("{time_beside:.0}")));
    }
    scene.note("a request takes less than twice the processor time that it takes alone");
    Ok(())
}

fn connect_idle(scene: &mut Scene) -> Attempt<Vec<Client>> {
    scene.note(format!("{} clients connect and say nothing", grouped(IDLE as u64)));
    let own = |number: usize| Ipv4Addr::new(127, 0, 0, 2 + (number % ADDRESSES) as u8);
    let options = |number| Options { own: Some(own(number)), ..Options::QUIET };
    (0..IDLE).map(|number| scene.connect_with(options(number))).collect()
}

/// How many microseconds of processor time each request takes.
fn round(scene: &mut Scene, client: &mut Client) -> Attempt<f64> {
    client.ask()?;
    scene.until_asleep()?;
    let before = scene.readings()?.cpu;
    for _ in 0..REQUESTS {
        client.ask()?;
    }
    scene.until_asleep()?;
    let taken = scene.readings()?.cpu.saturating_sub(before);
    Ok(taken.as_secs_f64() * 1e6 / REQUESTS as f64)
}

fn expect_kept(idle: &[Client]) -> Attempt {
    let kept = idle.iter().filter(|client| !client.has_heard()).count();
    if kept < idle.len() {
        let what = "how many idle clients are kept";
        let [all, kept] = [idle.len(), kept].map(|count| grouped(count as u64));
        return Err(Failure::fact(what, format!("all {all} of them"), kept));
    }
    Ok(())
}
