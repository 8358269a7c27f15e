//! Bytes that libFuzzer draws, for [`hostile::audience`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hostile::audience(bytes));
