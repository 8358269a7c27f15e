//! Who, to what, and what: as far as whoever asks may know.

use model::samples::{CONTRIBUTOR, OWNER, READER, whole};
use operations::{
    decisions::{
        Listed, Part,
        actions::{self, ActionSearch},
        resources::{self, ResourceSearch},
        subjects::{self, SubjectSearch},
    },
    error::Error,
};

use super::*;

fn all() -> Part {
    Part { after: None, limit: 100 }
}

async fn who(plane: &Plane, by: Principal, kind: &str) -> Result<Vec<String>, Error> {
    let search = SubjectSearch {
        kind: kind.to_owned(),
        tenant: None,
        action: action(READ),
        resource: place(&machine()),
    };
    let listed = subjects::search(plane, &context(by), &arm(), (&search, &all())).await?;
    assert_eq!(listed.next, None);
    Ok(listed.items)
}

#[tokio::test]
async fn who_may_is_told_to_whoever_reads_the_place_and_the_directory() {
    let granted = |who| grants(whole(), who, READER);
    let plane = plane(vec![granted(GATE), granted(GUEST), granted(ADA)]).await;
    let users = who(&plane, OLOF, "user").await.unwrap();
    let ids = |all: &[Principal]| all.iter().map(|it| it.object.to_string()).collect::<Vec<_>>();
    assert_eq!(users, ids(&[OLOF, GUEST]), "of the own tenant, by id");
    assert_eq!(who(&plane, OLOF, "servicePrincipal").await.unwrap(), ids(&[GATE]));
    assert!(who(&plane, OLOF, "spaceship").await.unwrap().is_empty());
    // The gate and the guest read the place, and not the directory; Nora reads the directory.
    for by in [GATE, GUEST, NORA, ADA] {
        assert!(matches!(who(&plane, by, "user").await, Err(Error::Denied(_))), "{by}");
    }
}

#[tokio::test]
async fn another_tenants_people_are_never_listed() {
    let plane = plane(vec![
        Noun::Definition(samples::definition(SUBSCRIPTION)),
        Noun::Assignment(samples::assignment(whole())),
    ])
    .await;
    let search = SubjectSearch {
        kind: "user".to_owned(),
        tenant: Some(ADA.tenant.to_string()),
        action: action(READ),
        resource: place(&machine()),
    };
    let listed = subjects::search(&plane, &context(OLOF), &arm(), (&search, &all())).await.unwrap();
    assert!(listed.items.is_empty(), "{listed:?}");
    let own = SubjectSearch { tenant: None, ..search.clone() };
    let listed = subjects::search(&plane, &context(OLOF), &arm(), (&own, &all())).await.unwrap();
    assert_eq!(listed.items, [OLOF.object.to_string()], "and no other's of the same id");
    // The managing tenant's own are its own to list.
    let listed = subjects::search(&plane, &context(ADA), &arm(), (&search, &all())).await.unwrap();
    assert_eq!(listed.items, [ADA.object.to_string()]);
}

#[tokio::test]
async fn short_names_come_back_as_they_are_used() {
    let plane = plane(vec![grants(whole(), NORA, OWNER)]).await;
    let search = SubjectSearch {
        kind: "user".to_owned(),
        tenant: None,
        action: action("read"),
        resource: ResourceName { kind: "record".into(), id: "record-1".into() },
    };
    let first = Part { after: None, limit: 1 };
    let listed = subjects::search(&plane, &context(OLOF), &records(), (&search, &first)).await;
    let Listed { items, next, .. } = listed.unwrap();
    assert_eq!((items, next.is_some()), (vec!["olof".to_owned()], true));
    let second = Part { after: next, limit: 1 };
    let listed = subjects::search(&plane, &context(OLOF), &records(), (&search, &second)).await;
    let Listed { items, next, .. } = listed.unwrap();
    assert_eq!((items, next), (vec!["nora".to_owned()], None));
}

async fn to_what(
    plane: &Plane,
    (by, about): (Principal, Principal),
    (kind, name): (&str, &str),
) -> Result<Vec<String>, Error> {
    let search = ResourceSearch {
        subject: subject(about, "user"),
        action: action(name),
        kind: kind.to_owned(),
    };
    let listed = resources::search(plane, &context(by), &arm(), (&search, &all())).await?;
    Ok(listed.items)
}

const MACHINES: &str = "Microsoft.Compute/virtualMachines";

#[tokio::test]
async fn what_they_may_do_it_to_is_told_as_far_as_the_caller_reads_it() {
    let one = Scope::Resource(vm("vm2"));
    let plane = plane(vec![grants(one.clone(), NORA, CONTRIBUTOR)]).await;
    let vm2 = vec![one.to_string()];
    let both = vec![machine().to_string(), one.to_string()];
    let by_all = [(OLOF, NORA, vm2.clone()), (OLOF, OLOF, both), (NORA, NORA, vm2.clone())];
    for (by, about, expected) in by_all {
        let found = to_what(&plane, (by, about), (MACHINES, WRITE)).await.unwrap();
        assert_eq!(found, expected, "{by} about {about}");
    }
    // Nora reads what she was given, and may ask about the owner there.
    assert_eq!(to_what(&plane, (NORA, OLOF), (MACHINES, WRITE)).await.unwrap(), vm2);
    for (by, about) in [(ADA, OLOF), (ADA, NORA), (GATE, OLOF)] {
        let found = to_what(&plane, (by, about), (MACHINES, WRITE)).await.unwrap();
        assert!(found.is_empty(), "{by} about {about}: {found:?}");
    }
}

#[tokio::test]
async fn subscriptions_and_groups_are_things_too() {
    const SUBSCRIPTIONS: &str = "Microsoft.Resources/subscriptions";
    const GROUPS: &str = "microsoft.resources/resourcegroups";
    let plane = plane(vec![grants(samples::resource_group("rg1"), NORA, READER)]).await;
    let about = (OLOF, OLOF);
    let read = "Microsoft.Resources/subscriptions/read";
    let found = to_what(&plane, about, (SUBSCRIPTIONS, read)).await.unwrap();
    assert_eq!(found, [whole().to_string()]);
    let group = "Microsoft.Resources/subscriptions/resourceGroups/read";
    let found = to_what(&plane, (OLOF, NORA), (GROUPS, group)).await.unwrap();
    assert_eq!(found, [samples::resource_group("rg1").to_string()]);
    assert!(to_what(&plane, (OLOF, NORA), (SUBSCRIPTIONS, read)).await.unwrap().is_empty());
    assert!(to_what(&plane, about, ("spaceship", READ)).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_they_may_do_is_named_by_what_is_known_and_by_their_roles() {
    let start = "Microsoft.Compute/virtualMachines/start/action";
    let login = "Microsoft.Compute/virtualMachines/login/action";
    let language = knowing(&[READ, WRITE, start, "Microsoft.Compute/disks/read"], &[login]);
    let plane = plane(vec![grants(whole(), NORA, READER)]).await;
    let of = async |by: Principal, about: Principal| {
        let search = ActionSearch { subject: subject(about, "user"), resource: place(&machine()) };
        actions::search(&plane, &context(by), &language, (&search, &all())).await
    };
    let names = |listed: Listed<actions::Found>| -> Vec<String> {
        listed.items.into_iter().map(|it| it.name).collect()
    };
    assert_eq!(names(of(OLOF, NORA).await.unwrap()), [READ]);
    let delete = "Microsoft.Compute/virtualMachines/delete";
    assert_eq!(names(of(OLOF, OLOF).await.unwrap()), [delete, READ, start, WRITE]);
    assert!(matches!(of(ADA, OLOF).await, Err(Error::Denied(_))));
    assert!(names(of(ADA, ADA).await.unwrap()).is_empty());
    let nobody = samples::principal(CUSTOMER, 0xDEAD);
    assert!(names(of(OLOF, nobody).await.unwrap()).is_empty());
}

#[tokio::test]
async fn reasons_are_told_to_whoever_hears_explanations() {
    let plane = plane(vec![grants(whole(), GATE, READER)]).await;
    let asked = asked(NORA, WRITE, &machine());
    let told = async |by: Principal| {
        let moment = Moment::open(&plane, by, std::iter::once(&asked.subject)).await.unwrap();
        decisions::reason(&plane, &context(by), &arm(), (&moment, &asked)).await.unwrap()
    };
    assert_eq!(told(OLOF).await, Some((false, "No grant allows it.".to_owned())));
    assert_eq!(told(GATE).await, None, "it does not read the directory");
    assert_eq!(told(NORA).await, None, "she reads no roles there");
    assert_eq!(told(ADA).await, None);
}
