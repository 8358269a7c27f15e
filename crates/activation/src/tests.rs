//! The rules by table, and the whole machine against a reading of what happened.

use std::collections::BTreeSet;

use ids::{guid::Principal, resource::ActivationId};
use jiff::{SignedDuration, Timestamp};
use model::{
    activation::{
        Activation, Side, Sides, State, Ticket,
        policy::{ActivationPolicy, Proof},
    },
    delegation::Hurdle,
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, PROVIDER, TIER1},
};

use crate::{
    decide::{self, approve, deny},
    demands::{Demands, MINUTES_MIN, START_AHEAD},
    policy,
    refused::{Refused, Rule, Rules},
    request::{DECISION, Facts, JUSTIFICATION_CHARS_MAX, Request, request},
    standing::Standing,
    withdraw::{cancel, deactivate},
};

mod eligible;
mod machine;

const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Fabrikam's shift leader.
const LEA: Principal = samples::principal(PROVIDER, 0x1EA);

fn at(hours: i64) -> Timestamp {
    samples::now() + SignedDuration::from_hours(hours)
}

fn plain() -> Demands {
    Demands::of(&Hurdle::of(&samples::eligible(TIER1, CONTRIBUTOR)), &[])
}

fn asking(sides: &[Side]) -> Demands {
    Demands { sides: sides.iter().copied().collect(), ..plain() }
}

fn wanted() -> Request {
    Request {
        id: samples::activation(samples::whole()).id,
        start: None,
        length: Some(HOUR),
        justification: Some("patch night".to_owned()),
        ticket: None,
    }
}

fn facts(demands: Demands) -> Facts {
    Facts {
        who: ADA,
        customer: CUSTOMER,
        eligibility: Some((samples::activation(samples::whole()).eligibility, demands)),
        existing: None,
        others: Vec::new(),
        second_factor: false,
        now: samples::now(),
    }
}

fn asked(demands: Demands) -> Activation {
    request(wanted(), facts(demands)).unwrap()
}

fn deciding(activation: Activation, demands: Demands, side: Side, by: Principal) -> decide::Facts {
    decide::Facts {
        activation,
        demands: Some(demands),
        side,
        lapsed: Vec::new(),
        by,
        person: by,
        requester: ADA,
        justification: None,
        now: at(1),
    }
}

fn rules(rules: &[Rule]) -> Refused {
    Rules::of(rules.iter().copied()).unwrap().into()
}

fn period(it: &Activation) -> Option<(Timestamp, Timestamp)> {
    let State::Granted { period, .. } = &it.state else { return None };
    Some((period.from(), period.until()))
}

#[test]
fn b74_without_approvers_it_counts_at_once_for_as_long_as_was_asked() {
    let it = asked(plain());
    assert_eq!(period(&it), Some((at(0), at(1))));
    let whole = request(Request { length: None, ..wanted() }, facts(plain())).unwrap();
    assert_eq!(period(&whole), Some((at(0), at(8))), "as long as is allowed");
    let later = request(Request { start: Some(at(3)), ..wanted() }, facts(plain())).unwrap();
    assert_eq!(period(&later), Some((at(3), at(4))));
    let past = request(Request { start: Some(at(-3)), ..wanted() }, facts(plain())).unwrap();
    assert_eq!(period(&past), Some((at(0), at(1))), "nobody holds it in the past");
}

#[test]
fn each_rule_of_the_strictest_policy_is_named_where_it_fails() {
    let all = [Proof::Justification, Proof::Ticket, Proof::SecondFactor];
    let policy = |asks: &[Proof], minutes_max| ActivationPolicy {
        asks: asks.iter().copied().collect(),
        minutes_max,
        ..samples::activation_policy(samples::whole())
    };
    let hurdle = Hurdle::of(&samples::guarded(TIER1, CONTRIBUTOR, LEA));
    let demands = Demands::of(&hurdle, &[policy(&all[..2], Some(90)), policy(&[], Some(600))]);
    assert_eq!(demands.minutes_max, 90);
    assert_eq!(demands.proofs, BTreeSet::from(all));
    assert_eq!(demands.sides, BTreeSet::from(Side::ALL));
    let bare = Request {
        length: Some(HOUR * 2),
        justification: Some("  ".to_owned()),
        ticket: Some(Ticket { number: None, system: Some("jira".to_owned()) }),
        ..wanted()
    };
    let refused = request(bare, facts(demands.clone())).unwrap_err();
    assert_eq!(
        refused.to_string(),
        r#"The following policy rules failed: ["ExpirationRule","JustificationRule","TicketingRule","MfaRule"]"#
    );
    let good =
        Request { ticket: Some(Ticket { number: Some("7".to_owned()), system: None }), ..wanted() };
    let with_factor = Facts { second_factor: true, ..facts(demands) };
    assert!(request(good, with_factor).is_ok());
}

#[test]
fn b73_the_length_has_bounds_on_both_sides_and_the_start_one() {
    let of = |minutes: i64| {
        let length = Some(SignedDuration::from_mins(minutes));
        request(Request { length, ..wanted() }, facts(plain())).err()
    };
    let least = i64::from(MINUTES_MIN);
    assert_eq!([least, 480].map(of), [None, None]);
    let broken = Some(rules(&[Rule::Expiration]));
    assert_eq!([least - 1, 481, -1].map(of), [broken.clone(), broken.clone(), broken.clone()]);
    let from = |start| request(Request { start: Some(start), ..wanted() }, facts(plain())).err();
    let last = samples::now() + START_AHEAD;
    assert_eq!([last, last + HOUR, Timestamp::MAX].map(from), [None, broken.clone(), broken]);
}

#[test]
fn nothing_is_asked_for_without_eligibility_or_twice_or_at_length() {
    let nothing = Facts { eligibility: None, ..facts(plain()) };
    assert_eq!(request(wanted(), nothing), Err(rules(&[Rule::Eligibility])));
    let there = samples::activation(samples::whole());
    let taken = Facts { existing: Some(there.clone()), ..facts(plain()) };
    assert_eq!(request(wanted(), taken), Err(Refused::Requested));
    let beside = |other: Activation, now| {
        request(wanted(), Facts { others: vec![other], now, ..facts(plain()) }).err()
    };
    assert_eq!(beside(there.clone(), at(0)), Some(Refused::Exists));
    assert_eq!(beside(there.clone(), at(1)), None, "it is over");
    assert_eq!(beside(there.clone(), at(-1)), Some(Refused::Exists), "it will count");
    let pending = asked(asking(&[Side::Customer]));
    assert_eq!(beside(pending.clone(), at(1)), Some(Refused::Requested));
    assert_eq!(beside(pending, at(0) + DECISION), None, "nobody decided in time");
    let mut of_another_role = there;
    of_another_role.eligibility.role = samples::READER;
    assert_eq!(beside(of_another_role, at(0)), None);
    let long = Request { justification: Some("x".repeat(501)), ..wanted() };
    let most = JUSTIFICATION_CHARS_MAX;
    assert_eq!(
        request(long, facts(plain())),
        Err(Refused::TooLong { what: "justification", most })
    );
    let id = ActivationId::at(samples::whole(), "mine".parse().unwrap()).unwrap();
    let named = request(Request { id, ..wanted() }, facts(plain()));
    assert_eq!(named, Err(Refused::NotAGuid("mine".to_owned())));
}

#[test]
fn u7_it_counts_once_each_side_that_is_asked_has_agreed_and_no_earlier() {
    for sides in [&[Side::Provider][..], &[Side::Customer], &Side::ALL] {
        let demands = asking(sides);
        let mut it = asked(demands.clone());
        for (n, side) in sides.iter().enumerate() {
            assert_eq!(period(&it), None, "{sides:?}");
            assert_eq!(Standing::at(&it, at(1)), Standing::Pending);
            let by = if *side == Side::Provider { LEA } else { OLOF };
            it = approve(deciding(it, demands.clone(), *side, by)).unwrap();
            assert_eq!(period(&it).is_some(), n + 1 == sides.len(), "{sides:?}");
        }
        assert_eq!(period(&it), Some((at(1), at(2))), "the clock starts at approval");
    }
}

#[test]
fn an_approval_before_the_start_leaves_it_and_a_later_one_moves_it() {
    let demands = asking(&[Side::Customer]);
    let later = Request { start: Some(at(3)), ..wanted() };
    let it = request(later, facts(demands.clone())).unwrap();
    let approved = |now| {
        let facts = deciding(it.clone(), demands.clone(), Side::Customer, OLOF);
        period(&approve(decide::Facts { now, ..facts }).unwrap())
    };
    assert_eq!(approved(at(1)), Some((at(3), at(4))));
    assert_eq!(approved(at(5)), Some((at(5), at(6))), "for as long as was asked for");
}

#[test]
fn nobody_decides_about_their_own_nor_for_both_sides() {
    let demands = asking(&Side::ALL);
    let it = asked(demands.clone());
    let guest = samples::principal(CUSTOMER, 0x60);
    let as_guest = |person, by, side| decide::Facts {
        person,
        ..deciding(it.clone(), demands.clone(), side, by)
    };
    for facts in [
        as_guest(ADA, ADA, Side::Provider),
        as_guest(ADA, guest, Side::Customer),
        as_guest(LEA, ADA, Side::Provider),
    ] {
        assert_eq!(approve(facts.clone()), Err(Refused::OwnRequest));
        assert_eq!(deny(facts), Err(Refused::OwnRequest));
    }
    let half = approve(as_guest(LEA, LEA, Side::Provider)).unwrap();
    let again = |side, by| {
        approve(decide::Facts { person: LEA, ..deciding(half.clone(), demands.clone(), side, by) })
    };
    assert_eq!(again(Side::Customer, guest), Err(Refused::SamePerson));
    assert_eq!(again(Side::Provider, LEA), Err(Refused::NotWaiting), "each side once");
    assert!(matches!(half.state, State::Waiting(ref it) if it.open == Sides::Only(Side::Customer)));
}

#[test]
fn what_is_asked_for_when_somebody_agrees_is_what_counts() {
    let demands = asking(&[Side::Provider]);
    let it = asked(demands.clone());
    let today = |demands: Demands| approve(deciding(it.clone(), demands, Side::Provider, LEA));
    let both = today(asking(&Side::ALL)).unwrap();
    assert_eq!(period(&both), None, "the customer is asked now, too");
    let factor = Demands { proofs: BTreeSet::from([Proof::SecondFactor]), ..demands.clone() };
    assert_eq!(today(factor), Err(rules(&[Rule::Mfa])));
    assert_eq!(
        today(Demands { minutes_max: 30, ..demands.clone() }),
        Err(rules(&[Rule::Expiration]))
    );
    assert_eq!(today(asking(&[Side::Customer])), Err(Refused::NotWaiting), "it is not asked");
    let gone = decide::Facts { demands: None, ..deciding(it, demands, Side::Provider, LEA) };
    assert_eq!(approve(gone), Err(rules(&[Rule::Eligibility])));
}

#[test]
fn a_yes_of_somebody_who_is_not_asked_any_more_is_none() {
    let demands = asking(&Side::ALL);
    let of = |it: &Activation, side, by, lapsed: &[Side]| {
        let facts = deciding(it.clone(), demands.clone(), side, by);
        approve(decide::Facts { lapsed: lapsed.to_vec(), ..facts })
    };
    let half = of(&asked(demands.clone()), Side::Customer, OLOF, &[]).unwrap();
    let other = of(&half, Side::Provider, LEA, &[Side::Customer]).unwrap();
    assert!(
        matches!(other.state, State::Waiting(ref it) if it.open == Sides::Only(Side::Customer))
    );
    let rut = samples::principal(CUSTOMER, 0x61);
    assert_eq!(of(&other, Side::Customer, rut, &[]).map(|it| period(&it).is_some()), Ok(true));
    let again = of(&half, Side::Customer, rut, &[Side::Customer]).unwrap();
    assert!(
        matches!(again.state, State::Waiting(ref it) if it.open == Sides::Only(Side::Provider))
    );
    assert_eq!(of(&half, Side::Customer, rut, &[]), Err(Refused::NotWaiting), "it stands");
}

#[test]
fn no_ends_it_for_both_sides_and_so_does_the_deadline() {
    let demands = asking(&Side::ALL);
    let it = asked(demands.clone());
    let denied = deny(deciding(it.clone(), demands.clone(), Side::Customer, OLOF)).unwrap();
    assert_eq!(Standing::at(&denied, at(1)), Standing::Denied);
    let after = deciding(denied, demands.clone(), Side::Provider, LEA);
    assert_eq!(approve(after), Err(Refused::NotWaiting));
    let late =
        decide::Facts { now: at(0) + DECISION, ..deciding(it, demands, Side::Provider, LEA) };
    assert_eq!(Standing::at(&late.activation, late.now), Standing::TimedOut);
    assert_eq!(approve(late.clone()), Err(Refused::NotWaiting));
    assert_eq!(deny(late), Err(Refused::NotWaiting));
}

#[test]
fn what_does_not_count_yet_is_cancelled_and_what_counts_is_given_back() {
    let pending = asked(asking(&[Side::Customer]));
    let active = asked(plain());
    let later = request(Request { start: Some(at(3)), ..wanted() }, facts(plain())).unwrap();
    for (it, cancels, deactivates) in
        [(&pending, true, false), (&active, false, true), (&later, true, false)]
    {
        let cancelled = cancel(it.clone(), at(0));
        assert_eq!(cancelled.is_ok(), cancels, "{it:?}");
        let given_back = deactivate(it.clone(), at(0));
        assert_eq!(given_back.is_ok(), deactivates, "{it:?}");
        for ended in cancelled.into_iter().chain(given_back) {
            assert_eq!(cancel(ended.clone(), at(0)), Err(Refused::NotPending));
            assert_eq!(deactivate(ended.clone(), at(0)), Err(Refused::NotActive));
            assert!(!matches!(Standing::at(&ended, at(3)), Standing::Active), "{ended:?}");
        }
    }
    assert_eq!(deactivate(active.clone(), at(1)), Err(Refused::NotActive), "it is over");
    assert_eq!(Standing::at(&active, at(1)), Standing::Expired);
    assert_eq!(Standing::at(&active, at(0)).unborne(), Standing::Revoked);
    assert_eq!(Standing::at(&active, at(1)).unborne(), Standing::Expired);
}

#[test]
fn a_customers_policy_has_bounds() {
    let good = samples::activation_policy(samples::whole());
    assert_eq!(policy::judge(&good), Ok(()));
    let lasting = |minutes| {
        policy::judge(&ActivationPolicy { minutes_max: Some(minutes), ..good.clone() }).is_ok()
    };
    assert_eq!([4, 5, 1440, 1441].map(lasting), [false, true, true, false]);
    let approvers = vec![good.approvers[0].clone(); 11];
    let crowded = policy::judge(&ActivationPolicy { approvers, ..good.clone() });
    assert_eq!(crowded, Err(Refused::PolicyApprovers(10)));
    let group = ids::scope::Scope::ManagementGroup(CUSTOMER, "all".parse().unwrap());
    let id = ActivationPolicy::id_at(group, CONTRIBUTOR).unwrap();
    assert_eq!(policy::judge(&ActivationPolicy { id, ..good.clone() }), Ok(()));
    let tenant = ids::scope::Scope::Tenant(CUSTOMER);
    let id = ActivationPolicy::id_at(tenant.clone(), CONTRIBUTOR).unwrap();
    assert_eq!(policy::judge(&ActivationPolicy { id, ..good }), Err(Refused::PolicyScope(tenant)));
}
