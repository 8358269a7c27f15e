//! Jobs and submissions as the API shows them.

use jiff::Timestamp;
use market::lint::rules::RULES;
use model::market::submission::{FindingNote, Outcome, Step, StepKind, StepStatus, Submission};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Document, Kind, durable::Durable, schema};

/// What a request to configure came to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Job {
    pub id: Uuid,
    pub start: Timestamp,
    pub end: Timestamp,
    /// The product that it was about; none where it was to be new, and was refused.
    pub product: Option<Uuid>,
    pub errors: Vec<JobError>,
}

/// What was refused of it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct JobError {
    pub code: String,
    pub message: String,
    /// What the rules object to, where it is they that refuse.
    pub findings: Vec<FindingNote>,
}

impl Job {
    /// The job's state, as every poll answers. The rules stand on a page at that origin.
    pub fn status(&self, origin: &str) -> Value {
        let result = if self.errors.is_empty() { "succeeded" } else { "failed" };
        let tree = |product| format!("resource-tree/{}", Durable::of(Kind::Product, product));
        let error = |JobError { code, message, findings }: &JobError| json!({ "code": code, "message": message, "details": validations(findings, origin) });
        json!({
            "$schema": schema(Document::ConfigureStatus),
            "jobId": self.id,
            "jobStatus": "completed",
            "jobResult": result,
            "jobStart": self.start.to_string(),
            "jobEnd": self.end.to_string(),
            "resourceUri": self.product.map(tree),
            "errors": self.errors.iter().map(error).collect::<Vec<_>>(),
        })
    }
}

/// A submission with its steps. The rules stand on a page at that origin.
pub fn submission(product: Uuid, it: &Submission, origin: &str) -> Value {
    let (status, result) = match it.outcome {
        Outcome::Running => ("running", "pending"),
        Outcome::Succeeded => ("completed", "succeeded"),
        Outcome::Failed => ("completed", "failed"),
        Outcome::Cancelled => ("completed", "cancelled"),
    };
    json!({
        "$schema": schema(Kind::Submission),
        "id": Durable::part(Kind::Submission, product, it.id).to_string(),
        "product": Durable::of(Kind::Product, product).to_string(),
        "target": { "targetType": it.target.as_str() },
        "lifecycleState": "generallyAvailable",
        "status": status,
        "result": result,
        "created": it.created.to_string(),
        "createdBy": it.by,
        "draftVersion": it.revision.to_string(),
        "steps": it.steps.iter().map(step).collect::<Vec<_>>(),
        "validations": validations(&it.findings, origin),
    })
}

/// Findings with what their rules say, and where that can be read.
pub fn validations(findings: &[FindingNote], origin: &str) -> Vec<Value> {
    findings.iter().map(|it| validation(it, origin)).collect()
}

fn validation(FindingNote { rule, field, reason }: &FindingNote, origin: &str) -> Value {
    let mut told = json!({ "code": rule, "target": field, "message": reason });
    // A rule that has gone since has no page.
    if let (Some(rule), Some(members)) =
        (RULES.into_iter().find(|it| it.id == rule), told.as_object_mut())
    {
        for (name, text) in [
            ("level", rule.severity.as_str()),
            ("title", rule.title),
            ("fix", rule.fix),
            ("source", rule.source),
            ("helpUri", &format!("{origin}{}", rule.path())),
        ] {
            members.insert(name.to_owned(), text.into());
        }
    }
    told
}

fn step(it: &Step) -> Value {
    json!({
        "id": step_name(it.kind),
        "status": step_status(it.status),
        "at": it.at.map(|at| at.to_string()),
        "message": it.message,
    })
}

fn step_name(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Prerequisites => "prerequisites",
        StepKind::Certification => "certification",
        StepKind::Leads => "leads",
        StepKind::Preview => "preview",
        StepKind::PublisherSignOff => "publisher-signoff",
        StepKind::Live => "live",
    }
}

fn step_status(status: StepStatus) -> &'static str {
    match status {
        StepStatus::NotStarted => "notStarted",
        StepStatus::InProgress => "inProgress",
        StepStatus::Waiting => "waiting",
        StepStatus::Complete => "complete",
        StepStatus::Rejected => "rejected",
        StepStatus::Cancelled => "cancelled",
    }
}
