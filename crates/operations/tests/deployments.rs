//! Deployments over a plane in memory: what lands together, and what leaves no trace.
#![expect(clippy::unwrap_used, reason = "test code")]

use ids::{guid::Principal, resource::DeploymentId, scope::Scope};
use jiff::SignedDuration;
use model::{
    action::Action,
    change::{Change, Noun},
    deployment::{Deployment, ProvisioningState},
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
        complete: false,
        template,
        parameters: Value::Null,
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
        (start::Start { complete: true, ..simple() }, "'Complete' is not supported"),
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
