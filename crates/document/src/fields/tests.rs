use serde_json::json;

use super::*;
use crate::tree::{Kind, parse};

const ORDER: Section =
    Section::new("order", &["name", "table", "paid", "size", "dishes", "notes", "extra", "guest"]);
const DISH: Section = Section::new("dish", &["name"]);
const FILE: Kind = Kind { root: &ORDER, bytes_max: 64 * 1024 };

/// What `read` finds in an order, or the faults, a line for each.
fn reading<T>(text: &str, read: fn(&mut Fields<'_, '_>) -> T) -> Result<T, String> {
    let mut faults = Faults::default();
    let node = parse(text, &FILE, &mut faults).unwrap();
    let found = read(&mut Fields::of(&node, &ORDER, &mut faults));
    faults
        .settle(found)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

#[track_caller]
fn check<T: std::fmt::Debug + PartialEq>(
    text: &str,
    read: fn(&mut Fields<'_, '_>) -> T,
    expected: Result<T, &str>,
) {
    assert_eq!(reading(text, read), expected.map_err(str::to_owned), "{text:?}");
}

fn dish(node: &Node, faults: &mut Faults) -> String {
    Fields::of(node, &DISH, faults).required("name").it
}

#[test]
fn a_key_that_the_section_does_not_have_is_refused_with_the_nearest() {
    let nothing = |_: &mut Fields<'_, '_>| ();
    check("{nmae: a}", nothing, Err("1:2: an order has no key `nmae`; did you mean `name`?"));
    check("{colour: a}", nothing, Err("1:2: an order has no key `colour`"));
    check("[]", nothing, Err("1:1: an order is a mapping, not a list"));
    check("~", nothing, Err("1:1: an order is a mapping, not nothing"));
}

#[test]
fn a_word_is_what_stands_there_with_its_place() {
    let at = Position { line: 1, column: 8 };
    let word = Word { at, it: "1.10".to_owned() };
    check("{name: 1.10}", |it| it.word("name"), Ok(Some(word)));
    check("{name: ~}", |it| it.text("name"), Ok(None));
    check("{}", |it| it.text("name"), Ok(None));
    check("{name: ''}", |it| it.text("name"), Ok(Some(String::new())));
    check("{name: [a]}", |it| it.text("name"), Err("1:8: `name` holds plain values, not a list"));
}

#[test]
fn what_must_be_there_is_missed_once() {
    check("{}", |it| it.required("name").it, Err("1:1: an order needs `name`"));
    check("{name: }", |it| it.required("name").it, Err("1:1: an order needs `name`"));
    check(
        "{name: {}}",
        |it| it.required("name").it,
        Err("1:8: `name` holds plain values, not a mapping"),
    );
    check("{}", |it| it.required_parsed::<u8>("size"), Err("1:1: an order needs `size`"));
    check("{size: 3}", |it| it.required_parsed::<u8>("size"), Ok(Some(3)));
}

#[test]
fn a_word_of_another_form_is_refused_where_it_stands() {
    let parsed = |it: &mut Fields<'_, '_>| it.parsed::<bool>("paid");
    check("{paid: true}", parsed, Ok(Some(true)));
    check("{paid: 1}", parsed, Err("1:8: provided string was not `true` or `false`"));
    check("{paid: True}", |it| it.flag("paid"), Ok(Some(true)));
    check("{paid: 1}", |it| it.flag("paid"), Err("1:8: `paid` is true or false, not `1`"));
    check("{table: 12}", |it| it.number("table"), Ok(Some(12)));
    for word in ["-1", "1.5", "4294967296", "many"] {
        let expected = format!("1:9: `table` is a whole number, not `{word}`");
        check(&format!("{{table: {word}}}"), |it| it.number("table"), Err(&expected));
    }
    let size = |it: &mut Fields<'_, '_>| it.one_of("size", &[("Small", 's'), ("Large", 'l')]);
    check("{size: large}", size, Ok(Some('l')));
    check("{size: huge}", size, Err("1:8: `size` is Small or Large, not `huge`"));
}

#[test]
fn lists_and_mappings_are_read_in_their_order() {
    let dishes = |it: &mut Fields<'_, '_>| it.each("dishes", dish);
    check("dishes: [{name: b}, {name: a}]", dishes, Ok(vec!["b".to_owned(), "a".to_owned()]));
    check("dishes: {name: a}", dishes, Err("1:9: `dishes` is a list, not a mapping"));
    check(
        "dishes: [a, {}]",
        dishes,
        Err(
            "1:10: a dish is a mapping, not a plain value\n1:10: a dish needs `name`\n1:13: a dish needs `name`",
        ),
    );
    check("guest: {name: a}", |it| it.one("guest", dish), Ok(Some("a".to_owned())));
    check("{}", |it| it.one("guest", dish), Ok(None));
    check("notes: [a, 1]", |it| it.texts("notes"), Ok(vec!["a".to_owned(), "1".to_owned()]));
    check(
        "notes: [a, ~]",
        |it| it.texts("notes"),
        Err("1:12: `notes` holds plain values, not nothing"),
    );
    check("notes: [1, 2]", |it| it.all_parsed::<u8>("notes"), Ok(vec![1, 2]));
}

#[test]
fn a_mapping_of_any_keys_is_read_as_words_or_as_json() {
    let pairs = [("a".to_owned(), "1".to_owned()), ("b".to_owned(), "x".to_owned())];
    check("extra: {b: x, a: 1}", |it| it.pairs("extra"), Ok(pairs.into()));
    check(
        "extra: {a: []}",
        |it| it.pairs("extra"),
        Err("1:12: `extra` holds plain values, not a list"),
    );
    check("extra: [a]", |it| it.pairs("extra"), Err("1:8: `extra` is a mapping, not a list"));
    let object = json!({ "b": { "c": [true] }, "a": null }).as_object().cloned().unwrap();
    check("extra: {b: {c: [true]}, a: ~}", |it| it.object("extra"), Ok(object));
}
