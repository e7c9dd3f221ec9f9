//! Requests and responses: heads, connections that stay, pipelines, and the routes of requests.

pub mod browser;
pub mod calls;
pub mod heads;
pub mod keep_alive;
pub mod pages;
pub mod pieces;
pub mod pipelining;
pub mod routes;
pub mod tables;
