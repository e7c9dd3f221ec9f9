//! Whether other threads sleep where this kernel doesn't see it, such as in a join.

use std::fs;

/// By the states of proc_pid_stat(5).
pub fn others_sleep() -> bool {
    // SAFETY: gettid(2) takes nothing.
    let own = unsafe { libc::gettid() }.to_string();
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    threads.filter(|thread| thread.file_name() != *own).all(|thread| {
        let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        // Its name, in parentheses, may hold anything.
        let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        state.is_none_or(|state| "STtZX".contains(state))
    })
}
