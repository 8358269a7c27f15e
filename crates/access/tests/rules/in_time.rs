//! What counts for a while: activations, and delegations that begin or end by themselves.

use access::{
    explain::{Outcome, Void},
    index::Index,
    permit::authorize,
    verdict::{Through, Verdict},
};
use ids::{clock::Revision, guid::Principal, scope::Scope};
use jiff::{SignedDuration, Timestamp};
use model::{
    activation::{
        Activation, Approvals, Basis, Side, Sides, State, Waiting, policy::ActivationPolicy,
    },
    change::{Change, Noun},
    delegation::{Approver, Assignment, Definition},
    directory::{User, UserKind},
    period::{OpenPeriod, Period},
    question::{Eligible, Question, Via},
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, PROVIDER, SUBSCRIPTION, TIER1,
        USER_ACCESS_ADMINISTRATOR,
    },
    settings::Profile,
};

use super::{READ, WRITE, account, index, member, people, put, settings, with};

const BREATH: SignedDuration = SignedDuration::from_nanos(1);
/// Fabrikam's shift leader.
const LEA: Principal = samples::principal(PROVIDER, 0x1EA);

fn at(hours: i64) -> Timestamp {
    samples::now() + SignedDuration::from_hours(hours)
}

fn may(index: &Index, now: Timestamp) -> bool {
    index.check(ADA, &Question::any(WRITE, account("app")), now).is_allowed()
}

/// Contoso lets Fabrikam's Tier 1 be Contributor just in time.
fn eligible() -> Vec<Change> {
    let nouns = [
        Noun::User(samples::user(LEA, "lea")),
        Noun::Definition(samples::eligible_definition(SUBSCRIPTION)),
        Noun::Assignment(samples::assignment(samples::whole())),
    ];
    people().into_iter().chain(nouns.map(put)).collect()
}

/// And from now on for an hour Ada is.
fn active() -> Index {
    with(eligible(), [Noun::Activation(samples::activation(samples::whole()))])
}

fn then(index: &Index, changes: &[Change]) -> Index {
    index.after(changes, Revision(index.revision().0 + 1))
}

#[test]
fn an_activation_counts_from_its_first_moment_to_its_last_and_the_yes_says_until_when() {
    let index = active();
    let counts = [at(0) - BREATH, at(0), at(1) - BREATH, at(1)].map(|now| may(&index, now));
    assert_eq!(counts, [false, true, true, false]);
    let asked = Question::any(WRITE, account("app"));
    let Verdict::Allowed(allowed) = index.check(ADA, &asked, at(0)) else { panic!("it counts") };
    assert_eq!(allowed.valid_until, Some(at(1)));
    assert_eq!(allowed.through, Through::Activation(samples::activation(samples::whole()).id));
    let standing = index.check(ADA, &Question::any(READ, account("app")), at(2));
    let Verdict::Allowed(standing) = standing else { panic!("she reads at any time") };
    assert_eq!(standing.valid_until, None);
    let mine = |now| index.what_can(ADA, &account("app"), now).len();
    assert_eq!((mine(at(0)), mine(at(1))), (2, 1));
    let explained = index.explain(ADA, &asked, at(1));
    assert!(explained.grants.iter().any(|it| it.outcome == Outcome::Void(Void::OutsidePeriod)));
}

#[test]
fn nobody_else_has_it_and_nowhere_else() {
    let group = samples::resource_group("app");
    let index = with(eligible(), [Noun::Activation(samples::activation(group))]);
    assert!(may(&index, at(0)));
    let elsewhere = Question::any(WRITE, account("app1"));
    assert!(!index.check(ADA, &elsewhere, at(0)).is_allowed());
    let there = Question::any(WRITE, account("app"));
    assert_eq!(index.who_can(&there, at(0)), [OLOF, ADA]);
    assert_eq!(index.scopes_of(ADA, &WRITE, at(0)), [samples::resource_group("app")]);
    assert!(index.scopes_of(ADA, &WRITE, at(1)).is_empty());
}

#[test]
fn it_ends_at_once_and_for_good_with_what_it_is_from() {
    let assignment = samples::assignment(samples::whole());
    let definition = samples::eligible_definition(SUBSCRIPTION);
    let without = Definition { eligible: Vec::new(), ..definition.clone() };
    let cases = [
        (
            Change::Remove(Noun::Assignment(assignment.clone())),
            Noun::Assignment(assignment.clone()),
        ),
        (Change::Leave(assignment.clone()), Noun::Assignment(assignment)),
        (put(Noun::Definition(without)), Noun::Definition(definition)),
    ];
    for (end, again) in cases {
        let ended = then(&active(), std::slice::from_ref(&end));
        assert!(!may(&ended, at(0)), "{end:?}");
        assert!(!may(&then(&ended, &[put(again)]), at(0)), "it does not come back: {end:?}");
    }
    let out = Change::Remove(member(TIER1, ADA));
    assert!(!may(&then(&active(), &[out]), at(0)), "she is not eligible any more");
    let disabled = User { enabled: false, ..samples::user(ADA, "ada") };
    assert!(!may(&then(&active(), &[put(Noun::User(disabled))]), at(0)));
}

#[test]
fn what_no_delegation_bears_never_counts() {
    let plain = samples::activation(samples::whole());
    let other = |edit: fn(&mut Activation)| {
        let mut it = plain.clone();
        edit(&mut it);
        with(eligible(), [Noun::Activation(it)])
    };
    assert!(!may(&other(|it| it.eligibility.role = samples::OWNER), at(0)));
    assert!(!may(&other(|it| it.eligibility.principal = ADA.object), at(0)));
    let narrow = samples::assignment(samples::resource_group("app"));
    let wider = other(|it| {
        it.eligibility.basis =
            Basis::Delegation(samples::assignment(samples::resource_group("app")).id);
    });
    let wider = then(&wider, &[put(Noun::Assignment(narrow)), put(Noun::Activation(plain))]);
    assert!(may(&wider, at(0)), "the one of the whole subscription");
    let only_inside = Activation {
        eligibility: model::activation::Eligibility {
            basis: Basis::Delegation(samples::assignment(samples::resource_group("app")).id),
            ..samples::activation(samples::whole()).eligibility
        },
        ..samples::activation(samples::whole())
    };
    assert!(!may(&then(&wider, &[put(Noun::Activation(only_inside))]), at(0)), "wider than that");
}

#[test]
fn what_may_not_be_delegated_may_not_be_activated_either() {
    let mut definition = samples::eligible_definition(SUBSCRIPTION);
    let mut activation = samples::activation(samples::whole());
    for role in [USER_ACCESS_ADMINISTRATOR, samples::OWNER] {
        definition.eligible = vec![samples::eligible(TIER1, role)];
        activation.eligibility.role = role;
        let nouns = [Noun::Definition(definition.clone()), Noun::Activation(activation.clone())];
        let index = with(eligible(), nouns);
        let asked = Question::any(model::action::Action::GROUPS_WRITE, samples::whole());
        let support = model::action::Action::known("Microsoft.Support/supportTickets/write");
        let support = Question::any(support, samples::whole());
        assert!(!index.check(ADA, &asked, at(0)).is_allowed(), "{role}");
        assert!(!index.check(ADA, &support, at(0)).is_allowed(), "{role}");
    }
}

#[test]
fn a_delegation_counts_in_its_own_period_and_so_does_what_is_activated_by_it() {
    let period = OpenPeriod::new(at(1), Some(at(2)));
    let timed = Assignment { period, ..samples::assignment(samples::whole()) };
    let long = Period::new(at(0), at(9)).unwrap();
    let activation = Activation {
        state: State::Granted { period: long, approvals: Approvals::default() },
        ..samples::activation(samples::whole())
    };
    let index = with(eligible(), [Noun::Assignment(timed), Noun::Activation(activation)]);
    let edges = [at(1) - BREATH, at(1), at(2) - BREATH, at(2)];
    assert_eq!(edges.map(|now| may(&index, now)), [false, true, true, false]);
    let reads = |now| {
        let verdict = index.check(ADA, &Question::any(READ, account("app")), now);
        match verdict {
            Verdict::Allowed(it) => it.valid_until,
            Verdict::Refused(_) => None,
        }
    };
    assert_eq!(edges.map(reads), [None, Some(at(2)), Some(at(2)), None]);
    let asked = Question::any(WRITE, account("app"));
    let Verdict::Allowed(it) = index.check(ADA, &asked, at(1)) else { panic!("both count") };
    assert_eq!(it.valid_until, Some(at(2)), "the earlier of the two");
}

#[test]
fn a_permit_does_not_outlive_the_activation_it_rests_on() {
    let index = active();
    let caller = samples::caller(ADA);
    let asked = || vec![Question::any(WRITE, account("app"))];
    let permit = || authorize(&index, &caller, asked(), at(0)).unwrap();
    assert!(permit().renew(&index, at(1) - BREATH).is_ok());
    assert!(permit().renew(&index, at(1)).is_err());
}

#[test]
fn a_customers_locks_bind_it_as_they_bind_delegations() {
    let locked = |profile| {
        let lock = crate::limits::lock(samples::whole(), model::role::LockLevel::ReadOnly);
        let activation = Noun::Activation(samples::activation(samples::whole()));
        with(eligible(), [Noun::Settings(settings(profile)), lock, activation])
    };
    assert!(may(&locked(Profile::Azure), at(0)));
    assert!(!may(&locked(Profile::Strict), at(0)));
}

fn itself(via: Via) -> Question {
    let id = samples::activation(samples::whole()).id;
    let scope = Scope::Resource(id.as_resource().clone());
    Question { action: model::action::Action::ACTIVATIONS_WRITE, scope, via }
}

#[test]
fn only_who_is_eligible_may_ask_for_it_whatever_they_hold() {
    let index = index(&eligible());
    let asked = itself(Via::Activating(Eligible { principal: TIER1.object, role: CONTRIBUTOR }));
    let Verdict::Allowed(it) = index.check(ADA, &asked, at(0)) else { panic!("she is eligible") };
    let basis = Basis::Delegation(samples::assignment(samples::whole()).id);
    assert_eq!(it.through, Through::Eligibility(basis));
    for (who, principal, role) in [
        (LEA, TIER1, CONTRIBUTOR),     // not in the group
        (OLOF, TIER1, CONTRIBUTOR),    // the customer's owner
        (ADA, ADA, CONTRIBUTOR),       // named by no authorization
        (ADA, TIER1, samples::READER), // hers already, and not eligible
    ] {
        let asked = itself(Via::Activating(Eligible { principal: principal.object, role }));
        assert!(!index.check(who, &asked, at(0)).is_allowed(), "{who} {role}");
    }
}

fn waiting() -> Vec<Change> {
    let mut definition = samples::eligible_definition(SUBSCRIPTION);
    definition.eligible = vec![samples::guarded(TIER1, CONTRIBUTOR, LEA)];
    let state = State::Waiting(Waiting {
        open: Sides::Both,
        approvals: Approvals::default(),
        until: at(24),
    });
    let nouns = [
        Noun::Definition(definition),
        Noun::ActivationPolicy(samples::activation_policy(samples::whole())),
        Noun::Activation(Activation { state, ..samples::activation(samples::whole()) }),
    ];
    eligible().into_iter().chain(nouns.map(put)).collect()
}

#[test]
fn each_side_decides_by_its_own_approvers_and_only_while_it_waits() {
    let index = index(&waiting());
    assert!(!may(&index, at(0)), "nobody has agreed");
    let decides =
        |who, side, now| index.check(who, &itself(Via::Approving(side)), now).is_allowed();
    for who in [ADA, OLOF, LEA] {
        assert_eq!(decides(who, Side::Provider, at(0)), who == LEA, "{who}");
        assert_eq!(decides(who, Side::Customer, at(0)), who == OLOF, "{who}");
    }
    assert!(decides(LEA, Side::Provider, at(24) - BREATH) && !decides(LEA, Side::Provider, at(24)));
    let mine = |who| index.check(who, &itself(Via::Requesting), at(0)).is_allowed();
    assert_eq!([ADA, OLOF, LEA].map(mine), [true, false, false]);
    let granted = then(&index, &[put(Noun::Activation(samples::activation(samples::whole())))]);
    let late = granted.check(LEA, &itself(Via::Approving(Side::Provider)), at(0));
    assert!(!late.is_allowed(), "there is nothing to decide");
}

#[test]
fn who_approves_for_the_customer_is_named_by_each_policy_around() {
    let nora = samples::principal(CUSTOMER, 0x40);
    let named = |scope: Scope, approvers: &[Principal]| {
        let approver = |it: &Principal| Approver { principal: it.object, display_name: None };
        let approvers = approvers.iter().map(approver).collect();
        Noun::ActivationPolicy(ActivationPolicy { approvers, ..samples::activation_policy(scope) })
    };
    let group = samples::resource_group("app");
    let state = State::Waiting(Waiting {
        open: Sides::Only(Side::Customer),
        approvals: Approvals::default(),
        until: at(24),
    });
    let waiting = Activation { state, ..samples::activation(group.clone()) };
    let scope = Scope::Resource(waiting.id.as_resource().clone());
    let decides = |outer: &[Principal], inner: &[Principal]| {
        let index = with(
            eligible(),
            [
                Noun::User(samples::user(nora, "nora")),
                named(samples::whole(), outer),
                named(group.clone(), inner),
                Noun::Activation(waiting.clone()),
            ],
        );
        let asked = Question { scope: scope.clone(), ..itself(Via::Approving(Side::Customer)) };
        [OLOF, nora].map(|who| index.check(who, &asked, at(0)).is_allowed())
    };
    assert_eq!(decides(&[OLOF, nora], &[nora]), [false, true]);
    assert_eq!(decides(&[OLOF], &[nora]), [false, false], "nobody is named by both");
    assert_eq!(decides(&[], &[nora]), [false, true], "one that names nobody asks nobody");
    assert_eq!(decides(&[], &[]), [false, false]);
}

#[test]
fn a_guest_is_who_they_are_at_home() {
    let guest = samples::principal(CUSTOMER, 0x60);
    let kind = UserKind::Guest { home: ADA };
    let index = with(people(), [Noun::User(User { kind, ..samples::user(guest, "ada") })]);
    assert_eq!([guest, ADA, OLOF].map(|who| index.person(who)), [ADA, ADA, OLOF]);
}
