//! A real player on the finished server: Chromium jumps into the middle of a recording that is
//! too long to be fetched up to there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use checks::subject::finished::{get_until, serve};
use checks::system::tool::{Tool, left_out};
use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

/// Of sound, 8,000 bytes a second.
const LENGTH: u32 = 1 << 30;

#[test]
fn chromium_plays_from_the_middle_of_a_recording() {
    if !Tool::Chromium.installed() {
        return left_out("a recording that is played", Tool::Chromium);
    }
    let folder = tempfile::tempdir().unwrap();
    record(&folder.path().join("long.wav")).unwrap();
    fs::write(folder.path().join("index.html"), PLAYER).unwrap();
    let server = serve(folder.path());

    let _browser = Browser::open(&format!("http://{}/", server.address));
    let is_said = |response: &str| response.starts_with("HTTP/1.1 200 ");
    let response = get_until(&server, "/p/said", is_said);
    let (_, said) = response.split_once("\r\n\r\n").unwrap();
    assert_eq!(said, "played on from 100000 of 134217 seconds");
    let sent = server.process().readings().written;
    assert!(sent < u64::from(LENGTH) / 4, "it took {sent} bytes to get there");
}

/// A WAV file of one channel with a byte for each sample; a sparse one, so of silence.
fn record(place: &Path) -> io::Result<()> {
    const RATE: u32 = 8000;
    let mut head = Vec::new();
    head.extend(b"RIFF");
    head.extend((36 + LENGTH).to_le_bytes());
    head.extend(b"WAVEfmt ");
    head.extend(16u32.to_le_bytes());
    // PCM, one channel; then bytes and bits for each sample.
    head.extend([1u16, 1].map(u16::to_le_bytes).concat());
    head.extend([RATE, RATE].map(u32::to_le_bytes).concat());
    head.extend([1u16, 8].map(u16::to_le_bytes).concat());
    head.extend(b"data");
    head.extend(LENGTH.to_le_bytes());
    let mut file = File::create(place)?;
    file.write_all(&head)?;
    file.set_len(u64::from(LENGTH) + head.len() as u64)
}

/// Says by a paste how it went.
const PLAYER: &str = r#"<!doctype html>
<meta charset="utf-8">
<audio src="long.wav" muted></audio>
<script>
const audio = document.querySelector("audio");
const say = (text) => fetch("/p?key=said", { method: "POST", body: text });
audio.onerror = () => say(audio.error.message);
audio.onloadedmetadata = () => { audio.currentTime = 100000; };
audio.onseeked = () => {
  const from = audio.currentTime;
  audio.ontimeupdate = () => {
    if (audio.currentTime > from) {
      audio.ontimeupdate = null;
      say(`played on from ${from} of ${Math.floor(audio.duration)} seconds`);
    }
  };
  audio.play().catch((error) => say(error.message));
};
</script>
"#;

/// Chromium, until this goes away.
struct Browser {
    child: Child,
    _profile: TempDir,
}

impl Browser {
    fn open(address: &str) -> Browser {
        let profile = tempfile::tempdir().unwrap();
        let child = Command::new(Tool::Chromium.program())
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"])
            .args(["--no-first-run", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync"])
            .args(["--autoplay-policy=no-user-gesture-required"])
            .args(["--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(address)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("Chromium is installed");
        Browser { child, _profile: profile }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let group = Pid::from_child(&self.child);
        let _ = kill_process_group(group, Signal::KILL);
        let _ = self.child.wait();
    }
}
