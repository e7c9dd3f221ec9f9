#![no_main]

use lander_fuzz::requests::{Stream, check};

libfuzzer_sys::fuzz_target!(|stream: Stream| check(&stream));
