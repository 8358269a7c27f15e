//! Bytes that libFuzzer draws, for [`hostile::expression`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hostile::expression(bytes));
