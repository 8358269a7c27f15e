//! *Certifications*: the submissions that wait for the operators, and their word on each.

use askama::Template;
use axum::http::StatusCode;
use ids::guid::TenantId;
use model::market::submission::SubmissionId;
use operations::{
    market::{Refused, submissions},
    page::Paged,
};

use super::{PAGE, SHUT, edition::Edition};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    pages::partner::{
        draft::market_refusal,
        overview::{Run, run},
        shut::or_shut,
        to::To,
    },
    trouble::Trouble,
    words::{Id, Moment},
};

/// One submission that waits.
struct Waiting {
    offer: String,
    path: String,
    tenant: Id,
    by: String,
    since: Moment,
}

#[derive(Template)]
#[template(path = "partner/certifications.html")]
struct Certifications {
    frame: Frame,
    rows: Vec<Waiting>,
    next: Option<String>,
}

/// `GET /partner-center/certifications`
pub(in crate::pages::partner) fn list(ask: Ask) -> Answered {
    Box::pin(async move { or_shut(&ask, ("Certifications", SHUT), submitted(&ask).await).await })
}

async fn submitted(ask: &Ask) -> Result<Answer, Trouble> {
    let (plane, page, now) = (ask.plane(), ask.page(PAGE)?, ask.plane().store.now());
    let work = |context| async move { submissions::read::waiting(plane, &context, page).await };
    let Paged { items, next } = ask.operate("GET", "certifications/read", None, work).await?;
    let row = |it: model::market::submission::Submission| Waiting {
        path: To::Certification(it.tenant, it.id).to_string(),
        offer: it.offer.to_string(),
        tenant: Id::from(it.tenant),
        by: it.by,
        since: Moment::new(it.created, now),
    };
    let frame = ask.frame("Certifications").await?;
    let rows = items.into_iter().map(row).collect();
    Answer::page(&Certifications { frame, rows, next: next.map(|it| ask.next(&it)) })
}

#[derive(Template)]
#[template(path = "partner/certification.html")]
struct Certification {
    frame: Frame,
    refusal: Option<String>,
    tenant: Id,
    run: Run,
    notes: String,
    /// What was submitted; none where it is not kept for reviewers any longer.
    edition: Option<Edition>,
    report: String,
    waits: bool,
}

/// `GET /partner-center/certifications/{tenant}/{submission}`
pub(in crate::pages::partner) fn open(ask: Ask) -> Answered {
    Box::pin(async move { draw_submission(&ask, StatusCode::OK, None).await })
}

/// `POST` of the same: approved or refused, with a report.
pub(in crate::pages::partner) fn review(ask: Ask) -> Answered {
    Box::pin(async move {
        let (tenant, id): (TenantId, SubmissionId) = (ask.parsed(0)?, SubmissionId(ask.parsed(1)?));
        let is_approved = ask.form.get("do") == Some("approve");
        let report = ask.form.get("report").unwrap_or_default().replace("\r\n", "\n");
        let word = submissions::review::Word { is_approved, report };
        let (plane, said) = (ask.plane(), &word);
        let work =
            |context| async move { submissions::review::review(plane, &context, id, said).await };
        match ask.operate("POST", "certifications/write", Some(tenant), work).await {
            Ok(_) => {
                let words = if is_approved {
                    "The submission was approved."
                } else {
                    "The submission was refused."
                };
                Ok(ask.done(words, To::Certifications))
            }
            Err(trouble) => match market_refusal(&trouble) {
                Some(Refused::NotFound(_)) | None => Err(trouble),
                Some(refusal) => {
                    let words = refusal.to_string();
                    draw_submission(&ask, trouble.told().status, Some(words)).await
                }
            },
        }
    })
}

async fn draw_submission(
    ask: &Ask,
    status: StatusCode,
    refusal: Option<String>,
) -> Result<Answer, Trouble> {
    let (tenant, id): (TenantId, SubmissionId) = (ask.parsed(0)?, SubmissionId(ask.parsed(1)?));
    let (plane, now) = (ask.plane(), ask.plane().store.now());
    let work = |context| async move { submissions::read::read(plane, &context, id).await };
    let shown = ask.operate("GET", "certifications/read", Some(tenant), work).await?;
    let work = |context| async move { submissions::read::submitted(plane, &context, id).await };
    let form = match ask.operate("GET", "certifications/read", Some(tenant), work).await {
        Ok(edition) => Some(edition.form),
        // What was decided is not kept for reviewers any longer.
        Err(trouble) => match market_refusal(&trouble) {
            Some(Refused::NotFound(_)) => None,
            _ => return Err(trouble),
        },
    };
    let notes = form.as_ref().map(|it| it.notes.clone()).unwrap_or_default();
    let edition = match form {
        Some(form) => Some(Edition::of(ask, form).await?),
        None => None,
    };
    let title = format!("Certification of {}", shown.submission.offer);
    let view = Certification {
        frame: ask.frame(title).await?.below("Certifications", To::Certifications),
        refusal,
        tenant: Id::from(tenant),
        run: run(&shown.submission, now),
        notes,
        edition,
        report: ask.form.get("report").unwrap_or_default().to_owned(),
        waits: shown.submission.awaits_review() && shown.review.is_none(),
    };
    Answer::with(status, &view)
}
