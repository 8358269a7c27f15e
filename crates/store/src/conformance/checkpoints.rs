//! That a start may begin with a checkpoint.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use ids::{clock::Revision, resource::AssignmentId};
use model::{
    change::Noun,
    delegation::Assignment,
    samples::{self, OLOF},
    settings::{Profile, Settings},
};
use serde_json::Value;
use uuid::Uuid;

use super::kit::{self, Kit};
use crate::{
    engine::{Batch, Engine, Head, JournalRow, Row, RowWrite, UnitId, View},
    error::StoreError,
    key::Key,
    past::Point,
};

type E = Arc<dyn Engine>;

/// An engine that has forgotten the journal up to a revision: what is opened over it must have
/// begun with a checkpoint.
struct Forgetful(E, Revision);

#[async_trait]
impl Engine for Forgetful {
    async fn snapshot(&self) -> Result<Box<dyn View>, StoreError> {
        self.0.snapshot().await
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.0.get(key).await
    }

    async fn commit(&self, batches: Vec<Batch>, head: Head) -> Result<(), StoreError> {
        self.0.commit(batches, head).await
    }

    async fn journal(
        &self,
        after: (Revision, u32),
        limit: usize,
    ) -> Result<Vec<JournalRow>, StoreError> {
        if after.0 < self.1 {
            return Err(StoreError::unavailable("the beginning of the journal was asked for"));
        }
        self.0.journal(after, limit).await
    }

    async fn committed(&self, unit: UnitId) -> Result<Option<Revision>, StoreError> {
        self.0.committed(unit).await
    }

    async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        self.0.backup(to).await
    }
}

/// Contoso's subscription is delegated twice, and one delegation has ended: in the azure profile
/// it has taken along what the other gave, of which no noun tells.
async fn with_a_lost_grant(engine: E) -> Kit {
    let kit = Kit::new(engine).await;
    let azure = Settings { profile: Profile::Azure, ..Settings::default() };
    let [one, other] = [1, 2].map(|n| {
        let id =
            AssignmentId::at(samples::whole(), Uuid::from_u128(n).to_string().parse().unwrap());
        Assignment { id: id.unwrap(), ..samples::assignment(samples::whole()) }
    });
    kit.put(Noun::Settings(azure)).await;
    kit.put(Noun::Definition(samples::definition(samples::SUBSCRIPTION))).await;
    kit.put(Noun::Assignment(one.clone())).await;
    kit.put(Noun::Assignment(other)).await;
    kit.remove(Noun::Assignment(one)).await;
    kit
}

pub async fn a_checkpoint_and_the_journal_after_it_add_up_to_the_index(engine: E) {
    let kit = with_a_lost_grant(engine).await;
    let before = kit.store.head();
    kit.store.checkpoint().await.unwrap();
    assert_eq!(kit.store.head(), before, "a checkpoint has no revision of its own");
    let forgetful = || Arc::new(Forgetful(Arc::clone(&kit.engine), before.revision));
    let at_once = Kit::seeded(forgetful(), 3).await.unwrap().store.index();
    assert_eq!(at_once.dump(), kit.store.index().dump());

    kit.remove(kit::owner(OLOF)).await;
    kit.put(Noun::ResourceGroup(kit::resource_group("last"))).await;
    let (grown, rebuilt) = (kit.store.index(), Kit::seeded(forgetful(), 4).await.unwrap());
    let rebuilt = rebuilt.store.index();
    assert_eq!(rebuilt.revision(), grown.revision());
    assert_eq!(rebuilt.access_revision(), grown.access_revision());
    assert_eq!(rebuilt.dump(), grown.dump());
}

pub async fn a_checkpoint_that_was_cut_short_counts_for_nothing(engine: E) {
    let kit = with_a_lost_grant(engine).await;
    kit.store.checkpoint().await.unwrap();
    let grown = kit.store.index().dump();
    let mut found = Vec::new();
    for n in 0..2 {
        let key =
            Key::exact("checkpointPart", &format!("{:020}/{n:08}", kit.store.head().revision.0));
        found.extend(kit.engine.get(&key).await.unwrap().map(|_| key));
    }
    let [part] = &found[..] else { panic!("{found:?}") };
    let gone = RowWrite { key: part.clone(), row: None, removed: Vec::new(), added: Vec::new() };
    let batch = Batch { rows: vec![gone], ..Batch::default() };
    kit.engine.commit(vec![batch], kit.store.head()).await.unwrap();
    let reopened = kit.reopened().await;
    assert_eq!(reopened.store.index().dump(), grown, "the journal says it, too");
    reopened.store.checkpoint().await.unwrap();
    let forgetful = Arc::new(Forgetful(Arc::clone(&kit.engine), kit.store.head().revision));
    assert_eq!(Kit::seeded(forgetful, 5).await.unwrap().store.index().dump(), grown);
}

/// The first checkpoints had no form, and did not know what somebody is eligible for.
pub async fn a_checkpoint_of_an_older_form_counts_for_nothing(engine: E) {
    let kit = with_a_lost_grant(engine).await;
    let eligible = samples::eligible_definition(samples::SUBSCRIPTION);
    kit.put(Noun::Definition(eligible)).await;
    kit.store.checkpoint().await.unwrap();
    let (grown, revision) = (kit.store.index().dump(), kit.store.head().revision);
    let head = Key::exact("checkpoint", &format!("{:020}", revision.0));
    let part = Key::exact("checkpointPart", &format!("{:020}/{:08}", revision.0, 0));
    for (key, lacking) in [(head, "form"), (part, "eligible")] {
        let row = kit.engine.get(&key).await.unwrap().unwrap();
        let mut json = serde_json::from_slice(&row.bytes).unwrap();
        assert_eq!(strip(&mut json, lacking), 1, "{lacking} in {json}");
        let row = Row { bytes: json.to_string().into_bytes().into(), ..row };
        let write = RowWrite { key, row: Some(row), removed: Vec::new(), added: Vec::new() };
        let batch = Batch { rows: vec![write], ..Batch::default() };
        kit.engine.commit(vec![batch], kit.store.head()).await.unwrap();
    }
    let reopened = kit.reopened().await;
    assert_eq!(reopened.store.index().dump(), grown, "the journal knows it all");
    reopened.store.checkpoint().await.unwrap();
    let forgetful = Arc::new(Forgetful(Arc::clone(&kit.engine), revision));
    assert_eq!(Kit::seeded(forgetful, 5).await.unwrap().store.index().dump(), grown);
}

/// Takes what is called so out of the JSON, wherever it is; answers how often it was there.
fn strip(json: &mut Value, name: &str) -> usize {
    match json {
        Value::Object(fields) => {
            let here = usize::from(fields.remove(name).is_some());
            here + fields.values_mut().map(|it| strip(it, name)).sum::<usize>()
        }
        Value::Array(items) => items.iter_mut().map(|it| strip(it, name)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

pub async fn the_past_begins_with_the_checkpoint_before_it(engine: E) {
    let kit = with_a_lost_grant(engine).await;
    let (first, told) = (kit.store.head().revision, kit.store.index().dump());
    kit.store.checkpoint().await.unwrap();
    kit.remove(kit::owner(OLOF)).await;
    let (second, later) = (kit.store.head().revision, kit.store.index().dump());
    kit.store.checkpoint().await.unwrap();
    kit.put(Noun::User(samples::user(samples::principal(samples::CUSTOMER, 0x77), "new"))).await;
    // The time of the first is asked of the journal, too.
    let forgotten = Revision(first.0 - 1);
    let forgetful = Arc::new(Forgetful(Arc::clone(&kit.engine), forgotten));
    let reopened = Kit::seeded(forgetful, 6).await.unwrap();
    for (revision, dump) in [(second, &later), (first, &told)] {
        let past = reopened.store.past(Point::Revision(revision)).await.unwrap();
        assert_eq!(past.index.dump(), *dump);
        assert_eq!(past.index.revision(), revision);
    }
    let refused = reopened.store.past(Point::Revision(forgotten)).await.unwrap_err();
    let is_beginning = refused.to_string().contains("unavailable");
    assert!(is_beginning, "before the first checkpoint all of the journal is asked for: {refused}");
}
