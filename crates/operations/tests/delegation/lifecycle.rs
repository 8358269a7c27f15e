//! From the offer to the end of the delegation.

use std::sync::Arc;

use delegation::{assign, define, refused::Refused, withdraw};
use ids::{
    clock::{Clock, TestClock},
    scope::Scope,
};
use jiff::SignedDuration;
use model::{
    action::Action,
    activity::{Log, Outcome},
    change::{Change, Noun},
    event::Actor,
    samples::{
        ADA, CUSTOMER, NEIGHBOUR, OLOF, PROVIDER, READER, SUBSCRIPTION, TIER1, authorization,
        caller, resource_group, whole,
    },
};
use operations::{
    delegation::{
        assign::Assigned,
        define::Defined,
        end::Ended,
        withdraw::{Withdrawn, withdraw as withdraw_operation},
    },
    error::Error,
    plane::Plane,
    status,
};

use super::kit::{
    BO, RIVAL, about, accepting, assign_as, both_delegated, define_as, end_as, log_of, offer,
    reads, rivals_offer, trace, world,
};

async fn withdraw_as_owner(plane: &Plane) -> Result<Withdrawn, Error> {
    let context = about(OLOF, &Action::DEFINITIONS_DELETE, offer().id.as_resource());
    withdraw_operation(plane, &context, offer().id).await
}

#[tokio::test]
async fn access_begins_with_the_assignment_and_ends_with_it() {
    let plane = world(Vec::new()).await;
    assert!(!reads(&plane, ADA, whole()));

    let Defined::Created(shown) = define_as(&plane, OLOF, offer()).await.unwrap() else { panic!() };
    assert_eq!(shown.parties.managing_name.as_deref(), Some("fabrikam"));
    assert!(!reads(&plane, ADA, whole()), "nothing is accepted yet");

    let accepted = accepting(&offer(), whole());
    let made = assign_as(&plane, OLOF, accepted.clone()).await.unwrap();
    assert!(matches!(made, Assigned::Created(..)));
    assert!(reads(&plane, ADA, whole()));
    assert!(!reads(&plane, ADA, Scope::Subscription(NEIGHBOUR)));

    assert!(matches!(end_as(&plane, OLOF, &accepted.id).await, Ok(Ended::Removed(_))));
    assert!(!reads(&plane, ADA, whole()));
    assert_eq!(end_as(&plane, OLOF, &accepted.id).await.unwrap(), Ended::Absent);
}

#[tokio::test]
async fn row_event_and_both_logs_land_together() {
    let plane = world(Vec::new()).await;
    define_as(&plane, OLOF, offer()).await.unwrap();
    let Assigned::Created(made, operation) =
        assign_as(&plane, OLOF, accepting(&offer(), resource_group("rg1"))).await.unwrap()
    else {
        panic!()
    };

    let (events, _) = trace(&plane).await;
    let event = events.last().unwrap();
    assert_eq!(event.actor, Actor::Caller(caller(OLOF)));
    assert_eq!(event.tenants, [CUSTOMER, PROVIDER]);
    assert_eq!(event.change, Change::Put(Noun::Assignment(made.clone())));
    assert_eq!(event.action, Action::ASSIGNMENTS_WRITE);

    let ours = log_of(&plane, Log::Subscription(SUBSCRIPTION)).await;
    let written = ours.iter().find(|it| it.action == Action::ASSIGNMENTS_WRITE).unwrap();
    assert_eq!(written.caller, Some(caller(OLOF)));

    let theirs = log_of(&plane, Log::Tenant(PROVIDER)).await;
    let [news] = theirs.as_slice() else { panic!("{theirs:?}") };
    assert_eq!(news.action.as_str(), "Microsoft.Resources/tenants/register/action");
    assert_eq!((news.outcome, &news.caller), (Outcome::Succeeded, &None));
    assert_eq!(
        news.description,
        format!(
            r#"{{"subscriptionId":"{SUBSCRIPTION}","subscriptionTenantId":"{CUSTOMER}","delegationResourceId":"{}"}}"#,
            resource_group("rg1")
        )
    );

    let polled = |who| status_of(&plane, who, operation.to_string());
    assert!(polled(OLOF).await && !polled(ADA).await);
}

/// Access begins at once all the same: only what is shown of it waits.
#[tokio::test]
async fn where_that_is_simulated_an_operation_runs_for_a_while_by_the_clock() {
    let clock = Arc::new(TestClock::default());
    let mut plane = testkit::empty_by(Arc::clone(&clock) as Arc<dyn Clock>).await;
    testkit::put(&plane, testkit::world()).await;
    plane.simulated.operations = SignedDuration::from_secs(15);
    define_as(&plane, OLOF, offer()).await.unwrap();
    let Assigned::Created(_, operation) =
        assign_as(&plane, OLOF, accepting(&offer(), whole())).await.unwrap()
    else {
        panic!()
    };
    let polled = async || status::read(&plane, OLOF, &operation.to_string()).await.unwrap();
    assert_eq!(polled().await, Some(status::Outcome::Running));
    assert!(reads(&plane, ADA, whole()));
    clock.advance(SignedDuration::from_secs(14));
    assert_eq!(polled().await, Some(status::Outcome::Running));
    clock.advance(SignedDuration::from_secs(1));
    assert_eq!(polled().await, Some(status::Outcome::Succeeded(None)));
}

async fn status_of(plane: &Plane, who: ids::guid::Principal, operation: String) -> bool {
    status::read(plane, who, &operation).await.unwrap().is_some()
}

#[tokio::test]
async fn a_refusal_leaves_no_trace() {
    let plane = world(both_delegated()).await;
    let before = trace(&plane).await;

    let to_itself = define::Request { managed_by: CUSTOMER, ..offer() };
    let unknown = assign::Request {
        definition: ids::resource::DefinitionId::at(
            whole(),
            "00000000-0000-0000-0000-000000000404".parse().unwrap(),
        )
        .unwrap(),
        ..accepting(&offer(), resource_group("rg10"))
    };
    assert!(matches!(
        define_as(&plane, OLOF, to_itself).await,
        Err(Error::Delegation(Refused::Define(define::Refused::ToItself { .. })))
    ));
    assert!(matches!(
        assign_as(&plane, OLOF, unknown).await,
        Err(Error::Delegation(Refused::Assign(assign::Refused::NoDefinition(_))))
    ));
    assert!(matches!(
        assign_as(&plane, OLOF, accepting(&offer(), resource_group("gone"))).await,
        Err(Error::Delegation(Refused::Assign(assign::Refused::NoGroup(_))))
    ));
    assert!(matches!(
        withdraw_as_owner(&plane).await,
        Err(Error::Delegation(Refused::Withdraw(withdraw::Refused::InUse(..))))
    ));

    assert_eq!(trace(&plane).await, before);
}

#[tokio::test]
async fn b46_an_update_holds_at_once_wherever_it_is_assigned() {
    let plane = world(both_delegated()).await;
    let write = |plane: &Plane| {
        let question = model::question::Question::any(Action::GROUPS_WRITE, resource_group("rg1"));
        plane.index().check(ADA, &question, model::samples::now()).is_allowed()
    };
    assert!(write(&plane));

    let less = define::Request { authorizations: vec![authorization(TIER1, READER)], ..offer() };
    let put = define_as(&plane, OLOF, less).await.unwrap();

    assert!(matches!(put, Defined::Updated(..)));
    assert!(!write(&plane) && reads(&plane, ADA, resource_group("rg1")));
    let news = log_of(&plane, Log::Tenant(PROVIDER)).await;
    assert_eq!(news.len(), 1, "b51: an update is told as another delegation");
}

#[tokio::test]
async fn the_same_assignment_again_leaves_a_record_and_changes_nothing() {
    let plane = world(both_delegated()).await;
    let (events, before) = trace(&plane).await;
    let again = assign_as(&plane, OLOF, accepting(&offer(), whole())).await.unwrap();
    assert!(matches!(again, Assigned::Unchanged(_)));
    let after = trace(&plane).await;
    assert_eq!(after.0, events);
    let ours = log_of(&plane, Log::Subscription(SUBSCRIPTION)).await;
    assert_eq!((ours[0].outcome, ours[0].status_code), (Outcome::Succeeded, 200));
    assert_eq!(after.1.len(), before.len() + ours.len(), "nothing new for the managing tenant");
}

#[tokio::test]
async fn b54_a_definition_goes_after_its_last_assignment() {
    let plane = world(both_delegated()).await;
    end_as(&plane, OLOF, &accepting(&offer(), whole()).id).await.unwrap();
    assert_eq!(withdraw_as_owner(&plane).await.unwrap(), Withdrawn::Removed);
    assert_eq!(withdraw_as_owner(&plane).await.unwrap(), Withdrawn::Absent);
}

#[tokio::test]
async fn b5_the_managing_tenant_gives_its_own_delegation_back_through_the_delete_role() {
    let plane = world(both_delegated()).await;
    let id = accepting(&offer(), whole()).id;

    assert!(matches!(end_as(&plane, ADA, &id).await, Ok(Ended::Removed(_))));

    assert!(!reads(&plane, ADA, whole()));
    let (events, _) = trace(&plane).await;
    assert!(matches!(events.last().unwrap().change, Change::Leave(_)));
    let news = log_of(&plane, Log::Tenant(PROVIDER)).await;
    assert_eq!(news[0].action.as_str(), "Microsoft.Resources/tenants/unregister/action");
    assert_eq!(news[0].caller, Some(caller(ADA)), "its own engineer it may know");
}

#[tokio::test]
async fn rg1_is_not_rg10() {
    let plane = world(Vec::new()).await;
    define_as(&plane, OLOF, offer()).await.unwrap();
    assign_as(&plane, OLOF, accepting(&offer(), resource_group("rg1"))).await.unwrap();
    assert!(reads(&plane, ADA, resource_group("rg1")));
    assert!(!reads(&plane, ADA, resource_group("rg10")) && !reads(&plane, ADA, whole()));
}

#[tokio::test]
async fn b55_a_removed_group_takes_its_delegation_along_and_the_provider_reads_of_it() {
    let plane = world(both_delegated()).await;
    assert!(reads(&plane, BO, resource_group("rg1")));
    let context = testkit::context(OLOF, &Action::GROUPS_DELETE, resource_group("rg1"));
    let group = (SUBSCRIPTION, "rg1".parse().unwrap());
    operations::groups::delete::delete(&plane, &context, group).await.unwrap();

    assert!(!reads(&plane, BO, resource_group("rg1")));
    let news = log_of(&plane, Log::Tenant(RIVAL)).await;
    assert_eq!(news[0].action.as_str(), "Microsoft.Resources/tenants/unregister/action");
    assert!(log_of(&plane, Log::Tenant(PROVIDER)).await.is_empty(), "the subscription's stays");
    assert!(reads(&plane, ADA, whole()));
}

/// Managing tenants hear of refused attempts at what is or was to be theirs, and of no others.
#[tokio::test]
async fn a_refused_attempt_to_delegate_is_failed_in_the_managing_tenants_log_without_the_caller() {
    let plane = world(both_delegated()).await;
    let twice = assign::Request {
        id: accepting(&rivals_offer(), whole()).id,
        ..accepting(&offer(), whole())
    };
    assert!(assign_as(&plane, OLOF, twice).await.is_err());
    let by_nobody = define::Request { authorizations: Vec::new(), ..offer() };
    assert!(define_as(&plane, OLOF, by_nobody).await.is_err());
    plane.store.sweep().await.unwrap();

    let theirs = log_of(&plane, Log::Tenant(PROVIDER)).await;
    assert_eq!(theirs.len(), 2, "{theirs:?}");
    for it in &theirs {
        assert_eq!(it.action.as_str(), "Microsoft.Resources/tenants/register/action");
        assert_eq!((it.outcome, &it.caller, &it.message), (Outcome::Failed, &None, &None));
        assert!(it.description.contains(&format!(r#""delegationResourceId":"{}""#, whole())));
    }
    assert!(log_of(&plane, Log::Tenant(RIVAL)).await.is_empty());
}

/// Nobody writes into a tenant's log who may not delegate to it, and nobody without end.
#[tokio::test]
async fn a_stranger_writes_in_no_tenants_log_and_an_owner_only_so_much() {
    let plane = world(both_delegated()).await;
    let twice = || assign::Request {
        id: accepting(&rivals_offer(), whole()).id,
        ..accepting(&offer(), whole())
    };
    for who in [ADA, BO] {
        assert!(matches!(assign_as(&plane, who, twice()).await, Err(Error::Denied(_))));
    }
    plane.store.sweep().await.unwrap();
    assert!(log_of(&plane, Log::Tenant(PROVIDER)).await.is_empty());

    for _ in 0..30 {
        assert!(assign_as(&plane, OLOF, twice()).await.is_err());
    }
    plane.store.sweep().await.unwrap();
    assert_eq!(log_of(&plane, Log::Tenant(PROVIDER)).await.len(), 20);
}
