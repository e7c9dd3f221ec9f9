//! All checks, in the order of the steps from which they hold.

mod connections;
mod echo;
mod interruptions;
mod lines;
mod slow_readers;

use crate::check::Check;

/// The rows of the matrix.
pub const ALL: &[&[Check]] = &[
    echo::CHECKS,
    connections::CHECKS,
    slow_readers::CHECKS,
    interruptions::CHECKS,
    lines::CHECKS,
];

pub fn all() -> impl Iterator<Item = &'static Check> {
    ALL.iter().flat_map(|checks| checks.iter())
}

pub fn named(name: &str) -> Option<&'static Check> {
    all().find(|check| check.name == name)
}
