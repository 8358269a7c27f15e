//! ARM's token buckets: per principal, and per subscription or tenant, for reads, writes and
//! deletes each (ARM contract, §1.9; the model since 2024). What is left is always said; whether
//! an empty bucket refuses is a choice of whoever runs Fyr.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use arm::request::{ArmRequest, Method};
use ids::guid::{Principal, TenantId};
use jiff::Timestamp;

/// How much a bucket holds, and how much flows in each second.
#[derive(Clone, Copy)]
struct Bucket {
    size: f64,
    refill: f64,
}

const READS: Bucket = Bucket { size: 250.0, refill: 25.0 };
const WRITES: Bucket = Bucket { size: 200.0, refill: 10.0 };

/// All principals of a tenant together have so many times as much in a subscription (ARM
/// contract, §1.9). Azure counts those of all tenants; but then whoever asks for a subscription
/// would see how busy others are in it, and could use their share up.
const TOGETHER_TIMES: f64 = 15.0;

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

/// Who takes from a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Who {
    One(Principal),
    Together(TenantId),
}

/// Who, what they work on (a subscription, or their tenant), and how.
type Key = (Who, Option<String>, Kind);

/// All buckets.
pub struct Rates {
    enforcement: Enforcement,
    levels: Mutex<HashMap<Key, (f64, Timestamp)>>,
}

/// What a request took from its bucket.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    /// The headers that tell what is left, and their values.
    pub(crate) remaining: Vec<(&'static str, u32)>,
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
        let own = header(kind, subscription.is_some());
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        if levels.len() > BUCKETS_MAX {
            levels.retain(|(who, _, kind), (level, at)| {
                let bucket = bucket(*who, *kind);
                filled(bucket, *level, *at, now) < bucket.size
            });
        }
        let mut spent = Spent::default();
        let mut take = |key: Key, name: &'static str| {
            let bucket = bucket(key.0, key.2);
            let slot = levels.entry(key).or_insert((bucket.size, now));
            let level = filled(bucket, slot.0, slot.1, now);
            let refused = level < 1.0 && self.enforcement == Enforcement::On;
            let left = if refused { level } else { (level - 1.0).max(0.0) };
            *slot = (left, now);
            spent.remaining.push((name, whole(left)));
            if refused {
                let wait = whole((1.0 - left) / bucket.refill).max(1);
                spent.refused = spent.refused.max(Some(wait));
            }
        };
        let Principal { tenant, .. } = caller.principal;
        take((Who::One(caller.principal), subscription.clone(), kind), own);
        if subscription.is_some() {
            take((Who::Together(tenant), subscription, kind), global(kind));
        }
        spent
    }
}

fn bucket(who: Who, kind: Kind) -> Bucket {
    let Bucket { size, refill } = if kind == Kind::Read { READS } else { WRITES };
    let times = match who {
        Who::One(_) => 1.0,
        Who::Together(_) => TOGETHER_TIMES,
    };
    Bucket { size: size * times, refill: refill * times }
}

fn global(kind: Kind) -> &'static str {
    match kind {
        Kind::Read => "x-ms-ratelimit-remaining-subscription-global-reads",
        Kind::Write => "x-ms-ratelimit-remaining-subscription-global-writes",
        Kind::Delete => "x-ms-ratelimit-remaining-subscription-global-deletes",
    }
}

fn filled(bucket: Bucket, level: f64, at: Timestamp, now: Timestamp) -> f64 {
    let seconds = now.duration_since(at).as_secs_f64().max(0.0);
    seconds.mul_add(bucket.refill, level).min(bucket.size)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a level is between 0 and 3750"
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
