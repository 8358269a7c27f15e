//! What a customer demands is its own to say.

use activation::{refused::Refused as Decision, standing::Standing};
use ids::scope::Scope;
use model::{
    action::Action,
    activation::policy::{ActivationPolicy, Proof},
    change::Noun,
    delegation::Approver,
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, resource_group, whole},
};
use operations::{
    activation::{
        Refused,
        policies::{self, PutPolicy},
    },
    around::Reach,
    error::Error,
    put::Put,
};

use super::kit::{Asked, Stage, asking, is_denied};

fn demand(scope: Scope) -> PutPolicy {
    PutPolicy {
        scope,
        role: CONTRIBUTOR,
        minutes_max: Some(60),
        asks: [].into(),
        approvers: vec![Approver { principal: OLOF.object, display_name: None }],
    }
}

fn context(who: ids::guid::Principal, scope: &Scope) -> operations::context::Context {
    let action = Action::named("Microsoft.Authorization/roleManagementPolicies/write");
    testkit::context(who, &action, scope.clone())
}

#[tokio::test]
async fn an_owner_demands_changes_and_waives() {
    let stage = Stage::of(Asked::Nobody).await;
    let put = async |wanted| policies::put(&stage.plane, &context(OLOF, &whole()), wanted).await;
    let Ok(Put::Created(made)) = put(demand(whole())).await else { panic!("it is new") };
    assert!(matches!(put(demand(whole())).await, Ok(Put::Unchanged(_))));
    let harder = PutPolicy { minutes_max: Some(30), ..demand(whole()) };
    assert!(matches!(put(harder).await, Ok(Put::Updated(_))));
    let (reader, inside) = (context(OLOF, &whole()), resource_group("app"));
    let listed = policies::list(&stage.plane, &reader, &inside, Reach::AtAndAbove).await;
    assert_eq!(listed.unwrap()[0].minutes_max, Some(30));
    let mut wanted = asking(1, whole());
    wanted.request.length = None;
    let pending = stage.ask_as(ADA, wanted).await.unwrap();
    assert_eq!(pending.standing, Standing::Pending);
    assert!(!stage.writes(&whole()));
    let gone = policies::delete(&stage.plane, &context(OLOF, &whole()), made.id.clone()).await;
    assert!(gone.unwrap());
    let absent = policies::get(&stage.plane, &context(OLOF, &whole()), made.id).await;
    assert!(matches!(absent, Err(Error::Activation(Refused::NoPolicy(_)))));
}

#[tokio::test]
async fn two_who_change_some_of_it_at_once_lose_nothing() {
    let stage = Stage::of(Asked::Nobody).await;
    let owner = context(OLOF, &whole());
    let patch = async |change: fn(ActivationPolicy) -> ActivationPolicy| {
        policies::patch(&stage.plane, &owner, (whole(), CONTRIBUTOR), change).await.unwrap();
    };
    let shorter = |before| ActivationPolicy { minutes_max: Some(30), ..before };
    let harder = |before| ActivationPolicy { asks: [Proof::SecondFactor].into(), ..before };
    tokio::join!(patch(shorter), patch(harder));
    let id = ActivationPolicy::id_at(whole(), CONTRIBUTOR).unwrap();
    let found = policies::get(&stage.plane, &owner, id).await.unwrap();
    assert_eq!((found.minutes_max, found.asks), (Some(30), [Proof::SecondFactor].into()));
}

#[tokio::test]
async fn nobody_else_does_not_even_a_contributor_of_the_customers_own() {
    let nora = samples::principal(CUSTOMER, 0x40);
    let role = samples::role_assignment(whole(), nora, CONTRIBUTOR);
    let more = vec![Noun::User(samples::user(nora, "nora")), Noun::RoleAssignment(role)];
    let stage = Stage::with(Asked::Nobody, more).await;
    stage.ask(1).await.unwrap();
    for who in [nora, ADA] {
        let refused = policies::put(&stage.plane, &context(who, &whole()), demand(whole())).await;
        assert!(is_denied(&refused), "{who}: {refused:?}");
    }
    let id = ActivationPolicy::id_at(whole(), CONTRIBUTOR).unwrap();
    testkit::put(&stage.plane, vec![Noun::ActivationPolicy(samples::activation_policy(whole()))])
        .await;
    for who in [nora, ADA] {
        let refused = policies::delete(&stage.plane, &context(who, &whole()), id.clone()).await;
        assert!(is_denied(&refused), "{who}: {refused:?}");
    }
}

#[tokio::test]
async fn what_is_no_policy_is_refused() {
    let stage = Stage::of(Asked::Nobody).await;
    let long = PutPolicy { minutes_max: Some(4), ..demand(whole()) };
    let refused = policies::put(&stage.plane, &context(OLOF, &whole()), long).await;
    let Err(Error::Activation(Refused::Decision(refused))) = refused else { panic!("{refused:?}") };
    assert_eq!(refused, Decision::PolicyLength { least: 5, most: 1440 });
    let approvers = vec![Approver { principal: OLOF.object, display_name: Some("x".repeat(257)) }];
    let wordy = PutPolicy { approvers, ..demand(whole()) };
    let refused = policies::put(&stage.plane, &context(OLOF, &whole()), wordy).await;
    let Err(Error::Activation(Refused::Decision(refused))) = refused else { panic!("{refused:?}") };
    assert_eq!(refused, Decision::TooLong { what: "description of an approver", most: 256 });
    let nowhere = demand(resource_group("gone"));
    let refused = policies::put(&stage.plane, &context(OLOF, &whole()), nowhere).await;
    assert!(matches!(refused, Err(Error::Group(_))), "{refused:?}");
}
