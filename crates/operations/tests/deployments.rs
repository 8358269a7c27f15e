//! Deployments over a plane in memory: what lands together, and what leaves no trace.
#![expect(clippy::unwrap_used, reason = "test code")]

use ids::{guid::Principal, resource::DeploymentId, scope::Scope};
use jiff::SignedDuration;
use model::{
    action::Action,
    change::{Change, Noun},
    deployment::{Deployment, Mode, ProvisioningState},
    samples,
};
use operations::{
    deployments::{JOB, Refused, cancel, delete, progress, run, start},
    error::Error,
    plane::Plane,
    put::Put,
    status::{self, Outcome},
};
use serde_json::{Value, json};
use template::context;

const WRITE: Action = Action::known("Microsoft.Resources/deployments/write");

fn id(name: &str) -> DeploymentId {
    DeploymentId::at(samples::whole(), name.parse().unwrap()).unwrap()
}

fn context(who: Principal) -> operations::context::Context {
    let scope = Scope::Resource(id("d").as_resource().clone());
    testkit::context(who, &WRITE, scope)
}

fn storage(name: &str, after: &[&str]) -> Value {
    json!({
        "type": "Microsoft.Storage/storageAccounts",
        "apiVersion": "2022-09-01",
        "name": name,
        "dependsOn": after,
    })
}

fn template(parameters: &Value, resources: &Value) -> Value {
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": parameters,
        "resources": resources,
    })
}

fn wanted(template: Value) -> start::Start {
    let subscription = samples::SUBSCRIPTION.to_string();
    start::Start {
        id: id("d"),
        location: Some("West Europe".to_owned()),
        tags: std::collections::BTreeMap::new(),
        mode: Mode::Incremental,
        template,
        link: None,
        parameters: Value::Null,
        debug: None,
        otherwise: false,
        facts: context::Context::at(context::Scope::Subscription { subscription }),
        text: String::new(),
        parent: None,
    }
}

fn simple() -> start::Start {
    wanted(template(&json!({}), &json!([storage("a", &[])])))
}

async fn find(plane: &Plane) -> Option<Deployment> {
    run::record(plane, &id("d")).await.unwrap()
}

fn about_deployments(change: &Change) -> bool {
    matches!(change, Change::Put(Noun::Deployment(_)) | Change::Remove(Noun::Deployment(_)))
}

async fn no_trace(plane: &Plane) {
    assert_eq!(find(plane).await, None);
    let leased = plane.store.jobs().lease(&[JOB], SignedDuration::from_secs(1)).await.unwrap();
    assert_eq!(leased, None);
    let events = testkit::events(plane).await;
    assert!(!events.iter().any(|event| about_deployments(&event.change)));
}

#[tokio::test]
async fn a_start_leaves_its_record_its_job_and_its_event_together() {
    let plane = testkit::plane(Vec::new()).await;
    let put = start::start(&plane, &context(samples::OLOF), simple()).await.unwrap();
    let Put::Created(started) = put else { panic!("{put:?}") };
    assert_eq!(find(&plane).await.as_ref(), Some(&started));
    assert_eq!(started.state, ProvisioningState::Accepted);
    assert_eq!(started.location.as_deref(), Some("westeurope"));

    let leased = plane.store.jobs().lease(&[JOB], SignedDuration::from_secs(1)).await.unwrap();
    let (job, _) = leased.unwrap();
    assert_eq!(run::of_job(&job), Some((id("d"), started.operation)));
    assert_eq!(job.actor, started.actor);

    let events = testkit::events(&plane).await;
    assert!(about_deployments(&events.last().unwrap().change));
    let operation = started.operation.to_string();
    let outcome = status::read(&plane, samples::OLOF, &operation).await.unwrap();
    assert_eq!(outcome, Some(Outcome::Running));
    assert_eq!(status::read(&plane, samples::ADA, &operation).await.unwrap(), None);
}

#[tokio::test]
async fn what_cannot_be_deployed_leaves_no_trace() {
    let plane = testkit::plane(Vec::new()).await;
    let cycle = json!([
        storage("a", &["Microsoft.Storage/storageAccounts/b"]),
        storage("b", &["Microsoft.Storage/storageAccounts/a"]),
    ]);
    let mut copies = storage("[concat('a', copyIndex())]", &[]);
    copies["copy"] = json!({ "name": "loop", "count": 1_000_000 });
    let missing = template(&json!({ "p": { "type": "string" } }), &json!([]));
    let cases = [
        (wanted(template(&json!({}), &cycle)), "Circular dependency"),
        (wanted(template(&json!({}), &json!([copies]))), "800"),
        (wanted(missing), "The value for the template parameter 'p' is not provided"),
        (wanted(json!({})), "$schema"),
        (start::Start { location: None, ..simple() }, "'location' property must be specified"),
        (start::Start { mode: Mode::Complete, ..simple() }, "'Complete' is supported only"),
        (start::Start { otherwise: true, ..simple() }, "('onErrorDeployment') is not supported"),
        (start::Start { debug: Some("all".to_owned()), ..simple() }, "detail level 'all'"),
        (start::Start { id: id("a b"), ..simple() }, "It can only contain"),
        (start::Start { id: id(&"a".repeat(65)), ..simple() }, "must not exceed '64'"),
    ];
    for (wanted, reason) in cases {
        let refused = start::start(&plane, &context(samples::OLOF), wanted).await.unwrap_err();
        assert!(matches!(refused, Error::Deployment(_)), "{refused:?}");
        assert!(refused.to_string().contains(reason), "{refused}");
        no_trace(&plane).await;
    }
}

#[tokio::test]
async fn a_refusal_says_where_in_the_request_the_trouble_is() {
    let plane = testkit::plane(Vec::new()).await;
    let text = "{\"properties\":{ template:{ \"parameters\":{\n  \"p\": {\"type\":\"string\"}}}}}";
    let template = template(&json!({ "p": { "type": "string" } }), &json!([]));
    let wanted = start::Start { text: text.to_owned(), ..wanted(template) };
    let refused = start::start(&plane, &context(samples::OLOF), wanted).await.unwrap_err();
    let refused = refused.to_string();
    assert!(refused.contains("'p' at line '2' and column '8' is not provided"), "{refused}");
}

#[tokio::test]
async fn a_stranger_starts_nothing() {
    let plane = testkit::plane(Vec::new()).await;
    let refused = start::start(&plane, &context(samples::ADA), simple()).await.unwrap_err();
    assert!(matches!(refused, Error::Denied(_)), "{refused:?}");
    no_trace(&plane).await;
}

#[tokio::test]
async fn validating_starts_nothing() {
    let plane = testkit::plane(Vec::new()).await;
    let valid = start::validate(&plane, &context(samples::OLOF), simple()).await.unwrap();
    assert_eq!(valid.steps.len(), 1);
    no_trace(&plane).await;
}

#[tokio::test]
async fn a_running_deployment_is_neither_replaced_nor_removed() {
    let plane = testkit::plane(Vec::new()).await;
    let olof = context(samples::OLOF);
    start::start(&plane, &olof, simple()).await.unwrap();
    let again = start::start(&plane, &olof, simple()).await.unwrap_err();
    assert!(matches!(again, Error::Deployment(Refused::Active { .. })), "{again:?}");
    let removed = delete::delete(&plane, &olof, &id("d")).await.unwrap_err();
    assert!(matches!(removed, Error::Deployment(Refused::Active { .. })), "{removed:?}");
}

#[tokio::test]
async fn a_cancelled_deployment_ends_and_makes_room_for_another_in_the_same_place() {
    let plane = testkit::plane(Vec::new()).await;
    let olof = context(samples::OLOF);
    let started = start::start(&plane, &olof, simple()).await.unwrap().into_inner();
    cancel::cancel(&plane, &olof, &id("d")).await.unwrap();
    assert_eq!(find(&plane).await.unwrap().state, ProvisioningState::Canceled);
    let operation = started.operation.to_string();
    let outcome = status::read(&plane, samples::OLOF, &operation).await.unwrap();
    assert!(matches!(outcome, Some(Outcome::Failed(_))), "{outcome:?}");
    let twice = cancel::cancel(&plane, &olof, &id("d")).await.unwrap_err();
    assert!(matches!(twice, Error::Deployment(Refused::Over(_))), "{twice:?}");

    let elsewhere = start::Start { location: Some("uksouth".to_owned()), ..simple() };
    let moved = start::start(&plane, &olof, elsewhere).await.unwrap_err();
    assert!(matches!(moved, Error::Deployment(Refused::OtherLocation { .. })), "{moved:?}");
    let again = start::start(&plane, &olof, simple()).await.unwrap();
    assert!(matches!(again, Put::Updated(_)), "{again:?}");
}

#[tokio::test]
async fn a_secure_value_stands_in_no_record_no_job_and_no_event() {
    let plane = testkit::plane(Vec::new()).await;
    let mut resource = storage("a", &[]);
    resource["properties"] = json!({ "key": "[parameters('secret')]" });
    let template = template(&json!({ "secret": { "type": "securestring" } }), &json!([resource]));
    let parameters = json!({ "secret": { "value": "hunter2" } });
    let wanted = start::Start { parameters, ..wanted(template) };
    let olof = context(samples::OLOF);
    let started = start::start(&plane, &olof, wanted).await.unwrap().into_inner();
    assert_eq!(started.parameters["secret"], json!({ "type": "SecureString" }));
    let record = serde_json::to_string(&find(&plane).await.unwrap()).unwrap();
    assert!(!record.contains("hunter2"), "{record}");
    let events = serde_json::to_string(&testkit::events(&plane).await).unwrap();
    assert!(!events.contains("hunter2"));
    let leased = plane.store.jobs().lease(&[JOB], SignedDuration::from_secs(1)).await.unwrap();
    let (job, _) = leased.unwrap();
    assert!(!job.state.to_string().contains("hunter2"));
    let found = run::open(&plane, &started.id, started.operation).await.unwrap();
    assert!(matches!(found, run::Found::Running(_)), "the run itself can open it");
}

#[tokio::test]
async fn what_runs_inside_a_cancelled_deployment_is_cancelled_with_it_and_nothing_begins_there() {
    let plane = testkit::plane(Vec::new()).await;
    let olof = context(samples::OLOF);
    let mut nested = storage("inner", &[]);
    nested["type"] = "Microsoft.Resources/deployments".into();
    nested["properties"] = json!({
        "mode": "Incremental",
        "template": template(&json!({}), &json!([])),
    });
    let outer = wanted(template(&json!({}), &json!([nested])));
    start::start(&plane, &olof, outer).await.unwrap();
    let inner = || start::Start { id: id("inner"), parent: Some(id("d")), ..simple() };
    start::start(&plane, &olof, inner()).await.unwrap();

    let leased = plane.store.jobs().lease(&[JOB], SignedDuration::from_secs(60)).await.unwrap();
    let (job, lease) = leased.unwrap();
    let mut record = find(&plane).await.unwrap();
    record.steps[0].state = model::deployment::StepState::Running;
    let hold = progress::Hold { job, lease };
    assert!(progress::note(&plane, &hold, &record).await.unwrap());

    cancel::cancel(&plane, &olof, &id("d")).await.unwrap();
    let inside = run::record(&plane, &id("inner")).await.unwrap().unwrap();
    assert_eq!(inside.state, ProvisioningState::Canceled);
    assert!(!progress::note(&plane, &hold, &inside).await.unwrap(), "it goes no further");
    let late = start::start(&plane, &olof, inner()).await.unwrap_err();
    assert!(matches!(late, Error::Deployment(Refused::Over(_))), "{late:?}");
}

/// A record of that name that ended so many seconds after the others began.
fn ended(name: &str, seconds: i64) -> Deployment {
    Deployment {
        id: id(name),
        location: Some("westeurope".to_owned()),
        tags: std::collections::BTreeMap::new(),
        mode: Mode::Incremental,
        state: ProvisioningState::Succeeded,
        operation: ids::guid::OperationId::new(samples::object(0xDE).raw()),
        parent: None,
        actor: model::event::Actor::System(model::event::SystemReason::WorldApply),
        correlation: samples::correlation(),
        started: samples::now() + SignedDuration::from_secs(seconds),
        finished: None,
        template: json!({}),
        link: None,
        parameters: serde_json::Map::new(),
        template_hash: String::new(),
        debug: None,
        steps: Vec::new(),
        cleanup: None,
        outputs: None,
        error: None,
    }
}

async fn names(plane: &Plane) -> Vec<String> {
    let snapshot = plane.store.snapshot().await.unwrap();
    let range = store::records::ranges::deployments_at(&samples::whole());
    let all = snapshot.list::<Deployment>(&range, store::snapshot::Page::first()).await.unwrap();
    all.items.into_iter().map(|it| it.id.name().to_string()).collect()
}

/// So many deployments: the two oldest still run or are named `old`.
async fn plane_with(count: i64) -> Plane {
    let plane = testkit::plane(Vec::new()).await;
    let running = Deployment { state: ProvisioningState::Running, ..ended("running", 0) };
    let more = (2..count).map(|n| ended(&format!("n{n}"), n));
    let all = [running, ended("old", 1)].into_iter().chain(more);
    let mut unit = plane.store.begin(store::unit::Cause { correlation: samples::correlation() });
    for change in all.map(|it| Change::Put(Noun::Deployment(it))) {
        unit.look(&change).await.unwrap();
        let reason = model::event::SystemReason::JobProgress;
        unit.apply(access::permit::Permit::system(reason, &change).unwrap(), change).unwrap();
    }
    unit.commit().await.unwrap();
    plane
}

#[tokio::test]
async fn the_oldest_deployment_that_has_ended_makes_room_for_a_new_one_in_the_same_unit() {
    let context = context(samples::OLOF);
    let plane = plane_with(774).await;
    start::start(&plane, &context, simple()).await.unwrap();
    assert_eq!(names(&plane).await.len(), 775, "there is room enough");

    let plane = plane_with(800).await;
    let before = testkit::events(&plane).await.len();
    start::start(&plane, &context, simple()).await.unwrap();
    let left = names(&plane).await;
    assert_eq!(left.len(), 750);
    assert!(left.contains(&"n799".to_owned()) && !left.contains(&"n51".to_owned()));
    assert!(!left.contains(&"old".to_owned()));
    assert!(left.contains(&"running".to_owned()) && left.contains(&"d".to_owned()));
    let events = testkit::events(&plane).await;
    let both = &events[before..];
    assert_eq!(both.len(), 1 + 51);
    assert!(both.iter().all(|event| event.correlation == both[0].correlation));
    let again = start::Start { id: id("n799"), ..simple() };
    start::start(&plane, &context, again).await.unwrap();
    assert_eq!(names(&plane).await.len(), 750, "a name that is there takes no room");
}

#[tokio::test]
async fn a_full_scope_that_is_locked_takes_no_new_deployment() {
    let plane = plane_with(800).await;
    let level = model::role::LockLevel::CanNotDelete;
    let name = "keep".parse().unwrap();
    let lock_id = ids::resource::LockId::at(samples::whole(), name).unwrap();
    let lock = model::role::Lock { id: lock_id, level, notes: None };
    testkit::put(&plane, vec![Noun::Lock(lock)]).await;
    let refused = start::start(&plane, &context(samples::OLOF), simple()).await.unwrap_err();
    assert!(matches!(refused, Error::Deployment(Refused::Quota { .. })), "{refused:?}");
    assert!(names(&plane).await.contains(&"old".to_owned()));
}

#[tokio::test]
async fn nothing_is_deployed_into_a_group_that_is_gone() {
    let plane = testkit::plane(Vec::new()).await;
    let group = samples::resource_group("gone");
    let id = DeploymentId::at(group, "d".parse().unwrap()).unwrap();
    let context =
        testkit::context(samples::OLOF, &WRITE, Scope::Resource(id.as_resource().clone()));
    let refused = start::start(&plane, &context, start::Start { id, ..simple() }).await;
    let gone = matches!(&refused, Err(Error::Group(operations::groups::Refused::NotFound(_))));
    assert!(gone, "{refused:?}");
    no_trace(&plane).await;
}
