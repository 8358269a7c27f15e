//! What is missing before an account may publish.

use jiff::civil::Date;
use model::market::account::{
    Account, AgreementKind, Company, Person, Verification, VerificationStage,
};

use crate::eligibility::{self, NotEligible};

/// What a company can do meanwhile: it takes neither an account nor a qualification
/// (<https://learn.microsoft.com/azure/lighthouse/how-to/publish-managed-services-offers>).
pub const MEANWHILE: &str = "customers can be onboarded with a template meanwhile: it takes no publisher account (`fyr template create`)";

/// A step of the enrolment that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    #[error("the company's {0} is not told")]
    Company(&'static str),
    #[error("nobody has said that whoever signed up may bind the company")]
    Entitlement,
    #[error("the publisher agreement is not accepted")]
    PublisherAgreement,
    #[error("the partner network agreement is not accepted")]
    PartnerAgreement,
    #[error("no partner id is attached")]
    Partner,
    #[error("the company is not verified yet: {0} comes next")]
    Verification(&'static str),
    #[error("the company was not accepted: {0}")]
    Rejected(String),
    #[error("the company is not qualified: {0}")]
    Eligibility(NotEligible),
}

/// Each step that is missing on that day, in the order in which they are taken. An account of which
/// nothing is missing may publish; what it published before is not asked again.
pub fn missing(account: &Account, verification: Option<&Verification>, day: Date) -> Vec<Missing> {
    let mut missing: Vec<Missing> =
        untold(&account.company).into_iter().map(Missing::Company).collect();
    if !account.is_entitled {
        missing.push(Missing::Entitlement);
    }
    let agreed = |kind| account.agreements.iter().any(|it| it.kind == kind);
    if !agreed(AgreementKind::Publisher) {
        missing.push(Missing::PublisherAgreement);
    }
    if account.partner.is_none() {
        missing.push(Missing::Partner);
    } else if !agreed(AgreementKind::PartnerNetwork) {
        missing.push(Missing::PartnerAgreement);
    }
    match verification.map(|it| &it.stage) {
        None | Some(VerificationStage::Email) => {
            missing.push(Missing::Verification("the e-mail address"));
        }
        Some(VerificationStage::Employment) => {
            missing.push(Missing::Verification("who works there"));
        }
        Some(VerificationStage::Business) => missing.push(Missing::Verification("the business")),
        Some(VerificationStage::Rejected(why)) => missing.push(Missing::Rejected(why.clone())),
        Some(VerificationStage::Authorized) => {}
    }
    let qualifications = verification.map_or(&[][..], |it| &it.qualifications);
    let route = eligibility::route(account.partner, qualifications, day);
    missing.extend(route.err().map(Missing::Eligibility));
    missing
}

fn untold(company: &Company) -> Vec<&'static str> {
    let Company { legal_name, street, city, postal_code, country, contact } = company;
    let Person { name, email, phone } = contact;
    [
        ("legal name", legal_name),
        ("street", street),
        ("city", city),
        ("postal code", postal_code),
        ("country", country),
        ("contact's name", name),
        ("contact's e-mail address", email),
        ("contact's phone number", phone),
    ]
    .into_iter()
    .filter(|(_, told)| told.trim().is_empty())
    .map(|(what, _)| what)
    .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use model::{
        market::account::Agreement,
        samples::{self, market},
    };

    use super::*;

    const TODAY: Date = date(2026, 11, 29);

    fn enrolled() -> Account {
        let agreed = |kind| Agreement { kind, by: samples::ADA, at: samples::now() };
        let agreements =
            vec![agreed(AgreementKind::Publisher), agreed(AgreementKind::PartnerNetwork)];
        Account { agreements, ..market::account() }
    }

    #[track_caller]
    fn lacks(account: &Account, verification: Option<&Verification>, expected: &[&str]) {
        let told: Vec<String> =
            missing(account, verification, TODAY).iter().map(ToString::to_string).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn an_account_that_took_every_step_may_publish() {
        lacks(&enrolled(), Some(&market::verification()), &[]);
    }

    #[test]
    fn each_step_that_is_missing_is_named() {
        let verified = market::verification();
        let with = |account: Account, expected: &[&str]| lacks(&account, Some(&verified), expected);
        let mut nameless = enrolled();
        nameless.company.legal_name = " ".to_owned();
        nameless.company.contact.phone.clear();
        with(
            nameless,
            &[
                "the company's legal name is not told",
                "the company's contact's phone number is not told",
            ],
        );
        with(
            Account { is_entitled: false, ..enrolled() },
            &["nobody has said that whoever signed up may bind the company"],
        );
        with(
            Account { agreements: Vec::new(), ..enrolled() },
            &[
                "the publisher agreement is not accepted",
                "the partner network agreement is not accepted",
            ],
        );
        with(Account { partner: None, ..enrolled() }, &["no partner id is attached"]);
    }

    #[test]
    fn the_verification_says_what_comes_next() {
        let at = |stage| Verification { stage, ..market::verification() };
        let next = |stage, expected: &str| lacks(&enrolled(), Some(&at(stage)), &[expected]);
        let text = "the company is not verified yet: the e-mail address comes next";
        next(VerificationStage::Email, text);
        let takes = "the company is not qualified: it takes the designation InfrastructureAzure or the designation Security";
        lacks(&enrolled(), None, &[text, takes]);
        next(
            VerificationStage::Employment,
            "the company is not verified yet: who works there comes next",
        );
        next(
            VerificationStage::Business,
            "the company is not verified yet: the business comes next",
        );
        let rejected = VerificationStage::Rejected("nobody answered the phone".to_owned());
        next(rejected, "the company was not accepted: nobody answered the phone");
        let unqualified = Verification { qualifications: Vec::new(), ..market::verification() };
        lacks(&enrolled(), Some(&unqualified), &[takes]);
    }
}
