//! Plans: how they are offered, and what they give.

use model::market::form::{
    AudienceEntry, Expectation, Expected, Plan, VersionedManifest, Visibility,
};
use serde_json::{Value, json};

use super::{
    Kind,
    read::{Said, audience},
    tree::Tree,
};
use crate::arm::{
    content::{BadContent, Field, Fields},
    managed_services::manifest,
};

pub(super) fn availability(it: &Fields<'_>) -> Result<Said, BadContent> {
    let field = it.get("audience")?;
    let visibility = match field.text()? {
        "public" => Visibility::Public,
        "private" => Visibility::Private,
        _ => return Err(field.refused("must be 'public' or 'private'")),
    };
    if let Some(pricing) = it.find("pricing") {
        let model = pricing.fields()?.get("licenseModel")?;
        if model.text()? != "byol" {
            return Err(model.refused("must be 'byol': managed services are billed outside"));
        }
    }
    Ok(Said::Availability { visibility, audience: audience(it.find("privateAudiences"))? })
}

pub(super) fn manifests(it: &Fields<'_>) -> Result<Vec<VersionedManifest>, BadContent> {
    it.get("manifests")?.each(|field| {
        let it = field.fields()?;
        let version = it.get("version")?;
        let read = version.text()?.parse();
        let version = read.map_err(|bad: ids::version::BadVersion| version.refused(bad))?;
        Ok(VersionedManifest { version, manifest: manifest::of(&it)? })
    })
}

pub(super) fn tests(it: &Fields<'_>) -> Result<Vec<Expectation>, BadContent> {
    it.get("tests")?.each(|field| {
        let it = field.fields()?;
        let (plan, expect) = (it.get("plan")?, it.get("expect")?);
        let refused = || plan.refused("must be the id of a plan");
        Ok(Expectation {
            plan: plan.text()?.parse().map_err(|_| refused())?,
            given: it.get("given")?.guid()?,
            when: it.get("when")?.text()?.to_owned(),
            expect: expected(&expect)?,
        })
    })
}

fn expected(field: &Field<'_>) -> Result<Expected, BadContent> {
    match field.text()? {
        "allow" => Ok(Expected::Allow),
        "deny" => Ok(Expected::Deny),
        _ => Err(field.refused("must be 'allow' or 'deny'")),
    }
}

/// Entries of an audience.
pub(super) fn entries(all: &[AudienceEntry]) -> Vec<Value> {
    let entry = |it: &AudienceEntry| json!({ "type": "subscription", "id": it.subscription, "label": it.description });
    all.iter().map(entry).collect()
}

/// What an offer is expected to allow.
pub(super) fn expectations(all: &[Expectation]) -> Vec<Value> {
    let entry = |it: &Expectation| {
        let expect = match it.expect {
            Expected::Allow => "allow",
            Expected::Deny => "deny",
        };
        json!({ "plan": it.plan, "given": it.given, "when": it.when, "expect": expect })
    };
    all.iter().map(entry).collect()
}

impl Tree<'_> {
    /// A plan with all that is said of it. `audience` stands in for what an edition does not hold.
    pub(super) fn plan(&self, it: &Plan, audience: &[AudienceEntry]) -> Vec<Value> {
        let guid = self.plan_guid(&it.name);
        let part = |kind, body| self.of_plan(kind, guid, body);
        let (word, private) = match it.visibility {
            Visibility::Public => ("public", Vec::new()),
            Visibility::Private => ("private", entries(audience)),
        };
        vec![
            part(
                Kind::Plan,
                json!({
                    "identity": { "externalId": it.name },
                    "alias": it.title,
                    "azureRegions": ["azureGlobal"],
                    "lifecycleState": self.plan_lifecycle(&it.name),
                }),
            ),
            part(
                Kind::PlanListing,
                json!({
                    "kind": "azurePlan",
                    "languageId": "en-us",
                    "name": it.title,
                    "summary": it.summary,
                    "description": it.description,
                }),
            ),
            part(
                Kind::PlanAvailability,
                json!({
                    "visibility": "visible",
                    "audience": word,
                    "privateAudiences": private,
                    "pricing": { "licenseModel": "byol" },
                }),
            ),
            part(
                Kind::TechnicalConfiguration,
                json!({ "manifests": it.manifests.iter().map(manifest::versioned).collect::<Vec<_>>() }),
            ),
        ]
    }
}
