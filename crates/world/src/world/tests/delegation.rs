//! What providers are trusted with.

use model::activation::policy::Proof;

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

#[test]
fn a_period_ends_after_it_begins_and_need_not_end() {
    let with = |period: &str| {
        DELEGATED.replace("{scope: prod/app}", &format!("{{scope: prod/app, period: {period}}}"))
    };
    let cases = [
        ("{from: 2026-01-01T00:00:00Z}", ""),
        ("{from: 2020-01-01T00:00:00Z, until: 2020-01-02T00:00:00Z}", ""),
        ("{from: 2026-01-02T00:00:00Z, until: 2026-01-02T00:00:00Z}", "ends after it begins"),
        ("{until: 2026-01-02T00:00:00Z}", "needs `from`"),
        ("{from: tomorrow}", "failed to parse"),
    ];
    for (period, expected) in cases {
        let faults = parse(&with(period)).map_or_else(|faults| shown(&faults), |_| String::new());
        assert_eq!(faults.is_empty(), expected.is_empty(), "{period}: {faults}");
        assert!(faults.contains(expected), "{period}: {faults}");
    }
}

#[test]
fn an_activation_policy_asks_for_what_its_customer_could_ask_for() {
    let with = |policies: &str| {
        format!("{DELEGATED}  users: [{{name: olof}}]\n  activationPolicies: [{policies}]\n")
    };
    let whole = "{role: Reader, scope: prod/app, activationMinutesMax: 60, \
                 asks: [ticket, secondFactor], approvers: [{principal: olof}]}";
    let nouns = declared(&with(whole)).nouns;
    let said = nouns
        .iter()
        .find_map(|it| if let Noun::ActivationPolicy(it) = it { Some(it) } else { None });
    let said = said.unwrap();
    assert_eq!(said.asks, BTreeSet::from([Proof::Ticket, Proof::SecondFactor]));
    assert_eq!((said.minutes_max, said.approvers.len()), (Some(60), 1));
    assert!(said.id.scope().to_string().ends_with("/resourceGroups/app"));
    let cases = [
        ("{role: Reader, scope: prod, asks: [tickets]}", "nothing called `tickets`"),
        ("{role: Redaer, scope: prod}", "there is no role `Redaer`"),
        ("{role: Reader, scope: nowhere}", "has no scope `nowhere`"),
        ("{role: Reader, scope: /}", "Activations are governed at"),
        ("{role: Reader, scope: prod, activationMinutesMax: 1}", "minutes"),
        ("{role: Reader, scope: prod, approvers: [{principal: tier1}]}", "has no `tier1`"),
        ("{role: Reader, scope: prod}, {role: reader, scope: prod}", "is declared twice"),
    ];
    for (policies, expected) in cases {
        let text = with(policies);
        let faults = parse(&text).map_or_else(|faults| shown(&faults), |_| String::new());
        assert!(faults.contains(expected), "{policies}: {faults}");
    }
}
