//! Reports for tests.

use super::series::{Round, Series};
use super::{Loaded, Machine, Report, Setting, Shares, Skipped, Start};

pub fn machine() -> Machine {
    Machine {
        date: "2026-11-30".into(),
        processor: "Xeon".into(),
        cores: 2,
        is_virtual: false,
        kernel: "6.18.44".into(),
    }
}

/// Rounds with this processor time each.
pub fn series(server: &str, cpu_us: &[f64]) -> Series {
    let round = |&cpu_us: &f64| Round {
        requests: 1000,
        cpu_us,
        per_second: 1e6 / cpu_us,
        p50_us: 640.0,
        p99_us: 1280.0,
        memory_bytes: 5 << 20,
        idle_bytes: None,
        shares: Shares { server: 0.99, clients: 0.9, ..Shares::default() },
    };
    let round = |cpu_us| round(cpu_us).rounded();
    let runs = vec![cpu_us.iter().map(round).collect()];
    Series { server: server.into(), calls: Some(2.02), doubts: vec![], runs }
}

pub fn report(load: &str, servers: Vec<Series>) -> Report {
    let why = "nginx isn't installed".into();
    let nginx = Skipped { server: "nginx".into(), why, failed: false };
    let loaded = Loaded {
        load: load.into(),
        name: "a small file".into(),
        depth: 1,
        idle: 0,
        servers,
        skipped: vec![nginx],
    };
    let setting = Setting { connections: 64, seconds: 4, rounds: 3, runs: 1 };
    let starts = vec![Start { server: "final".into(), ms: vec![4.0, 6.0, 4.5] }];
    Report { machine: machine(), setting, loads: vec![loaded], starts }
}
