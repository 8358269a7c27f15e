//! Bytes that libFuzzer draws, for [`hostile::condition`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hostile::condition(bytes));
