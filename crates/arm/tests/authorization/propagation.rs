//! Where it is simulated that grants take a while to count everywhere.

use std::sync::Arc;

use arm::request::ArmResponse;
use ids::{clock::TestClock, guid::Principal};
use jiff::SignedDuration;
use model::{
    change::Noun,
    samples::{self, OLOF, READER},
};
use operations::plane::Plane;
use serde_json::{Value, json};
use store::memory::Memory;

use crate::{NORA, ask, code, line, role_id};

const LAG: SignedDuration = SignedDuration::from_mins(5);
const GROUP: &str = "GET {s}/resourceGroups/rg1?api-version=2021-04-01";

struct Machine {
    engine: Arc<Memory>,
    clock: Arc<TestClock>,
}

impl Machine {
    async fn start(&self) -> Plane {
        testkit::lagging(Arc::clone(&self.engine), Arc::clone(&self.clock) as _, LAG).await
    }

    fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }
}

async fn reads(plane: &Plane, who: Principal) -> bool {
    ask(plane, who, GROUP, Value::Null).await.status == 200
}

async fn grant(plane: &Plane) -> ArmResponse {
    let sent = json!({ "properties": { "principalId": NORA.object, "roleDefinitionId": role_id(READER) } });
    ask(plane, OLOF, &line("PUT"), sent).await
}

#[tokio::test]
async fn what_is_granted_counts_after_the_lag_and_what_is_revoked_no_more_at_once() {
    let machine = Machine { engine: Arc::default(), clock: Arc::default() };
    let plane = machine.start().await;
    let more =
        [Noun::User(samples::user(NORA, "nora")), Noun::ResourceGroup(testkit::group("rg1"))];
    testkit::put(&plane, testkit::world().into_iter().chain(more).collect()).await;
    assert!(reads(&plane, OLOF).await, "what a world file grants counts at once");

    assert_eq!(grant(&plane).await.status, 201);
    let refused = ask(&plane, NORA, GROUP, Value::Null).await;
    assert_eq!(code(&refused), (403, "AuthorizationFailed".to_owned()));
    machine.wait(299);
    assert!(!reads(&plane, NORA).await);
    assert!(!reads(&plane.fork().await.unwrap(), NORA).await);
    // A restart in between changes nothing, a checkpoint neither.
    plane.store.checkpoint().await.unwrap();
    plane.store.shutdown().await;
    let plane = machine.start().await;
    assert!(!reads(&plane, NORA).await);
    machine.wait(1);
    assert!(reads(&plane, NORA).await);

    assert_eq!(grant(&plane).await.status, 200, "nothing is new");
    assert!(reads(&plane, NORA).await);
    assert_eq!(ask(&plane, OLOF, &line("DELETE"), Value::Null).await.status, 200);
    assert!(!reads(&plane, NORA).await);
    plane.store.shutdown().await;
    let plane = machine.start().await;
    assert_eq!(grant(&plane).await.status, 201);
    machine.wait(299);
    assert!(!reads(&plane, NORA).await);
    machine.wait(1);
    assert!(reads(&plane, NORA).await);
    plane.store.shutdown().await;
    assert!(reads(&machine.start().await, NORA).await);
}
