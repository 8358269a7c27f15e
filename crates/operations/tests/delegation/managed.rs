//! What a managing tenant's people see of all that is delegated to it: each what they may read,
//! and nothing counted besides.

use ids::{
    guid::{Principal, SubscriptionId, TenantId},
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    action::Action,
    change::Noun,
    delegation::{Accepted, Assignment, Authorization, Definition},
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, DELETE_ROLE, NEIGHBOUR, OLOF, PROVIDER, SUBSCRIPTION,
        TIER1, authorization, market, resource_group, whole,
    },
};
use operations::{
    delegation::{
        customers::{self, Row},
        managed::{self, Filter, Managed},
    },
    page::page,
    plane::Plane,
};
use uuid::Uuid;

use super::kit::{BO, CARL, NORTHWIND, RIVAL, both_delegated, world};

const READ: Action = Action::known("Microsoft.ManagedServices/registrationAssignments/read");

fn delegated(
    (managed_by, n): (TenantId, u128),
    scope: Scope,
    authorizations: Vec<Authorization>,
) -> Vec<Noun> {
    let at = Scope::Subscription(scope.subscription().unwrap());
    let name: ids::name::Name = Uuid::from_u128(n).to_string().parse().unwrap();
    let id = DefinitionId::at(at, name.clone()).unwrap();
    let sample = samples::definition(SUBSCRIPTION);
    let definition = Definition { id: id.clone(), managed_by, authorizations, ..sample };
    let assignment = Assignment {
        id: AssignmentId::at(scope, name).unwrap(),
        definition_as_sent: id.to_string(),
        definition: id,
        managed_by,
        ..samples::assignment(whole())
    };
    vec![Noun::Definition(definition), Noun::Assignment(assignment)]
}

fn tier1() -> Vec<Authorization> {
    [CONTRIBUTOR, DELETE_ROLE].map(|role| authorization(TIER1, role)).into()
}

/// Contoso delegated its subscription and a group to Fabrikam by two templates, another group to
/// the rival; Northwind its subscription to Fabrikam.
async fn plane() -> Plane {
    let nouns = [
        delegated((PROVIDER, 0xD0D0), whole(), tier1()),
        delegated((PROVIDER, 0xD0D1), resource_group("rg1"), tier1()),
        delegated((RIVAL, 0xB1D), resource_group("rg10"), vec![authorization(BO, CONTRIBUTOR)]),
        delegated((PROVIDER, 0xD0D0), Scope::Subscription(NEIGHBOUR), tier1()),
    ];
    world(nouns.concat()).await
}

fn context(who: Principal) -> operations::context::Context {
    testkit::context(who, &READ, Scope::Tenant(who.tenant))
}

/// What each page holds, when the links are followed to the end.
async fn pages(plane: &Plane, who: Principal, filter: &Filter, top: usize) -> Vec<Vec<Managed>> {
    let (mut shown, mut after) = (Vec::new(), None);
    loop {
        let asked = page(after, Some(top));
        let found = managed::list(plane, &context(who), filter, asked).await.unwrap();
        shown.push(found.items);
        after = found.next;
        if after.is_none() {
            return shown;
        }
    }
}

fn scopes(pages: &[Vec<Managed>]) -> Vec<Vec<String>> {
    let scope = |it: &Managed| it.assignment.id.scope().to_string();
    pages.iter().map(|page| page.iter().map(scope).collect()).collect()
}

async fn customers(plane: &Plane, who: Principal, filter: &Filter, top: usize) -> Vec<Row> {
    let (mut shown, mut after) = (Vec::new(), None);
    loop {
        let asked = page(after, Some(top));
        let found = customers::list(plane, &context(who), filter, asked).await.unwrap();
        assert!(found.items.len() <= top);
        shown.extend(found.items);
        after = found.next;
        if after.is_none() {
            return shown;
        }
    }
}

#[tokio::test]
async fn a_provider_lists_what_is_delegated_to_it_wherever_it_is_page_by_page() {
    let plane = plane().await;
    let all = [
        whole().to_string(),
        resource_group("rg1").to_string(),
        Scope::Subscription(NEIGHBOUR).to_string(),
    ];
    for top in 1..=4 {
        let expected: Vec<&[String]> = all.chunks(top).collect();
        let found = pages(&plane, ADA, &Filter::default(), top).await;
        assert_eq!(scopes(&found), expected, "top {top}");
    }
    let found = pages(&plane, ADA, &Filter::default(), 10).await.concat();
    let names: Vec<_> = found.iter().map(|it| it.customer.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["contoso", "contoso", "northwind"]);
    assert!(found.iter().all(|it| it.definition.is_some() && it.subscription.is_some()));
}

#[tokio::test]
async fn whoever_was_given_nothing_to_read_there_neither_sees_nor_counts_it() {
    let plane = plane().await;
    for top in 1..=3 {
        for who in [CARL, OLOF] {
            let found = pages(&plane, who, &Filter::default(), top).await;
            assert_eq!(found, [vec![]], "{who:?} top {top}");
            assert!(customers(&plane, who, &Filter::default(), top).await.is_empty());
        }
        let rival = pages(&plane, BO, &Filter::default(), top).await;
        assert_eq!(scopes(&rival), [[resource_group("rg10").to_string()]]);
    }
    let page = page(None, None);
    let found = customers::list(&plane, &context(CARL), &Filter::default(), page).await.unwrap();
    assert_eq!(found.next, None);
    for who in [CARL, OLOF, BO] {
        let of = managed::of_customer(&plane, &context(who), NORTHWIND, None, 1).await.unwrap();
        assert_eq!(of, (vec![], None), "{who:?}");
    }
}

#[tokio::test]
async fn a_customer_is_listed_once_with_counts_by_offer() {
    let plane = plane().await;
    for top in 1..=3 {
        let found = customers(&plane, ADA, &Filter::default(), top).await;
        let told: Vec<_> = found
            .iter()
            .map(|it| {
                let held = it.offers.iter().map(|it| (it.subscriptions, it.resource_groups));
                (it.customer.tenant, held.collect::<Vec<_>>(), it.is_more)
            })
            .collect();
        let expected = [(CUSTOMER, vec![(1, 0), (0, 1)], false), (NORTHWIND, vec![(1, 0)], false)];
        assert_eq!(told, expected, "top {top}");
    }
}

#[tokio::test]
async fn customers_and_delegations_are_found_by_offer_and_by_part_of_a_name() {
    let mut nouns = delegated((PROVIDER, 0xACC), Scope::Subscription(NEIGHBOUR), tier1());
    let Some(Noun::Definition(definition)) = nouns.first_mut() else { panic!() };
    definition.accepted =
        Some(Accepted { customer: NORTHWIND, plan: market::plan_version("1.2.0") });
    nouns.extend(delegated((PROVIDER, 0xD0D0), whole(), tier1()));
    let plane = world(nouns).await;
    let offer = market::offer_id().to_string();
    let by = |offer: Option<&str>, keyword: Option<&str>| Filter {
        offer: offer.map(str::to_owned),
        keyword: keyword.map(str::to_owned),
    };
    let own = Uuid::from_u128(0xD0D0).to_string();
    let cases = [
        (by(None, None), vec![CUSTOMER, NORTHWIND]),
        (by(Some(&offer), None), vec![NORTHWIND]),
        (by(Some(&own), None), vec![CUSTOMER]),
        (by(None, Some("NorthW")), vec![NORTHWIND]),
        (by(None, Some("fabrikam ops")), vec![CUSTOMER, NORTHWIND]),
        (by(None, Some(&SUBSCRIPTION.to_string())), vec![CUSTOMER]),
        (by(Some(&offer), Some("contoso")), vec![]),
    ];
    for (filter, expected) in cases {
        let listed = pages(&plane, ADA, &filter, 1).await.concat();
        let tenants: Vec<_> = listed.iter().map(|it| it.customer.tenant).collect();
        assert_eq!(tenants, expected, "{filter:?}");
        let listed = customers(&plane, ADA, &filter, 1).await;
        let tenants: Vec<_> = listed.iter().map(|it| it.customer.tenant).collect();
        assert_eq!(tenants, expected, "{filter:?}");
    }
    let listed = pages(&plane, ADA, &by(Some(&offer), None), 10).await.concat();
    assert_eq!(listed[0].offered().version, Some(market::version("1.2.0")));
}

/// Of each of so many customers one subscription.
fn many(customers: u128, subscriptions: u128) -> Vec<Noun> {
    let one = |n: u128| {
        // Neighbours in the order of all are different customers.
        let tenant = TenantId::new(Uuid::from_u128(0x1000 + n % customers));
        let id = SubscriptionId::new(Uuid::from_u128(0x10_0000 + n));
        let subscription = Noun::Subscription(samples::subscription(id, tenant));
        let tenant = Noun::Tenant(samples::tenant(tenant, &format!("c{}", n % customers)));
        let mut nouns = vec![tenant, subscription];
        nouns.extend(delegated((PROVIDER, 0xD0D0), Scope::Subscription(id), tier1()));
        nouns
    };
    (0..subscriptions).flat_map(one).collect()
}

#[tokio::test]
async fn pages_of_customers_hold_each_once_however_their_subscriptions_are_mixed() {
    let plane = world(many(7, 330)).await;
    for top in [1, 2, 3, 50] {
        let found = customers(&plane, ADA, &Filter::default(), top).await;
        let tenants: std::collections::BTreeSet<_> =
            found.iter().map(|it| it.customer.tenant).collect();
        assert_eq!((found.len(), tenants.len()), (7, 7), "top {top}");
        assert!(found.iter().all(|it| !it.is_more));
        let total: usize = found.iter().flat_map(|it| &it.offers).map(|it| it.subscriptions).sum();
        assert_eq!(total, 330);
    }
}

#[tokio::test]
async fn what_is_beyond_counting_is_said_to_be_more() {
    let plane = world(many(2, 250)).await;
    let found = customers(&plane, ADA, &Filter::default(), 50).await;
    let counts: Vec<_> = found.iter().map(|it| (it.offers[0].subscriptions, it.is_more)).collect();
    assert_eq!(counts, [(100, true), (100, true)]);
    let (tenant, mut after, mut seen) = (found[0].customer.tenant, None, Vec::new());
    loop {
        let context = context(ADA);
        let (items, next) =
            managed::of_customer(&plane, &context, tenant, after, 30).await.unwrap();
        seen.extend(items.into_iter().map(|it| it.assignment.id));
        after = next;
        if after.is_none() {
            break;
        }
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((all, seen.len()), (125, 125));
}

#[tokio::test]
async fn the_end_of_a_delegation_ends_what_is_shown_of_it() {
    let plane = world(both_delegated()).await;
    assert_eq!(pages(&plane, ADA, &Filter::default(), 5).await.concat().len(), 1);
    let id = super::kit::accepting(&super::kit::offer(), whole()).id;
    super::kit::end_as(&plane, ADA, &id).await.unwrap();
    assert!(pages(&plane, ADA, &Filter::default(), 5).await.concat().is_empty());
    assert!(customers(&plane, ADA, &Filter::default(), 5).await.is_empty());
}
