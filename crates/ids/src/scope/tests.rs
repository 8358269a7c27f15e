use proptest::{collection::vec, prelude::*, sample::select};
use uuid::Uuid;

use super::*;

const HOME: TenantId = TenantId::new(Uuid::from_u128(0xA));
const SUB: &str = "/subscriptions/11111111-1111-1111-1111-111111111111";

fn scope(text: &str) -> Scope {
    Scope::parse(&text.replace("{s}", SUB), HOME).unwrap()
}

#[test]
fn every_shape_is_read_and_written() {
    for text in [
        "/",
        "/providers/Microsoft.Management/managementGroups/mg1",
        "{s}",
        "{s}/resourceGroups/rg1",
        "{s}/providers/N.S/t/n",
        "{s}/resourceGroups/rg1/providers/N.S/t/n/child/m",
        "{s}/resourceGroups/rg1/providers/N.S/t/n/providers/E.X/u/v",
        "/providers/N.S/t/n",
        "/providers/Microsoft.Management/managementGroups/mg1/providers/N.S/t/n",
    ] {
        assert_eq!(scope(text).to_string(), text.replace("{s}", SUB));
        assert_eq!(Scope::try_from(scope(text).stored()), Ok(scope(text)), "{text}");
    }
}

#[test]
fn containment_goes_by_segments() {
    let group = scope("{s}/resourceGroups/rg1");
    for inside in [
        "{s}/resourceGroups/RG1",
        "{s}/RESOURCEGROUPS/rg1/providers/N.S/t/n",
        "{s}/resourceGroups/rg1/providers/N.S/t/n/child/m/providers/E.X/u/v",
    ] {
        assert!(group.contains(&scope(inside)), "{inside}");
    }
    for outside in ["{s}", "{s}/resourceGroups/rg10", "{s}/resourceGroups/rg10/providers/N.S/t/n"] {
        assert!(!group.contains(&scope(outside)), "{outside}");
    }
}

#[test]
fn a_child_lies_in_its_parent_and_an_extension_in_what_it_extends() {
    let lineage: Vec<String> =
        scope("{s}/resourceGroups/g/providers/N.S/t/n/c/m/providers/E.X/u/v")
            .lineage()
            .map(|scope| scope.to_string().replace(SUB, "{s}"))
            .collect();
    assert_eq!(
        lineage,
        [
            "{s}/resourceGroups/g/providers/N.S/t/n/c/m/providers/E.X/u/v",
            "{s}/resourceGroups/g/providers/N.S/t/n/c/m",
            "{s}/resourceGroups/g/providers/N.S/t/n",
            "{s}/resourceGroups/g",
            "{s}",
        ]
    );
}

#[test]
fn one_management_group_name_in_two_tenants_is_two_scopes() {
    let path = "/providers/Microsoft.Management/managementGroups/mg1";
    let other = TenantId::new(Uuid::from_u128(0xB));
    let (a, b) = (Scope::parse(path, HOME).unwrap(), Scope::parse(path, other).unwrap());
    assert_ne!((&a, a.key()), (&b, b.key()));
    assert_eq!(a.to_string(), b.to_string());
}

#[test]
fn a_malformed_subscription_is_named_as_such() {
    let refused = Scope::parse("/subscriptions/contoso-prod", HOME).unwrap_err();
    assert_eq!(refused, BadId::Subscription(NotAGuid("contoso-prod".to_owned())));
}

proptest! {
    /// By the book: one is inside the other if its folded text continues it after a slash.
    #[test]
    fn containment_agrees_with_the_book(
        a in vec(select(vec!["x", "xy", "X"]), 1..4),
        b in vec(select(vec!["x", "xy", "X"]), 1..4),
    ) {
        let text = |names: &[&str]| {
            let pairs: Vec<String> = names.iter().map(|name| format!("t/{name}")).collect();
            format!("{SUB}/providers/N.S/{}", pairs.join("/"))
        };
        let (outer, inner) = (scope(&text(&a)), scope(&text(&b)));
        let by_the_book = format!("{}/", inner.key()).starts_with(&format!("{}/", outer.key()));
        prop_assert_eq!(outer.contains(&inner), by_the_book);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[/a-z{}.%0-9 ]{0,40}") {
        let _ = Scope::parse(&text, HOME);
        let _ = Scope::try_from(text);
    }
}
