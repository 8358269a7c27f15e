//! What the journal keeps, and that it adds up to the index.

use std::sync::Arc;

use ids::clock::Revision;
use jiff::SignedDuration;
use model::{
    change::Noun,
    directory::{Credential, Holder, Secret},
    samples::{self, CUSTOMER, OLOF, PROVIDER},
};

use super::kit::{self, Kit};
use crate::{engine::Engine, store::Entry};

type E = Arc<dyn Engine>;

pub async fn the_journal_is_gapless_and_in_the_order_of_commits(engine: E) {
    let kit = Kit::new(engine).await;
    let mut tasks = Vec::new();
    for n in 0..30 {
        tasks.push(tokio::spawn(kit::writing(&kit, &format!("r{n}")).await.commit()));
    }
    let mut revisions = Vec::new();
    for task in tasks {
        revisions.push(task.await.unwrap().unwrap());
    }
    revisions.sort();
    let expected: Vec<_> = (2..32).map(Revision).collect();
    assert_eq!(revisions, expected);
    let journal = kit.store.journal(Revision(1), 1_000).await.unwrap();
    let kept: Vec<_> = journal.iter().map(|entry| entry.revision).collect();
    assert_eq!(kept, expected);
    let page = kit.store.journal(Revision(3), 2).await.unwrap();
    assert_eq!(page, journal[2..4]);
}

pub async fn several_changes_of_one_unit_share_a_revision(engine: E) {
    let kit = Kit::bare(engine).await;
    let world = kit::world();
    let count = u32::try_from(world.len()).unwrap();
    kit.put_all(world).await;
    let journal = kit.store.journal(Revision(0), 1_000).await.unwrap();
    let places: Vec<_> = journal.iter().map(|entry| (entry.revision.0, entry.n)).collect();
    assert_eq!(places, (0..count).map(|n| (1, n)).collect::<Vec<_>>());
}

pub async fn time_never_runs_back(engine: E) {
    let kit = Kit::new(engine).await;
    for hours in [2, -5, 1, -1] {
        kit.clock.advance(SignedDuration::from_hours(hours));
        let unit = kit::writing(&kit, "a").await;
        assert_eq!(unit.now(), kit.store.now());
        unit.commit().await.unwrap();
    }
    let journal = kit.store.journal(Revision(0), 1_000).await.unwrap();
    assert!(journal.windows(2).all(|two| two[0].event.at <= two[1].event.at));
    let kit = kit.reopened().await;
    assert_eq!(Some(kit.store.now()), journal.last().map(|entry| entry.event.at));
}

pub async fn an_event_names_both_tenants_and_keeps_no_secret(engine: E) {
    let kit = Kit::new(engine).await;
    kit.put(Noun::Definition(samples::definition(samples::SUBSCRIPTION))).await;
    kit.put(Noun::Credential(Credential {
        holder: Holder::User(OLOF),
        key: OLOF.object.raw(),
        display_name: String::new(),
        secret: Secret::Chosen("argon".to_owned()),
        expires: None,
    }))
    .await;
    kit::writing(&kit, "a").await.commit().await.unwrap();
    let journal = kit.store.journal(Revision(1), 10).await.unwrap();
    let [definition, credential, resource] = &journal[..] else { panic!("{journal:?}") };
    let tenants = |entry: &Entry| entry.event.tenants.clone();
    assert_eq!(tenants(definition), [CUSTOMER, PROVIDER]);
    assert_eq!(tenants(resource), [CUSTOMER]);
    assert_eq!(resource.event.action.as_str(), "My.Bank/accounts/write");
    assert!(!format!("{:?}", serde_json::to_string(&credential.event)).contains("argon"));
    let kept: Credential =
        kit.begin().find(&(Holder::User(OLOF), OLOF.object.raw())).await.unwrap().unwrap();
    assert_eq!(
        kept.secret,
        Secret::Chosen("argon".to_owned()),
        "the row keeps what the event hides"
    );
}

pub async fn the_index_is_the_same_after_reopening(engine: E) {
    let kit = Kit::new(engine).await;
    kit.put(Noun::Definition(samples::definition(samples::SUBSCRIPTION))).await;
    kit.put(Noun::Assignment(samples::assignment(samples::whole()))).await;
    kit.remove(kit::owner(OLOF)).await;
    kit.put(Noun::ResourceGroup(kit::resource_group("last"))).await;
    let grown = kit.store.index();
    let rebuilt = kit.reopened().await.store.index();
    assert_eq!(rebuilt.revision(), grown.revision());
    assert_eq!(rebuilt.access_revision(), grown.access_revision());
    assert_eq!(rebuilt.dump(), grown.dump());
}
