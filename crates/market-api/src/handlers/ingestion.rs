//! `/rp/product-ingestion`: drafts, as the Product Ingestion API writes and reads them.

mod apply;
mod trees;

use ids::offer::{OfferName, Slot};
use model::market::offer::Offer;
use operations::{
    market::{configured, offers::read, submissions},
    page::Paged,
};
use serde_json::{Value, json};
use wire::ingestion::{
    Document, Kind,
    durable::Durable,
    job::{self, Job},
    read as resources, schema,
};

use crate::{
    answer::Answer,
    failure::Failure,
    route::{Answered, Ask},
};

/// Changes a draft, and publishes it where that is asked for. What comes of it is a job, which is
/// done when it is answered.
pub(crate) fn configure(ask: Ask) -> Answered {
    Box::pin(async move {
        let wanted = resources::read(&ask.body)?;
        let plane = ask.plane();
        let (id, start) = (plane.random.uuid(), plane.clock.now());
        let done = apply::apply(&ask, &wanted).await?;
        let job =
            Job { id, start, end: plane.clock.now(), product: done.product, errors: done.errors };
        let told = job.status(&plane.origins.graph);
        configured::keep(plane, ask.context()?, id, told.clone()).await?;
        let place = format!("{}/configure/{id}/status", base(&ask));
        Ok(Answer::json(202, told).with("operation-location", place))
    })
}

pub(crate) fn job(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = configured::find(ask.plane(), ask.context()?, ask.parsed(0)?).await?;
        Ok(Answer::json(200, found.ok_or(Failure::Nothing)?))
    })
}

/// Every resource of a product, in its draft, its preview or live.
pub(crate) fn tree(ask: Ask) -> Answered {
    Box::pin(async move {
        let offer = read::by_durable(ask.plane(), ask.context()?, ask.parsed(0)?).await?;
        let target = ask.query.get("targetType").unwrap_or("draft").to_owned();
        let resources = trees::of(&ask, &offer, &target).await?;
        let root = Durable::of(Kind::Product, offer.durable).to_string();
        let body = json!({
            "$schema": schema(Document::ResourceTree),
            "root": root,
            "target": { "targetType": target },
            "resources": resources,
        });
        Ok(Answer::json(200, body).with("etag", format!("\"{}\"", offer.revision)))
    })
}

/// The account's products; the one of an external id, if that is asked for.
pub(crate) fn products(ask: Ask) -> Answered {
    Box::pin(async move {
        let (plane, context) = (ask.plane(), ask.context()?);
        let found = match ask.query.get("externalId").map(str::parse::<OfferName>) {
            Some(Ok(name)) => {
                Paged { items: read::named(plane, context, &name).await?, next: None }
            }
            // No offer is called so.
            Some(Err(_)) => Paged { items: Vec::new(), next: None },
            None => read::list(plane, context, ask.page()?).await?,
        };
        let product = |it: &Offer| trees::of_kind(trees::draft(&ask, it), Kind::Product);
        let items: Vec<Value> = found.items.iter().flat_map(product).collect();
        Ok(Answer::json(200, list(&items, found.next.map(|place| ask.next_link(&place)))))
    })
}

/// The plans of a product; the one of an external id, if that is asked for.
pub(crate) fn plans(ask: Ask) -> Answered {
    Box::pin(async move {
        let named =
            ask.query.get("product").ok_or(Failure::Query("product", MISSING.to_owned()))?;
        let bad = |_| Failure::Query("product", "it is no durable id of a product".to_owned());
        let product: Durable = named.parse().map_err(bad)?;
        let offer = read::by_durable(ask.plane(), ask.context()?, product.product).await?;
        let wanted = ask.query.get("externalId");
        let is_wanted = |it: &Value| {
            let name = it.pointer("/identity/externalId").and_then(Value::as_str);
            wanted.is_none() || wanted == name
        };
        let mut items = trees::of_kind(trees::draft(&ask, &offer), Kind::Plan);
        items.retain(is_wanted);
        Ok(Answer::json(200, list(&items, None)))
    })
}

const MISSING: &str = "it is missing";

/// What became, and becomes, of a product's submissions, the latest first.
pub(crate) fn submissions(ask: Ask) -> Answered {
    Box::pin(async move {
        let (plane, context) = (ask.plane(), ask.context()?);
        let offer = read::by_durable(plane, context, ask.parsed(0)?).await?;
        let found = submissions::read::list(plane, context, &offer.id, ask.page()?).await?;
        let (target, origin) = (ask.query.get("targetType"), plane.origins.graph.as_str());
        let is_wanted = |slot: Slot| target.is_none_or(|it| it == slot.as_str());
        let items = found.items.iter().filter(|it| is_wanted(it.target));
        let items: Vec<Value> =
            items.map(|it| job::submission(offer.durable, it, origin)).collect();
        Ok(Answer::json(200, list(&items, found.next.map(|place| ask.next_link(&place)))))
    })
}

pub(crate) fn submission(ask: Ask) -> Answered {
    Box::pin(async move {
        let (plane, context) = (ask.plane(), ask.context()?);
        let offer = read::by_durable(plane, context, ask.parsed(0)?).await?;
        let id = model::market::submission::SubmissionId(ask.parsed(1)?);
        let found = submissions::read::read(plane, context, id).await?;
        if found.submission.offer != offer.id {
            return Err(Failure::Nothing);
        }
        let origin = &plane.origins.graph;
        Ok(Answer::json(200, job::submission(offer.durable, &found.submission, origin)))
    })
}

/// One resource of a draft, by its durable id.
pub(crate) fn resource(ask: Ask) -> Answered {
    Box::pin(async move {
        let id: Durable = ask.keys.join("/").parse().map_err(|_| Failure::Nothing)?;
        let offer = read::by_durable(ask.plane(), ask.context()?, id.product).await?;
        let wanted = Value::from(id.to_string());
        let mut all = trees::draft(&ask, &offer).into_iter();
        let found = all.find(|it| it.get("id") == Some(&wanted));
        Ok(Answer::json(200, found.ok_or(Failure::Nothing)?))
    })
}

fn list(items: &[Value], next: Option<String>) -> Value {
    match next {
        Some(next) => json!({ "value": items, "@nextLink": next }),
        None => json!({ "value": items }),
    }
}

/// Where this API is found.
fn base(ask: &Ask) -> String {
    format!("{}/rp/product-ingestion", ask.plane().origins.graph)
}
