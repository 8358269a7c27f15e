//! What of a draft waits to be published, as a list of drafts tells it.

use ids::{offer::Slot, scope::Scope};
use model::{
    action::Action,
    change::Noun,
    market::{
        MarketNoun,
        account::AccountRole,
        offer::{Offer, OfferState, Stage},
    },
    samples::{ADA, PROVIDER, market},
};
use operations::market::offers::compare::waiting;

use super::counting::counting;

/// Fabrikam's offer, live as it was drafted and submitted in its first form.
fn published() -> Vec<Noun> {
    let live = Stage::Published(Slot::Live);
    let submission = market::all().into_iter().map(|(_, noun)| noun);
    let submission = submission.filter(|it| matches!(it, MarketNoun::Submission(_)));
    let own = [
        MarketNoun::Account(market::account()),
        MarketNoun::AccountMember(market::member(AccountRole::Developer)),
        MarketNoun::Edition(market::edition(live)),
        MarketNoun::Audience(market::audience(live)),
        MarketNoun::Offer(Offer { state: OfferState::Live, ..market::offer() }),
    ];
    testkit::world()
        .into_iter()
        .chain(own.into_iter().chain(submission).map(Noun::Market))
        .collect()
}

#[tokio::test]
async fn a_draft_that_nobody_saved_since_it_was_submitted_is_not_compared() {
    let (plane, audiences) = counting(published()).await;
    let context =
        testkit::context(ADA, &Action::named("Fyr.Market/offers/read"), Scope::Tenant(PROVIDER));
    let listed = market::offer();
    assert_eq!(waiting(&plane, &context, &listed).await.unwrap(), 0);
    assert_eq!(audiences.count(), 0);
    let mut form = listed.form.clone();
    form.listing.title = "Day crew".to_owned();
    for (form, expected) in [(listed.form.clone(), 0), (form, 1)] {
        let saved = Offer { form, revision: listed.revision + 1, ..listed.clone() };
        testkit::put(&plane, vec![Noun::Market(MarketNoun::Offer(saved.clone()))]).await;
        assert_eq!(waiting(&plane, &context, &saved).await.unwrap(), expected);
    }
    assert!(audiences.count() > 0, "who saved is compared");
}
