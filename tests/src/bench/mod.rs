//! `final` beside nginx: the same loads in turn, each server on one core of its own, and what
//! a request costs each in processor time.

mod contestant;
mod wrk;

use std::io;
use std::path::Path;
use std::time::Duration;

pub use contestant::Contestant;
pub use wrk::Run;

/// What the clients ask for, over and over, on connections that stay.
pub struct Load {
    pub name: &'static str,
    pub target: Target,
}

#[derive(Clone, Copy)]
pub enum Target {
    /// Made in memory for each request, of [`DYNAMIC`].
    Dynamic,
    /// A file of so many bytes.
    File(usize),
}

pub const DYNAMIC: &str = "hello, world\n";

pub const LOADS: &[Load] = &[
    Load { name: "dynamic, 13 bytes", target: Target::Dynamic },
    Load { name: "file, 1 KiB", target: Target::File(1 << 10) },
    Load { name: "file, 1 MiB", target: Target::File(1 << 20) },
];

impl Target {
    fn file_name(self) -> Option<String> {
        match self {
            Target::Dynamic => None,
            Target::File(length) => Some(format!("{length}.bin")),
        }
    }
}

/// The folder that both serve.
pub fn fill(folder: &Path) -> io::Result<()> {
    for load in LOADS {
        if let (Target::File(length), Some(name)) = (load.target, load.target.file_name())
        {
            std::fs::write(folder.join(name), crate::scene::site::noise(length))?;
        }
    }
    Ok(())
}

/// What one run cost the server.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub requests: u64,
    /// For one request, user and system.
    pub cpu: Duration,
    pub per_second: f64,
}

/// One load on one server, after a moment of warming up.
pub fn measure(
    contestant: &mut Contestant,
    target: Target,
    run: &Run,
) -> io::Result<Cost> {
    let path = contestant.path(target)?;
    Run { seconds: 1, ..*run }.on(contestant.address, &path)?;
    let before = contestant.cpu();
    let requests = run.on(contestant.address, &path)?;
    let cpu = contestant.cpu().saturating_sub(before);
    Ok(Cost {
        requests,
        cpu: cpu.div_f64(requests.max(1) as f64),
        per_second: requests as f64 / run.seconds as f64,
    })
}
