//! The certification scenario's core and discovery levels, against a decision point for short
//! names: its fixture is roles, role assignments and resources like any others
//! (<https://github.com/openid/authzen/blob/main/certification/authorization-api-1_0-scenario.md>).

use axum::http::Method;
use model::samples::SUBSCRIPTION;
use serde_json::{Value, json};

use crate::kit::{ARM, Kit, kit};

fn base() -> String {
    format!("/beneath/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1/providers/Contoso.Records")
}

fn at(end: &str) -> String {
    format!("{}/access/v1/{end}", base())
}

fn ask(who: &str, name: &str, id: &str) -> Value {
    json!({
        "subject": { "type": "user", "id": who },
        "action": { "name": name },
        "resource": { "type": "record", "id": id },
    })
}

/// The harness: who has the token, and what is posted.
async fn posts(kit: &Kit, end: &str, body: &Value) -> crate::kit::Answered {
    kit.post(&kit.token("olof").await, &at(end), body).await
}

#[tokio::test]
async fn the_fixtures_four_decisions_are_made() {
    let kit = kit().await;
    for (who, name, expected) in [
        ("alice", "read", true),
        ("alice", "write", true),
        ("bob", "read", true),
        ("bob", "write", false),
    ] {
        let mut body = ask(who, name, "record-1");
        assert_eq!(posts(&kit, "evaluation", &body).await.decision(), expected, "{who} {name}");
        body["context"] = json!({ "time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1" });
        body["foo"] = json!("bar");
        body["futureField"] = json!({ "nested": true });
        for _ in 0..3 {
            assert_eq!(posts(&kit, "evaluation", &body).await.decision(), expected, "{body}");
        }
    }
}

/// The scenario's *Properties* levels ask that what the enforcement point says of somebody decides.
/// Here it decides nothing: who may is what the facts say.
#[tokio::test]
async fn properties_are_accepted_and_widen_nothing() {
    let kit = kit().await;
    let mut body = ask("alice", "read", "record-1");
    body["subject"]["properties"] = json!({ "department": "Sales", "role": "manager" });
    body["action"]["properties"] = json!({ "method": "GET" });
    body["resource"]["properties"] = json!({ "status": "active", "owner": "bob" });
    assert!(posts(&kit, "evaluation", &body).await.decision());
    let mut body = ask("bob", "write", "record-2");
    body["subject"]["properties"] = json!({ "role": "admin", "roles": ["Owner"] });
    assert!(!posts(&kit, "evaluation", &body).await.decision());
}

#[tokio::test]
async fn a_batch_is_answered_in_its_order_and_failures_spoil_no_others() {
    let kit = kit().await;
    let batch = |shared: Value, items: Value| {
        let mut body = shared;
        body["evaluations"] = items;
        body
    };
    let record = |id: &str| json!({ "resource": { "type": "record", "id": id } });
    let (alice, bob) = (ask("alice", "read", "record-1"), ask("bob", "write", "record-1"));
    let reads = json!({ "subject": alice["subject"], "action": alice["action"] });
    let cases = [
        (batch(reads.clone(), json!([record("record-1"), record("record-2")])), vec![true, true]),
        (
            batch(
                json!({ "subject": bob["subject"], "resource": bob["resource"] }),
                json!([{ "action": { "name": "read" } }, { "action": { "name": "write" } }]),
            ),
            vec![true, false],
        ),
        (batch(json!({}), json!([alice, bob])), vec![true, false]),
        (batch(reads.clone(), json!([record("record-1"), {}])), vec![true, false]),
        (
            batch(
                json!({ "subject": alice["subject"], "action": { "name": "write" },
                        "resource": { "type": "record" } }),
                json!([{ "resource": { "type": "record", "id": "record-1" } }, { "resource": { "id": "record-1" } }]),
            ),
            vec![true, false],
        ),
    ];
    for (body, expected) in cases {
        let answered = posts(&kit, "evaluations", &body).await;
        assert_eq!(answered.decisions(), expected, "{body}");
    }
    let failed = posts(&kit, "evaluations", &batch(reads, json!([{}]))).await.ok().body;
    assert_eq!(failed["evaluations"][0]["context"]["error"]["status"], 400, "{failed}");
    for single in [ask("alice", "read", "record-1"), batch(alice, json!([]))] {
        let answered = posts(&kit, "evaluations", &single).await;
        assert!(answered.decision(), "{single}");
    }
}

#[tokio::test]
async fn searches_find_the_fixtures_people_records_and_actions() {
    let kit = kit().await;
    let read = json!({ "name": "read" });
    let record = json!({ "type": "record", "id": "record-1" });
    let who = json!({ "subject": { "type": "user" }, "action": read, "resource": record });
    let found = posts(&kit, "search/subject", &who).await.found();
    assert!(["alice", "bob"].iter().all(|it| found.contains(&(*it).to_owned())), "{found:?}");
    let alice = json!({ "type": "user", "id": "alice" });
    let what = json!({ "subject": alice, "action": read, "resource": { "type": "record" } });
    let found = posts(&kit, "search/resource", &what).await;
    assert!(found.body["results"].as_array().unwrap().iter().all(|it| it["type"] == "record"));
    assert_eq!(found.found(), ["record-1", "record-2"]);
    let acts = json!({ "subject": alice, "resource": record, "context": { "time": "now" } });
    assert_eq!(posts(&kit, "search/action", &acts).await.found(), ["read", "write"]);
}

#[tokio::test]
async fn what_is_not_known_is_found_nowhere_and_what_is_missing_is_refused() {
    let kit = kit().await;
    let record = json!({ "type": "record", "id": "record-1" });
    let (user, read) = (json!({ "type": "user" }), json!({ "name": "read" }));
    let nobody = json!({ "type": "user", "id": "nonexistent-user" });
    let ship = json!({ "type": "spaceship" });
    for (end, body) in [
        ("search/action", json!({ "subject": nobody, "resource": record })),
        ("search/subject", json!({ "subject": ship, "action": read, "resource": record })),
        ("search/resource", json!({ "subject": nobody, "action": read, "resource": ship })),
    ] {
        let found = posts(&kit, end, &body).await.found();
        assert!(found.is_empty(), "{end} {body}");
    }
    for (end, body) in [
        ("search/subject", json!({ "subject": user, "resource": record })),
        ("search/resource", json!({ "action": read, "resource": { "type": "record" } })),
        ("search/action", json!({ "subject": nobody })),
        (
            "search/subject",
            json!({ "subject": user, "action": read, "resource": { "type": "record" } }),
        ),
        ("search/resource", json!({ "subject": user, "action": read, "resource": user })),
    ] {
        assert_eq!(posts(&kit, end, &body).await.status, 400, "{end} {body}");
    }
}

#[tokio::test]
async fn a_page_of_one_leads_to_the_next_until_the_token_is_empty() {
    let kit = kit().await;
    let mut body = json!({
        "subject": { "type": "user" },
        "action": { "name": "read" },
        "resource": { "type": "record", "id": "record-1" },
        "page": { "limit": 1 },
    });
    let mut found = Vec::new();
    loop {
        let answered = posts(&kit, "search/subject", &body).await.ok();
        let token = answered.body["page"]["next_token"].as_str().unwrap().to_owned();
        assert_eq!(answered.body["page"]["count"], 1);
        found.extend(answered.found());
        if token.is_empty() {
            break;
        }
        body["page"] = json!({ "token": token, "limit": 1 });
    }
    assert_eq!(found, ["olof", "bob", "alice"], "by their ids");
}

#[tokio::test]
async fn the_decision_point_says_of_itself_where_it_is_asked() {
    let kit = kit().await;
    for base in [String::new(), base()] {
        let path = format!("/.well-known/authzen-configuration{base}");
        let said = kit.get(&path).await.ok();
        assert_eq!(said.body["policy_decision_point"], format!("{ARM}{base}"));
        let endpoint = format!("{ARM}{base}/access/v1");
        for (name, end) in [
            ("access_evaluation_endpoint", "evaluation"),
            ("access_evaluations_endpoint", "evaluations"),
            ("search_subject_endpoint", "search/subject"),
            ("search_resource_endpoint", "search/resource"),
            ("search_action_endpoint", "search/action"),
        ] {
            assert_eq!(said.body[name], format!("{endpoint}/{end}"));
        }
        assert_eq!(kit.send((&Method::POST, &path), &[], b"{}").await.status, 405);
    }
}
