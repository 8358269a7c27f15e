//! What an account may say, what of it stays, and how far its verification goes.

use ids::guid::{Principal, TenantId};
use jiff::Timestamp;
use model::market::account::{
    Account, Agreement, Company, Person, Qualification, QualificationKind, Verification,
    VerificationStage,
};

use super::Told;
use crate::market::{Refused, line};

/// How long a company's name or a line of its address may be.
const TEXT_CHARS_MAX: usize = 200;
/// How long a reason may be that a company is given.
const REASON_CHARS_MAX: usize = 2_000;
/// How many qualifications are kept of a company.
const QUALIFICATIONS_MAX: usize = 50;

/// The account that somebody signs up for.
pub fn signed_up(
    tenant: TenantId,
    told: &Told,
    by: Principal,
    now: Timestamp,
) -> Result<Account, Refused> {
    company(&told.company)?;
    let account = Account {
        tenant,
        company: told.company.clone(),
        is_entitled: told.is_entitled,
        agreements: Vec::new(),
        partner: told.partner,
        revision: 1,
        created: now,
    };
    Ok(Account { agreements: agreed(&account, told, by, now), ..account })
}

/// The account with what is told of it now. What the operators verified stays.
pub fn updated(
    before: &Account,
    verification: Option<&Verification>,
    told: &Told,
    by: Principal,
    now: Timestamp,
) -> Result<Account, Refused> {
    company(&told.company)?;
    if verification.is_some_and(|it| it.stage == VerificationStage::Authorized) {
        let Company { legal_name, country, .. } = &before.company;
        if *legal_name != told.company.legal_name {
            return Err(Refused::Verified("legalName"));
        }
        if *country != told.company.country {
            return Err(Refused::Verified("country"));
        }
    }
    Ok(Account {
        company: told.company.clone(),
        is_entitled: before.is_entitled || told.is_entitled,
        agreements: agreed(before, told, by, now),
        partner: told.partner,
        revision: before.revision.saturating_add(1),
        ..before.clone()
    })
}

/// Each kind once, as it was agreed to first.
fn agreed(before: &Account, told: &Told, by: Principal, now: Timestamp) -> Vec<Agreement> {
    let mut agreements = before.agreements.clone();
    for kind in told.agreements.iter().copied() {
        if !agreements.iter().any(|it| it.kind == kind) {
            agreements.push(Agreement { kind, by, at: now });
        }
    }
    agreements
}

/// A company may leave anything open for now; what it tells has a form.
fn company(it: &Company) -> Result<(), Refused> {
    let Company { legal_name, street, city, postal_code, country, contact } = it;
    let Person { name, email, phone } = contact;
    for (field, text) in [
        ("legalName", legal_name),
        ("street", street),
        ("city", city),
        ("postalCode", postal_code),
        ("contact.name", name),
        ("contact.email", email),
        ("contact.phone", phone),
    ] {
        line(field, text, TEXT_CHARS_MAX)?;
    }
    let is_code = country.len() == 2 && country.bytes().all(|it| it.is_ascii_uppercase());
    if !country.is_empty() && !is_code {
        let why = "it is no code of two capital letters (ISO 3166)".to_owned();
        return Err(Refused::Invalid { field: "country", why });
    }
    Ok(())
}

/// The verification after the operators' next word on it.
pub fn verified(
    tenant: TenantId,
    before: Option<&Verification>,
    stage: VerificationStage,
    qualifications: Vec<Qualification>,
    now: Timestamp,
) -> Result<Verification, Refused> {
    let was = before.map(|it| &it.stage);
    if !may_follow(was, &stage) {
        return Err(Refused::Stage { before: was.cloned(), after: stage });
    }
    if let VerificationStage::Rejected(reason) = &stage {
        line("reason", reason, REASON_CHARS_MAX)?;
    }
    if qualifications.len() > QUALIFICATIONS_MAX {
        return Err(Refused::TooMany { what: "qualifications", max: QUALIFICATIONS_MAX });
    }
    for it in &qualifications {
        match &it.kind {
            QualificationKind::Competency { area: name, .. }
            | QualificationKind::Program(name)
            | QualificationKind::Designation(name) => line("qualification", name, TEXT_CHARS_MAX)?,
        }
    }
    Ok(Verification { tenant, stage, qualifications, at: now })
}

/// One step after the other; each can be said again, with other qualifications. Who was refused
/// begins anew, and who is verified may have to show its business again.
fn may_follow(before: Option<&VerificationStage>, after: &VerificationStage) -> bool {
    use VerificationStage::{Authorized, Business, Email, Employment, Rejected};
    match before {
        None => matches!(after, Email),
        Some(Email) => matches!(after, Email | Employment | Rejected(_)),
        Some(Employment) => matches!(after, Employment | Business | Rejected(_)),
        Some(Business) => matches!(after, Business | Authorized | Rejected(_)),
        Some(Authorized) => matches!(after, Authorized | Business | Rejected(_)),
        Some(Rejected(_)) => matches!(after, Rejected(_) | Email),
    }
}

#[cfg(test)]
mod tests;
