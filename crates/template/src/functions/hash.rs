//! `guid` and `uniqueString`: names that are the same for everyone who computes them.

use uuid::{Uuid, uuid};

/// The namespace that Azure's `guid` hashes in.
const NAMESPACE: Uuid = uuid!("11fb06fb-712d-4ddd-98c7-e71bbd588830");
/// Five bits each.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const UNIQUE_LENGTH: u32 = 13;
const C1: u32 = 0x239b_961b;
const C2: u32 = 0xab0e_9789;

pub(super) fn guid(parts: &[&str]) -> String {
    Uuid::new_v5(&NAMESPACE, parts.join("-").as_bytes()).to_string()
}

pub(super) fn unique_string(parts: &[&str]) -> String {
    let mut hash = murmur(parts.join("-").as_bytes());
    let mut unique = String::new();
    for _ in 0..UNIQUE_LENGTH {
        let letter = LETTERS.get((hash >> 59) as usize).copied().unwrap_or_default();
        unique.push(char::from(letter));
        hash <<= 5;
    }
    unique
}

/// A 64-bit Murmur hash of two 32-bit lanes, as Azure's engine computes it; all of it wraps.
fn murmur(bytes: &[u8]) -> u64 {
    let (mut h1, mut h2) = (0_u32, 0_u32);
    let mut blocks = bytes.chunks_exact(8);
    for block in &mut blocks {
        let (low, high) = block.split_at(4);
        h1 ^= mix(word(low), C1, 15, C2);
        h1 = h1.rotate_left(19).wrapping_add(h2);
        h1 = h1.wrapping_mul(5).wrapping_add(0x561c_cd1b);
        h2 ^= mix(word(high), C2, 17, C1);
        h2 = h2.rotate_left(13).wrapping_add(h1);
        h2 = h2.wrapping_mul(5).wrapping_add(0x0bca_a747);
    }
    let tail = blocks.remainder();
    let (low, high) = tail.split_at(tail.len().min(4));
    h1 ^= mix(word(low), C1, 15, C2);
    h2 ^= mix(word(high), C2, 17, C1);
    #[expect(clippy::cast_possible_truncation, reason = "the algorithm takes the low 32 bits")]
    let length = bytes.len() as u32;
    h1 ^= length;
    h2 ^= length;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    h1 = avalanche(h1);
    h2 = avalanche(h2);
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    (u64::from(h2) << 32) | u64::from(h1)
}

fn mix(word: u32, first: u32, turn: u32, second: u32) -> u32 {
    word.wrapping_mul(first).rotate_left(turn).wrapping_mul(second)
}

/// At most four bytes, least significant first.
fn word(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |word, &byte| (word << 8) | u32::from(byte))
}

fn avalanche(mut hash: u32) -> u32 {
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x85eb_ca6b);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}
