//! The loads: what the clients ask for, how, and what it may cost.

use std::str::FromStr;

use super::servers::Kind;

/// What the clients ask for, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// What the command line calls it.
    pub key: String,
    pub name: String,
    pub file: &'static str,
    pub length: usize,
    /// How many requests a client sends at a time.
    pub depth: usize,
    /// Whether each request has a connection of its own.
    pub renewed: bool,
    /// How many other connections are open and silent.
    pub idle: usize,
    pub bar: Bar,
}

/// What a request to `final` should cost at most.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bar {
    /// In processor time, of what it costs the bare loop.
    pub cpu: Option<f64>,
    /// In system calls.
    pub calls: Option<f64>,
}

/// How long `final` should take at most from its start to its first answer, in milliseconds.
pub const START: f64 = 5.0;

/// The loads that have a bar.
pub const KEYS: &[&str] = &["small", "pipelined", "1k", "1m", "new", "idle"];

const SMALL: usize = 13;
const DEPTHS: &[usize] = &[1, 2, 4, 8, 16, 32, 64];
const IDLES: &[usize] = &[0, 10, 100, 1_000, 10_000];
/// In one write. The kernel takes all of it at once.
const MOST_DEPTH: usize = 256;
const MOST_IDLE: usize = 10_000;

impl Load {
    /// The loads that a word of the command line stands for: one by its key, `depth-N` or `idle-N`,
    /// or the rows `depths` and `idles`.
    pub fn named(word: &str) -> Result<Vec<Load>, String> {
        match word {
            "depths" => Ok(DEPTHS.iter().map(|&depth| Load::pipelined(depth)).collect()),
            "idles" => Ok(IDLES.iter().map(|&idle| Load::beside(idle)).collect()),
            _ => word.parse().map(|load| vec![load]),
        }
    }

    fn small() -> Load {
        Load {
            key: "small".into(),
            name: format!("a small file, {SMALL} bytes"),
            file: "small.txt",
            length: SMALL,
            depth: 1,
            renewed: false,
            idle: 0,
            bar: Bar { cpu: Some(1.10), calls: Some(2.1) },
        }
    }

    fn pipelined(depth: usize) -> Load {
        Load {
            key: format!("depth-{depth}"),
            name: format!("a small file, {depth} requests in one write"),
            depth,
            bar: Bar::default(),
            ..Load::small()
        }
    }

    fn beside(idle: usize) -> Load {
        Load {
            key: format!("idle-{idle}"),
            name: format!("a small file, beside {idle} idle connections"),
            idle,
            bar: Bar::default(),
            ..Load::small()
        }
    }

    pub fn is_small(&self) -> bool {
        self.length == SMALL
    }

    /// One request as a client sends it. Who serves no files has a small page.
    pub fn request(&self, kind: Kind) -> Vec<u8> {
        let file = if kind.serves_files() { self.file } else { "" };
        let close = if self.renewed { "Connection: close\r\n" } else { "" };
        format!("GET /{file} HTTP/1.1\r\nHost: localhost\r\n{close}\r\n").into()
    }

    /// Each new connection leaves a port behind that is taken for a minute.
    pub fn most_requests(&self) -> u64 {
        if self.renewed { 20_000 } else { u64::MAX }
    }
}

impl FromStr for Load {
    type Err = String;

    fn from_str(text: &str) -> Result<Load, String> {
        let number = |prefix: &str, most: usize| {
            let number = text.strip_prefix(prefix)?.parse().ok()?;
            (number <= most).then_some(number)
        };
        if let Some(depth) = number("depth-", MOST_DEPTH).filter(|&depth| depth > 0) {
            return Ok(Load::pipelined(depth));
        }
        if let Some(idle) = number("idle-", MOST_IDLE) {
            return Ok(Load::beside(idle));
        }
        let key = text.into();
        let file = |name: &str, file, length, cpu, calls| {
            let bar = Bar { cpu: Some(cpu), calls };
            Load { name: name.into(), file, length, bar, ..Load::small() }
        };
        let load = match text {
            "small" => Load::small(),
            "pipelined" => Load {
                bar: Bar { cpu: Some(1.50), calls: Some(0.13) },
                ..Load::pipelined(16)
            },
            "1k" => file("a file of 1 KiB", "1k.bin", 1 << 10, 1.12, Some(2.1)),
            "1m" => file("a file of 1 MiB", "1m.bin", 1 << 20, 1.0, None),
            "new" => Load {
                name: "a small file, a new connection for each".into(),
                renewed: true,
                bar: Bar { cpu: Some(1.0), calls: None },
                ..Load::small()
            },
            "idle" => Load {
                name: "a small file, beside 5,000 idle connections".into(),
                bar: Bar { cpu: Some(1.15), calls: None },
                ..Load::beside(5_000)
            },
            _ => {
                return Err(format!(
                    "the loads are {}, depth-N (N up to {MOST_DEPTH}), depths, idle-N (N up to \
                     {MOST_IDLE}) and idles",
                    KEYS.join(", ")
                ));
            }
        };
        Ok(Load { key, ..load })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_is_named_by_its_key() {
        for key in KEYS.iter().chain(&["depth-64", "idle-0", "idle-10000"]) {
            assert_eq!(Load::named(key).unwrap()[0].key, *key);
        }
        for word in ["depth-0", "depth-257", "idle-10001", "idle-", "idle-x", "big", ""] {
            assert!(
                Load::named(word).unwrap_err().starts_with("the loads are"),
                "{word}"
            );
        }
        let depths = Load::named("depths").unwrap();
        assert_eq!(depths.iter().map(|load| load.depth).collect::<Vec<_>>(), DEPTHS);
        let idle: Load = "idle".parse().unwrap();
        assert_eq!((idle.idle, idle.depth, idle.length), (5_000, 1, 13));
    }

    #[test]
    fn a_server_without_files_is_asked_for_its_page() {
        let new: Load = "new".parse().unwrap();
        let ask = |kind: &str| String::from_utf8(new.request(kind.parse().unwrap()));
        assert!(ask("step6").unwrap().starts_with("GET / HTTP/1.1\r\n"));
        assert!(ask("step11").unwrap().starts_with("GET /small.txt HTTP/1.1\r\n"));
        assert!(ask("final").unwrap().ends_with("\r\nConnection: close\r\n\r\n"));
    }
}
