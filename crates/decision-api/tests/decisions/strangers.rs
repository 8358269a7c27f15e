//! What holds for every endpoint: nobody is answered who is not let in.

use axum::http::Method;
use decision_api::endpoint::ALL;
use model::samples::{OLOF, SUBSCRIPTION};

use crate::kit::{ARM, Kit, about, kit};

/// Every endpoint, at the origin and beneath a scope.
fn paths() -> Vec<String> {
    let root = format!(
        "/beneath/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1/providers/Contoso.Records"
    );
    ALL.iter().flat_map(|(path, _)| [(*path).to_owned(), format!("{root}{path}")]).collect()
}

async fn refused(kit: &Kit, token: Option<&str>, status: u16, who: &str) {
    let bearer = format!("Bearer {}", token.unwrap_or_default());
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(token.map(|_| ("authorization", bearer.as_str())));
    for path in paths() {
        // A body that would be refused as well, were it read.
        let answered = kit.send((&Method::POST, &path), &headers, b"no json").await;
        assert_eq!(answered.status, status, "{who} {path}: {}", answered.text);
        assert_eq!(answered.headers["cache-control"], "no-store", "{who} {path}");
        let challenge = answered.headers["www-authenticate"].to_str().unwrap();
        assert!(challenge.contains("/access\""), "{who} {path}: {challenge}");
    }
}

#[tokio::test]
async fn no_endpoint_answers_anybody_without_a_token_for_it() {
    let kit = kit().await;
    refused(&kit, None, 401, "nobody").await;
    refused(&kit, Some("e30.e30.e30"), 401, "a forger").await;
    refused(&kit, Some(""), 401, "an empty token").await;
    for api in [ARM, "https://localhost:8444"] {
        let token = kit.token_for("olof", api).await;
        refused(&kit, Some(&token), 401, api).await;
    }
}

#[tokio::test]
async fn a_token_for_decisions_opens_no_other_surface() {
    use identity::resource::Api;
    let kit = kit().await;
    let (token, now) = (kit.token("olof").await, kit.sign_in.plane().store.now());
    for api in [Api::Arm, Api::Graph, Api::Exchange, Api::Client] {
        assert!(kit.sign_in.verifier(api).verify(&token, now).is_err(), "{api:?}");
    }
}

/// Two worlds that differ only in what is Contoso's answer a stranger alike.
#[tokio::test]
async fn a_stranger_hears_the_same_of_what_is_there_and_of_what_is_not() {
    let kit = kit().await;
    let token = kit.token("plain").await;
    let there = about(OLOF, "read");
    let elsewhere = there
        .to_string()
        .replace(&SUBSCRIPTION.to_string(), "11111111-2222-4333-8444-555555555555");
    let elsewhere: serde_json::Value = serde_json::from_str(&elsewhere).unwrap();
    for (path, _) in ALL {
        let first = kit.post(&token, path, &there).await;
        let second = kit.post(&token, path, &elsewhere).await;
        assert_eq!((first.status, &first.text), (second.status, &second.text), "{path}");
        let finds_nothing =
            path.ends_with("/resource") && first.body["results"] == serde_json::json!([]);
        assert!(first.status == 403 || finds_nothing, "{path}: {}", first.text);
    }
}

#[tokio::test]
async fn other_methods_and_other_paths_are_not_served() {
    let kit = kit().await;
    for path in paths() {
        for method in [Method::GET, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let answered = kit.send((&method, &path), &[], b"").await;
            assert_eq!(answered.status, 405, "{method} {path}");
        }
    }
    for path in
        ["/access/v1/", "/access/v1/search", "/beneath/x", "/.well-known/authzen-configuration/x"]
    {
        assert_eq!(kit.get(path).await.status, 404, "{path}");
    }
}
