//! Signing up, being verified, and who may do what in an account.

use model::{
    change::Noun,
    directory::User,
    market::account::{Account, AccountRole, AgreementKind, VerificationStage},
    samples::{self, ADA, PROVIDER, market},
};
use operations::{
    market::{
        IfMatch, Refused, Thing,
        account::{Told, list, show, sign_up, update, verify},
        members, publishers,
    },
    page::page,
    plane::Plane,
    put::Put,
};

use super::kit::{
    BO, DAN, GUEST, MIA, NED, OPERATOR, RIVAL, administrator, by, denied, events, member,
    operating, people, plane, refused,
};

fn told() -> Told {
    let Account { company, is_entitled, partner, .. } = market::account();
    let agreements = vec![AgreementKind::Publisher, AgreementKind::PartnerNetwork];
    Told { company, is_entitled, agreements, partner }
}

/// Everybody, no account, and Ada manages the directory.
async fn before_sign_up() -> Plane {
    let more = [administrator(ADA), administrator(GUEST)];
    testkit::plane(people().into_iter().chain(more).collect()).await
}

#[tokio::test]
async fn a_company_signs_up_is_verified_step_by_step_and_is_told_what_is_missing() {
    use VerificationStage::{Authorized, Business, Email, Employment};

    let plane = before_sign_up().await;
    assert_eq!(refused(show::show(&plane, &by(ADA)).await), Refused::NoAccount);
    let account = sign_up::sign_up(&plane, &by(ADA), &told()).await.unwrap();
    assert_eq!(account.tenant, PROVIDER);
    let open = async |plane: &Plane| -> Vec<&'static str> {
        let shown = show::show(plane, &by(ADA)).await.unwrap();
        shown.steps.iter().filter(|it| !it.is_done()).map(|it| it.id).collect()
    };
    assert_eq!(open(&plane).await, ["A6", "A8"]);
    publishers::create(&plane, &by(ADA), "fabrikam".parse().unwrap(), "Fabrikam").await.unwrap();
    assert_eq!(open(&plane).await, ["A8"]);

    let operator = operating(OPERATOR, PROVIDER);
    let early = verify::verify(&plane, &operator, Authorized, Vec::new(), IfMatch::Any).await;
    assert!(matches!(refused(early), Refused::Stage { before: None, .. }));
    for stage in [Email, Employment, Business, Authorized] {
        let qualifications = market::verification().qualifications;
        let seen = IfMatch::Revision(account.revision);
        verify::verify(&plane, &operator, stage, qualifications, seen).await.unwrap();
    }
    assert_eq!(open(&plane).await, [""; 0]);
    let all = list::list(&plane, &operator, page(None, None)).await.unwrap().items;
    assert_eq!(all, [account]);
    assert_eq!(show::show(&plane, &operator).await.unwrap().account.tenant, PROVIDER);
}

#[tokio::test]
async fn only_a_global_administrator_of_the_companys_own_signs_up_and_once() {
    let plane = before_sign_up().await;
    let before = events(&plane).await.len();
    denied(sign_up::sign_up(&plane, &by(NED), &told()).await);
    denied(sign_up::sign_up(&plane, &by(BO), &told()).await);
    let guest = sign_up::sign_up(&plane, &by(GUEST), &told()).await;
    assert_eq!(refused(guest), Refused::NoWorkAccount);
    assert_eq!(events(&plane).await.len(), before, "a refusal leaves no trace");
    sign_up::sign_up(&plane, &by(ADA), &told()).await.unwrap();
    let again = sign_up::sign_up(&plane, &by(ADA), &told()).await;
    assert_eq!(refused(again), Refused::AccountExists);
}

#[tokio::test]
async fn an_account_changes_only_in_the_form_that_was_seen_and_keeps_what_was_verified() {
    let plane = plane(Vec::new()).await;
    let mut told = told();
    told.company.city = "Utrecht".to_owned();
    let stale = update::update(&plane, &by(ADA), &told, IfMatch::Revision(7)).await;
    assert_eq!(refused(stale), Refused::Stale { is: 1 });
    let after = update::update(&plane, &by(ADA), &told, IfMatch::Revision(1)).await.unwrap();
    assert_eq!((after.revision, after.company.city.as_str()), (2, "Utrecht"));
    told.company.legal_name = "Microsoft".to_owned();
    let renamed = update::update(&plane, &by(ADA), &told, IfMatch::Any).await;
    assert_eq!(refused(renamed), Refused::Verified("legalName"));
    denied(update::update(&plane, &by(MIA), &told, IfMatch::Any).await);
}

#[tokio::test]
async fn a_company_that_says_something_else_meanwhile_is_not_verified_by_what_was_looked_at() {
    let plane = plane(Vec::new()).await;
    let operator = operating(OPERATOR, PROVIDER);
    let seen = IfMatch::Revision(show::show(&plane, &operator).await.unwrap().account.revision);
    let mut told = told();
    told.company.street = "Elsewhere 1".to_owned();
    update::update(&plane, &by(ADA), &told, IfMatch::Any).await.unwrap();
    let before = events(&plane).await.len();
    let business = VerificationStage::Business;
    let stale = verify::verify(&plane, &operator, business.clone(), Vec::new(), seen).await;
    assert_eq!(refused(stale), Refused::Stale { is: 2 });
    assert_eq!(events(&plane).await.len(), before, "a refusal leaves no trace");
    let again = IfMatch::Revision(2);
    verify::verify(&plane, &operator, business, Vec::new(), again).await.unwrap();
    // Who may not look hears nothing of what changed.
    let foreign = operating(BO, PROVIDER);
    denied(verify::verify(&plane, &foreign, VerificationStage::Email, Vec::new(), seen).await);
}

#[tokio::test]
async fn nobody_but_the_operators_verifies_and_they_see_accounts_of_all() {
    let plane = plane(vec![administrator(ADA)]).await;
    for who in [ADA, BO, NED] {
        let context = operating(who, PROVIDER);
        let (stage, any) = (VerificationStage::Email, IfMatch::Any);
        denied(verify::verify(&plane, &context, stage, Vec::new(), any).await);
        let seen = list::list(&plane, &context, page(None, None)).await.unwrap();
        assert_eq!(seen.items, [], "{who:?}");
    }
    denied(show::show(&plane, &operating(ADA, RIVAL)).await);
    denied(show::show(&plane, &by(NED)).await);
    let seen = list::list(&plane, &operating(OPERATOR, PROVIDER), page(None, None)).await;
    assert_eq!(seen.unwrap().items.len(), 2);
}

#[tokio::test]
async fn roles_are_given_to_the_tenants_own_and_an_owner_is_the_owners_to_make() {
    let plane = plane(Vec::new()).await;
    let put = members::put(&plane, &by(MIA), NED.object, AccountRole::Developer).await.unwrap();
    assert!(matches!(put, Put::Created(_)));
    denied(members::put(&plane, &by(MIA), NED.object, AccountRole::Owner).await);
    denied(members::put(&plane, &by(MIA), ADA.object, AccountRole::Developer).await);
    denied(members::remove(&plane, &by(MIA), ADA.object).await);
    denied(members::put(&plane, &by(DAN), NED.object, AccountRole::Manager).await);
    for stranger in [GUEST.object, samples::TIER1.object, samples::object(0xBAD)] {
        let put = members::put(&plane, &by(ADA), stranger, AccountRole::Manager).await;
        assert_eq!(refused(put), Refused::NoMember);
    }
    let gone = members::remove(&plane, &by(ADA), samples::object(0xBAD)).await;
    assert_eq!(refused(gone), Refused::NotFound(Thing::Member));
    members::remove(&plane, &by(MIA), NED.object).await.unwrap();
    let all = members::list(&plane, &by(DAN), page(None, None)).await.unwrap().items;
    assert_eq!(all.len(), 3);
}

#[tokio::test]
async fn the_last_owner_who_can_sign_in_stays() {
    let disabled = User { enabled: false, ..samples::user(NED, "ned") };
    let plane = plane(vec![member(NED, AccountRole::Owner), Noun::User(disabled)]).await;
    let demoted = members::put(&plane, &by(ADA), ADA.object, AccountRole::Manager).await;
    assert_eq!(refused(demoted), Refused::LastOwner);
    assert_eq!(refused(members::remove(&plane, &by(ADA), ADA.object).await), Refused::LastOwner);
    members::put(&plane, &by(ADA), MIA.object, AccountRole::Owner).await.unwrap();
    members::remove(&plane, &by(ADA), ADA.object).await.unwrap();
    let seen = members::list(&plane, &by(ADA), page(None, None)).await.unwrap().items;
    assert_eq!(seen, [], "whoever has left sees nothing");
}

#[tokio::test]
async fn a_publishers_id_is_one_in_the_whole_marketplace_and_nobody_hears_whose_it_is() {
    let plane = plane(Vec::new()).await;
    let create = async |id: &str| {
        publishers::create(&plane, &by(MIA), id.parse().unwrap(), "Somebody").await
    };
    let (own, foreign) = (refused(create("fabrikam").await), refused(create("rival").await));
    assert_eq!(own.to_string().replace("fabrikam", "rival"), foreign.to_string());
    create("harbor").await.unwrap();
    let all = publishers::list(&plane, &by(DAN), page(None, None)).await.unwrap().items;
    let ids: Vec<&str> = all.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["fabrikam", "harbor"]);
    let put = publishers::create(&plane, &by(DAN), "other".parse().unwrap(), "Other").await;
    denied(put);
}
