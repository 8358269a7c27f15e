use ids::guid::TenantId;
use model::samples;
use serde_json::json;
use uuid::Uuid;

use super::*;

fn id(path: &str) -> ResourceId {
    let home = TenantId::new(Uuid::nil());
    let group = samples::resource_group("app");
    ResourceId::parse(&format!("{group}/providers/{path}"), home).unwrap()
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn request(path: &str) -> PutResource {
    PutResource {
        id: id(path),
        location: Some("West Europe".to_owned()),
        tags: None,
        identity: None,
        envelope: Map::new(),
        properties: object(&json!({ "a": 1, "provisioningState": "Failed", "gone": null })),
        expected: Expected::default(),
    }
}

fn facts(existing: Option<&Resource>) -> Facts<'_> {
    Facts {
        existing,
        etag: existing.map(|_| "\"x\"".to_owned()),
        parent_exists: true,
        system_data: samples::system_data(),
        new_identity: samples::object(0x1D),
    }
}

const ACCOUNT: &str = "Microsoft.Storage/storageAccounts/contosodata";

#[test]
fn a_put_makes_the_resource_and_the_servers_words_are_not_the_clients() {
    let made = put(request(ACCOUNT), facts(None)).unwrap();
    assert_eq!(made.location.as_deref(), Some("westeurope"));
    assert_eq!(Value::Object(made.properties), json!({ "a": 1 }));
}

#[test]
fn a_child_needs_its_parent() {
    let facts = Facts { parent_exists: false, ..facts(None) };
    let refused = put(request(&format!("{ACCOUNT}/blobServices/default")), facts).unwrap_err();
    assert!(matches!(refused, Refused::NoParent { .. }), "{refused}");
}

#[test]
fn a_resource_stays_where_it_is() {
    let before = put(request(ACCOUNT), facts(None)).unwrap();
    let again = || PutResource { properties: Map::new(), ..request(ACCOUNT) };
    let elsewhere = PutResource { location: Some("eastus".to_owned()), ..again() };
    assert!(matches!(put(elsewhere, facts(Some(&before))), Err(Refused::OtherLocation { .. })));
    let silent = PutResource { location: None, ..again() };
    assert_eq!(put(silent, facts(Some(&before))).unwrap().location, before.location);
}

#[test]
fn preconditions_follow_arms_matrix() {
    let expected =
        |matching: Option<&str>, absent| Expected { matching: matching.map(str::to_owned), absent };
    for (name, wanted, etag, ok) in [
        ("nothing said, missing", expected(None, false), None, true),
        ("nothing said, exists", expected(None, false), Some("\"x\""), true),
        ("If-Match *, missing", expected(Some("*"), false), None, false),
        ("If-Match *, exists", expected(Some("*"), false), Some("\"x\""), true),
        ("If-Match same", expected(Some("\"x\""), false), Some("\"x\""), true),
        ("If-Match other", expected(Some("\"y\""), false), Some("\"x\""), false),
        ("If-None-Match *, missing", expected(None, true), None, true),
        ("If-None-Match *, exists", expected(None, true), Some("\"x\""), false),
    ] {
        assert_eq!(check(&wanted, etag).is_ok(), ok, "{name}");
    }
}

#[test]
fn an_identity_stays_the_same_as_long_as_it_is_wanted() {
    let system = WantedIdentity::parse("SystemAssigned", Vec::new()).unwrap();
    let bare = || PutResource { properties: Map::new(), ..request(ACCOUNT) };
    let with = PutResource { identity: Some(system), ..bare() };
    let made = put(with.clone(), facts(None)).unwrap();
    let held = made.identity.clone().unwrap().system_assigned;
    assert_eq!(held, Some(samples::object(0x1D)));
    let again = Facts { new_identity: samples::object(0x2D), ..facts(Some(&made)) };
    assert_eq!(put(with, again).unwrap().identity.unwrap().system_assigned, held);
    assert_eq!(put(bare(), facts(Some(&made))).unwrap().identity, None);
    assert!(WantedIdentity::parse("Delegated", Vec::new()).is_err());
}

#[test]
fn a_patch_replaces_tags_and_merges_envelope_and_properties() {
    let before = Resource {
        properties: object(&json!({ "a": { "b": 1, "c": 2 }, "d": [1] })),
        tags: Tags::from([("old".to_owned(), String::new())]),
        envelope: object(&json!({ "sku": { "name": "S1", "tier": "Cool" }, "kind": "a" })),
        ..put(request(ACCOUNT), facts(None)).unwrap()
    };
    let request = PatchResource {
        id: before.id.clone(),
        location: Some("West Europe".to_owned()),
        envelope: object(&json!({ "sku": { "tier": "Hot" }, "kind": null })),
        tags: Some(Tags::from([("new".to_owned(), String::new())])),
        identity: None,
        properties: object(&json!({ "a": { "b": null, "e": 3 }, "d": [2] })),
        expected: Expected::default(),
    };
    let after = patch(request.clone(), facts(Some(&before))).unwrap();
    assert_eq!(Value::Object(after.properties), json!({ "a": { "c": 2, "e": 3 }, "d": [2] }));
    assert_eq!(after.tags.keys().collect::<Vec<_>>(), ["new"]);
    let envelope = json!({ "sku": { "name": "S1", "tier": "Hot" } });
    assert_eq!(Value::Object(after.envelope), envelope);
    assert!(matches!(patch(request.clone(), facts(None)), Err(Refused::NotFound(_))));
    let elsewhere = PatchResource { location: Some("eastus".to_owned()), ..request };
    let refused = patch(elsewhere, facts(Some(&before)));
    assert!(matches!(refused, Err(Refused::OtherLocation { .. })), "{refused:?}");
}

#[test]
fn a_body_says_nothing_else_of_how_far_a_resource_has_come() {
    let before = put(request(ACCOUNT), facts(None)).unwrap();
    for (state, ok) in [("Succeeded", true), ("succeeded", true), ("Updating", false)] {
        let properties = object(&json!({ "provisioningState": state }));
        let again = PutResource { properties, ..request(ACCOUNT) };
        let put = put(again, facts(Some(&before)));
        let refused = matches!(put, Err(Refused::ReadOnly("provisioningState")));
        assert_eq!((put.is_ok(), refused), (ok, !ok), "{state}");
    }
}
