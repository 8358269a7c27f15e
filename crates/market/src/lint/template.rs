//! What is wrong with a template that onboards a customer, besides its manifest.

use std::collections::BTreeMap;

use ids::guid::TenantId;

use super::{Finding, rules};
use model::market::manifest::Manifest;

/// One registration definition that a template deploys, or that a file of parameters is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Onboarding {
    pub manifest: Manifest,
    /// The definition's own name, or the offer's from which a template makes it (`guid(…)`):
    /// unknown where the file tells neither.
    pub name: Option<String>,
    /// Where an api-version is told that knows no eligible authorizations, that version.
    pub too_old: Option<String>,
}

/// What the rules about single templates object to.
pub fn lint(onboarding: &Onboarding) -> Vec<Finding> {
    let Some(version) = onboarding.too_old.as_ref() else { return Vec::new() };
    if onboarding.manifest.eligible.is_empty() {
        return Vec::new();
    }
    let reason = format!("api-version {version} knows no eligible authorizations");
    vec![Finding { rule: &rules::TOO_OLD, field: "eligibleAuthorizations".to_owned(), reason }]
}

/// What happens to a customer who takes all of them: by the index of each that comes too late,
/// since its name is another provider's already.
pub fn collisions(all: &[Onboarding]) -> Vec<(usize, Finding)> {
    let mut first: BTreeMap<&str, TenantId> = BTreeMap::new();
    let mut found = Vec::new();
    for (nth, it) in all.iter().enumerate() {
        let Some(name) = &it.name else { continue };
        let tenant = *first.entry(name).or_insert(it.manifest.tenant);
        if tenant != it.manifest.tenant {
            let reason = format!("`{name}` is also the name of a definition of tenant {tenant}");
            let field = "registrationDefinitionName".to_owned();
            found.push((nth, Finding { rule: &rules::COLLISION, field, reason }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use model::{
        delegation::EligibleAuthorization,
        samples::{CONTRIBUTOR, CUSTOMER, PROVIDER, object},
    };

    use super::*;

    fn onboarding(
        tenant: TenantId,
        name: &str,
        too_old: Option<&str>,
        eligible: bool,
    ) -> Onboarding {
        let activated = EligibleAuthorization {
            principal: object(1),
            role: CONTRIBUTOR,
            display_name: None,
            policy: None,
        };
        let eligible = eligible.then_some(activated).into_iter().collect();
        Onboarding {
            manifest: Manifest { tenant, authorizations: Vec::new(), eligible },
            name: Some(name.to_owned()),
            too_old: too_old.map(str::to_owned),
        }
    }

    fn ids(found: &[Finding]) -> Vec<&str> {
        found.iter().map(|it| it.rule.id).collect()
    }

    #[test]
    fn an_old_version_and_what_it_does_not_know_are_found_together_only() {
        let is = |too_old, eligible| {
            let found = lint(&onboarding(PROVIDER, "a", too_old, eligible));
            ids(&found) == ["TPL-001"]
        };
        assert!(is(Some("2019-09-01"), true));
        assert!(!is(Some("2019-09-01"), false));
        assert!(!is(None, true));
    }

    #[test]
    fn one_name_of_two_providers_is_found_where_it_comes_second() {
        let of = |tenant, name| onboarding(tenant, name, None, false);
        let all = [
            of(PROVIDER, "Managed"),
            of(PROVIDER, "Managed"),
            of(CUSTOMER, "Managed"),
            of(CUSTOMER, "managed"),
        ];
        let found = collisions(&all);
        let found: Vec<(usize, &str)> = found.iter().map(|(nth, it)| (*nth, it.rule.id)).collect();
        assert_eq!(found, [(2, "TPL-002")], "letters count: guid() tells them apart");
    }
}
