//! Bytes that libFuzzer draws, for [`hostile::picture`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hostile::picture(bytes));
