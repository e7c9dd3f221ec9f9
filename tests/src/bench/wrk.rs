//! The load: wrk, on other cores than the server's.

use std::io;
use std::net::SocketAddr;
use std::process::Command;

#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub connections: usize,
    pub seconds: u64,
    pub threads: usize,
}

impl Run {
    /// How many requests were answered. Any that wasn't, or wasn't by 200, is an error.
    pub fn on(&self, server: SocketAddr, path: &str) -> io::Result<u64> {
        let Run { connections, seconds, threads } = self;
        let output = Command::new("taskset")
            .args(["--cpu-list", &other_cores(), "wrk"])
            .args(["--connections", &connections.to_string()])
            .args(["--threads", &threads.to_string()])
            .args(["--duration", &format!("{seconds}s")])
            .arg(format!("http://{server}{path}"))
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        read(&text).ok_or_else(|| {
            let errors = String::from_utf8_lossy(&output.stderr);
            io::Error::other(format!("wrk on {path}:\n{text}{errors}"))
        })
    }
}

/// All but the server's.
fn other_cores() -> String {
    let cores = std::thread::available_parallelism().map_or(2, |cores| cores.get());
    format!("1-{}", cores.max(2) - 1)
}

fn read(text: &str) -> Option<u64> {
    if text.contains("Socket errors") || text.contains("Non-2xx") {
        return None;
    }
    let line = text.lines().find(|line| line.contains(" requests in "))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn answers_are_counted_and_errors_count_for_nothing() {
        let text =
            "Running 1s test\n  17035 requests in 1.10s, 5.47MB read\nRequests/sec: 1\n";
        assert_eq!(read(text), Some(17_035));
        assert_eq!(read(&format!("{text}  Non-2xx or 3xx responses: 1\n")), None);
        assert_eq!(read(&format!("{text}  Socket errors: connect 0, read 1\n")), None);
        assert_eq!(read("unable to connect"), None);
    }
}
