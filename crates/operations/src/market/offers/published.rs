//! What of an offer is out there already, as the unit has read it.

use ids::offer::{OfferId, PlanId, PlanName, Slot};
use market::{
    lifecycle::{Facts, Storefront},
    lint::{change, offer::Previewed},
};
use model::market::offer::{Edition, Offer, OfferState, PlanManifest, Stage};
use store::{records::ranges::market as ranges, unit::Unit};

use crate::error::Error;

/// What is live of an offer, and each manifest that was ever in a preview.
pub(in crate::market) struct Published {
    pub(in crate::market) live: Option<Edition>,
    pub(in crate::market) previewed: Previewed,
}

impl Published {
    /// Of the plans that the offer has or had, and of these.
    pub(in crate::market) async fn read<'a>(
        unit: &mut Unit,
        offer: &'a Offer,
        plans: impl IntoIterator<Item = &'a PlanName>,
    ) -> Result<Self, Error> {
        let mut previewed = Previewed::new();
        let names: std::collections::BTreeSet<&PlanName> =
            offer.plans.keys().chain(plans).collect();
        for name in names {
            let plan = PlanId { offer: offer.id.clone(), name: name.clone() };
            for it in unit.list::<PlanManifest>(&ranges::manifests_of(&plan)).await? {
                previewed.insert((name.clone(), it.version), it.manifest);
            }
        }
        Ok(Self { live: edition(unit, &offer.id, Slot::Live).await?, previewed })
    }

    /// For the rules on what must not change.
    pub(in crate::market) fn facts(&self) -> change::Published<'_> {
        let live = self.live.as_ref().map(|it| &it.form);
        change::Published { live, previewed: &self.previewed }
    }
}

/// What is in that slot.
pub(in crate::market) async fn edition(
    unit: &mut Unit,
    id: &OfferId,
    slot: Slot,
) -> Result<Option<Edition>, Error> {
    Ok(unit.find::<Edition>(&(id.clone(), Stage::Published(slot))).await?)
}

/// What decides beside the offer's state. What is live keeps the name of the preview that it was.
pub(in crate::market) async fn standing(
    unit: &mut Unit,
    offer: &Offer,
    can_cancel: bool,
) -> Result<Facts, Error> {
    let preview = edition(unit, &offer.id, Slot::Preview).await?;
    let live = edition(unit, &offer.id, Slot::Live).await?;
    let is_live = |it: &Edition| live.as_ref().is_some_and(|live| live.submission == it.submission);
    let storefront = match &live {
        None => Storefront::Never,
        Some(live) if is_stopped(offer, live) => Storefront::Stopped,
        Some(_) => Storefront::Distributed,
    };
    let has_preview = preview.as_ref().is_some_and(|it| !is_live(it));
    Ok(Facts { has_preview, storefront, can_cancel })
}

/// Whether nobody can take any plan of what was live any more.
fn is_stopped(offer: &Offer, live: &Edition) -> bool {
    offer.state == OfferState::NotAvailable
        || live.form.plans.iter().all(|plan| live.stopped.contains(&plan.name))
}
