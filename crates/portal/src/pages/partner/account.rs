//! The publisher account: signing up, what is missing before anything may be published, and what the
//! company tells of itself.

use askama::Template;
use axum::http::StatusCode;
use model::market::account::{
    Account, Agreement, AgreementKind, Company, Person, Verification, VerificationStage,
};
use operations::market::{
    IfMatch, Refused,
    account::{Told, show, sign_up, update},
};

use super::{
    draft::{Fixed, Way, market_refusal},
    sheet::{Block, Kind, Text, beside, fields, take},
    shut::or_shut,
    to::To,
    top::State,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    fields::Fields,
    frame::Frame,
    trouble::Trouble,
    words::Moment,
};

/// What a company tells of itself, as it is typed.
#[derive(Default)]
struct Typed {
    legal_name: String,
    street: String,
    city: String,
    postal_code: String,
    country: String,
    contact: Person,
    partner: String,
    /// What is confirmed, one on each line.
    confirmed: String,
}

macro_rules! text {
    ($name:literal, $label:literal, $hint:literal, $kind:expr, $($of:tt)+) => {
        Text { name: $name, at: $name, label: $label, hint: $hint, kind: $kind, of: |it: &mut Typed| &mut it.$($of)+ }
    };
}

const LINE: Kind = Kind::Line("text");

const COMPANY: [Text<Typed>; 5] = [
    text!("legalName", "Legal business name", "", LINE, legal_name),
    text!("street", "Street", "", LINE, street),
    text!("city", "City", "", LINE, city),
    text!("postalCode", "Postal code", "", LINE, postal_code),
    text!("country", "Country", "Two capital letters, as in NL (ISO 3166).", LINE, country),
];

const CONTACT: [Text<Typed>; 3] = [
    text!("contact.name", "Name", "", LINE, contact.name),
    text!("contact.email", "E-mail", "", Kind::Line("email"), contact.email),
    text!("contact.phone", "Phone", "", LINE, contact.phone),
];

const REST: [Text<Typed>; 2] = [
    text!(
        "partnerId",
        "Partner ID",
        "The company's id in the partner program. What customers delegate counts for it.",
        LINE,
        partner
    ),
    text!(
        "confirmed",
        "I confirm",
        "What was confirmed once stays so.",
        Kind::Many(confirmations),
        confirmed
    ),
];

fn confirmations() -> Vec<(String, String)> {
    [
        ("entitled", "that I am entitled to bind the company"),
        ("publisher", "the publisher agreement, for the company"),
        ("network", "the partner network agreement, for the company (with a partner ID)"),
    ]
    .map(|(key, words)| (key.to_owned(), words.to_owned()))
    .into()
}

impl Typed {
    fn of(account: &Account) -> Self {
        let Company { legal_name, street, city, postal_code, country, contact } =
            account.company.clone();
        let agreed = account.agreements.iter().map(|it| agreement(it.kind).0);
        let entitled = account.is_entitled.then_some("entitled");
        let confirmed = entitled.into_iter().chain(agreed).collect::<Vec<_>>().join("\n");
        let partner = account.partner.map(|it| it.to_string()).unwrap_or_default();
        Self { legal_name, street, city, postal_code, country, contact, partner, confirmed }
    }

    fn take(&mut self, sent: &Fields) {
        take(&COMPANY, self, "", sent);
        take(&CONTACT, self, "", sent);
        take(&REST, self, "", sent);
    }

    fn told(&self) -> Result<Told, Refused> {
        let partner = match self.partner.as_str() {
            "" => None,
            text => Some(text.parse().map_err(|why: ids::offer::BadPartnerId| {
                Refused::Invalid { field: "partnerId", why: why.to_string() }
            })?),
        };
        let has = |key: &str| self.confirmed.lines().any(|it| it == key);
        let kinds = [AgreementKind::Publisher, AgreementKind::PartnerNetwork];
        let Self { legal_name, street, city, postal_code, country, contact, .. } = self;
        Ok(Told {
            company: Company {
                legal_name: legal_name.clone(),
                street: street.clone(),
                city: city.clone(),
                postal_code: postal_code.clone(),
                country: country.clone(),
                contact: contact.clone(),
            },
            is_entitled: has("entitled"),
            agreements: kinds.into_iter().filter(|it| has(agreement(*it).0)).collect(),
            partner,
        })
    }

    fn blocks(&mut self) -> Vec<Block> {
        let block = |heading, says, fields| Block { heading, says, fields, ..Block::default() };
        vec![
            block("Company", "", fields(&COMPANY, self, "", "")),
            block("Primary contact", "", fields(&CONTACT, self, "", "")),
            block("Program", "", fields(&REST, self, "", "")),
        ]
    }
}

/// What an agreement is sent as, and what it is called.
fn agreement(kind: AgreementKind) -> (&'static str, &'static str) {
    match kind {
        AgreementKind::Publisher => ("publisher", "Publisher agreement"),
        AgreementKind::PartnerNetwork => ("network", "Partner network agreement"),
    }
}

/// A step of the enrolment.
struct Step {
    id: &'static str,
    title: &'static str,
    state: State,
    missing: Vec<String>,
    advice: &'static str,
    /// Whether it is the first that is open.
    is_next: bool,
}

#[derive(Template)]
#[template(path = "partner/account.html")]
struct View {
    frame: Frame,
    state: State,
    /// Why the company was refused.
    reason: String,
    facts: Vec<Fixed>,
    agreements: Vec<(&'static str, Moment)>,
    steps: Vec<Step>,
    ways: Vec<Way>,
}

#[derive(Template)]
#[template(path = "partner/details.html")]
struct Details {
    frame: Frame,
    is_new: bool,
    refusal: Option<String>,
    blocks: Vec<Block>,
    revision: u64,
}

/// How far a verification has come.
pub(super) fn stage(it: Option<&Verification>) -> State {
    match it.map(|it| &it.stage) {
        None => State::new("", "Not begun"),
        Some(VerificationStage::Email) => State::new("wait", "E-mail verification"),
        Some(VerificationStage::Employment) => State::new("wait", "Employment verification"),
        Some(VerificationStage::Business) => State::new("wait", "Business verification"),
        Some(VerificationStage::Authorized) => State::new("good", "Authorized"),
        Some(VerificationStage::Rejected(_)) => State::new("bad", "Rejected"),
    }
}

async fn shown(ask: &Ask) -> Result<Option<show::Shown>, Trouble> {
    let plane = ask.plane();
    let work = |context| async move { show::show(plane, &context).await };
    match ask.market("GET", "accounts/read", work).await {
        Ok(shown) => Ok(Some(shown)),
        Err(trouble) if market_refusal(&trouble) == Some(&Refused::NoAccount) => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

/// `GET /partner-center/account`: the checklist, or the way in.
pub(super) fn open(ask: Ask) -> Answered {
    const SHUT: &str = "You have no role in a publisher account of this directory. Where there is none yet, a Global Administrator signs up for one; where there is, its owners name its members.";
    Box::pin(async move { or_shut(&ask, ("Account", SHUT), checklist(&ask).await).await })
}

async fn checklist(ask: &Ask) -> Result<Answer, Trouble> {
    let Some(it) = shown(ask).await? else {
        return draw(ask, None, Typed::default(), (StatusCode::OK, None, None)).await;
    };
    let now = ask.plane().store.now();
    let next = it.steps.iter().position(|step| !step.is_done());
    let steps = it.steps.iter().enumerate().map(|(nth, step)| Step {
        id: step.id,
        title: step.title,
        state: if step.is_done() { State::new("good", "Done") } else { State::new("wait", "Open") },
        missing: step.missing.clone(),
        advice: step.advice,
        is_next: Some(nth) == next,
    });
    let server = &ask.plane().origins.graph;
    let line = format!("fyr account show --server {server}");
    let reason = match it.verification.as_ref().map(|it| &it.stage) {
        Some(VerificationStage::Rejected(why)) => why.clone(),
        _ => String::new(),
    };
    let agreed = |it: &Agreement| (agreement(it.kind).1, Moment::new(it.at, now));
    let view = View {
        frame: ask.frame("Account").await?.command("The account", line),
        state: stage(it.verification.as_ref()),
        reason,
        facts: facts(&it.account),
        agreements: it.account.agreements.iter().map(agreed).collect(),
        steps: steps.collect(),
        ways: vec![
            Way::new("Company details", To::AccountDetails),
            Way::new("Publishers", To::Publishers),
            Way::new("Members", To::Members),
            Way::new("Offers", To::Offers),
        ],
    };
    Answer::page(&view)
}

/// What is known of a company.
pub(super) fn facts(account: &Account) -> Vec<Fixed> {
    let Company { legal_name, street, city, postal_code, country, contact } = &account.company;
    let fact = |name, value: String| Fixed { name, value, why: "" };
    let partner = account.partner.map_or_else(|| "none yet".to_owned(), |it| it.to_string());
    vec![
        fact("Legal business name", legal_name.clone()),
        fact("Address", format!("{street}, {postal_code} {city}, {country}")),
        fact("Primary contact", format!("{}, {}, {}", contact.name, contact.email, contact.phone)),
        fact("Partner ID", partner),
    ]
}

/// `POST /partner-center/account`: somebody signs up.
pub(super) fn enrol(ask: Ask) -> Answered {
    Box::pin(async move {
        let mut typed = Typed::default();
        typed.take(&ask.form);
        let outcome = match typed.told() {
            Ok(told) => {
                let (plane, told) = (ask.plane(), &told);
                let work = |context| async move { sign_up::sign_up(plane, &context, told).await };
                ask.market("POST", "accounts/write", work).await.map(|_| ())
            }
            Err(refused) => Err(operations::error::Error::from(refused).into()),
        };
        match outcome {
            Ok(()) => {
                Ok(ask.done("The account was made. What is missing stands below.", To::Account))
            }
            Err(trouble) => again(&ask, None, typed, trouble).await,
        }
    })
}

/// `GET /partner-center/account/details`
pub(super) fn details(ask: Ask) -> Answered {
    Box::pin(async move {
        let it = shown(&ask).await?.ok_or(Trouble::Nothing)?;
        let (typed, revision) = (Typed::of(&it.account), it.account.revision);
        draw(&ask, Some(revision), typed, (StatusCode::OK, None, None)).await
    })
}

/// `POST` of the same.
pub(super) fn change(ask: Ask) -> Answered {
    Box::pin(async move {
        let it = shown(&ask).await?.ok_or(Trouble::Nothing)?;
        let mut typed = Typed::of(&it.account);
        typed.take(&ask.form);
        let outcome = match typed.told() {
            Ok(told) => changed(&ask, &told, ask.revision()?).await,
            Err(refused) => Err(operations::error::Error::from(refused).into()),
        };
        match outcome {
            Ok(()) => Ok(ask.done("The account was saved.", To::Account)),
            Err(trouble) => again(&ask, Some(it.account.revision), typed, trouble).await,
        }
    })
}

async fn changed(ask: &Ask, told: &Told, wanted: IfMatch) -> Result<(), Trouble> {
    let plane = ask.plane();
    let work = |context| async move { update::update(plane, &context, told, wanted).await };
    ask.market("POST", "accounts/write", work).await.map(|_| ())
}

/// The form with what was typed, and with what refused it.
async fn again(
    ask: &Ask,
    revision: Option<u64>,
    typed: Typed,
    trouble: Trouble,
) -> Result<Answer, Trouble> {
    let Some(refusal) = market_refusal(&trouble) else { return Err(trouble) };
    let field = if let Refused::Invalid { field, why } = refusal {
        Some(((*field).to_owned(), why.clone()))
    } else if let Refused::Verified(field) = refusal {
        Some(((*field).to_owned(), "it was verified".to_owned()))
    } else {
        None
    };
    let words = format!("Nothing was saved: {refusal}.");
    draw(ask, revision, typed, (trouble.told().status, Some(words), field)).await
}

async fn draw(
    ask: &Ask,
    revision: Option<u64>,
    mut typed: Typed,
    (status, refusal, field): (StatusCode, Option<String>, Option<(String, String)>),
) -> Result<Answer, Trouble> {
    let frame = match revision {
        None => ask.frame("Sign up as a publisher").await?,
        Some(_) => ask.frame("Company details").await?.below("Account", To::Account),
    };
    let mut blocks = typed.blocks();
    if let Some((field, why)) = field {
        beside(&mut blocks, &field, &why);
    }
    let is_new = revision.is_none();
    let revision = revision.unwrap_or_default();
    Answer::with(status, &Details { frame, is_new, refusal, blocks, revision })
}
