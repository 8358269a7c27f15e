//! The law of what-if: what it tells is what a run then does.

use std::collections::{BTreeMap, BTreeSet};

use ids::resource::ResourceId;
use model::{change::Noun, samples};
use operations::plane::Plane;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};

use super::{
    kit::{SUBSCRIPTION, ask, deploy_to_group, get, in_group, storage, to_group},
    what_if::what_if,
};

const GROUPS: [&str; 2] = ["app", "apple"];
const NAMES: [&str; 4] = ["a", "b", "c", "d"];

fn id(group: &str, name: &str) -> String {
    format!(
        "{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{name}"
    )
}

/// What a resource holds.
fn content() -> impl Strategy<Value = (Value, Value)> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (0..3).prop_map(Value::from),
        "[xy.]{0,2}".prop_map(Value::from),
        Just(json!("[concat('in', resourceGroup().location)]")),
    ];
    let value = leaf.prop_recursive(3, 12, 3, |inner| {
        let member = ("[pqr]|p[.]q", inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(Value::from),
            prop::collection::vec(member, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    let properties = prop::collection::btree_map("[uvw]", value, 0..3);
    let tags = prop::collection::btree_map("[tu]", "[12]", 0..3);
    let any = (properties, tags).prop_map(|(properties, tags)| (json!(properties), json!(tags)));
    // One of them often, so that things are the same before and after.
    prop_oneof![2 => Just((json!({ "u": [1] }), json!({}))), 3 => any]
}

fn account(name: &str, (properties, tags): (Value, Value)) -> Value {
    let mut it = storage(name);
    it["properties"] = properties;
    it["tags"] = tags;
    it
}

/// A template's resources: some named, one of them in a loop, some under a condition, some in a
/// deployment to the other group.
fn resources() -> impl Strategy<Value = Vec<Value>> {
    let named = prop::collection::btree_map(
        prop::sample::select(NAMES.as_slice()),
        (content(), any::<bool>()),
        0..4,
    );
    (named, 0..3, content()).prop_map(|(named, turns, looped)| {
        let named = named.into_iter().map(|(name, (content, condition))| {
            let mut it = account(name, content);
            it["condition"] = json!(condition);
            it
        });
        let mut all: Vec<Value> = named.collect();
        let mut copies = account("[concat('l', copyIndex())]", looped);
        copies["copy"] = json!({ "name": "loop", "count": turns });
        all.push(copies);
        all
    })
}

#[derive(Clone, Debug)]
struct Case {
    there: Vec<(usize, &'static str, (Value, Value))>,
    body: String,
}

fn case() -> impl Strategy<Value = Case> {
    let mode = prop_oneof![Just("Incremental"), Just("Complete")];
    let scope = prop_oneof![Just("inner"), Just("outer")];
    let one = (0..2_usize, prop::sample::select(NAMES.as_slice()), content());
    let there = prop::collection::vec(one, 0..6);
    (there, mode, resources(), resources(), scope, 0..2_usize).prop_map(
        |(there, mode, mut own, inside, scope, group)| {
            let inner: Value =
                serde_json::from_str(&to_group("Incremental", &json!(inside))).unwrap();
            let mut properties = inner["properties"].clone();
            properties["expressionEvaluationOptions"] = json!({ "scope": scope });
            own.push(json!({
                "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01",
                "name": "inside", "resourceGroup": GROUPS[group], "dependsOn": ["loop"],
                "properties": properties,
            }));
            Case { there, body: to_group(mode, &json!(own)) }
        },
    )
}

async fn plane(case: &Case) -> Plane {
    let groups = GROUPS.map(|name| Noun::ResourceGroup(testkit::group(name)));
    let there: BTreeMap<String, &(Value, Value)> =
        case.there.iter().map(|(group, name, it)| (id(GROUPS[*group], name), it)).collect();
    let there = there.into_iter().map(|(id, (properties, tags))| {
        let mut it = testkit::resource(ResourceId::parse(&id, samples::CUSTOMER).unwrap());
        it.location = Some("westeurope".to_owned());
        it.properties.clone_from(properties.as_object().unwrap());
        it.tags = serde_json::from_value(tags.clone()).unwrap();
        Noun::Resource(it)
    });
    testkit::plane(groups.into_iter().chain(there).collect()).await
}

/// Every account there may be, as a snapshot shows it.
async fn state(plane: &Plane) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for group in GROUPS {
        for name in NAMES.into_iter().chain(["l0", "l1", "l2"]) {
            let id = id(group, name);
            let mut body = get(plane, &id).await;
            if body.get("error").is_some() {
                continue;
            }
            let members = body.as_object_mut().unwrap();
            members.retain(|name, _| name != "systemData" && name != "etag");
            let properties = members["properties"].as_object_mut().unwrap();
            properties.remove("provisioningState");
            if properties.is_empty() {
                members.remove("properties");
            }
            all.insert(id, body);
        }
    }
    all
}

/// What is told of the resource, in whichever version.
fn said(change: &Value, when: &str) -> Option<Value> {
    let mut said = change.get(when).cloned()?;
    assert!(said.as_object_mut().unwrap().remove("apiVersion").unwrap().is_string());
    Some(said)
}

async fn holds(case: &Case) -> Vec<String> {
    let plane = plane(case).await;
    let before = state(&plane).await;
    let told = what_if(&plane, samples::OLOF, &in_group("d"), &case.body).await;
    assert_eq!(state(&plane).await, before, "asking changes nothing");
    let (_, record) = deploy_to_group(&plane, samples::OLOF, &case.body).await;
    let after = state(&plane).await;
    assert_eq!(told["status"], record["properties"]["provisioningState"], "{told:#} {record:#}");
    if told["status"] == "Failed" {
        assert_eq!(told["error"]["details"], record["properties"]["error"]["details"]);
        return vec!["Failed".to_owned()];
    }
    let changes = told["properties"]["changes"].as_array().unwrap();
    let mut kinds = Vec::new();
    let mut seen = BTreeSet::new();
    for change in changes {
        let id = change["resourceId"].as_str().unwrap().to_owned();
        let kind = change["changeType"].as_str().unwrap().to_owned();
        let (was, is) = (before.get(&id), after.get(&id));
        let (said_was, said_is) = (said(change, "before"), said(change, "after"));
        let (said_was, said_is) = (said_was.as_ref(), said_is.as_ref());
        match kind.as_str() {
            "Create" => {
                assert!(was.is_none() && said_was.is_none() && is.is_some() && said_is == is);
            }
            "Delete" => {
                assert!(is.is_none() && said_is.is_none() && was.is_some() && said_was == was);
            }
            "Modify" => assert!(
                was != is && said_was == was && said_is == is,
                "{change:#} {was:#?} {is:#?}"
            ),
            "NoChange" => assert!(was == is && said_was == was && said_is == is && was.is_some()),
            "Ignore" => assert!(was == is && was.is_some(), "{change:#}"),
            other => assert_eq!(other, "Ignore", "no other kind comes of whole payloads"),
        }
        assert_eq!(kind == "Modify", change["delta"].as_array().is_some_and(|it| !it.is_empty()));
        assert!(seen.insert(id), "each once: {change:#}");
        kinds.push(kind);
    }
    for id in before.keys().chain(after.keys()) {
        let untouched = before.get(id) == after.get(id) && !id.contains("/app/");
        assert!(untouched || seen.contains(id), "{id} is not told of");
    }
    kinds
}

/// So many cases in a round; a plane takes most of the time.
const CASES: u32 = 48;
/// In one round, each kind of change nearly always comes up; in so many, it does.
const ROUNDS_MAX: usize = 10;
const KINDS: [&str; 5] = ["Create", "Delete", "Modify", "NoChange", "Ignore"];

#[test]
fn what_it_tells_is_what_a_run_then_does() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let kinds = std::cell::RefCell::new(BTreeMap::<String, usize>::new());
    for _ in 0..ROUNDS_MAX {
        // A runner counts what it ran; a second run of the same one would draw no case.
        let mut runner = TestRunner::new(ProptestConfig::with_cases(CASES));
        let result = runner.run(&case(), |case| {
            for kind in runtime.block_on(holds(&case)) {
                *kinds.borrow_mut().entry(kind).or_default() += 1;
            }
            Ok(())
        });
        result.unwrap();
        if KINDS.iter().all(|kind| kinds.borrow().contains_key(*kind)) {
            return;
        }
    }
    panic!("not every kind of change came up: {kinds:?}");
}

#[test]
fn asking_leaves_nothing_behind_for_a_run_to_find() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let plane = plane(&Case { there: Vec::new(), body: String::new() }).await;
        let body = to_group("Incremental", &json!([storage("a")]));
        for _ in 0..3 {
            let told = what_if(&plane, samples::OLOF, &in_group("d"), &body).await;
            assert_eq!(told["properties"]["changes"][0]["changeType"], "Create");
        }
        let line = format!("HEAD {}", in_group("d"));
        assert_eq!(ask(&plane, samples::OLOF, &line, "").await.status, 404);
    });
}
