//! Nothing outside the folder is served, and nothing odd in it holds anyone up.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::files::expect_file;
use super::http::request;
use crate::check::{Attempt, Check, Step};
use crate::scene::Scene;
use crate::site::{Site, noise};
use crate::transcript::amount;

const FINAL: u8 = Step::FINAL.0;

pub const CHECKS: &[Check] = &[
    Check::new(
        FINAL,
        "no_spelling_leaves_the_folder",
        "No path leads out of the folder, however it is spelled.",
        no_spelling_leaves_the_folder,
    ),
    Check::new(
        FINAL,
        "no_symbolic_link_leaves_the_folder",
        "A symbolic link that leads out of the folder is 404; one that stays in it is followed.",
        no_symbolic_link_leaves_the_folder,
    ),
    Check::new(
        FINAL,
        "a_bad_escape_is_refused",
        "A percent sign without two hexadecimal digits, or with 00, is 400.",
        a_bad_escape_is_refused,
    ),
    Check::new(
        FINAL,
        "a_fifo_holds_nobody_up",
        "A file that isn't a regular one is 404, at once.",
        a_fifo_holds_nobody_up,
    ),
    Check::new(
        FINAL,
        "a_file_cut_short_ends_the_connection",
        "When a file becomes shorter while it is sent, the connection ends early.",
        a_file_cut_short_ends_the_connection,
    ),
    Check::new(
        FINAL,
        "a_file_that_grows_is_sent_as_it_was",
        "When a file becomes longer while it is sent, no more is sent than was promised.",
        a_file_that_grows_is_sent_as_it_was,
    ),
    Check::new(
        FINAL,
        "a_large_file_fills_no_memory",
        "A slow reader of a large file costs no memory, holds nobody up and gets all of it.",
        a_large_file_fills_no_memory,
    ),
    Check::new(
        FINAL,
        "files_leave_nothing_behind",
        "When files were sent, or broken off, no more descriptors are open than before.",
        files_leave_nothing_behind,
    ),
];

fn no_spelling_leaves_the_folder(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let (outside, path) = secret(&site)?;
    let path = &path[1..];
    site.folder("sub")?;
    let mut a = scene.connect_quietly()?;
    for up in [
        "../",
        "%2e%2e/",
        "%2E./",
        ".%2e/",
        "..%2f",
        "..%2F",
        "%2e%2e%2f",
        "..%5c",
        "..\\",
        ".././",
        "..//",
        "..;/",
        "..%00/",
        "%252e%252e/",
        "..%c0%af",
        "sub/../../",
    ] {
        for start in ["/", "//", &site.target(""), &site.target("sub/")] {
            let target = format!("{start}{}{path}", up.repeat(12));
            a.send(request("GET", &target))?;
            let response = a.quiet_response("GET")?;
            let refused = matches!(response.status, 400 | 404);
            let what = format!("the status of {target}");
            let received = if refused { 404 } else { response.status };
            response.expect_fact(&what, 404, received)?;
        }
        scene.note(format!("{up} twelve times, and a file outside → none of it"));
    }
    for target in [format!("//{path}"), format!("/%2f{path}"), format!("///{path}")] {
        site.expect_status(&mut a, &target, 404)?;
    }
    scene.note("a file outside after two slashes, three, an escaped one → 404");
    drop(outside);
    Ok(())
}

fn no_symbolic_link_leaves_the_folder(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let (outside, path) = secret(&site)?;
    let folder = outside.path().to_string_lossy().into_owned();
    site.folder("sub")?;
    site.write("sub/inside", "inside\n")?;
    let up = "../".repeat(24);
    let links: [(&str, &str); 9] = [
        ("absolute", &path),
        ("relative", &format!("{up}{}", &path[1..])),
        ("folder", &folder),
        ("root", "/"),
        ("parent", "../.."),
        ("chain", "absolute"),
        ("loop", "loop"),
        ("dangling", "nothing"),
        ("process", "/proc/self/root"),
    ];
    for (name, leads_to) in links {
        site.done(symlink(leads_to, site.place(name)))?;
    }
    let mut a = scene.connect_quietly()?;
    for name in [
        "absolute",
        "relative",
        "folder/",
        "folder/secret",
        "root/etc/passwd",
        "parent/",
        "chain",
        "loop",
        "dangling",
        "process/etc/passwd",
    ] {
        site.expect_status(&mut a, &site.target(name), 404)?;
        scene.note(format!("{name} → 404"));
    }
    site.done(symlink("sub/../sub/inside", site.place("within")))?;
    site.done(symlink("sub", site.place("folder-within")))?;
    expect_file(&mut a, &site.target("within"), b"inside\n")?;
    expect_file(&mut a, &site.target("folder-within/inside"), b"inside\n")?;
    scene.note("a link to a file within, and one to a folder within → 200");
    drop(outside);
    Ok(())
}

fn a_bad_escape_is_refused(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.write("a", "x")?;
    for name in ["%", "a%", "%4", "%zz", "%4g", "%g4", "%-1", "%00", "a%00", "a%00.txt"] {
        let mut client = scene.connect_quietly()?;
        site.expect_status(&mut client, &site.target(name), 400)?;
        scene.note(format!("{name} → 400"));
    }
    Ok(())
}

fn a_fifo_holds_nobody_up(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    for (name, kind) in [("fifo", FileType::Fifo), ("socket", FileType::Socket)] {
        let mode = Mode::RUSR | Mode::WUSR;
        let made = mknodat(CWD, site.place(name), kind, mode, 0);
        site.done(made.map_err(Into::into))?;
    }
    let mut a = scene.connect_quietly()?;
    let mut b = scene.connect_quietly()?;
    for name in ["fifo", "socket", "fifo/", "fifo/x"] {
        a.send(request("GET", &site.target(name)))?;
        b.send(request("GET", "/"))?;
        b.quiet_response("GET")?.expect_status(200)?;
        let response = a.quiet_response("GET")?;
        response.expect_fact(&format!("the status of {name}"), 404, response.status)?;
        scene.note(format!("{name} → 404, and others are answered"));
    }
    Ok(())
}

/// More than all buffers between the server and a client with small ones hold.
const LARGE: usize = 24 << 20;

fn a_file_cut_short_ends_the_connection(scene: &mut Scene) -> Attempt {
    const KEPT: usize = 1000;
    let site = scene.site()?;
    let content = noise(LARGE);
    site.write("large", &content)?;
    let mut a = scene.connect_with_small_buffers()?;
    a.send_unnoted(request("GET", &site.target("large")).as_bytes())?;
    a.receive(b"HTTP/1.1 200 OK\r\n")?;
    a.note(format!("← the start of a file of {}", amount(LARGE)));
    let file = site.done(File::options().write(true).open(site.place("large")))?;
    site.done(file.set_len(KEPT as u64))?;
    scene.note(format!("the file is cut to {}", amount(KEPT)));
    a.widen();
    let promised = a.skip_head()?;
    a.expect_fact("the field Content-Length", LARGE, promised, promised == LARGE as u64)?;
    let body = a.read_until_it_ends()?;
    a.expect_fact("the body", "less of it", amount(body.len()), body.len() < LARGE)?;
    let same = content.starts_with(&body);
    a.expect_fact("what came of it", "the file's bytes", "other ones", same)?;
    a.note("← less than was promised, all of it the file's, and the end");
    let mut b = scene.connect_quietly()?;
    expect_file(&mut b, &site.target("large"), &content[..KEPT])
}

fn a_file_that_grows_is_sent_as_it_was(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let content = noise(LARGE);
    site.write("large", &content)?;
    let mut a = scene.connect_with_small_buffers()?;
    let both = ["large", "missing"].map(|name| request("GET", &site.target(name)));
    // In one write: once the first is answered, the second may wait in the kernel.
    a.send_unnoted(both.concat().as_bytes())?;
    a.note("→ a request for a file, and one for what isn't there");
    // Its length has been promised.
    a.until_answered()?;
    let file = site.done(File::options().append(true).open(site.place("large")));
    let grown = file?.write_all(b"and more");
    site.done(grown)?;
    a.widen();
    let response = a.quiet_response("GET")?;
    response.expect_body(&content)?;
    a.note("← the file as it was");
    a.quiet_response("GET")?.expect_status(404)?;
    a.note("← HTTP/1.1 404 …");
    Ok(())
}

fn a_large_file_fills_no_memory(scene: &mut Scene) -> Attempt {
    const SIZE: u64 = 64 << 20;
    let site = scene.site()?;
    let file = site.done(File::create(site.place("large")))?;
    site.done(file.set_len(SIZE))?;
    let mut first = scene.connect_quietly()?;
    site.expect_status(&mut first, "/", 200)?;
    let before = scene.readings()?.memory;
    let mut a = scene.connect_with_small_buffers()?;
    a.send_unnoted(request("GET", &site.target("large")).as_bytes())?;
    a.receive(b"HTTP/1.1 200 OK\r\n")?;
    a.note(format!(
        "← the start of a file of {}, and reads no more",
        amount(SIZE as usize)
    ));
    for _ in 0..20 {
        site.expect_status(&mut first, "/", 200)?;
    }
    scene.note("meanwhile another client is answered twenty times");
    a.widen();
    let mut grown = scene.readings()?.memory.saturating_sub(before);
    let mut left = a.skip_head()?;
    let mut next = left / 2;
    while left > 0 {
        left -= a.skip_some(left)?;
        if left < next {
            grown = grown.max(scene.readings()?.memory.saturating_sub(before));
            next /= 2;
        }
    }
    a.note("reads all of it");
    scene.expect_little(grown)?;
    site.expect_status(&mut a, "/", 200)
}

fn files_leave_nothing_behind(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.folder("sub")?;
    site.write("sub/index.html", "x")?;
    site.write("small", "x")?;
    site.write("large", noise(LARGE))?;
    let mut a = scene.connect_quietly()?;
    site.expect_status(&mut a, &site.target("small"), 200)?;
    let before = scene.readings()?.descriptors;
    for _ in 0..20 {
        a.send(request("HEAD", &site.target("small")))?;
        a.quiet_response("HEAD")?.expect_status(200)?;
        for (name, status) in
            [("small", 200), ("sub/", 200), ("sub", 301), ("missing", 404)]
        {
            site.expect_status(&mut a, &site.target(name), status)?;
        }
    }
    scene.note("a file, its head, a folder, its index and what is missing, 20 times");
    for _ in 0..10 {
        let mut client = scene.connect_quietly()?;
        client.send(request("GET", &site.target("large")))?;
        client.receive(b"HTTP/1.1 200 OK\r\n")?;
        client.close();
    }
    scene.note("10 clients that leave when a large file has begun");
    scene.expect_no_more_descriptors(before)
}

/// A file that is nowhere in what is served, and its path.
fn secret(site: &Site) -> Attempt<(tempfile::TempDir, String)> {
    let outside = site.done(tempfile::tempdir())?;
    let path = outside.path().join("secret");
    site.done(fs::write(&path, "secret\n"))?;
    let path = path.to_string_lossy().into_owned();
    Ok((outside, path))
}
