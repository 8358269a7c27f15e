//! A list tells nobody how much it holds of what they may not see.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use ids::{
    guid::{Principal, TenantId},
    resource::{AssignmentId, DefinitionId},
};
use model::{
    action::Action,
    change::Noun,
    delegation::{Assignment, Definition},
    samples::{
        self, ADA, CONTRIBUTOR, OLOF, PROVIDER, READER, SUBSCRIPTION, TIER1, authorization, whole,
    },
};
use operations::{
    delegation::read::{self as delegations, Listing},
    groups::read,
    page::page,
    plane::Plane,
};
use uuid::Uuid;

/// People of Contoso's: to one nothing was granted, the other reads one group.
const STRANGER: Principal = samples::principal(samples::CUSTOMER, 0x5742);
const NORA: Principal = samples::principal(samples::CUSTOMER, 0x40);

async fn world() -> Plane {
    let groups =
        ["g0", "g1", "g2", "g3", "g4"].map(|name| Noun::ResourceGroup(testkit::group(name)));
    let grant = samples::role_assignment(samples::resource_group("g2"), NORA, READER);
    let people = [
        Noun::User(samples::user(STRANGER, "stranger")),
        Noun::User(samples::user(NORA, "nora")),
        Noun::RoleAssignment(grant),
    ];
    testkit::plane(groups.into_iter().chain(people).collect()).await
}

/// What each page shows, when a client follows the links to the end.
async fn pages(plane: &Plane, who: Principal, top: usize) -> Vec<Vec<String>> {
    let context = testkit::context(who, &Action::GROUPS_READ, whole());
    let (mut shown, mut after) = (Vec::new(), None);
    loop {
        let asked = page(after, Some(top));
        let found = read::list(plane, &context, SUBSCRIPTION, asked).await.unwrap();
        shown.push(found.items.iter().map(|group| group.name.to_string()).collect());
        after = found.next;
        if after.is_none() {
            return shown;
        }
    }
}

#[tokio::test]
async fn short_pages_do_not_count_what_the_caller_may_not_see() {
    let plane = world().await;
    for top in 1..=6 {
        assert_eq!(pages(&plane, STRANGER, top).await, [[""; 0]], "top {top}");
        assert_eq!(pages(&plane, NORA, top).await, [["g2"]], "top {top}");
    }
}

#[tokio::test]
async fn short_pages_show_everything_once_and_in_order() {
    let plane = world().await;
    let all = ["g0", "g1", "g2", "g3", "g4"];
    for top in 1..=6 {
        let expected: Vec<Vec<&str>> = all.chunks(top).map(<[&str]>::to_vec).collect();
        assert_eq!(pages(&plane, OLOF, top).await, expected, "top {top}");
    }
}

/// Another provider, and its engineer.
const RIVAL: TenantId = TenantId::new(Uuid::from_u128(0xB));
const BO: Principal = samples::principal(RIVAL, 0xB0);
const GROUPS: [&str; 5] = ["g0", "g1", "g2", "g3", "g4"];

/// Fabrikam's offer is accepted by one group, the rival's by the four others.
async fn delegated() -> Plane {
    let definition = |n: u128, managed_by: TenantId, authorizations| Definition {
        id: DefinitionId::at(whole(), Uuid::from_u128(n).to_string().parse().unwrap()).unwrap(),
        managed_by,
        authorizations,
        ..samples::definition(SUBSCRIPTION)
    };
    let offers = [
        definition(1, RIVAL, vec![authorization(BO, CONTRIBUTOR)]),
        definition(2, PROVIDER, vec![authorization(TIER1, CONTRIBUTOR)]),
        definition(3, RIVAL, vec![authorization(BO, CONTRIBUTOR)]),
    ];
    let accepted = GROUPS.map(|name| {
        let it = &offers[usize::from(name == "g2")];
        let id = AssignmentId::at(samples::resource_group(name), it.id.name().clone()).unwrap();
        Noun::Assignment(Assignment {
            id,
            definition_as_sent: it.id.to_string(),
            definition: it.id.clone(),
            managed_by: it.managed_by,
            partner: None,
            period: None,
            system_data: samples::system_data(),
        })
    });
    let people = [
        Noun::Tenant(samples::tenant(RIVAL, "rival")),
        Noun::User(samples::user(BO, "bo")),
        Noun::RoleAssignment(samples::role_assignment(whole(), NORA, READER)),
        Noun::User(samples::user(NORA, "nora")),
    ];
    let whole_of_ada = Noun::Assignment(Assignment {
        id: AssignmentId::at(whole(), offers[1].id.name().clone()).unwrap(),
        definition_as_sent: offers[1].id.to_string(),
        definition: offers[1].id.clone(),
        managed_by: PROVIDER,
        partner: None,
        period: None,
        system_data: samples::system_data(),
    });
    let groups = GROUPS.map(|name| Noun::ResourceGroup(testkit::group(name)));
    let nouns = groups.into_iter().chain(offers.map(Noun::Definition)).chain(people);
    testkit::plane(nouns.chain(accepted).chain([whole_of_ada]).collect()).await
}

/// Where the assignments stand that each page shows, and the definitions likewise.
async fn delegation_pages(
    plane: &Plane,
    who: Principal,
    managing: Option<TenantId>,
    top: usize,
) -> [Vec<Vec<String>>; 2] {
    let kind = |noun: &str| Action::named(format!("Microsoft.ManagedServices/{noun}/read"));
    let definitions = testkit::context(who, &kind("registrationDefinitions"), whole());
    let assignments = testkit::context(who, &kind("registrationAssignments"), whole());
    let listing = |after| Listing {
        scope: whole(),
        managing: managing.map(|it| vec![it]),
        page: page(after, Some(top)),
    };
    let (mut assigned, mut after) = (Vec::new(), None);
    loop {
        let found = delegations::assignments(plane, &assignments, &listing(after)).await.unwrap();
        assigned.push(found.items.iter().map(|(it, _)| it.id.scope().to_string()).collect());
        after = found.next;
        if after.is_none() {
            break;
        }
    }
    let mut defined = Vec::new();
    loop {
        let found = delegations::definitions(plane, &definitions, &listing(after)).await.unwrap();
        defined.push(found.items.iter().map(|it| it.it.id.name().to_string()).collect());
        after = found.next;
        if after.is_none() {
            return [assigned, defined];
        }
    }
}

/// B45: not even how many others manage the customer.
#[tokio::test]
async fn a_provider_cannot_count_other_providers_delegations_by_short_pages() {
    let plane = delegated().await;
    let (mine, theirs) = (whole().to_string(), samples::resource_group("g2").to_string());
    for top in 1..=6 {
        let [assigned, defined] = delegation_pages(&plane, ADA, None, top).await;
        let all = [mine.clone(), theirs.clone()];
        let expected: Vec<&[String]> = all.chunks(top).collect();
        assert_eq!(assigned, expected, "top {top}");
        assert_eq!(defined, [[Uuid::from_u128(2).to_string()]], "top {top}");
        let [assigned, defined] = delegation_pages(&plane, ADA, Some(RIVAL), top).await;
        assert_eq!((assigned, defined), (vec![vec![]], vec![vec![]]), "top {top}");
    }
}

#[tokio::test]
async fn a_filtered_list_fills_its_pages_and_shows_the_owner_everything_once() {
    let plane = delegated().await;
    for top in 1..=6 {
        for who in [OLOF, NORA] {
            let [assigned, defined] = delegation_pages(&plane, who, None, top).await;
            assert_eq!(assigned.concat().len(), 6, "top {top}");
            assert_eq!(defined.concat().len(), 3, "top {top}");
            assert_eq!(assigned.len(), 6_usize.div_ceil(top), "top {top}");
        }
        let [assigned, defined] = delegation_pages(&plane, OLOF, Some(RIVAL), top).await;
        assert_eq!((assigned.len(), defined.len()), (4_usize.div_ceil(top), 2_usize.div_ceil(top)));
    }
}
