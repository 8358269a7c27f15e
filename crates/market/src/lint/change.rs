//! What must not change once it was published.

use ids::offer::OfferId;
use model::market::form::{Form, Plan, Visibility};

use super::{Finding, offer::Previewed, rules};

/// What is out there already.
#[derive(Clone, Copy, Debug)]
pub struct Published<'a> {
    /// The form that is live, or was until its distribution was stopped.
    pub live: Option<&'a Form>,
    pub previewed: &'a Previewed,
}

/// What of a draft could not follow on what was published, in the draft's order.
pub fn lint(draft: &Form, published: Published<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let live = published.live.map_or(&[][..], |it| &it.plans);
    for plan in live.iter().filter(|it| draft.plan(&it.name).is_none()) {
        let reason = format!("plan `{}` is missing", plan.name);
        findings.push(Finding::new(&rules::PLAN_GONE, "plans", reason));
    }
    for (nth, plan) in draft.plans.iter().enumerate() {
        let at = format!("plans[{nth}]");
        let was_public = |it: &Plan| it.name == plan.name && it.visibility == Visibility::Public;
        if plan.visibility == Visibility::Private && live.iter().any(was_public) {
            let reason = format!("plan `{}` is public", plan.name);
            findings.push(Finding::new(&rules::NEVER_PRIVATE, format!("{at}.visibility"), reason));
        }
        findings.extend(manifests(&at, plan, published.previewed));
    }
    findings
}

/// Whether an offer would become another one.
pub fn moved(before: &OfferId, after: &OfferId) -> Option<Finding> {
    let field = if before.publisher == after.publisher { "offerId" } else { "publisherId" };
    let reason = || format!("it is `{before}`");
    (before != after).then(|| Finding::new(&rules::OFFER_MOVED, field, reason()))
}

fn manifests(at: &str, plan: &Plan, previewed: &Previewed) -> Vec<Finding> {
    let of_plan = previewed.keys().filter(|(name, _)| *name == plan.name);
    let Some(highest) = of_plan.map(|(_, version)| *version).max() else { return Vec::new() };
    let mut findings = Vec::new();
    for (nth, it) in plan.manifests.iter().enumerate() {
        let field = format!("{at}.manifests[{nth}]");
        match previewed.get(&(plan.name.clone(), it.version)) {
            Some(frozen) if *frozen != it.manifest => {
                let reason = format!("{} was previewed with another content", it.version);
                findings.push(Finding::new(&rules::FROZEN, field, reason));
            }
            None if it.version <= highest => {
                let reason =
                    format!("{} is not higher than {highest}, which was previewed", it.version);
                findings.push(Finding::new(&rules::VERSION, format!("{field}.version"), reason));
            }
            Some(_) | None => {}
        }
    }
    let newest = plan.newest().map(|it| it.version);
    if newest.is_some_and(|it| it < highest) {
        let reason = format!("{highest} was previewed, and nothing here is as high");
        findings.push(Finding::new(&rules::VERSION, format!("{at}.manifests"), reason));
    }
    findings
}
