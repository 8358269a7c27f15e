use proptest::prelude::*;
use serde_json::json;

use super::*;

#[track_caller]
fn check(text: &str, expected: Value) {
    assert_eq!(read(text), Ok(expected), "reading {text:?}");
}

#[track_caller]
fn refused(text: &str, problem: Problem, line: usize, column: usize) {
    let position = Position { line, column };
    assert_eq!(read(text), Err(Refused { problem, position }), "reading {text:?}");
}

#[test]
fn what_az_sends_is_read() {
    let body = "{\"location\":\"eastus\",\"properties\":{\"parameters\":{},\"mode\":\"Incremental\", \
                template:/* before */{ // the schema\n \"$schema\": \"x#\", \"resources\": [\n ],}}}";
    let template = json!({"$schema": "x#", "resources": []});
    check(
        body,
        json!({"location": "eastus", "properties": {
            "parameters": {}, "mode": "Incremental", "template": template}}),
    );
}

#[test]
fn leniency_goes_as_far_as_newtonsofts() {
    check("\u{feff}{'a': 'it\\'s'}", json!({"a": "it's"}));
    check("{a:1,a:2}", json!({"a": 2}));
    check("[1,2,]", json!([1, 2]));
    check("[\"one\ntwo\"]", json!(["one\ntwo"]));
    check("/**/[/*,*/]//", json!([]));
    check("{$x_1:null}", json!({"$x_1": null}));
    check("[1.50,-0,1e3,18446744073709551615]", json!([1.5, -0.0, 1000.0, u64::MAX]));
    check("\"\\ud83d\\ude00\\u00e9\"", json!("😀é"));
}

#[test]
fn errors_name_line_and_column() {
    refused("", Problem::End, 1, 1);
    refused("{\n  \"a\": }", Problem::Character, 2, 8);
    refused("{\"a\" 1}", Problem::Character, 1, 6);
    refused("[1,,2]", Problem::Character, 1, 4);
    refused("[1] x", Problem::Trailing, 1, 5);
    refused("[\n\n nul]", Problem::Literal, 3, 2);
    refused("[01]", Problem::Number, 1, 2);
    refused("\"a\\qb\"", Problem::Escape, 1, 4);
    refused("\"\\ud83d\"", Problem::Escape, 1, 8);
    refused("/* open", Problem::End, 1, 1);
    refused("'open", Problem::End, 1, 6);
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(READ_DEPTH_MAX)).is_ok());
    refused(&nested(READ_DEPTH_MAX + 1), Problem::Depth, 1, READ_DEPTH_MAX + 1);
    assert!(read(&"{a:[".repeat(1_000_000)).is_err());
}

#[test]
fn a_place_is_found_by_its_path() {
    let text = "{ properties: {\n  Template: { resources: [ {}, {\"name\": 'x'} ] } } }";
    let path = ["properties", "template", "resources", "1", "name"];
    assert_eq!(locate(text, &path), Some(Position { line: 2, column: 41 }));
    assert_eq!(locate(text, &["properties", "resources"]), None);
}

#[test]
fn every_short_text_is_read_or_refused() {
    let letters = ['{', '}', '[', ']', ':', ',', '"', '\'', '\\', '/', '*', 'u', '1', '-', '\n'];
    let mut texts = vec![String::new()];
    for _ in 0..5 {
        texts = texts
            .iter()
            .flat_map(|text| letters.iter().map(move |letter| format!("{text}{letter}")))
            .collect();
        for text in &texts {
            if let Ok(strict) = serde_json::from_str::<Value>(text) {
                check(text, strict);
            } else {
                let _ = read(text);
            }
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((".*", inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn strict_json_means_the_same(value in any_json(), pretty: bool) {
        let text = if pretty {
            serde_json::to_string_pretty(&value).unwrap()
        } else {
            value.to_string()
        };
        prop_assert_eq!(read(&text).unwrap(), serde_json::from_str::<Value>(&text).unwrap());
    }

    #[test]
    fn no_text_makes_it_panic(text in ".*") {
        let _ = read(&text);
    }
}
