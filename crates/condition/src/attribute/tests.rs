use proptest::{option, prelude::*, sample::select};

use super::*;
use crate::{
    condition::Condition,
    facts::{Facts, Known},
    truth::Truth,
    value::Value,
};

const TAGS: &str = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags";

#[test]
fn what_somebody_states_from_outside_is_what_a_condition_asks_about() {
    let source = Source::Resource;
    for (stated, asked) in [
        (Attribute::whole(source, TAGS, None), format!("@Resource[{TAGS}]")),
        (Attribute::whole(source, TAGS, Some("a:b")), format!("@Resource[{TAGS}:A:b]")),
        (Attribute::key(source, TAGS, "Key One"), format!("@Resource[{TAGS}:key one<$key$>]")),
        (
            Attribute::exact_key(source, TAGS, "Key"),
            format!("@Resource[{TAGS}:Key<$key_case_sensitive$>]"),
        ),
        (Attribute::keys(source, TAGS), format!("@Resource[{TAGS}&$keys$&]")),
    ] {
        let condition = Condition::parse(&format!("{asked} StringEquals 'x'")).unwrap();
        let known = Known::Is(vec![Value::Text("x".to_owned())]);
        assert!(condition.holds(&Facts::new("").with(stated.unwrap(), known)), "{asked}");
    }
}

#[test]
fn an_attribute_that_no_condition_can_name_cannot_be_stated() {
    let source = Source::Request;
    for path in ["", "a:b", "a/", "a b", "a]", "a<$key$>", "a&$keys$&", "é"] {
        assert_eq!(Attribute::whole(source, path, None), None, "{path}");
        assert_eq!(Attribute::whole(source, path, Some("c")), None, "{path}");
        assert_eq!(Attribute::key(source, path, "c"), None, "{path}");
        assert_eq!(Attribute::exact_key(source, path, "c"), None, "{path}");
        assert_eq!(Attribute::keys(source, path), None, "{path}");
    }
    for name in ["", " a", "a ", "a]", "a'", "<$key$>", "a\n", "a&$keys$&"] {
        assert_eq!(Attribute::whole(source, "a", Some(name)), None, "{name}");
        assert_eq!(Attribute::key(source, "a", name), None, "{name}");
        assert_eq!(Attribute::exact_key(source, "a", name), None, "{name}");
    }
}

#[test]
#[should_panic(expected = "`@Request[a:b]`, which no condition can name")]
fn a_path_with_a_name_in_it_is_no_path() {
    Attribute::new(Source::Request, "a:b", "");
}

#[test]
fn what_a_condition_asks_about_is_listed_once_so_that_it_can_be_said_to_be_absent() {
    let text = "(!(Exists @Request[a]) OR @Resource[b:c] StringEquals @Request[A]) AND \
                (@Resource[B:C] NumericEquals 1 OR {'x'} ForAnyOfAnyValues:StringLike \
                @Principal[b/t:k<$key$>] OR NOT Exists @Request[none])";
    let condition = Condition::parse(text).unwrap();
    let listed: Vec<String> = condition.attributes().iter().map(ToString::to_string).collect();
    let expected = ["@Request[a]", "@Resource[b:c]", "@Principal[b/t:k<$key$>]", "@Request[none]"];
    assert_eq!(listed, expected);
    let nothing = Facts::new("");
    assert_eq!(condition.truth(&nothing), Truth::Unknown);
    let absent = condition
        .attributes()
        .into_iter()
        .fold(nothing, |facts, it| facts.with(it.clone(), Known::Absent));
    assert_eq!(condition.truth(&absent), Truth::True);
}

proptest! {
    #[test]
    fn what_can_be_stated_reads_as_it_is_shown(
        source in select(Source::ALL.to_vec()),
        path in "[aB./:\\[\\]<$& -]{1,4}",
        name in option::of(r"[aÉ:/\[\]<$&\n' -]{0,4}"),
    ) {
        let key = name.as_deref().unwrap_or_default();
        let stated = [
            Attribute::whole(source, &path, name.as_deref()),
            Attribute::key(source, &path, key),
            Attribute::exact_key(source, &path, key),
            Attribute::keys(source, &path),
        ];
        for stated in stated.into_iter().flatten() {
            let read = Condition::parse(&format!("Exists {stated}")).unwrap();
            prop_assert_eq!(read.attributes(), [&stated]);
        }
    }
}
