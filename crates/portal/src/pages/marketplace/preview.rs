//! An offer's preview, for its publisher's own people and the subscriptions of its audience.

use askama::Template;
use ids::{
    guid::SubscriptionId,
    offer::{MarketplaceIdentifier, OfferId, Slot},
};
use operations::acceptance::shelf::Item;

use super::{Link, shelf};
use crate::{answer::Answer, ask::Ask, frame::Frame, permissions::Permissions, trouble::Trouble};

struct PlanView {
    title: String,
    version: String,
    permissions: Permissions,
    create: String,
}

#[derive(Template)]
#[template(path = "marketplace/preview.html")]
struct View {
    frame: Frame,
    publisher: String,
    plans: Vec<PlanView>,
}

pub(super) async fn show(
    ask: &Ask,
    offer: OfferId,
    place: Option<SubscriptionId>,
) -> Result<Answer, Trouble> {
    let name = format!("{}.{}", offer.publisher, Slot::Preview.product(&offer.name));
    let identifier = MarketplaceIdentifier::Offer(offer, Slot::Preview);
    let found = shelf(ask, &identifier, &name, place).await?;
    let (title, publisher) =
        found.first().map(|it| (it.offer.clone(), it.publisher.clone())).ok_or(Trouble::Nothing)?;
    let mut plans = Vec::with_capacity(found.len());
    for Item { version, manifest, plan, .. } in found {
        plans.push(PlanView {
            title: plan,
            version: version.version.to_string(),
            permissions: Permissions::of(ask, &manifest).await?,
            create: Link::Create(&version.plan, Slot::Preview, place).to_string(),
        });
    }
    let line = format!(
        "az rest --method get --url '/providers/Microsoft.ManagedServices/marketplaceRegistrationDefinitions/{name}?api-version=2022-10-01'"
    );
    let frame = ask
        .frame(format!("Preview of {title}"))
        .await?
        .below("Marketplace", Link::Storefront)
        .command("Show what the first plan asks for", line);
    Answer::page(&View { frame, publisher, plans })
}
