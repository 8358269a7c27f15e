//! A title is one provider's, up to the storefront.

use ids::{
    guid::{Principal, TenantId},
    offer::{OfferId, Slot},
};
use model::{
    change::Noun,
    market::{
        MarketNoun,
        account::Verification,
        form::{Form, Visibility},
        offer::{Edition, Offer, OfferState, Stage},
        submission::{Outcome, Submission, SubmissionId},
    },
    samples::{self, PROVIDER, market as sample},
};
use operations::{
    market::submissions::{decide, go_live::go_live, read},
    plane::Plane,
};
use uuid::Uuid;

use super::kit::{BO, DAN, RIVAL, by, form, offer_id, plane, worked};

const OWN: SubmissionId = SubmissionId(Uuid::from_u128(0x21));
const OTHER: SubmissionId = SubmissionId(Uuid::from_u128(0x22));

fn rivals() -> OfferId {
    OfferId { publisher: "rival".parse().unwrap(), ..offer_id() }
}

/// An offer of that title that waits for its sign-off, with a plan for everybody.
fn waiting(id: &OfferId, tenant: TenantId, made: SubmissionId, title: &str) -> Vec<Noun> {
    let mut form: Form = form();
    title.clone_into(&mut form.listing.title);
    form.plans[0].visibility = Visibility::Public;
    form.plans[0].audience.clear();
    let (state, durable) = (OfferState::Preview, made.0);
    let it = Offer { id: id.clone(), tenant, durable, state, form, ..sample::offer() };
    let submission = decide::begun(made, &it, Slot::Preview, (1, "dan"), samples::now());
    let edition = Edition {
        offer: id.clone(),
        tenant,
        form: it.form.clone(),
        submission: made,
        ..sample::edition(Stage::Published(Slot::Preview))
    };
    let nouns = [
        MarketNoun::Edition(edition),
        MarketNoun::Submission(Submission { outcome: Outcome::Succeeded, ..submission }),
        MarketNoun::Offer(it),
    ];
    nouns.map(Noun::Market).into()
}

/// Fabrikam's offer and the rival's, of these titles.
async fn both(own: &str, other: &str) -> Plane {
    let verified = Verification { tenant: RIVAL, ..sample::verification() };
    let mut nouns = vec![Noun::Market(MarketNoun::Verification(verified))];
    nouns.extend(waiting(&offer_id(), PROVIDER, OWN, own));
    nouns.extend(waiting(&rivals(), RIVAL, OTHER, other));
    plane(nouns).await
}

/// What became of the sign-off, where the offer is, and the rules that object.
async fn outcome(
    plane: &Plane,
    who: Principal,
    (id, going): (&OfferId, SubmissionId),
) -> (Outcome, OfferState, Vec<(String, String)>) {
    let shown = read::read(plane, &by(who), going).await.unwrap().submission;
    let state = plane.store.snapshot().await.unwrap().find::<Offer>(id).await.unwrap();
    let told = shown.findings.into_iter().map(|it| (it.rule, it.field)).collect();
    (shown.outcome, state.unwrap().state, told)
}

#[tokio::test]
async fn of_two_offers_of_one_title_that_go_live_at_once_one_does_and_the_other_hears_the_rule() {
    let plane = both("Night watch", "Night watch").await;
    let own = go_live(&plane, &by(DAN), &offer_id(), OWN).await.unwrap().id;
    let other = go_live(&plane, &by(BO), &rivals(), OTHER).await.unwrap().id;
    tokio::join!(worked(&plane), worked(&plane));
    let own = outcome(&plane, DAN, (&offer_id(), own)).await;
    let other = outcome(&plane, BO, (&rivals(), other)).await;
    let taken = vec![("TPL-002".to_owned(), "listing.title".to_owned())];
    let lives = (Outcome::Succeeded, OfferState::Live, Vec::new());
    let fails = (Outcome::Failed, OfferState::AttentionNeeded, taken);
    let both = [own, other];
    assert!(both.contains(&lives) && both.contains(&fails), "{both:?}");
}

#[tokio::test]
async fn two_offers_of_two_titles_go_live_at_once() {
    let plane = both("Night watch", "Day watch").await;
    let own = go_live(&plane, &by(DAN), &offer_id(), OWN).await.unwrap().id;
    let other = go_live(&plane, &by(BO), &rivals(), OTHER).await.unwrap().id;
    tokio::join!(worked(&plane), worked(&plane));
    let lives = (Outcome::Succeeded, OfferState::Live, Vec::new());
    assert_eq!(outcome(&plane, DAN, (&offer_id(), own)).await, lives);
    assert_eq!(outcome(&plane, BO, (&rivals(), other)).await, lives);
}
