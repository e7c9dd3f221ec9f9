//! All checks, in the order of the steps from which they hold.

mod bodies;
mod broken_pipes;
mod browser;
mod chunks;
mod conditions;
mod connections;
mod crowds;
mod echo;
mod fetching;
mod file_calls;
mod files;
mod files_outside;
mod files_sent;
mod folders;
pub mod framing;
mod http;
mod http_calls;
mod http_heads;
mod http_pieces;
mod http_tables;
mod interruptions;
mod keep_alive;
mod keeping;
mod keys;
mod lines;
mod locations;
mod paste_versions;
mod pipelining;
mod ranges;
mod refusals;
mod room;
mod routes;
mod slow_readers;

use crate::check::Check;

/// The rows of the matrix.
pub const ALL: &[&[Check]] = &[
    echo::CHECKS,
    connections::CHECKS,
    broken_pipes::CHECKS,
    crowds::CHECKS,
    slow_readers::CHECKS,
    interruptions::CHECKS,
    lines::CHECKS,
    http::CHECKS,
    http_heads::CHECKS,
    http_pieces::CHECKS,
    keep_alive::CHECKS,
    pipelining::CHECKS,
    http_calls::CHECKS,
    browser::CHECKS,
    bodies::CHECKS,
    framing::CHECKS,
    chunks::CHECKS,
    routes::CHECKS,
    keeping::CHECKS,
    refusals::CHECKS,
    room::CHECKS,
    keys::CHECKS,
    files::CHECKS,
    folders::CHECKS,
    files_outside::CHECKS,
    files_sent::CHECKS,
    conditions::CHECKS,
    ranges::CHECKS,
    paste_versions::CHECKS,
    file_calls::CHECKS,
];

pub fn all() -> impl Iterator<Item = &'static Check> {
    ALL.iter().flat_map(|checks| checks.iter())
}

pub fn named(name: &str) -> Option<&'static Check> {
    all().find(|check| check.name == name)
}
