//! The storefront: what is live, as a visitor sees it.
//!
//! What everybody may take is everybody's to read: no leave is asked for it. A private plan shows
//! beside it to whoever can read a subscription that it is for.

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
        offer::{Audienced, Edition, Stage},
    },
    question::Question,
};
use store::{
    engine::ROWS_MAX,
    records::ranges::market as ranges,
    snapshot::{Page, Snapshot},
};

use crate::{context::Context, error::Error, page::Paged, plane::Plane};

pub mod facets;

const LIVE: Stage = Stage::Published(Slot::Live);
/// How many offers a page shows.
const OFFERS_MAX: usize = 100;
/// How many offers are read at a time: each may be some megabytes.
const STRETCH: usize = 20;

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
    /// Only offers with a private plan that is there for the visitor.
    pub is_private: bool,
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

    /// Whether any of them is not for everybody.
    pub fn has_private(&self) -> bool {
        self.shown().any(|plan| plan.visibility == Visibility::Private)
    }
}

/// The offers that the visitor can take, by publisher and name. What they cannot neither fills a
/// page nor promises a next one; a page is short only after [`ROWS_MAX`] offers.
pub async fn list(
    plane: &Plane,
    visitor: Visitor<'_>,
    wanted: &Wanted,
    page: Page,
) -> Result<Paged<Listed>, Error> {
    admit(plane, visitor)?;
    let snapshot = plane.store.snapshot().await?;
    let listed = found(&snapshot, visitor, wanted, page).await?;
    release(plane, snapshot, visitor, listed).await
}

/// One offer, if the visitor can take any plan of it.
pub async fn get(
    plane: &Plane,
    visitor: Visitor<'_>,
    offer: &OfferId,
) -> Result<Option<Listed>, Error> {
    admit(plane, visitor)?;
    let snapshot = plane.store.snapshot().await?;
    let found = match snapshot.find::<Edition>(&(offer.clone(), LIVE)).await? {
        Some(edition) => list_one(&snapshot, edition, visitor).await?,
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

/// Goes on until one more is found than a page shows, the list ends, or enough was looked through.
async fn found(
    snapshot: &Snapshot,
    visitor: Visitor<'_>,
    wanted: &Wanted,
    page: Page,
) -> Result<Paged<Listed>, Error> {
    let range = match &wanted.publisher {
        Some(publisher) => ranges::editions_of_publisher(LIVE, publisher),
        None => ranges::editions_at(LIVE),
    };
    let limit = page.limit.clamp(1, OFFERS_MAX);
    let (mut items, mut last, mut left) = (Vec::new(), None, ROWS_MAX);
    let mut after = page.after;
    loop {
        let stretch = Page { after: after.take(), limit: STRETCH.min(left) };
        let rows = snapshot.list_placed::<Edition>(&range, stretch).await?;
        left = left.saturating_sub(rows.items.len());
        for (edition, place) in rows.items.into_iter().filter(|(it, _)| wanted.fits(it)) {
            let Some(listed) = list_one(snapshot, edition, visitor).await? else { continue };
            if wanted.is_private && !listed.has_private() {
                continue;
            }
            if items.len() == limit {
                return Ok(Paged { items, next: last });
            }
            items.push(listed);
            last = Some(place);
        }
        if rows.next.is_none() || left == 0 {
            return Ok(Paged { items, next: rows.next });
        }
        after = rows.next;
    }
}

/// The plans that the visitor can take. Whom a private one is for is not read, which may be ten
/// thousand others, but asked.
async fn visible(
    snapshot: &Snapshot,
    edition: &Edition,
    visitor: Visitor<'_>,
) -> Result<Vec<PlanName>, Error> {
    let mut names = Vec::new();
    let plans = edition.form.plans.iter().filter(|plan| !edition.stopped.contains(&plan.name));
    for Plan { name, visibility, .. } in plans {
        let is_open = match (visibility, visitor) {
            (Visibility::Public, Visitor::Anyone | Visitor::In(..)) => true,
            (Visibility::Private, Visitor::Anyone) => false,
            (Visibility::Private, Visitor::In(_, subscription)) => {
                let id = PlanId { offer: edition.offer.clone(), name: name.clone() };
                let range = ranges::audience_for(subscription, &Audienced::Plan(id, LIVE));
                snapshot.count(&range, 1).await? > 0
            }
        };
        names.extend(is_open.then(|| name.clone()));
    }
    Ok(names)
}

async fn list_one(
    snapshot: &Snapshot,
    edition: Edition,
    visitor: Visitor<'_>,
) -> Result<Option<Listed>, Error> {
    let plans = visible(snapshot, &edition, visitor).await?;
    if plans.is_empty() {
        return Ok(None);
    }
    let publisher = snapshot.find::<Publisher>(&edition.offer.publisher).await?;
    Ok(publisher.map(|publisher| Listed { edition, publisher, plans }))
}

impl Wanted {
    fn fits(&self, edition: &Edition) -> bool {
        self.is_in_category(edition) && self.says(edition)
    }

    fn is_in_category(&self, edition: &Edition) -> bool {
        let in_category = |wanted: &String| {
            let mut all = edition.form.categories.iter();
            all.any(|(key, below)| key == wanted || below.contains(wanted))
        };
        self.category.as_ref().is_none_or(in_category)
    }

    /// Whether the words stand in it that are looked for.
    fn says(&self, edition: &Edition) -> bool {
        let listing = &edition.form.listing;
        let text = format!("{} {} {}", listing.title, listing.summary, edition.offer.publisher);
        let text = text.to_lowercase();
        self.words.iter().all(|word| text.contains(&word.to_lowercase()))
    }
}
