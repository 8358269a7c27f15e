//! *Verifications*: the companies that signed up as publishers, and the operators' word on each.

use askama::Template;
use axum::http::StatusCode;
use ids::guid::TenantId;
use model::market::account::{Level, Qualification, QualificationKind, VerificationStage};
use operations::{
    error::Error,
    market::{
        Refused,
        account::{self, show::Shown},
    },
};

use super::{PAGE, SHUT};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    pages::partner::{
        account::{facts, stage},
        draft::{Fixed, market_refusal},
        sheet::{Block, Kind, Text, rows, take_rows},
        shut::or_shut,
        to::To,
        top::State,
    },
    trouble::Trouble,
    words::{Id, Moment},
};

/// One company.
struct Company {
    name: String,
    path: String,
    country: String,
    tenant: Id,
    state: State,
    since: Moment,
}

#[derive(Template)]
#[template(path = "partner/verifications.html")]
struct Verifications {
    frame: Frame,
    rows: Vec<Company>,
    next: Option<String>,
}

/// `GET /partner-center/verifications`
pub(in crate::pages::partner) fn list(ask: Ask) -> Answered {
    Box::pin(async move { or_shut(&ask, ("Verifications", SHUT), companies(&ask).await).await })
}

async fn companies(ask: &Ask) -> Result<Answer, Trouble> {
    let (plane, page, now) = (ask.plane(), ask.page(PAGE)?, ask.plane().store.now());
    let work = |context| async move { account::list::list(plane, &context, page).await };
    let found = ask.operate("GET", "verifications/read", None, work).await?;
    let mut rows = Vec::new();
    for it in found.items {
        let shown = company(ask, it.tenant).await?;
        rows.push(Company {
            name: it.company.legal_name,
            path: To::Verification(it.tenant).to_string(),
            country: it.company.country,
            tenant: Id::from(it.tenant),
            state: stage(shown.verification.as_ref()),
            since: Moment::new(it.created, now),
        });
    }
    let frame = ask.frame("Verifications").await?;
    Answer::page(&Verifications { frame, rows, next: found.next.map(|it| ask.next(&it)) })
}

async fn company(ask: &Ask, tenant: TenantId) -> Result<Shown, Trouble> {
    let plane = ask.plane();
    let work = |context| async move { account::show::show(plane, &context).await };
    ask.operate("GET", "verifications/read", Some(tenant), work).await
}

/// A qualification, as it is typed.
#[derive(Default)]
struct Typed {
    kind: String,
    name: String,
    until: String,
}

const QUALIFICATION: [Text<Typed>; 3] = [
    Text {
        name: "name",
        at: "name",
        label: "Name",
        hint: "As in InfrastructureAzure, Security, CloudPlatform, AzureExpertMsp.",
        kind: Kind::Line("text"),
        of: |it| &mut it.name,
    },
    Text {
        name: "kind",
        at: "kind",
        label: "Kind",
        hint: "",
        kind: Kind::One(&[
            ("designation", "Designation"),
            ("program", "Program"),
            ("silver", "Silver competency"),
            ("gold", "Gold competency"),
        ]),
        of: |it| &mut it.kind,
    },
    Text {
        name: "until",
        at: "until",
        label: "Last day",
        hint: "Nothing, where it holds for good.",
        kind: Kind::Line("date"),
        of: |it| &mut it.until,
    },
];

impl Typed {
    fn of(it: &Qualification) -> Self {
        let (kind, name) = match &it.kind {
            QualificationKind::Competency { area, level: Level::Silver } => ("silver", area),
            QualificationKind::Competency { area, level: Level::Gold } => ("gold", area),
            QualificationKind::Program(name) => ("program", name),
            QualificationKind::Designation(name) => ("designation", name),
        };
        let until = it.valid_to.map(|day| day.to_string()).unwrap_or_default();
        Self { kind: kind.to_owned(), name: name.clone(), until }
    }

    fn read(&self) -> Result<Qualification, Refused> {
        let name = self.name.clone();
        let competency = |area, level| QualificationKind::Competency { area, level };
        let kind = match self.kind.as_str() {
            "silver" => competency(name, Level::Silver),
            "gold" => competency(name, Level::Gold),
            "program" => QualificationKind::Program(name),
            _ => QualificationKind::Designation(name),
        };
        let day = |text: &str| {
            let why = format!("`{text}` is no day");
            text.parse().map_err(|_| Refused::Invalid { field: "validTo", why })
        };
        let until = Some(self.until.as_str()).filter(|it| !it.is_empty());
        Ok(Qualification { kind, valid_to: until.map(day).transpose()? })
    }
}

#[derive(Template)]
#[template(path = "partner/verification.html")]
struct Verification {
    frame: Frame,
    refusal: Option<String>,
    tenant: Id,
    state: State,
    facts: Vec<Fixed>,
    /// What is missing of each step.
    missing: Vec<(&'static str, String)>,
    stages: Vec<(&'static str, &'static str, bool)>,
    reason: String,
    qualifications: Block,
    /// Of the account.
    revision: u64,
}

const STAGES: [(&str, &str); 5] = [
    ("email", "E-mail verification"),
    ("employment", "Employment verification"),
    ("business", "Business verification"),
    ("authorized", "Authorized"),
    ("rejected", "Rejected"),
];

fn key(it: &VerificationStage) -> &'static str {
    match it {
        VerificationStage::Email => "email",
        VerificationStage::Employment => "employment",
        VerificationStage::Business => "business",
        VerificationStage::Authorized => "authorized",
        VerificationStage::Rejected(_) => "rejected",
    }
}

fn read_stage(key: &str, reason: &str) -> Option<VerificationStage> {
    match key {
        "email" => Some(VerificationStage::Email),
        "employment" => Some(VerificationStage::Employment),
        "business" => Some(VerificationStage::Business),
        "authorized" => Some(VerificationStage::Authorized),
        "rejected" => Some(VerificationStage::Rejected(reason.to_owned())),
        _ => None,
    }
}

/// `GET /partner-center/verifications/{tenant}`
pub(in crate::pages::partner) fn open(ask: Ask) -> Answered {
    Box::pin(async move { draw_company(&ask, StatusCode::OK, None).await })
}

/// `POST` of the same: the operators' word on a company.
pub(in crate::pages::partner) fn verify(ask: Ask) -> Answered {
    Box::pin(async move {
        let tenant: TenantId = ask.parsed(0)?;
        company(&ask, tenant).await?;
        match verified(&ask, tenant).await {
            Ok(()) => Ok(ask.done("The verification was noted.", To::Verifications)),
            Err(trouble) => match market_refusal(&trouble).map(ToString::to_string) {
                Some(words) => draw_company(&ask, trouble.told().status, Some(words)).await,
                None => Err(trouble),
            },
        }
    })
}

async fn verified(ask: &Ask, tenant: TenantId) -> Result<(), Trouble> {
    let reason = ask.form.get("reason").unwrap_or_default();
    let stage = ask.form.get("stage").and_then(|it| read_stage(it, reason));
    let stage = stage.ok_or(Trouble::Garbled("it names no stage"))?;
    let typed: Vec<Typed> = take_rows(&QUALIFICATION, "qualifications", &ask.form);
    let read: Result<Vec<Qualification>, Refused> = typed.iter().map(Typed::read).collect();
    let qualifications = read.map_err(Error::from)?;
    // The word is about the form of the account that was looked at.
    let (plane, wanted) = (ask.plane(), ask.revision()?);
    let work = |context| async move {
        account::verify::verify(plane, &context, stage, qualifications, wanted).await
    };
    ask.operate("POST", "verifications/write", Some(tenant), work).await.map(|_| ())
}

async fn draw_company(
    ask: &Ask,
    status: StatusCode,
    refusal: Option<String>,
) -> Result<Answer, Trouble> {
    let tenant: TenantId = ask.parsed(0)?;
    let Shown { account, verification, steps } = company(ask, tenant).await?;
    let known = verification.iter().flat_map(|it| &it.qualifications);
    let mut typed: Vec<Typed> = if refusal.is_some() {
        take_rows(&QUALIFICATION, "qualifications", &ask.form)
    } else {
        known.map(Typed::of).collect()
    };
    let is = verification.as_ref().map_or("", |it| key(&it.stage));
    let chosen = ask.form.get("stage").unwrap_or(is);
    let mut missing = Vec::new();
    for it in steps {
        missing.extend(it.missing.into_iter().map(|why| (it.title, why)));
    }
    let said = match verification.as_ref().map(|it| &it.stage) {
        Some(VerificationStage::Rejected(why)) => why.clone(),
        _ => String::new(),
    };
    let frame = ask.frame(account.company.legal_name.as_str()).await?;
    let view = Verification {
        frame: frame.below("Verifications", To::Verifications),
        refusal,
        tenant: Id::from(tenant),
        state: stage(verification.as_ref()),
        facts: facts(&account),
        missing,
        stages: STAGES.map(|(key, words)| (key, words, key == chosen)).into(),
        reason: ask.form.get("reason").map_or(said, str::to_owned),
        revision: account.revision,
        qualifications: Block {
            row: "Qualification",
            rows: rows(&QUALIFICATION, &mut typed, ("qualifications", "qualifications")),
            ..Block::default()
        },
    };
    Answer::with(status, &view)
}
