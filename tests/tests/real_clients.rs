//! The finished server's real users: clients of an API that nobody here wrote.

use std::fs;
use std::path::Path;
use std::process::Command;

use checks::scene::site::noise;
use checks::subject::finished::serve;
use checks::system::tool::left_out;

/// Skipped where the interpreter, or what it needs, is missing: never in the gate.
fn passes(interpreter: &str, needs: &[&str], script: &str) {
    let there = Command::new(interpreter).args(needs).output();
    if !there.is_ok_and(|output| output.status.success()) {
        return left_out(script, format!("{interpreter} {}", needs.join(" ")));
    }
    let site = tempfile::tempdir().expect("there is room for a site");
    fs::write(site.path().join("hello.txt"), "hello\n").expect("it can be written");
    fs::write(site.path().join("large.bin"), noise(3 << 20)).expect("it can be written");
    fs::create_dir(site.path().join("sub")).expect("it can be made");
    let server = serve(site.path());
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    let output = Command::new(interpreter)
        .arg(clients.join(script))
        .arg(server.address.to_string())
        .arg(site.path())
        .output()
        .expect("it was there a moment ago");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {}\n{said}", output.status);
}

#[test]
fn http_client_of_python_is_content() {
    passes("python3", &["--version"], "http_client.py");
}

#[test]
fn aiohttp_is_content() {
    passes("python3", &["-c", "import aiohttp"], "aiohttp_client.py");
}

#[test]
fn fetch_of_node_is_content() {
    passes("node", &["-e", "fetch"], "fetch.mjs");
}
