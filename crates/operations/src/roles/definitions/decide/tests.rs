use model::samples::{CUSTOMER, OLOF, PROVIDER, custom_role, now, resource_group, whole};

use super::*;

fn group(name: &str) -> Scope {
    Scope::ManagementGroup(CUSTOMER, name.parse().unwrap())
}

/// Contoso's owner makes a role for a subscription.
fn request() -> PutDefinition {
    let RoleDefinition { id, name, description, permissions, assignable_scopes, .. } =
        custom_role(whole());
    PutDefinition { id, name, description, permissions, assignable_scopes }
}

fn facts() -> Facts {
    Facts {
        home: CUSTOMER,
        caller: OLOF.object,
        existing: None,
        namesakes: Vec::new(),
        count: 0,
        held: Vec::new(),
        now: now(),
    }
}

fn made() -> RoleDefinition {
    let by = Some(OLOF.object);
    let written = Written { created_by: by, created_on: now(), updated_by: by, updated_on: now() };
    RoleDefinition { written: Some(written), ..custom_role(whole()) }
}

fn acting(actions: &[&str]) -> PutDefinition {
    let actions = actions.iter().map(|it| (*it).to_owned()).collect();
    PutDefinition {
        permissions: vec![Permission { actions, ..Permission::default() }],
        ..request()
    }
}

#[test]
fn a_custom_role_keeps_azures_bounds() {
    let named = |name: String| PutDefinition { name, ..request() };
    let described = |count| PutDefinition { description: "é".repeat(count), ..request() };
    let at = |assignable_scopes| PutDefinition { assignable_scopes, ..request() };
    let many = |count: usize| (0..count).map(|n| resource_group(&format!("rg{n}"))).collect();
    let permissions = |permissions| PutDefinition { permissions, ..request() };
    let conditional = |condition: &str, version: Option<&str>| {
        permissions(vec![Permission {
            condition: Some(condition.to_owned()),
            condition_version: version.map(str::to_owned),
            ..Permission::default()
        }])
    };
    let below = ids::resource::ResourceId::parse(
        &format!("{}/providers/Microsoft.Storage/storageAccounts/a", resource_group("app")),
        CUSTOMER,
    );
    let below = Scope::Resource(below.unwrap());
    let patterns = vec!["*/read"; 2_049];
    let cases = [
        ("plain", request(), Ok(())),
        ("longest name", named("n".repeat(512)), Ok(())),
        ("too long a name", named("n".repeat(513)), Err(Refused::Name)),
        ("no name", named(String::new()), Err(Refused::Name)),
        ("a line in the name", named("a\nb".to_owned()), Err(Refused::Name)),
        ("longest description", described(2_048), Ok(())),
        ("too long a description", described(2_049), Err(Refused::TooLong("description", 2_048))),
        ("nowhere", at(Vec::new()), Err(Refused::ScopeCount)),
        ("in many places", at(many(2_000)), Ok(())),
        ("in too many places", at(many(2_001)), Err(Refused::ScopeCount)),
        ("at the root", at(vec![Scope::Tenant(CUSTOMER)]), Err(Refused::Scope("/".to_owned()))),
        ("at a resource", at(vec![below.clone()]), Err(Refused::Scope(below.to_string()))),
        ("at one group", at(vec![group("corp"), whole(), group("CORP")]), Ok(())),
        ("at two groups", at(vec![group("a"), group("b")]), Err(Refused::ManagementGroups)),
        ("no permission", permissions(Vec::new()), Err(Refused::PermissionCount)),
        ("several", permissions(vec![Permission::default(); 64]), Ok(())),
        ("too many", permissions(vec![Permission::default(); 65]), Err(Refused::PermissionCount)),
        ("most actions", acting(&patterns[1..]), Ok(())),
        ("too many actions", acting(&patterns), Err(Refused::PermissionCount)),
        ("a condition", conditional("Exists @Environment[UtcNow]", Some("2.0")), Ok(())),
        (
            "a condition of another version",
            conditional("Exists @Environment[UtcNow]", Some("3.0")),
            Err(Refused::ConditionVersion("3.0".to_owned())),
        ),
        (
            "a condition without end",
            conditional(&"x".repeat(8_193), None),
            Err(Refused::TooLong("condition", 8_192)),
        ),
    ];
    for (name, request, expected) in cases {
        assert_eq!(valid(&request), expected, "{name}");
    }
}

#[test]
fn a_condition_of_a_custom_role_is_one_that_can_be_read_of_attributes_that_there_are() {
    for text in ["true", "Exists @Request[x]"] {
        let condition = Some(text.to_owned());
        let permissions = vec![Permission { condition, ..Permission::default() }];
        let refused = valid(&PutDefinition { permissions, ..request() }).unwrap_err();
        assert!(matches!(refused, Refused::Condition(_)), "{refused:?}");
    }
}

#[test]
fn an_action_names_a_provider_and_has_one_wildcard_at_most() {
    for good in [
        "*",
        "*/read",
        "Microsoft.Storage/*",
        "Microsoft.Storage/*/read",
        "microsoft.compute/virtualMachines/start/action",
        "Microsoft.Network/virtualNet*",
    ] {
        assert_eq!(valid(&acting(&[good])), Ok(()), "{good}");
    }
    for bad in [
        "",
        "read",
        "*/*",
        "Microsoft.*/virtualMachines/*",
        "Microsoft.Compute//read",
        "/Microsoft.Compute/read",
        "Microsoft.Compute/virtualMachines/",
        "Microsoft.Compute/virtual machines/read",
        "Microsoft.Compute/vms/read\n",
        "Mïcrosoft.Compute/vms/read",
    ] {
        assert_eq!(valid(&acting(&[bad])), Err(Refused::Action(bad.to_owned())), "{bad}");
        let listed = |it: Permission| PutDefinition { permissions: vec![it], ..request() };
        let list = || vec![bad.to_owned()];
        for it in [
            Permission { not_actions: list(), ..Permission::default() },
            Permission { data_actions: list(), ..Permission::default() },
            Permission { not_data_actions: list(), ..Permission::default() },
        ] {
            assert!(valid(&listed(it)).is_err(), "{bad}");
        }
    }
}

#[test]
fn a_role_is_made_changed_or_left_by_its_facts() {
    let existing = || Facts { existing: Some(made()), ..facts() };
    let described = PutDefinition { description: "why".to_owned(), ..request() };
    let after = RoleDefinition { description: "why".to_owned(), ..made() };
    let own = custom_role(whole()).id;
    let other = model::samples::READER;
    let taken = Err(Refused::SameName("Operator".to_owned()));
    let cases = [
        ("new", request(), facts(), Ok(Put::Created(made()))),
        ("asked again", request(), existing(), Ok(Put::Unchanged(made()))),
        ("described", described, existing(), Ok(Put::Updated(after))),
        (
            "its own name",
            request(),
            Facts { namesakes: vec![own], ..existing() },
            Ok(Put::Unchanged(made())),
        ),
        ("another's name", request(), Facts { namesakes: vec![other], ..facts() }, taken.clone()),
        (
            "another's name, later",
            request(),
            Facts { namesakes: vec![own, other], ..existing() },
            taken,
        ),
        ("the last one", request(), Facts { count: 4_999, ..facts() }, Ok(Put::Created(made()))),
        ("full", request(), Facts { count: 5_000, ..facts() }, Err(Refused::LimitExceeded)),
    ];
    for (name, request, facts, expected) in cases {
        assert_eq!(put(request, &facts), expected, "{name}");
    }
}

#[test]
fn a_file_made_role_is_told_who_changed_it_from_then_on() {
    let existing = Some(custom_role(whole()));
    let request = PutDefinition { description: "why".to_owned(), ..request() };
    let after = put(request, &Facts { existing, ..facts() }).unwrap().into_inner();
    let written = after.written.unwrap();
    assert_eq!((written.created_by, written.updated_by), (None, Some(OLOF.object)));
}

#[test]
fn a_role_does_not_leave_a_place_where_somebody_holds_it() {
    let wide = RoleDefinition { assignable_scopes: vec![whole(), group("corp")], ..made() };
    let narrow = PutDefinition { assignable_scopes: vec![resource_group("app")], ..request() };
    assert!(shrinks(&narrow, &wide));
    assert!(!shrinks(&request(), &made()));
    let around = |it: Scope| vec![it, whole(), Scope::Tenant(CUSTOMER)];
    let held = |held| Facts { existing: Some(wide.clone()), held, ..facts() };
    assert!(put(narrow.clone(), &held(Vec::new())).is_ok());
    assert!(put(narrow.clone(), &held(vec![around(resource_group("APP"))])).is_ok());
    let outside = held(vec![around(resource_group("app")), around(resource_group("rg1"))]);
    assert_eq!(put(narrow, &outside), Err(Refused::HasAssignments));
}

#[test]
fn a_managing_tenant_sees_no_other_place_and_nobody_of_the_customers() {
    let app = || resource_group("app");
    let all = vec![group("corp"), resource_group("rg1"), whole(), app()];
    let role = RoleDefinition { assignable_scopes: all.clone(), ..made() };
    let seen = shown(role.clone(), PROVIDER, &app(), CUSTOMER);
    assert_eq!((seen.assignable_scopes, seen.written), (vec![whole(), app()], None));
    let above = RoleDefinition { assignable_scopes: vec![group("corp")], ..made() };
    assert_eq!(shown(above, PROVIDER, &app(), CUSTOMER).assignable_scopes, [app()]);
    assert_eq!(shown(role.clone(), CUSTOMER, &app(), CUSTOMER), role);
}
