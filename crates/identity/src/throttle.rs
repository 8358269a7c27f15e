//! Guessing is slow: who fails often must wait longer and longer.
//!
//! Failures are counted by the pair of account and address, and by address. Nothing is counted
//! by account alone: then strangers could lock its owner out, by failing on purpose. An owner
//! who has signed in from an address before is not held up by what others do there, either.
//!
//! One-time codes are few, and who guesses at one has shown the password: so they are counted by
//! account, too, wherever the guesses come from. That holds nobody up who has shown a right one from
//! where they are: which places these are is remembered across restarts. For everybody else there
//! are two ways in once many have failed: one for the neighbourhoods that many failures came from,
//! and one, a try a minute, for those that have failed seldom. Who guesses uses up the one and soon
//! loses the other, and so keeps nobody waiting who comes from elsewhere, unless they guess from
//! hundreds of networks a day.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ids::guid::{AppId, Principal};
use jiff::{SignedDuration, Timestamp};

use crate::{code, device, open_codes::OpenCodes, refusal::Refused};

/// Mistakes of one person at one address that cost nothing.
const PAIR_FREE: u32 = 5;
/// Mistakes of everyone at one address that cost nothing: a whole office may share it.
const ADDRESS_FREE: u32 = 50;
/// Mistakes with one person's codes after which a neighbourhood is not taken for their own.
const SELDOM: u32 = 3;
/// The longest wait between two attempts.
const WAIT_SECONDS_MAX: i64 = 60;
/// After so long without a failure, all is forgotten.
const FORGET: SignedDuration = SignedDuration::from_mins(30);
/// The same of neighbourhoods that guessed at somebody's codes: to be new again takes them a day.
const FORGET_NEIGHBOURS: SignedDuration = SignedDuration::from_hours(24);
/// More are not remembered, whatever the load: those heard of longest ago go first.
const REMEMBERED_MAX: usize = 20_000;

/// What has failed lately.
#[derive(Debug, Default)]
pub struct Throttle {
    pairs: HashMap<(String, IpAddr), Tally>,
    addresses: HashMap<IpAddr, Tally>,
    people: HashMap<Principal, Tally>,
    neighbourhoods: HashMap<(Principal, IpAddr), Tally>,
    /// When somebody who has failed seldom last tried a code of that person, though many had failed.
    seldom: HashMap<Principal, Tally>,
    device_codes: OpenCodes<IpAddr>,
    codes: OpenCodes<(Principal, AppId)>,
    halfways: OpenCodes<(Principal, IpAddr)>,
}

#[derive(Clone, Copy, Debug)]
struct Tally {
    failures: u32,
    last: Timestamp,
    /// Whether this pair has ever succeeded.
    known: bool,
}

impl Tally {
    /// When the next attempt is welcome.
    fn welcome(self, free: u32) -> Timestamp {
        let over = self.failures.saturating_sub(free);
        if over == 0 {
            return self.last;
        }
        let seconds = 1_i64.checked_shl(over.min(30)).unwrap_or(i64::MAX).min(WAIT_SECONDS_MAX);
        later(self.last, seconds)
    }

    fn is_within(self, forget: SignedDuration, now: Timestamp) -> bool {
        now.duration_since(self.last) <= forget
    }
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}

impl Throttle {
    /// Whether an attempt may be made now. Asked before anything is looked up, of accounts that
    /// exist and of those that do not.
    pub fn admit(&self, account: &str, address: IpAddr, now: Timestamp) -> Result<(), Refused> {
        let address = network(address);
        let pair = self.pairs.get(&key(account, address)).copied();
        let by_pair = pair.map(|it| it.welcome(PAIR_FREE));
        let by_address = self.addresses.get(&address).map(|it| it.welcome(ADDRESS_FREE));
        let known = pair.is_some_and(|it| it.known);
        let welcome = if known { by_pair } else { by_pair.max(by_address) };
        welcome.map_or(Ok(()), |at| wait(at, now))
    }

    /// An attempt has failed.
    pub fn failed(&mut self, account: &str, address: IpAddr, now: Timestamp) {
        let address = network(address);
        count(&mut self.pairs, key(account, address), now);
        count(&mut self.addresses, address, now);
    }

    /// Whether a one-time code of that person may be tried now; `known`: whether they have shown a
    /// right one from there. It counts as wrong until [`code_shown`](Self::code_shown) says
    /// otherwise: of many that come at once, few are looked at.
    pub fn try_code(
        &mut self,
        who: Principal,
        (address, known): (IpAddr, bool),
        now: Timestamp,
    ) -> Result<(), Refused> {
        let pair = key(&who.to_string(), network(address));
        if known && !self.pairs.get(&pair).is_some_and(|it| it.known) {
            self.succeeded(&pair.0, address, now);
        }
        self.admit(&pair.0, address, now)?;
        if !self.pairs.get(&pair).is_some_and(|it| it.known) {
            self.among_strangers(who, neighbourhood(address), now)?;
        }
        count(&mut self.pairs, pair, now);
        Ok(())
    }

    /// Whether it is the turn of who is not known to be that person's own.
    fn among_strangers(
        &mut self,
        who: Principal,
        from: IpAddr,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let here = self.neighbourhoods.get(&(who, from));
        let here = here.filter(|it| it.is_within(FORGET_NEIGHBOURS, now));
        let is_seldom = here.is_none_or(|it| it.failures < SELDOM);
        let all = self.people.get(&who).filter(|it| it.is_within(FORGET, now));
        match all.filter(|it| it.failures > PAIR_FREE) {
            // These hold nobody up who has to take the other way, and are not held up by them.
            Some(_) if is_seldom => {
                let last = self.seldom.get(&who).map(|it| later(it.last, WAIT_SECONDS_MAX));
                last.map_or(Ok(()), |at| wait(at, now))?;
                count(&mut self.seldom, who, now);
            }
            Some(all) => {
                wait(all.welcome(PAIR_FREE), now)?;
                count(&mut self.people, who, now);
            }
            None => count(&mut self.people, who, now),
        }
        count_for(FORGET_NEIGHBOURS, &mut self.neighbourhoods, (who, from), now);
        Ok(())
    }

    /// The code that was tried last from there was wrong.
    pub fn code_wrong(&mut self, address: IpAddr, now: Timestamp) {
        count(&mut self.addresses, network(address), now);
    }

    /// The code that was tried last was right. What others have guessed wrong stays counted.
    pub fn code_shown(&mut self, who: Principal, address: IpAddr, now: Timestamp) {
        let pair = key(&who.to_string(), network(address));
        let was_known = self.pairs.get(&pair).is_some_and(|it| it.known);
        self.succeeded(&pair.0, address, now);
        let here = self.neighbourhoods.remove(&(who, neighbourhood(address)));
        if let (false, Some(_), Some(tally)) = (was_known, here, self.people.get_mut(&who)) {
            tally.failures = tally.failures.saturating_sub(1);
        }
    }

    /// Whether a device code may be handed out to that address: strangers may ask.
    pub fn device_code(&mut self, address: IpAddr, now: Timestamp) -> Result<(), Refused> {
        self.device_codes.hand_out(network(address), device::LIFETIME, now)
    }

    /// Whether that person may go halfway once more from there, and stay so for that long.
    pub fn halfway(
        &mut self,
        who: Principal,
        address: IpAddr,
        lifetime: SignedDuration,
        now: Timestamp,
    ) -> Result<(), Refused> {
        self.halfways.hand_out((who, network(address)), lifetime, now)
    }

    /// Whether a code of that person may be handed out to that client: one that asks without end
    /// keeps its people from no other.
    pub fn code(&mut self, home: Principal, app: AppId, now: Timestamp) -> Result<(), Refused> {
        self.codes.hand_out((home, app), code::LIFETIME, now)
    }

    /// An attempt has succeeded: this account is at home at that address.
    pub fn succeeded(&mut self, account: &str, address: IpAddr, now: Timestamp) {
        make_room(&mut self.pairs);
        let tally = Tally { failures: 0, last: now, known: true };
        self.pairs.insert(key(account, network(address)), tally);
    }
}

fn wait(welcome: Timestamp, now: Timestamp) -> Result<(), Refused> {
    let left = welcome.duration_since(now);
    if left.is_positive() {
        return Err(Refused::SlowedDown(SignedDuration::from_secs(left.as_secs() + 1)));
    }
    Ok(())
}

fn key(account: &str, address: IpAddr) -> (String, IpAddr) {
    (account.chars().take(256).collect::<String>().to_lowercase(), address)
}

/// Who has one address of the sixth protocol's has 2^64 of them.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(it) => IpAddr::V4(it),
        IpAddr::V6(it) => IpAddr::V6(Ipv6Addr::from_bits(it.to_bits() >> 64 << 64)),
    }
}

/// Who has some addresses of a network has others near them for the asking: 2^16 networks of the
/// sixth protocol's, and 2^8 addresses of the fourth's.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(it) => IpAddr::V4(Ipv4Addr::from_bits(it.to_bits() >> 8 << 8)),
        IpAddr::V6(it) => IpAddr::V6(Ipv6Addr::from_bits(it.to_bits() >> 80 << 80)),
    }
}

fn count<K: std::hash::Hash + Eq + Clone>(tallies: &mut HashMap<K, Tally>, key: K, now: Timestamp) {
    count_for(FORGET, tallies, key, now);
}

fn count_for<K: std::hash::Hash + Eq + Clone>(
    forget: SignedDuration,
    tallies: &mut HashMap<K, Tally>,
    key: K,
    now: Timestamp,
) {
    make_room(tallies);
    let tally = tallies.entry(key).or_insert(Tally { failures: 0, last: now, known: false });
    if !tally.is_within(forget, now) {
        tally.failures = 0;
    }
    tally.failures = tally.failures.saturating_add(1);
    tally.last = now;
}

/// Forgets the older half, so that remembering stays cheap on the whole.
fn make_room<K: std::hash::Hash + Eq + Clone>(tallies: &mut HashMap<K, Tally>) {
    if tallies.len() < REMEMBERED_MAX {
        return;
    }
    let mut times = tallies.values().map(|it| it.last).collect::<Vec<_>>();
    let (_, median, _) = times.select_nth_unstable(REMEMBERED_MAX / 2);
    let median = *median;
    tallies.retain(|_, it| it.last > median);
}

#[cfg(test)]
mod tests {
    use model::samples::{self, ADA, OLOF};
    use uuid::Uuid;

    use super::*;

    const GREEDY: AppId = AppId::new(Uuid::from_u128(1));
    const OTHER: AppId = AppId::new(Uuid::from_u128(2));
    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    fn after(seconds: i64) -> Timestamp {
        samples::now() + SignedDuration::from_secs(seconds)
    }

    fn failing(account: &str, address: IpAddr, times: u32) -> Throttle {
        let mut throttle = Throttle::default();
        (0..times).for_each(|_| throttle.failed(account, address, after(0)));
        throttle
    }

    #[test]
    fn each_failure_past_the_free_ones_doubles_the_wait() {
        for (failures, wait) in [(5, 0), (6, 2), (7, 4), (8, 8), (11, 60), (1000, 60)] {
            let throttle = failing("Ada@x", HERE, failures);
            assert_eq!(throttle.admit("ada@X", HERE, after(wait)), Ok(()), "{failures}");
            if wait > 0 {
                assert!(throttle.admit("ada@x", HERE, after(wait - 1)).is_err(), "{failures}");
            }
        }
    }

    #[test]
    fn a_stranger_elsewhere_cannot_lock_anyone_out() {
        let throttle = failing("ada@x", THERE, 10_000);
        assert_eq!(throttle.admit("ada@x", HERE, after(0)), Ok(()));
    }

    #[test]
    fn an_address_that_guesses_many_names_waits_but_not_those_at_home_there() {
        let mut throttle = Throttle::default();
        throttle.succeeded("ada@x", HERE, after(0));
        (0..60).for_each(|n| throttle.failed(&format!("user{n}"), HERE, after(0)));
        assert!(throttle.admit("another", HERE, after(1)).is_err());
        assert_eq!(throttle.admit("ada@x", HERE, after(1)), Ok(()));
        assert_eq!(throttle.admit("another", HERE, after(60)), Ok(()));
    }

    #[test]
    fn success_and_time_forgive() {
        let mut throttle = failing("ada@x", HERE, 8);
        throttle.succeeded("ada@x", HERE, after(0));
        assert_eq!(throttle.admit("ada@x", HERE, after(0)), Ok(()));
        let mut throttle = failing("ada@x", HERE, 8);
        throttle.failed("ada@x", HERE, after(3600));
        assert_eq!(throttle.admit("ada@x", HERE, after(3600)), Ok(()));
    }

    #[test]
    fn one_network_of_the_sixth_protocol_is_one_address() {
        let address = |last| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last));
        let throttle = failing("ada@x", address(1), 8);
        assert!(throttle.admit("ada@x", address(2), after(0)).is_err());
    }

    #[test]
    fn codes_are_counted_by_network_for_devices_and_by_person_and_client_for_clients() {
        let mut throttle = Throttle::default();
        let address = |last| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last));
        for n in 0..50 {
            assert_eq!(throttle.device_code(address(n), after(0)), Ok(()), "{n}");
            assert_eq!(throttle.code(ADA, GREEDY, after(0)), Ok(()), "{n}");
        }
        assert!(throttle.device_code(address(99), after(899)).is_err());
        assert!(throttle.code(ADA, GREEDY, after(599)).is_err());
        assert_eq!(throttle.code(ADA, OTHER, after(0)), Ok(()), "no other suffers for it");
        assert_eq!(throttle.device_code(address(99), after(900)), Ok(()));
        assert_eq!(
            (throttle.code(ADA, GREEDY, after(600)), throttle.code(OLOF, GREEDY, after(0))),
            (Ok(()), Ok(()))
        );
    }

    #[test]
    fn nobody_goes_halfway_without_end_and_nobody_else_is_kept_from_it() {
        let (mut throttle, while_open) = (Throttle::default(), SignedDuration::from_mins(10));
        for n in 0..50 {
            assert_eq!(throttle.halfway(ADA, HERE, while_open, after(0)), Ok(()), "{n}");
        }
        assert!(throttle.halfway(ADA, HERE, while_open, after(599)).is_err());
        assert_eq!(throttle.halfway(ADA, THERE, while_open, after(0)), Ok(()), "the owner, there");
        assert_eq!(throttle.halfway(OLOF, HERE, while_open, after(0)), Ok(()));
        assert_eq!(throttle.halfway(ADA, HERE, while_open, after(600)), Ok(()));
    }

    #[test]
    fn right_codes_keep_no_wait_of_an_address_alive() {
        let mut throttle = failing("ada@x", HERE, ADDRESS_FREE + 6);
        for second in [0, 600, 1200, 1700] {
            throttle.try_code(OLOF, (HERE, false), after(second + 61)).unwrap();
            throttle.code_shown(OLOF, HERE, after(second + 61));
        }
        assert_eq!(throttle.admit("nora@x", HERE, after(1801)), Ok(()), "they are forgotten");
        throttle.code_wrong(HERE, after(1802));
        assert_eq!(throttle.admit("nora@x", HERE, after(1802)), Ok(()), "one is not many");
    }

    #[test]
    fn codes_are_guessed_slowly_from_however_many_addresses_and_their_owner_goes_on() {
        // Networks that come one after the other, and how many guesses are looked at in an hour.
        for (apart, most) in [(1, 80), (1 << 8, 130)] {
            let mut throttle = Throttle::default();
            throttle.try_code(ADA, (HERE, false), after(0)).unwrap();
            throttle.code_shown(ADA, HERE, after(0));
            let mut guesses = 0;
            for second in 0..3600_u32 {
                for n in 0..4 {
                    let from = guessing(apart * (n * 7 + second % 500));
                    let tried = throttle.try_code(ADA, (from, false), after(second.into()));
                    guesses += u32::from(tried.is_ok());
                }
            }
            assert!(guesses < most, "{guesses} guesses in an hour from {apart} apart");
            assert_eq!(throttle.try_code(ADA, (HERE, false), after(3600)), Ok(()), "at home there");
            assert_eq!(throttle.try_code(OLOF, (HERE, false), after(3600)), Ok(()), "another");
        }
    }

    fn guessing(n: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(0xC633_0000 ^ n))
    }

    /// Everything was forgotten, such as by a restart, and somebody who has the password guesses
    /// at codes each second from so many networks.
    fn besieged(networks: u32, seconds: i64) -> Throttle {
        let mut throttle = Throttle::default();
        for second in 0..seconds {
            for n in 0..networks {
                let from = (guessing(n << 8), false);
                let _ = throttle.try_code(ADA, from, after(second));
            }
        }
        throttle
    }

    #[test]
    fn who_guesses_keeps_nobody_waiting_who_comes_from_elsewhere() {
        for (networks, seconds) in [(1, 300), (1, 3600), (8, 3600), (8, 20_000)] {
            let mut throttle = besieged(networks, seconds);
            let mine = |throttle: &mut Throttle| {
                throttle.try_code(ADA, (HERE, false), after(seconds)).is_ok()
            };
            assert!(mine(&mut throttle), "{networks} networks, {seconds} seconds");
            assert!(!mine(&mut throttle), "one at a time");
            let _ = throttle.try_code(ADA, (guessing(0), false), after(seconds + 60));
            let again = throttle.try_code(ADA, (HERE, false), after(seconds + 60));
            assert_eq!(again, Ok(()), "who has mistyped one tries another");
        }
    }

    #[test]
    fn a_place_that_is_remembered_waits_for_no_stranger_from_however_many_networks() {
        let mut throttle = besieged(500, 601);
        assert!(throttle.try_code(ADA, (HERE, false), after(601)).is_err(), "it could be anybody");
        for n in 0..PAIR_FREE {
            assert_eq!(throttle.try_code(ADA, (HERE, true), after(601)), Ok(()), "{n}");
        }
        let guessed =
            (0..1000).filter(|n| throttle.try_code(ADA, (HERE, true), after(601 + n)).is_ok());
        assert!(guessed.count() < 30, "nor is it one to guess from");
    }

    #[test]
    fn of_many_codes_that_come_at_once_few_are_looked_at() {
        let mut throttle = Throttle::default();
        let tried =
            (0..1000).filter(|_| throttle.try_code(ADA, (HERE, false), after(0)).is_ok()).count();
        assert_eq!(tried, 6);
        throttle.code_shown(ADA, HERE, after(60));
        assert_eq!(throttle.try_code(ADA, (HERE, false), after(60)), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let mut throttle = Throttle::default();
        for n in 0..50_000_i64 {
            throttle.failed(&n.to_string(), HERE, after(n));
        }
        assert!(throttle.pairs.len() <= REMEMBERED_MAX);
    }
}
