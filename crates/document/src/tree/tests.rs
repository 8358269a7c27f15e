use proptest::{collection, prelude::*};
use serde_json::json;

use super::*;

const ORDER: Section = Section::new("order", &[]);
const FILE: Kind = Kind { root: &ORDER, bytes_max: 2 * 1024 * 1024 };

fn read(text: &str) -> Result<Json, String> {
    let mut faults = Faults::default();
    let node = parse(text, &FILE, &mut faults);
    let json = faults.settle(node.map(|it| it.json()));
    json.map(Option::unwrap_or_default).map_err(|all| all[0].to_string())
}

#[track_caller]
fn check(text: &str, expected: Result<&str, &str>) {
    let expected = expected.map(str::to_owned).map_err(str::to_owned);
    assert_eq!(read(text).map(|it| it.to_string()), expected, "{text:?}");
}

#[test]
fn plain_words_are_what_they_look_like_and_quoted_ones_are_text() {
    check(
        "{a: 1, b: '1', c: true, d: no, e: ~}",
        Ok(r#"{"a":1,"b":"1","c":true,"d":"no","e":null}"#),
    );
    check("[1.5, -3, 1e3, 10.0.0.1, inf, .]", Ok(r#"[1.5,-3,1000.0,"10.0.0.1","inf","."]"#));
    check("[18446744073709551615]", Ok("[18446744073709551615]"));
    check("text: |\n  one\n  two\n", Ok(r#"{"text":"one\ntwo\n"}"#));
}

#[test]
fn what_no_file_needs_is_refused_where_it_stands() {
    check("a: &x 1\nb: *x\n", Err("1:4: anchors are not supported"));
    check("b: *x\n", Err("1:4: while parsing node, found unknown anchor"));
    check("a: !!str 1\n", Err("1:4: tags are not supported"));
    check("a: 1\n---\nb: 1\n", Err("2:1: an order is one document"));
    check("", Err("1:1: the file is empty"));
    check("[1]: 2\n", Err("1:1: a key must be a plain word"));
}

#[test]
fn a_key_given_twice_is_a_fault_however_deep_it_stands() {
    check("a: 1\nb: 2\na: 3\n", Err("3:1: `a` is given twice"));
    check("[{a: {b: 1, 'b': 1}}]", Err("1:13: `b` is given twice"));
    check("{a: {a: 1}, A: [{a: 1}, {a: 1}]}", Ok(r#"{"a":{"a":1},"A":[{"a":1},{"a":1}]}"#));
}

#[test]
fn a_file_without_end_has_one() {
    let deep = "[".repeat(60);
    let wide = format!("[{}]", "1,".repeat(NODES_MAX + 1));
    let long = "a".repeat(FILE.bytes_max + 1);
    for (text, expected) in [
        (deep, "1:49: an order nests at most 48 deep"),
        (wide, "1:1000002: an order has at most 500000 values"),
        (long, "1:1: an order has at most 2097152 bytes"),
    ] {
        assert!(read(&text).is_err_and(|fault| fault == expected), "{expected}");
    }
}

#[test]
fn every_value_and_every_key_knows_where_it_stands() {
    let mut faults = Faults::default();
    let node = parse("a:\n  - 1\n  - {b: 2}\n", &FILE, &mut faults).unwrap();
    let mut found = Vec::new();
    walk(&node, &mut found);
    assert_eq!(found, ["1:1 {", "1:1 a", "2:3 [", "2:5 1", "3:5 {", "3:6 b", "3:9 2"]);
}

#[test]
fn a_path_leads_as_far_as_there_is_something() {
    let mut faults = Faults::default();
    let node = parse("a:\n  - 1\n  - {b: 2}\n", &FILE, &mut faults).unwrap();
    let cases: [(&[&str], _); 6] = [
        (&[], (1, 1)),
        (&["a"], (2, 3)),
        (&["a", "1", "b"], (3, 9)),
        (&["a", "1", "c", "d"], (3, 5)),
        (&["a", "2"], (2, 3)),
        (&["a", "0", "0"], (2, 5)),
    ];
    for (path, (line, column)) in cases {
        assert_eq!(node.locate(path), Position { line, column }, "{path:?}");
    }
}

fn walk(node: &Node, found: &mut Vec<String>) {
    let mut note = |at: Position, what: &str| {
        found.push(format!("{}:{} {what}", at.line, at.column));
    };
    match &node.value {
        Value::Scalar { text, .. } => note(node.at, text),
        Value::List(items) => {
            note(node.at, "[");
            for item in items {
                walk(item, found);
            }
        }
        Value::Map(entries) => {
            note(node.at, "{");
            for entry in entries {
                found.push(format!("{}:{} {}", entry.at.line, entry.at.column, entry.key));
                walk(&entry.value, found);
            }
        }
    }
}

#[test]
fn a_file_in_json_may_be_laid_out_as_its_writers_do() {
    let expected = json!({ "a": [1, { "b/c": "é\t\"" }], "d": null, "e": {} });
    let tabs = "{\n\t\"a\": [\n\t\t1,\n\t\t{\"b\\/c\":\"\\u00e9\\t\\\"\"}\n\t],\r\n\t\"d\":null,\n\t\"e\": {}\n}\n";
    assert_eq!(read(tabs), Ok(expected.clone()));
    assert_eq!(read(&serde_json::to_string_pretty(&expected).unwrap()), Ok(expected));
}

/// YAML spells a letter beyond sixteen bits in one escape, never in JSON's two halves.
#[test]
fn half_a_letter_is_refused_where_it_stands() {
    check(
        r#"["\ud83d\ude00"]"#,
        Err("1:2: while parsing a quoted scalar, found invalid Unicode character escape code"),
    );
}

fn any_json() -> impl Strategy<Value = Json> {
    let text = || prop_oneof![any::<String>(), "[a-z: #'\"{}\\[\\]\\\\\n\t]{0,8}"];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        text().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 64, 6, move |inner| {
        let pair = (text(), inner.clone());
        prop_oneof![
            collection::vec(inner, 0..6).prop_map(Json::from),
            collection::vec(pair, 0..6).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_json_means_the_same_as_yaml(value in any_json()) {
        prop_assert_eq!(read(&value.to_string()), Ok(value));
    }
}
