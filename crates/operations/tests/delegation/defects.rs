//! What the azure profile copies of Azure's defects, and that the log says so.

use delegation::define;
use model::{
    action::Action,
    activity::{Log, Outcome},
    change::Noun,
    defect::Defect,
    role::{Lock, LockLevel},
    samples::{ADA, CONTRIBUTOR, OLOF, SUBSCRIPTION, TIER1, authorization, resource_group, whole},
    settings::{Profile, Settings},
};
use operations::{
    delegation::{assign::Assigned, end::Ended},
    plane::Plane,
};
use uuid::Uuid;

use super::kit::{
    accepting, assign_as, both_delegated, define_as, end_as, log_of, offer, reads, world,
};

/// Everything under the given profile.
async fn under(profile: Profile, nouns: Vec<Noun>) -> Plane {
    let settings = Noun::Settings(Settings { profile, ..Settings::default() });
    world(nouns.into_iter().chain([settings]).collect()).await
}

/// Another offer of Fabrikam's, with the same role for the same engineers.
fn like_offer() -> define::Request {
    let name = Uuid::from_u128(0x11CE).to_string().parse().unwrap();
    define::Request {
        id: ids::resource::DefinitionId::at(whole(), name).unwrap(),
        authorizations: vec![authorization(TIER1, CONTRIBUTOR)],
        ..offer()
    }
}

/// Every mark in the customer's log, sorted.
async fn marks(plane: &Plane) -> Vec<Defect> {
    let log = log_of(plane, Log::Subscription(SUBSCRIPTION)).await;
    assert!(log.iter().all(|it| it.outcome == Outcome::Succeeded || it.defects.is_empty()));
    let mut all: Vec<Defect> = log.into_iter().flat_map(|it| it.defects).collect();
    all.sort();
    all
}

async fn both_accepted(profile: Profile) -> Plane {
    let plane = under(profile, Vec::new()).await;
    for offer in [offer(), like_offer()] {
        define_as(&plane, OLOF, offer.clone()).await.unwrap();
        assign_as(&plane, OLOF, accepting(&offer, whole())).await.unwrap();
    }
    plane
}

#[tokio::test]
async fn b56_in_azure_the_end_of_one_offer_takes_its_like_along_until_that_is_put_again() {
    let plane = both_accepted(Profile::Azure).await;
    assert!(reads(&plane, ADA, whole()));

    end_as(&plane, OLOF, &accepting(&offer(), whole()).id).await.unwrap();
    assert!(!reads(&plane, ADA, whole()));
    let both = [Defect::TakenAlong, Defect::SharedPrincipals];
    assert_eq!(marks(&plane).await, both, "they had stood beside one another");

    let events = testkit::events(&plane).await.len();
    let again = assign_as(&plane, OLOF, accepting(&like_offer(), whole())).await.unwrap();
    assert!(matches!(again, Assigned::Unchanged(_)), "{again:?}");
    assert!(reads(&plane, ADA, whole()), "to put it again cures it");
    assert_eq!(testkit::events(&plane).await.len(), events + 1);
    assert_eq!(marks(&plane).await, both);

    assign_as(&plane, OLOF, accepting(&like_offer(), whole())).await.unwrap();
    assert_eq!(testkit::events(&plane).await.len(), events + 1, "there is nothing left to cure");
}

#[tokio::test]
async fn b56_in_strict_like_offers_are_counted_and_nothing_is_marked() {
    let plane = both_accepted(Profile::Strict).await;
    end_as(&plane, OLOF, &accepting(&offer(), whole()).id).await.unwrap();
    assert!(reads(&plane, ADA, whole()));
    end_as(&plane, OLOF, &accepting(&like_offer(), whole()).id).await.unwrap();
    assert!(!reads(&plane, ADA, whole()));
    assert_eq!(marks(&plane).await, []);
}

#[tokio::test]
async fn b49_in_azure_a_second_offer_for_the_same_principals_warns_and_both_work() {
    let plane = both_accepted(Profile::Azure).await;
    assert_eq!(marks(&plane).await, [Defect::SharedPrincipals], "the first one stood alone");
    assert!(reads(&plane, ADA, whole()));

    let elsewhere = accepting(&like_offer(), resource_group("rg1"));
    assign_as(&plane, OLOF, elsewhere).await.unwrap();
    assert_eq!(marks(&plane).await, [Defect::SharedPrincipals], "elsewhere it stands alone");
}

fn locked(level: LockLevel) -> Noun {
    let id = ids::resource::LockId::at(resource_group("rg1"), "l".parse().unwrap()).unwrap();
    Noun::Lock(Lock { id, level, notes: None })
}

async fn remove_group(plane: &Plane, name: &str) -> bool {
    let context = testkit::context(ADA, &Action::GROUPS_DELETE, resource_group(name));
    let group = (SUBSCRIPTION, name.parse().unwrap());
    operations::groups::delete::delete(plane, &context, group).await.is_ok()
}

#[tokio::test]
async fn b35_in_azure_a_lock_that_a_provider_passes_is_in_the_record() {
    let more = || both_delegated().into_iter().chain([locked(LockLevel::CanNotDelete)]).collect();
    let plane = under(Profile::Azure, more()).await;
    assert!(remove_group(&plane, "rg10").await);
    assert_eq!(marks(&plane).await, [], "no lock stood against that");
    assert!(remove_group(&plane, "rg1").await);
    assert_eq!(marks(&plane).await, [Defect::LockPassed]);

    let plane = under(Profile::Strict, more()).await;
    assert!(!remove_group(&plane, "rg1").await);
    assert_eq!(marks(&plane).await, []);
}

#[tokio::test]
async fn b35_a_delegation_is_given_back_over_a_lock_and_the_record_says_so() {
    let id = ids::resource::LockId::at(whole(), "l".parse().unwrap()).unwrap();
    let level = LockLevel::CanNotDelete;
    let lock = Noun::Lock(Lock { id, level, notes: None });
    let nouns = both_delegated().into_iter().chain([lock]).collect();
    let plane = under(Profile::Azure, nouns).await;
    let ended = end_as(&plane, ADA, &accepting(&offer(), whole()).id).await.unwrap();
    assert!(matches!(ended, Ended::Removed(_)));
    assert_eq!(marks(&plane).await, [Defect::LockPassed]);
}
