//! The lines answer, and as the facts do, where their room ends and numbers are used again.

use ids::{
    clock::Revision,
    guid::{RoleId, SubscriptionId, TenantId},
    name::Name,
    resource::AssignmentId,
};
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::{Assignment, Authorization, Definition},
    role::{Lock, LockLevel},
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, OWNER, PROVIDER, READER, SUBSCRIPTION, TIER1,
        principal, resource_group, whole,
    },
    settings::{Profile, Settings},
    tree::{ManagementGroup, Subscription},
};
use uuid::Uuid;

use super::*;
use crate::catalogue::Catalogue;
use ids::{resource::LockId, scope::Scope};

const WRITE: Action = Action::known("Microsoft.Storage/storageAccounts/write");

fn put(index: &Index, nouns: impl IntoIterator<Item = Noun>) -> Index {
    let changes: Vec<Change> = nouns.into_iter().map(Change::Put).collect();
    index.after(&changes, Revision(index.revision().0 + 1))
}

fn removed(index: &Index, noun: Noun) -> Index {
    index.after(&[Change::Remove(noun)], Revision(index.revision().0 + 1))
}

fn people() -> Index {
    let nouns = [
        Noun::User(samples::user(OLOF, "olof")),
        Noun::User(samples::user(ADA, "ada")),
        Noun::Group(samples::group(TIER1, "tier1")),
        Noun::Membership(samples::membership(TIER1, ADA)),
        Noun::Subscription(samples::subscription(SUBSCRIPTION, CUSTOMER)),
    ];
    put(&Index::new(Catalogue::builtin()), nouns)
}

fn grant(scope: Scope, who: Principal, role: RoleId) -> Noun {
    Noun::RoleAssignment(samples::role_assignment(scope, who, role))
}

/// An offer of some tenant, and that it is accepted for the subscription.
fn delegated(n: u128, managed_by: TenantId, authorizations: Vec<Authorization>) -> [Noun; 2] {
    let sample = samples::definition(SUBSCRIPTION);
    let name: Name = Uuid::from_u128(n).to_string().parse().unwrap();
    let id = ids::resource::DefinitionId::at(whole(), name.clone()).unwrap();
    let definition = Definition { id: id.clone(), managed_by, authorizations, ..sample };
    let assignment = Assignment {
        id: AssignmentId::at(whole(), name).unwrap(),
        definition: id,
        managed_by,
        ..samples::assignment(whole())
    };
    [Noun::Definition(definition), Noun::Assignment(assignment)]
}

/// What the lines say; it is what the facts say.
fn asked(index: &Index, who: Principal, action: &Action, scope: &Scope) -> Option<bool> {
    let question = Question::any(action.clone(), scope.clone());
    let slow = index.judge(who, &question, samples::now(), &mut ());
    let (who, operation) = (index.who(who), index.operation(action.clone()));
    let may = index.may(&who, &operation, &index.place(scope.clone()), samples::now());
    assert_eq!(may, slow.is_allowed());
    let quick = index.at_once(who.name(), &question, samples::now())?;
    assert_eq!(quick, slow, "{question:?}");
    Some(quick.is_allowed())
}

fn may(index: &Index, who: Principal, scope: &Scope) -> bool {
    asked(index, who, &WRITE, scope).expect("the lines say it")
}

#[test]
fn a_scope_may_carry_more_delegations_than_a_line_has_room_for() {
    let tenant = |n: u128| TenantId::new(Uuid::from_u128(0x700 + n));
    let provider = |n| principal(tenant(n), 1);
    let mut index = people();
    for n in 0..9 {
        let offer = vec![samples::authorization(provider(n), CONTRIBUTOR)];
        let nouns = delegated(n + 1, tenant(n), offer);
        index = put(&index, nouns.into_iter().chain([Noun::User(samples::user(provider(n), "p"))]));
        assert!((0..9).all(|other| other > n || may(&index, provider(other), &whole())));
    }
    for n in [4, 0, 8] {
        let [_, assignment] = delegated(n + 1, tenant(n), Vec::new());
        index = removed(&index, assignment);
        assert!(!may(&index, provider(n), &whole()) && may(&index, provider(5), &whole()));
    }
}

#[test]
fn a_manifest_may_say_more_than_a_sheet_has_room_for() {
    let somebody = |n: u128| principal(PROVIDER, 0x100 + n);
    let all = (0..20).map(|n| samples::authorization(somebody(n), CONTRIBUTOR)).collect();
    let people = people();
    let users = (0..20).map(|n| Noun::User(samples::user(somebody(n), "u")));
    let index = put(&people, users.chain(delegated(1, PROVIDER, all)));
    assert!((0..20).all(|n| may(&index, somebody(n), &whole())));
    assert!(!may(&index, ADA, &whole()));
}

#[test]
fn a_tenant_may_have_more_grantees_than_a_line_has_bits() {
    let group = |n: u128| principal(CUSTOMER, 0x1000 + n);
    let mut index = people();
    let grants = (0..300).flat_map(|n| {
        let place = resource_group(&format!("rg{n}"));
        [Noun::Group(samples::group(group(n), "g")), grant(place, group(n), CONTRIBUTOR)]
    });
    index = put(&index, grants);
    for n in [0, 255, 256, 299] {
        let there = resource_group(&format!("rg{n}"));
        assert!(!may(&index, OLOF, &there));
        let member = samples::membership(group(n), OLOF);
        index = put(&index, [Noun::Membership(member)]);
        assert!(may(&index, OLOF, &there) && !may(&index, OLOF, &resource_group("rg100")));
        index = removed(&index, Noun::Membership(member));
        assert!(!may(&index, OLOF, &there));
    }
}

#[test]
fn who_takes_anothers_slot_has_not_what_that_one_had() {
    let (one, other) = (principal(CUSTOMER, 0x21), principal(CUSTOMER, 0x22));
    let users = [one, other].map(|who| Noun::User(samples::user(who, "u")));
    let before = put(&put(&people(), users), [grant(whole(), one, OWNER)]);
    let gone = removed(&before, grant(whole(), one, OWNER));
    let after = put(&gone, [grant(resource_group("app"), other, OWNER)]);
    assert_eq!(before.numbers.slot(one), after.numbers.slot(other), "the same slot");
    assert!(may(&before, one, &whole()) && !may(&after, one, &resource_group("app")));
    assert!(may(&after, other, &resource_group("app")) && !may(&before, other, &whole()));
}

#[test]
fn a_handle_of_another_edition_says_what_the_index_that_is_asked_says() {
    let (one, other) = (principal(CUSTOMER, 0x21), principal(CUSTOMER, 0x22));
    let user = |who| Noun::User(samples::user(who, "u"));
    let people = people();
    // Two ways on from one index: each gives the same number to another.
    let here = put(&put(&people, [user(one)]), [grant(whole(), one, OWNER)]);
    let there = put(&put(&people, [user(other)]), [grant(whole(), one, OWNER)]);
    for (of, index) in [(&here, &there), (&there, &here), (&people, &here), (&here, &people)] {
        for who in [one, other, OLOF, ADA] {
            let question = Question::any(WRITE, whole());
            let (handle, place) = (of.who(who), of.place(whole()));
            let may = index.may(&handle, &of.operation(WRITE), &place, samples::now());
            assert_eq!(may, index.check(who, &question, samples::now()).is_allowed());
        }
    }
}

#[test]
fn what_stands_at_a_group_is_found_below_whichever_came_first() {
    let account = format!("{}/providers/N.S/accounts/a", resource_group("app"));
    let child = Scope::parse(&format!("{account}/parts/b"), CUSTOMER).unwrap();
    let account = Scope::parse(&account, CUSTOMER).unwrap();
    let scopes = [&child, &account, &resource_group("app"), &whole()];
    let users = (0..4).map(|n| Noun::User(samples::user(principal(CUSTOMER, 0x30 + n), "u")));
    let people = put(&people(), users);
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [0, 2, 3, 1], [1, 3, 0, 2]] {
        let mut index = people.clone();
        for (turn, place) in order.into_iter().enumerate() {
            let who = |place: usize| principal(CUSTOMER, 0x30 + u128::try_from(place).unwrap());
            index = put(&index, [grant(scopes[place].clone(), who(place), OWNER)]);
            for (at, scope) in scopes.iter().enumerate() {
                for given in 0..4 {
                    let is_there = order[..=turn].contains(&given);
                    assert_eq!(may(&index, who(given), scope), is_there && at <= given);
                }
            }
        }
        for (place, scope) in scopes.iter().enumerate() {
            let who = principal(CUSTOMER, 0x30 + u128::try_from(place).unwrap());
            index = removed(&index, grant((*scope).clone(), who, OWNER));
            assert!(!may(&index, who, &child));
        }
        assert_eq!(index.dump(), people.dump(), "nothing is left behind");
    }
}

#[test]
fn a_subscription_moves_between_management_groups_and_tenants_and_rings_are_left() {
    let group = |name: &str, parent: Option<&str>| ManagementGroup {
        tenant: CUSTOMER,
        name: name.parse().unwrap(),
        display_name: name.to_owned(),
        parent: parent.map(|it| it.parse().unwrap()),
    };
    let at = |name: &str| Scope::ManagementGroup(CUSTOMER, name.parse().unwrap());
    let within = |tenant, parent: &str| {
        let parent = Some(parent.parse().unwrap());
        Noun::Subscription(Subscription { parent, ..samples::subscription(SUBSCRIPTION, tenant) })
    };
    let people = put(&people(), [grant(at("a"), OLOF, OWNER), within(CUSTOMER, "a")]);
    assert!(!may(&people, OLOF, &whole()), "there is no such group");
    let index = put(&people, [Noun::ManagementGroup(group("a", None))]);
    assert!(may(&index, OLOF, &whole()));
    let index = put(&index, [Noun::ManagementGroup(group("b", Some("a"))), within(CUSTOMER, "b")]);
    assert!(may(&index, OLOF, &whole()));
    let moved = put(&index, [Noun::ManagementGroup(group("b", None))]);
    assert!(!may(&moved, OLOF, &whole()));
    let sold = put(&index, [within(PROVIDER, "b")]);
    assert!(!may(&sold, OLOF, &whole()));
    let ring = put(&index, [Noun::ManagementGroup(group("a", Some("b")))]);
    assert_eq!(asked(&ring, OLOF, &WRITE, &whole()), None, "the facts are asked");
    let cut = removed(&ring, Noun::ManagementGroup(group("b", Some("a"))));
    assert!(!may(&cut, OLOF, &whole()) && may(&cut, OLOF, &at("a")));
}

#[test]
fn where_a_line_cannot_say_it_the_facts_are_asked() {
    let nouns = [grant(whole(), OLOF, OWNER)];
    let index = put(&people(), nouns);
    let id = LockId::at(whole(), "l".parse().unwrap()).unwrap();
    let lock = Noun::Lock(Lock { id, level: LockLevel::ReadOnly, notes: None });
    let locked = put(&index, [lock]);
    assert_eq!(asked(&locked, OLOF, &WRITE, &whole()), None);
    let read = Action::known("Microsoft.Storage/storageAccounts/read");
    assert_eq!(asked(&locked, OLOF, &read, &whole()), Some(true), "no lock bars it");
    assert_eq!(asked(&locked, ADA, &WRITE, &whole()), Some(false), "there is nothing to bar");

    let custom = samples::custom_role(whole());
    let role = custom.id;
    let index = put(&people(), [Noun::RoleDefinition(custom), grant(whole(), OLOF, role)]);
    assert_eq!(asked(&index, OLOF, &WRITE, &whole()), None);
    assert_eq!(asked(&index, ADA, &WRITE, &whole()), Some(false));

    let twice =
        [1, 2].map(|n| delegated(n, PROVIDER, vec![samples::authorization(TIER1, CONTRIBUTOR)]));
    let azure = Noun::Settings(Settings { profile: Profile::Azure, ..Settings::default() });
    let index = put(&people(), twice.clone().into_iter().flatten().chain([azure]));
    assert_eq!(asked(&index, ADA, &WRITE, &whole()), Some(true));
    let [[_, one], _] = twice;
    let lost = removed(&index, one);
    assert_eq!(asked(&lost, ADA, &WRITE, &whole()), None);
}

#[test]
fn nobody_asks_who_is_disabled_gone_or_of_another_subscription() {
    let offer = vec![samples::authorization(TIER1, CONTRIBUTOR)];
    let index = put(&people(), delegated(1, PROVIDER, offer));
    assert!(may(&index, ADA, &whole()));
    let unknown = Scope::Subscription(SubscriptionId::new(Uuid::from_u128(0xBAD)));
    assert!(!may(&index, ADA, &unknown) && !may(&index, TIER1, &whole()));
    let mut ada = samples::user(ADA, "ada");
    ada.enabled = false;
    assert!(!may(&put(&index, [Noun::User(ada.clone())]), ADA, &whole()));
    assert!(!may(&removed(&index, Noun::User(ada)), ADA, &whole()));
    let group = Noun::Group(samples::group(TIER1, "tier1"));
    assert!(!may(&removed(&index, group), ADA, &whole()));
    let reader = vec![samples::authorization(TIER1, READER)];
    let [definition, _] = delegated(1, PROVIDER, reader);
    assert!(!may(&put(&index, [definition]), ADA, &whole()), "the definition says less now");
}
