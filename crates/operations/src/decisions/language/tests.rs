use model::{
    question::Via::{Any, Data},
    samples::{ADA, CUSTOMER, OLOF, PROVIDER, SUBSCRIPTION},
};

use super::*;

const MACHINE: &str = "/subscriptions/00000000-0000-0000-0000-000000000005/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/vm1";

fn beneath() -> Language {
    let group =
        format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1/providers/Contoso.Records");
    Language { names: Names::Beneath(Root::decode(&group).unwrap()), known: Arc::default() }
}

fn arm() -> Language {
    Language { names: Names::Arm, known: Arc::default() }
}

fn action(name: &str) -> ActionName {
    ActionName { name: name.to_owned(), is_data: false }
}

fn resource(kind: &str, id: &str) -> ResourceName {
    ResourceName { kind: kind.to_owned(), id: id.to_owned() }
}

fn subject(kind: &str, id: &str, tenant: Option<&str>) -> SubjectName {
    SubjectName { kind: kind.into(), id: id.into(), tenant: tenant.map(str::to_owned) }
}

#[test]
fn a_place_is_meant_where_its_id_and_its_type_say_the_same() {
    let whole = format!("/subscriptions/{SUBSCRIPTION}");
    let group = format!("{whole}/resourceGroups/rg1");
    let cases = [
        ("Microsoft.Compute/virtualMachines", MACHINE, Some(MACHINE)),
        ("microsoft.compute/VIRTUALMACHINES", MACHINE, Some(MACHINE)),
        ("Microsoft.Compute/disks", MACHINE, None),
        ("Microsoft.Resources/subscriptions", &whole, Some(whole.as_str())),
        ("Microsoft.Resources/resourceGroups", &group, Some(&group)),
        ("Microsoft.Resources/subscriptions/resourceGroups", &group, Some(&group)),
        ("Microsoft.Resources/tenants", "/", Some("/")),
        ("Microsoft.Compute/virtualMachines", "vm1", None),
        ("Microsoft.Compute/virtualMachines", "/subscriptions/x", None),
        ("record", MACHINE, None),
    ];
    for (kind, id, expected) in cases {
        let found = arm().scope(&resource(kind, id), CUSTOMER).map(|it| it.to_string());
        assert_eq!(found.as_deref(), expected, "{kind} {id}");
    }
    let long = format!("{MACHINE}{}", "x".repeat(NAME_CHARS_MAX));
    assert_eq!(arm().scope(&resource("x", &long), CUSTOMER), None);
}

#[test]
fn a_short_name_stands_for_a_resource_beneath_the_root_and_for_nothing_else() {
    let root = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1");
    let cases = [
        ("record", "record-1", Some(format!("{root}/providers/Contoso.Records/record/record-1"))),
        ("record/page", "r/2", Some(format!("{root}/providers/Contoso.Records/record/r/page/2"))),
        ("record", "r/2", None),
        ("record", "../rg2", None),
        ("record", "..", None),
        ("record", "", None),
        ("record", MACHINE, None),
        ("", "record-1", None),
        ("record/providers", "r/Microsoft.Compute", None),
    ];
    for (kind, id, expected) in cases {
        let found = beneath().scope(&resource(kind, id), CUSTOMER).map(|it| it.to_string());
        assert_eq!(found, expected, "{kind} {id}");
    }
}

#[test]
fn an_action_has_a_whole_name_or_a_short_one_and_never_a_star() {
    let arm = |name: &str| arm().action(&action(name), "x").map(|it| it.to_string());
    let read = "Microsoft.Compute/virtualMachines/read";
    assert_eq!(arm(read).as_deref(), Some(read));
    for bad in [
        "*",
        "*/read",
        "Microsoft.Compute/*",
        "A.B/c/d e",
        "A.B/c/d\n",
        "..",
        "A.B/c",
        "A.B//c",
        "A.B/../c",
        &format!("A.B/c/{}", "a".repeat(251)),
    ] {
        assert_eq!(arm(bad), None, "{bad}");
    }
    for own in ["Fyr.Directory/users/read", "fyr.market/x/write", "Fyr.Platform/clock/write"] {
        assert_eq!(arm(own), None, "{own}: no grant of Azure's gives it");
    }
    let short = beneath().action(&action("archive/action"), "record").unwrap();
    assert_eq!(short.as_str(), "Contoso.Records/record/archive/action");
    assert_eq!(beneath().named(short.as_str(), "contoso.records/record/"), "archive/action");
}

#[test]
fn a_root_lies_in_a_subscription_and_names_one_namespace() {
    let whole = format!("/subscriptions/{SUBSCRIPTION}");
    for good in [
        format!("{whole}/providers/Contoso.Records"),
        format!("{whole}/resourceGroups/rg1/providers/Contoso.Records"),
        format!("{whole}/resourceGroups/rg1/providers/A.B/c/d/providers/Contoso.Records"),
    ] {
        assert!(Root::decode(&good).is_some(), "{good}");
    }
    for bad in [
        "/providers/Contoso.Records".to_owned(),
        whole.clone(),
        format!("{whole}/providers/"),
        format!("{whole}/providers/Contoso.Records/record"),
        format!("{whole}/resourceGroups/providers/Contoso.Records"),
        "/subscriptions/x/providers/Contoso.Records".to_owned(),
        format!("{whole}/resourceGroups/%2e%2e/providers/Contoso.Records"),
    ] {
        assert_eq!(Root::decode(&bad), None, "{bad}");
    }
}

#[test]
fn whose_principal_is_meant_is_told_or_the_callers_own() {
    let object = ADA.object.to_string();
    let provider = PROVIDER.to_string();
    let cases = [
        (subject("user", &object, None), Who::Known(Principal { tenant: CUSTOMER, ..ADA })),
        (subject("user", &object, Some(&provider)), Who::Known(ADA)),
        (subject("user", &object, Some("fabrikam.example")), Who::Nobody),
        (subject("user", "olof@contoso.example", None), Who::Called("olof@contoso.example".into())),
        (subject("user", "olof", None), Who::Called("olof".into())),
        (subject("user", "ada@fabrikam.example", Some(&provider)), Who::Nobody),
        (subject("servicePrincipal", "olof", None), Who::Nobody),
        (subject("user", "a\u{0}b", None), Who::Nobody),
    ];
    for (name, expected) in cases {
        assert_eq!(name.who(OLOF), expected, "{name:?}");
    }
}

/// Asked without saying so, any star would give it.
#[test]
fn what_is_done_to_what_a_resource_holds_is_asked_so_whether_it_is_said_or_not() {
    let control = vec!["A.B/c/read".to_owned(), "A.B/c/both".to_owned()];
    let data = vec!["A.B/c/blobs/Read".to_owned(), "A.B/c/both".to_owned()];
    let known = Arc::new(Known::new(control, data));
    let language = Language { names: Names::Arm, known };
    let via = |name: &str, is_data| {
        let asked = ActionName { name: name.to_owned(), is_data };
        let ways = language.asked(&asked, "x", model::samples::whole()).unwrap();
        let [way] = ways.as_slice() else { panic!("one way") };
        let [question] = way.as_slice() else { panic!("one question") };
        assert_eq!(question.action.is_foreign(), name.contains("other"), "{name}");
        question.via
    };
    let all = [
        ("A.B/c/read", Any),
        ("a.b/C/blobs/read", Data),
        ("A.B/c/both", Any),
        ("A.B/c/other", Any),
    ];
    for (name, expected) in all {
        assert_eq!(via(name, false), expected, "{name}");
        assert_eq!(via(name, true), Data, "{name}");
    }
}
