use super::*;

const ACCOUNTS: &str = include_str!("../../../../tests/samples/azure/accounts.json");
const GROUPS: &str = include_str!("../../../../tests/samples/azure/groups.json");
const DEFINITIONS: &str = include_str!("../../../../tests/samples/azure/definitions.json");
const ASSIGNMENTS: &str = include_str!("../../../../tests/samples/azure/assignments.json");
const ROLES: &str = include_str!("../../../../tests/samples/azure/role-assignments.json");

fn file(name: &str, text: &str) -> File {
    File { name: name.to_owned(), text: text.to_owned() }
}

fn all() -> Vec<File> {
    vec![
        file("roles.json", ROLES),
        file("assignments.json", ASSIGNMENTS),
        file("definitions.json", DEFINITIONS),
        file("groups.json", GROUPS),
        file("accounts.json", ACCOUNTS),
    ]
}

fn count(nouns: &[Noun], is: fn(&Noun) -> bool) -> usize {
    nouns.iter().filter(|noun| is(noun)).count()
}

#[test]
fn what_az_prints_becomes_tenants_subscriptions_groups_grants_and_delegations() {
    let Imported { nouns, notes } = import(&all()).unwrap();
    let counted = [
        count(&nouns, |it| matches!(it, Noun::Tenant(_))),
        count(&nouns, |it| matches!(it, Noun::Subscription(_))),
        count(&nouns, |it| matches!(it, Noun::ResourceGroup(_))),
        count(&nouns, |it| matches!(it, Noun::User(_))),
        count(&nouns, |it| matches!(it, Noun::Group(_))),
        count(&nouns, |it| matches!(it, Noun::ServicePrincipal(_))),
        count(&nouns, |it| matches!(it, Noun::RoleAssignment(_))),
        count(&nouns, |it| matches!(it, Noun::Definition(_))),
        count(&nouns, |it| matches!(it, Noun::Assignment(_))),
    ];
    assert_eq!(counted, [2, 1, 2, 1, 1, 1, 4, 1, 2], "{notes:#?}");
    let made = notes.iter().filter(|note| note.contains("nobody lists")).count();
    assert_eq!(made, 3, "a note for each unknown principal: {notes:#?}");
    let definition =
        nouns.iter().find_map(|noun| if let Noun::Definition(it) = noun { Some(it) } else { None });
    let policy = definition.unwrap().eligible[0].policy.as_ref().unwrap();
    assert_eq!(policy.minutes_max, 480, "`8:00:00`, as az prints it");
}

#[test]
fn the_order_of_the_files_makes_no_difference() {
    let mut turned = all();
    turned.reverse();
    assert_eq!(import(&turned).unwrap().nouns, import(&all()).unwrap().nouns);
}

#[test]
fn what_is_no_json_or_names_no_subscription_is_refused_with_its_place() {
    let refused = import(&[file("bad.json", "[\n  {,")]).unwrap_err().to_string();
    assert_eq!(refused, "bad.json:2:4: this is not JSON");
    let deep = "[".repeat(100_000);
    assert!(matches!(import(&[file("deep.json", &deep)]), Err(Refused::NotJson { .. })));
    assert_eq!(import(&[file("roles.json", ROLES)]), Err(Refused::NoAccounts));
}

#[test]
fn whatever_stands_in_a_file_is_read_or_told_of() {
    let hostile = r#"[null, 1, "x", {}, {"type": "Microsoft.Authorization/roleAssignments"},
        {"type": "Microsoft.Authorization/roleAssignments", "scope": "/subscriptions/../..", "name": 1},
        {"type": "microsoft.managedservices/registrationDefinitions", "id": "/x", "properties": []},
        {"type": "Microsoft.Resources/resourceGroups", "id": "/subscriptions/none/resourceGroups/a"},
        {"cloudName": "x", "tenantId": "none"}, {"userPrincipalName": "a@b", "id": 7}]"#;
    let mut files = all();
    files.push(file("hostile.json", hostile));
    let plain = import(&all()).unwrap();
    let Imported { nouns, notes } = import(&files).unwrap();
    assert_eq!(nouns, plain.nouns);
    let told = notes.iter().filter(|note| note.starts_with("hostile.json")).count();
    assert_eq!(told, 7, "{notes:#?}");
}
