//! What may still be done in a subscription that is not in good standing, or does not use a
//! provider.

use ids::{guid::SubscriptionId, scope::Scope};
use model::{
    change::Noun,
    samples::{self, OLOF},
    tree::{ResourceGroup, Subscription, SubscriptionState},
};
use operations::plane::Plane;
use serde_json::{Value, json};

use super::kit::{GUID, SUBSCRIPTION, ask, code, plane};

const ACCOUNT: &str =
    "{s}/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/a?api-version=2023-01-01";

async fn turn(plane: &Plane, change: impl FnOnce(&mut Subscription)) {
    let mut subscription = samples::subscription(samples::SUBSCRIPTION, samples::CUSTOMER);
    change(&mut subscription);
    testkit::put(plane, vec![Noun::Subscription(subscription)]).await;
}

#[tokio::test]
async fn what_is_in_a_disabled_subscription_can_be_removed_and_nothing_else() {
    for state in [SubscriptionState::Warned, SubscriptionState::Disabled] {
        let plane = plane(Vec::new()).await;
        let body = json!({ "location": "westeurope" });
        assert_eq!(ask(&plane, OLOF, &format!("PUT {ACCOUNT}"), body.clone()).await.status, 201);
        turn(&plane, |it| it.state = state).await;

        for method in ["PUT", "PATCH"] {
            let answer = ask(&plane, OLOF, &format!("{method} {ACCOUNT}"), body.clone()).await;
            assert_eq!(code(&answer), (409, "ReadOnlyDisabledSubscription"), "{method} {state:?}");
        }
        assert_eq!(ask(&plane, OLOF, &format!("GET {ACCOUNT}"), Value::Null).await.status, 200);
        let gone = ask(&plane, OLOF, &format!("DELETE {ACCOUNT}"), Value::Null).await;
        assert_eq!(gone.status, 200, "{state:?} {gone:?}");
    }
}

#[tokio::test]
async fn a_deleted_subscription_takes_no_write_at_all() {
    let plane = plane(Vec::new()).await;
    turn(&plane, |it| it.state = SubscriptionState::Deleted).await;
    let answer = ask(&plane, OLOF, &format!("DELETE {ACCOUNT}"), Value::Null).await;
    assert_eq!(code(&answer), (409, "ReadOnlyDisabledSubscription"));
}

#[tokio::test]
async fn nothing_moves_into_a_subscription_that_takes_no_writes() {
    let there = SubscriptionId::new(uuid::Uuid::from_u128(0xA1));
    let to = format!("/subscriptions/{there}/resourceGroups/rg2");
    let account = ACCOUNT.split_once('?').unwrap().0.replace("{s}", SUBSCRIPTION);
    let asked = json!({ "resources": [account], "targetResourceGroup": to });
    for (state, status) in [
        (SubscriptionState::Enabled, 202),
        (SubscriptionState::PastDue, 202),
        (SubscriptionState::Warned, 409),
        (SubscriptionState::Disabled, 409),
        (SubscriptionState::Deleted, 409),
    ] {
        let subscription = samples::subscription(there, samples::CUSTOMER);
        let plane = plane(vec![
            Noun::Subscription(Subscription { state, ..subscription }),
            Noun::ResourceGroup(ResourceGroup { subscription: there, ..testkit::group("rg2") }),
            Noun::RoleAssignment(samples::role_assignment(
                Scope::Subscription(there),
                OLOF,
                samples::OWNER,
            )),
        ])
        .await;
        let body = json!({ "location": "westeurope" });
        assert_eq!(ask(&plane, OLOF, &format!("PUT {ACCOUNT}"), body).await.status, 201);
        for verb in ["validateMoveResources", "moveResources"] {
            let line = format!("POST {{s}}/resourceGroups/rg1/{verb}?api-version=2021-04-01");
            let answer = ask(&plane, OLOF, &line, asked.clone()).await;
            assert_eq!(answer.status, status, "{state:?} {verb} {answer:?}");
            if status == 409 {
                assert_eq!(code(&answer).1, "ReadOnlyDisabledSubscription", "{state:?} {verb}");
            }
        }
    }
}

#[tokio::test]
async fn a_delegation_can_be_ended_whatever_its_subscription_has_come_to() {
    let delegated = || {
        vec![
            Noun::Definition(samples::definition(samples::SUBSCRIPTION)),
            Noun::Assignment(samples::assignment(samples::whole())),
        ]
    };
    let name = samples::assignment(samples::whole()).id.name().to_string();
    let line = format!(
        "DELETE {{s}}/providers/Microsoft.ManagedServices/registrationAssignments/{name}?api-version=2022-10-01"
    );
    for (what, change) in [
        ("disabled", (|it| it.state = SubscriptionState::Disabled) as fn(&mut Subscription)),
        ("unregistered", |it| it.registered_by_default = false),
    ] {
        let plane = plane(delegated()).await;
        turn(&plane, change).await;
        let made = line.replace("DELETE", "PUT").replace(&name, GUID);
        assert_eq!(ask(&plane, OLOF, &made, json!({})).await.status, 409, "{what}");
        let gone = ask(&plane, OLOF, &line, Value::Null).await;
        assert!(gone.status < 300, "{what}: {gone:?}");
        assert!(plane.index().managing_tenants(samples::SUBSCRIPTION).is_empty(), "{what}");
    }
}
