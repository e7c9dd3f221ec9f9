//! Chapter 9.

use checks::check::Check;
use checks::evidence::failure::Attempt;
use checks::scene::Scene;
use checks::system::tool::Tool;

use super::expect_equal;

pub const CHECKS: &[Check] = &[
    Check::new(
        9,
        "a_file_goes_through_our_memory",
        "A file of 1 MiB is read and written in pieces of 64 KiB, and nothing is left to sendfile.",
        a_file_goes_through_our_memory,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        9,
        "what_may_be_kept_is_asked_about",
        "A file says Cache-Control: no-cache, when it is sent and when it is the same.",
        what_may_be_kept_is_asked_about,
    ),
];

fn a_file_goes_through_our_memory(scene: &mut Scene) -> Attempt {
    const LENGTH: usize = 1 << 20;
    let site = scene.site()?;
    site.write("file", vec![b'x'; LENGTH])?;
    scene.start_traced()?;
    let mut a = scene.connect()?;
    let head = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", site.target("file"));
    a.send(head)?;
    let response = a.quiet_response("GET")?;
    expect_equal("the length", LENGTH, response.body.len())?;
    let calls = scene.calls();
    let reads = calls.iter().filter(|call| call.name == "pread64");
    let reads: Vec<usize> = reads.filter_map(|call| call.result.parse().ok()).collect();
    // What the socket didn't take is read again.
    expect_equal("all of it is read", true, reads.iter().sum::<usize>() >= LENGTH)?;
    let most = reads.iter().max().copied().unwrap_or(0);
    expect_equal("the most that is read at once", 64 * 1024, most)?;
    let left = calls.iter().filter(|call| call.name == "sendfile").count();
    expect_equal("calls of sendfile", 0, left)
}

fn what_may_be_kept_is_asked_about(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.write("file", b"hello\n")?;
    let mut a = scene.connect()?;
    for (fields, status) in [("", 200), ("If-None-Match: *\r\n", 304)] {
        let line = format!("GET {} HTTP/1.1", site.target("file"));
        a.send(format!("{line}\r\nHost: localhost\r\n{fields}\r\n"))?;
        let response = a.quiet_response("GET")?;
        response.expect_status(status)?;
        response.expect_field("Cache-Control", "no-cache")?;
    }
    Ok(())
}
