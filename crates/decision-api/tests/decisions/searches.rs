//! Who, to what, and what, by the names of ARM, page by page.

use model::samples::{OLOF, SUBSCRIPTION};
use serde_json::{Value, json};

use crate::kit::{ALICE, Kit, MACHINES, NORA, about, kit, kit_with, owns, thing};

const SUBJECTS: &str = "/access/v1/search/subject";
const RESOURCES: &str = "/access/v1/search/resource";
const ACTIONS: &str = "/access/v1/search/action";

fn with_page(mut body: Value, page: Value) -> Value {
    body["page"] = page;
    body
}

async fn next(kit: &Kit, token: &str, path: &str, body: &Value) -> (Vec<String>, String) {
    let answered = kit.post(token, path, body).await.ok();
    let next = answered.body["page"]["next_token"].as_str().unwrap().to_owned();
    (answered.found(), next)
}

#[tokio::test]
async fn a_token_is_good_for_its_own_search_and_its_own_caller_alone() {
    let kit = kit_with(vec![owns(NORA), owns(ALICE)]).await;
    let (olof, nora) = (kit.token("olof").await, kit.token("nora").await);
    let body = about(OLOF, "write");
    let (first, sealed) =
        next(&kit, &olof, SUBJECTS, &with_page(body.clone(), json!({ "limit": 1 }))).await;
    assert_eq!(first, [OLOF.object.to_string()]);
    let going_on = with_page(body.clone(), json!({ "token": sealed }));
    let (rest, end) = next(&kit, &olof, SUBJECTS, &going_on).await;
    assert_eq!((rest, end.as_str()), (vec![NORA.object.to_string(), ALICE.object.to_string()], ""));
    let page = json!({ "token": sealed });
    let cases = [
        ("another caller", &nora, SUBJECTS, going_on.clone()),
        ("another action", &olof, SUBJECTS, with_page(about(OLOF, "read"), page.clone())),
        ("another search", &olof, ACTIONS, going_on.clone()),
        ("no token", &olof, SUBJECTS, with_page(body.clone(), json!({ "token": "AAAA" }))),
    ];
    for (case, token, path, body) in cases {
        let refused = kit.post(token, path, &body).await;
        assert_eq!(refused.status, 400, "{case}: {}", refused.text);
    }
    let none = with_page(body.clone(), json!({ "limit": 0 }));
    let (nothing, sealed) = next(&kit, &olof, SUBJECTS, &none).await;
    assert!(nothing.is_empty());
    let from_there = with_page(body, json!({ "token": sealed }));
    let (all, _) = next(&kit, &olof, SUBJECTS, &from_there).await;
    assert_eq!(all.len(), 3, "from the beginning");
}

#[tokio::test]
async fn what_is_found_is_what_an_evaluation_says_yes_to() {
    let kit = kit().await;
    let token = kit.token("olof").await;
    let machines = json!({
        "subject": { "type": "user", "id": "olof@contoso.example" },
        "action": { "name": format!("{MACHINES}/start/action") },
        "resource": { "type": MACHINES },
    });
    let found = kit.post(&token, RESOURCES, &machines).await.found();
    assert_eq!(found, [thing(MACHINES, "vm1").to_string()]);
    let actions = kit.post(&token, ACTIONS, &about(OLOF, "read")).await.ok();
    let results = actions.body["results"].as_array().unwrap().clone();
    assert!(results.len() > 20, "{results:?}");
    for it in &results {
        let mut asked = about(OLOF, "read");
        asked["action"] = it.clone();
        let answered = kit.post(&token, crate::kit::EVALUATION, &asked).await;
        assert!(answered.decision(), "{it}");
        assert!(it["properties"].is_null(), "Owner reaches no data: {it}");
    }
    let subscriptions = json!({
        "subject": { "type": "user", "id": "olof" },
        "action": { "name": "Microsoft.Resources/subscriptions/read" },
        "resource": { "type": "Microsoft.Resources/subscriptions" },
    });
    let found = kit.post(&token, RESOURCES, &subscriptions).await.found();
    assert_eq!(found, [format!("/subscriptions/{SUBSCRIPTION}")]);
}

#[tokio::test]
async fn a_gate_without_the_directory_hears_not_who_may() {
    let kit = kit().await;
    let gate = kit.token("gate").await;
    assert_eq!(kit.post(&gate, SUBJECTS, &about(OLOF, "read")).await.status, 403);
    let found = kit.post(&gate, ACTIONS, &about(OLOF, "read")).await.found();
    assert!(!found.is_empty(), "what a known one may do is no secret to it");
}
