use model::samples::market as samples;
use serde_json::{Value, json};

use super::{super::read::read, *};
use crate::ingestion::tree::Tree;

fn resources(all: &Value) -> Vec<Resource> {
    read(json!({ "resources": all }).to_string().as_bytes()).unwrap()
}

fn schema(name: &str) -> String {
    format!("https://schema.mp.microsoft.com/schema/{name}/2022-03-01")
}

fn known() -> Known {
    let offer = samples::offer();
    let plans = offer.plans.iter().map(|(name, it)| (it.durable, name.clone())).collect();
    let picture = samples::picture();
    Known { plans, pictures: BTreeMap::from([(picture.digest.clone(), picture)]) }
}

#[test]
fn a_tree_that_was_read_configures_an_empty_draft_to_the_same_form() {
    let (offer, form) = (samples::offer(), samples::form());
    let tree = Tree { offer: &offer, target: "draft", media: "https://fyr.example/media" };
    let audience = form.plans[0].audience.clone();
    let all = Value::Array(tree.resources(&form, &form.preview_audience, |_| &audience));
    let resources = resources(&all);
    assert_eq!(product(&resources), Ok(Product::Durable(offer.durable)));
    let mut draft = Form::default();
    let beside = merge(&mut draft, &resources, &known()).unwrap();
    assert_eq!(draft, form);
    assert!(beside.changes_draft && beside.submission.is_none());
}

#[test]
fn resources_of_one_request_find_each_other_by_name() {
    let all = json!([
        { "$schema": schema("plan"), "resourceName": "pl1", "product": { "resourceName": "p1" },
          "identity": { "externalId": "core" } },
        { "$schema": schema("price-and-availability-plan"), "product": { "resourceName": "p1" },
          "plan": { "resourceName": "pl1" }, "audience": "private",
          "privateAudiences": [
            { "type": "subscription", "id": "00000000-0000-0000-0000-000000000005", "label": "pilot" }
          ] },
        { "$schema": schema("product"), "resourceName": "p1", "type": "managedService",
          "publisher": "fabrikam", "alias": "Ops", "identity": { "externalId": "ops" } },
        { "$schema": schema("submission"), "product": { "resourceName": "p1" },
          "target": { "targetType": "preview" } },
    ]);
    let resources = resources(&all);
    let id = samples::offer_id();
    assert_eq!(product(&resources), Ok(Product::Named(Some(id.publisher), id.name)));
    let mut draft = Form::default();
    let beside = merge(&mut draft, &resources, &Known::default()).unwrap();
    assert_eq!((draft.alias.as_str(), draft.plans.len()), ("Ops", 1));
    assert_eq!(draft.plans[0].visibility, Visibility::Private);
    assert_eq!(draft.plans[0].audience[0].description, "pilot");
    assert_eq!(beside.submission, Some((Slot::Preview, None)));
}

#[test]
fn what_does_not_fit_together_is_refused_with_its_place() {
    let product_of = |name: &str| json!({ "externalId": name });
    for (all, expected) in [
        (
            json!([{ "$schema": schema("property"), "product": product_of("ops") },
                   { "$schema": schema("property"), "product": product_of("other") }]),
            "resources[1]: it is of another product",
        ),
        (json!([{ "$schema": schema("property") }]), "resources[0]: it names no product"),
        (
            json!([{ "$schema": schema("property"), "product": { "resourceName": "p1" } }]),
            "no resource of the request calls itself `p1`",
        ),
        (
            json!([{ "$schema": schema("product"), "type": "managedService",
                     "resourceName": "p1", "identity": { "resourceName": "p1" } }]),
            "it names no product",
        ),
    ] {
        let refused = product(&resources(&all)).unwrap_err().to_string();
        assert!(refused.contains(expected), "{refused} lacks {expected}");
    }
    for (resource, expected) in [
        (json!({ "$schema": schema("plan-listing"), "product": product_of("ops") }), "no plan"),
        (
            json!({ "$schema": schema("plan-listing"), "product": product_of("ops"),
                    "plan": { "externalId": "none" } }),
            "the offer has no such plan",
        ),
        (
            json!({ "$schema": schema("listing-asset"), "product": product_of("ops"),
                    "type": "azureLogoLarge", "url": format!("x/{}", "a".repeat(64)) }),
            "upload it first",
        ),
    ] {
        let refused = merge(&mut samples::form(), &resources(&json!([resource])), &known());
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(expected), "{refused} lacks {expected}");
    }
}
