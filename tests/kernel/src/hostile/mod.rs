//! A kernel of its own for sockets, waiting and time, with clients in it that follow a script:
//! what it may do to a program it does, as its seed says.
//!
//! Time stands still while the program runs. When all its threads wait, the next thing happens:
//! bytes arrive, a client goes on, a deadline passes. So one thread's run is the same whenever
//! the seed is.

mod chance;
mod clients;
mod connection;
mod epoll;
mod files;
mod idle;
mod options;
mod pending;
mod ready;
mod sockets;
mod streams;
mod tell;
mod time;
mod world;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use recording::Answer;
use recording::hostile::Hostility;

use crate::request::{self, Request};
use crate::{mode, stack, thread};

use pending::{Pending, Turn};
use world::{Waiter, World};

pub struct Hostile {
    world: Mutex<World>,
    /// How many threads are about to make a call.
    entering: AtomicUsize,
    changed: Condvar,
}

/// How long a thread waits for others before it looks whether they sleep.
const LOOK: Duration = Duration::from_millis(1);

impl Hostile {
    pub fn new(orders: Hostility) -> Hostile {
        // SAFETY: `at_exit` is a function without arguments.
        unsafe { libc::atexit(at_exit) };
        let world = Mutex::new(World::new(orders));
        let (entering, changed) = (AtomicUsize::new(0), Condvar::new());
        Hostile { world, entering, changed }
    }

    pub fn answer(&self, request: &mut dyn Request) -> Answer {
        self.entering.fetch_add(1, Ordering::SeqCst);
        let mut world = self.lock();
        self.entering.fetch_sub(1, Ordering::SeqCst);
        let stack = if world.orders.traced { stack::here() } else { Vec::new() };
        let mut call = Pending::new(request, world.now);
        world.begin(&call);
        let answer = loop {
            match world.attempt(&mut call) {
                Turn::Done(answer) => break answer,
                Turn::Wait(until) => world = self.wait(world, until),
                Turn::Real => {
                    drop(world);
                    return request::made(call.request);
                }
            }
        };
        world.write_down(call.asked, &answer, stack);
        self.changed.notify_all();
        answer
    }

    /// Until something has happened.
    fn wait<'a>(
        &'a self,
        mut world: MutexGuard<'a, World>,
        until: Option<u64>,
    ) -> MutexGuard<'a, World> {
        world.waits += 1;
        let (me, before, mut calls) = (world.waits, world.moves, world.calls);
        world.waiting.insert(me, Waiter { until, knows: before });
        loop {
            // One that hasn't looked since something happened may have something to do.
            let all_know = world.waiting.values().all(|it| it.knows == world.moves);
            if all_know && world.waiting.len() >= thread::alive() {
                world.advance();
                break;
            }
            let woken = self.changed.wait_timeout(world, LOOK);
            let timeout;
            (world, timeout) = woken.unwrap_or_else(PoisonError::into_inner);
            if world.moves != before {
                break;
            }
            let quiet = timeout.timed_out() && world.calls == calls && all_know;
            calls = world.calls;
            let nobody_comes = self.entering.load(Ordering::SeqCst) == 0;
            if quiet && nobody_comes && idle::others_sleep() {
                world.advance();
                break;
            }
        }
        world.waiting.remove(&me);
        self.changed.notify_all();
        world
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The program ends, in whatever way this library learns of it.
    pub fn tell_the_end(&self) {
        self.lock().tell_the_end();
    }
}

/// The program ends by itself.
extern "C" fn at_exit() {
    let _inside = thread::Inside::enter();
    if let Some(mode::Mode::Hostile(hostile)) = mode::ordered() {
        hostile.tell_the_end();
    }
}
