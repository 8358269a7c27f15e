//! What providers are trusted with.

use super::*;

const DELEGATED: &str = "tenants:
- name: fabrikam
  domain: fabrikam.example
  groups: [{name: tier1}]
- name: contoso
  domain: contoso.example
  subscriptions: [{name: prod, resourceGroups: [{name: app, location: x}]}]
  delegations:
  - name: Managed by Fabrikam
    subscription: prod
    provider: fabrikam
    authorizations: [{principal: tier1, role: Reader}]
    assignments: [{scope: prod/app}]
";

#[test]
fn a_delegation_is_declared_by_names_and_holds_where_it_says() {
    let nouns = declared(DELEGATED).nouns;
    let assigned: Vec<String> = nouns
        .iter()
        .filter_map(|noun| if let Noun::Assignment(it) = noun { Some(it) } else { None })
        .map(|it| it.id.scope().to_string())
        .collect();
    assert!(matches!(assigned.as_slice(), [scope] if scope.ends_with("/resourceGroups/app")));
    let whole = DELEGATED.replace("    assignments: [{scope: prod/app}]\n", "");
    let scopes = |text: &str| {
        let nouns = declared(text).nouns;
        nouns.iter().filter(|noun| matches!(noun, Noun::Assignment(_))).count()
    };
    assert_eq!(scopes(&whole), 1, "at the subscription");
    assert_eq!(scopes(&DELEGATED.replace("[{scope: prod/app}]", "[]")), 0);
}

#[test]
fn a_file_delegates_nothing_that_a_customer_could_not() {
    let cases = [
        ("role: Reader", "role: Owner", "is restricted for registration"),
        ("role: Reader", "role: Redaer", "there is no built-in role `Redaer`; did you mean"),
        ("provider: fabrikam", "provider: contoso", "is not allowed to use"),
        ("provider: fabrikam", "provider: nobody", "`nobody` is no tenant of this world"),
        ("principal: tier1", "principal: tier9", "tenant `fabrikam` has no `tier9`"),
        ("subscription: prod", "subscription: prod/app", "scope"),
        ("[{principal: tier1, role: Reader}]", "[]", "must have at least one authorization"),
        ("[{scope: prod/app}]", "[{scope: prod}, {scope: prod}]", "Multiple registration"),
        ("[{scope: prod/app}]", "[{scope: /}]", "scope"),
    ];
    for (from, to, expected) in cases {
        let text = DELEGATED.replace(from, to);
        assert_ne!(text, DELEGATED, "{from}");
        let faults = parse(&text).map_or_else(|faults| shown(&faults), |_| String::new());
        assert!(faults.contains(expected), "{to}: {faults}");
    }
    let unseen =
        DELEGATED.replace("principal: tier1", "principal: 00000000-0000-4000-8000-000000000404");
    declared(&unseen);
}
