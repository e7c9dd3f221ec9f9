//! A folder's files: step 11, and from there on, with conditions from step 12 on and with ranges
//! from step 13 on.

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fastrand::Rng;
use tempfile::TempDir;

use super::plan::Wanted;
use super::requests::{Request, head};
use crate::scene::site::{noise, numbered_folder};
use crate::step::Step;

/// Files that are there for a while, beneath the folder that is served.
pub struct Served {
    folder: TempDir,
    path: String,
    files: Vec<(&'static str, Vec<u8>)>,
}

/// The first of January 2026.
const MODIFIED: Duration = Duration::from_secs(1_767_225_600);
const BEFORE: &str = "Wed, 31 Dec 2025 00:00:00 GMT";
const AFTER: &str = "Fri, 02 Jan 2026 00:00:00 GMT";

impl Served {
    /// Lengths around those at which a server may go about it in another way.
    pub fn beneath(served: &Path) -> io::Result<Served> {
        let folder = numbered_folder(served)?;
        let name = folder.path().file_name().unwrap_or_default().to_string_lossy();
        let path = format!("/{name}");
        let lengths = [
            ("empty.txt", 0),
            ("one.txt", 1),
            ("some.html", 5000),
            ("edge.bin", 16 * 1024),
            ("over.bin", 16 * 1024 + 1),
            ("large.bin", 200_000),
        ];
        let files: Vec<_> =
            lengths.into_iter().map(|(name, length)| (name, noise(length))).collect();
        for (name, content) in &files {
            let file = folder.path().join(name);
            std::fs::write(&file, content)?;
            let file = std::fs::File::options().write(true).open(file)?;
            file.set_modified(modified())?;
        }
        Ok(Served { folder, path, files })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

fn modified() -> SystemTime {
    UNIX_EPOCH + MODIFIED
}

pub fn request(rng: &mut Rng, step: Step, served: &Served) -> Vec<Request> {
    let (name, content) = &served.files[rng.usize(0..served.files.len())];
    let target = format!("{}/{name}", served.path);
    let length = content.len();
    let has_ranges = *step >= 13 && length > 0;
    let (fields, status, body): (_, &[u16], _) = match rng.u8(0..10) {
        0..=4 if *step < 12 => (String::new(), &[200], Some(&content[..])),
        0 => ("If-None-Match: *\r\n".to_string(), &[304], None),
        1 => (format!("If-Modified-Since: {AFTER}\r\n"), &[304], None),
        2 => (format!("If-Modified-Since: {BEFORE}\r\n"), &[200], Some(&content[..])),
        3 => (format!("If-Unmodified-Since: {BEFORE}\r\n"), &[412], None),
        4 => ("If-Match: *\r\n".to_string(), &[200], Some(&content[..])),
        5 if has_ranges => {
            let first = rng.usize(0..length);
            let last = rng.usize(first..length);
            let part = Some(&content[first..=last]);
            (format!("Range: bytes={first}-{last}\r\n"), &[206], part)
        }
        6 if has_ranges => {
            let count = rng.usize(1..=length);
            let part = Some(&content[length - count..]);
            (format!("Range: bytes=-{count}\r\n"), &[206], part)
        }
        7 if has_ranges => (format!("Range: bytes={length}-\r\n"), &[416], None),
        _ => (String::new(), &[200], Some(&content[..])),
    };
    let method = if rng.u8(0..4) == 0 { "HEAD" } else { "GET" };
    let (status, body) = match (method, status) {
        // Ranges are for GET: RFC 9110, section 14.2.
        ("HEAD", [206 | 416]) => (&[200][..], None),
        _ => (status, body.map(<[u8]>::to_vec)),
    };
    let wanted = Wanted::new(method, &target, status);
    let wanted = Wanted { body, is_file: true, ..wanted };
    vec![(head(rng, method, &target, &fields), wanted)]
}
