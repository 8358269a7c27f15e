//! What holds for every row of the table.

use axum::http::Method;
use graph_api::table::{Leave, Route, all};
use model::samples::OLOF;
use operations::sign_in::SignIn;
use serde_json::json;

use crate::kit::{ARM, GRAPH, Kit, RUT, kit};

/// The row's path with something in the place of each key.
fn path(pattern: &str, key: &str) -> String {
    format!("/v1.0{}", pattern.replace("{}", key))
}

/// What the row reads, about that object.
fn body(row: &Route, object: &str) -> String {
    let last = row.pattern.rsplit('/').next().unwrap();
    let key = "00000000-0000-4000-8000-00000000000e";
    let sent = match last {
        "$ref" if row.method == Method::POST => {
            json!({ "@odata.id": format!("{GRAPH}/v1.0/directoryObjects/{object}") })
        }
        "checkMemberGroups" => json!({ "groupIds": [object] }),
        "checkMemberObjects" | "getByIds" => json!({ "ids": [object] }),
        "removePassword" => json!({ "keyId": key }),
        "federatedIdentityCredentials" => {
            json!({ "name": "word", "issuer": "https://ci.example", "subject": "s", "audiences": ["a"] })
        }
        _ => json!({}),
    };
    sent.to_string()
}

fn revision(sign_in: &SignIn) -> u64 {
    sign_in.plane().store.head().revision.0
}

async fn refused(kit: &Kit, token: Option<&str>, status: u16, who: &str) {
    for row in all() {
        let rut = RUT.object.to_string();
        let asked = path(row.pattern, &rut);
        let answer = kit.send(token, &row.method, &asked, &body(row, &rut)).await;
        assert_eq!(answer.status, status, "{who} {} {}: {answer:?}", row.method, row.pattern);
        assert!(!answer.code().is_empty(), "{who} {} {}", row.method, row.pattern);
    }
}

#[tokio::test]
async fn no_row_answers_anybody_without_a_token_for_graph() {
    let kit = kit().await;
    refused(&kit, None, 401, "nobody").await;
    refused(&kit, Some("e30.e30.e30"), 401, "a forger").await;
    let arm = kit.person("olof@contoso.example", "correct horse", ARM).await.unwrap();
    refused(&kit, Some(&arm), 401, "a token for ARM").await;
    assert!(kit.person("olof@contoso.example", "wrong", GRAPH).await.is_none());
}

#[tokio::test]
async fn no_row_shows_a_guest_or_a_bare_application_anything_but_themselves() {
    let kit = kit().await;
    for who in ["guest", "plain"] {
        let token = kit.token(who).await;
        refused(&kit, Some(&token), 403, who).await;
    }
}

#[tokio::test]
async fn no_row_changes_anything_for_a_member_without_a_role() {
    let kit = kit().await;
    let token = kit.token("rut").await;
    let before = revision(&kit.sign_in);
    for row in all() {
        let olof = OLOF.object.to_string();
        let asked = path(row.pattern, &olof);
        let answer = kit.send(Some(&token), &row.method, &asked, &body(row, &olof)).await;
        let writes = matches!(row.leave, Leave::Write(_) | Leave::WriteOrOwn(..));
        assert_eq!(answer.status == 403, writes, "{} {}: {answer:?}", row.method, row.pattern);
        assert!(answer.status < 500, "{} {}: {answer:?}", row.method, row.pattern);
    }
    assert_eq!(revision(&kit.sign_in), before, "a refusal writes nothing");
}

#[tokio::test]
async fn every_row_refuses_another_tenants_things_like_unknown_ones() {
    let kit = kit().await;
    let token = kit.token("olof").await;
    let unknown = "00000000-0000-4000-8000-00000000dead";
    // Fabrikam's group and application; Ada's own id is Contoso's owner's, too.
    let foreign = ["00000000-0000-0000-0000-000000000071", "00000000-0000-0000-0000-000000000f07"];
    for row in all().iter().filter(|row| row.pattern.contains("{}")) {
        let sent = body(row, &RUT.object.to_string());
        let strange = kit.send(Some(&token), &row.method, &path(row.pattern, unknown), &sent).await;
        assert_eq!(strange.status, 404, "{} {}: {strange:?}", row.method, row.pattern);
        for id in foreign {
            let asked = path(row.pattern, id);
            let answer = kit.send(Some(&token), &row.method, &asked, &sent).await;
            let plainly = |body: &serde_json::Value, id: &str| {
                let message = body["error"]["message"].as_str().unwrap_or_default();
                (body["error"]["code"].clone(), message.replace(id, "ID"))
            };
            let told = (answer.status, plainly(&answer.body, id));
            let expected = (strange.status, plainly(&strange.body, unknown));
            assert_eq!(told, expected, "{} {}", row.method, row.pattern);
        }
    }
}

#[tokio::test]
async fn what_is_not_in_the_table_is_not_served() {
    let kit = kit().await;
    let token = kit.token("olof").await;
    for (method, asked, status) in [
        (Method::GET, "/beta/users", 404),
        (Method::GET, "/", 404),
        (Method::GET, "/v1.0/planner", 400),
        (Method::PUT, "/v1.0/users", 405),
        (Method::GET, "/v1.0/users?$expand=memberOf", 400),
        (Method::GET, "/v1.0/users?$filter=shoeSize%20eq%201", 400),
        (Method::GET, "/v1.0/users?$skiptoken=AAAA", 400),
        (Method::GET, "/v1.0/groups/not-an-id", 400),
    ] {
        let answer = kit.send(Some(&token), &method, asked, "").await;
        assert_eq!(answer.status, status, "{method} {asked}: {answer:?}");
        assert!(answer.body["error"]["innerError"]["request-id"].is_string());
    }
}
