//! Many clients, and how they come and go: whatever is said.

use crate::check::Check;
use crate::evidence::failure::Attempt;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        1,
        "a_client_that_leaves_makes_room_for_the_next",
        "When one client has left, the next is answered.",
        a_client_that_leaves_makes_room_for_the_next,
    ),
    Check::new(
        1,
        "a_reset_harms_nobody",
        "A client that resets its connection harms no other.",
        a_reset_harms_nobody,
    ),
    Check::new(
        1,
        "a_half_closed_client_gets_what_it_is_owed",
        "A client that says it will send no more still gets its answer, and then the end.",
        a_half_closed_client_gets_what_it_is_owed,
    ),
    Check::new(
        1,
        "idle_clients_cost_nothing",
        "While clients say nothing, or are gone, the server does nothing.",
        idle_clients_cost_nothing,
    ),
    Check::new(
        1,
        "clients_that_leave_leave_nothing_behind",
        "When clients have left, the server has no more descriptors open than before.",
        clients_that_leave_leave_nothing_behind,
    ),
    Check::new(
        2,
        "two_clients_are_answered_in_either_order",
        "Of two clients the one that came later may ask first.",
        two_clients_are_answered_in_either_order,
    ),
    Check::new(
        2,
        "two_hundred_clients_share_a_thread",
        "Two hundred clients at once are all answered, and none costs a thread.",
        two_hundred_clients_share_a_thread,
    ),
];

fn a_client_that_leaves_makes_room_for_the_next(scene: &mut Scene) -> Attempt {
    for _ in 0..3 {
        let mut client = scene.connect()?;
        client.ask()?;
        client.close();
    }
    let silent = scene.connect()?;
    silent.close();
    let mut last = scene.connect()?;
    last.ask()
}

fn a_reset_harms_nobody(scene: &mut Scene) -> Attempt {
    let silent = scene.connect()?;
    silent.reset();
    let mut unheard = scene.connect()?;
    unheard.question()?;
    unheard.reset();
    let mut answered = scene.connect()?;
    answered.ask()?;
    answered.reset();
    let mut last = scene.connect()?;
    last.ask()
}

fn a_half_closed_client_gets_what_it_is_owed(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.question()?;
    a.half_close()?;
    a.answer_and_end()
}

fn idle_clients_cost_nothing(scene: &mut Scene) -> Attempt {
    let mut gone = scene.connect()?;
    gone.ask()?;
    gone.close();
    scene.connect()?.reset();
    let mut first = scene.connect()?;
    first.ask()?;
    let _crowd = scene.connect_crowd(20)?;
    scene.expect_rest()
}

fn clients_that_leave_leave_nothing_behind(scene: &mut Scene) -> Attempt {
    let mut first = scene.connect()?;
    first.ask()?;
    first.close();
    let before = scene.readings()?.descriptors;
    for mut client in scene.connect_crowd(50)? {
        client.ask()?;
        client.close();
    }
    scene.note("each asks, is answered and closes");
    scene.expect_no_more_descriptors(before)
}

fn two_clients_are_answered_in_either_order(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    let mut b = scene.connect()?;
    b.ask()?;
    a.ask()?;
    let mut c = scene.connect()?;
    let mut d = scene.connect()?;
    c.ask()?;
    d.ask()
}

fn two_hundred_clients_share_a_thread(scene: &mut Scene) -> Attempt {
    let mut first = scene.connect()?;
    first.ask()?;
    let before = scene.readings()?.threads;
    let mut crowd = scene.connect_crowd(200)?;
    for client in crowd.iter_mut().rev() {
        client.ask()?;
    }
    scene.note("each asks, the last one first, and is answered");
    scene.expect_no_more_threads(before)
}
