//! Bytes that libFuzzer draws, for [`hostile::offer`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hostile::offer(bytes));
