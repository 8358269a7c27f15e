//! Worlds written down and made again elsewhere: the same rows, and the same facts of access.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "test code")]

mod worlds;

use std::collections::BTreeSet;

use model::{change::Noun, samples};
use operations::{
    plane::Plane,
    world::{Summary, apply, nouns, prune},
};
use world::{
    export::{Export, export},
    pseudonym::pseudonyms,
    world::World,
};
use worlds::{AnyType, BuiltIn, drawn, telling};

/// Each kind of name collides with each other kind in some of them.
const WORLDS: u64 = 8;

async fn of(nouns: Vec<Noun>) -> Plane {
    let plane = testkit::empty().await;
    for some in nouns.chunks(200) {
        testkit::put(&plane, some.to_vec()).await;
    }
    plane
}

async fn applied(plane: &Plane, text: &str) -> Summary {
    let world = World::parse(text, &BuiltIn::default(), &AnyType, samples::now());
    let world = world.unwrap_or_else(|faults| panic!("{faults:#?} in\n{text}"));
    apply(plane, &world).await.unwrap()
}

async fn made_again(text: &str) -> Plane {
    let plane = testkit::empty().await;
    applied(&plane, text).await;
    plane
}

async fn written(plane: &Plane) -> Export {
    export(&nouns(plane, &[]).await.unwrap(), &BuiltIn::default(), &AnyType)
}

/// All rows that a file speaks of, without who made them and how an id was spelled.
async fn rows(plane: &Plane) -> BTreeSet<String> {
    let all = nouns(plane, &[]).await.unwrap().into_iter().map(|mut noun| {
        if let Noun::RoleAssignment(it) = &mut noun {
            (it.created_by, it.updated_by) = (None, None);
            (it.created_on, it.updated_on) = (samples::now(), samples::now());
        } else if let Noun::Settings(it) = &mut noun {
            it.roles_digest = String::new();
        }
        let mut row = serde_json::to_value(&noun).unwrap();
        for it in row.as_object_mut().unwrap().values_mut().filter_map(|it| it.as_object_mut()) {
            it.remove("system_data");
            it.remove("systemData");
            it.remove("definition_as_sent");
        }
        sorted(&row).to_string()
    });
    all.collect()
}

#[tokio::test]
async fn a_world_written_down_and_made_elsewhere_is_the_same_world() {
    for seed in 0..WORLDS {
        let here = of(drawn(seed)).await;
        let Export { text, notes } = written(&here).await;
        assert_eq!(notes, Vec::<String>::new(), "world {seed}");
        let there = made_again(&text).await;
        assert_eq!(rows(&there).await, rows(&here).await, "world {seed}:\n{text}");
        assert_eq!(facts(&there), facts(&here), "world {seed}:\n{text}");
        assert_eq!(written(&there).await.text, text, "world {seed}");
        let again = applied(&there, &text).await;
        assert_eq!((again.created, again.changed), (0, 0), "world {seed}:\n{text}");
        // Which built-in roles it knows, a world that was drawn does not say.
        let before = rows(&here).await;
        let again = applied(&here, &text).await;
        assert_eq!((again.created, again.changed), (0, 1), "world {seed}:\n{text}");
        assert_eq!(rows(&here).await, before, "world {seed}:\n{text}");
    }
}

/// Without the order of members, which an engine and a file may keep differently.
fn sorted(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value::{Array, Bool, Null, Number, Object, String};
    match value {
        Object(map) => {
            let all: std::collections::BTreeMap<_, _> = map.iter().collect();
            all.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect()
        }
        Array(items) => items.iter().map(sorted).collect(),
        Null | Bool(_) | Number(_) | String(_) => value.clone(),
    }
}

/// The index, without what tells one catalogue of built-in roles from another.
fn facts(plane: &Plane) -> Vec<String> {
    let dump = plane.index().dump();
    dump.lines().filter(|line| !line.starts_with("settings ")).map(str::to_owned).collect()
}

#[tokio::test]
async fn pseudonyms_keep_the_shape_of_access_and_nothing_that_was_called_by_name() {
    for seed in 0..WORLDS / 2 {
        let here = of(drawn(seed)).await;
        let all = nouns(&here, &[]).await.unwrap();
        let hidden = pseudonyms(&all, &BuiltIn::default());
        let Export { text, notes } = export(&hidden, &BuiltIn::default(), &AnyType);
        assert_eq!(notes, Vec::<String>::new(), "world {seed}");
        let there = made_again(&text).await;
        let (before, after) = (facts(&here).len(), facts(&there).len());
        assert_eq!(before, after, "world {seed}:\n{text}");
        for name in telling(&all) {
            assert!(!text.to_lowercase().contains(&name.to_lowercase()), "{name} in\n{text}");
        }
    }
}

#[tokio::test]
async fn no_secret_nor_what_is_kept_of_it_is_written_down() {
    let text = "
tenants:
- name: northwind
  domain: northwind.example
  users: [{name: nora, password: one fish two fish}]
  apps: [{name: robot, secret: red fish blue fish}]
";
    let plane = made_again(text).await;
    let Export { text, .. } = written(&plane).await;
    for secret in ["fish", "argon2", "password:", "secret:"] {
        assert!(!text.contains(secret), "{secret} in\n{text}");
    }
    assert!(text.contains("nora") && text.contains("robot"), "{text}");
}

#[tokio::test]
async fn one_tenant_alone_is_written_with_what_it_misses_told() {
    let here = of(drawn(3)).await;
    let chosen = nouns(&here, &["fabrikam".to_owned()]).await.unwrap();
    let tenants = chosen.iter().filter(|noun| matches!(noun, Noun::Tenant(_))).count();
    assert_eq!(tenants, 1);
    let Export { text, notes } = export(&chosen, &BuiltIn::default(), &AnyType);
    assert!(notes.iter().any(|note| note.starts_with("the guest ")), "{notes:?}");
    made_again(&text).await;
    let unknown = nouns(&here, &["nobody".to_owned()]).await.unwrap_err().to_string();
    assert!(unknown.contains("there is no tenant `nobody`"), "{unknown}");
}

#[tokio::test]
async fn a_delegation_that_a_file_no_longer_declares_ends_when_asked_to() {
    let with = "
tenants:
- name: fabrikam
  domain: fabrikam.example
  users: [{name: ada}]
- name: contoso
  domain: contoso.example
  subscriptions: [{name: prod}]
  delegations:
  - name: offer
    subscription: prod
    provider: fabrikam
    authorizations: [{principal: ada, role: Reader}]
";
    let (without, _) = with.split_once("  delegations:").unwrap();
    let plane = made_again(with).await;
    let delegated = async || {
        let all = nouns(&plane, &[]).await.unwrap();
        all.iter().filter(|it| matches!(it, Noun::Definition(_) | Noun::Assignment(_))).count()
    };
    assert_eq!(delegated().await, 2);
    let world = World::parse(without, &BuiltIn::default(), &AnyType, samples::now()).unwrap();
    let pruned = prune(&plane, &world).await.unwrap();
    assert_eq!((pruned.removed, pruned.kept, delegated().await), (2, 0, 0));
}
