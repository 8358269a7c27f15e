//! The outputs of the documentation's samples, as the documentation prints them.

use serde_json::{Value, json};

use crate::{corpus::root, expanded};

fn outputs(file: &str) -> Value {
    let path = root("functions/azure-resource-manager/functions").join(format!("{file}.json"));
    json!(expanded(&path).unwrap().unwrap())["outputs"].clone()
}

#[track_caller]
fn check(file: &str, expected: &[(&str, Value)]) {
    let outputs = outputs(file);
    for (name, value) in expected {
        assert_eq!(&outputs[name]["value"], value, "{file}: {name}");
    }
    assert_eq!(outputs.as_object().unwrap().len(), expected.len(), "{file}");
}

#[test]
fn functions_of_arrays() {
    let object = || json!({ "one": "a", "two": "b", "three": "c" });
    check(
        "array/array",
        &[
            ("intOutput", json!([1])),
            ("stringOutput", json!(["efgh"])),
            ("objectOutput", json!([{ "a": "b", "c": "d" }])),
        ],
    );
    check("array/concat-array", &[("return", json!(["1-1", "1-2", "1-3", "2-1", "2-2", "2-3"]))]);
    check(
        "array/contains",
        &[
            ("stringTrue", json!(true)),
            ("stringFalse", json!(false)),
            ("objectTrue", json!(true)),
            ("objectFalse", json!(false)),
            ("arrayTrue", json!(true)),
            ("arrayFalse", json!(false)),
        ],
    );
    check(
        "array/createarray",
        &[
            ("stringArray", json!(["a", "b", "c"])),
            ("intArray", json!([1, 2, 3])),
            ("objectArray", json!([object()])),
            ("arrayArray", json!([["one", "two", "three"]])),
            ("emptyArray", json!([])),
        ],
    );
    check(
        "array/empty",
        &[("arrayEmpty", json!(true)), ("objectEmpty", json!(true)), ("stringEmpty", json!(true))],
    );
    check("array/first", &[("arrayOutput", json!("one")), ("stringOutput", json!("O"))]);
    check("array/last", &[("arrayOutput", json!("three")), ("stringOutput", json!("e"))]);
    check(
        "array/intersection",
        &[
            ("objectOutput", json!({ "one": "a", "three": "c" })),
            ("arrayOutput", json!(["two", "three"])),
        ],
    );
    check(
        "array/length",
        &[("arrayLength", json!(3)), ("stringLength", json!(13)), ("objectLength", json!(4))],
    );
    check("array/range", &[("rangeOutput", json!([5, 6, 7]))]);
    check("array/skip", &[("arrayOutput", json!(["three"])), ("stringOutput", json!("two three"))]);
    check("array/take", &[("arrayOutput", json!(["one", "two"])), ("stringOutput", json!("on"))]);
    let union = json!({ "one": "a", "two": "b", "three": "c2", "four": "d", "five": "e" });
    let list = json!(["one", "two", "three", "four"]);
    check("array/union", &[("objectOutput", union), ("arrayOutput", list)]);
}

#[test]
fn functions_that_compare() {
    check(
        "comparison/coalesce",
        &[
            ("stringOutput", json!("default")),
            ("intOutput", json!(1)),
            ("objectOutput", json!({ "first": "default" })),
            ("arrayOutput", json!([1])),
            ("emptyOutput", json!(true)),
        ],
    );
    check(
        "comparison/equals",
        &[
            ("checkInts", json!(true)),
            ("checkStrings", json!(false)),
            ("checkArrays", json!(true)),
            ("checkObjects", json!(true)),
        ],
    );
    let ordered = [
        ("greater", false, true),
        ("greaterorequals", false, true),
        ("less", true, false),
        ("lessorequals", true, false),
    ];
    for (name, ints, strings) in ordered {
        let expected = [("checkInts", json!(ints)), ("checkStrings", json!(strings))];
        check(&format!("comparison/{name}"), &expected);
    }
}

#[test]
fn functions_of_truth_and_number() {
    check(
        "logical/andornot",
        &[
            ("andExampleOutput", json!(false)),
            ("orExampleOutput", json!(true)),
            ("notExampleOutput", json!(false)),
        ],
    );
    check(
        "logical/bool",
        &[
            ("trueString", json!(true)),
            ("falseString", json!(false)),
            ("trueInt", json!(true)),
            ("falseInt", json!(false)),
        ],
    );
    check("logical/false", &[("falseOutput", json!(false))]);
    check("logical/true", &[("trueOutput", json!(true))]);
    check(
        "logical/if",
        &[
            ("yesOutput", json!("yes")),
            ("noOutput", json!("no")),
            ("objectOutput", json!({ "test": "value1" })),
        ],
    );
    check("logical/not-equals", &[("checkNotEquals", json!(true))]);
    for (name, expected) in
        [("add", 8), ("div", 2), ("mod", 1), ("mul", 45), ("sub", 4), ("int", 4)]
    {
        check(&format!("numeric/{name}"), &[(&format!("{name}Result"), json!(expected))]);
    }
    check("numeric/max", &[("arrayOutput", json!(5)), ("intOutput", json!(5))]);
    check("numeric/min", &[("arrayOutput", json!(0)), ("intOutput", json!(0))]);
}

#[test]
fn functions_of_objects() {
    check(
        "object/createobject",
        &[(
            "newObject",
            json!({ "intProp": 1, "stringProp": "abc", "boolProp": true,
                "arrayProp": ["a", "b", "c"], "objectProp": { "key1": "value1" } }),
        )],
    );
    check(
        "object/json",
        &[
            ("emptyObjectOutput", json!(true)),
            ("objectOutput", json!({ "a": "b" })),
            ("stringOutput", json!("test")),
            ("booleanOutput", json!(true)),
            ("intOutput", json!(3)),
            ("arrayOutput", json!([1, 2, 3])),
            ("concatObjectOutput", json!({ "a": "demo value" })),
        ],
    );
    check("object/null", &[("emptyOutput", json!(true))]);
}

#[test]
fn functions_of_strings() {
    check(
        "string/base64",
        &[
            ("base64Output", json!("b25lLCB0d28sIHRocmVl")),
            ("toStringOutput", json!("one, two, three")),
            ("toJsonOutput", json!({ "one": "a", "two": "b" })),
        ],
    );
    check(
        "string/datauri",
        &[
            ("dataUriOutput", json!("data:text/plain;charset=utf8;base64,SGVsbG8=")),
            ("toStringOutput", json!("Hello, World!")),
        ],
    );
    let formatted = json!("Hello, User. Formatted number: 8,175,133");
    check("string/format", &[("formatTest", formatted)]);
    check(
        "string/indexof",
        &[
            ("firstT", json!(0)),
            ("lastT", json!(3)),
            ("firstString", json!(2)),
            ("lastString", json!(0)),
            ("notFound", json!(-1)),
        ],
    );
    check(
        "string/join",
        &[("firstOutput", json!("one,two,three")), ("secondOutput", json!("one;two;three"))],
    );
    check("string/padleft", &[("stringOutput", json!("0000000123"))]);
    check(
        "string/replace",
        &[("firstOutput", json!("1231231234")), ("secondOutput", json!("123-123-xxxx"))],
    );
    let words = || json!(["one", "two", "three"]);
    check("string/split", &[("firstOutput", words()), ("secondOutput", words())]);
    check(
        "string/startsendswith",
        &[
            ("startsTrue", json!(true)),
            ("startsCapTrue", json!(true)),
            ("startsFalse", json!(false)),
            ("endsTrue", json!(true)),
            ("endsCapTrue", json!(true)),
            ("endsFalse", json!(false)),
        ],
    );
    check(
        "string/string",
        &[
            ("objectOutput", json!("{\"valueA\":10,\"valueB\":\"Example Text\"}")),
            ("arrayOutput", json!("[\"a\",\"b\",\"c\"]")),
            ("intOutput", json!("5")),
        ],
    );
    check("string/substring", &[("substringOutput", json!("two"))]);
    check(
        "string/tolower",
        &[("toLowerOutput", json!("one two three")), ("toUpperOutput", json!("ONE TWO THREE"))],
    );
    check("string/trim", &[("return", json!("one two three"))]);
}

#[test]
fn functions_of_addresses() {
    let nested = "http://contoso.com/resources/nested/azuredeploy.json";
    let encoded = "http%3A%2F%2Fcontoso.com%2Fresources%2Fnested%2Fazuredeploy.json";
    check(
        "string/uri",
        &[
            ("uriOutput", json!(nested)),
            ("componentOutput", json!(encoded)),
            ("toStringOutput", json!(nested)),
        ],
    );
}

/// Days and ids are the documentation's own, put into our place: its forms are what is compared.
#[test]
fn functions_of_time_and_place() {
    check(
        "date/utcnow",
        &[
            ("utcOutput", json!("20260305T175318Z")),
            ("utcShortOutput", json!("03/05/2026")),
            ("utcCustomOutput", json!("3 5")),
        ],
    );
    check(
        "date/datetimeadd",
        &[
            ("add3YearsOutput", json!("2029-03-05T17:53:18Z")),
            ("subtract9DaysOutput", json!("2026-02-24T17:53:18Z")),
            ("add1HourOutput", json!("2026-03-05T18:53:18Z")),
        ],
    );
    check(
        "resource/pickzones",
        &[
            ("supported", json!(["1"])),
            ("notSupportedRegion", json!([])),
            ("notSupportedType", json!([])),
        ],
    );
    let subscription = "/subscriptions/11111111-1111-4111-8111-111111111111";
    let storage = "providers/Microsoft.Storage/storageAccounts/examplestorage";
    let other = "/subscriptions/11111111-1111-1111-1111-111111111111";
    check(
        "resource/resourceid",
        &[
            ("sameRGOutput", json!(format!("{subscription}/resourceGroups/rg1/{storage}"))),
            (
                "differentRGOutput",
                json!(format!("{subscription}/resourceGroups/otherResourceGroup/{storage}")),
            ),
            (
                "differentSubOutput",
                json!(format!("{other}/resourceGroups/otherResourceGroup/{storage}")),
            ),
            (
                "nestedResourceOutput",
                json!(format!(
                    "{subscription}/resourceGroups/rg1/providers/Microsoft.SQL/servers/serverName/\
                     databases/databaseName"
                )),
            ),
        ],
    );
}
