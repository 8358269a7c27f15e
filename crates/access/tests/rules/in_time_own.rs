//! What a tenant lets its own people activate: who may ask, what it gives, and how it ends.

use access::{
    index::Index,
    verdict::{Through, Verdict},
};
use ids::{clock::Revision, guid::Principal, scope::Scope};
use jiff::{SignedDuration, Timestamp};
use model::{
    action::Action,
    activation::{Activation, Basis, eligible::EligibleAssignment},
    change::{Change, Noun},
    period::OpenPeriod,
    question::{Eligible, Question, Via},
    role::LockLevel,
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, OWNER},
};

use super::{READ, WRITE, account, member, people, put, with};
use crate::limits::lock;

/// Contoso's engineer.
const NORA: Principal = samples::principal(CUSTOMER, 0x40);
const NIGHT: Principal = samples::principal(CUSTOMER, 0x41);

fn at(hours: i64) -> Timestamp {
    samples::now() + SignedDuration::from_hours(hours)
}

fn entitled(principal: Principal) -> EligibleAssignment {
    samples::eligible_assignment(samples::whole(), principal)
}

fn activation(of: &EligibleAssignment, scope: Scope) -> Activation {
    Activation { who: NORA, eligibility: of.eligibility(), ..samples::activation(scope) }
}

/// Nora is in the night shift, which Contoso lets be that.
fn active(of: &EligibleAssignment, scope: Scope) -> Index {
    let nouns = [
        Noun::User(samples::user(NORA, "nora")),
        Noun::Group(samples::group(NIGHT, "night")),
        member(NIGHT, NORA),
        Noun::EligibleAssignment(of.clone()),
        Noun::Activation(activation(of, scope)),
    ];
    with(people(), nouns)
}

fn then(index: &Index, change: Change) -> Index {
    index.after(&[change], Revision(index.revision().0 + 1))
}

fn may(index: &Index, now: Timestamp) -> bool {
    index.check(NORA, &Question::any(WRITE, account("app")), now).is_allowed()
}

#[test]
fn it_counts_in_its_period_and_not_beyond_what_it_is_from() {
    let of = entitled(NIGHT);
    let index = active(&of, samples::whole());
    assert_eq!([at(-1), at(0), at(1)].map(|now| may(&index, now)), [false, true, false]);
    let asked = Question::any(WRITE, account("app"));
    let Verdict::Allowed(it) = index.check(NORA, &asked, at(0)) else { panic!("it counts") };
    assert_eq!(it.through, Through::Activation(samples::activation(samples::whole()).id));
    let half = samples::now() + SignedDuration::from_mins(30);
    let period = OpenPeriod::new(samples::now(), Some(half)).unwrap();
    let index = active(&EligibleAssignment { period, ..of }, samples::whole());
    let Verdict::Allowed(it) = index.check(NORA, &asked, at(0)) else { panic!("it counts") };
    assert_eq!(it.valid_until, Some(half), "the eligibility ends before the hour is over");
    assert!(!may(&index, half));
}

#[test]
fn an_activation_at_a_group_is_of_that_group_alone() {
    let index = active(&entitled(NIGHT), samples::resource_group("app"));
    assert!(may(&index, at(0)));
    let other = Question::any(WRITE, account("other"));
    assert!(!index.check(NORA, &other, at(0)).is_allowed());
}

#[test]
fn it_ends_with_what_it_is_from_and_with_the_group() {
    let of = entitled(NIGHT);
    let index = active(&of, samples::whole());
    let gone = EligibleAssignment { removed: Some(at(0)), ..of.clone() };
    let other = EligibleAssignment { role: samples::READER, ..of.clone() };
    let id = samples::activation(samples::whole()).id;
    for end in [
        put(Noun::EligibleAssignment(gone)),
        Change::Remove(Noun::EligibleAssignment(of.clone())),
        put(Noun::EligibleAssignment(other)),
    ] {
        let ended = then(&index, end.clone());
        assert!(!may(&ended, at(0)), "{end:?}");
        assert!(!ended.bears(&id) && index.bears(&id), "{end:?}");
        let requesting = Question {
            action: Action::ACTIVATIONS_CANCEL,
            scope: Scope::Resource(id.as_resource().clone()),
            via: Via::Requesting,
        };
        assert!(!ended.check(NORA, &requesting, at(0)).is_allowed(), "{end:?}");
    }
    assert!(!may(&then(&index, Change::Remove(member(NIGHT, NORA))), at(0)));
}

#[test]
fn it_is_a_grant_of_the_home_tenant_with_all_of_its_role() {
    let of = EligibleAssignment { role: OWNER, ..entitled(NORA) };
    let index = active(&of, samples::whole());
    let rule = |action, via| Question { action, scope: samples::whole(), via };
    for via in [Via::Ownership, Via::Direct, Via::Any] {
        let asked = rule(Action::ROLE_ASSIGNMENTS_WRITE, via);
        assert!(index.check(NORA, &asked, at(0)).is_allowed(), "{via:?}");
        assert!(!index.check(NORA, &asked, at(1)).is_allowed(), "{via:?}");
    }
    let locked = then(&index, put(lock(samples::whole(), LockLevel::ReadOnly)));
    assert!(!may(&locked, at(0)), "its own tenant's lock binds it");
    let reads = Question::any(READ, account("app"));
    assert!(locked.check(NORA, &reads, at(0)).is_allowed());
}

#[test]
fn only_those_whom_it_means_may_ask_and_nobody_by_what_they_hold() {
    let of = entitled(NIGHT);
    let index = active(&of, samples::whole());
    let id = samples::activation(samples::whole()).id;
    let via = Via::Activating(Eligible { principal: NIGHT.object, role: CONTRIBUTOR });
    let scope = Scope::Resource(id.as_resource().clone());
    let asked = Question { action: Action::ACTIVATIONS_WRITE, scope, via };
    let Verdict::Allowed(it) = index.check(NORA, &asked, at(0)) else { panic!("eligible") };
    assert_eq!(it.through, Through::Eligibility(Basis::Own(of.id.clone())));
    for who in [ADA, samples::OLOF] {
        assert!(!index.check(who, &asked, at(0)).is_allowed(), "{who}");
    }
    let mine = index.eligibilities(NORA, &samples::resource_group("app"), at(0));
    assert_eq!(mine, [of.eligibility()]);
}

#[test]
fn of_another_tenants_people_it_says_nothing() {
    let of = entitled(ADA);
    let index = active(&of, samples::whole());
    let held = Activation { who: ADA, ..activation(&of, samples::whole()) };
    let index = then(&index, put(Noun::Activation(held)));
    let asked = Question::any(WRITE, account("app"));
    assert!(!index.check(ADA, &asked, at(0)).is_allowed());
    assert!(index.eligibilities(ADA, &samples::whole(), at(0)).is_empty());
}
