//! A search finds exactly what an evaluation says yes to, over drawn worlds.

use std::collections::BTreeSet;

use ids::resource::{DenyAssignmentId, LockId};
use model::{
    role::{Denied, DenyAssignment, Lock, LockLevel, Permission, RoleDefinition},
    samples::{CONTRIBUTOR, OWNER, READER, whole},
};
use operations::decisions::{
    Part,
    actions::{self, ActionSearch},
    resources::{self, ResourceSearch},
    subjects::{self, SubjectSearch},
};
use proptest::prelude::*;

use super::*;

const CREW: Principal = samples::principal(CUSTOMER, 0x71);
const CREW_WITHIN: Principal = samples::principal(CUSTOMER, 0x72);
const MACHINES: &str = "Microsoft.Compute/virtualMachines";
const LOGIN: &str = "Microsoft.Compute/virtualMachines/login/action";
const ACTIONS: [&str; 3] = [READ, WRITE, LOGIN];
const CUSTOM: RoleId = RoleId::new(uuid::Uuid::from_u128(0xC051));

type Draw = [u8; 4];

fn people() -> Vec<(Principal, &'static str)> {
    let user = |n| samples::principal(CUSTOMER, n);
    let app = "servicePrincipal";
    vec![(OLOF, "user"), (user(1), "user"), (user(2), "user"), (GUEST, "user"), (GATE, app)]
}

fn machines() -> Vec<Scope> {
    let group = |name: &str| {
        let group = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{name}");
        move |vm: &str| {
            let id = format!("{group}/providers/{MACHINES}/{vm}");
            Scope::parse(&id, CUSTOMER).unwrap()
        }
    };
    let (one, ten) = (group("rg1"), group("rg10"));
    vec![one("vm1"), one("vm2"), ten("vm1")]
}

fn scope(n: u8) -> Scope {
    let places = [whole(), samples::resource_group("rg1"), samples::resource_group("rg10")];
    let all: Vec<Scope> =
        places.into_iter().chain(machines()).chain([Scope::Tenant(CUSTOMER)]).collect();
    all[usize::from(n) % all.len()].clone()
}

fn grantee(n: u8) -> Principal {
    let all = [people().into_iter().map(|(who, _)| who).collect(), vec![CREW, CREW_WITHIN, ADA]];
    let all: Vec<Principal> = all.concat();
    all[usize::from(n) % all.len()]
}

/// One thing that is so in the world.
fn fact([a, b, c, d]: Draw) -> Noun {
    let name = || uuid::Uuid::from_u128(u128::from(d)).to_string().parse::<ids::name::Name>();
    let name = || name().unwrap();
    match a % 8 {
        0 => Noun::Membership(samples::membership(
            [CREW, CREW_WITHIN][usize::from(b % 2)],
            grantee(c),
        )),
        1 => Noun::Lock(Lock {
            id: LockId::at(scope(b), name()).unwrap(),
            level: if c.is_multiple_of(2) { LockLevel::ReadOnly } else { LockLevel::CanNotDelete },
            notes: None,
        }),
        2 if d.is_multiple_of(2) => Noun::DenyAssignment(DenyAssignment {
            id: DenyAssignmentId::at(scope(b), name()).unwrap(),
            name: "deny".to_owned(),
            description: String::new(),
            permissions: vec![Permission {
                actions: vec![[READ, WRITE, "*"][usize::from(d % 3)].to_owned()],
                ..Permission::default()
            }],
            principals: Denied::These(vec![grantee(c)]),
            exclude: vec![OLOF],
            does_not_apply_to_child_scopes: d.is_multiple_of(4),
            is_system_protected: true,
        }),
        _ => {
            let role = [OWNER, CONTRIBUTOR, READER, CUSTOM][usize::from(d % 4)];
            grants(scope(b), grantee(c), role)
        }
    }
}

async fn drawn(draws: &[Draw]) -> Plane {
    let custom = RoleDefinition {
        permissions: vec![Permission {
            actions: vec!["*/read".to_owned()],
            not_actions: vec!["Microsoft.Compute/virtualMachines/READ".to_owned()],
            data_actions: vec!["Microsoft.Compute/*".to_owned()],
            ..Permission::default()
        }],
        id: CUSTOM,
        ..samples::custom_role(Scope::Tenant(CUSTOMER))
    };
    let user = |n, name| Noun::User(samples::user(samples::principal(CUSTOMER, n), name));
    let machine = |at: Scope| {
        let id = ResourceId::parse(&at.to_string(), CUSTOMER).unwrap();
        Noun::Resource(testkit::resource(id))
    };
    let mut nouns = vec![
        user(1, "una"),
        user(2, "duo"),
        Noun::Group(samples::group(CREW, "crew")),
        Noun::Group(samples::group(CREW_WITHIN, "within")),
        Noun::RoleDefinition(custom),
        Noun::ResourceGroup(testkit::group("rg10")),
    ];
    nouns.extend(machines().into_iter().skip(2).map(machine));
    let plane = plane(nouns).await;
    for draw in draws {
        testkit::put(&plane, vec![fact(*draw)]).await;
    }
    plane
}

fn language() -> Language {
    knowing(&[READ, WRITE], &[LOGIN])
}

async fn yes(plane: &Plane, who: Principal, kind: &str, name: &str, at: &Scope) -> bool {
    let asked = Asked { subject: subject(who, kind), action: action(name), resource: place(at) };
    answer(plane, OLOF, &language(), &asked).await == Answer::Yes
}

async fn subjects_agree(plane: &Plane, name: &str, at: &Scope) -> usize {
    let mut expected = BTreeSet::new();
    for (who, kind) in people() {
        if yes(plane, who, kind, name, at).await {
            expected.insert(who.object.to_string());
        }
    }
    let mut found = BTreeSet::new();
    for kind in ["user", "servicePrincipal"] {
        let search = SubjectSearch {
            kind: kind.to_owned(),
            tenant: None,
            action: action(name),
            resource: place(at),
        };
        let mut part = Part { after: None, limit: 2 };
        loop {
            let context = context(OLOF);
            let listed = subjects::search(plane, &context, &language(), (&search, &part)).await;
            let listed = listed.unwrap();
            assert!(listed.items.len() <= 2);
            found.extend(listed.items);
            part.after = listed.next;
            if part.after.is_none() {
                break;
            }
        }
    }
    assert_eq!(found, expected, "who may {name} at {at}");
    expected.len()
}

async fn resources_agree(plane: &Plane, (who, kind): (Principal, &str), name: &str) -> usize {
    let mut expected = Vec::new();
    for at in machines() {
        if yes(plane, who, kind, name, &at).await {
            expected.push(at.to_string());
        }
    }
    let search =
        ResourceSearch { subject: subject(who, kind), action: action(name), kind: MACHINES.into() };
    let (mut found, mut part) = (Vec::new(), Part { after: None, limit: 1 });
    loop {
        let context = context(OLOF);
        let listed = resources::search(plane, &context, &language(), (&search, &part)).await;
        let listed = listed.unwrap();
        assert!(listed.items.len() <= 1);
        found.extend(listed.items);
        part.after = listed.next;
        if part.after.is_none() {
            break;
        }
    }
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "to what {who} may {name}");
    expected.len()
}

async fn actions_agree(plane: &Plane, (who, kind): (Principal, &str), at: &Scope) {
    let mut expected = BTreeSet::new();
    for name in ACTIONS.into_iter().chain(["Microsoft.Compute/virtualMachines/delete"]) {
        if yes(plane, who, kind, name, at).await {
            expected.insert(name.to_owned());
        }
    }
    let search = ActionSearch { subject: subject(who, kind), resource: place(at) };
    let part = Part { after: None, limit: 100 };
    let listed = actions::search(plane, &context(OLOF), &language(), (&search, &part)).await;
    let found: BTreeSet<String> = listed.unwrap().items.into_iter().map(|it| it.name).collect();
    assert_eq!(found, expected, "what {who} may at {at}");
}

async fn all_agree(draws: &[Draw]) -> usize {
    let plane = drawn(draws).await;
    let mut counted = 0;
    for name in ACTIONS {
        for at in machines() {
            counted += subjects_agree(&plane, name, &at).await;
        }
        for who in people() {
            counted += resources_agree(&plane, who, name).await;
        }
    }
    for who in people() {
        for at in machines() {
            actions_agree(&plane, who, &at).await;
        }
    }
    counted
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_search_finds_exactly_what_an_evaluation_says_yes_to(
        draws in prop::collection::vec(any::<Draw>(), 0..24),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let counted = runtime.block_on(all_agree(&draws));
        // The owner's own at the least, or the world shows nothing.
        prop_assert!(counted > 0);
    }
}
