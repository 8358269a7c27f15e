use jiff::Timestamp;
use proptest::{collection::vec, option, prelude::*, sample::select};
use uuid::Uuid;

use super::*;
use crate::{
    attribute::{Attribute, Source},
    operator::{Operator, Quantifier},
    value::Kind,
};

/// Attributes that the facts of other tests know, too, and any others.
pub(crate) fn attribute() -> impl Strategy<Value = Attribute> {
    let inner = prop_oneof![
        8 => select(vec![
            "a:text", "a:number", "a:truth", "a:moment", "a:guid", "A:Text", "none", "a:dim",
            "tags:Key<$key$>", "tags:key<$key_case_sensitive$>", "tags&$keys$&",
        ]).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9._/-]{1,12}",
        1 => "[a-z]{1,3}:[ a-zA-Z0-9:=+é/-]{1,8}",
    ];
    (select(Source::ALL.to_vec()), inner).prop_filter_map("no attribute", |(source, inner)| {
        let source = if inner.len() < 9 { Source::Request } else { source };
        Attribute::read(source, &inner)
    })
}

fn value(kind: Kind) -> BoxedStrategy<Value> {
    match kind {
        Kind::Text => "[aAb*?\\\\éÉ]{0,3}".prop_map(Value::Text).boxed(),
        Kind::Integer => prop_oneof![-2_i64..3, any::<i64>()].prop_map(Value::Integer).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Kind::Moment => prop_oneof![
            (0_i64..3).prop_map(|it| Timestamp::from_second(it).unwrap()),
            any::<i64>()
                .prop_map(|it| Timestamp::from_nanosecond(i128::from(it / 100 * 100)).unwrap()),
        ]
        .prop_map(Value::Moment)
        .boxed(),
        Kind::Guid => prop_oneof![(0_u128..3), any::<u128>()]
            .prop_map(|it| Value::Guid(Uuid::from_u128(it)))
            .boxed(),
    }
}

/// Values such as a set holds, or an attribute has.
pub(crate) fn values(kind: Kind) -> impl Strategy<Value = Vec<Value>> {
    vec(value(kind), 1..4)
}

fn operand(kind: Kind, is_several: bool) -> impl Strategy<Value = Operand> {
    let stated = if is_several {
        values(kind).prop_map(Operand::Set).boxed()
    } else {
        value(kind).prop_map(Operand::One).boxed()
    };
    prop_oneof![attribute().prop_map(Operand::Attribute), stated]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    let how = (select(Operator::ALL.to_vec()), option::of(select(Quantifier::ALL.to_vec())));
    how.prop_flat_map(|(operator, quantifier)| {
        let quantifier = quantifier.filter(|_| operator.takes_several());
        let side = || operand(operator.kind(), quantifier.is_some());
        let sides = (side(), side());
        sides.prop_map(move |(left, right)| Comparison { left, quantifier, operator, right })
    })
}

pub(crate) fn condition() -> impl Strategy<Value = Condition> {
    let pattern = || select(vec!["a/read", "a/*", "A/Write", "*", "b"]).prop_map(str::to_owned);
    let leaf = prop_oneof![
        1 => pattern().prop_map(Expression::Action),
        1 => pattern().prop_map(Expression::SubOperation),
        1 => attribute().prop_map(Expression::Exists),
        5 => comparison().prop_map(Expression::Compare),
    ];
    let tree = leaf.prop_recursive(5, 24, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Expression::All),
            vec(inner.clone(), 2..4).prop_map(Expression::Any),
            inner.prop_map(|it| Expression::Not(Box::new(it))),
        ]
    });
    tree.prop_map(|root| Condition { root })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_written_down_reads_the_same_again(condition in condition()) {
        let written = condition.to_string();
        let read = Condition::parse(&written);
        prop_assert_eq!(read.as_ref(), Ok(&condition), "{}", written);
        prop_assert_eq!(read.unwrap().to_string(), written);
    }

    #[test]
    fn whatever_is_read_is_written_down_so_that_it_reads_the_same(
        words in vec(select(vec![
            "(", ")", "{", "}", ",", "!", "&&", " OR ", " AND ", "'a'", "7", "true", " Exists ",
            "ActionMatches{'a'}", "@Request[a]", "@Resource[b:c]", " StringEquals ", " BoolEquals ",
            " ForAnyOfAnyValues:StringLike ", "@Request[a] StringEquals 'a'", "\n", "é",
        ]), 0..12),
    ) {
        let text = words.concat();
        match Condition::parse(&text) {
            Ok(read) => prop_assert_eq!(Condition::parse(&read.to_string()), Ok(read)),
            Err(refused) => prop_assert!((1..=text.chars().count() + 1).contains(&refused.at)),
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        if let Ok(read) = Condition::parse(&text) {
            prop_assert_eq!(Condition::parse(&read.to_string()), Ok(read));
        }
    }
}
