//! The legal terms of a plan: what there is to agree to, and the agreement.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use delegation::{
    acceptance::{Refused, Subject, cancelled, is_agreed, signed},
    visible::Viewer,
};
use ids::{
    guid::{SubscriptionId, TenantId},
    offer::{PlanId, Slot},
};
use jiff::Timestamp;
use model::{
    change::{Change, Noun},
    market::{
        MarketNoun,
        acceptance::{Acceptance, TermsAccepted},
        form::Terms,
    },
};
use serde_json::json;
use store::{
    records::ranges,
    snapshot::{Page, Snapshot},
};

use super::{
    At, admit, agreement, follow, for_all,
    published::{self, Published, key},
    read::managed,
    refused,
    take::agree,
};
use crate::{
    context::Context,
    delegation::owner,
    error::Error,
    page::{Paged, examine},
    plane::{Plane, retry},
};

/// How many plans a page of agreements looks at.
const PLANS_MAX: usize = 100;

/// The terms of a plan as they are today, and whether they are agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    pub plan: PlanId,
    pub slot: Slot,
    pub terms: Terms,
    pub privacy_policy: String,
    /// Tells these words from any others.
    pub signature: String,
    pub retrieved: Timestamp,
    /// Who agreed to just these, if that stands.
    pub accepted: Option<TermsAccepted>,
}

/// The terms of a plan that can be taken in the subscription.
pub async fn read(plane: &Plane, context: &Context, at: &At) -> Result<Agreement, Error> {
    let snapshot = plane.store.snapshot().await?;
    let owner = owner(&plane.index(), &at.scope())?;
    let found = match at.meant() {
        Ok((plan, slot)) => look(&snapshot, (owner, at.subscription), &plan, slot).await?,
        Err(_) => None,
    };
    let viewer = Viewer { tenant: context.caller.principal.tenant, owner };
    let shown = found.filter(|(it, _)| it.is_there() && viewer.sees(it.publisher()));
    let now = plane.store.now();
    let shown = shown.map(|(it, acceptance)| agreement_of(&it, acceptance.as_ref(), now));
    plane.release(context, snapshot, shown).await?.ok_or_else(|| at.missing())
}

/// The agreements of the customer about plans that can be taken in the subscription, and whose
/// last word was given there.
pub async fn list(
    plane: &Plane,
    context: &Context,
    at: SubscriptionId,
    page: Page,
) -> Result<Paged<Agreement>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let owner = owner(&plane.index(), &ids::scope::Scope::Subscription(at))?;
    let viewer = Viewer { tenant: context.caller.principal.tenant, owner };
    let page = Page { limit: page.limit.clamp(1, PLANS_MAX), ..page };
    let range = ranges::market::acceptances_of_customer(owner);
    let known = managed(&snapshot, viewer).await?;
    let is_here = |it: &Acceptance| it.subscription == at && known.sees(it);
    let rows = examine(&snapshot, &range, page, is_here).await?.page(|_| true);
    let mut items = Vec::new();
    for it in rows.items {
        let found = published::read(&mut &snapshot, &it.plan, it.slot, at).await?;
        let shown = found.filter(|it| it.is_there() && viewer.sees(it.publisher()));
        items.extend(shown.map(|found| agreement_of(&found, Some(&it), plane.store.now())));
    }
    plane.release(context, snapshot, Paged { items, next: rows.next }).await
}

/// Agrees to the terms. With a signature, only to the ones that it is of.
pub async fn sign(
    plane: &Plane,
    context: &Context,
    at: &At,
    signature: Option<&str>,
) -> Result<Agreement, Error> {
    retry(|| signing(plane, context, at, signature)).await
}

async fn signing(
    plane: &Plane,
    context: &Context,
    at: &At,
    signature: Option<&str>,
) -> Result<Agreement, Error> {
    let customer = admit(plane, context, at)?;
    let (plan, slot) = at.meant()?;
    let mut unit = plane.begin(context);
    let found = published::read(&mut unit, &plan, slot, at.subscription).await?;
    let found = found.filter(Published::is_there).ok_or_else(|| at.missing())?;
    let terms = &found.edition.form.terms;
    if signature.is_some_and(|it| !it.eq_ignore_ascii_case(&signature_of(&plan, slot, terms))) {
        return Err(refused(Refused::OtherTerms(plan)));
    }
    let existing = unit.find::<Acceptance>(&key(customer, &plan, slot)).await?;
    let agreed = agreement(context, &unit, &found);
    let subject = Subject { customer, subscription: at.subscription, plan, slot };
    let is_same = is_agreed(existing.as_ref(), terms);
    if let Some(before) = existing.as_ref().filter(|_| !is_same) {
        let held = for_all(plane, context, &mut unit, before).await;
        held.map_err(|error| follow::elsewhere(error, at.subscription, &before.plan))?;
    }
    let acceptance = match existing {
        Some(existing) if is_same => existing,
        existing => signed(existing, subject, agreed),
    };
    if is_same {
        let change = Change::Put(Noun::Market(MarketNoun::Acceptance(acceptance.clone())));
        unit.hold(plane.permit(context, &change)?);
    } else {
        agree(plane, context, &mut unit, &acceptance).await?;
    }
    let now = unit.now();
    let committed = plane.commit(context, unit, 200).await;
    committed.map_err(|error| follow::elsewhere(error, at.subscription, &acceptance.plan))?;
    Ok(agreement_of(&found, Some(&acceptance), now))
}

/// Takes the agreement back. What is delegated stays; nothing new can be taken.
pub async fn cancel(plane: &Plane, context: &Context, at: &At) -> Result<Agreement, Error> {
    retry(|| cancelling(plane, context, at)).await
}

async fn cancelling(plane: &Plane, context: &Context, at: &At) -> Result<Agreement, Error> {
    let customer = admit(plane, context, at)?;
    let (plan, slot) = at.meant()?;
    let mut unit = plane.begin(context);
    let found = published::read(&mut unit, &plan, slot, at.subscription).await?;
    let found = found.filter(Published::is_there).ok_or_else(|| at.missing())?;
    let existing = unit.find::<Acceptance>(&key(customer, &plan, slot)).await?;
    let standing = existing.filter(|it| it.terms.is_standing);
    let cancelled = match standing {
        Some(existing) => {
            let held = for_all(plane, context, &mut unit, &existing).await;
            held.map_err(|error| follow::elsewhere(error, at.subscription, &plan))?;
            let it = Acceptance { subscription: at.subscription, ..cancelled(existing) };
            agree(plane, context, &mut unit, &it).await?;
            Some(it)
        }
        None => None,
    };
    let now = unit.now();
    let committed = plane.commit(context, unit, 200).await;
    committed.map_err(|error| follow::elsewhere(error, at.subscription, &found.id))?;
    Ok(agreement_of(&found, cancelled.as_ref(), now))
}

async fn look(
    snapshot: &Snapshot,
    (owner, at): (TenantId, SubscriptionId),
    plan: &PlanId,
    slot: Slot,
) -> Result<Option<(Published, Option<Acceptance>)>, Error> {
    let found = published::read(&mut &*snapshot, plan, slot, at).await?;
    let Some(found) = found else { return Ok(None) };
    Ok(Some((found, snapshot.find::<Acceptance>(&key(owner, plan, slot)).await?)))
}

fn agreement_of(
    published: &Published,
    acceptance: Option<&Acceptance>,
    now: Timestamp,
) -> Agreement {
    let form = &published.edition.form;
    let (plan, slot) = (published.id.clone(), published.slot);
    let agreed = acceptance.filter(|it| is_agreed(Some(*it), &form.terms));
    Agreement {
        signature: signature_of(&plan, slot, &form.terms),
        terms: form.terms.clone(),
        privacy_policy: form.listing.privacy_policy.clone(),
        retrieved: now,
        accepted: agreed.map(|it| it.terms.clone()),
        plan,
        slot,
    }
}

/// The digest of the words, and of what they are about.
fn signature_of(plan: &PlanId, slot: Slot, terms: &Terms) -> String {
    let text = json!([plan.to_string(), slot, terms]).to_string();
    digest(&SHA256, text.as_bytes()).as_ref().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}
