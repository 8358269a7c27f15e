//! Ids, customer leads, properties and the preview's audience.

use std::collections::BTreeSet;

use model::market::form::{AudienceEntry, Destination, Terms};

use super::{Lint, Prose, link::https};
use crate::{
    audience::{PREVIEW_MAX, description_of},
    lint::{
        Finding,
        limits::{ALIAS_CHARS_MAX, CATEGORIES, TERMS_CHARS_MAX},
        rules::{self, Rule},
    },
};

pub(super) const LEADS: &str = "customerLeads";
const CATEGORY: &str = "categories";
const PREVIEW: &str = "previewAudience";

/// What the rules object to in where leads go.
pub fn destination(leads: &Destination) -> Vec<Finding> {
    let Destination::HttpsEndpoint { url, sealed: _, emails } = leads else {
        return vec![Finding::new(&rules::LEADS, LEADS, "no destination is set")];
    };
    let address = https(url).err();
    let address =
        address.map(|why| Finding::new(&rules::LINK, format!("{LEADS}.httpsEndpointUrl"), why));
    let strange = emails.iter().enumerate().filter(|(_, it)| !is_email(it)).map(|(nth, it)| {
        let field = format!("{LEADS}.contactEmail[{nth}]");
        Finding::new(&rules::CONTACT, field, format!("`{}` is no e-mail address", short(it)))
    });
    address.into_iter().chain(strange).collect()
}

impl Lint<'_> {
    pub(super) fn setup(&mut self) {
        let name = &self.facts.id.name;
        if name.ends_like_a_preview() {
            self.find(&rules::OFFER_ID, "offerId", format!("`{name}` ends in `-preview`"));
        }
        if self.facts.is_id_taken {
            let reason = format!("`{}` is taken", self.facts.id);
            self.find(&rules::OFFER_TAKEN, "offerId", reason);
        }
        let (rule, text) = (&rules::ALIAS, self.form.alias.as_str());
        self.bounded(&Prose { rule, field: "alias", text, chars_max: ALIAS_CHARS_MAX });
        self.findings.extend(destination(&self.form.leads));
    }

    pub(super) fn properties(&mut self) {
        let (count, max) = (self.form.categories.len(), self.limits.categories_max);
        if count == 0 {
            self.find(&rules::CATEGORIES, CATEGORY, "no category is chosen");
        } else if count > max {
            let reason = format!("there are {count} categories, and {max} are allowed");
            self.find(&rules::CATEGORIES, CATEGORY, reason);
        }
        for (category, chosen) in &self.form.categories {
            let field = format!("{CATEGORY}.{}", short(category));
            let max = self.limits.subcategories_max;
            if chosen.len() > max {
                let count = chosen.len();
                let reason = format!("there are {count} subcategories, and {max} are allowed");
                self.find(&rules::CATEGORIES, field.as_str(), reason);
            }
            let Some((_, known)) = CATEGORIES.iter().find(|(key, _)| key == category) else {
                self.find(&rules::CATEGORY, field, "the storefront has no such category");
                continue;
            };
            for other in
                chosen.iter().filter(|it| !known.is_empty() && !known.contains(&it.as_str()))
            {
                let reason = format!("it has no subcategory `{}`", short(other));
                self.find(&rules::CATEGORY, field.as_str(), reason);
            }
        }
        let field = "legal";
        match &self.form.terms {
            Terms::None => self.find(&rules::TERMS, field, "there are no terms"),
            Terms::Text(text) if text.trim().is_empty() => {
                self.find(&rules::TERMS, field, "the terms are empty");
            }
            Terms::Text(text) => {
                let (rule, chars_max) = (&rules::TERMS, TERMS_CHARS_MAX);
                self.bounded(&Prose { rule, field, text, chars_max });
            }
            Terms::Url(url) => self.link(&format!("{field}.termsUrl"), url),
        }
    }

    pub(super) fn preview(&mut self) {
        let audience = &self.form.preview_audience;
        let count = audience.len();
        if count == 0 {
            self.find(&rules::PREVIEWERS, PREVIEW, "nobody sees the preview");
        } else if count > PREVIEW_MAX {
            let reason = format!("there are {count} subscriptions, and {PREVIEW_MAX} are allowed");
            self.find(&rules::PREVIEWERS, PREVIEW, reason);
        }
        self.entries(&rules::PREVIEWERS, PREVIEW, audience);
    }

    /// What is wrong with single entries of an audience.
    pub(super) fn entries(&mut self, rule: &'static Rule, list: &str, audience: &[AudienceEntry]) {
        let mut seen = BTreeSet::new();
        for (nth, AudienceEntry { subscription, description }) in audience.iter().enumerate() {
            if !seen.insert(subscription) {
                let reason = "the subscription stands there before";
                self.find(rule, format!("{list}[{nth}].id"), reason);
            }
            if let Err(why) = description_of(description) {
                self.find(rule, format!("{list}[{nth}].description"), why.to_string());
            }
        }
    }
}

/// Whether mail could be sent there: the rest is for whoever sends it to find out.
pub(super) fn is_email(text: &str) -> bool {
    let is_plain = text.chars().all(|it| it.is_ascii_graphic() && it != ',' && it != ';');
    let mut parts = text.split('@');
    let both = |part: Option<&str>| part.is_some_and(|it| !it.is_empty());
    is_plain && both(parts.next()) && both(parts.next()) && parts.next().is_none()
}

/// A piece of somebody's text that is short enough to be repeated.
pub(super) fn short(text: &str) -> String {
    text.chars().filter(|it| crate::html::is_seen(*it)).take(40).collect()
}
