//! Where and when something was measured.

use std::{fmt, fs, io};

use procfs::{CpuInfo, Current};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// As in 2026-11-30.
    pub date: String,
    pub processor: String,
    pub cores: usize,
    pub is_virtual: bool,
    /// Linux's version.
    pub kernel: String,
}

impl Machine {
    pub fn here() -> io::Result<Machine> {
        let info = CpuInfo::current().map_err(io::Error::other)?;
        let processor = info.model_name(0).unwrap_or("unknown processor");
        let processor = processor.replace("(R)", "").replace("(TM)", "");
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
        // What follows is the builder's.
        let kernel = kernel.trim().split('-').next().unwrap_or_default();
        Ok(Machine {
            date: OffsetDateTime::now_utc().date().to_string(),
            processor: processor.split_whitespace().collect::<Vec<_>>().join(" "),
            cores: info.num_cores(),
            is_virtual: info.flags(0).is_some_and(|flags| flags.contains(&"hypervisor")),
            kernel: kernel.into(),
        })
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let Machine { date, processor, cores, is_virtual, kernel } = self;
        let what = if *is_virtual { "a virtual machine with " } else { "" };
        write!(out, "{date}, {what}{cores} cores of {processor}, Linux {kernel}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_says_what_it_is() {
        let here = Machine::here().unwrap();
        assert!(here.cores > 0 && here.date.len() == 10, "{here:?}");
        let machine = Machine {
            date: "2026-11-30".into(),
            processor: "Xeon".into(),
            cores: 2,
            is_virtual: true,
            kernel: "6.18.44".into(),
        };
        assert_eq!(
            machine.to_string(),
            "2026-11-30, a virtual machine with 2 cores of Xeon, Linux 6.18.44"
        );
    }
}
