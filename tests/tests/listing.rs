//! Folders that the finished server lists: with faults of the kernel, and to a real client.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use checks::server::Server;
use checks::subject::finished::{PATIENCE, get, program, serve};
use checks::system::tool::{Tool, left_out};
use checks::system::trace::{self, Fault};

/// Serves the folder on a kernel with this fault.
/// With one worker, as strace counts the calls of each thread by themselves.
fn serve_with_fault(folder: &Path, fault: Fault) -> Server {
    let outer = trace::command("/dev/null".as_ref(), &[fault]);
    let program = program(folder, &["--workers=1"]).under(&outer);
    Server::start(&program, false, PATIENCE).expect("final starts")
}

fn status(server: &Server, target: &str) -> String {
    get(server, target).unwrap()[9..12].to_string()
}

/// The start's own openat2 is the first, the look for an index page the second, and the one of the
/// folder is the third.
#[test]
fn a_folder_that_cannot_be_read_has_its_status() {
    if !Tool::Strace.installed() {
        return left_out("a folder that can't be read", Tool::Strace);
    }
    let folder = tempfile::tempdir().unwrap();
    for (calls, error, when, expected) in [
        ("openat2", "EACCES", "3", "403"),
        ("openat2", "EMFILE", "3", "503"),
        ("openat2", "EAGAIN", "3..5", "200"),
        ("openat2", "EIO", "3", "500"),
        ("getdents64", "EINTR", "1..3", "200"),
        ("getdents64", "EIO", "1", "500"),
    ] {
        let server = serve_with_fault(folder.path(), Fault { calls, error, when });
        assert_eq!(status(&server, "/"), expected, "{calls} {error}");
        // The next one goes well.
        assert_eq!(status(&server, "/"), "200", "{calls} {error}");
    }
}

/// The files that are kept open go first, as for a file.
#[test]
fn without_a_descriptor_cached_files_make_room_for_a_listing() {
    if !Tool::Strace.installed() {
        return left_out("a listing without a descriptor", Tool::Strace);
    }
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    fs::write(folder.path().join("large"), [b'x'; 20_000]).unwrap();
    // The start and the file take one and two; the look for an index page is the fourth.
    let fault = Fault { calls: "openat2", error: "EMFILE", when: "5" };
    let server = serve_with_fault(folder.path(), fault);
    // In one piece, or the file might be let go meanwhile, as it always is after a while.
    let request =
        |target, field| format!("GET {target} HTTP/1.1\r\nHost: a{field}\r\n\r\n");
    let both = request("/large", "") + &request("/sub/", "\r\nConnection: close");
    let mut socket = TcpStream::connect(server.address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket.write_all(both.as_bytes()).unwrap();
    let mut responses = String::new();
    socket.read_to_string(&mut responses).unwrap();
    assert_eq!(responses.matches("HTTP/1.1 200 OK\r\n").count(), 2, "{responses}");
}

#[test]
fn wget_finds_every_file_of_a_folder_without_a_page() {
    if !Tool::Wget.installed() {
        return left_out("a listed folder", Tool::Wget);
    }
    let folder = tempfile::tempdir().unwrap();
    let mut files = BTreeMap::new();
    for name in ["a b.txt", "100%", "x & y/<z>", "x & y/\u{e4}/deep.txt", "\u{20ac}/#1"] {
        let place = folder.path().join(name);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, name).unwrap();
        files.insert(name.to_string(), name.to_string());
    }
    fs::write(folder.path().join(".hidden"), "hidden").unwrap();
    let server = serve(folder.path());
    let fetched = tempfile::tempdir().unwrap();
    let wget = Command::new(Tool::Wget.program())
        .args(["--recursive", "--level=inf", "--no-host-directories", "--no-verbose"])
        .args(["--tries=1", "--restrict-file-names=nocontrol", "-e", "robots=off"])
        .arg(format!("http://{}/", server.address))
        .current_dir(fetched.path())
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&wget.stderr);
    assert!(wget.status.success(), "{log}");
    let mut found = below(fetched.path(), "");
    // The listings themselves, which wget calls so.
    found.retain(|name, _| !name.ends_with("index.html"));
    assert_eq!(found, files, "{log}");
}

/// Every file below a folder, by its path from there.
fn below(folder: &Path, prefix: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().into_string().unwrap());
        match entry.path().is_dir() {
            true => files.extend(below(&entry.path(), &format!("{name}/"))),
            false => _ = files.insert(name, fs::read_to_string(entry.path()).unwrap()),
        }
    }
    files
}
