use ids::guid::SubscriptionId;
use model::market::form::AudienceEntry;
use serde_json::json;
use uuid::Uuid;
use wire::ingestion::{Document, read, schema};

use super::{
    audience::{Change, changed, synced},
    compare, distribution, leads, review,
};

const SUBSCRIPTION: SubscriptionId = SubscriptionId::new(Uuid::from_u128(1));
const NEIGHBOUR: SubscriptionId = SubscriptionId::new(Uuid::from_u128(2));

fn entry(subscription: SubscriptionId, description: &str) -> AudienceEntry {
    AudienceEntry { subscription, description: description.to_owned() }
}

#[test]
fn whoever_is_added_to_a_preview_is_there_once_and_whoever_goes_is_gone() {
    let before = || vec![entry(SUBSCRIPTION, "old")];
    let add = vec![entry(SUBSCRIPTION, "new"), entry(NEIGHBOUR, "pilot")];
    let both = Change { add: add.clone(), remove: Vec::new() };
    assert_eq!(changed(before(), &both), add);
    let swapped = Change { add, remove: vec![SUBSCRIPTION] };
    assert_eq!(changed(before(), &swapped), [entry(NEIGHBOUR, "pilot")]);
    let none = Change { add: Vec::new(), remove: Vec::new() };
    assert_eq!(changed(before(), &none), before());
}

#[test]
fn a_private_plans_audience_is_changed_by_the_resource_that_takes_no_certification() {
    let change = Change { add: vec![entry(NEIGHBOUR, "pilot")], remove: vec![SUBSCRIPTION] };
    let product = "product/99999999-9999-4999-8999-999999999999";
    let resources = [synced(product, "care", &change)];
    let body = json!({ "$schema": schema(Document::Configure), "resources": resources });
    let [resource] = read::read(body.to_string().as_bytes()).unwrap().try_into().unwrap();
    let expected = read::Said::AudienceUpdate {
        add: vec![entry(NEIGHBOUR, "pilot")],
        remove: vec![entry(SUBSCRIPTION, "")],
    };
    assert_eq!(resource.said, expected);
}

#[test]
fn an_offer_says_where_each_of_its_plans_stands() {
    let offer = json!({
        "id": "fabrikam.ops", "status": "Live",
        "plans": [
            { "planId": "core", "distribution": "live" },
            { "planId": "care", "distribution": "stopRequested" },
        ],
    });
    let expected = "fabrikam.ops: Live\n  core: live\n  care: pending stop distribution\n";
    assert_eq!(distribution::told(&offer), expected);
}

#[test]
fn fields_that_differ_are_told_with_what_they_were() {
    let found = [
        json!({ "field": "alias", "change": "edited", "before": "Ops", "after": "Nights" }),
        json!({ "field": "plans[care]", "change": "added", "before": null, "after": "Care" }),
        json!({ "field": "links[0]", "change": "removed", "before": "x", "after": null }),
        json!({ "field": "title", "change": "unchanged", "before": "T", "after": "T" }),
    ];
    let expected = "\
ops, draft and live:
  ~ alias: Ops -> Nights
  + plans[care]: Care
  - links[0]: x
    title: T
";
    assert_eq!(compare::fields(&found, "ops, draft and live"), expected);
    assert_eq!(compare::fields(&[], "ops"), "ops: nothing differs.\n");
}

#[test]
fn a_lead_says_who_took_what_and_whether_it_arrived() {
    let lead = json!({
        "offer": "fabrikam.ops", "actionCode": "INS", "created": "2026-11-29T10:00:00Z",
        "userDetails": { "firstName": "Olof", "lastName": "", "email": "olof@contoso.example",
            "company": "Contoso" },
        "delivery": { "state": "failed", "reason": "no answer in time" },
    });
    let expected = [
        "2026-11-29T10:00:00Z",
        "fabrikam.ops",
        "INS",
        "Olof olof@contoso.example",
        "Contoso",
        "failed: no answer in time",
    ];
    assert_eq!(leads::row(&lead), expected);
    let tested = json!({ "offerTitle": "MSFT_TEST_7", "delivery": { "state": "delivered" } });
    assert_eq!(leads::tested(&tested), "The test lead MSFT_TEST_7 was taken.\n");
    let tested = json!({ "offerTitle": "MSFT_TEST_7", "delivery": lead["delivery"] });
    let expected = "The test lead MSFT_TEST_7 was not taken: no answer in time.\n";
    assert_eq!(leads::tested(&tested), expected);
    let unshared = json!({ "offer": "fabrikam.ops", "userDetails": null });
    assert_eq!(leads::row(&unshared)[3], "");
}

#[test]
fn what_waits_is_told_with_what_it_says_and_both_answers() {
    let found = json!({
        "id": "7", "offer": "fabrikam.ops", "created": "2026-11-29T10:00:00Z",
        "createdBy": "ada@fabrikam.example",
        "validations": [{ "code": "MSP-101", "target": "plans[0]", "message": "It is wide." }],
        "resources": [{
            "$schema": "https://schema.mp.microsoft.com/schema/listing/2022-03-01-preview2",
            "id": "listing/1", "product": "product/1", "title": "Fabrikam Ops",
        }],
    });
    let expected = r#"fabrikam.ops, submitted by ada@fabrikam.example at 2026-11-29T10:00:00Z
  MSP-101 at plans[0]: It is wide.

listing {
  "title": "Fabrikam Ops"
}

The two answers; the publisher reads the report:
  fyr offer review approve 7
  fyr offer review refuse 7 --report TEXT
"#;
    assert_eq!(review::told(&found), expected);
}
