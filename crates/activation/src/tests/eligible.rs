//! What a tenant lets its own people activate: each request, and why not.

use ids::resource::EligibleAssignmentId;
use jiff::{SignedDuration, Timestamp};
use model::{
    activation::{
        Ticket,
        eligible::{EligibleAssignment, StepKind},
    },
    period::OpenPeriod,
    role::PrincipalType,
    samples::{self, CONTRIBUTOR, OLOF, READER},
};
use uuid::Uuid;

use super::{HOUR, at};
use crate::{
    eligible::{End, Facts, Request, decide},
    refused::Refused,
    request::{JUSTIFICATION_CHARS_MAX, TICKET_CHARS_MAX},
};

pub(super) fn request(n: u128, kind: StepKind) -> Request {
    let name = Uuid::from_u128(n).to_string().parse().unwrap();
    Request {
        id: EligibleAssignmentId::at(samples::whole(), name).unwrap(),
        kind,
        role: CONTRIBUTOR,
        start: None,
        end: End::Unsaid,
        target: None,
        justification: None,
        ticket: None,
    }
}

pub(super) fn facts(here: Vec<EligibleAssignment>, now: Timestamp) -> Facts {
    let (by, principal) = (OLOF, samples::principal(samples::CUSTOMER, 0x40));
    Facts { by, principal, principal_type: PrincipalType::User, here, now }
}

fn given(end: End) -> EligibleAssignment {
    let request = Request { end, ..request(1, StepKind::Assign) };
    decide(&request, &facts(Vec::new(), at(0))).unwrap()
}

fn period(it: &EligibleAssignment) -> (Timestamp, Option<Timestamp>) {
    (it.period.from(), it.period.until())
}

fn after(
    it: &EligibleAssignment,
    hours: i64,
    edit: impl FnOnce(Request) -> Request,
) -> Result<EligibleAssignment, Refused> {
    decide(&edit(request(2, StepKind::Update)), &facts(vec![it.clone()], at(hours)))
}

#[test]
fn what_is_given_counts_from_now_or_later_until_it_ends_or_for_good() {
    assert_eq!(period(&given(End::Unsaid)), (at(0), None));
    assert_eq!(period(&given(End::Never)), (at(0), None));
    assert_eq!(period(&given(End::After(HOUR))), (at(0), Some(at(1))));
    assert_eq!(period(&given(End::At(at(3)))), (at(0), Some(at(3))));
    let with = |start| {
        let wanted = request(1, StepKind::Assign);
        let wanted = Request { start: Some(start), end: End::After(HOUR), ..wanted };
        period(&decide(&wanted, &facts(Vec::new(), at(0))).unwrap())
    };
    assert_eq!(with(at(2)), (at(2), Some(at(3))));
    assert_eq!(with(at(-2)), (at(0), Some(at(1))), "nothing begins in the past");
    let it = given(End::Never);
    assert_eq!(it.eligibility().name(), Uuid::from_u128(1), "named by its request");
    let gone = after(&it, 1, |wanted| Request { kind: StepKind::Remove, ..wanted }).unwrap();
    assert_eq!((gone.removed, gone.steps.len()), (Some(at(1)), 2));
}

#[test]
fn an_end_moves_as_the_request_says_and_never_into_the_past() {
    let it = given(End::After(HOUR * 4));
    let moved = |hours, kind, end| {
        after(&it, hours, |wanted| Request { kind, end, ..wanted }).map(|it| period(&it))
    };
    let no = Err(Refused::BadPeriod);
    assert_eq!(moved(1, StepKind::Update, End::At(at(2))), Ok((at(0), Some(at(2)))));
    assert_eq!(moved(1, StepKind::Update, End::Unsaid), Ok((at(0), Some(at(4)))));
    assert_eq!(moved(1, StepKind::Update, End::After(HOUR)), Ok((at(0), Some(at(2)))));
    assert_eq!(moved(1, StepKind::Extend, End::At(at(6))), Ok((at(0), Some(at(6)))));
    assert_eq!(moved(1, StepKind::Extend, End::Never), Ok((at(0), None)));
    assert_eq!(moved(1, StepKind::Extend, End::At(at(3))), no, "that is earlier");
    assert_eq!(moved(2, StepKind::Update, End::At(at(2))), no, "that is no time at all");
    assert_eq!(moved(4, StepKind::Update, End::Never), no, "it is over");
    assert_eq!(moved(4, StepKind::Extend, End::Never), no, "it is over");
    assert_eq!(moved(3, StepKind::Renew, End::Never), no, "it is not over");
    assert_eq!(moved(4, StepKind::Renew, End::After(HOUR)), Ok((at(4), Some(at(5)))));
    assert_eq!(moved(4, StepKind::Renew, End::After(SignedDuration::MAX)), no);
    let start = |wanted| Request { start: Some(at(3)), end: End::Never, ..wanted };
    assert_eq!(after(&it, 1, start).map(|it| period(&it)), Ok((at(3), None)));
}

#[test]
fn nobody_is_eligible_twice_and_a_name_is_used_once() {
    let it = given(End::After(HOUR));
    let again = |n, now: i64| {
        decide(&request(n, StepKind::Assign), &facts(vec![it.clone()], at(now))).map(|_| ())
    };
    assert_eq!(again(2, 0), Err(Refused::Exists));
    assert_eq!(again(2, 1), Ok(()), "the first is over");
    assert_eq!(again(1, 1), Err(Refused::Requested));
    let other = Request { role: READER, ..request(2, StepKind::Assign) };
    assert!(decide(&other, &facts(vec![it.clone()], at(0))).is_ok(), "another role");
    let full = vec![it; EligibleAssignment::AT_MOST];
    let refused = Refused::TooMany(EligibleAssignment::AT_MOST);
    assert_eq!(decide(&request(2, StepKind::Assign), &facts(full, at(1))), Err(refused));
}

#[test]
fn only_what_is_there_changes_and_only_what_has_not_begun_is_taken_back() {
    let it = given(End::Never);
    let kinds = [StepKind::Update, StepKind::Remove, StepKind::Extend, StepKind::Renew];
    for kind in kinds.into_iter().chain([StepKind::Cancel]) {
        let of = |here| decide(&request(2, kind), &facts(here, at(1)));
        assert_eq!(of(Vec::new()), Err(Refused::NotActive), "{kind:?}");
        let gone = EligibleAssignment { removed: Some(at(0)), ..it.clone() };
        assert_eq!(of(vec![gone]), Err(Refused::NotActive), "{kind:?}");
        let target = |n| {
            let target = Some(Uuid::from_u128(n));
            let wanted = Request { target, ..request(2, StepKind::Remove) };
            decide(&wanted, &facts(vec![it.clone()], at(1))).map(|it| it.removed)
        };
        assert_eq!(target(9), Err(Refused::NotActive));
        assert_eq!(target(1), Ok(Some(at(1))));
    }
    let cancel = |now| decide(&request(2, StepKind::Cancel), &facts(vec![ahead()], now));
    assert_eq!(cancel(at(1)).map(|it| it.removed), Ok(Some(at(1))));
    assert_eq!(cancel(at(2)), Err(Refused::NotPending));
}

fn ahead() -> EligibleAssignment {
    let period = OpenPeriod::new(at(2), None).unwrap();
    EligibleAssignment { period, ..given(End::Never) }
}

#[test]
fn what_is_no_persons_or_too_long_is_refused() {
    for kind in [PrincipalType::ServicePrincipal, PrincipalType::ForeignGroup] {
        let facts = Facts { principal_type: kind, ..facts(Vec::new(), at(0)) };
        assert_eq!(decide(&request(1, StepKind::Assign), &facts), Err(Refused::NotAPerson));
    }
    let group = Facts { principal_type: PrincipalType::Group, ..facts(Vec::new(), at(0)) };
    assert!(decide(&request(1, StepKind::Assign), &group).is_ok());
    let name: ids::name::Name = "monday".parse().unwrap();
    let id = EligibleAssignmentId::at(samples::whole(), name).unwrap();
    let unnamed = Request { id, ..request(1, StepKind::Assign) };
    let nothing = facts(Vec::new(), at(0));
    assert_eq!(decide(&unnamed, &nothing), Err(Refused::NotAGuid("monday".to_owned())));
    let long = |most| Some("x".repeat(most + 1));
    let justification = long(JUSTIFICATION_CHARS_MAX);
    let ticket = Some(Ticket { number: long(TICKET_CHARS_MAX), system: None });
    for wanted in [
        Request { justification, ..request(1, StepKind::Assign) },
        Request { ticket, ..request(1, StepKind::Assign) },
    ] {
        assert!(matches!(decide(&wanted, &nothing), Err(Refused::TooLong { .. })));
    }
}
