//! What Fyr's own API tells of an offer beside the ingestion API's resources.

use std::collections::BTreeMap;

use ids::offer::{PlanName, Slot};
use market::{
    compare::{Change, Difference},
    lint::Finding,
};
use model::market::{
    form::Form,
    media::{Background, Picture},
    offer::{Distribution, Edition, HistoryEntry, Offer, OfferState},
    submission::Submission,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    arm::content::{BadContent, Content},
    ingestion::{Kind, durable::Durable, tree::Tree},
};

/// An offer's state, and that of its plans.
pub fn offer(it: &Offer) -> Value {
    let plans = it.plans.iter().map(
        |(name, facts)| json!({ "planId": name, "distribution": distribution(facts.distribution) }),
    );
    let running = it.running.map(|id| Durable::part(Kind::Submission, it.durable, id).to_string());
    json!({
        "id": it.id.to_string(),
        "publisherId": it.id.publisher,
        "offerId": it.id.name,
        "product": Durable::of(Kind::Product, it.durable).to_string(),
        "alias": it.form.alias,
        "status": state(it.state),
        "plans": plans.collect::<Vec<_>>(),
        "runningSubmission": running,
        "revision": it.revision,
        "created": it.created.to_string(),
    })
}

/// The word in the overview's column (Partner Center).
fn state(state: OfferState) -> &'static str {
    match state {
        OfferState::Draft => "Draft",
        OfferState::Publishing(Slot::Preview | Slot::Live) => "Publish in progress",
        OfferState::AttentionNeeded => "Attention needed",
        OfferState::Preview => "Preview",
        OfferState::Live => "Live",
        OfferState::PendingStop => "Pending stop distribution",
        OfferState::NotAvailable => "Not available",
    }
}

fn distribution(it: Distribution) -> &'static str {
    match it {
        Distribution::Draft => "draft",
        Distribution::Distributed => "live",
        Distribution::StopRequested => "stopRequested",
        Distribution::Stopped => "stopped",
    }
}

/// Something that happened to an offer.
pub fn history(it: &HistoryEntry) -> Value {
    json!({ "id": it.id, "at": it.at.to_string(), "event": it.event, "by": it.by })
}

/// A field as it is in what is published, and in what would replace it.
pub fn difference(it: &Difference) -> Value {
    let (change, before, after) = match &it.change {
        Change::Added(after) => ("added", None, Some(after)),
        Change::Removed(before) => ("removed", Some(before), None),
        Change::Edited { before, after } => ("edited", Some(before), Some(after)),
        Change::Unchanged(same) => ("unchanged", Some(same), Some(same)),
    };
    json!({ "field": it.field, "change": change, "before": before, "after": after })
}

/// A picture that was uploaded.
pub fn picture(it: &Picture, media: &str) -> Value {
    let background = match it.background {
        Background::Black => "black",
        Background::White => "white",
        Background::Transparent => "transparent",
        Background::Other => "other",
    };
    json!({
        "url": format!("{media}/{}", it.digest),
        "digest": it.digest,
        "fileName": it.file,
        "width": it.width,
        "height": it.height,
        "background": background,
    })
}

/// What a rule objects to.
pub fn finding(it: &Finding) -> Value {
    json!({
        "code": it.rule.id,
        "level": it.rule.severity.as_str(),
        "target": it.field,
        "message": it.reason,
        "title": it.rule.title,
        "fix": it.rule.fix,
        "source": it.rule.source,
        "helpUri": it.rule.path(),
    })
}

/// A submission that waits for an operator's word.
pub fn waiting(it: &Submission) -> Value {
    json!({
        "id": it.id,
        "tenantId": it.tenant,
        "offer": it.offer.to_string(),
        "created": it.created.to_string(),
        "createdBy": it.by,
    })
}

/// The same with what was submitted, as the ingestion API cuts it.
pub fn submitted(it: &Submission, edition: &Edition, media: &str) -> Value {
    let Edition { offer: id, tenant, form, .. } = edition;
    let offer = Offer {
        id: id.clone(),
        tenant: *tenant,
        durable: Uuid::nil(),
        form: Form::default(),
        revision: it.revision,
        state: OfferState::Publishing(it.target),
        plans: BTreeMap::new(),
        running: Some(it.id),
        created: it.created,
    };
    let tree = Tree { offer: &offer, target: "submitted", media };
    let audience =
        |name: &PlanName| form.plan(name).map_or(&[][..], |plan| plan.audience.as_slice());
    let mut body = waiting(it);
    if let Some(members) = body.as_object_mut() {
        let resources = tree.resources(form, &form.preview_audience, audience);
        members.insert("resources".to_owned(), resources.into());
        let findings = it
            .findings
            .iter()
            .map(|it| json!({ "code": it.rule, "target": it.field, "message": it.reason }));
        members.insert("validations".to_owned(), findings.collect());
    }
    body
}

/// Reads an operator's word on a submission: whether it is approved, and the report.
pub fn read_review(body: &[u8]) -> Result<(bool, String), BadContent> {
    let content = Content::parse(body)?;
    let it = content.fields()?;
    let report = it.find("report").map(|field| field.text().map(str::to_owned)).transpose()?;
    Ok((it.get("approved")?.flag()?, report.unwrap_or_default()))
}
