//! Bytes that libFuzzer draws, for [`hostile::filter`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hostile::filter(bytes));
