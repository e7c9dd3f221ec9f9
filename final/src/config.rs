//! What the operator asks for.

use std::num::NonZero;
use std::path::PathBuf;
use std::str::FromStr;
use std::thread;

use clap::Parser;

use crate::listen::Listen;
use crate::peers::Proxy;
use crate::poller::Kind;

/// All sockets of a place have to fit into one message to a successor.
const MOST_WORKERS: i64 = 250;

/// Serves a folder's files over HTTP/1.1, and keeps short links and pastes.
///
/// A folder's page is its index.html, or else a list of what is in it. Nothing outside the folder
/// is served, however the request spells it and wherever a symbolic link leads; an absolute link
/// is never followed.
/// A URL posted to /s, or a text posted to /p, gets a place of its own, until the server ends.
#[derive(Debug, Parser)]
#[command(name = "final", version, max_term_width = 90, after_long_help = LINKS_AND_PASTES)]
pub struct Config {
    /// The folder to serve.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,

    /// Where to listen: 8000 is this machine alone (127.0.0.1:8000), :8000 is everywhere, and
    /// localhost:8000, [::1]:8000 and unix:PATH are what they say. May be given several times.
    ///
    /// Port 0 takes a free one. A name stands for all its addresses. 0.0.0.0:80 is IPv4 alone and
    /// [::]:80 is IPv6 alone, and :80 is both. A Unix socket takes the place of one that nobody
    /// listens at any more; the umask says who may connect, and the file stays when the server ends.
    #[arg(long, value_name = "WHERE", default_value = "127.0.0.1:8080")]
    pub listen: Vec<Listen>,

    /// How many threads serve, each with a part of the clients. By default as many as this process may
    /// use processors.
    ///
    /// Affinity (sched_setaffinity(2)) and the quota of a cgroup count. Connections and their memory are
    /// divided among the threads, so each refuses its clients when its own part is used up. Links and
    /// pastes are everyone's.
    #[arg(long, value_name = "NUMBER")]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=MOST_WORKERS))]
    pub workers: Option<u8>,

    /// How long a client may take for a request's head, between two requests, and for each 16 KiB
    /// of a body or a response; a day at most.
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub patience: u32,

    /// How long the server may take to finish what has begun, once a SIGTERM or a SIGINT has told it to
    /// end; a second signal ends it at once.
    ///
    /// It stops listening. Each client gets the response to what it has asked for, and is told that the
    /// connection ends with it. Connections that are idle for a second are closed.
    #[arg(long, value_name = "SECONDS", default_value = "10")]
    #[arg(value_parser = clap::value_parser!(u32).range(..=86_400))]
    pub grace: u32,

    /// Where a new server takes the listeners over from the one that runs: a path for a Unix socket.
    ///
    /// A server that is started later with the same PATH takes over the sockets of the places that both
    /// listen at, with the clients that wait there. Once it serves, this server ends as by a SIGTERM.
    /// Links and pastes stay behind.
    #[arg(long, value_name = "PATH")]
    pub handover: Option<PathBuf>,

    /// Where to write a line for each request, in the combined log format.
    ///
    /// The lines go to the end of FILE, which is opened anew on SIGHUP. Without a FILE, or as -, it is
    /// standard output. With none, there is no log. Lines that can't be written as fast as requests
    /// come are dropped, and the log says how many: nobody waits for it.
    #[arg(long, value_name = "FILE|none", default_value = "-")]
    pub log: LogTarget,

    /// A proxy whose X-Forwarded-For field says who the client is: an address, a network such as
    /// 10.0.0.0/8, or unix for those who come through a Unix socket. May be given several times.
    ///
    /// The client is the rightmost address in the field that isn't a trusted proxy's. Trusted proxies
    /// may hold as many connections as there are.
    #[arg(long, value_name = "ADDR")]
    pub trust_proxy: Vec<Proxy>,

    /// How to wait for clients.
    #[arg(long, default_value = "epoll")]
    pub poller: Kind,

    /// Don't list folders that have no index.html. They are 404 then.
    #[arg(long)]
    pub no_listing: bool,

    /// Serve and list the files and folders whose names begin with a dot.
    ///
    /// Without this they are 404. The folder .well-known directly in DIR is always served. A
    /// symbolic link counts by its own name.
    #[arg(long)]
    pub dotfiles: bool,
}

impl Config {
    /// How many workers there are to be.
    pub fn workers(&self) -> usize {
        let processors = || thread::available_parallelism().map_or(1, NonZero::get);
        self.workers.map_or_else(processors, usize::from).min(MOST_WORKERS as usize)
    }
}

/// Where the log goes.
#[derive(Clone, Debug, PartialEq)]
pub enum LogTarget {
    /// To standard output.
    Stdout,
    /// To the end of this file.
    File(PathBuf),
    /// Nowhere.
    None,
}

impl FromStr for LogTarget {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<LogTarget, Self::Err> {
        match text {
            "" => Err("it is a file, none, or - for standard output"),
            "-" => Ok(LogTarget::Stdout),
            "none" => Ok(LogTarget::None),
            path => Ok(LogTarget::File(path.into())),
        }
    }
}

const LINKS_AND_PASTES: &str = "\
Links and pastes:
  POST /s          an http or https URL of up to 2 KiB; 201, Location: /s/KEY
  POST /p          a text of up to 1 MiB; 201, Location: /p/KEY
  POST /s?key=KEY  and /p?key=KEY take this key: up to 64 letters, digits,
                   - and _
  GET, DELETE      /s/KEY redirects, /p/KEY shows; a DELETE needs no more
                   than the key

  They are in memory, 64 MiB in all with what is being sent. Whoever can reach
  the server can make them.";
