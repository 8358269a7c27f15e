//! Runs that are cut off anywhere and go on in another process.

use std::sync::Arc;

use access::catalogue::Catalogue;
use arm::deployment;
use ids::clock::{Clock, Random, TestClock, TestRandom};
use jiff::SignedDuration;
use model::{
    change::Noun,
    deployment::{Deployment, ProvisioningState, StepState},
    samples,
};
use operations::{
    deployments::{
        JOB,
        progress::{self, Hold, LEASE},
        run,
    },
    plane::{Plane, Simulated},
    seal::Seal,
};
use serde_json::json;
use store::{memory::Memory, store::Store};
use tokio::sync::watch;

use super::kit::{
    SUBSCRIPTION, ask, az, get, group, in_group, is_there, path, storage, stored, template,
    to_group,
};

/// What outlives a process.
struct Machine {
    engine: Arc<Memory>,
    clock: Arc<TestClock>,
    random: Arc<TestRandom>,
}

impl Machine {
    fn new() -> Self {
        Self { engine: Arc::default(), clock: Arc::default(), random: Arc::default() }
    }

    async fn start(&self) -> Plane {
        let clock: Arc<dyn Clock> = Arc::clone(&self.clock) as _;
        let random: Arc<dyn Random> = Arc::clone(&self.random) as _;
        let engine = Arc::clone(&self.engine);
        let catalogue = Catalogue::builtin();
        let store = Store::open(engine, catalogue, Arc::clone(&clock), Arc::clone(&random));
        let store = store.await.unwrap();
        let (origins, seal) = (testkit::origins(), Seal::new(&[7; 32]));
        let (simulated, seeds) = (Simulated::default(), testkit::seeds());
        Plane { store, clock, random, origins, simulated, seal, seeds, taken: None }
    }
}

fn body() -> String {
    let inner = json!({
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "inner",
        "location": "westeurope",
        "dependsOn": ["a"],
        "properties": {
            "mode": "Incremental",
            "template": serde_json::from_str::<serde_json::Value>(
                &template(&json!([group("b", &[]), group("c", &["b"])])),
            )
            .unwrap(),
        },
    });
    az(&template(&json!([group("a", &[]), inner, group("z", &["inner"])])), &json!({}))
}

/// Lets a task go on so many times, then drops it wherever it stands.
async fn cut_after(turns: usize, task: impl Future<Output = ()>) {
    let yields = async {
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        () = task => {}
        () = yields => {}
    }
}

#[tokio::test]
async fn a_run_that_is_cut_off_anywhere_is_finished_by_the_next_process() {
    for turns in (0..240).step_by(8) {
        let machine = Machine::new();
        let first = machine.start().await;
        testkit::put(&first, testkit::world()).await;
        let put = ask(&first, samples::OLOF, &format!("PUT {}", path("d")), &body()).await;
        assert_eq!(put.status, 201, "{put:?}");
        cut_after(turns, async { deployment::drain(&first).await.unwrap() }).await;
        first.store.shutdown().await;

        let second = machine.start().await;
        machine.clock.advance(LEASE + SignedDuration::from_secs(1));
        deployment::drain(&second).await.unwrap();
        let record = get(&second, &path("d")).await;
        assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{turns}: {record:#}");
        for name in ["a", "b", "c", "z"] {
            let there = format!("HEAD {SUBSCRIPTION}/resourceGroups/{name}");
            assert_eq!(ask(&second, samples::OLOF, &there, "").await.status, 204, "{turns} {name}");
        }
        assert_eq!(second.store.jobs().next_due().await.unwrap(), None, "{turns}");
    }
}

#[tokio::test]
async fn a_run_that_is_cut_off_while_it_deletes_is_finished_by_the_next_process() {
    for turns in (0..120).step_by(6) {
        let machine = Machine::new();
        let first = machine.start().await;
        let old = ["x", "y", "z"].map(|name| {
            let id = ids::resource::ResourceId::parse(&stored(name), samples::CUSTOMER).unwrap();
            Noun::Resource(testkit::resource(id))
        });
        let group = Noun::ResourceGroup(testkit::group("app"));
        let world = testkit::world().into_iter().chain([group]).chain(old).collect();
        testkit::put(&first, world).await;
        let line = format!("PUT {}", in_group("d"));
        let body = to_group("Complete", &json!([storage("a"), storage("y")]));
        let put = ask(&first, samples::OLOF, &line, &body).await;
        assert_eq!(put.status, 201, "{put:?}");
        cut_after(turns, async { deployment::drain(&first).await.unwrap() }).await;
        first.store.shutdown().await;

        let second = machine.start().await;
        machine.clock.advance(LEASE + SignedDuration::from_secs(1));
        deployment::drain(&second).await.unwrap();
        let record = get(&second, &in_group("d")).await;
        assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{turns}: {record:#}");
        for (name, left) in [("a", true), ("y", true), ("x", false), ("z", false)] {
            assert_eq!(is_there(&second, &stored(name)).await, left, "{turns} {name}");
        }
    }
}

#[tokio::test]
async fn a_worker_picks_a_deployment_up_at_once_and_stops_when_told() {
    let plane = Arc::new(testkit::plane(vec![Noun::ResourceGroup(testkit::group("app"))]).await);
    let (stopping, stop) = watch::channel(false);
    let worker = tokio::spawn(deployment::work(Arc::clone(&plane), stop));
    tokio::task::yield_now().await;
    ask(&plane, samples::OLOF, &format!("PUT {}", path("d")), &body()).await;
    loop {
        let record = get(&plane, &path("d")).await;
        if record["properties"]["provisioningState"] == "Succeeded" {
            break;
        }
        tokio::task::yield_now().await;
    }
    stopping.send(true).unwrap();
    worker.await.unwrap();
}

#[tokio::test]
async fn what_is_in_hand_when_the_server_stops_is_given_back() {
    let plane = Arc::new(testkit::plane(Vec::new()).await);
    ask(&plane, samples::OLOF, &format!("PUT {}", path("d")), &body()).await;
    let (stopping, stop) = watch::channel(false);
    let worker = tokio::spawn(deployment::work(Arc::clone(&plane), stop));
    while plane.store.jobs().next_due().await.unwrap() == Some(plane.store.now()) {
        tokio::task::yield_now().await;
    }
    stopping.send(true).unwrap();
    worker.await.unwrap();
    // No time has passed: what is left is due now, not when a lease ends.
    deployment::drain(&plane).await.unwrap();
    let record = get(&plane, &path("d")).await;
    assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{record:#}");
}

/// Runs what is due until that is so, and drops the run where it stands.
async fn run_until(plane: &Plane, is_so: impl AsyncFn() -> bool) {
    let watch = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        done = deployment::drain(plane) => done.unwrap(),
        () = watch => {}
    }
}

#[tokio::test]
async fn a_run_that_is_cancelled_begins_no_other_step_and_tells_what_it_did() {
    let plane = testkit::plane(vec![Noun::ResourceGroup(testkit::group("app"))]).await;
    let all: Vec<String> = (0..400).map(|n| format!("a{n:03}")).collect();
    let resources: Vec<_> = all.iter().map(|name| storage(name)).collect();
    let line = format!("PUT {}", in_group("d"));
    ask(&plane, samples::OLOF, &line, &to_group("Incremental", &json!(resources))).await;
    let made = async || {
        let list = format!("{SUBSCRIPTION}/resourceGroups/app/resources");
        get(&plane, &list).await["value"].as_array().unwrap().len()
    };
    let mut stopped_at = 0;
    let stop = async {
        while !is_there(&plane, &stored("a002")).await {
            tokio::task::yield_now().await;
        }
        let cancel = format!("POST {}/cancel", in_group("d"));
        assert_eq!(ask(&plane, samples::OLOF, &cancel, "").await.status, 204);
        stopped_at = made().await;
    };
    let (ran, ()) = tokio::join!(deployment::drain(&plane), stop);
    ran.unwrap();
    let done = made().await;
    assert!(done <= stopped_at + 1, "{done} {stopped_at}");
    let operations = get(&plane, &format!("{}/operations", in_group("d"))).await;
    let told = operations["value"].as_array().unwrap().iter();
    let succeeded = told.filter(|it| it["properties"]["provisioningState"] == "Succeeded");
    assert_eq!(succeeded.count(), done, "{operations:#}");
}

#[tokio::test]
async fn whoever_has_lost_a_run_notes_nothing_of_its_end_and_what_is_noted_is_not_noted_twice() {
    let machine = Machine::new();
    let plane = machine.start().await;
    let group = Noun::ResourceGroup(testkit::group("app"));
    testkit::put(&plane, testkit::world().into_iter().chain([group]).collect()).await;
    let line = format!("PUT {}", in_group("d"));
    let put = to_group("Incremental", &json!([storage("a")]));
    assert_eq!(ask(&plane, samples::OLOF, &line, &put).await.status, 201);
    let lease = async || {
        let (job, lease) = plane.store.jobs().lease(&[JOB], LEASE).await.unwrap().unwrap();
        Hold { job, lease }
    };
    let lost = lease().await;
    let (id, _) = run::of_job(&lost.job).unwrap();
    let mut record = run::record(&plane, &id).await.unwrap().unwrap();
    record.steps[0].state = StepState::Succeeded;
    let cancel = format!("POST {}/cancel", in_group("d"));
    assert_eq!(ask(&plane, samples::OLOF, &cancel, "").await.status, 204);
    machine.clock.advance(LEASE + SignedDuration::from_secs(1));
    let held = lease().await;

    let events = testkit::events(&plane).await.len();
    assert!(progress::cut_short(&plane, &lost, &record).await.is_err());
    assert_eq!(testkit::events(&plane).await.len(), events);
    for _ in 0..2 {
        let told = progress::cut_short(&plane, &held, &record).await.unwrap().unwrap();
        assert_eq!(told.steps[0].state, StepState::Succeeded);
        assert_eq!(testkit::events(&plane).await.len(), events + 1);
    }
}

#[tokio::test]
async fn nothing_is_deleted_where_nobody_knows_any_more_what_the_run_has_made() {
    let machine = Machine::new();
    let plane = machine.start().await;
    let id = |text: &str| ids::resource::ResourceId::parse(text, samples::CUSTOMER).unwrap();
    let groups = ["app", "apple"].map(|name| Noun::ResourceGroup(testkit::group(name)));
    let old = Noun::Resource(testkit::resource(id(&stored("old"))));
    testkit::put(&plane, testkit::world().into_iter().chain(groups).chain([old]).collect()).await;
    let inner: serde_json::Value = serde_json::from_str(&template(&json!([]))).unwrap();
    let mut after = storage("after");
    after["dependsOn"] = json!(["inner"]);
    let resources = json!([{
        "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "inner",
        "resourceGroup": "apple", "properties": { "mode": "Incremental", "template": inner },
    }, after]);
    let line = format!("PUT {}", in_group("d"));
    ask(&plane, samples::OLOF, &line, &to_group("Complete", &resources)).await;
    let nested = in_group("inner").replace("/app/", "/apple/");
    run_until(&plane, async || {
        get(&plane, &nested).await["properties"]["provisioningState"] == "Succeeded"
    })
    .await;
    let line = format!("DELETE {SUBSCRIPTION}/resourcegroups/apple");
    assert_eq!(ask(&plane, samples::OLOF, &line, "").await.status, 202);

    machine.clock.advance(LEASE + SignedDuration::from_secs(1));
    deployment::drain(&plane).await.unwrap();
    let record = get(&plane, &in_group("d")).await;
    let error = &record["properties"]["error"];
    assert_eq!(error["code"], "DeploymentFailedCleanUp", "{record:#}");
    assert_eq!(error["details"][0]["code"], "DeploymentNotFound", "{record:#}");
    assert_eq!(error["details"][0]["target"], nested, "{record:#}");
    assert!(is_there(&plane, &stored("old")).await);
}

#[tokio::test]
async fn what_a_run_is_made_of_stays_until_the_run_has_ended() {
    let machine = Machine::new();
    let plane = machine.start().await;
    let group = Noun::ResourceGroup(testkit::group("app"));
    testkit::put(&plane, testkit::world().into_iter().chain([group]).collect()).await;
    let inner: serde_json::Value =
        serde_json::from_str(&template(&json!([storage("made")]))).unwrap();
    let inside = json!([{
        "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01",
        "name": "inner", "properties": { "mode": "Incremental", "template": inner },
    }]);
    let line = format!("PUT {}", in_group("d"));
    ask(&plane, samples::OLOF, &line, &to_group("Complete", &inside)).await;
    deployment::drain(&plane).await.unwrap();
    let id = ids::resource::ResourceId::parse(&in_group("d"), samples::CUSTOMER).unwrap();
    let record = run::record(&plane, &id.try_into().unwrap()).await.unwrap().unwrap();
    assert_eq!(record.state, ProvisioningState::Succeeded);
    assert!(is_there(&plane, &stored("made")).await);

    let running = Deployment { state: ProvisioningState::Running, ..record.clone() };
    let outer = async |record| testkit::put(&plane, vec![Noun::Deployment(record)]).await;
    outer(running).await;
    let empty = to_group("Incremental", &json!([]));
    for (verb, body) in [("DELETE", ""), ("PUT", &*empty)] {
        let line = format!("{verb} {}", in_group("inner"));
        let refused = ask(&plane, samples::OLOF, &line, body).await;
        assert_eq!(refused.status, 409, "{verb}: {refused:?}");
    }
    outer(record).await;
    let line = format!("DELETE {}", in_group("inner"));
    assert_eq!(ask(&plane, samples::OLOF, &line, "").await.status, 202);
}
