use serde_json::{Value, json};

use super::*;

fn question() -> Value {
    json!({
        "subject": { "type": "user", "id": "ada", "properties": { "tenant_id": "f" } },
        "action": { "name": "read", "properties": { "is_data_action": true } },
        "resource": { "type": "record", "id": "record-1", "properties": { "status": ["x"] } },
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut body = question();
    body[name] = value;
    body
}

fn without(path: &[&str]) -> Value {
    let mut body = question();
    let (last, around) = path.split_last().unwrap();
    let at = around.iter().fold(&mut body, |at, name| &mut at[*name]);
    at.as_object_mut().unwrap().remove(*last);
    body
}

fn read(body: &Value) -> Result<Evaluation, BadRequest> {
    evaluation(body.to_string().as_bytes())
}

#[test]
fn a_question_is_read_and_what_is_not_known_is_passed_over() {
    let expected = Evaluation {
        subject: Subject { kind: "user".into(), id: "ada".into(), tenant: Some("f".into()) },
        action: Action { name: "read".into(), is_data: true },
        resource: Resource { kind: "record".into(), id: "record-1".into() },
        reasons: false,
    };
    assert_eq!(read(&question()), Ok(expected.clone()));
    assert_eq!(read(&with("futureField", json!({ "nested": [[1]] }))), Ok(expected.clone()));
    assert_eq!(read(&with("context", json!({ "time": "now" }))), Ok(expected.clone()));
    let asked = read(&with("context", json!({ "fyr_reasons": true })));
    assert_eq!(asked, Ok(Evaluation { reasons: true, ..expected }));
}

#[test]
fn what_is_missing_is_named() {
    let cases: [(&[&str], &str); 7] = [
        (&["subject"], "subject"),
        (&["action"], "action"),
        (&["resource"], "resource"),
        (&["subject", "type"], "subject.type"),
        (&["subject", "id"], "subject.id"),
        (&["action", "name"], "action.name"),
        (&["resource", "id"], "resource.id"),
    ];
    for (path, name) in cases {
        assert_eq!(read(&without(path)), Err(BadRequest::Missing(name)), "{path:?}");
    }
    let empty = with("action", json!({ "name": "" }));
    assert_eq!(read(&empty), Err(BadRequest::Nothing("action.name")));
    assert_eq!(read(&with("subject", Value::Null)), Err(BadRequest::Missing("subject")));
}

#[test]
fn what_is_of_another_kind_is_refused() {
    let cases = [
        with("subject", json!("alice")),
        with("subject", json!(["user", "alice"])),
        with("action", json!({ "name": 123 })),
        with("action", json!({ "name": "read", "properties": { "is_data_action": "yes" } })),
        with("resource", json!({ "type": "record", "id": 7 })),
        with("resource", json!({ "type": "record", "id": "r", "properties": "x" })),
        with("context", json!("now")),
        json!([]),
        json!("x"),
        Value::Null,
    ];
    for body in cases {
        assert!(matches!(read(&body), Err(BadRequest::Json(_))), "{body}");
    }
    for text in ["{", "", "{} {}", r#"{"subject":{},"subject":{}}"#, "\u{feff}{}"] {
        assert!(evaluation(text.as_bytes()).is_err(), "{text}");
    }
    assert!(evaluation(&[b'{', 0xff, b'}']).is_err());
}

#[test]
fn a_field_that_is_there_twice_is_refused() {
    for text in [
        r#"{"subject":{"type":"user","id":"a","id":"b"},"action":{"name":"x"},"resource":{"type":"r","id":"i"}}"#,
        r#"{"subject":{"type":"user","id":"a"},"action":{"name":"x"},"action":{"name":"y"},"resource":{"type":"r","id":"i"}}"#,
    ] {
        let refused = evaluation(text.as_bytes()).unwrap_err().to_string();
        assert!(refused.contains("duplicate"), "{refused}");
    }
}

#[test]
fn depth_is_bounded_and_brackets_in_texts_do_not_count() {
    let nested = |depth: usize| {
        let inner = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        question().to_string().replace("\"futureField\"", "").replacen(
            '{',
            &format!("{{\"deep\":{inner},"),
            1,
        )
    };
    assert!(evaluation(nested(DEPTH_MAX - 1).as_bytes()).is_ok());
    assert_eq!(evaluation(nested(DEPTH_MAX).as_bytes()), Err(BadRequest::Depth));
    assert_eq!(evaluation(nested(200_000).as_bytes()), Err(BadRequest::Depth));
    let text = with("note", json!("\\\"[".repeat(100)));
    assert!(read(&text).is_ok(), "{text}");
}

/// The id of one thing with the type and the properties of another would be a third.
#[test]
fn what_an_item_has_of_its_own_is_never_mixed_with_what_is_shared() {
    let shared = json!({
        "subject": { "type": "user", "id": "ada", "properties": { "tenant_id": "f" } },
        "action": { "name": "read", "properties": { "is_data_action": true } },
        "resource": { "type": "record", "id": "r" },
    });
    let cases = [
        (json!({ "subject": { "id": "bo" } }), Err(BadRequest::Missing("subject.type"))),
        (json!({ "subject": { "type": "user" } }), Err(BadRequest::Missing("subject.id"))),
        (json!({ "resource": { "id": "r2" } }), Err(BadRequest::Missing("resource.type"))),
        (json!({ "resource": {} }), Err(BadRequest::Missing("resource.type"))),
        (json!({ "action": {} }), Err(BadRequest::Missing("action.name"))),
        (json!({ "subject": { "type": "user", "id": "bo" } }), Ok((None, true))),
        (json!({ "action": { "name": "read" } }), Ok((Some("f"), false))),
        (json!({}), Ok((Some("f"), true))),
        (json!({ "subject": null }), Ok((Some("f"), true))),
    ];
    for (item, expected) in cases {
        let mut body = shared.clone();
        body["evaluations"] = json!([item]);
        let Evaluations::Many(Batch { items, .. }) =
            evaluations(body.to_string().as_bytes()).unwrap()
        else {
            panic!("a list is a batch")
        };
        let told = items[0].clone().map(|it| (it.subject.tenant, it.action.is_data));
        let expected = expected.map(|(tenant, is_data)| (tenant.map(str::to_owned), is_data));
        assert_eq!(told, expected, "{item}");
    }
}

#[test]
fn a_batch_takes_what_it_shares_and_one_bad_item_spoils_no_other() {
    let body = json!({
        "subject": { "type": "user", "id": "ada", "properties": { "tenant_id": "f" } },
        "action": { "name": "read" },
        "resource": { "type": "record" },
        "context": { "fyr_reasons": true },
        "options": { "evaluations_semantic": "deny_on_first_deny", "other": 1 },
        "evaluations": [
            { "resource": { "type": "record", "id": "record-1" } },
            { "resource": { "type": "book", "id": "b" }, "action": { "name": "write" } },
            { "subject": { "type": "user", "id": "bo" }, "resource": { "type": "record", "id": "r" }, "context": {} },
            {},
            "no object",
        ],
    });
    let Evaluations::Many(Batch { semantic, items }) =
        evaluations(body.to_string().as_bytes()).unwrap()
    else {
        panic!("a list is a batch")
    };
    assert_eq!(semantic, Semantic::DenyOnFirstDeny);
    let [first, second, third, fourth, fifth] = items.as_slice() else { panic!("{items:?}") };
    let first = first.as_ref().unwrap();
    assert_eq!((first.resource.kind.as_str(), first.resource.id.as_str()), ("record", "record-1"));
    assert_eq!(first.subject.tenant.as_deref(), Some("f"));
    assert!(first.reasons);
    let second = second.as_ref().unwrap();
    assert_eq!((second.resource.kind.as_str(), second.action.name.as_str()), ("book", "write"));
    let third = third.as_ref().unwrap();
    assert_eq!((third.subject.kind.as_str(), &third.subject.tenant), ("user", &None));
    assert!(!third.reasons);
    assert_eq!(*fourth, Err(BadRequest::Missing("resource.id")));
    assert!(matches!(fifth, Err(BadRequest::Json(_))), "{fifth:?}");
}

#[test]
fn without_a_list_a_batch_is_a_question_and_its_size_and_semantic_are_bounded() {
    for body in [question(), with("evaluations", json!([])), with("evaluations", Value::Null)] {
        let read = evaluations(body.to_string().as_bytes()).unwrap();
        assert!(matches!(read, Evaluations::One(_)), "{body}");
    }
    let many = with("evaluations", json!(vec![json!({}); EVALUATIONS_MAX + 1]));
    assert_eq!(evaluations(many.to_string().as_bytes()), Err(BadRequest::TooMany));
    let mut odd = with("evaluations", json!([{}]));
    odd["options"] = json!({ "evaluations_semantic": "whatever" });
    assert_eq!(evaluations(odd.to_string().as_bytes()), Err(BadRequest::Semantic));
    for bad in [with("evaluations", json!({})), with("evaluations", json!("x"))] {
        assert!(evaluations(bad.to_string().as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn a_batch_ends_where_its_semantic_says() {
    use Semantic::{DenyOnFirstDeny, ExecuteAll, PermitOnFirstPermit};
    let ends = [ExecuteAll, DenyOnFirstDeny, PermitOnFirstPermit]
        .map(|it| (it.ends_with(true), it.ends_with(false)));
    assert_eq!(ends, [(false, false), (false, true), (true, false)]);
}

#[test]
fn a_search_leaves_out_what_it_looks_for() {
    let body = |value: &Value| value.to_string().into_bytes();
    let paged = with("page", json!({ "limit": 7, "token": "t", "other": 1 }));
    let page = Page { token: Some("t".into()), limit: Some(7) };
    assert_eq!(subject_search(&body(&without(&["subject", "id"]))).unwrap().subjects.kind, "user");
    assert_eq!(subject_search(&body(&paged)).unwrap().page, page);
    assert_eq!(resource_search(&body(&without(&["resource", "id"]))).unwrap().kind, "record");
    assert_eq!(action_search(&body(&without(&["action"]))).unwrap().subject.id, "ada");
    let missing = |name| BadRequest::Missing(name);
    let refused = subject_search(&body(&without(&["action"]))).unwrap_err();
    assert_eq!(refused, missing("action"));
    let refused = subject_search(&body(&without(&["resource", "id"]))).unwrap_err();
    assert_eq!(refused, missing("resource.id"));
    let refused = resource_search(&body(&without(&["subject", "id"]))).unwrap_err();
    assert_eq!(refused, missing("subject.id"));
    let refused = action_search(&body(&without(&["resource"]))).unwrap_err();
    assert_eq!(refused, missing("resource"));
    for limit in [json!(-1), json!("7"), json!(1.5)] {
        assert!(action_search(&body(&with("page", json!({ "limit": limit })))).is_err());
    }
}

#[test]
fn answers_are_spelled_as_the_specification_has_them() {
    let decision = DecisionBody {
        decision: true,
        context: ContextBody { revision: Some(7), ..ContextBody::default() },
    };
    let text = serde_json::to_string(&decision).unwrap();
    assert_eq!(text, r#"{"decision":true,"context":{"revision":7}}"#);
    let found = SearchBody {
        page: PageBody { next_token: String::new(), count: 2 },
        context: ContextBody::default(),
        results: vec![
            FoundBody::Entity { kind: "user".into(), id: "ada".into() },
            FoundBody::Action { name: "read".into(), properties: None },
        ],
    };
    assert_eq!(
        serde_json::to_value(found).unwrap(),
        json!({
            "page": { "next_token": "", "count": 2 },
            "context": {},
            "results": [{ "type": "user", "id": "ada" }, { "name": "read" }],
        })
    );
    let metadata = serde_json::to_value(MetadataBody::at("https://localhost:8443")).unwrap();
    let base = "https://localhost:8443/access/v1";
    assert_eq!(metadata["policy_decision_point"], "https://localhost:8443");
    assert_eq!(metadata["search_subject_endpoint"], format!("{base}/search/subject"));
}
