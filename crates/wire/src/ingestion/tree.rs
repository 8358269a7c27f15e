//! A form as the resources that it is cut into.

use ids::offer::PlanName;
use model::market::{
    form::{AudienceEntry, Destination, Form, Terms},
    media::Picture,
    offer::{Distribution, Offer, OfferState},
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    Kind,
    durable::Durable,
    plan::{entries, expectations},
    read::is_address,
    schema,
};

/// What the resources of a form belong to.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'a> {
    pub offer: &'a Offer,
    /// `draft`, `preview` or `live`.
    pub target: &'static str,
    /// Where pictures are shown.
    pub media: &'a str,
}

impl Tree<'_> {
    /// Every resource of the form. Audiences stand beside it, since editions do not hold them.
    pub fn resources<'b>(
        &self,
        form: &'b Form,
        preview_audience: &[AudienceEntry],
        audience: impl Fn(&PlanName) -> &'b [AudienceEntry],
    ) -> Vec<Value> {
        let mut all = vec![
            self.product(form),
            self.leads(&form.leads),
            self.properties(form),
            self.listing(&form.listing),
            self.resource(
                Kind::PreviewAudience,
                Some("main".to_owned()),
                json!({ "previewAudiences": entries(preview_audience) }),
            ),
        ];
        all.extend(self.media(&form.listing));
        all.extend(form.plans.iter().flat_map(|plan| self.plan(plan, audience(&plan.name))));
        let tests = json!({ "tests": expectations(&form.tests) });
        all.push(self.resource(Kind::OfferTests, Some("main".to_owned()), tests));
        all
    }

    fn product(&self, form: &Form) -> Value {
        let mut body = self.resource(
            Kind::Product,
            None,
            json!({
                "identity": { "externalId": self.offer.id.name },
                "publisher": self.offer.id.publisher,
                "type": "managedService",
                "alias": form.alias,
                "lifecycleState": lifecycle(self.offer.state),
            }),
        );
        if let Some(members) = body.as_object_mut() {
            members.remove("product"); // it is the product
        }
        body
    }

    /// The address of a lead's receiver without its query, which may be a key.
    fn leads(&self, it: &Destination) -> Value {
        let body = match it.redacted() {
            Destination::None => json!({ "leadDestination": "none" }),
            Destination::HttpsEndpoint { url, sealed: _, emails } => json!({
                "leadDestination": "httpsEndpoint",
                "httpsEndpointUrl": url,
                "contactEmail": emails,
            }),
        };
        self.resource(Kind::CustomerLeads, Some("main".to_owned()), body)
    }

    fn properties(&self, form: &Form) -> Value {
        let (text, address, other) = match &form.terms {
            Terms::None => (None, None, None),
            Terms::Text(text) => (Some(text), None, None),
            Terms::Url(url) if is_address(url) => (None, Some(url), None),
            Terms::Url(url) => (None, None, Some(url)),
        };
        let body = json!({
            "kind": "azure",
            "categories": form.categories,
            "termsConditions": text,
            "termsOfUse": address,
            "termsOfUseUrl": other,
            "notesForCertification": (!form.notes.is_empty()).then_some(&form.notes),
        });
        self.resource(Kind::Property, Some("main".to_owned()), body)
    }

    /// A resource of the product.
    pub(super) fn resource(&self, kind: Kind, rest: Option<String>, body: Value) -> Value {
        let product = self.offer.durable;
        let id = Durable { kind, product, rest };
        self.envelope(kind, &id, None, body)
    }

    /// A resource of a plan.
    pub(super) fn of_plan(&self, kind: Kind, guid: Uuid, body: Value) -> Value {
        let id = Durable::part(kind, self.offer.durable, guid);
        let plan = (kind != Kind::Plan)
            .then(|| Durable::part(Kind::Plan, self.offer.durable, guid).to_string());
        self.envelope(kind, &id, plan, body)
    }

    fn envelope(&self, kind: Kind, id: &Durable, plan: Option<String>, body: Value) -> Value {
        let product = Durable::of(Kind::Product, self.offer.durable).to_string();
        let head = [
            ("$schema", Some(json!(schema(kind)))),
            ("id", Some(json!(id.to_string()))),
            ("resourceVersion", Some(json!(self.offer.revision.to_string()))),
            ("product", Some(json!(product))),
            ("plan", plan.map(Value::from)),
            ("target", Some(json!({ "targetType": self.target }))),
        ];
        let head = head.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let body = if let Value::Object(members) = body { members } else { Map::new() };
        Value::Object(head.chain(body).collect())
    }

    pub(super) fn plan_guid(&self, name: &PlanName) -> Uuid {
        self.offer.plans.get(name).map(|it| it.durable).unwrap_or_default()
    }

    pub(super) fn plan_lifecycle(&self, name: &PlanName) -> &'static str {
        match self.offer.plans.get(name).map(|it| it.distribution) {
            Some(Distribution::StopRequested | Distribution::Stopped) => "deprecated",
            Some(Distribution::Draft | Distribution::Distributed) | None => "generallyAvailable",
        }
    }

    pub(super) fn address(&self, picture: &Picture) -> String {
        format!("{}/{}", self.media, picture.digest)
    }
}

fn lifecycle(state: OfferState) -> &'static str {
    match state {
        OfferState::PendingStop | OfferState::NotAvailable => "deprecated",
        OfferState::Draft
        | OfferState::Publishing(_)
        | OfferState::AttentionNeeded
        | OfferState::Preview
        | OfferState::Live => "generallyAvailable",
    }
}
