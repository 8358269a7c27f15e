//! ARM's token buckets: per principal, and per subscription or tenant, for reads, writes and
//! deletes each (ARM contract, §1.9; the model since 2024). What is left is always said; whether
//! an empty bucket refuses is a choice of whoever runs Fyr.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use arm::request::{ArmRequest, Method};
use ids::guid::Principal;
use jiff::Timestamp;

/// How much a bucket holds, and how much flows in each second.
#[derive(Clone, Copy)]
struct Bucket {
    size: f64,
    refill: f64,
}

const READS: Bucket = Bucket { size: 250.0, refill: 25.0 };
const WRITES: Bucket = Bucket { size: 200.0, refill: 10.0 };

/// Beyond this, buckets that have filled up again are forgotten.
const BUCKETS_MAX: usize = 100_000;

/// What an empty bucket does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enforcement {
    /// Nothing but say so.
    Off,
    /// Refuse with 429.
    On,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Read,
    Write,
    Delete,
}

/// A caller, what it works on (a subscription, or its tenant), and how.
type Key = (Principal, Option<String>, Kind);

/// All buckets.
pub struct Rates {
    enforcement: Enforcement,
    levels: Mutex<HashMap<Key, (f64, Timestamp)>>,
}

/// What a request took from its bucket.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    /// The header that tells what is left, and its value.
    pub(crate) remaining: Option<(&'static str, u32)>,
    /// Seconds to wait, where the bucket was empty.
    pub(crate) refused: Option<u32>,
}

impl Rates {
    /// Full buckets for everyone.
    pub fn new(enforcement: Enforcement) -> Self {
        Self { enforcement, levels: Mutex::default() }
    }

    /// Takes one from the bucket of a request that has a caller.
    pub(crate) fn spend(&self, request: &ArmRequest, now: Timestamp) -> Spent {
        let Ok(caller) = &request.caller else { return Spent::default() };
        let subscription = subscription(&request.path);
        let kind = match request.method {
            Method::Get | Method::Head => Kind::Read,
            Method::Put | Method::Patch | Method::Post => Kind::Write,
            Method::Delete => Kind::Delete,
        };
        let header = header(kind, subscription.is_some());
        let bucket = if kind == Kind::Read { READS } else { WRITES };
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        if levels.len() > BUCKETS_MAX {
            levels.retain(|_, (level, at)| filled(bucket, *level, *at, now) < bucket.size);
        }
        let slot =
            levels.entry((caller.principal, subscription, kind)).or_insert((bucket.size, now));
        let level = filled(bucket, slot.0, slot.1, now);
        let refused = level < 1.0 && self.enforcement == Enforcement::On;
        let left = if refused { level } else { (level - 1.0).max(0.0) };
        *slot = (left, now);
        Spent {
            remaining: Some((header, whole(left))),
            refused: refused.then(|| whole((1.0 - left) / bucket.refill).max(1)),
        }
    }
}

fn filled(bucket: Bucket, level: f64, at: Timestamp, now: Timestamp) -> f64 {
    let seconds = now.duration_since(at).as_secs_f64().max(0.0);
    seconds.mul_add(bucket.refill, level).min(bucket.size)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a level is between 0 and 250"
)]
fn whole(level: f64) -> u32 {
    level.floor() as u32
}

/// The subscription that a path is in, spelled as it is; enough to tell buckets apart.
fn subscription(path: &str) -> Option<String> {
    let mut words = path.split('/').filter(|word| !word.is_empty());
    let first = words.next()?;
    let id = words.next()?;
    first.eq_ignore_ascii_case("subscriptions").then(|| id.to_ascii_lowercase())
}

fn header(kind: Kind, subscription: bool) -> &'static str {
    match (kind, subscription) {
        (Kind::Read, true) => "x-ms-ratelimit-remaining-subscription-reads",
        (Kind::Write, true) => "x-ms-ratelimit-remaining-subscription-writes",
        (Kind::Delete, true) => "x-ms-ratelimit-remaining-subscription-deletes",
        (Kind::Read, false) => "x-ms-ratelimit-remaining-tenant-reads",
        (Kind::Write, false) => "x-ms-ratelimit-remaining-tenant-writes",
        (Kind::Delete, false) => "x-ms-ratelimit-remaining-tenant-deletes",
    }
}
