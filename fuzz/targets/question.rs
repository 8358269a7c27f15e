//! Bytes that libFuzzer draws, for [`hostile::question`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hostile::question(bytes));
