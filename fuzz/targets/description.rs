//! Bytes that libFuzzer draws, for [`hostile::description`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hostile::description(bytes));
