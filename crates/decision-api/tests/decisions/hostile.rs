//! Whatever somebody may post: it is refused as theirs, and never breaks anything.

use axum::http::Method;
use decision_api::endpoint::ALL;
use model::samples::OLOF;
use serde_json::json;

use crate::kit::{EVALUATION, EVALUATIONS, about, kit};

#[tokio::test]
async fn malformed_bodies_are_the_senders_fault_at_every_endpoint() {
    let kit = kit().await;
    let token = kit.token("olof").await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let nested = format!("{{\"subject\":{}1{}}}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    let bodies: Vec<&[u8]> = vec![
        b"",
        b" ",
        b"{",
        b"null",
        b"[]",
        b"\"x\"",
        b"{}",
        b"{}{}",
        b"\xff\xfe{}",
        b"\xef\xbb\xbf{}",
        b"{\"subject\":\"alice\"}",
        b"{\"subject\":{},\"subject\":{}}",
        b"{\"subject\":{\"type\":1e999}}",
        b"{\"subject\":{\"type\":\"\\ud800\"}}",
        deep.as_bytes(),
        nested.as_bytes(),
    ];
    for (path, _) in ALL {
        for body in &bodies {
            let answered = kit.post_bytes(&token, path, body).await;
            let shown = String::from_utf8_lossy(&body[..body.len().min(40)]);
            assert_eq!(answered.status, 400, "{path} {shown}: {}", answered.text);
            assert!(!answered.text.contains("struct"), "{path} {shown}: {}", answered.text);
        }
    }
}

#[tokio::test]
async fn a_body_is_json_plain_and_of_bounded_size() {
    let kit = kit().await;
    let bearer = format!("Bearer {}", kit.token("olof").await);
    let body = about(OLOF, "read").to_string();
    let send = async |more: &[(&str, &str)], body: &[u8]| {
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend(more);
        kit.send((&Method::POST, EVALUATION), &headers, body).await.status
    };
    let json = ("content-type", "application/json");
    assert_eq!(send(&[json], body.as_bytes()).await, 200);
    assert_eq!(send(&[], body.as_bytes()).await, 400);
    assert_eq!(send(&[("content-type", "text/plain")], body.as_bytes()).await, 400);
    assert_eq!(send(&[("content-type", "application/jsonp")], body.as_bytes()).await, 400);
    assert_eq!(send(&[json, ("content-encoding", "gzip")], body.as_bytes()).await, 400);
    let huge = format!("{}{body}", " ".repeat(64 << 10));
    assert_eq!(send(&[json], huge.as_bytes()).await, 400);
}

#[tokio::test]
async fn a_batch_has_a_bounded_number_of_questions_and_odd_names_are_nobodys() {
    let kit = kit().await;
    let token = kit.token("olof").await;
    let mut batch = about(OLOF, "read");
    batch["evaluations"] = json!(vec![json!({}); 1_000]);
    assert_eq!(kit.post(&token, EVALUATIONS, &batch).await.decisions(), vec![true; 1_000]);
    batch["evaluations"] = json!(vec![json!({}); 1_001]);
    assert_eq!(kit.post(&token, EVALUATIONS, &batch).await.status, 400);
    let long = "x".repeat(10_000);
    for odd in ["\u{0}", "..", "/", "//", "*", "%2e%2e", "\u{202e}", "' or 1=1", long.as_str()] {
        for (part, name) in [
            ("subject", "id"),
            ("subject", "type"),
            ("resource", "id"),
            ("resource", "type"),
            ("action", "name"),
        ] {
            let mut asked = about(OLOF, "read");
            asked[part][name] = json!(odd);
            let answered = kit.post(&token, EVALUATION, &asked).await;
            assert!(!answered.decision(), "{part}.{name} {odd:?}");
        }
    }
}
