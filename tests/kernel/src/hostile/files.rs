//! Files are the real kernel's; those that are served may fail.

use std::os::unix::ffi::OsStrExt;

use recording::hostile::Fault;
use recording::{Answer, Asked};
use syscalls::Sysno;

use super::pending::{Pending, Turn};
use super::world::World;
use crate::{raw, request};

const EXHAUSTED: [i32; 3] = [libc::EMFILE, libc::ENFILE, libc::ENOMEM];

impl World {
    pub fn open(&mut self, call: &mut Pending) -> Turn {
        let (folder, is_served) = match &call.asked {
            Asked::OpenAt { folder, path, .. } => {
                (*folder, self.is_served(*folder, path.as_bytes()))
            }
            Asked::OpenAt2 { folder, path, .. } => {
                (*folder, self.is_served(*folder, &path.0))
            }
            _ => return Turn::Real,
        };
        if !is_served {
            return Turn::Real;
        }
        let faults: &[Fault] = match call.asked {
            Asked::OpenAt2 { .. } => {
                &[Fault::UnreadyOpen, Fault::ExhaustedOpen, Fault::InterruptedOpen]
            }
            _ => &[Fault::ExhaustedOpen, Fault::InterruptedOpen],
        };
        if let Some(fault) = self.struck(call, folder, faults) {
            let error = match fault {
                Fault::UnreadyOpen => libc::EAGAIN,
                Fault::ExhaustedOpen => self.chance.one_of(&EXHAUSTED),
                _ => libc::EINTR,
            };
            return self.fail(fault, call, folder, error);
        }
        let answer = request::made(call.request);
        if let Answer::Done { result, .. } = answer {
            self.files.insert(result);
        }
        Turn::Done(answer)
    }

    fn is_served(&self, folder: i64, path: &[u8]) -> bool {
        let Some(served) = &self.orders.folder else { return false };
        match path.starts_with(b"/") {
            true => path.starts_with(served.as_os_str().as_bytes()),
            false => self.files.contains(&folder),
        }
    }

    /// statx(2), pread(2), and read(2) of what isn't this kernel's.
    pub fn file(&mut self, call: &mut Pending) -> Turn {
        let fd = call.asked.descriptor().unwrap_or(-1);
        let faults: &[Fault] = match &call.asked {
            _ if self.is_ours(fd) => return self.unknown(call),
            Asked::Statx { path, .. }
                if path.is_empty() && self.files.contains(&fd)
                    || !path.is_empty() && self.is_served(fd, path.as_bytes()) =>
            {
                &[Fault::FailedStat]
            }
            Asked::PRead64 { .. } | Asked::Read { .. } | Asked::ReadV { .. }
                if self.files.contains(&fd) =>
            {
                &[Fault::FailedFileRead, Fault::InterruptedFileRead]
            }
            _ => return Turn::Real,
        };
        if let Some(fault) = self.struck(call, fd, faults) {
            let interrupted = fault == Fault::InterruptedFileRead;
            let error = if interrupted { libc::EINTR } else { libc::EIO };
            return self.fail(fault, call, fd, error);
        }
        let mut answer = request::made(call.request);
        if let Answer::Done { result, payload } = &mut answer
            && let Some(data) = &mut payload.data
            && data.bytes().len() > 1
            && self.listening
            && self.over.is_none()
            && self.chance.strikes(Fault::ShortFileRead)
        {
            let mut short = data.bytes().into_owned();
            let most = short.len();
            short.truncate(self.chance.short(most));
            *result = short.len() as i64;
            let is_at_a_place = matches!(call.asked, Asked::PRead64 { .. });
            if !is_at_a_place {
                step_back(fd, most - short.len());
            }
            *data = short.into();
            let what = format!("a read of a file gives {result} of {most}");
            self.note(Fault::ShortFileRead, fd, what);
        }
        Turn::Done(answer)
    }
}

/// What wasn't given is read by the next read(2).
fn step_back(fd: i64, count: usize) {
    let args = [fd as usize, count.wrapping_neg(), libc::SEEK_CUR as usize, 0, 0, 0];
    // SAFETY: lseek(2) takes numbers.
    unsafe { raw::call(Sysno::lseek, args) };
}
