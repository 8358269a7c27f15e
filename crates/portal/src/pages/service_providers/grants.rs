//! What an offer lets whom do: in plain words first, with the actions behind.

use std::{collections::BTreeMap, sync::Arc};

use ids::guid::RoleId;
use model::{
    delegation::{
        Approver, Authorization, Definition, EligibleAuthorization, JustInTimePolicy, MultiFactor,
    },
    market::manifest::Manifest,
};
use operations::offers::plain::{self, Plain};

use crate::{
    ask::Ask,
    trouble::Trouble,
    words::{Id, counted},
};

/// So many operations that reveal secrets are named.
pub(super) const REVEALS_MAX: usize = 40;

/// One role for one principal of the provider's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grant {
    /// What the offer calls them: the provider's word, which nobody checks.
    pub(super) who: String,
    pub(super) principal: Id,
    pub(super) role: String,
    pub(super) words: String,
    /// When it holds.
    pub(super) when: String,
    pub(super) is_permanent: bool,
    pub(super) only_reads: bool,
    /// How many of the known operations it is.
    pub(super) many: String,
    pub(super) reveals: Vec<String>,
    /// How many more do.
    pub(super) more_reveal: usize,
    /// The roles that it may give to managed identities.
    pub(super) gives: Vec<String>,
    pub(super) actions: Vec<String>,
    pub(super) not_actions: Vec<String>,
}

/// What a definition gives.
pub(super) fn manifest(it: &Definition) -> Manifest {
    Manifest {
        tenant: it.managed_by,
        authorizations: it.authorizations.clone(),
        eligible: it.eligible.clone(),
    }
}

/// All that a manifest gives.
pub(super) async fn grants(ask: &Ask, manifest: Manifest) -> Result<Vec<Grant>, Trouble> {
    let tenant = ask.visitor()?.principal().tenant;
    let operations = Arc::clone(&ask.surface.operations);
    let known = plain::plain(tenant, manifest.clone(), operations).await?;
    let always = manifest.authorizations.iter().map(|it| always(it, &known));
    let eligible = manifest.eligible.iter().map(|it| eligible(it, &known));
    Ok(always.chain(eligible).collect())
}

fn always(it: &Authorization, known: &BTreeMap<RoleId, Plain>) -> Grant {
    let gives = it.delegated_roles.iter().flatten().map(|role| name(*role, known));
    Grant {
        who: it.display_name.clone().unwrap_or_default(),
        principal: Id::new(it.principal),
        when: "Always".to_owned(),
        is_permanent: true,
        gives: gives.collect(),
        ..of_role(it.role, known)
    }
}

fn eligible(it: &EligibleAuthorization, known: &BTreeMap<RoleId, Plain>) -> Grant {
    Grant {
        who: it.display_name.clone().unwrap_or_default(),
        principal: Id::new(it.principal),
        when: activation(it.policy.as_ref()),
        is_permanent: false,
        ..of_role(it.role, known)
    }
}

fn name(role: RoleId, known: &BTreeMap<RoleId, Plain>) -> String {
    known.get(&role).map_or_else(|| role.to_string(), |it| it.name.clone())
}

fn of_role(role: RoleId, known: &BTreeMap<RoleId, Plain>) -> Grant {
    let plain = known.get(&role);
    let words = plain.map(|it| it.words.clone());
    let reveals = plain.map(|it| it.reveals.as_slice()).unwrap_or_default();
    Grant {
        who: String::new(),
        principal: Id::new(""),
        role: name(role, known),
        words: words.unwrap_or_else(|| "This role is not known here and gives nothing.".to_owned()),
        when: String::new(),
        is_permanent: true,
        only_reads: plain.is_some_and(|it| it.only_reads),
        many: counted(plain.map_or(0, |it| it.operations), "operation"),
        more_reveal: reveals.len().saturating_sub(REVEALS_MAX),
        reveals: reveals.iter().take(REVEALS_MAX).cloned().collect(),
        gives: Vec::new(),
        actions: plain.map(|it| it.actions.clone()).unwrap_or_default(),
        not_actions: plain.map(|it| it.not_actions.clone()).unwrap_or_default(),
    }
}

/// What has to happen before it holds, and for how long it then does.
fn activation(policy: Option<&JustInTimePolicy>) -> String {
    let minutes = policy.map_or(JustInTimePolicy::MINUTES_MAX, |it| it.minutes_max);
    let is_strong = policy.is_some_and(|it| it.multi_factor == MultiFactor::Azure);
    let factor = if is_strong { "with a second factor" } else { "without a second factor" };
    let approvers = policy.map(|it| it.approvers.as_slice()).unwrap_or_default();
    let approval = if approvers.is_empty() {
        "without approval".to_owned()
    } else {
        let name = |it: &Approver| it.display_name.clone().unwrap_or(it.principal.to_string());
        format!("approved by {}", approvers.iter().map(name).collect::<Vec<_>>().join(" or "))
    };
    format!("When activated: at most {minutes} minutes, {factor}, {approval}")
}
