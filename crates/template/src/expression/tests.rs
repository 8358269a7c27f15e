use std::iter;

use proptest::prelude::*;

use super::*;

#[track_caller]
fn prints(written: &str, expected: &str) {
    assert_eq!(parse(written).map(|e| e.to_string()), Ok(expected.to_owned()), "{written:?}");
}

#[track_caller]
fn refused(written: &str, expected: &str) {
    assert_eq!(parse(written).map_err(|r| r.to_string()), Err(expected.to_owned()));
}

#[test]
fn brackets_tell_expressions_from_literals() {
    let cases = [
        ("[x()]", Text::Expression("x()")),
        ("[[x()]", Text::Literal("[x()]")),
        ("[x()", Text::Literal("[x()")),
        ("[[x", Text::Literal("[[x")),
        ("x()]", Text::Literal("x()]")),
        ("", Text::Literal("")),
        ("[", Text::Literal("[")),
        ("[]", Text::Expression("")),
        ("[[]", Text::Literal("[]")),
    ];
    for (string, expected) in cases {
        assert_eq!(text(string), expected, "{string:?}");
    }
}

#[test]
fn every_form_of_the_grammar_parses() {
    prints("parameters ( 'a' )", "parameters('a')");
    prints("a(1,-2,\n'it''s')", "a(1, -2, 'it''s')");
    prints("contoso.unique('x').y", "contoso.unique('x').y");
    prints("a()[0].b['c-d'][b()]", "a()[0].b['c-d'][b()]");
    prints("'x'", "'x'");
    prints("'x'[0]", "'x'[0]");
    prints("-9223372036854775808", "-9223372036854775808");
}

#[test]
fn what_is_no_expression_is_refused_in_arms_words() {
    refused(
        "concat('a'))",
        "Unable to parse language expression 'concat('a'))': expected token 'EndOfData' and \
         actual 'RightParenthesis'.",
    );
    refused(
        "concat('a'",
        "Unable to parse language expression 'concat('a'': expected token 'RightParenthesis' and \
         actual 'EndOfData'.",
    );
    for bad in ["", "a", "a.b", "a(,)", "a(1,)", "a()[", "a()[]", "1.5", "a b()", "a().'b'"] {
        assert!(matches!(parse(bad), Err(Refused::Token { .. })), "{bad:?}");
    }
    assert!(matches!(parse("'a"), Err(Refused::OpenString { .. })));
    assert!(matches!(parse("a()+b()"), Err(Refused::Character { .. })));
    assert!(matches!(parse("9223372036854775808"), Err(Refused::Number { .. })));
}

#[test]
fn length_and_nesting_are_bounded() {
    let nested = |depth: usize| format!("{}1{}", "a(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(EXPRESSION_DEPTH_MAX - 1)).is_ok());
    assert_eq!(parse(&nested(EXPRESSION_DEPTH_MAX)), Err(Refused::TooDeep));
    assert_eq!(parse(&format!("a(){}", ".b".repeat(10_000))), Err(Refused::TooDeep));
    assert_eq!(
        parse(&format!("'{}'", "x".repeat(EXPRESSION_CHARS_MAX))),
        Err(Refused::TooLong(EXPRESSION_CHARS_MAX + 2))
    );
}

/// Every text of at most six of these letters: what parses, prints and parses to the same.
#[test]
fn every_short_text_is_parsed_or_refused() {
    let letters = ['a', '1', '-', '\'', '(', ')', '[', ']', ',', '.', ' '];
    let mut words = vec![String::new()];
    for _ in 0..6 {
        words = words
            .iter()
            .flat_map(|word| letters.iter().map(move |letter| format!("{word}{letter}")))
            .collect();
        for word in &words {
            if let Ok(expression) = parse(word) {
                assert_eq!(parse(&expression.to_string()), Ok(expression), "{word:?}");
            }
        }
    }
}

fn any_expression() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Expression::Integer),
        ".{0,8}".prop_map(Expression::Text),
    ];
    leaf.prop_recursive(4, 20, 3, |inner| {
        let name = "[a-zA-Z_][a-zA-Z0-9_]{0,4}";
        let call = (prop::option::of(name), name, prop::collection::vec(inner.clone(), 0..3))
            .prop_map(|(namespace, name, arguments)| {
                Expression::Call(Call { namespace, name, arguments })
            });
        let accessor = prop_oneof![
            name.prop_map(Accessor::Property),
            inner.clone().prop_map(Accessor::Index),
        ];
        let access = (inner, accessor)
            .prop_map(|(base, step)| Expression::Access(Box::new(base), Box::new(step)));
        prop_oneof![call, access]
    })
}

proptest! {
    #[test]
    fn printing_and_parsing_are_inverse(expression in any_expression()) {
        prop_assert_eq!(parse(&expression.to_string()), Ok(expression));
    }

    #[test]
    fn an_escaped_literal_reads_as_itself(literal in "[\\[\\]a]{0,6}") {
        let escaped = escape(&literal);
        prop_assert_eq!(text(&escaped), Text::Literal(&literal));
    }

    #[test]
    fn no_text_makes_it_panic(text in ".*") {
        let _ = parse(&text);
    }
}

#[test]
fn whole_chains_of_words_stay_linear() {
    let long: String = iter::repeat_n("a(),", 5_000).collect();
    assert!(parse(&format!("b({long}1)")).is_ok());
}
