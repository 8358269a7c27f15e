//! Who sees which delegations.

use delegation::{dialect::Dialect, refused::Refused, visible};
use ids::{guid::Principal, scope::Scope};
use model::{
    action::Action,
    activity::Log,
    change::Noun,
    delegation::EligibleAuthorization,
    samples::{ADA, OLOF, PROVIDER, READER, SUBSCRIPTION, TIER1, resource_group, whole},
    settings::{Profile, Settings},
};
use operations::{
    activity,
    context::Context,
    delegation::read::{self, Listing},
    error::Error,
    page::page,
    plane::Plane,
};

use super::kit::{BO, about, accepting, both_delegated, define_as, offer, rivals_offer, world};

const ASSIGNMENTS_READ: Action =
    Action::known("Microsoft.ManagedServices/registrationAssignments/read");
const DEFINITIONS_READ: Action =
    Action::known("Microsoft.ManagedServices/registrationDefinitions/read");

fn listing(scope: Scope) -> Listing {
    Listing { scope, managing: None, page: page(None, None) }
}

fn at(who: Principal, action: &Action, scope: Scope) -> Context {
    testkit::context(who, action, scope)
}

/// The scopes of the assignments that somebody is shown there.
async fn assignments(plane: &Plane, who: Principal, listing: Listing) -> Vec<String> {
    let context = at(who, &ASSIGNMENTS_READ, listing.scope.clone());
    let found = read::assignments(plane, &context, &listing).await.unwrap();
    found.items.into_iter().map(|(it, _)| it.id.scope().to_string()).collect()
}

#[tokio::test]
async fn a_customer_sees_all_and_a_provider_only_its_own() {
    let plane = world(both_delegated()).await;
    let (all, rg1) = (whole().to_string(), resource_group("rg1").to_string());
    let both = [all.clone(), rg1.clone()];
    assert_eq!(assignments(&plane, OLOF, listing(whole())).await, both);
    assert_eq!(assignments(&plane, ADA, listing(whole())).await, [all]);
    assert_eq!(
        assignments(&plane, BO, listing(resource_group("rg1"))).await,
        std::slice::from_ref(&rg1)
    );
    assert_eq!(assignments(&plane, OLOF, listing(resource_group("rg1"))).await, [rg1]);
    assert!(assignments(&plane, OLOF, listing(resource_group("rg10"))).await.is_empty());
}

#[tokio::test]
async fn a_list_can_be_cut_to_some_managing_tenants() {
    let plane = world(both_delegated()).await;
    let only = Listing { managing: Some(vec![PROVIDER]), ..listing(whole()) };
    assert_eq!(assignments(&plane, OLOF, only.clone()).await, [whole().to_string()]);
    let context = at(OLOF, &DEFINITIONS_READ, whole());
    let found = read::definitions(&plane, &context, &only).await.unwrap();
    let [shown] = found.items.as_slice() else { panic!("{found:?}") };
    assert_eq!(shown.parties.customer_name.as_deref(), Some("contoso"));
}

#[tokio::test]
async fn definitions_of_others_are_neither_listed_nor_found() {
    let plane = world(both_delegated()).await;
    let context = at(ADA, &DEFINITIONS_READ, whole());
    let found = read::definitions(&plane, &context, &listing(whole())).await.unwrap();
    let ids: Vec<_> = found.items.into_iter().map(|it| it.it.id).collect();
    assert_eq!(ids, [offer().id]);

    let get = async |who, id: ids::resource::DefinitionId| {
        let context = about(who, &DEFINITIONS_READ, id.as_resource());
        read::definition(&plane, &context, id, Dialect::Eligible).await
    };
    let missing = |found: Result<_, Error>| {
        matches!(found, Err(Error::Delegation(Refused::Show(visible::Refused::NoDefinition(_)))))
    };
    assert!(get(ADA, offer().id).await.is_ok());
    assert!(missing(get(ADA, rivals_offer().id).await));
    assert!(get(OLOF, rivals_offer().id).await.is_ok());
}

#[tokio::test]
async fn an_assignment_of_another_provider_looks_like_none() {
    let plane = world(both_delegated()).await;
    for id in [
        accepting(&rivals_offer(), resource_group("rg1")).id,
        accepting(&rivals_offer(), resource_group("rg10")).id,
    ] {
        let context = about(ADA, &ASSIGNMENTS_READ, id.as_resource());
        let found = read::assignment(&plane, &context, id, Dialect::Eligible).await;
        assert!(matches!(
            found,
            Err(Error::Delegation(Refused::Show(visible::Refused::NoAssignment(_))))
        ));
    }
}

#[tokio::test]
async fn definitions_are_listed_at_a_subscription_only() {
    let plane = world(both_delegated()).await;
    let context = at(OLOF, &DEFINITIONS_READ, resource_group("rg1"));
    let found = read::definitions(&plane, &context, &listing(resource_group("rg1"))).await;
    assert!(matches!(
        found,
        Err(Error::Delegation(Refused::Show(visible::Refused::NotAtSubscription(_))))
    ));
}

#[tokio::test]
async fn an_older_version_lists_what_it_cannot_show_whole() {
    let mut nouns = both_delegated();
    let Some(Noun::Definition(mine)) = nouns.first_mut() else { panic!() };
    mine.eligible = vec![EligibleAuthorization {
        principal: TIER1.object,
        role: READER,
        display_name: None,
        policy: None,
    }];
    let plane = world(nouns).await;
    let id = accepting(&offer(), whole()).id;
    let context = about(OLOF, &ASSIGNMENTS_READ, id.as_resource());
    let get = async |dialect| read::assignment(&plane, &context, id.clone(), dialect).await;
    assert!(get(Dialect::Eligible).await.is_ok());
    assert!(matches!(
        get(Dialect::Plain).await,
        Err(Error::Delegation(Refused::Show(visible::Refused::TooOld(_))))
    ));
    assert_eq!(assignments(&plane, OLOF, listing(whole())).await.len(), 2);
}

/// The actions that somebody reads of in the customer's log.
async fn heard_of(plane: &Plane, who: Principal) -> Vec<String> {
    let asked = activity::Asked {
        from: Some(model::samples::now() - jiff::SignedDuration::from_hours(24)),
        ..activity::Asked::default()
    };
    let context = at(who, &activity::READ, whole());
    let (log, mut after, mut heard) = (Log::Subscription(SUBSCRIPTION), None, Vec::new());
    loop {
        let page = activity::read(plane, &context, log, &asked, after, Some(1)).await.unwrap();
        heard.extend(page.items.iter().map(|it| it.action.to_string()));
        assert!(!page.items.is_empty() || page.next.is_none(), "a page that counts what is hidden");
        after = page.next;
        if after.is_none() {
            return heard;
        }
    }
}

#[tokio::test]
async fn a_provider_reads_of_others_delegations_in_the_customers_log_in_azure_only() {
    for (profile, heard) in [(Profile::Azure, true), (Profile::Strict, false)] {
        let settings = Noun::Settings(Settings { profile, ..Settings::default() });
        let plane = world(both_delegated().into_iter().chain([settings]).collect()).await;
        define_as(&plane, OLOF, rivals_offer()).await.unwrap();
        let write = Action::DEFINITIONS_WRITE.to_string();
        assert!(heard_of(&plane, OLOF).await.contains(&write), "{profile:?}");
        assert_eq!(heard_of(&plane, ADA).await.contains(&write), heard, "{profile:?}");
    }
}
