//! Publisher accounts, which are of Fyr's own API.

use ids::offer::PublisherId;
use jiff::Timestamp;
use model::market::{
    account::{
        Account, AccountMember, AccountRole, Agreement, AgreementKind, Company, Level, Person,
        Publisher, Qualification, QualificationKind, Verification, VerificationStage,
    },
    lead::{Delivery, Lead, LeadPerson},
};
use serde_json::{Value, json};

use crate::arm::content::{BadContent, Content, Field, Fields};

/// What somebody says of their company's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountBody {
    pub company: Company,
    pub is_entitled: bool,
    pub agreements: Vec<AgreementKind>,
    pub partner: Option<ids::offer::PartnerId>,
}

/// Reads the body of a sign-up or a change.
pub fn read(body: &[u8]) -> Result<AccountBody, BadContent> {
    let content = Content::parse(body)?;
    let it = content.fields()?;
    let address = it.get("address")?.fields()?;
    let agreements =
        it.find("agreements").map(|all| all.each(|it| agreement_kind(&it))).transpose()?;
    let partner = it.find("partnerId").map(|field| {
        field.text()?.parse().map_err(|bad: ids::offer::BadPartnerId| field.refused(bad))
    });
    Ok(AccountBody {
        company: Company {
            legal_name: text(&it, "legalName")?,
            street: text(&address, "street")?,
            city: text(&address, "city")?,
            postal_code: text(&address, "postalCode")?,
            country: text(&address, "country")?,
            contact: person(&it.get("primaryContact")?.fields()?)?,
        },
        is_entitled: it.find("authorizedToSign").map(|it| it.flag()).transpose()?.unwrap_or(false),
        agreements: agreements.unwrap_or_default(),
        partner: partner.transpose()?,
    })
}

fn text(it: &Fields<'_>, name: &str) -> Result<String, BadContent> {
    it.get(name)?.text().map(str::to_owned)
}

fn person(it: &Fields<'_>) -> Result<Person, BadContent> {
    Ok(Person { name: text(it, "name")?, email: text(it, "email")?, phone: text(it, "phone")? })
}

const AGREEMENTS: [(AgreementKind, &str); 2] = [
    (AgreementKind::Publisher, "PublisherAgreement"),
    (AgreementKind::PartnerNetwork, "PartnerNetworkAgreement"),
];

fn agreement_kind(field: &Field<'_>) -> Result<AgreementKind, BadContent> {
    let named = field.text()?;
    let found = AGREEMENTS.iter().find(|(_, name)| *name == named).map(|(kind, _)| *kind);
    let refused = || field.refused("must be 'PublisherAgreement' or 'PartnerNetworkAgreement'");
    found.ok_or_else(refused)
}

/// One thing that an account needs, and what is missing of it.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub missing: &'a [String],
    pub advice: &'a str,
}

/// An account with what the operators found, and what is still to do.
pub fn shown<'a>(
    account: &Account,
    verification: Option<&Verification>,
    steps: impl Iterator<Item = Step<'a>>,
) -> Value {
    let Account { tenant, company, is_entitled, agreements, partner, revision, created } = account;
    let steps = steps.map(|it| {
        json!({
            "id": it.id,
            "title": it.title,
            "done": it.missing.is_empty(),
            "missing": it.missing,
            "advice": it.advice,
        })
    });
    json!({
        "tenantId": tenant,
        "legalName": company.legal_name,
        "address": {
            "street": company.street,
            "city": company.city,
            "postalCode": company.postal_code,
            "country": company.country,
        },
        "primaryContact": {
            "name": company.contact.name,
            "email": company.contact.email,
            "phone": company.contact.phone,
        },
        "authorizedToSign": is_entitled,
        "agreements": agreements.iter().map(agreement).collect::<Vec<_>>(),
        "partnerId": partner,
        "verification": verification.map(verified),
        "steps": steps.collect::<Vec<_>>(),
        "revision": revision,
        "created": created.to_string(),
    })
}

fn agreement(it: &Agreement) -> Value {
    let kind = AGREEMENTS.iter().find(|(kind, _)| *kind == it.kind).map(|(_, name)| name);
    json!({ "kind": kind, "acceptedBy": it.by.object, "acceptedAt": it.at.to_string() })
}

/// What the operators found out.
pub fn verified(it: &Verification) -> Value {
    let (stage, reason) = match &it.stage {
        VerificationStage::Email => ("EmailVerification", None),
        VerificationStage::Employment => ("EmploymentVerification", None),
        VerificationStage::Business => ("BusinessVerification", None),
        VerificationStage::Authorized => ("Authorized", None),
        VerificationStage::Rejected(reason) => ("Rejected", Some(reason)),
    };
    json!({
        "state": stage,
        "reason": reason,
        "qualifications": it.qualifications.iter().map(qualification).collect::<Vec<_>>(),
        "at": it.at.to_string(),
    })
}

fn qualification(it: &Qualification) -> Value {
    let mut body = match &it.kind {
        QualificationKind::Competency { area, level } => {
            let level = match level {
                Level::Silver => "Silver",
                Level::Gold => "Gold",
            };
            json!({ "kind": "competency", "area": area, "level": level })
        }
        QualificationKind::Program(name) => json!({ "kind": "program", "name": name }),
        QualificationKind::Designation(area) => json!({ "kind": "designation", "area": area }),
    };
    if let (Some(members), Some(day)) = (body.as_object_mut(), it.valid_to) {
        members.insert("validTo".to_owned(), day.to_string().into());
    }
    body
}

/// Reads an operator's word on a company.
pub fn read_verification(
    body: &[u8],
) -> Result<(VerificationStage, Vec<Qualification>), BadContent> {
    let content = Content::parse(body)?;
    let it = content.fields()?;
    let state = it.get("state")?;
    let stage = match state.text()? {
        "EmailVerification" => VerificationStage::Email,
        "EmploymentVerification" => VerificationStage::Employment,
        "BusinessVerification" => VerificationStage::Business,
        "Authorized" => VerificationStage::Authorized,
        "Rejected" => VerificationStage::Rejected(text(&it, "reason")?),
        _ => {
            return Err(state.refused(
                "must be 'EmailVerification', 'EmploymentVerification', 'BusinessVerification', 'Authorized' or 'Rejected'",
            ));
        }
    };
    let all = it.find("qualifications").map(|all| all.each(read_qualification)).transpose()?;
    Ok((stage, all.unwrap_or_default()))
}

fn read_qualification(field: Field<'_>) -> Result<Qualification, BadContent> {
    let it = field.fields()?;
    let kind = it.get("kind")?;
    let kind = match kind.text()? {
        "competency" => {
            let level = it.get("level")?;
            let level = match level.text()? {
                "Silver" => Level::Silver,
                "Gold" => Level::Gold,
                _ => return Err(level.refused("must be 'Silver' or 'Gold'")),
            };
            QualificationKind::Competency { area: text(&it, "area")?, level }
        }
        "program" => QualificationKind::Program(text(&it, "name")?),
        "designation" => QualificationKind::Designation(text(&it, "area")?),
        _ => return Err(kind.refused("must be 'competency', 'program' or 'designation'")),
    };
    let day = it.find("validTo").map(|field| {
        field.text()?.parse().map_err(|_| field.refused("must be a day, such as '2026-11-30'"))
    });
    Ok(Qualification { kind, valid_to: day.transpose()? })
}

/// Somebody who works in an account.
pub fn member(it: &AccountMember) -> Value {
    json!({ "objectId": it.principal.object, "role": it.role.as_str() })
}

/// Reads which role somebody gets.
pub fn read_role(body: &[u8]) -> Result<AccountRole, BadContent> {
    let content = Content::parse(body)?;
    let field = content.fields()?.get("role")?;
    let named = field.text()?;
    let found = AccountRole::ALL.into_iter().find(|role| role.as_str() == named);
    found.ok_or_else(|| field.refused("must be 'owner', 'manager' or 'developer'"))
}

/// A name to publish under.
pub fn publisher(it: &Publisher) -> Value {
    json!({
        "publisherId": it.id,
        "displayName": it.display_name,
        "created": it.created.to_string(),
    })
}

/// Reads a new name to publish under.
pub fn read_publisher(body: &[u8]) -> Result<(PublisherId, String), BadContent> {
    let content = Content::parse(body)?;
    let it = content.fields()?;
    let id = it.get("publisherId")?;
    let refused = |bad: ids::offer::BadMarketName| id.refused(bad);
    Ok((id.text()?.parse().map_err(refused)?, text(&it, "displayName")?))
}

/// A list, page by page.
pub fn list(items: &[Value], next: Option<String>) -> Value {
    match next {
        Some(next) => json!({ "value": items, "nextLink": next }),
        None => json!({ "value": items }),
    }
}

/// A lead as its publisher's owner reads it.
pub fn lead(it: &Lead) -> Value {
    let (state, reason, at) = delivery(&it.delivery);
    json!({
        "id": it.id,
        "offer": it.offer.to_string(),
        "offerTitle": it.offer_title,
        "leadSource": it.source,
        "actionCode": it.action,
        "userDetails": it.person.as_ref().map(lead_person),
        "created": it.at.to_string(),
        "delivery": { "state": state, "reason": reason, "at": at.map(|at| at.to_string()) },
    })
}

fn lead_person(it: &LeadPerson) -> Value {
    json!({
        "firstName": it.first_name,
        "lastName": it.last_name,
        "email": it.email,
        "phone": it.phone,
        "country": it.country,
        "company": it.company,
        "title": it.title,
    })
}

fn delivery(it: &Delivery) -> (&'static str, Option<&String>, Option<Timestamp>) {
    match it {
        Delivery::Pending { .. } => ("pending", None, None),
        Delivery::Delivered { at } => ("delivered", None, Some(*at)),
        Delivery::Failed { reason } => ("failed", Some(reason), None),
    }
}
