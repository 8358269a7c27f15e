//! What is wrong with an offer's form.
//!
//! A form holds what was read already: what was written in no form that can be read is judged by
//! [`super::spelled`], and what changed against what was published by [`super::change`].

mod link;
mod listing;
mod media;
mod plans;
mod setup;

use std::collections::BTreeMap;

use ids::{
    guid::TenantId,
    offer::{OfferId, PlanName},
    version::Version,
};
use jiff::civil::Date;
use model::market::{form::Form, manifest::Manifest};

use super::{
    Finding,
    limits::{self, Limits},
    manifest,
    rules::{self, Rule},
};
use crate::html;

pub use self::setup::destination;

/// The manifests that were previewed once, which never change.
pub type Previewed = BTreeMap<(PlanName, Version), Manifest>;

/// What the rules judge by, besides the form.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub id: &'a OfferId,
    /// The publisher's tenant.
    pub tenant: TenantId,
    /// The day on which the form is judged.
    pub day: Date,
    /// What is known of roles, and of the publisher's own tenant's principals.
    pub manifests: &'a manifest::Facts,
    pub previewed: &'a Previewed,
    /// Whether another offer of the publisher has the id.
    pub is_id_taken: bool,
    /// Whether another provider's offer that anybody can find has the title: templates make a
    /// definition's name from it.
    pub is_title_taken: bool,
}

/// All that the rules object to, in the form's order.
pub fn lint(form: &Form, facts: &Facts<'_>) -> Vec<Finding> {
    let mut lint = Lint { form, facts, limits: limits::on(facts.day), findings: Vec::new() };
    lint.setup();
    lint.properties();
    lint.listing();
    lint.media();
    lint.preview();
    lint.plans();
    lint.findings
}

/// What a test lead was answered with, if that is not that it was taken.
pub fn test_lead(status: u16) -> Option<Finding> {
    let reason = || format!("the endpoint answered a test lead with status {status}");
    let is_taken = (200..300).contains(&status);
    (!is_taken).then(|| Finding::new(&rules::LEAD_REFUSED, setup::LEADS, reason()))
}

/// That another provider's offer has the title.
pub fn title_taken(title: &str) -> Finding {
    let reason = format!("another provider offers `{title}`");
    Finding::new(&rules::COLLISION, listing::TITLE, reason)
}

/// That an expectation of the publisher's is not met: the one at that place.
pub fn unmet(nth: usize, reason: String) -> Finding {
    Finding::new(&rules::UNMET, format!("tests[{nth}]"), reason)
}

struct Lint<'a> {
    form: &'a Form,
    facts: &'a Facts<'a>,
    limits: &'static Limits,
    findings: Vec<Finding>,
}

/// A text that must be there, and not be longer than that.
struct Prose<'a> {
    rule: &'static Rule,
    field: &'a str,
    text: &'a str,
    chars_max: usize,
}

impl Lint<'_> {
    fn find(&mut self, rule: &'static Rule, field: impl Into<String>, reason: impl Into<String>) {
        self.findings.push(Finding::new(rule, field, reason));
    }

    fn text(&mut self, it: &Prose<'_>) {
        if it.text.trim().is_empty() {
            self.find(it.rule, it.field, "it is empty");
        }
        self.bounded(it);
    }

    /// As [`Self::text`], and it may be empty.
    fn bounded(&mut self, it: &Prose<'_>) {
        let Prose { rule, field, text, chars_max } = *it;
        let length = text.chars().count();
        if length > chars_max {
            let reason = format!("it has {length} characters, and {chars_max} are allowed");
            self.find(rule, field, reason);
        }
        self.seen(field, text);
    }

    fn seen(&mut self, field: &str, text: &str) {
        if let Some(letter) = text.chars().find(|it| *it != '\r' && !html::is_seen(*it)) {
            let reason = format!("it holds U+{:04X}", u32::from(letter));
            self.find(&rules::UNSEEN, field, reason);
        }
    }

    /// Warns of a title that some pages cut off.
    fn length(&mut self, rule: &'static Rule, field: &str, text: &str, chars_max: usize) {
        let length = text.chars().count();
        if length > chars_max {
            self.find(rule, field, format!("it has {length} characters"));
        }
    }

    fn link(&mut self, field: &str, address: &str) {
        if let Err(why) = link::https(address) {
            self.find(&rules::LINK, field, why);
        }
    }
}
