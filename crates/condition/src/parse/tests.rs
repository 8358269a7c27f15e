use crate::{
    attribute::Attribute,
    condition::{CHARS_MAX, Condition, DEPTH_MAX, TERMS_MAX},
    operator::{Operator, Quantifier},
    refused::Problem,
};

/// Read, and as it is written down.
#[track_caller]
fn reads(text: &str, written: &str) {
    let read = Condition::parse(text).unwrap_or_else(|refused| panic!("{text}: {refused}"));
    assert_eq!(read.to_string(), written, "{text}");
    assert_eq!(Condition::parse(written).as_ref(), Ok(&read), "{written}");
}

#[track_caller]
fn refused(text: &str, said: &str) {
    let refused = Condition::parse(text).expect_err(text);
    assert_eq!(refused.to_string(), said, "{text}");
    assert!(refused.advice().ends_with('.'), "{refused}");
    assert!((1..=text.chars().count() + 1).contains(&refused.at), "{refused}");
}

#[test]
fn names_and_words_are_read_in_any_case_and_written_in_azures() {
    for (text, written) in [
        ("@Resource[HasObotoken] boolequals TRUE", "@Resource[HasObotoken] BoolEquals true"),
        ("exists @REQUEST[a/b:C]", "Exists @Request[a/b:C]"),
        ("not EXISTS @request[ a/b:C ]", "!(Exists @Request[a/b:C])"),
        ("actionmatches{'a'}", "ActionMatches{'a'}"),
        ("SUBOPERATIONMATCHES { 'Blob.List' }", "SubOperationMatches{'Blob.List'}"),
        ("ActionMatches{' a/{b}:c_d-*\u{a0}'}", "ActionMatches{'a/{b}:c_d-*'}"),
        (
            "@Principal[a] forallofanyvalues:stringLIKE{'x','y'}",
            "@Principal[a] ForAllOfAnyValues:StringLike {'x', 'y'}",
        ),
    ] {
        reads(text, written);
    }
}

#[test]
fn signs_and_words_join_alike_and_needless_parentheses_go() {
    let (a, b, c) = ("ActionMatches{'a'}", "ActionMatches{'b'}", "ActionMatches{'c'}");
    for (text, written) in [
        (format!("{a}&&{b} and {c}"), format!("{a} AND {b} AND {c}")),
        (format!("{a}||{b}\r\n\tOR {c}"), format!("{a} OR {b} OR {c}")),
        (format!("((({a})))"), a.to_owned()),
        (format!("!{a}"), format!("!({a})")),
        (format!("!!{a}"), format!("!(!({a}))")),
        (format!("NOT({a} OR {b})"), format!("!({a} OR {b})")),
        (format!("!{a} AND {b}"), format!("!({a}) AND {b}")),
        (format!("({a} AND {b}) AND {c}"), format!("({a} AND {b}) AND {c}")),
        (format!("({a} AND {b}) OR ({c})"), format!("({a} AND {b}) OR {c}")),
        (format!("{a} AND ({b} OR {c})"), format!("{a} AND ({b} OR {c})")),
    ] {
        reads(&text, &written);
    }
}

#[test]
fn values_are_read_as_the_operator_takes_them() {
    let guid = "b24988ac-6180-42a0-ab88-20f7382dd24c";
    for (text, written) in [
        ("@Request[a] StringEquals ''", "@Request[a] StringEquals ''".to_owned()),
        ("@Request[a] StringEquals 'true'", "@Request[a] StringEquals 'true'".to_owned()),
        ("@Request[a] NumericLessThan -007", "@Request[a] NumericLessThan -7".to_owned()),
        ("@Request[a] BoolNotEquals False", "@Request[a] BoolNotEquals false".to_owned()),
        (
            "@Environment[UtcNow] DateTimeGreaterThan '2023-05-01T13:00:00.0Z'",
            "@Environment[UtcNow] DateTimeGreaterThan '2023-05-01T13:00:00Z'".to_owned(),
        ),
        (
            "@Request[a] GuidEquals B24988AC618042a0ab8820f7382dd24c",
            format!("@Request[a] GuidEquals {guid}"),
        ),
        (
            "@Request[a] GuidEquals 'b24988ac-6180-42a0-ab88-20f7382dd24c'",
            format!("@Request[a] GuidEquals {guid}"),
        ),
        (
            "@Principal[a:b] StringEquals @Resource[c/tags:Key One<$key_case_sensitive$>]",
            "@Principal[a:b] StringEquals @Resource[c/tags:Key One<$key_case_sensitive$>]"
                .to_owned(),
        ),
        (
            "@Request[c/tags&$keys$&] ForAnyOfAnyValues:StringEquals @Resource[c/tags:a:b<$key$>]",
            "@Request[c/tags&$keys$&] ForAnyOfAnyValues:StringEquals @Resource[c/tags:a:b<$key$>]"
                .to_owned(),
        ),
        (
            "{10, 20} ForAnyOfAllValues:NumericLessThan {15,18}",
            "{10, 20} ForAnyOfAllValues:NumericLessThan {15, 18}".to_owned(),
        ),
    ] {
        reads(text, &written);
    }
}

#[test]
fn every_operator_is_read_alone_and_with_each_quantifier_that_it_may_have() {
    let value = |operator: Operator| match operator.name() {
        name if name.starts_with("String") => "'x'",
        name if name.starts_with("Numeric") => "7",
        name if name.starts_with("Bool") => "true",
        name if name.starts_with("DateTime") => "'2023-05-01T13:00:00Z'",
        _ => "b24988ac-6180-42a0-ab88-20f7382dd24c",
    };
    for operator in Operator::ALL.iter().copied() {
        let (name, value) = (operator.name(), value(operator));
        let alone = format!("@Request[a] {name} {value}");
        reads(&alone, &alone);
        for quantifier in Quantifier::ALL {
            let several = format!("@Request[a] {}:{name} {{{value}, {value}}}", quantifier.name());
            let is_listed = !name.contains("StartsWith")
                && !name.starts_with("DateTime")
                && !name.starts_with("Bool");
            assert_eq!(Condition::parse(&several).is_ok(), is_listed, "{several}");
            assert_eq!(operator.takes_several(), is_listed, "{name}");
            if is_listed {
                reads(&several, &several);
            }
        }
    }
}

/// A text that is no condition, and what is said of it.
const REFUSED: &[(&str, &str)] = &[
    (
        "",
        "`the end` in the place of an attribute, ActionMatches, Exists, `!` or `(` at character 1",
    ),
    ("true", "`the end` in the place of an operator at character 5"),
    (
        "ActionMatches{'a'} AND",
        "`the end` in the place of an attribute, ActionMatches, Exists, `!` or `(` at character 23",
    ),
    (
        "ActionMatches{'a'} ActionMatches{'b'}",
        "`ActionMatches` in the place of AND, OR or the end at character 20",
    ),
    ("(ActionMatches{'a'}", "`the end` in the place of AND, OR or `)` at character 20"),
    ("ActionMatches{'a'})", "`)` in the place of AND, OR or the end at character 19"),
    ("ActionMatches('a')", "`(` in the place of `{` at character 14"),
    ("ActionMatches{a}", "`a` in the place of a pattern in quotes at character 15"),
    ("ActionMatches{'a', 'b'}", "`,` in the place of `}` at character 18"),
    ("ActionMatches{' '}", "an empty pattern at character 15"),
    ("Exists 'a'", "`'a'` in the place of an attribute at character 8"),
    ("@Request[a] StringEquals 'é", "a `'` that is not closed at character 26"),
    ("@Request[a] StringEquals 'é\n'", "an unexpected character `\\n` at character 28"),
    ("@Request[a] StringEquals ’a’", "an unexpected character `\\u{2019}` at character 26"),
    ("@Request[a]\u{a0}StringEquals 'a'", "an unexpected character `\\u{a0}` at character 12"),
    ("@Request[a] # yes", "an unexpected character `#` at character 13"),
    ("ActionMatches{'a'} & ActionMatches{'b'}", "an unexpected character `&` at character 20"),
    ("@Subject[a] StringEquals 'a'", "`@Subject`, which has no attributes at character 1"),
    ("@Request[a StringEquals 'a'", "a `[` that is not closed at character 9"),
    ("@Request a", "` ` in the place of `[` at character 9"),
    ("@Request\r\n[a]", "`\\r` in the place of `[` at character 9"),
    ("@Request", "`the end` in the place of `[` at character 9"),
    ("@Request[a:\nb]", "`[a:\\nb]`, which names no attribute at character 9"),
    ("@Request[a\u{2028}b]", "`[a\\u{2028}b]`, which names no attribute at character 9"),
    (
        "@Request[a] NumericEquals '\u{202e}1'",
        "`'\\u{202e}1'`, where `NumericEquals` compares whole numbers at character 27",
    ),
    ("@Request[] StringEquals 'a'", "`[]`, which names no attribute at character 9"),
    ("@Request[a//b:c] StringEquals 'a'", "`[a//b:c]`, which names no attribute at character 9"),
    ("@Request[a<$>] StringEquals 'a'", "`[a<$>]`, which names no attribute at character 9"),
    (
        "@Request[a<$key$>] StringEquals 'a'",
        "`[a<$key$>]`, which names no attribute at character 9",
    ),
    (
        "@Request[a:b&$keys$&] StringEquals 'a'",
        "`[a:b&$keys$&]`, which names no attribute at character 9",
    ),
    ("@Request[a] Equals 'a'", "`Equals`, which is no operator at character 13"),
    (
        "@Request[a] ForSome:StringEquals {'a'}",
        "`ForSome:StringEquals`, which is no operator at character 13",
    ),
    (
        "@Request[a] ForAnyOfAnyValues:BoolEquals {true}",
        "`ForAnyOfAnyValues`, which `BoolEquals` cannot have before it at character 13",
    ),
    (
        "@Request[a] StringEquals {'a'}",
        "a set of values, of which `StringEquals` compares one at character 26",
    ),
    (
        "@Request[a] ForAnyOfAnyValues:StringEquals 'a'",
        "a single value, where `ForAnyOfAnyValues` asks for a set at character 44",
    ),
    (
        "@Request[a] ForAnyOfAnyValues:StringEquals {}",
        "`}` in the place of a value or an attribute at character 45",
    ),
    (
        "@Request[a] ForAnyOfAnyValues:StringEquals {'a',}",
        "`}` in the place of a value or an attribute at character 49",
    ),
    (
        "@Request[a] ForAnyOfAnyValues:StringEquals {'a' 'b'}",
        "`'b'` in the place of `,` or `}` at character 49",
    ),
    (
        "@Request[a] ForAnyOfAnyValues:StringEquals {@Request[b]}",
        "`@Request[b]` in the place of a value or an attribute at character 45",
    ),
    ("@Request[a] StringEquals a", "`a`, where `StringEquals` compares texts at character 26"),
    (
        "@Request[a] NumericEquals 1.5",
        "`1.5`, where `NumericEquals` compares whole numbers at character 27",
    ),
    (
        "@Request[a] NumericEquals 9223372036854775808",
        "`9223372036854775808`, where `NumericEquals` compares whole numbers at character 27",
    ),
    (
        "@Request[a] NumericEquals '1'",
        "`'1'`, where `NumericEquals` compares whole numbers at character 27",
    ),
    (
        "@Request[a] BoolEquals yes",
        "`yes`, where `BoolEquals` compares true and false at character 24",
    ),
    ("@Request[a] GuidEquals 1234", "`1234`, where `GuidEquals` compares GUIDs at character 24"),
    (
        "@Request[a] DateTimeEquals '2023-13-01T00:00:00Z'",
        "`'2023-13-01T00:00:00Z'`, where `DateTimeEquals` compares times such as '2023-05-01T13:00:00.0Z' at character 28",
    ),
    ("'a' GuidEquals @Request[a]", "`'a'`, where `GuidEquals` compares GUIDs at character 1"),
];

#[test]
fn what_cannot_be_understood_is_refused_at_its_place() {
    for (text, said) in REFUSED {
        refused(text, said);
    }
}

#[test]
fn a_time_is_read_in_azures_form_alone() {
    for (said, written) in [
        ("2023-05-01T13:00:00Z", "2023-05-01T13:00:00Z"),
        ("2023-05-01T13:00:59.5Z", "2023-05-01T13:00:59.5Z"),
        ("2022-06-01T23:38:32.8883645Z", "2022-06-01T23:38:32.8883645Z"),
        ("2023-05-01T13:00:00.0000000+02:30", "2023-05-01T10:30:00Z"),
        ("2023-05-01T13:00:00-00:30", "2023-05-01T13:30:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ] {
        let text = |it: &str| format!("@Environment[UtcNow] DateTimeEquals '{it}'");
        reads(&text(said), &text(written));
    }
    for said in [
        "2023-05-01T13:00:00Z[Europe/Berlin]",
        "2023-05-01T13:00:00+02:00[Europe/Berlin]",
        "2023-05-01T23:59:60Z",
        "2023-05-01T13:00:00.12345678Z",
        "2023-05-01T13:00:00.Z",
        "2023-05-01T13:00:00,5Z",
        "2023-05-01 13:00:00Z",
        "2023-05-01t13:00:00z",
        "20230501T130000Z",
        "2023-05-01T13:00Z",
        "2023-05-01T13Z",
        "2023-05-01T13:00:00",
        "2023-05-01T13:00:00+02",
        "2023-05-01T24:00:00Z",
        "2023-02-29T00:00:00Z",
        "+002023-05-01T13:00:00Z",
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01",
        " 2023-05-01T13:00:00Z",
        "2023-05-01T13:00:0éZ",
        "",
    ] {
        let text = format!("@Environment[UtcNow] DateTimeEquals '{said}'");
        let what = "where `DateTimeEquals` compares times such as '2023-05-01T13:00:00.0Z'";
        refused(&text, &format!("`'{said}'`, {what} at character 37"));
    }
}

#[test]
fn a_refusal_is_one_line_in_which_everything_is_seen() {
    for hidden in
        ["\n", "\r\n", "\t", "\0", "\u{85}", "\u{200b}", "\u{2028}", "\u{202e}", "\u{feff}"]
    {
        for text in [
            format!("@Request{hidden}[a]"),
            format!("@Request[a{hidden}b] BoolEquals true"),
            format!("@Request[a] BoolEquals 'a{hidden}b'"),
            format!("ActionMatches{{'a'}} 'a{hidden}b'"),
            format!("ActionMatches{{'a{hidden}b'}}"),
            format!("@Request[a] BoolEquals true {hidden}@Request[c:d{hidden}e]"),
        ] {
            let said = Condition::parse(&text).expect_err(&text).to_string();
            assert!(!said.contains(hidden), "{text:?}: {said:?}");
        }
    }
}

#[test]
fn a_pattern_that_no_action_can_fit_is_refused_at_the_letter_that_no_action_has() {
    for (pattern, shown, at) in [
        ("write\u{200b}", "\\u{200b}", 22),
        ("\u{feff}write", "\\u{feff}", 17),
        (" wr ite", " ", 20),
        ("\u{a0}wr\u{a0}ite", "\\u{a0}", 20),
        ("writ?", "?", 21),
        ("write\\*", "\\\\", 22),
        ("wr\u{456}te", "\\u{456}", 19),
    ] {
        let said = |at: usize| format!("`{shown}`, which stands in no action at character {at}");
        refused(&format!("!ActionMatches{{'{pattern}'}}"), &said(at));
        refused(&format!("!SubOperationMatches{{'{pattern}'}} OR 1"), &said(at + 6));
    }
}

#[test]
fn and_and_or_side_by_side_are_refused_until_parentheses_say_what_is_meant() {
    let said = |at: usize| format!("AND and OR side by side at character {at}");
    let a = "ActionMatches{'a'}";
    refused(&format!("{a} AND {a} OR {a}"), &said(43));
    refused(&format!("{a} OR {a} && {a}"), &said(42));
    refused(&format!("({a} OR {a} AND {a})"), &said(43));
}

#[test]
fn a_condition_is_bounded_in_length_depth_and_terms() {
    let term = "ActionMatches{'a'}";
    let long = |length: usize| format!("@Request[a] StringEquals '{}'", "é".repeat(length - 27));
    assert!(Condition::parse(&long(CHARS_MAX)).is_ok());
    refused(&long(CHARS_MAX + 1), "more than 8192 characters at character 8193");
    let deep = |depth: usize| format!("{}{term}{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Condition::parse(&deep(DEPTH_MAX)).is_ok());
    refused(
        &deep(DEPTH_MAX + 1),
        "more than 32 parentheses and negations in each other at character 34",
    );
    let denied = |depth: usize| format!("{}{term}", "!".repeat(depth));
    let deepest = denied(DEPTH_MAX);
    let written = Condition::parse(&deepest).unwrap().to_string();
    assert_eq!(Condition::parse(&written), Condition::parse(&deepest), "as deep as it was");
    assert!(Condition::parse(&denied(DEPTH_MAX + 1)).is_err());
    assert!(Condition::parse(&"(".repeat(CHARS_MAX)).is_err());
    let many = |terms: usize| vec![term; terms].join(" OR ");
    assert!(Condition::parse(&many(TERMS_MAX)).is_ok());
    let said = "more than 256 comparisons and matches at character 5633";
    refused(&many(TERMS_MAX + 1), said);
}

#[test]
fn an_attribute_that_whoever_reads_it_does_not_know_is_refused_at_its_place() {
    let is_known = |it: &Attribute| it.path() == "a.b/c";
    let read = |text: &str| Condition::parse_of(text, is_known);
    let both = "Exists @Request[a.b/c:d] AND NOT @Resource[x:y] StringEquals @Resource[z]";
    let refused = read(both).unwrap_err();
    assert_eq!(
        (refused.at, refused.what),
        (34, Problem::UnknownAttribute("@Resource[x:y]".to_owned()))
    );
    assert_eq!(
        read("Exists @Request[x] AND").unwrap_err().at,
        23,
        "first it has to be a condition"
    );
    let known = "Exists @Request[a.b/c:d]";
    assert_eq!(read(known), Condition::parse(known));
}
