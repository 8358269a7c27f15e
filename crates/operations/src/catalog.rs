//! The storefront: what is live, as a visitor sees it.
//!
//! What everybody may take is everybody's to read: no leave is asked for it. A private plan shows
//! beside it to whoever can read a subscription that it is for.

use std::collections::BTreeSet;

use access::{index::Index, permit::Denied, verdict::Refusal};
use ids::{
    guid::SubscriptionId,
    offer::{OfferId, PlanId, PlanName, PublisherId, Slot},
    scope::Scope,
};
use model::{
    action::Action,
    market::{
        account::Publisher,
        form::{Plan, Visibility},
        media::Media,
        offer::{Audience, Audienced, Edition, Stage},
    },
    question::Question,
};
use store::{
    records::ranges::market as ranges,
    snapshot::{Page, Snapshot},
};

use crate::{
    context::Context,
    error::Error,
    page::{Paged, examine},
    plane::Plane,
};

const LIVE: Stage = Stage::Published(Slot::Live);

/// Who looks.
#[derive(Clone, Copy, Debug)]
pub enum Visitor<'a> {
    /// Anybody: public plans.
    Anyone,
    /// Somebody who can read that subscription, for which private plans may be, too.
    In(&'a Context, SubscriptionId),
}

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub publisher: Option<PublisherId>,
    /// A category's or a subcategory's key.
    pub category: Option<String>,
    /// Words that all stand in the title, the summary or the publisher's name, in any case.
    pub words: Vec<String>,
}

/// A live offer as a visitor sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub edition: Edition,
    pub publisher: Publisher,
    /// The plans that the visitor can take; at least one.
    pub plans: Vec<PlanName>,
}

impl Listed {
    /// The plans that are shown, as the form has them.
    pub fn shown(&self) -> impl Iterator<Item = &Plan> {
        self.edition.form.plans.iter().filter(|plan| self.plans.contains(&plan.name))
    }
}

/// The offers that the visitor can take, by publisher and name. A page may be short.
pub async fn list(
    plane: &Plane,
    visitor: Visitor<'_>,
    wanted: &Wanted,
    page: Page,
) -> Result<Paged<Listed>, Error> {
    admit(plane, visitor)?;
    let snapshot = plane.store.snapshot().await?;
    let private = invited(&snapshot, visitor).await?;
    let range = match &wanted.publisher {
        Some(publisher) => ranges::editions_of_publisher(LIVE, publisher),
        None => ranges::editions_at(LIVE),
    };
    let is_meant = |it: &Edition| !visible(it, &private).is_empty() && wanted.fits(it);
    let found = examine(&snapshot, &range, page, is_meant).await?;
    let Paged { items, next } = found.page(|_| true);
    let mut listed = Vec::new();
    for edition in items {
        listed.extend(list_one(&snapshot, edition, &private).await?);
    }
    release(plane, snapshot, visitor, Paged { items: listed, next }).await
}

/// One offer, if the visitor can take any plan of it.
pub async fn get(
    plane: &Plane,
    visitor: Visitor<'_>,
    offer: &OfferId,
) -> Result<Option<Listed>, Error> {
    admit(plane, visitor)?;
    let snapshot = plane.store.snapshot().await?;
    let private = invited(&snapshot, visitor).await?;
    let found = match snapshot.find::<Edition>(&(offer.clone(), LIVE)).await? {
        Some(edition) => list_one(&snapshot, edition, &private).await?,
        None => None,
    };
    release(plane, snapshot, visitor, found).await
}

/// A picture of a live offer that the visitor can take.
pub async fn picture(
    plane: &Plane,
    visitor: Visitor<'_>,
    offer: &OfferId,
    digest: &str,
) -> Result<Option<Media>, Error> {
    let Some(listed) = get(plane, visitor, offer).await? else { return Ok(None) };
    let listing = &listed.edition.form.listing;
    let logos = [&listing.logo, &listing.medium_logo, &listing.small_logo];
    let shown = logos
        .into_iter()
        .flatten()
        .chain(listing.screenshots.iter().map(|it| &it.picture))
        .chain(listing.videos.iter().filter_map(|it| it.thumbnail.as_ref()));
    let Some(picture) = shown.into_iter().find(|it| it.digest == digest) else { return Ok(None) };
    let snapshot = plane.store.snapshot().await?;
    let found = snapshot.find::<Media>(&(listed.edition.tenant, picture.digest.clone())).await?;
    release(plane, snapshot, visitor, found).await
}

fn asked(subscription: SubscriptionId) -> Question {
    Question::any(Action::SUBSCRIPTIONS_READ, Scope::Subscription(subscription))
}

fn admit(plane: &Plane, visitor: Visitor<'_>) -> Result<(), Error> {
    judge(plane, &plane.index(), visitor)
}

/// Private plans show to those who read the subscription and are of its own tenant. A managing
/// tenant that reads it would hear of what others offer to its customer.
fn judge(plane: &Plane, index: &Index, visitor: Visitor<'_>) -> Result<(), Error> {
    let Visitor::In(context, subscription) = visitor else { return Ok(()) };
    let question = asked(subscription);
    plane.shown(index, context, &question)?;
    if index.home(&question.scope) == Some(context.caller.principal.tenant) {
        return Ok(());
    }
    let (caller, refusal) = (Box::new(context.caller.clone()), Refusal::NoGrant);
    Err(Denied { caller, question: Box::new(question), refusal }.into())
}

/// What was read is judged by facts as new as it is.
async fn release<T>(
    plane: &Plane,
    snapshot: Snapshot,
    visitor: Visitor<'_>,
    value: T,
) -> Result<T, Error> {
    let open = |index: &Index, value: T| judge(plane, index, visitor).map(|()| value);
    snapshot.seal(value).open(&plane.store, open).await
}

/// The private plans that are for the visitor's subscription.
async fn invited(snapshot: &Snapshot, visitor: Visitor<'_>) -> Result<BTreeSet<PlanId>, Error> {
    let Visitor::In(_, subscription) = visitor else { return Ok(BTreeSet::new()) };
    let mut plans = BTreeSet::new();
    let mut page = Page::first();
    loop {
        let rows = snapshot.list::<Audience>(&ranges::audiences_for(subscription), page).await?;
        plans.extend(rows.items.into_iter().filter_map(|it| match it.of {
            Audienced::Plan(plan, stage) => (stage == LIVE).then_some(plan),
            Audienced::Preview(..) => None,
        }));
        match rows.next {
            Some(next) => page = Page { after: Some(next), ..Page::first() },
            None => return Ok(plans),
        }
    }
}

fn visible(edition: &Edition, private: &BTreeSet<PlanId>) -> Vec<PlanName> {
    let id = |plan: &Plan| PlanId { offer: edition.offer.clone(), name: plan.name.clone() };
    let can_take = |plan: &&Plan| {
        let is_open = match plan.visibility {
            Visibility::Public => true,
            Visibility::Private => private.contains(&id(plan)),
        };
        is_open && !edition.stopped.contains(&plan.name)
    };
    edition.form.plans.iter().filter(can_take).map(|plan| plan.name.clone()).collect()
}

async fn list_one(
    snapshot: &Snapshot,
    edition: Edition,
    private: &BTreeSet<PlanId>,
) -> Result<Option<Listed>, Error> {
    let plans = visible(&edition, private);
    let publisher = snapshot.find::<Publisher>(&edition.offer.publisher).await?;
    let listed = publisher.map(|publisher| Listed { edition, publisher, plans });
    Ok(listed.filter(|it| !it.plans.is_empty()))
}

impl Wanted {
    fn fits(&self, edition: &Edition) -> bool {
        let form = &edition.form;
        let in_category = |wanted: &String| {
            form.categories.iter().any(|(key, below)| key == wanted || below.contains(wanted))
        };
        let listing = &form.listing;
        let text = format!("{} {} {}", listing.title, listing.summary, edition.offer.publisher);
        let text = text.to_lowercase();
        self.category.as_ref().is_none_or(in_category)
            && self.words.iter().all(|word| text.contains(&word.to_lowercase()))
    }
}
