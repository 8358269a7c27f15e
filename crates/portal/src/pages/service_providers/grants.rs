//! What an offer lets whom do: in plain words first, with the actions behind.

use std::{collections::BTreeMap, sync::Arc};

use ids::guid::RoleId;
use market::plain::activation;
use model::{
    delegation::{Authorization, Definition, EligibleAuthorization},
    market::manifest::Manifest,
};
use operations::offers::{
    plain::{Plain, plain},
    roles::named,
};

use crate::{
    ask::Ask,
    permissions::role_name,
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

/// Built-in roles, by their ids.
type Known = BTreeMap<RoleId, Arc<Plain>>;

/// All that a manifest gives.
pub(super) async fn grants(ask: &Ask, manifest: Manifest) -> Result<Vec<Grant>, Trouble> {
    let tenant = ask.visitor()?.principal().tenant;
    let known = plain(tenant, named(&manifest), &ask.surface.operations).await?;
    let always = manifest.authorizations.iter().map(|it| always(it, &known));
    let eligible = manifest.eligible.iter().map(|it| eligible(it, &manifest, &known));
    Ok(always.chain(eligible).collect())
}

fn always(it: &Authorization, known: &Known) -> Grant {
    let gives = it.delegated_roles.iter().flatten().map(|role| role_name(*role));
    Grant {
        who: it.display_name.clone().unwrap_or_default(),
        principal: Id::new(it.principal),
        when: "Always".to_owned(),
        is_permanent: true,
        gives: gives.collect(),
        ..of_role(it.role, known)
    }
}

fn eligible(it: &EligibleAuthorization, manifest: &Manifest, known: &Known) -> Grant {
    Grant {
        who: it.display_name.clone().unwrap_or_default(),
        principal: Id::new(it.principal),
        when: activation(it, manifest),
        is_permanent: false,
        ..of_role(it.role, known)
    }
}

fn of_role(role: RoleId, known: &Known) -> Grant {
    let plain = known.get(&role);
    let words = plain.map(|it| it.words.clone());
    let reveals = plain.map(|it| it.reveals.as_slice()).unwrap_or_default();
    Grant {
        who: String::new(),
        principal: Id::new(""),
        role: role_name(role),
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
