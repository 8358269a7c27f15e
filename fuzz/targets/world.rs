//! Bytes that libFuzzer draws, for [`hostile::world`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hostile::world(bytes));
