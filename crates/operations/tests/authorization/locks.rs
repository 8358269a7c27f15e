use std::{
    sync::{Arc, Mutex},
    thread,
};

use access::verdict::Refusal;
use ids::{clock::Random, resource::LockId};
use model::{
    role::{Lock, LockLevel},
    samples::{ADA, CONTRIBUTOR, OLOF, READER, TIER1, authorization, resource_group, whole},
};
use operations::{
    around::Reach,
    error::Error,
    locks::{self, Refused},
    plane::Simulated,
    put::Put,
    roles,
    seal::Seal,
};

use super::*;

fn lock(scope: Scope, name: &str, level: LockLevel) -> Lock {
    Lock { id: LockId::at(scope, name.parse().unwrap()).unwrap(), level, notes: None }
}

fn context(who: Principal, verb: &str, lock: &Lock) -> Context {
    let action = format!("Microsoft.Authorization/locks/{verb}");
    reading(who, &action, Scope::Resource(lock.id.as_resource().clone()))
}

async fn put_lock(plane: &Plane, who: Principal, lock: Lock) -> Result<Put<Lock>, Error> {
    locks::put(plane, &context(who, "write", &lock), lock).await
}

#[tokio::test]
async fn a_lock_binds_from_its_making_to_its_removal() {
    let plane = plane(Vec::new(), whole()).await;
    let audit = lock(whole(), "audit", LockLevel::ReadOnly);
    assert_eq!(put_lock(&plane, OLOF, audit.clone()).await.unwrap(), Put::Created(audit.clone()));
    assert_eq!(put_lock(&plane, OLOF, audit.clone()).await.unwrap().status(), 200);

    let request = super::put(NORA, READER, 1);
    let ask = assigning(OLOF, &Action::ROLE_ASSIGNMENTS_WRITE, &request.id);
    let barred = roles::put::put(&plane, &ask, request.clone()).await;
    assert!(
        matches!(&barred, Err(Error::Denied(it)) if it.refusal == Refusal::Locked { locks: vec![whole()] }),
        "{barred:?}"
    );

    let gone = locks::delete(&plane, &context(OLOF, "delete", &audit), audit.id.clone()).await;
    assert!(gone.unwrap());
    assert!(roles::put::put(&plane, &ask, request).await.is_ok());
    let again = locks::delete(&plane, &context(OLOF, "delete", &audit), audit.id).await;
    assert!(!again.unwrap());
}

#[tokio::test]
async fn a_provider_makes_no_locks_and_leaves_no_trace() {
    let plane = plane(vec![authorization(TIER1, CONTRIBUTOR)], whole()).await;
    let events = testkit::events(&plane).await;
    let refused = put_lock(&plane, ADA, lock(whole(), "l", LockLevel::CanNotDelete)).await;
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
    let notes = Some("n".repeat(513));
    let long = Lock { notes, ..lock(whole(), "l", LockLevel::CanNotDelete) };
    let refused = put_lock(&plane, OLOF, long).await;
    assert!(matches!(refused, Err(Error::Lock(Refused::LongNotes))));
    assert_eq!(testkit::events(&plane).await, events);
}

#[tokio::test]
async fn locks_are_listed_with_those_around_and_below() {
    let plane = plane(Vec::new(), whole()).await;
    for it in [
        lock(whole(), "a", LockLevel::CanNotDelete),
        lock(resource_group("app"), "b", LockLevel::CanNotDelete),
        lock(resource_group("rg1"), "c", LockLevel::CanNotDelete),
    ] {
        put_lock(&plane, OLOF, it).await.unwrap();
    }
    let names = async |scope: Scope, reach| -> Vec<String> {
        let ask = reading(OLOF, "Microsoft.Authorization/locks/read", scope.clone());
        let found = locks::list(&plane, &ask, &scope, reach).await.unwrap();
        found.iter().map(|it| it.id.name().to_string()).collect()
    };
    assert_eq!(names(whole(), Reach::Everywhere).await, ["a", "b", "c"]);
    assert_eq!(names(whole(), Reach::AtAndAbove).await, ["a"]);
    assert_eq!(names(resource_group("app"), Reach::AtAndAbove).await, ["a", "b"]);
}

fn account() -> ResourceId {
    let path = format!("{}/providers/Microsoft.Storage/storageAccounts/a", resource_group("app"));
    ResourceId::parse(&path, samples::CUSTOMER).unwrap()
}

/// Randomness that is drawn when a removal has read all it needs: a lock comes just then.
struct Meanwhile {
    plane: Mutex<Option<Plane>>,
}

impl Random for Meanwhile {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(9);
        let Some(plane) = self.plane.lock().unwrap().take() else { return };
        let inner = Scope::Resource(account());
        let put = async move {
            put_lock(&plane, OLOF, lock(inner, "l", LockLevel::CanNotDelete)).await.unwrap();
        };
        let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
        thread::spawn(move || runtime().block_on(put)).join().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_comes_while_its_group_is_removed_is_heeded() {
    let mut plane = plane(Vec::new(), whole()).await;
    testkit::put(&plane, vec![Noun::Resource(testkit::resource(account()))]).await;
    let twin = Plane {
        store: Arc::clone(&plane.store),
        clock: Arc::clone(&plane.clock),
        random: Arc::clone(&plane.random),
        origins: testkit::origins(),
        simulated: Simulated::default(),
        seal: Seal::new(&[7; 32]),
        seeds: testkit::seeds(),
        taken: None,
    };
    plane.random = Arc::new(Meanwhile { plane: Mutex::new(Some(twin)) });
    let action = "Microsoft.Resources/subscriptions/resourceGroups/delete";
    let asking = reading(OLOF, action, resource_group("app"));
    let id = (samples::SUBSCRIPTION, "app".parse().unwrap());

    let removed = operations::groups::delete::delete(&plane, &asking, id).await;

    assert!(
        matches!(&removed, Err(Error::Denied(it)) if matches!(it.refusal, Refusal::Locked { .. })),
        "{removed:?}"
    );
}
