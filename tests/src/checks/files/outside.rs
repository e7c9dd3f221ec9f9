//! Nothing outside the folder is served, and nothing odd in it holds anyone up.

use std::fs::{self, File};
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use procfs::process::Process;
use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat};
use rustix::process::Pid;
use rustix::thread::gettid;

use super::fetching::{expect_file, expect_status};
use crate::check::Check;
use crate::client::Options;
use crate::client::http::requests::request;
use crate::evidence::failure::{Attempt, Failure};
use crate::scene::Scene;
use crate::scene::site::Site;
use crate::system::patience::Pause;

pub const CHECKS: &[Check] = &[
    Check::new(
        11,
        "no_spelling_leaves_the_folder",
        "No path leads out of the folder, however it is spelled.",
        no_spelling_leaves_the_folder,
    ),
    Check::new(
        11,
        "no_symbolic_link_leaves_the_folder",
        "A symbolic link that leads out of the folder is 404; one that stays in it is followed.",
        no_symbolic_link_leaves_the_folder,
    ),
    Check::new(
        11,
        "a_bad_escape_is_refused",
        "A percent sign without two hexadecimal digits, or with 00, is 400.",
        a_bad_escape_is_refused,
    ),
    Check::new(
        11,
        "a_fifo_holds_nobody_up",
        "A file that isn't a regular one is 404, at once.",
        a_fifo_holds_nobody_up,
    ),
    Check::new(
        11,
        "who_waits_for_a_reader_goes_on_waiting",
        "A GET for a FIFO opens nothing: whoever waits there for a reader isn't let go.",
        who_waits_for_a_reader_goes_on_waiting,
    ),
];

fn no_spelling_leaves_the_folder(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let (outside, path) = secret(&site)?;
    let path = &path[1..];
    site.folder("sub")?;
    site.write("sub/inside", "inside\n")?;
    let mut a = scene.connect_with(Options::QUIET)?;
    expect_file(&mut a, &site.target("sub/inside"), b"inside\n")?;
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
            if response.status == 400 {
                a = scene.connect_with(Options::QUIET)?;
            }
        }
        scene.note(format!("{up} twelve times, and a file outside → none of it"));
    }
    for target in [format!("//{path}"), format!("/%2f{path}"), format!("///{path}")] {
        expect_status(&mut a, &target, 404)?;
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
    let mut a = scene.connect_with(Options::QUIET)?;
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
        expect_status(&mut a, &site.target(name), 404)?;
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
    let mut a = scene.connect_with(Options::QUIET)?;
    expect_file(&mut a, &site.target("%61"), b"x")?;
    for name in ["%", "a%", "%4", "%zz", "%4g", "%g4", "%-1", "%00", "a%00", "a%00.txt"] {
        let mut client = scene.connect_with(Options::QUIET)?;
        expect_status(&mut client, &site.target(name), 400)?;
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
    site.write("file", "x")?;
    let mut a = scene.connect_with(Options::QUIET)?;
    let mut b = scene.connect_with(Options::QUIET)?;
    for name in ["fifo", "socket", "fifo/", "fifo/x"] {
        a.send(request("GET", &site.target(name)))?;
        expect_file(&mut b, &site.target("file"), b"x")?;
        let response = a.quiet_response("GET")?;
        response.expect_status_of(name, 404)?;
        scene.note(format!("{name} → 404, and others are answered"));
    }
    Ok(())
}

fn who_waits_for_a_reader_goes_on_waiting(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let fifo = site.place("fifo");
    let made = mknodat(CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0);
    site.done(made.map_err(Into::into))?;
    site.write("file", "x")?;
    let mut a = scene.connect_with(Options::QUIET)?;
    expect_file(&mut a, &site.target("file"), b"x")?;
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let _ = tell.send(gettid());
            File::options().write(true).open(&fifo)
        });
        let thread = told.recv().expect("it tells its number first");
        let asked = until(|| writer.is_finished() || sleeps(thread))
            .and_then(|()| expect_status(&mut a, &site.target("fifo"), 404))
            // One who was let go is awake, until it is finished.
            .and_then(|()| until(|| writer.is_finished() || sleeps(thread)));
        let is_waiting = !writer.is_finished();
        // It waits no longer: here is a reader.
        let reader = File::options()
            .read(true)
            .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
            .open(&fifo);
        let opened = writer.join().expect("it panics at nothing");
        site.done(reader.and(opened))?;
        asked?;
        let received = if is_waiting { "waits" } else { "was let go" };
        a.expect_fact("the one who opens a FIFO to write", "waits", received, is_waiting)
    })?;
    scene.note("a writer waits, GET of its FIFO → 404, and the writer waits");
    Ok(())
}

/// Whether a thread of this process has nothing to do.
fn sleeps(thread: Pid) -> bool {
    let tasks = Process::myself().and_then(|own| own.task_from_tid(thread.as_raw_pid()));
    tasks.and_then(|task| task.stat()).is_ok_and(|stat| stat.state == 'S')
}

/// Waits until it is so, for a minute at most.
fn until(is_so: impl Fn() -> bool) -> Attempt {
    const LONG: Duration = Duration::from_secs(60);
    let (start, mut pause) = (Instant::now(), Pause::new());
    while !is_so() {
        if start.elapsed() > LONG {
            return Err(Failure::own("the one who opens a FIFO", "it never sleeps"));
        }
        pause.sleep();
    }
    Ok(())
}

/// A file that is nowhere in what is served, and its path.
fn secret(site: &Site) -> Attempt<(tempfile::TempDir, String)> {
    let outside = site.done(tempfile::tempdir())?;
    let path = outside.path().join("secret");
    site.done(fs::write(&path, "secret\n"))?;
    let path = path.to_string_lossy().into_owned();
    Ok((outside, path))
}
