//! Where that is simulated, what is granted counts only later; what takes access counts at once.

use access::{
    explain::{Outcome, Void},
    index::Index,
    late::Lag,
};
use ids::{clock::Revision, guid::EventId};
use jiff::{SignedDuration, Timestamp};
use model::{
    change::{Change, Noun},
    delegation::Authorization,
    event::{Actor, Event, SystemReason},
    question::Question,
    role::Denied,
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, PROVIDER, READER, TIER1},
    settings::Profile,
};
use uuid::Uuid;

use super::{
    READ, WRITE, accepted, account, granted, index, limits::deny, member, offer, people, put,
    settings,
};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const NORA: ids::guid::Principal = samples::principal(CUSTOMER, 0x40);

fn caller() -> Actor {
    Actor::Caller(samples::caller(OLOF))
}

/// What becomes of an index by one commit, a minute before it counts.
fn then(before: &Index, actor: &Actor, at: Timestamp, changes: Vec<Change>) -> Index {
    let event = |change| Event {
        id: EventId::new(Uuid::nil()),
        at,
        actor: actor.clone(),
        action: READ,
        scope: samples::whole(),
        tenants: Vec::new(),
        correlation: samples::correlation(),
        change,
    };
    let events: Vec<Event> = changes.into_iter().map(event).collect();
    before.after_lagging(&events, Revision(2), Lag { at, length: MINUTE })
}

fn at(seconds: i64) -> Timestamp {
    samples::now() + SignedDuration::from_secs(seconds)
}

fn may(index: &Index, who: ids::guid::Principal, seconds: i64) -> bool {
    let question = Question::any(READ, account("app"));
    index.check(who, &question, at(seconds)).is_allowed()
}

/// Contoso with Nora, who holds nothing, and a group of hers that holds what it takes to read.
fn before() -> Index {
    let mut changes = people();
    changes.extend(
        [
            Noun::User(samples::user(NORA, "nora")),
            Noun::Group(samples::group(samples::principal(CUSTOMER, 0x41), "readers")),
            granted(samples::whole(), samples::principal(CUSTOMER, 0x41), READER),
        ]
        .map(put),
    );
    index(&changes)
}

#[test]
fn a_grant_counts_after_the_lag_and_goes_at_once() {
    let grant = granted(samples::whole(), NORA, READER);
    let index = then(&before(), &caller(), at(0), vec![put(grant.clone())]);
    assert_eq!([0, 59, 60].map(|it| may(&index, NORA, it)), [false, false, true]);
    let explained = index.explain(NORA, &Question::any(READ, account("app")), at(0));
    assert_eq!(explained.grants[0].outcome, Outcome::Void(Void::Late));
    assert!(index.subscriptions_of(NORA, at(59)).is_empty());
    assert_eq!(index.subscriptions_of(NORA, at(60)).len(), 1);

    // The same again, of which nothing is new, interrupts nobody.
    let again = then(&index, &caller(), at(70), vec![put(grant.clone())]);
    assert!(may(&again, NORA, 70));
    let mut other = samples::role_assignment(samples::whole(), NORA, READER);
    other.role = CONTRIBUTOR;
    let other = then(&index, &caller(), at(70), vec![put(Noun::RoleAssignment(other))]);
    assert!(!may(&other, NORA, 129) && may(&other, NORA, 130));
    let gone = then(&again, &caller(), at(71), vec![Change::Remove(grant.clone())]);
    assert!(!may(&gone, NORA, 71));
    let anew = then(&gone, &caller(), at(72), vec![put(grant)]);
    assert!(!may(&anew, NORA, 131) && may(&anew, NORA, 132));
}

#[test]
fn what_the_system_puts_counts_at_once() {
    let grant = vec![put(granted(samples::whole(), NORA, READER))];
    let world = Actor::System(SystemReason::WorldApply);
    assert!(may(&then(&before(), &world, at(0), grant.clone()), NORA, 0));
    let late = then(&before(), &caller(), at(0), grant.clone());
    assert!(may(&then(&late, &world, at(1), grant), NORA, 1), "what waited does no longer");
}

#[test]
fn who_is_new_in_a_group_is_barred_with_it_at_once_and_let_in_and_spared_later() {
    let readers = samples::principal(CUSTOMER, 0x41);
    let joined = then(&before(), &caller(), at(0), vec![put(member(readers, NORA))]);
    assert!(!may(&joined, NORA, 59) && may(&joined, NORA, 60));

    let mut barred = deny(samples::whole());
    barred.principals = Denied::These(vec![readers]);
    barred.permissions[0].not_actions.clear();
    let mine = granted(samples::whole(), NORA, READER);
    let start =
        before().after(&[put(mine), put(Noun::DenyAssignment(barred.clone()))], Revision(2));
    assert!(may(&start, NORA, 0));
    let joined = then(&start, &caller(), at(0), vec![put(member(readers, NORA))]);
    assert!(!may(&joined, NORA, 0) && !may(&joined, NORA, 60));

    (barred.principals, barred.exclude) = (Denied::Everyone, vec![readers]);
    let start = start.after(&[put(Noun::DenyAssignment(barred))], Revision(3));
    let joined = then(&start, &caller(), at(0), vec![put(member(readers, NORA))]);
    assert!(!may(&joined, NORA, 59) && may(&joined, NORA, 60));
}

#[test]
fn each_part_of_a_delegation_counts_after_the_lag() {
    let to = |who: ids::guid::Principal, role| Authorization {
        principal: who.object,
        role,
        ..samples::definition(samples::SUBSCRIPTION).authorizations[0].clone()
    };
    let first = offer(0xA, &[to(TIER1, READER)]);
    let assignment = put(Noun::Assignment(accepted(&first, samples::whole())));
    let start = index(&people()).after(&[put(Noun::Definition(first.clone()))], Revision(2));
    let delegated = then(&start, &caller(), at(100), vec![assignment.clone()]);
    assert!(!may(&delegated, ADA, 159) && may(&delegated, ADA, 160));

    let write = Question::any(WRITE, account("app"));
    let wider = offer(0xA, &[to(TIER1, READER), to(ADA, CONTRIBUTOR)]);
    let wider = then(&delegated, &caller(), at(200), vec![put(Noun::Definition(wider))]);
    assert!(may(&wider, ADA, 200), "what was there goes on");
    assert!(!wider.check(ADA, &write, at(259)).is_allowed());
    assert!(wider.check(ADA, &write, at(260)).is_allowed());
    let narrow = then(&wider, &caller(), at(300), vec![put(Noun::Definition(first.clone()))]);
    assert!(may(&narrow, ADA, 300) && !narrow.check(ADA, &write, at(300)).is_allowed());

    // What the end of a like delegation took along comes back like what is new.
    let like = offer(0xB, &[to(TIER1, READER)]);
    let ended = accepted(&like, samples::whole());
    let azure = put(Noun::Settings(settings(Profile::Azure)));
    let second = [azure, put(Noun::Definition(like)), put(Noun::Assignment(ended.clone()))];
    let both = narrow.after(&second, Revision(3));
    let again = put(Noun::Assignment(ended.clone()));
    let end = Change::Remove(Noun::Assignment(ended));
    let left = then(&both, &caller(), at(400), vec![end.clone()]);
    assert!(!may(&left, ADA, 400));
    let cured = then(&left, &caller(), at(401), vec![assignment]);
    assert!(!may(&cured, ADA, 460) && may(&cured, ADA, 461));
    assert_eq!(cured.managing_tenants(samples::SUBSCRIPTION), [PROVIDER]);

    // Lost again, it waits for nothing; the other profile knows of no loss.
    let twice = cured.after(&[again], Revision(3));
    let lost = then(&twice, &caller(), at(402), vec![end]);
    assert!(!may(&lost, ADA, 500));
    let strict = lost.after(&[put(Noun::Settings(settings(Profile::Strict)))], Revision(3));
    assert!(may(&strict, ADA, 403));
}
