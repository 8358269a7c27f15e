//! What was submitted, as whoever certifies it reads it: the manifests of every plan always, and its
//! fields without the rows of audiences, which would push everything else out.

use std::collections::BTreeSet;

use market::compare::{self, Change, Difference};
use model::market::form::Form;

use crate::{
    ask::Ask,
    permissions::Permissions,
    trouble::Trouble,
    words::{Id, counted},
};

/// So many fields are shown, besides how many each audience has.
const FIELDS_MAX: usize = 1_000;

/// A form that was submitted.
pub(super) struct Edition {
    pub(super) manifests: Vec<Asked>,
    /// Each field with its value.
    pub(super) fields: Vec<(String, String)>,
    /// What is said of the fields that are not shown; nothing where all are.
    pub(super) more: Option<String>,
}

/// What one manifest asks of customers.
pub(super) struct Asked {
    pub(super) plan: String,
    pub(super) version: String,
    /// Whose people are to be allowed it.
    pub(super) tenant: Id,
    /// What a role gives stands where the role comes first.
    pub(super) permissions: Permissions,
    pub(super) reveals: bool,
}

impl Edition {
    pub(super) async fn of(ask: &Ask, form: Form) -> Result<Self, Trouble> {
        let (mut manifests, mut told) = (Vec::new(), BTreeSet::new());
        for plan in &form.plans {
            for it in &plan.manifests {
                let mut permissions = Permissions::of(ask, &it.manifest).await?;
                let reveals = permissions.reveals();
                permissions.roles.retain(|role| told.insert(role.name.clone()));
                manifests.push(Asked {
                    plan: plan.name.to_string(),
                    version: it.version.to_string(),
                    tenant: Id::from(it.manifest.tenant),
                    permissions,
                    reveals,
                });
            }
        }
        let (fields, left) = fields(form);
        let more = (left > 0).then(|| format!("and {}", counted(left, "more field")));
        Ok(Self { manifests, fields, more })
    }
}

/// The fields that are shown, how many each audience has first; and how many more there are.
fn fields(mut form: Form) -> (Vec<(String, String)>, usize) {
    let mut shown = Vec::new();
    let mut count = |list: String, many: usize| {
        if many > 0 {
            shown.push((list, counted(many, "subscription")));
        }
    };
    count("previewAudience".to_owned(), std::mem::take(&mut form.preview_audience).len());
    for plan in &mut form.plans {
        let list = format!("plans[{}].privateAudience", plan.name);
        count(list, std::mem::take(&mut plan.audience).len());
    }
    let told = |it: Difference| match it.change {
        Change::Added(value) => Some((it.field, value)),
        Change::Removed(_) | Change::Edited { .. } | Change::Unchanged(_) => None,
    };
    let mut all = compare::compare(&Form::default(), &form).into_iter().filter_map(told);
    shown.extend(all.by_ref().take(FIELDS_MAX));
    (shown, all.count())
}

#[cfg(test)]
mod tests {
    use ids::guid::SubscriptionId;
    use model::{
        market::form::{AudienceEntry, Link},
        samples::market,
    };
    use uuid::Uuid;

    use super::*;

    #[test]
    fn no_audience_hides_what_a_plan_asks_for_and_what_is_left_out_is_counted() {
        let mut form = market::form();
        let entry = |nth| AudienceEntry {
            subscription: SubscriptionId::new(Uuid::from_u128(nth)),
            description: "ours".to_owned(),
        };
        form.plans[0].audience = (1..=10_000).map(entry).collect();
        let (shown, left) = fields(form.clone());
        let audience = format!("plans[{}].privateAudience", form.plans[0].name);
        assert!(shown.contains(&(audience, "10000 subscriptions".to_owned())), "{shown:?}");
        assert!(shown.iter().any(|(field, _)| field.ends_with(".tenantId")), "{shown:?}");
        assert_eq!(left, 0);
        let link = Link { name: "a".to_owned(), url: "https://a.example".to_owned() };
        form.listing.links = vec![link; 1_000];
        assert!(fields(form).1 > 1_000);
    }
}
