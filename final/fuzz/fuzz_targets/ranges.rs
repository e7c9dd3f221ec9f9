#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lander_fuzz::ranges::check(input));
