//! The whole index as facts: what a start begins from, instead of from everything that ever
//! happened.
//!
//! Not the nouns: some facts have no noun any more, such as what a delegation lost when a like one
//! ended. Derived facts are left out, and made again.

use std::sync::Arc;

use ids::{
    clock::Revision,
    guid::{Principal, SubscriptionId, TenantId},
    name::Name,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    directory::Membership,
    directory_role::DirectoryRoleAssignment,
    market::account::AccountMember,
    ownership::Ownership,
    period::OpenPeriod,
    role::{DenyAssignment, Lock, RoleDefinition},
    settings::Settings,
};
use serde::{Deserialize, Serialize};

use crate::{
    activated::{Activated, Demand, Entitlement},
    anchor::{Anchor, EligibleEntry, Entry, Grant, Manifest, Pair},
    catalogue::Catalogue,
    delegation::{Delegation, Told},
    directory::PrincipalFacts,
    index::Index,
    tree::Place,
};

/// What the facts say by now. It is raised whenever one of them says more than it did: what was
/// kept in another form lacks something, and is made anew from what happened.
pub const FORM: u32 = 1;

/// One fact that access depends on. Opaque to all but this crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fact(Kind);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Settings(Settings),
    Tenant(TenantId),
    Principal(Principal, PrincipalFacts),
    Membership(Membership),
    DirectoryRole(DirectoryRoleAssignment),
    Ownership(Ownership),
    AccountMember(AccountMember),
    ManagementGroup {
        tenant: TenantId,
        name: Name,
        parent: Option<Name>,
    },
    Subscription(SubscriptionId, Place),
    Role(RoleDefinition),
    Definition(DefinitionId, Said),
    Delegation {
        id: AssignmentId,
        definition: DefinitionId,
        managed_by: TenantId,
        lost: Vec<Pair>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        period: Option<OpenPeriod>,
    },
    Grant(Grant),
    Deny(DenyAssignment),
    Lock(Lock),
    Activation(Activated),
    Demand(Demand),
    Entitlement(Entitlement),
}

/// What a definition says, and where it stands: that is told by its id, too, and read there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Said {
    managed_by: TenantId,
    scope: String,
    entries: Vec<Entry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    eligible: Vec<EligibleEntry>,
}

impl Index {
    /// All facts, in a fixed order. [`Index::restore`] makes the same index of them.
    pub fn facts(&self) -> Vec<Fact> {
        let Self { tree, directory, .. } = self;
        let roles = self.roles.iter().map(|(id, role)| (id, &role.definition));
        let memberships = directory.memberships().map(|it| ((it.group, it.member), it));
        let mut facts = vec![Kind::Settings(self.settings.clone())];
        facts.extend(sorted(tree.tenants.iter()).map(|(id, ())| Kind::Tenant(*id)));
        let principals = sorted(directory.principals.iter());
        facts.extend(principals.map(|(who, facts)| Kind::Principal(*who, *facts)));
        facts.extend(sorted(memberships).map(|(_, it)| Kind::Membership(it)));
        facts.extend(directory.held().into_iter().map(Kind::DirectoryRole));
        facts.extend(directory.ownerships().into_iter().map(Kind::Ownership));
        facts.extend(directory.account_members().into_iter().map(Kind::AccountMember));
        facts.extend(sorted(tree.groups.iter()).filter_map(management_group));
        let subscriptions = sorted(tree.subscriptions.iter());
        facts.extend(subscriptions.map(|(id, place)| Kind::Subscription(*id, place.clone())));
        facts.extend(sorted(roles).map(|(_, role)| Kind::Role(role.clone())));
        let definitions = self.all_definitions();
        facts.extend(definitions.into_iter().map(|(id, it)| {
            let (managed_by, scope) = (it.managed_by, id.scope().stored());
            let said = Said {
                managed_by,
                scope,
                entries: it.entries().to_vec(),
                eligible: it.eligible().to_vec(),
            };
            Kind::Definition(id, said)
        }));
        let anchors: Vec<(&Scope, &Arc<Anchor>)> =
            sorted(self.anchors.iter().map(|it| (&it.scope, it))).collect();
        facts.extend(anchors.iter().flat_map(|(_, anchor)| standing(anchor)));
        facts.extend(anchors.iter().flat_map(|(_, anchor)| in_time(anchor)));
        facts.into_iter().map(Fact).collect()
    }

    /// The index that these facts were taken from.
    #[must_use]
    pub fn restore(
        catalogue: Arc<Catalogue>,
        facts: impl IntoIterator<Item = Fact>,
        revision: Revision,
        access_revision: Revision,
    ) -> Self {
        let mut index = Self { revision, access_revision, ..Self::new(catalogue) };
        facts.into_iter().for_each(|Fact(kind)| index.take_in(kind));
        index.definitions.shrink();
        index.derive();
        index.numbers.renew();
        index
    }

    /// Definitions come before the delegations that name them, and those before activations. What
    /// is derived comes last, all at once; but management groups settle one after the other, since
    /// they may form a ring.
    fn take_in(&mut self, kind: Kind) {
        match kind {
            Kind::Settings(it) => self.settings = it,
            Kind::Tenant(id) => self.tree.tenants.insert(&id, ()),
            Kind::Principal(who, facts) => self.directory.put(who, facts),
            Kind::Membership(it) => self.directory.join(&it),
            Kind::DirectoryRole(it) => self.directory.give(&it),
            Kind::Ownership(it) => self.directory.own(&it),
            Kind::AccountMember(it) => self.directory.enlist(&it),
            Kind::ManagementGroup { tenant, name, parent } => {
                self.tree.place_group(tenant, &name, parent);
                self.regroup(&Scope::ManagementGroup(tenant, name));
            }
            Kind::Subscription(id, place) => self.tree.place_subscription(id, place),
            Kind::Role(it) => self.put_role(&it),
            Kind::Definition(id, Said { managed_by, entries, eligible, .. }) => {
                let manifest = Manifest::new(managed_by, entries, eligible);
                self.say(&id, Some(manifest));
            }
            Kind::Delegation { id, definition, managed_by, lost, period } => {
                self.delegate(Told { id, definition, managed_by, period, lost });
            }
            Kind::Grant(grant) => self.add_grant(grant),
            Kind::Deny(it) => self.deny(&it),
            Kind::Lock(it) => self.lock(&it),
            Kind::Activation(it) => self.add_activated(it),
            Kind::Demand(it) => self.demand(it),
            Kind::Entitlement(it) => self.add_entitlement(it),
        }
    }
}

fn sorted<K: Ord, V>(entries: impl Iterator<Item = (K, V)>) -> impl Iterator<Item = (K, V)> {
    let mut entries: Vec<(K, V)> = entries.collect();
    entries.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    entries.into_iter()
}

fn management_group((scope, parent): (&Scope, &Option<Name>)) -> Option<Kind> {
    match scope {
        Scope::ManagementGroup(tenant, name) => {
            let (tenant, name, parent) = (*tenant, name.clone(), parent.clone());
            Some(Kind::ManagementGroup { tenant, name, parent })
        }
        Scope::Tenant(_)
        | Scope::Subscription(_)
        | Scope::ResourceGroup(..)
        | Scope::Resource(_) => None,
    }
}

/// What stands at one scope; each fact names the scope by its own id.
fn standing(anchor: &Anchor) -> impl Iterator<Item = Kind> {
    let delegation = |it: &Delegation| {
        let Told { id, definition, managed_by, period, lost } = it.told(&anchor.scope);
        Kind::Delegation { id, definition, managed_by, lost, period }
    };
    let grants = anchor.grants.iter().cloned().map(Kind::Grant);
    let denies = anchor.denies().iter().map(|it| Kind::Deny(it.assignment.clone()));
    let locks = anchor.locks().iter().cloned().map(Kind::Lock);
    anchor.delegations.iter().map(delegation).chain(grants).chain(denies).chain(locks)
}

fn in_time(anchor: &Anchor) -> impl Iterator<Item = Kind> {
    let activations = anchor.activations().iter().cloned().map(Kind::Activation);
    let demands = anchor.demands().iter().cloned().map(Kind::Demand);
    let own = anchor.entitlements().iter().cloned().map(Kind::Entitlement);
    activations.chain(demands).chain(own)
}
