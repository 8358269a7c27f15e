//! Who may take a private plan, changed in draft, preview and storefront at once: no certification
//! looks at it.

use std::collections::{BTreeMap, BTreeSet};

use ids::{
    guid::SubscriptionId,
    offer::{OfferId, PlanId, PlanName, Slot},
};
use market::audience::{PRIVATE_MAX, description_of};
use model::{
    action::Verb,
    market::{
        MarketNoun,
        form::{AudienceEntry, Visibility},
        offer::{Audience, Audienced, Edition, Offer, Stage},
    },
};
use store::unit::Unit;

use super::{decide, history, read::shown};
use crate::{
    context::Context,
    error::Error,
    market::{By, Refused, Thing, admit, find},
    plane::{Plane, retry},
};

/// Who comes to an audience, and who goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    pub add: Vec<AudienceEntry>,
    pub remove: Vec<SubscriptionId>,
}

impl Change {
    /// What makes the second audience of the first.
    pub fn between(before: &[AudienceEntry], after: &[AudienceEntry]) -> Self {
        let kept: BTreeSet<SubscriptionId> = after.iter().map(|it| it.subscription).collect();
        let known: BTreeMap<SubscriptionId, &AudienceEntry> =
            before.iter().map(|it| (it.subscription, it)).collect();
        let is_news = |it: &&AudienceEntry| known.get(&it.subscription) != Some(it);
        let is_gone = |it: &SubscriptionId| !kept.contains(it);
        Self {
            add: after.iter().filter(is_news).cloned().collect(),
            remove: before.iter().map(|it| it.subscription).filter(is_gone).collect(),
        }
    }

    /// Whether nobody comes, and nobody goes.
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty()
    }
}

/// Changes the audience of a private plan wherever it is one: in the draft, in what is being
/// certified, in the preview and in the storefront, in one unit.
pub async fn sync(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    name: &PlanName,
    change: &Change,
) -> Result<Offer, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let after = sync_in(plane, context, &mut unit, id, name, change).await?;
        plane.commit(context, unit, 200).await?;
        Ok(after)
    })
    .await
}

/// The same as a part of what happens together.
pub(super) async fn sync_in(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    id: &OfferId,
    name: &PlanName,
    change: &Change,
) -> Result<Offer, Error> {
    sound(change)?;
    admit(plane, context, unit, "offers", Verb::Write)?;
    let mut offer = find(unit, context, id).await?;
    if !offer.plans.contains_key(name) {
        return Err(Refused::NotFound(Thing::Plan).into());
    }
    let by = By::Caller(plane, context);
    let mut is_private = drafted(&mut offer, name, change)?;
    decide::bounded(&offer.form)?;
    for stage in [Stage::Submitted, Stage::Published(Slot::Preview), Stage::Published(Slot::Live)] {
        is_private |= published(by, unit, &offer, (name, stage), change).await?;
    }
    if !is_private {
        return Err(Refused::NotPrivate(name.clone()).into());
    }
    offer.revision = offer.revision.saturating_add(1);
    by.put(unit, MarketNoun::Offer(offer.clone())).await?;
    history::note(plane, by, unit, &offer, "Sync private audience".to_owned()).await?;
    Ok(shown(offer))
}

fn sound(change: &Change) -> Result<(), Refused> {
    if change.add.len() > PRIVATE_MAX || change.remove.len() > PRIVATE_MAX {
        return Err(Refused::TooMany { what: "subscriptions", max: PRIVATE_MAX });
    }
    for it in &change.add {
        let told = |why: market::audience::Problem| Refused::Invalid {
            field: "label",
            why: why.to_string(),
        };
        description_of(&it.description).map_err(told)?;
    }
    Ok(())
}

fn drafted(offer: &mut Offer, name: &PlanName, change: &Change) -> Result<bool, Refused> {
    let mut private = offer.form.plans.iter_mut().filter(|it| it.visibility == Visibility::Private);
    match private.find(|it| it.name == *name) {
        Some(plan) => {
            plan.audience = changed(&plan.audience, change)?;
            Ok(true)
        }
        None => Ok(false),
    }
}

async fn published(
    by: By<'_>,
    unit: &mut Unit,
    offer: &Offer,
    (name, stage): (&PlanName, Stage),
    change: &Change,
) -> Result<bool, Error> {
    let edition = unit.find::<Edition>(&(offer.id.clone(), stage)).await?;
    let plan = edition.as_ref().and_then(|it| it.form.plan(name));
    if plan.is_none_or(|it| it.visibility != Visibility::Private) {
        return Ok(false);
    }
    let of = Audienced::Plan(PlanId { offer: offer.id.clone(), name: name.clone() }, stage);
    let before = unit.find::<Audience>(&of).await?.map(|it| it.entries).unwrap_or_default();
    let after = Audience { of, tenant: offer.tenant, entries: changed(&before, change)? };
    by.put(unit, MarketNoun::Audience(after)).await?;
    Ok(true)
}

/// The audience afterwards: whoever is added is there once, with what is said of them now.
fn changed(before: &[AudienceEntry], change: &Change) -> Result<Vec<AudienceEntry>, Refused> {
    let told: BTreeMap<SubscriptionId, &AudienceEntry> =
        change.add.iter().map(|it| (it.subscription, it)).collect();
    let gone: BTreeSet<SubscriptionId> = change.remove.iter().copied().collect();
    let known: BTreeSet<SubscriptionId> = before.iter().map(|it| it.subscription).collect();
    let kept = before.iter().map(|it| told.get(&it.subscription).copied().unwrap_or(it));
    let new = told.iter().filter(|(id, _)| !known.contains(id)).map(|(_, it)| *it);
    let is_there = |it: &&AudienceEntry| !gone.contains(&it.subscription);
    let after: Vec<AudienceEntry> = kept.chain(new).filter(is_there).cloned().collect();
    if after.len() > PRIVATE_MAX {
        return Err(Refused::TooMany { what: "subscriptions", max: PRIVATE_MAX });
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use model::samples::{NEIGHBOUR, SUBSCRIPTION};

    use super::*;

    fn entry(subscription: SubscriptionId, description: &str) -> AudienceEntry {
        AudienceEntry { subscription, description: description.to_owned() }
    }

    #[test]
    fn whoever_is_added_is_there_once_and_whoever_goes_is_gone() {
        let before = [entry(SUBSCRIPTION, "old")];
        let add = vec![entry(SUBSCRIPTION, "new"), entry(NEIGHBOUR, "pilot")];
        let both = Change { add: add.clone(), remove: Vec::new() };
        assert_eq!(changed(&before, &both), Ok(add.clone()));
        let swap = Change { add, remove: vec![SUBSCRIPTION] };
        assert_eq!(changed(&before, &swap), Ok(vec![entry(NEIGHBOUR, "pilot")]));
        assert_eq!(changed(&before, &Change::default()), Ok(before.into()));
    }

    #[test]
    fn what_makes_one_audience_of_another_names_who_comes_and_who_goes() {
        let (contoso, pilot) = (entry(SUBSCRIPTION, "contoso"), entry(NEIGHBOUR, "pilot"));
        let renamed = entry(SUBSCRIPTION, "Contoso Dairy");
        let cases: [(&[AudienceEntry], &[AudienceEntry]); 5] = [
            (&[], &[]),
            (&[], std::slice::from_ref(&contoso)),
            (std::slice::from_ref(&contoso), &[pilot]),
            (std::slice::from_ref(&contoso), &[renamed]),
            (std::slice::from_ref(&contoso), &[]),
        ];
        for (before, after) in cases {
            let change = Change::between(before, after);
            assert_eq!(changed(before, &change), Ok(after.to_vec()), "{change:?}");
            assert_eq!(change.is_empty(), before == after);
        }
    }
}
