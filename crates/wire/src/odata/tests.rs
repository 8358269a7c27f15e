use proptest::prelude::*;

use super::*;

/// The filter with every part in parentheses.
fn show(filter: &Filter) -> String {
    let join = |parts: &[Filter], word: &str| {
        let parts: Vec<String> = parts.iter().map(show).collect();
        format!("({})", parts.join(word))
    };
    match filter {
        Filter::And(all) => join(all, " and "),
        Filter::Or(any) => join(any, " or "),
        Filter::Not(inner) => format!("not {}", show(inner)),
        Filter::Compare(Comparison { field, operator, value }) => {
            format!("{field} {operator:?} [{}]", value.as_str())
        }
        Filter::OneOf { field, values } => {
            let values: Vec<&str> = values.iter().map(Literal::as_str).collect();
            format!("{field} in {values:?}")
        }
        Filter::Any { field, element, of } => format!("{field}/any({element}:{})", show(of)),
        Filter::Call(Call { name, arguments }) => {
            let argument = |it: &Argument| match it {
                Argument::Text(text) => format!("[{}]", text.as_str()),
                Argument::Word(word) => word.clone(),
            };
            format!("{name}({})", arguments.iter().map(argument).collect::<Vec<_>>().join(","))
        }
    }
}

#[track_caller]
fn check(text: &str, expected: Result<&str, BadFilter>) {
    assert_eq!(parse(text).map(|it| show(&it)), expected.map(str::to_owned), "{text}");
}

#[test]
fn what_clients_send_is_understood() {
    for (text, expected) in [
        ("tagName eq 'a' and tagValue eq 'b'", "(tagName Eq [a] and tagValue Eq [b])"),
        ("atScope()", "atScope()"),
        ("atScope() and assignedTo('x')", "(atScope() and assignedTo([x]))"),
        ("substringof('x',name)", "substringof([x],name)"),
        ("startswith(displayName,'O''Neil')", "startswith(displayName,[O'Neil])"),
        ("identity/principalId eq 'p'", "identity/principalId Eq [p]"),
        ("resourceType eq 'Microsoft.Web/sites'", "resourceType Eq [Microsoft.Web/sites]"),
        ("roleName ne 'Owner'", "roleName Ne [Owner]"),
        (
            "eventTimestamp ge '2026-01-01T00:00:00Z' and eventTimestamp le 2026-02-01T00:00:00Z",
            "(eventTimestamp Ge [2026-01-01T00:00:00Z] and eventTimestamp Le [2026-02-01T00:00:00Z])",
        ),
        ("names/any(c:c eq 'x')", "names/any(c:c Eq [x])"),
        (
            "names/any(c: c eq 'x' or c eq 'y') and a eq 1",
            "(names/any(c:(c Eq [x] or c Eq [y])) and a Eq [1])",
        ),
        ("id in ('a', 'b')", "id in [\"a\", \"b\"]"),
        ("eventChannels eq 'Admin, Operation'", "eventChannels Eq [Admin, Operation]"),
        (
            "principalId eq 8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
            "principalId Eq [8e3af657-a8ff-443c-a75c-2fe8c4bcb635]",
        ),
    ] {
        check(text, Ok(expected));
    }
}

#[test]
fn and_binds_closer_than_or_and_parentheses_closest() {
    check("a eq 1 or b eq 2 and c eq 3", Ok("(a Eq [1] or (b Eq [2] and c Eq [3]))"));
    check("(a eq 1 or b eq 2) and not c eq 3", Ok("((a Eq [1] or b Eq [2]) and not c Eq [3])"));
}

#[test]
fn what_is_wrong_is_told() {
    check(" ", Err(BadFilter::Empty));
    check("a eq 'b", Err(BadFilter::OpenText));
    check("a eq", Err(BadFilter::Ends("a value")));
    check("a", Err(BadFilter::Ends("an operator")));
    check("a like 'b'", Err(BadFilter::Unexpected("like".to_owned())));
    check("a eq 'b' c", Err(BadFilter::Unexpected("c".to_owned())));
    check("a eq \"b\"", Err(BadFilter::Unexpected("\"".to_owned())));
    check("n/any(c eq 'b')", Err(BadFilter::Unexpected("c".to_owned())));
    check("n/any(c:c eq 'b'", Err(BadFilter::Ends("a closing parenthesis")));
    check("(a eq 'b'", Err(BadFilter::Ends("a closing parenthesis")));
    check("f('a' 'b')", Err(BadFilter::Unexpected("b".to_owned())));
}

#[test]
fn filters_are_bounded() {
    check(&"a".repeat(FILTER_CHARS_MAX + 1), Err(BadFilter::TooLong));
    for deep in ["(".repeat(4000), "not ".repeat(2000)] {
        check(&deep, Err(BadFilter::TooDeep));
    }
    let wide = vec!["a eq 1"; 500].join(" or ");
    assert!(parse(&wide).is_ok(), "width is no depth");
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_sequence_of_words_panics(
        words in prop::collection::vec(
            prop::sample::select(vec!["a", "eq", "in", "and", "or", "not", "(", ")", ",", "'x'", "'"]),
            0..24,
        ),
    ) {
        let _ = parse(&words.join(" "));
    }

    #[test]
    fn every_text_survives_its_quotes(text in "\\PC{0,40}") {
        let filter = parse(&format!("f eq '{}'", text.replace('\'', "''")));
        let Ok(Filter::Compare(it)) = filter else { panic!("{filter:?}") };
        prop_assert_eq!(it.equal("F"), Some(text.as_str()));
    }
}
