//! Questions and answers by the names of ARM.

use axum::http::Method;
use ids::guid::Principal;
use model::{
    change::Change,
    samples::{ADA, CUSTOMER, OLOF, READER, whole},
};
use serde_json::{Value, json};

use crate::kit::{
    EVALUATION, EVALUATIONS, GATE, NORA, about, acting, grant, kit, kit_with, owns, thing,
};

#[tokio::test]
async fn a_gate_is_told_whether_somebody_may_and_by_which_revision() {
    let kit = kit().await;
    let token = kit.token("gate").await;
    for (who, name, expected) in
        [(OLOF, "read", true), (OLOF, "write", true), (NORA, "read", false), (ADA, "write", true)]
    {
        let answered = kit.post(&token, EVALUATION, &about(who, name)).await.ok();
        let revision = kit.sign_in.plane().store.head().access_revision.0;
        assert!(answered.body["context"]["revision"].as_u64().unwrap() >= revision);
        assert_eq!(answered.headers["cache-control"], "no-store");
        assert_eq!(answered.decision(), expected, "{who} {name}");
    }
    // The same id is somebody else in the gate's own tenant.
    let mut own = about(ADA, "write");
    own["subject"]["properties"] = json!({});
    assert!(kit.post(&token, EVALUATION, &own).await.decision(), "that is Olof");
    let itself = json!({ "type": "servicePrincipal", "id": acting(GATE).object.to_string() });
    let mut about_itself = about(OLOF, "write");
    about_itself["subject"] = itself;
    assert!(!kit.post(&token, EVALUATION, &about_itself).await.decision());
}

#[tokio::test]
async fn the_requests_own_id_comes_back_whatever_is_answered() {
    let kit = kit().await;
    let bearer = format!("Bearer {}", kit.token("gate").await);
    let mut headers = vec![
        ("authorization", bearer.as_str()),
        ("content-type", "application/json; charset=utf-8"),
        ("x-request-id", "bfe9eb29 whatever \"it\" is"),
    ];
    let good = about(OLOF, "read").to_string();
    for (body, status) in [(good.as_bytes(), 200), (b"{".as_slice(), 400)] {
        let answered = kit.send((&Method::POST, EVALUATION), &headers, body).await;
        assert_eq!(answered.status, status, "{}", answered.text);
        assert_eq!(answered.headers["x-request-id"], "bfe9eb29 whatever \"it\" is");
    }
    headers.pop();
    let answered = kit.send((&Method::POST, EVALUATION), &headers, good.as_bytes()).await;
    assert!(!answered.ok().headers["x-request-id"].is_empty());
}

#[tokio::test]
async fn a_batch_ends_where_its_semantic_says_and_names_what_may_not_be_asked() {
    let kit = kit().await;
    let items = json!([about(OLOF, "read"), about(NORA, "read"), about(OLOF, "write")]);
    let batch = |semantic: &str| json!({ "evaluations": items, "options": { "evaluations_semantic": semantic } });
    let token = kit.token("gate").await;
    for (semantic, expected) in [
        ("execute_all", vec![true, false, true]),
        ("deny_on_first_deny", vec![true, false]),
        ("permit_on_first_permit", vec![true]),
    ] {
        let answered = kit.post(&token, EVALUATIONS, &batch(semantic)).await;
        assert_eq!(answered.decisions(), expected, "{semantic}");
    }
    let odd = kit.post(&token, EVALUATIONS, &batch("some")).await;
    assert_eq!(odd.status, 400, "{}", odd.text);
    // Nora may ask about herself alone.
    let nora = kit.token("nora").await;
    let body = kit.post(&nora, EVALUATIONS, &batch("execute_all")).await.ok().body;
    let errors: Vec<&Value> = body["evaluations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["context"]["error"]["status"])
        .collect();
    assert_eq!(errors, [&json!(403), &Value::Null, &json!(403)], "{body}");
    assert!(body["evaluations"].as_array().unwrap().iter().all(|it| it["decision"] == false));
}

#[tokio::test]
async fn reasons_come_to_whoever_wants_them_and_hears_explanations() {
    let kit = kit().await;
    let mut body = about(NORA, "read");
    body["context"] = json!({ "fyr_reasons": true });
    let of = async |who: &str| {
        kit.post(&kit.token(who).await, EVALUATION, &body).await.ok().body["context"].clone()
    };
    let olof = of("olof").await;
    assert_eq!(olof["reason_admin"]["en"], "No grant allows it.");
    assert!(olof["reason_user"]["en"].as_str().unwrap().starts_with("You may not do this."));
    for who in ["gate", "nora"] {
        let context = of(who).await;
        assert_eq!(context.as_object().unwrap().len(), 1, "{who}: {context}");
    }
    body["context"] = json!({});
    let silent = kit.post(&kit.token("olof").await, EVALUATION, &body).await.ok();
    assert!(silent.body["context"]["reason_admin"].is_null(), "nobody asked for them");
}

#[tokio::test]
async fn a_batch_has_so_many_explanations_and_all_its_answers() {
    let kit = kit().await;
    let (olof, gate) = (kit.token("olof").await, kit.token("gate").await);
    let mut item = about(OLOF, "read");
    let silent = item.clone();
    item["context"] = json!({ "fyr_reasons": true });
    let items = [vec![silent; 3], vec![item; 30]].concat();
    let body = json!({ "evaluations": items });
    let told = async |token: &str| {
        let body = kit.post(token, EVALUATIONS, &body).await.ok().body;
        let all = body["evaluations"].as_array().unwrap().clone();
        assert!(all.iter().all(|it| it["decision"] == true), "{body}");
        all.iter().map(|it| it["context"]["reason_admin"]["en"].clone()).collect::<Vec<_>>()
    };
    let reasons = told(&olof).await;
    assert!(reasons[..3].iter().all(Value::is_null), "nobody asked for them");
    let is_left_out = |it: &Value| it.as_str().unwrap().starts_with("Not explained");
    assert!(!reasons[3..23].iter().any(is_left_out), "{reasons:?}");
    assert!(reasons[23..].iter().all(is_left_out), "{reasons:?}");
    assert!(told(&gate).await[..23].iter().all(Value::is_null), "they are not the gate's to hear");
}

/// What a revocation is worth: each question begins after one was acknowledged, while others
/// come and go.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_question_that_begins_after_a_revocation_is_answered_yes() {
    const LOSERS: u128 = 24;
    let who = |n: u128| model::samples::principal(CUSTOMER, 0x1000 + n);
    let name = |n: u128| format!("loser{n}");
    let people = (0..LOSERS).flat_map(|n| {
        let user = model::samples::user(who(n), &name(n));
        [model::change::Noun::User(user), owns(who(n))]
    });
    let kit = std::sync::Arc::new(kit_with(people.collect()).await);
    let token = kit.token("gate").await;
    let mut all = tokio::task::JoinSet::new();
    for n in 0..LOSERS {
        let (kit, token) = (std::sync::Arc::clone(&kit), token.clone());
        all.spawn(async move {
            let asked = about(who(n), "write");
            assert!(kit.post(&token, EVALUATION, &asked).await.decision(), "before");
            testkit::apply(kit.sign_in.plane(), vec![Change::Remove(owns(who(n)))]).await;
            for _ in 0..8 {
                let answered = kit.post(&token, EVALUATION, &asked).await;
                assert!(!answered.decision(), "{n}: after it was acknowledged");
            }
        });
    }
    while let Some(ended) = all.join_next().await {
        ended.unwrap();
    }
}

#[tokio::test]
async fn a_gate_that_lost_its_leave_or_its_account_hears_nothing_more() {
    let kit = kit().await;
    let token = kit.token("gate").await;
    let asked = about(OLOF, "read");
    assert!(kit.post(&token, EVALUATION, &asked).await.decision());
    let leave = grant(whole(), acting(GATE), READER);
    testkit::apply(kit.sign_in.plane(), vec![Change::Remove(leave)]).await;
    let refused = kit.post(&token, EVALUATION, &asked).await;
    assert_eq!(
        (refused.status, refused.headers["content-type"].to_str().unwrap()),
        (403, "text/plain; charset=utf-8")
    );
    assert!(!refused.text.contains(&OLOF.object.to_string()), "{}", refused.text);
    let gone = model::directory::ServicePrincipal {
        principal: acting(GATE),
        app: GATE,
        display_name: String::new(),
        enabled: false,
        kind: model::directory::ServicePrincipalKind::Application,
    };
    let gone = model::change::Noun::ServicePrincipal(gone);
    testkit::put(kit.sign_in.plane(), vec![gone]).await;
    assert_eq!(kit.post(&token, EVALUATION, &asked).await.status, 401);
}

#[tokio::test]
async fn data_is_asked_about_as_data_whether_it_is_said_or_not() {
    let account = thing("Microsoft.Storage/storageAccounts", "records").to_string();
    let kit = kit().await;
    let token = kit.token("gate").await;
    let blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    for properties in
        [json!({}), json!({ "is_data_action": true }), json!({ "is_data_action": false })]
    {
        let body = json!({
            "subject": { "type": "user", "id": OLOF.object.to_string() },
            "action": { "name": blobs, "properties": properties },
            "resource": { "type": "Microsoft.Storage/storageAccounts", "id": account },
        });
        let answered = kit.post(&token, EVALUATION, &body).await;
        assert!(!answered.decision(), "Owner reaches no data: {body}");
    }
}

/// Whoever asks for a principal that is not there hears what is said of one that may nothing.
#[tokio::test]
async fn nobody_and_somebody_without_anything_are_answered_byte_for_byte_alike() {
    let kit = kit().await;
    let token = kit.token("gate").await;
    let nobody = Principal { tenant: CUSTOMER, object: model::samples::object(0xDEAD) };
    let mut said = Vec::new();
    for who in [NORA, nobody] {
        said.push(kit.post(&token, EVALUATION, &about(who, "read")).await.ok().text);
    }
    assert_eq!(said[0], said[1]);
}
