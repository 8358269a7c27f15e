use proptest::{option, prelude::*};
use uuid::Uuid;

use super::*;
use crate::{
    attribute::{Attribute, Source},
    condition::Condition,
    print::tests::{condition, values},
    value::Kind,
};

mod naive;

fn asked(inner: &str) -> Attribute {
    Attribute::read(Source::Request, inner).unwrap()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn moment(text: &str) -> Value {
    Value::Moment(text.parse().unwrap())
}

#[track_caller]
fn check(said: &str, facts: &Facts<'_>, expected: Truth) {
    let condition = Condition::parse(said).unwrap_or_else(|refused| panic!("{said}: {refused}"));
    assert_eq!(condition.truth(facts), expected, "{said} by {facts:?}");
    let contrary = Condition::parse(&format!("!({said})")).unwrap();
    assert_eq!(contrary.truth(facts), !expected, "the contrary of {said}");
    assert_eq!(condition.holds(facts), expected == Truth::True);
}

/// An operator, what the attribute is, what it is compared with, and whether it stands so.
type Row = (&'static str, Value, &'static str, bool);

fn of_texts() -> Vec<Row> {
    vec![
        ("StringEquals", text("Ab"), "'Ab'", true),
        ("StringEquals", text("Ab"), "'ab'", false),
        ("StringEquals", text("Ab"), "'A*'", false),
        ("StringEqualsIgnoreCase", text("Ab"), "'aB'", true),
        ("StringEqualsIgnoreCase", text("Ab"), "'abc'", false),
        ("StringEqualsIgnoreCase", text("é"), "'é'", true),
        ("StringEqualsIgnoreCase", text("é"), "'ê'", false),
        ("StringEquals", text("é"), "'É'", false),
        ("StringNotEquals", text("Ab"), "'ab'", true),
        ("StringNotEquals", text("Ab"), "'Ab'", false),
        ("StringNotEqualsIgnoreCase", text("Ab"), "'ab'", false),
        ("StringNotEqualsIgnoreCase", text("Ab"), "'b'", true),
        ("StringStartsWith", text("readonly/x"), "'readonly/'", true),
        ("StringStartsWith", text("readonly/x"), "'Readonly/'", false),
        ("StringStartsWith", text("read"), "'readonly'", false),
        ("StringStartsWith", text("read"), "''", true),
        ("StringStartsWithIgnoreCase", text("readonly/x"), "'READ'", true),
        ("StringStartsWithIgnoreCase", text("readonly/x"), "'only'", false),
        ("StringNotStartsWith", text("readonly/x"), "'Read'", true),
        ("StringNotStartsWith", text("readonly/x"), "'read'", false),
        ("StringNotStartsWithIgnoreCase", text("readonly/x"), "'Read'", false),
        ("StringNotStartsWithIgnoreCase", text("readonly/x"), "'x'", true),
        ("StringLike", text("abcd"), "'a*c?'", true),
        ("StringLike", text("abcd"), "'A*C?'", false),
        ("StringLike", text("abcd"), "'a*c'", false),
        ("StringLike", text("a*c"), "'a\\*c'", true),
        ("StringLike", text("abc"), "'a\\*c'", false),
        ("StringLikeIgnoreCase", text("abcd"), "'A*C?'", true),
        ("StringLikeIgnoreCase", text("abcd"), "'B*'", false),
        ("StringNotLike", text("abcd"), "'A*'", true),
        ("StringNotLike", text("abcd"), "'a*'", false),
        ("StringNotLikeIgnoreCase", text("abcd"), "'A*'", false),
        ("StringNotLikeIgnoreCase", text("abcd"), "'?'", true),
    ]
}

fn of_numbers() -> Vec<Row> {
    vec![
        ("NumericEquals", Value::Integer(1), "1", true),
        ("NumericEquals", Value::Integer(1), "-1", false),
        ("NumericNotEquals", Value::Integer(1), "2", true),
        ("NumericNotEquals", Value::Integer(1), "1", false),
        ("NumericGreaterThan", Value::Integer(1), "0", true),
        ("NumericGreaterThan", Value::Integer(1), "1", false),
        ("NumericGreaterThanEquals", Value::Integer(1), "1", true),
        ("NumericGreaterThanEquals", Value::Integer(1), "2", false),
        ("NumericLessThan", Value::Integer(1), "2", true),
        ("NumericLessThan", Value::Integer(1), "1", false),
        ("NumericLessThanEquals", Value::Integer(1), "1", true),
        ("NumericLessThanEquals", Value::Integer(1), "0", false),
    ]
}

fn of_moments() -> Vec<Row> {
    let noon = || moment("2023-05-01T12:00:00Z");
    vec![
        ("DateTimeEquals", noon(), "'2023-05-01T12:00:00.0Z'", true),
        ("DateTimeEquals", noon(), "'2023-05-01T14:00:00+02:00'", true),
        ("DateTimeEquals", noon(), "'2023-05-01T12:00:00.0000001Z'", false),
        ("DateTimeNotEquals", noon(), "'2023-05-01T12:00:00.0000001Z'", true),
        ("DateTimeNotEquals", noon(), "'2023-05-01T12:00:00Z'", false),
        ("DateTimeGreaterThan", noon(), "'2023-05-01T11:59:59.9999999Z'", true),
        ("DateTimeGreaterThan", noon(), "'2023-05-01T12:00:00Z'", false),
        ("DateTimeGreaterThanEquals", noon(), "'2023-05-01T12:00:00Z'", true),
        ("DateTimeGreaterThanEquals", noon(), "'2023-05-01T12:00:01Z'", false),
        ("DateTimeLessThan", noon(), "'2023-05-01T12:00:01Z'", true),
        ("DateTimeLessThan", noon(), "'2023-05-01T12:00:00Z'", false),
        ("DateTimeLessThanEquals", noon(), "'2023-05-01T12:00:00Z'", true),
        ("DateTimeLessThanEquals", noon(), "'2023-05-01T11:00:00Z'", false),
    ]
}

fn of_truths_and_guids() -> Vec<Row> {
    let guid = Value::Guid(Uuid::from_u128(0xAB));
    let same = "000000000000000000000000000000AB";
    vec![
        ("BoolEquals", Value::Boolean(true), "true", true),
        ("BoolEquals", Value::Boolean(true), "false", false),
        ("BoolNotEquals", Value::Boolean(true), "false", true),
        ("BoolNotEquals", Value::Boolean(false), "false", false),
        ("GuidEquals", guid.clone(), same, true),
        ("GuidEquals", guid.clone(), "00000000-0000-0000-0000-0000000000ac", false),
        ("GuidNotEquals", guid.clone(), "00000000-0000-0000-0000-0000000000ac", true),
        ("GuidNotEquals", guid, "00000000-0000-0000-0000-0000000000ab", false),
    ]
}

fn operators() -> Vec<Row> {
    [of_texts(), of_numbers(), of_moments(), of_truths_and_guids()].concat()
}

#[test]
fn every_operator_compares_as_its_documentation_says() {
    for (operator, is, value, expected) in operators() {
        let facts = Facts::new("").with(asked("a"), Known::Is(vec![is.clone()]));
        check(&format!("@Request[a] {operator} {value}"), &facts, expected.into());
        if Operator::find(operator).unwrap().takes_several() {
            for quantifier in Quantifier::ALL {
                let name = quantifier.name();
                check(
                    &format!("@Request[a] {name}:{operator} {{{value}}}"),
                    &facts,
                    expected.into(),
                );
            }
        }
    }
    for operator in Operator::ALL {
        let of_it = operators().into_iter().filter(|row| row.0 == operator.name());
        let outcomes: Vec<bool> = of_it.map(|row| row.3).collect();
        assert!(outcomes.contains(&true) && outcomes.contains(&false), "{}", operator.name());
    }
}

#[test]
fn what_is_missing_unknown_of_another_kind_or_several_decides_nothing() {
    let some = |operator: &str| operators().into_iter().find(|row| row.0 == operator).unwrap();
    for operator in Operator::ALL.iter().copied() {
        let (name, is, value, _) = some(operator.name());
        let other = if operator.kind() == Kind::Text { Value::Boolean(true) } else { text("1") };
        let cases = [
            Known::Absent,
            Known::Unknown,
            Known::Is(vec![]),
            Known::Is(vec![other.clone()]),
            Known::Is(vec![is.clone(), other]),
        ];
        let mut said = vec![format!("@Request[a] {name} {value}")];
        if operator.takes_several() {
            let several =
                Quantifier::ALL.map(|it| format!("@Request[a] {}:{name} {{{value}}}", it.name()));
            said.extend(several);
        }
        for known in cases {
            let facts = Facts::new("").with(asked("a"), known);
            for said in &said {
                check(said, &facts, Truth::Unknown);
            }
        }
        let unlisted = Facts::new("").with(asked("b"), Known::Is(vec![is.clone()]));
        check(&said[0], &unlisted, Truth::Unknown);
        check(&format!("@Request[b] {name} @Request[a]"), &unlisted, Truth::Unknown);
        let twice = Facts::new("").with(asked("a"), Known::Is(vec![is.clone(), is]));
        check(&said[0], &twice, Truth::Unknown);
    }
}

#[test]
fn case_that_is_folded_in_one_way_only_decides_nothing() {
    let undecided = Truth::Unknown;
    for (said, is, expected) in [
        ("StringNotEqualsIgnoreCase 'GEHÄLTER'", "gehälter", undecided),
        ("StringEqualsIgnoreCase 'GEHÄLTER'", "gehälter", undecided),
        ("StringNotEqualsIgnoreCase 'GEHÄLTER'", "GeHÄlter", Truth::False),
        ("StringNotEqualsIgnoreCase 'GEHÄLTER'", "urlaub", Truth::True),
        ("StringNotEquals 'GEHÄLTER'", "gehälter", Truth::True),
        ("StringNotStartsWithIgnoreCase 'É'", "éa", undecided),
        ("StringNotLikeIgnoreCase '*É?'", "aéa", undecided),
        ("StringNotLikeIgnoreCase '*É?'", "aé", Truth::True),
        // One letter written small, another written large, and two for one.
        ("StringNotEqualsIgnoreCase 'k'", "\u{212a}", undecided),
        ("StringNotEqualsIgnoreCase 's'", "\u{17f}", undecided),
        ("StringNotEqualsIgnoreCase 'ΟΔΟΣ'", "οδος", undecided),
        ("StringNotEqualsIgnoreCase 'strasse'", "STRAẞE", undecided),
        ("StringNotEqualsIgnoreCase 'ß'", "ẞ", undecided),
        ("ForAllOfAllValues:StringNotEqualsIgnoreCase {'a', 'É'}", "é", undecided),
        ("ForAllOfAllValues:StringNotEqualsIgnoreCase {'é', 'É'}", "é", Truth::False),
        ("ForAnyOfAnyValues:StringEqualsIgnoreCase {'É', 'é'}", "é", Truth::True),
    ] {
        let facts = Facts::new("").with(asked("a"), Known::Is(vec![text(is)]));
        check(&format!("@Request[a] {said}"), &facts, expected);
    }
}

#[test]
fn what_would_take_too_long_decides_nothing() {
    let numbers = |count: i64| Known::Is((0..count).map(Value::Integer).collect());
    let letters = |count: usize| Known::Is(vec![text(&"a".repeat(count))]);
    let some =
        Facts::new("a").with(asked("one"), numbers(2_000)).with(asked("two"), numbers(2_000));
    let many = some.clone().with(asked("two"), numbers(3_000));
    let said = "@Request[one] ForAnyOfAnyValues:NumericEquals @Request[two]";
    check(said, &some, Truth::True);
    check(said, &many, Truth::Unknown);
    check(&format!("{said} OR ActionMatches{{'a'}}"), &many, Truth::True);
    let long = Facts::new("a").with(asked("one"), letters(100_000));
    let longer = long.clone().with(asked("two"), letters(100_000));
    check("@Request[one] StringEqualsIgnoreCase @Request[two]", &longer, Truth::True);
    check("@Request[one] StringLike 'a*a'", &long, Truth::True);
    check("@Request[one] StringLike @Request[two]", &longer, Truth::Unknown);
    let endless = "a".repeat(STEPS_MAX);
    check("ActionMatches{'a*'}", &Facts::new(&endless), Truth::Unknown);
    let endless = Facts::new("a").done_by(Known::Is(&endless));
    check("SubOperationMatches{'a*'}", &endless, Truth::Unknown);
}

#[test]
fn a_chain_is_judged_no_further_than_it_matters() {
    let half = Known::Is(vec![text(&"a".repeat(STEPS_MAX / 1_500))]);
    let facts = Facts::new("a").with(asked("a"), half);
    let costly = format!("@Request[a] StringLike '{}'", "*".repeat(1_000));
    for (first, join, expected) in [
        ("ActionMatches{'a'}", "OR", Truth::True),
        ("ActionMatches{'b'}", "OR", Truth::Unknown),
        ("ActionMatches{'b'}", "AND", Truth::True),
        ("Exists @Request[b]", "AND", Truth::Unknown),
        ("Exists @Request[b]", "OR", Truth::Unknown),
    ] {
        let rest = if join == "OR" { "AND" } else { "OR" };
        check(&format!("({first} {join} {costly}) {rest} {costly}"), &facts, expected);
    }
}

#[test]
fn quantifiers_ask_of_one_or_all_on_either_side() {
    for (said, expected) in [
        ("{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'blue', 'green'}", true),
        ("{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'orange', 'green'}", false),
        ("{'red', 'blue'} ForAllOfAnyValues:StringEquals {'orange', 'red', 'blue'}", true),
        ("{'red', 'blue'} ForAllOfAnyValues:StringEquals {'red', 'green'}", false),
        ("{10, 20} ForAnyOfAllValues:NumericLessThan {15, 18}", true),
        ("{16, 20} ForAnyOfAllValues:NumericLessThan {15, 18}", false),
        ("{10, 20} ForAllOfAllValues:NumericLessThan {5, 15, 18}", false),
        ("{10, 20} ForAllOfAllValues:NumericLessThan {25, 30}", true),
        ("{10, 20} ForAllOfAllValues:NumericLessThan {15, 25, 30}", false),
        // The contrary is of each pair, not of the whole.
        ("{'red', 'blue'} ForAnyOfAnyValues:StringNotEquals {'red', 'blue'}", true),
        ("{'red', 'blue'} ForAllOfAllValues:StringNotEquals {'green', 'blue'}", false),
        ("{'red', 'blue'} ForAllOfAllValues:StringNotEquals {'green'}", true),
    ] {
        check(said, &Facts::new(""), expected.into());
    }
}

#[test]
fn what_is_done_and_how_is_matched() {
    let facts = Facts::new("Microsoft.Authorization/roleAssignments/write");
    for (pattern, expected) in [
        ("Microsoft.Authorization/roleAssignments/write", true),
        ("microsoft.authorization/roleassignments/*", true),
        ("*", true),
        ("Microsoft.Authorization/roleAssignments/delete", false),
    ] {
        check(&format!("ActionMatches{{'{pattern}'}}"), &facts, expected.into());
    }
    let listing = facts.clone().done_by(Known::Is("Blob.List"));
    check("SubOperationMatches{'blob.list'}", &listing, Truth::True);
    check("SubOperationMatches{'Blob.Write'}", &listing, Truth::False);
    check("SubOperationMatches{'*'}", &facts.clone().done_by(Known::Absent), Truth::False);
    check("SubOperationMatches{'*'}", &facts, Truth::Unknown);
}

#[test]
fn what_exists_is_known_only_where_somebody_knows() {
    let facts = Facts::new("")
        .with(asked("a:is"), Known::Is(vec![text("")]))
        .with(asked("a:none"), Known::Absent)
        .with(asked("a:empty"), Known::Is(vec![]));
    check("Exists @Request[a:is]", &facts, Truth::True);
    check("Exists @Request[A:IS]", &facts, Truth::True);
    check("Exists @Request[a:none]", &facts, Truth::False);
    check("Exists @Request[a:empty]", &facts, Truth::False);
    check("Exists @Request[a:dim]", &facts, Truth::Unknown);
    check("Exists @Resource[a:is]", &facts, Truth::Unknown);
    check("Exists @Request[a:is<$key$>]", &facts, Truth::Unknown);
    let said = "@Request[a:none] StringEquals 'x' OR NOT Exists @Request[a:none]";
    check(said, &facts, Truth::True);
}

#[test]
fn a_key_is_found_in_its_case_only_where_the_mark_says_so() {
    let facts = Facts::new("")
        .with(asked("t:Key<$key$>"), Known::Is(vec![text("x")]))
        .with(asked("t:Key<$key_case_sensitive$>"), Known::Is(vec![text("x")]));
    check("@Request[T:KEY<$key$>] StringEquals 'x'", &facts, Truth::True);
    check("@Request[T:Key<$key_case_sensitive$>] StringEquals 'x'", &facts, Truth::True);
    check("@Request[t:KEY<$key_case_sensitive$>] StringEquals 'x'", &facts, Truth::Unknown);
}

#[test]
fn three_values_combine_so_that_the_unknown_never_decides() {
    let facts = Facts::new("a");
    let (yes, no) = ("ActionMatches{'a'}", "ActionMatches{'b'}");
    let dim = "Exists @Request[a]";
    let of = [(yes, Truth::True), (no, Truth::False), (dim, Truth::Unknown)];
    for (one, left) in of {
        for (two, right) in of {
            let both = match (left, right) {
                (Truth::False, _) | (_, Truth::False) => Truth::False,
                (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
                _ => Truth::True,
            };
            let either = match (left, right) {
                (Truth::True, _) | (_, Truth::True) => Truth::True,
                (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
                _ => Truth::False,
            };
            check(&format!("{one} AND {two}"), &facts, both);
            check(&format!("{one} OR {two}"), &facts, either);
        }
    }
}

fn facts() -> impl Strategy<Value = Facts<'static>> {
    let known = |kind| option::weighted(0.9, values(kind));
    let kinds = (
        known(Kind::Text),
        known(Kind::Integer),
        known(Kind::Boolean),
        known(Kind::Moment),
        known(Kind::Guid),
    );
    let how = prop_oneof![
        Just(Known::Absent),
        Just(Known::Unknown),
        Just(Known::Is("a/read")),
        Just(Known::Is("b")),
    ];
    let action = prop_oneof![Just("a/read"), Just("A/write"), Just("c")];
    (action, how, kinds).prop_map(|(action, how, (texts, numbers, truths, moments, guids))| {
        let known = |values: Option<Vec<Value>>| values.map_or(Known::Absent, Known::Is);
        Facts::new(action)
            .done_by(how)
            .with(asked("a:text"), known(texts.clone()))
            .with(asked("a:number"), known(numbers))
            .with(asked("a:truth"), known(truths))
            .with(asked("a:moment"), known(moments))
            .with(asked("a:guid"), known(guids))
            .with(asked("none"), Known::Absent)
            .with(asked("tags:Key<$key$>"), known(texts))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn conditions_are_judged_as_by_saying_it_otherwise(condition in condition(), facts in facts()) {
        let expected = match naive::holds(&condition.root, &facts) {
            Some(is_so) => Truth::from(is_so),
            None => Truth::Unknown,
        };
        prop_assert_eq!(condition.truth(&facts), expected, "{}", condition);
    }

    /// To know more never turns what was decided.
    #[test]
    fn what_was_decided_stays_so_when_more_is_known(
        condition in condition(),
        facts in facts(),
        known in values(Kind::Text),
    ) {
        let before = condition.truth(&facts);
        let after = condition.truth(&facts.clone().with(asked("a:dim"), Known::Is(known)));
        prop_assert!(before == Truth::Unknown || before == after, "{}", condition);
    }
}

/// The strategies reach what they are for.
#[test]
fn generated_conditions_are_decided_either_way_and_not_at_all() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut found = [0_u32; 3];
    for _ in 0..1_000 {
        let condition = condition().new_tree(&mut runner).unwrap().current();
        let facts = facts().new_tree(&mut runner).unwrap().current();
        let place = match condition.truth(&facts) {
            Truth::True => 0,
            Truth::False => 1,
            Truth::Unknown => 2,
        };
        found[place] += 1;
    }
    assert!(found.iter().all(|count| *count > 80), "{found:?}");
}
