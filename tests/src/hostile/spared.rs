//! Faults that our own programs don't bear yet: none of them is made in their runs. Each goes
//! as soon as the steps are mended.

use recording::hostile::Fault;

pub const SPARED: &[(Fault, &str)] = &[
    (Fault::ExhaustedWait, "ENOMEM from poll(2) ends the process"),
    (Fault::ShortFileRead, "a short pread(2) cuts a file's answer"),
    (Fault::InterruptedFileRead, "EINTR from pread(2) is a 404"),
    (Fault::InterruptedOpen, "EINTR from openat2(2) is a 404"),
    (Fault::UnreadyOpen, "EAGAIN from openat2(2) isn't tried again"),
];
