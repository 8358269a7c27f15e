//! A draft as it is in the marketplace.

use std::collections::BTreeMap;

use anyhow::Context;
use ids::offer::{OfferId, PlanName};
use model::market::{
    form::Form,
    media::{Background, Picture},
    offer::{Distribution, Offer, OfferState, PlanFacts},
};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::ingestion::{
    durable::Durable,
    merge::{self, Known},
    read,
};

use crate::commands::server::Server;

pub(super) const INGESTION: &str = "/rp/product-ingestion";

/// Which product an offer is there; none where it is new.
pub(super) fn product(server: &Server, id: &OfferId) -> anyhow::Result<Option<Uuid>> {
    let found = server.all(&format!("{INGESTION}/product?externalId={}", id.name))?;
    let is_own =
        |it: &&Value| it.get("publisher").and_then(Value::as_str) == Some(id.publisher.as_str());
    found.iter().find(is_own).map(guid).transpose()
}

/// The GUID at the end of a resource's durable id.
fn guid(resource: &Value) -> anyhow::Result<Uuid> {
    let id = resource.get("id").and_then(Value::as_str).unwrap_or_default();
    let last = id.rsplit('/').next().unwrap_or_default();
    last.parse().with_context(|| format!("`{id}` is no durable id"))
}

/// What there is of an offer: its draft, and how its plans are called.
pub(super) struct Draft {
    pub(super) form: Form,
    plans: BTreeMap<PlanName, Uuid>,
    product: Uuid,
}

impl Draft {
    /// The draft of that product.
    pub(super) fn read(server: &Server, product: Uuid) -> anyhow::Result<Self> {
        let tree = server.get(&format!("{INGESTION}/resource-tree/product/{product}"))?;
        Self::understood(&tree, product)
    }

    /// The same of a tree that was read.
    pub(super) fn understood(tree: &Value, product: Uuid) -> anyhow::Result<Self> {
        let resources = tree.get("resources").cloned().unwrap_or_default();
        let body = json!({ "resources": resources }).to_string();
        let resources = read::read(body.as_bytes()).context("the draft is not understood")?;
        let known = Known { plans: plans(&resources), pictures: pictures(&resources) };
        let mut form = Form::default();
        merge::merge(&mut form, &resources, &known).context("the draft is not understood")?;
        let plans = known.plans.into_iter().map(|(guid, name)| (name, guid)).collect();
        Ok(Self { form, plans, product })
    }

    /// The plans that the marketplace does not know yet.
    pub(super) fn lacks<'a>(&self, form: &'a Form) -> Vec<&'a PlanName> {
        let names = form.plans.iter().map(|plan| &plan.name);
        names.filter(|name| !self.plans.contains_key(*name)).collect()
    }

    /// The plans that the form has no more, by their durable ids.
    pub(super) fn gone(&self, form: &Form) -> Vec<Durable> {
        let gone = self.form.plans.iter().filter(|plan| form.plan(&plan.name).is_none());
        let guid = |plan: &model::market::form::Plan| self.plans.get(&plan.name).copied();
        let kind = wire::ingestion::Kind::Plan;
        gone.filter_map(guid).map(|guid| Durable::part(kind, self.product, guid)).collect()
    }

    /// The offer that resources of its draft belong to.
    pub(super) fn offer(&self, id: &OfferId) -> Offer {
        let facts = |durable| PlanFacts { durable, distribution: Distribution::Draft };
        let plans = self.plans.iter().map(|(name, guid)| (name.clone(), facts(*guid)));
        Offer {
            id: id.clone(),
            tenant: ids::guid::TenantId::new(Uuid::nil()),
            durable: self.product,
            form: Form::default(),
            revision: 0,
            state: OfferState::Draft,
            plans: plans.collect(),
            running: None,
            created: jiff::Timestamp::UNIX_EPOCH,
        }
    }
}

fn plans(resources: &[read::Resource]) -> BTreeMap<Uuid, PlanName> {
    use wire::ingestion::durable::Pointer;
    let plan = |it: &read::Resource| {
        let guid = it.id.as_ref()?.rest.as_ref()?.parse().ok()?;
        match (&it.said, &it.plan) {
            (read::Said::Plan { .. }, Some(Pointer::External(name))) => Some((guid, name.clone())),
            _ => None,
        }
    };
    resources.iter().filter_map(plan).collect()
}

/// What is known of pictures without decoding them: which they are.
fn pictures(resources: &[read::Resource]) -> BTreeMap<String, Picture> {
    let named = merge::digests(resources).into_iter();
    named.map(|digest| (digest.clone(), bare(digest, String::new()))).collect()
}

/// A picture by its digest alone, so that a file's and the marketplace's compare.
pub(super) fn bare(digest: String, file: String) -> Picture {
    Picture { digest, file, width: 0, height: 0, background: Background::Other }
}
