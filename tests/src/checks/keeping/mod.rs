//! Links and pastes that the server keeps.

pub mod caching;
pub mod keys;
pub mod links;
pub mod pastes;
pub mod paths;
pub mod posting;
pub mod refusals;
pub mod room;
