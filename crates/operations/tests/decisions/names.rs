//! How people, actions and things are called.

use ids::resource::ResourceType;
use model::{
    role::{Permission, RoleDefinition},
    samples::{READER, TIER1, whole},
};

use super::*;

fn by_name(id: &str, kind: &str) -> Asked {
    let subject = SubjectName { kind: kind.to_owned(), id: id.to_owned(), tenant: None };
    Asked { subject, ..asked(OLOF, READ, &machine()) }
}

#[tokio::test]
async fn people_are_called_by_their_sign_in_names_in_their_own_tenant_alone() {
    let plane = plane(vec![grants(whole(), NORA, READER)]).await;
    let cases = [
        ("olof@contoso.example", "user", Answer::Yes),
        ("OLOF@contoso.example", "user", Answer::Yes),
        ("olof", "user", Answer::Yes),
        ("olof@fabrikam.example", "user", Answer::No),
        ("nobody", "user", Answer::No),
        ("", "user", Answer::No),
        ("olof", "servicePrincipal", Answer::No),
        ("olof", "spaceship", Answer::No),
    ];
    for (name, kind, expected) in cases {
        let said = answer(&plane, NORA, &arm(), &by_name(name, kind)).await;
        assert_eq!(said, expected, "{kind} {name}");
    }
    let mut foreign = by_name("ada@fabrikam.example", "user");
    foreign.subject.tenant = Some(ADA.tenant.to_string());
    assert_eq!(answer(&plane, OLOF, &arm(), &foreign).await, Answer::No);
}

#[tokio::test]
async fn whoever_is_said_to_be_something_else_may_nothing() {
    let plane = plane(vec![grants(whole(), GATE, READER)]).await;
    let about = |who, kind: &str| Asked { subject: subject(who, kind), ..by_name("x", kind) };
    let cases = [
        (OLOF, "user", Answer::Yes),
        (OLOF, "User", Answer::Yes),
        (OLOF, "servicePrincipal", Answer::No),
        (OLOF, "group", Answer::No),
        (GATE, "servicePrincipal", Answer::Yes),
        (GATE, "user", Answer::No),
        (TIER1, "group", Answer::No),
    ];
    for (who, kind, expected) in cases {
        assert_eq!(answer(&plane, OLOF, &arm(), &about(who, kind)).await, expected, "{who} {kind}");
    }
}

#[tokio::test]
async fn owners_star_reaches_no_data_and_no_directory_by_the_name_of_an_action() {
    const BLOB: &str = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    let plane = plane(Vec::new()).await;
    let language = knowing(&[READ], &[BLOB]);
    for (name, expected) in [
        (READ, Answer::Yes),
        (BLOB, Answer::No),
        ("Fyr.Directory/users/read", Answer::No),
        ("Fyr.Platform/clock/write", Answer::No),
        ("*", Answer::No),
        ("*/read", Answer::No),
    ] {
        let asked = asked(OLOF, name, &machine());
        assert_eq!(answer(&plane, OLOF, &language, &asked).await, expected, "{name}");
    }
}

#[tokio::test]
async fn short_names_stand_for_what_lies_beneath_the_root() {
    let role = RoleDefinition {
        permissions: vec![Permission {
            actions: vec!["Contoso.Records/record/read".to_owned()],
            data_actions: vec!["Contoso.Records/record/open".to_owned()],
            ..Permission::default()
        }],
        ..samples::custom_role(whole())
    };
    let kind = ResourceType::parse("Contoso.Records/record").unwrap();
    let group = samples::resource_group("rg1");
    let record = ResourceId::new(group, &kind, &["record-1".parse().unwrap()]).unwrap();
    let id = role.id;
    let at = Scope::Resource(record);
    let plane = plane(vec![Noun::RoleDefinition(role), grants(at, NORA, id)]).await;
    let ask = |name: &str, is_data, id: &str| Asked {
        subject: SubjectName { kind: "user".into(), id: "nora".into(), tenant: None },
        action: ActionName { name: name.to_owned(), is_data },
        resource: ResourceName { kind: "record".to_owned(), id: id.to_owned() },
    };
    let cases = [
        ("read", false, "record-1", Answer::Yes),
        ("read", false, "record-2", Answer::No),
        ("write", false, "record-1", Answer::No),
        ("open", true, "record-1", Answer::Yes),
        ("open", false, "record-1", Answer::No),
        ("read", false, "record-1/../record-1", Answer::No),
    ];
    for (name, is_data, id, expected) in cases {
        let asked = ask(name, is_data, id);
        assert_eq!(answer(&plane, OLOF, &records(), &asked).await, expected, "{name} {id}");
    }
    let elsewhere = ask("read", false, "/subscriptions/x");
    assert_eq!(answer(&plane, GATE, &records(), &elsewhere).await, Answer::NoLeave);
}
