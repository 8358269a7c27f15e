//! What a draft may become.

use std::collections::{BTreeMap, BTreeSet};

use ids::offer::PlanName;
use market::{
    lifecycle::plan,
    lint::{Finding, offer::Previewed, rules::Severity},
};
use model::market::{
    form::{Destination, Form, Listing},
    media::Picture,
    offer::{Distribution, PlanFacts},
};
use uuid::Uuid;

use crate::market::Refused;

/// How large a draft may be: ten thousand subscriptions with a line on each, and all the rest.
const FORM_BYTES_MAX: usize = 4 << 20;
/// How many plans a draft may have, however far it is from being published.
const PLANS_MAX: usize = 200;
/// How many manifests one plan may have.
const MANIFESTS_MAX: usize = 500;
/// How many authorizations one manifest may have before anybody looks at them.
const AUTHORIZATIONS_MAX: usize = 100;
/// How many screenshots, and how many videos, a draft may have: each is read with every save.
const MEDIA_MAX: usize = 20;
/// How many expectations an offer is tried with.
const TESTS_MAX: usize = 500;

/// Refuses what is too large to be kept and judged.
pub fn bounded(form: &Form) -> Result<(), Refused> {
    let within = |what, count: usize, max| {
        if count > max { Err(Refused::TooMany { what, max }) } else { Ok(()) }
    };
    within("plans", form.plans.len(), PLANS_MAX)?;
    within("tests", form.tests.len(), TESTS_MAX)?;
    within("screenshots", form.listing.screenshots.len(), MEDIA_MAX)?;
    within("videos", form.listing.videos.len(), MEDIA_MAX)?;
    for plan in &form.plans {
        within("manifests of a plan", plan.manifests.len(), MANIFESTS_MAX)?;
        for it in &plan.manifests {
            let count = it.manifest.authorizations.len() + it.manifest.eligible.len();
            within("authorizations of a manifest", count, AUTHORIZATIONS_MAX)?;
        }
    }
    let bytes = serde_json::to_vec(form).map_or(usize::MAX, |it| it.len());
    within("bytes of a draft", bytes, FORM_BYTES_MAX)
}

/// The form with the key of where leads go, if the form names that place as it was shown, whoever
/// is told of them beside it.
#[must_use]
pub fn with_key(mut form: Form, before: &Destination) -> Form {
    if let (
        Destination::HttpsEndpoint { url, .. },
        Destination::HttpsEndpoint { url: shown, .. },
        Destination::HttpsEndpoint { url: kept, .. },
    ) = (&mut form.leads, before.redacted(), before)
        && *url == shown
    {
        url.clone_from(kept);
    }
    form
}

/// Every picture of a form, with the field that it stands in.
pub fn pictures(form: &mut Form) -> Vec<(String, &mut Picture)> {
    let Listing { logo, medium_logo, small_logo, screenshots, videos, .. } = &mut form.listing;
    let logos = [("large", logo), ("medium", medium_logo), ("small", small_logo)];
    let logos = logos
        .into_iter()
        .filter_map(|(name, it)| Some((format!("listing.logos.{name}"), it.as_mut()?)));
    let shots = screenshots.iter_mut().enumerate();
    let shots = shots.map(|(nth, it)| (format!("listing.screenshots[{nth}]"), &mut it.picture));
    let videos = videos.iter_mut().enumerate().filter_map(|(nth, it)| {
        Some((format!("listing.videos[{nth}].thumbnail"), it.thumbnail.as_mut()?))
    });
    logos.chain(shots).chain(videos).collect()
}

/// What became of an offer's plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plans {
    pub facts: BTreeMap<PlanName, PlanFacts>,
    /// As the history tells it.
    pub news: Vec<String>,
}

/// The plans once the draft has this form. A plan that was ever published stays; one that was in a
/// preview is remembered, so that it is the same plan if it comes back.
pub fn plans(
    before: &BTreeMap<PlanName, PlanFacts>,
    old: &Form,
    new: &Form,
    previewed: &Previewed,
    mut durable: impl FnMut() -> Uuid,
) -> Result<Plans, plan::Refusal> {
    let mut plans = Plans { facts: before.clone(), news: Vec::new() };
    let (had, has) = (names(old), names(new));
    for &name in had.difference(&has) {
        let state = before.get(name).map_or(Distribution::Draft, |it| it.distribution);
        plan::next(state, plan::Event::Delete, 0)?;
        if !previewed.keys().any(|(it, _)| it == name) {
            plans.facts.remove(name);
        }
        plans.news.push(format!("Deleted plan:{name}"));
    }
    for &name in has.difference(&had) {
        let new = || PlanFacts { durable: durable(), distribution: Distribution::Draft };
        plans.facts.entry(name.clone()).or_insert_with(new);
        plans.news.push(format!("Created plan:{name}"));
    }
    Ok(plans)
}

fn names(form: &Form) -> BTreeSet<&PlanName> {
    form.plans.iter().map(|it| &it.name).collect()
}

/// Refuses what the rules call an error, with all that they say.
pub fn no_errors(findings: Vec<Finding>) -> Result<Vec<Finding>, Refused> {
    let is_error = |it: &Finding| it.rule.severity == Severity::Error;
    if findings.iter().any(is_error) { Err(Refused::Objections(findings)) } else { Ok(findings) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(url: &str, emails: &[&str]) -> Destination {
        let emails = emails.iter().map(|&it| it.to_owned()).collect();
        Destination::HttpsEndpoint { url: url.to_owned(), sealed: None, emails }
    }

    #[test]
    fn the_key_stays_with_the_address_that_was_shown_and_goes_to_no_other() {
        const KEPT: &str = "https://in.example/leads?sig=key";
        let before = to(KEPT, &["old@in.example"]);
        for (sent, kept) in [
            (before.redacted(), before.clone()),
            (to("https://in.example/leads", &["new@in.example"]), to(KEPT, &["new@in.example"])),
            (to("https://in.example/leads", &[]), to(KEPT, &[])),
            (to("https://in.example/lead", &[]), to("https://in.example/lead", &[])),
            (to("https://in.example/leads?sig=2", &[]), to("https://in.example/leads?sig=2", &[])),
            (to("https://out.example/leads", &[]), to("https://out.example/leads", &[])),
            (Destination::None, Destination::None),
        ] {
            let form = Form { leads: sent.clone(), ..Form::default() };
            assert_eq!(with_key(form.clone(), &before).leads, kept, "{sent:?}");
            assert_eq!(with_key(form, &Destination::None).leads, sent);
        }
    }
}
