//! What the server says when it starts: where it listens, what it serves, and with which limits.

use std::fmt::Write;

use bytesize::ByteSize;

use crate::app::ROOM;
use crate::config::{Config, LogTarget};
use crate::limits::Limits;

/// The lines for standard output. Those of the places come first, one each.
pub fn lines(places: &[String], config: &Config, limits: &Limits) -> String {
    let mut text = String::new();
    for place in places {
        let _ = writeln!(text, "listening on {place}");
    }
    let folder = config.folder.display();
    let listings = if config.no_listing { "without listings" } else { "with listings" };
    let dotfiles = if config.dotfiles { "with dotfiles" } else { "without dotfiles" };
    let _ = writeln!(text, "serving the folder {folder}, {listings} and {dotfiles}");
    let _ = writeln!(text, "keeping links at /s and pastes at /p, in {}", size(ROOM));
    let (clients, share) = (limits.clients(), limits.share());
    let (patience, memory) = (config.patience, size(limits.memory()));
    let _ = writeln!(
        text,
        "for {clients} connections at most, {share} from one address; each may stall for \
         {patience} s, and all together may hold {memory}"
    );
    let workers = config.workers();
    if workers > 1 {
        let _ = writeln!(text, "on {workers} threads, each with a part of these limits");
    }
    if let Some(path) = &config.handover {
        let _ = writeln!(text, "handing over to a successor at {}", path.display());
    }
    let _ = match &config.log {
        LogTarget::Stdout => writeln!(text, "logging each request here"),
        LogTarget::File(path) => {
            writeln!(text, "logging each request to {}", path.display())
        }
        LogTarget::None => writeln!(text, "logging nothing"),
    };
    text
}

fn size(bytes: usize) -> impl std::fmt::Display {
    ByteSize(bytes as u64).display().iec()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::peers::Proxies;

    fn lines_of(places: &[&str], arguments: &[&str]) -> String {
        let config = Config::parse_from([&["final", "--workers=1"], arguments].concat());
        let places: Vec<String> = places.iter().map(|place| place.to_string()).collect();
        lines(&places, &config, &Limits::new(1024, Proxies::default()))
    }

    #[test]
    fn a_few_lines_say_what_is_served_where_and_how() {
        let usual = lines_of(&["127.0.0.1:8080"], &["/srv"]);
        assert_eq!(
            usual,
            "listening on 127.0.0.1:8080\n\
             serving the folder /srv, with listings and without dotfiles\n\
             keeping links at /s and pastes at /p, in 64.0 MiB\n\
             for 1008 connections at most, 504 from one address; each may stall for 30 s, \
             and all together may hold 16.0 MiB\n\
             logging each request here\n"
        );
        let options =
            ["/srv", "--no-listing", "--dotfiles", "--log=none", "--patience=5"];
        let other = lines_of(&["[::1]:80", "unix:/run/a"], &options);
        assert!(other.starts_with("listening on [::1]:80\nlistening on unix:/run/a\n"));
        assert!(other.contains(", without listings and with dotfiles\n"), "{other}");
        assert!(other.contains(" stall for 5 s, "), "{other}");
        assert!(other.ends_with("\nlogging nothing\n"), "{other}");
        assert!(!other.contains(" threads"), "{other}");
        let options = ["/srv", "--handover=/run/next", "--log", "/var/log/final"];
        let other = lines_of(&[], &options);
        let handover = "\nhanding over to a successor at /run/next\n";
        assert!(other.contains(handover), "{other}");
        assert!(other.ends_with("\nlogging each request to /var/log/final\n"), "{other}");
    }
}
