//! Files that can't be opened, at once or at all.

use super::fetching::{expect_file, get};
use crate::check::Check;
use crate::client::Options;
use crate::evidence::failure::Attempt;
use crate::scene::Scene;
use crate::system::tool::Tool;
use crate::system::trace::Fault;

pub const CHECKS: &[Check] = &[
    Check::new(
        11,
        "a_file_that_could_not_be_opened_at_once_is_opened_again",
        "An openat2 that may succeed on another try is tried again, and the file is served.",
        a_file_that_could_not_be_opened_at_once_is_opened_again,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        11,
        "a_file_that_cannot_be_opened_now_is_503",
        "When no file can be opened for want of memory or luck, that is 503, and no end.",
        a_file_that_cannot_be_opened_now_is_503,
    )
    .needs(&[Tool::Strace]),
];

/// The first call is the start's own, perhaps: the folder is looked at then.
fn a_file_that_could_not_be_opened_at_once_is_opened_again(scene: &mut Scene) -> Attempt {
    const FILES: usize = 4;
    let site = scene.site()?;
    for number in 0..FILES {
        site.write(&number.to_string(), "there\n")?;
    }
    let fault = Fault { calls: "openat2", error: "EAGAIN", when: "2..4" };
    scene.start_with_faults(&[fault])?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for number in 0..FILES {
        expect_file(&mut a, &site.target(&number.to_string()), b"there\n")?;
    }
    scene.note(format!("{FILES} files are served as they are"));
    scene.note_whether_one_failed("openat2");
    Ok(())
}

fn a_file_that_cannot_be_opened_now_is_503(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.write("file", "there\n")?;
    for error in ["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"] {
        let mut own = Scene::new(scene.program, scene.dialect, scene.patience);
        own.start_with_faults(&[Fault { calls: "openat2", error, when: "2+" }])?;
        let mut a = own.connect_with(Options::QUIET)?;
        let mut statuses = Vec::new();
        for _ in 0..3 {
            statuses.push(get(&mut a, &site.target("file"), "")?.status);
        }
        let expected = if own.one_failed() { 503 } else { 200 };
        let last = statuses.last().copied().unwrap_or_default();
        a.expect_fact("the status", expected, last, last == expected)?;
        scene.note(format!(
            "each openat2 fails with {error} → {expected}, as often as asked"
        ));
    }
    Ok(())
}
