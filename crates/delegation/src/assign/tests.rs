use ids::name::Name;
use jiff::SignedDuration;
use model::{
    delegation::EligibleAuthorization,
    samples::{
        CUSTOMER, NEIGHBOUR, PROVIDER, READER, SUBSCRIPTION, assignment, definition, now, object,
        resource_group, system_data, whole,
    },
};

use super::*;

fn request(scope: Scope) -> Request {
    let Assignment { id, definition, definition_as_sent, .. } = assignment(scope);
    Request { id, definition, definition_as_sent, period: None, dialect: Dialect::Eligible }
}

fn facts() -> Facts {
    Facts {
        owner: CUSTOMER,
        definition: Some(definition(SUBSCRIPTION)),
        existing: None,
        others: Vec::new(),
        group: GroupFact::NotAsked,
        is_diminished: false,
        partner: None,
        made: system_data(),
    }
}

fn named(scope: Scope, name: &str) -> AssignmentId {
    AssignmentId::at(scope, name.parse().unwrap()).unwrap()
}

#[test]
fn what_is_born_of_an_offer_counts_for_its_partner_and_stays_so() {
    let partner = Some("6123477".parse().unwrap());
    let born = assign(request(whole()), Facts { partner, ..facts() });
    let Ok(Verdict::Create(it)) = born else { panic!("{born:?}") };
    assert_eq!(it.partner, partner);
    let later = Facts { partner: None, existing: Some(it.clone()), ..facts() };
    assert_eq!(assign(request(whole()), later), Ok(Verdict::Keep(it)));
}

const OTHER_NAME: &str = "0000d0d0-0000-4000-8000-00000000beef";

#[test]
fn an_accepted_definition_is_kept_with_the_id_as_it_was_sent() {
    let as_sent = definition(SUBSCRIPTION).id.to_string().trim_start_matches('/').to_lowercase();
    let request = Request { definition_as_sent: as_sent.clone(), ..request(whole()) };
    let expected = Assignment { definition_as_sent: as_sent, ..assignment(whole()) };
    assert_eq!(assign(request, facts()), Ok(Verdict::Create(expected)));
}

#[test]
fn b7_a_subscription_and_a_resource_group_can_be_delegated_and_nothing_else() {
    let group = resource_group("rg1");
    let there = Facts { group: GroupFact::Present, ..facts() };
    assert_eq!(
        assign(request(group.clone()), there),
        Ok(Verdict::Create(assignment(group.clone())))
    );
    let vault = Scope::parse(&format!("{group}/providers/N.S/t/n"), CUSTOMER).unwrap();
    for scope in
        [vault, Scope::Tenant(CUSTOMER), Scope::ManagementGroup(CUSTOMER, "m".parse().unwrap())]
    {
        let id = named(scope.clone(), OTHER_NAME);
        let refused = assign(Request { id, ..request(whole()) }, facts());
        assert_eq!(refused, Err(Refused::NotDelegable(scope)));
    }
}

#[test]
fn b9_a_definition_of_another_subscription_is_refused_by_its_id_alone() {
    let foreign = Request { definition: definition(NEIGHBOUR).id, ..request(whole()) };
    let refused = Refused::ForeignDefinition(definition(NEIGHBOUR).id);
    for known in [None, Some(definition(NEIGHBOUR))] {
        let facts = Facts { definition: known, ..facts() };
        assert_eq!(assign(foreign.clone(), facts), Err(refused.clone()));
    }
    let name: Name = OTHER_NAME.parse().unwrap();
    let in_group = DefinitionId::at(resource_group("rg1"), name).unwrap();
    let request = Request { definition: in_group.clone(), ..request(resource_group("rg1")) };
    assert_eq!(assign(request, facts()), Err(Refused::ForeignDefinition(in_group)));
}

#[test]
fn b9_an_assignment_needs_its_definition() {
    let facts = Facts { definition: None, ..facts() };
    let refused = Refused::NoDefinition(definition(SUBSCRIPTION).id);
    assert_eq!(assign(request(whole()), facts), Err(refused));
}

#[test]
fn b10_a_resource_group_must_be_there_first() {
    let absent = Facts { group: GroupFact::Absent, ..facts() };
    let refused = assign(request(resource_group("rg1")), absent);
    assert_eq!(refused, Err(Refused::NoGroup("rg1".parse().unwrap())));
}

#[test]
fn b12_the_same_definition_is_not_assigned_twice_at_one_scope() {
    let again = Request { id: named(whole(), OTHER_NAME), ..request(whole()) };
    let assigned = Facts { others: vec![assignment(whole())], ..facts() };
    let refused = assign(again, assigned).unwrap_err();
    let definition = definition(SUBSCRIPTION).id;
    assert_eq!(refused, Refused::AssignedAlready { scope: whole(), definition });
}

#[test]
fn b13_and_b14_one_definition_serves_the_subscription_and_its_groups() {
    let held = vec![assignment(whole()), assignment(resource_group("rg10"))];
    let facts = Facts { others: held, group: GroupFact::Present, ..facts() };
    let rg1 = resource_group("rg1");
    assert_eq!(assign(request(rg1.clone()), facts), Ok(Verdict::Create(assignment(rg1))));
}

#[test]
fn b15_a_subscription_that_moved_to_its_manager_is_not_assigned_again() {
    let moved = Facts { owner: PROVIDER, ..facts() };
    let refused = assign(request(whole()), moved).unwrap_err();
    assert!(matches!(refused, Refused::ToItself { tenant: PROVIDER, .. }), "{refused}");
}

#[test]
fn an_assignment_is_called_by_a_guid() {
    let request = Request { id: named(whole(), "mine"), ..request(whole()) };
    assert!(matches!(assign(request, facts()), Err(Refused::Name(_))));
}

#[test]
fn what_is_assigned_already_is_kept() {
    let there =
        Facts { existing: Some(assignment(whole())), others: vec![assignment(whole())], ..facts() };
    assert_eq!(assign(request(whole()), there), Ok(Verdict::Keep(assignment(whole()))));
}

#[test]
fn an_assignment_never_turns_to_another_definition() {
    let other = DefinitionId::at(whole(), OTHER_NAME.parse().unwrap()).unwrap();
    let existing = Assignment { definition: other.clone(), ..assignment(whole()) };
    let refused = Refused::Taken { id: assignment(whole()).id, definition: other };
    let facts = Facts { existing: Some(existing), ..facts() };
    assert_eq!(assign(request(whole()), facts), Err(refused));
}

#[test]
fn an_older_version_cannot_assign_eligible_authorizations() {
    let it = EligibleAuthorization {
        principal: object(1),
        role: READER,
        display_name: None,
        policy: None,
    };
    let offered = model::delegation::Definition { eligible: vec![it], ..definition(SUBSCRIPTION) };
    let facts = Facts { definition: Some(offered), ..facts() };
    let older = Request { dialect: Dialect::Plain, ..request(whole()) };
    assert_eq!(assign(older, facts), Err(Refused::TooOld(TooOld)));
}

#[test]
fn b56_the_same_assignment_again_brings_back_what_it_had_lost() {
    let again = |is_diminished| {
        let existing = Some(assignment(whole()));
        assign(request(whole()), Facts { existing, is_diminished, ..facts() })
    };
    assert_eq!(again(true), Ok(Verdict::Restore(assignment(whole()))));
    assert_eq!(again(false), Ok(Verdict::Keep(assignment(whole()))));
}

#[test]
fn a_delegation_may_begin_later_and_end_and_keeps_its_period_where_nothing_is_said() {
    let at = |hours| now() + SignedDuration::from_hours(hours);
    let period = |from, until: Option<i64>| OpenPeriod::new(at(from), until.map(at));
    let asked = |period| Request { period, ..request(whole()) };
    let Verdict::Create(made) = assign(asked(period(1, Some(9))), facts()).unwrap() else {
        panic!("it is new")
    };
    assert_eq!(made.period, period(1, Some(9)));
    let there = |it: &Assignment| Facts { existing: Some(it.clone()), ..facts() };
    assert_eq!(assign(asked(None), there(&made)), Ok(Verdict::Keep(made.clone())));
    assert_eq!(assign(asked(made.period), there(&made)), Ok(Verdict::Keep(made.clone())));
    let Verdict::Reschedule(moved) = assign(asked(period(1, None)), there(&made)).unwrap() else {
        panic!("it counts at another time")
    };
    assert_eq!((moved.period, &moved.id), (period(1, None), &made.id));
    let over = Err(Refused::OverAlready(made.id.clone()));
    assert_eq!(assign(asked(period(-2, Some(0))), facts()), over);
    assert_eq!(assign(asked(period(-2, Some(-1))), there(&made)), over);
}
