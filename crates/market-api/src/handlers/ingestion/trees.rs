//! Forms as resources, with the audiences that belong to them.

use ids::offer::{PlanName, Slot};
use model::market::{form::AudienceEntry, offer::Offer};
use operations::market::offers::read;
use serde_json::Value;
use wire::ingestion::{Kind, tree::Tree};

use crate::{failure::Failure, route::Ask};

/// The resources of a target of the offer's.
pub(super) async fn of(ask: &Ask, offer: &Offer, target: &str) -> Result<Vec<Value>, Failure> {
    let slot = match target {
        "draft" => return Ok(draft(ask, offer)),
        "preview" => Slot::Preview,
        "live" => Slot::Live,
        _ => {
            let why = "it is `draft`, `preview` or `live`".to_owned();
            return Err(Failure::Query("targetType", why));
        }
    };
    let edition = read::edition(ask.plane(), ask.context()?, &offer.id, slot).await?;
    Ok(rendered(ask, offer, slot.as_str(), &edition.form))
}

/// The resources of the draft.
pub(super) fn draft(ask: &Ask, offer: &Offer) -> Vec<Value> {
    rendered(ask, offer, "draft", &offer.form)
}

fn rendered(
    ask: &Ask,
    offer: &Offer,
    target: &'static str,
    form: &model::market::form::Form,
) -> Vec<Value> {
    let media = format!("{}/market/media", ask.plane().origins.graph);
    let audience = |name: &PlanName| -> &[AudienceEntry] {
        form.plan(name).map_or(&[], |plan| plan.audience.as_slice())
    };
    let tree = Tree { offer, target, media: &media };
    tree.resources(form, &form.preview_audience, audience)
}

/// Those of that type.
pub(super) fn of_kind(all: Vec<Value>, kind: Kind) -> Vec<Value> {
    let is_meant = |it: &Value| {
        let schema = it.get("$schema").and_then(Value::as_str);
        schema.and_then(Kind::of_schema) == Some(kind)
    };
    all.into_iter().filter(is_meant).collect()
}
