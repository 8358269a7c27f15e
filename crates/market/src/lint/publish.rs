//! Whether an offer may be submitted now: the account, the pages, and what runs already.

use jiff::civil::Date;
use model::market::{
    account::{Account, Verification},
    form::Form,
};

use super::{
    Finding,
    rules::{self, Rule, Severity},
};
use crate::enrolment::{self, Missing};

/// A page of an offer's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    Setup,
    Properties,
    Listing,
    Preview,
    Plans,
    /// What the publisher expects of the plans; there may be nothing.
    Tests,
}

/// How far a page is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    NotStarted,
    Incomplete,
    Complete,
}

impl Completion {
    /// What the list of pages calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "Not started",
            Self::Incomplete => "Incomplete",
            Self::Complete => "Complete",
        }
    }
}

impl Page {
    /// In the order in which they are filled in.
    pub const ALL: [Self; 6] =
        [Self::Setup, Self::Properties, Self::Listing, Self::Preview, Self::Plans, Self::Tests];

    /// What the list of pages calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "Offer setup",
            Self::Properties => "Properties",
            Self::Listing => "Offer listing",
            Self::Preview => "Preview audience",
            Self::Plans => "Plan overview",
            Self::Tests => "Offer tests",
        }
    }

    /// The members of a form that are on it.
    fn members(self) -> &'static [&'static str] {
        match self {
            Self::Setup => &["customerLeads"],
            Self::Properties => &["categories", "legal"],
            Self::Listing => &["listing"],
            Self::Preview => &["previewAudience"],
            Self::Plans => &["plans"],
            Self::Tests => &["tests"],
        }
    }

    /// The page on which a field is; ids and alias are on the first one.
    pub fn of(field: &str) -> Self {
        let first = field.split(['.', '[']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|it| it.members().contains(&first)).unwrap_or(Self::Setup)
    }

    fn is_untouched(self, form: &Form) -> bool {
        let empty = Form::default();
        match self {
            Self::Setup => form.leads == empty.leads,
            Self::Properties => form.categories.is_empty() && form.terms == empty.terms,
            Self::Listing => form.listing == empty.listing,
            Self::Preview => form.preview_audience.is_empty(),
            Self::Plans => form.plans.is_empty(),
            Self::Tests => false, // whoever expects nothing has nothing to fill in
        }
    }

    /// How far it is filled in, by what the rules object to in the form.
    pub fn completion(self, form: &Form, findings: &[Finding]) -> Completion {
        if self.is_untouched(form) {
            Completion::NotStarted
        } else if self.errors(findings).next().is_some() {
            Completion::Incomplete
        } else {
            Completion::Complete
        }
    }

    fn errors(self, findings: &[Finding]) -> impl Iterator<Item = &Finding> {
        let is_error = |it: &&Finding| it.rule.severity == Severity::Error;
        findings.iter().filter(is_error).filter(move |it| Self::of(&it.field) == self)
    }
}

/// What decides beside the form.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub account: &'a Account,
    pub verification: Option<&'a Verification>,
    /// The day of the submission.
    pub day: Date,
    /// Whether a submission of the offer runs.
    pub is_running: bool,
}

/// Why an offer cannot be submitted now, given what the rules object to in its form.
pub fn lint(findings: &[Finding], facts: &Facts<'_>) -> Vec<Finding> {
    let Facts { account, verification, day, is_running } = *facts;
    let missing = enrolment::missing(account, verification, day);
    let mut found: Vec<Finding> = missing.iter().map(unmet).collect();
    for page in Page::ALL {
        let errors: Vec<&Finding> = page.errors(findings).collect();
        if let [first, ..] = errors[..] {
            let (count, Finding { rule, field, .. }) = (errors.len(), first);
            let reason = format!("{}: {count} errors, the first of {}", page.as_str(), rule.id);
            found.push(Finding::new(&rules::INCOMPLETE, field.as_str(), reason));
        }
    }
    if is_running {
        found.push(Finding::new(&rules::LOCKED, "submission", "another submission is running"));
    }
    found
}

fn unmet(missing: &Missing) -> Finding {
    let (rule, field): (&'static Rule, &str) = match missing {
        Missing::Eligibility(_) => (&rules::NOT_ELIGIBLE, "account.designations"),
        Missing::Partner => (&rules::NO_PARTNER, "account.partnerId"),
        Missing::Verification(_) | Missing::Rejected(_) => {
            (&rules::NOT_ENROLLED, "account.verification")
        }
        Missing::PublisherAgreement | Missing::PartnerAgreement => {
            (&rules::NOT_ENROLLED, "account.agreements")
        }
        Missing::Company(_) | Missing::Entitlement => (&rules::NOT_ENROLLED, "account"),
    };
    Finding::new(rule, field, missing.to_string())
}
