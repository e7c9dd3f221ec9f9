//! Lander: an HTTP/1.1 server on bare system calls.
//!
//! Layer upon layer, each importing only those below it:
//!
//! | modules | what they turn into what |
//! |---|---|
//! | [`config`], [`listen`], [`start`], [`signals`] | a command line into places to listen at, what is said of them, and what ends it |
//! | [`handover`] | the listeners of one process into another's |
//! | [`server`], [`listener`], [`workers`] | sockets that listen into a server, and its loops into threads |
//! | [`app`] | requests into what the site has for them |
//! | [`http`] | bytes into requests, responses into bytes |
//! | [`event_loop`] | readiness into bytes |
//! | [`connection`], [`protocol`] | bytes into what is to be done next, without doing it |
//! | [`buffers`], [`budget`] | what arrives and leaves in pieces into slices, and its room |
//! | [`timers`], [`limits`] | time into deadlines, and addresses into who may come |
//! | [`peers`] | addresses into clients and proxies |
//! | [`poller`], [`waker`] | sockets into those that are ready, and other threads' calls into one |
//! | [`sys`] | system calls into `Result`s |

pub mod app;
pub mod budget;
pub mod buffers;
pub mod config;
pub mod connection;
pub mod event_loop;
pub mod handover;
pub mod http;
pub mod limits;
pub mod listen;
pub mod listener;
pub mod peers;
pub mod poller;
pub mod protocol;
pub mod server;
pub mod signals;
pub mod start;
pub mod sys;
pub mod timers;
pub mod waker;
pub mod workers;
