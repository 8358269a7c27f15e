//! Bytes that libFuzzer draws, for [`hostile::id`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hostile::id(bytes));
