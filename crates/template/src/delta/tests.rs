//! Named cases, and the law: a delta applied to what was gives what is.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn change(path: &str, what: What) -> Change {
    Change { path: path.to_owned(), what }
}

fn modify(before: Value, after: Value) -> What {
    What::Modify { before, after }
}

#[track_caller]
fn check(before: Value, after: Value, expected: &[Change]) {
    let (Value::Object(before), Value::Object(after)) = (before, after) else { panic!() };
    assert_eq!(delta(&before, &after), expected);
}

#[test]
fn the_same_is_no_change_in_whatever_order() {
    check(json!({ "a": 1, "b": [{ "c": null }] }), json!({ "b": [{ "c": null }], "a": 1 }), &[]);
}

#[test]
fn members_are_told_by_their_path() {
    check(
        json!({ "tags": { "a": "1", "b": "2" }, "properties": { "sku": { "name": "x" } } }),
        json!({ "tags": { "a": "1", "c": "3" }, "properties": { "sku": { "name": "y" } } }),
        &[
            change("tags.b", What::Delete(json!("2"))),
            change("tags.c", What::Create(json!("3"))),
            change("properties.sku.name", modify(json!("x"), json!("y"))),
        ],
    );
}

#[test]
fn a_name_that_reads_as_a_path_is_put_in_brackets() {
    check(
        json!({ "tags": { "a.b": "1", "": 1, "it's": 1 } }),
        json!({ "tags": {} }),
        &[
            change("tags['a.b']", What::Delete(json!("1"))),
            change("tags['']", What::Delete(json!(1))),
            change("tags['it''s']", What::Delete(json!(1))),
        ],
    );
}

#[test]
fn elements_are_told_by_their_place_and_what_is_in_them_by_itself() {
    check(
        json!({ "l": [1, { "a": 1, "b": 2 }, [1, 2], 4, 5] }),
        json!({ "l": [1, { "a": 1, "b": 3 }, [1, 3, 4], "4"] }),
        &[change(
            "l",
            What::Array(vec![
                change("1", What::Inside(vec![change("b", modify(json!(2), json!(3)))])),
                change(
                    "2",
                    What::Array(vec![
                        change("1", modify(json!(2), json!(3))),
                        change("2", What::Create(json!(4))),
                    ]),
                ),
                change("3", modify(json!(4), json!("4"))),
                change("4", What::Delete(json!(5))),
            ]),
        )],
    );
}

#[test]
fn another_kind_of_value_is_another_value() {
    check(
        json!({ "a": { "b": 1 }, "c": null, "d": [1] }),
        json!({ "a": [1], "c": {}, "d": { "0": 1 } }),
        &[
            change("a", modify(json!({ "b": 1 }), json!([1]))),
            change("c", modify(json!(null), json!({}))),
            change("d", modify(json!([1]), json!({ "0": 1 }))),
        ],
    );
}

/// The names in a path.
fn segments(path: &str) -> Vec<String> {
    let (mut names, mut rest) = (Vec::new(), path);
    while !rest.is_empty() {
        let name;
        (name, rest) = if let Some(quoted) = rest.strip_prefix("['") {
            unquoted(quoted)
        } else {
            let (name, rest) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
            (name.to_owned(), rest)
        };
        names.push(name);
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    names
}

/// A name up to the quote that is none of its own, and what follows the bracket.
fn unquoted(quoted: &str) -> (String, &str) {
    let (mut name, mut rest) = (String::new(), quoted);
    loop {
        let (piece, after) = rest.split_once('\'').unwrap();
        name.push_str(piece);
        match after.strip_prefix('\'') {
            Some(_) => name.push('\''),
            None => return (name, after.strip_prefix(']').unwrap()),
        }
        rest = after.strip_prefix('\'').unwrap();
    }
}

fn apply(before: &mut Object, delta: &[Change]) {
    for Change { path, what } in delta {
        let mut names = segments(path);
        let last = names.pop().unwrap();
        let mut at = &mut *before;
        for name in names {
            at = at.get_mut(&name).unwrap().as_object_mut().unwrap();
        }
        match what {
            What::Create(is) => assert_eq!(at.insert(last, is.clone()), None),
            What::Delete(was) => assert_eq!(at.remove(&last).as_ref(), Some(was)),
            What::Modify { before, after } => {
                assert_eq!(at.insert(last, after.clone()).as_ref(), Some(before));
            }
            What::Array(changes) => {
                apply_to_list(at.get_mut(&last).unwrap().as_array_mut().unwrap(), changes);
            }
            What::Inside(_) => panic!("only elements of lists have an inside"),
        }
    }
}

fn apply_to_list(list: &mut Vec<Value>, changes: &[Change]) {
    let mut shorter = list.len();
    for Change { path, what } in changes {
        let at: usize = path.parse().unwrap();
        match what {
            What::Create(is) => {
                assert_eq!(at, list.len());
                list.push(is.clone());
                shorter = list.len();
            }
            What::Delete(was) => {
                assert_eq!(&list[at], was);
                shorter = shorter.min(at);
            }
            What::Modify { before, after } => {
                assert_eq!(std::mem::replace(&mut list[at], after.clone()), *before);
            }
            What::Inside(changes) => apply(list[at].as_object_mut().unwrap(), changes),
            What::Array(changes) => apply_to_list(list[at].as_array_mut().unwrap(), changes),
        }
    }
    list.truncate(shorter);
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..3).prop_map(Value::from),
        "[ab]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            object_of(inner).prop_map(Value::Object),
        ]
    })
}

fn object_of(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Object> {
    let name = prop_oneof!["[abc]", "[a.'\\[\\]]{0,3}"];
    prop::collection::vec((name, inner), 0..4).prop_map(|members| members.into_iter().collect())
}

proptest! {
    #[test]
    fn a_delta_makes_what_is_of_what_was(before in object_of(value()), after in object_of(value())) {
        let mut made = before.clone();
        apply(&mut made, &delta(&before, &after));
        prop_assert_eq!(made, after);
    }

    #[test]
    fn nothing_changes_where_nothing_is_different(same in object_of(value())) {
        prop_assert_eq!(delta(&same, &same), []);
    }
}
