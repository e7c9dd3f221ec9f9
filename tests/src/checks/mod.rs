//! All checks, in the order of the steps from which they hold.

pub mod bodies;
mod counts;
mod deadlines;
mod echo;
mod event_loop;
mod files;
mod http;
mod keeping;
mod limits;
mod lines;
mod pollers;
mod versions;
mod visitors;

use crate::check::Check;

/// The rows of the matrix.
pub const ALL: &[&[Check]] = &[
    echo::CHECKS,
    event_loop::connections::CHECKS,
    event_loop::broken_pipes::CHECKS,
    event_loop::crowds::CHECKS,
    event_loop::slow_readers::CHECKS,
    event_loop::interruptions::CHECKS,
    files::opening::CHECKS,
    lines::CHECKS,
    http::pages::CHECKS,
    http::heads::CHECKS,
    http::pieces::CHECKS,
    http::keep_alive::CHECKS,
    http::pipelining::CHECKS,
    http::calls::CHECKS,
    bodies::calls::CHECKS,
    http::browser::CHECKS,
    bodies::lengths::CHECKS,
    bodies::framing::CHECKS,
    bodies::chunks::CHECKS,
    http::routes::CHECKS,
    keeping::links::CHECKS,
    keeping::pastes::CHECKS,
    keeping::paths::CHECKS,
    keeping::refusals::CHECKS,
    keeping::room::CHECKS,
    keeping::keys::CHECKS,
    keeping::caching::CHECKS,
    files::finding::CHECKS,
    files::folders::CHECKS,
    files::beside::CHECKS,
    files::outside::CHECKS,
    files::sending::CHECKS,
    files::readers::CHECKS,
    versions::conditions::CHECKS,
    versions::ranges::CHECKS,
    versions::parts::CHECKS,
    versions::resuming::CHECKS,
    versions::pastes::CHECKS,
    files::calls::CHECKS,
    versions::calls::CHECKS,
    deadlines::heads::CHECKS,
    deadlines::bodies::CHECKS,
    deadlines::idle::CHECKS,
    deadlines::readers::CHECKS,
    deadlines::lingering::CHECKS,
    limits::requests::CHECKS,
    limits::clients::CHECKS,
    limits::descriptors::CHECKS,
    limits::memory::CHECKS,
    pollers::idle::CHECKS,
    pollers::descriptors::CHECKS,
];

pub fn all() -> impl Iterator<Item = &'static Check> {
    ALL.iter().flat_map(|checks| checks.iter())
}

pub fn named(name: &str) -> Option<&'static Check> {
    all().find(|check| check.name == name)
}
