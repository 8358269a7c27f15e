//! Plans and their manifests.

use std::collections::BTreeSet;

use model::market::form::{Plan, VersionedManifest, Visibility};

use super::{Lint, Prose};
use crate::lint::{
    Finding,
    limits::{
        PLAN_DESCRIPTION_CHARS_GOOD_MAX, PLAN_DESCRIPTION_CHARS_MAX, PLANS_MAX, PRIVATE_PLANS_MAX,
        SUMMARY_CHARS_MAX, TITLE_CHARS_GOOD_MAX,
    },
    manifest::{self, Audience},
    rules,
};

impl Lint<'_> {
    pub(super) fn plans(&mut self) {
        let plans = &self.form.plans;
        let is_private = |it: &&Plan| it.visibility == Visibility::Private;
        let private: Vec<&Plan> = plans.iter().filter(is_private).collect();
        if plans.is_empty() {
            self.find(&rules::PLAN_COUNT, "plans", "there is no plan");
        } else if plans.len() > PLANS_MAX {
            let reason = format!("there are {} plans, and {PLANS_MAX} are allowed", plans.len());
            self.find(&rules::PLAN_COUNT, "plans", reason);
        } else if private.len() == plans.len() {
            self.find(&rules::ONLY_PRIVATE, "plans", "each plan is private");
        }
        if private.len() > PRIVATE_PLANS_MAX {
            let count = private.len();
            let reason = format!("{count} plans are private, and {PRIVATE_PLANS_MAX} are allowed");
            self.find(&rules::PLAN_COUNT, "plans", reason);
        }
        let named: usize = private.iter().map(|it| it.audience.len()).sum();
        let max = self.limits.private_audience_max;
        if named > max {
            let reason = format!("there are {named} subscriptions, and {max} are allowed");
            self.find(&rules::AUDIENCE, "plans", reason);
        }
        let (mut names, mut titles) = (BTreeSet::new(), BTreeSet::new());
        for (nth, plan) in plans.iter().enumerate() {
            let at = format!("plans[{nth}]");
            if !names.insert(&plan.name) {
                let reason = format!("another plan is `{}`, too", plan.name);
                self.find(&rules::PLAN_ID, format!("{at}.planId"), reason);
            }
            let title = plan.title.trim().to_lowercase();
            if !title.is_empty() && !titles.insert(title) {
                let reason = "another plan has that title, too";
                self.find(&rules::PLAN_TITLE, format!("{at}.name"), reason);
            }
            self.plan(&at, plan);
        }
    }

    fn plan(&mut self, at: &str, plan: &Plan) {
        let field = format!("{at}.name");
        let (rule, chars_max) = (&rules::PLAN_TITLE, self.limits.plan_title_chars_max);
        self.text(&Prose { rule, field: &field, text: &plan.title, chars_max });
        if plan.title.chars().count() <= chars_max {
            self.length(&rules::LONG_PLAN_TITLE, &field, &plan.title, TITLE_CHARS_GOOD_MAX);
        }
        let (rule, chars_max) = (&rules::PLAN_SUMMARY, SUMMARY_CHARS_MAX);
        let field = format!("{at}.summary");
        self.text(&Prose { rule, field: &field, text: &plan.summary, chars_max });
        let (rule, chars_max) = (&rules::PLAN_DESCRIPTION, PLAN_DESCRIPTION_CHARS_MAX);
        let field = format!("{at}.description");
        self.text(&Prose { rule, field: &field, text: &plan.description, chars_max });
        if plan.description.chars().count() <= chars_max {
            let (rule, good) = (&rules::LONG_PLAN_DESCRIPTION, PLAN_DESCRIPTION_CHARS_GOOD_MAX);
            self.length(rule, &field, &plan.description, good);
        }
        self.audience(at, plan);
        self.versions(at, plan);
    }

    fn audience(&mut self, at: &str, plan: &Plan) {
        match plan.visibility {
            Visibility::Public => return,
            Visibility::Private => {}
        }
        let field = format!("{at}.privateAudience");
        if plan.audience.is_empty() {
            self.find(&rules::NO_AUDIENCE, field.as_str(), "it is for nobody");
        }
        self.entries(&rules::AUDIENCE, &field, &plan.audience);
    }

    fn versions(&mut self, at: &str, plan: &Plan) {
        let field = format!("{at}.manifests");
        if plan.manifests.is_empty() {
            self.find(&rules::NO_MANIFEST, field.as_str(), "there is none");
        }
        let mut highest = None;
        for (nth, it) in plan.manifests.iter().enumerate() {
            let field = format!("{field}[{nth}]");
            if highest.is_some_and(|before| it.version <= before) {
                let reason = format!("{} is not higher than the one before", it.version);
                self.find(&rules::VERSION, format!("{field}.version"), reason);
            }
            highest = highest.max(Some(it.version));
            self.manifest(&field, plan, it);
        }
    }

    /// What was previewed can be changed no more, so that there is nothing to say of it; unless it
    /// is what the plan still offers.
    fn manifest(&mut self, at: &str, plan: &Plan, it: &VersionedManifest) {
        let is_newest = plan.newest().is_some_and(|newest| newest.version == it.version);
        let key = (plan.name.clone(), it.version);
        if !is_newest && self.facts.previewed.contains_key(&key) {
            return;
        }
        let is_own = it.manifest.tenant == self.facts.tenant;
        if !is_own {
            let reason = format!("the publisher's tenant is {}", self.facts.tenant);
            self.find(&rules::OTHER_TENANT, format!("{at}.tenantId"), reason);
        }
        let audience = match plan.visibility {
            Visibility::Public => Audience::Anybody,
            Visibility::Private => Audience::Named,
        };
        let known = self.facts.manifests;
        // Nobody is looked up in another tenant: the answer would say who is there.
        let principals = if is_own { known.principals.as_ref() } else { None };
        let found = manifest::lint_for(&it.manifest, &known.roles, principals, audience);
        let here = |it: Finding| Finding { field: format!("{at}.{}", it.field), ..it };
        self.findings.extend(found.into_iter().map(here));
    }
}
