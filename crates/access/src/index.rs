//! All access facts as of one revision, and what can be asked of them.

use std::{collections::BTreeSet, fmt, sync::Arc};

use ids::{
    clock::Revision,
    guid::{Principal, RoleId, SubscriptionId, TenantId},
    scope::Scope,
};
use model::{
    change::{Change, Noun, NounRef},
    market::MarketNoun,
    role::RoleDefinition,
    settings::{Profile, Settings},
};

use crate::{
    anchors::Anchors, catalogue::Catalogue, definitions::Definitions, delegation::Delegation,
    directory::Directory, late::Late, map::Map, numbers::Numbers, role::Role, tree::Tree,
};

pub use crate::{
    directory::{GROUPS_MAX, PrincipalFacts, PrincipalKind},
    tree::SubscriptionFacts,
};

/// The access facts as of one revision. Cheap to copy; a copy never changes.
#[derive(Clone)]
pub struct Index {
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) revision: Revision,
    pub(crate) access_revision: Revision,
    pub(crate) settings: Settings,
    pub(crate) directory: Directory,
    pub(crate) tree: Tree,
    /// Custom roles, each of its tenant.
    pub(crate) roles: Map<(TenantId, RoleId), Arc<Role>>,
    /// Only scopes that carry something.
    pub(crate) anchors: Anchors,
    pub(crate) definitions: Definitions,
    /// What a check probes; all of it is derived from the rest.
    pub(crate) numbers: Numbers,
    /// What does not count yet; none where nothing of the kind is simulated.
    pub(crate) late: Option<Arc<Late>>,
}

impl Index {
    /// The index before anything has happened.
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self {
            catalogue,
            revision: Revision::default(),
            access_revision: Revision::default(),
            settings: Settings::default(),
            directory: Directory::default(),
            tree: Tree::default(),
            roles: Map::default(),
            anchors: Anchors::default(),
            definitions: Definitions::default(),
            numbers: Numbers::default(),
            late: None,
        }
    }

    /// The index after these changes, which are those of one commit. This one stays as it is.
    #[must_use]
    pub fn after(&self, changes: &[Change], revision: Revision) -> Self {
        let mut next = self.clone();
        next.revision = revision;
        for change in changes.iter().filter(|change| Self::concerns(change)) {
            next.access_revision = revision;
            next.apply(change);
        }
        next.numbers.renew();
        next
    }

    /// Somebody who, after these changes which made this index, shares the rights of more than
    /// [`GROUPS_MAX`] groups: then they may not be.
    pub fn overgrown(&self, changes: &[Change]) -> Option<Principal> {
        changes.iter().find_map(|change| match change {
            Change::Put(Noun::Membership(it)) => self.directory.overgrown(it.who()),
            Change::Put(Noun::Group(it)) => self.directory.overgrown(it.principal),
            Change::Put(_) | Change::Remove(_) | Change::Leave(_) | Change::Alter(_) => None,
        })
    }

    /// Whether access depends on what changes. What goes with a removed resource or group is
    /// removed by changes of its own.
    pub fn concerns(change: &Change) -> bool {
        let NounRef::Noun(noun) = change.noun() else { return true };
        match noun {
            Noun::Settings(_)
            | Noun::Tenant(_)
            | Noun::User(_)
            | Noun::Group(_)
            | Noun::Membership(_)
            | Noun::DirectoryRoleAssignment(_)
            | Noun::Ownership(_)
            | Noun::ServicePrincipal(_)
            | Noun::ManagementGroup(_)
            | Noun::Subscription(_)
            | Noun::RoleDefinition(_)
            | Noun::RoleAssignment(_)
            | Noun::DenyAssignment(_)
            | Noun::Lock(_)
            | Noun::Definition(_)
            | Noun::Assignment(_)
            | Noun::Activation(_)
            | Noun::ActivationPolicy(_)
            | Noun::EligibleAssignment(_)
            | Noun::Market(MarketNoun::AccountMember(_)) => true,
            Noun::SigningKey(_)
            | Noun::Application(_)
            | Noun::Credential(_)
            | Noun::Registration(_)
            | Noun::ResourceGroup(_)
            | Noun::Resource(_)
            | Noun::Deployment(_)
            | Noun::Market(_) => false,
        }
    }

    /// The last revision that was applied.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The last revision that changed an access fact.
    pub fn access_revision(&self) -> Revision {
        self.access_revision
    }

    /// The switches of this installation.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The built-in roles.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The home tenant of a scope; none where it lies in a subscription that is not known.
    pub fn home(&self, scope: &Scope) -> Option<TenantId> {
        self.tree.home(scope).map(|home| home.tenant)
    }

    /// The scope and each around it, innermost first, through management groups to the tenant;
    /// nothing where its subscription is not known.
    pub fn lineage(&self, scope: &Scope) -> Vec<Scope> {
        let Some(home) = self.tree.home(scope) else { return Vec::new() };
        self.tree.lineage(scope.clone(), home).collect()
    }

    /// The management groups and subscriptions in a tenant or a management group.
    pub fn places_below(&self, scope: &Scope) -> BTreeSet<Scope> {
        self.tree.below(scope)
    }

    /// What access knows of a subscription.
    pub fn subscription(&self, id: SubscriptionId) -> Option<SubscriptionFacts> {
        self.tree.facts(id)
    }

    /// The tenants with any assignment at the subscription or a group of it; sorted.
    pub fn managing_tenants(&self, id: SubscriptionId) -> Vec<TenantId> {
        let whole = Scope::Subscription(id);
        let scopes = self.anchors.within(&whole);
        let anchors = scopes.filter_map(|scope| self.anchors.get(&scope));
        let tenants: BTreeSet<TenantId> = anchors
            .flat_map(|anchor| anchor.delegations.iter().map(Delegation::managed_by))
            .collect();
        tenants.into_iter().collect()
    }

    /// Whether there is such a tenant.
    pub fn tenant_exists(&self, id: TenantId) -> bool {
        self.tree.tenants.contains(&id)
    }

    /// What access knows of a principal.
    pub fn principal(&self, who: Principal) -> Option<PrincipalFacts> {
        self.directory.principals.get(&who).copied()
    }

    /// Whether the principal can ask for anything now: it is known and enabled, and no group; a
    /// guest is enabled at home, too.
    pub fn can_act(&self, who: Principal) -> bool {
        self.directory.acting(who).is_some()
    }

    /// A built-in role, or a custom role of that tenant.
    pub fn role(&self, tenant: TenantId, role: RoleId) -> Option<&RoleDefinition> {
        self.find_role(tenant, role).map(|role| &role.definition)
    }

    /// The security groups whose rights a principal shares, through nesting; sorted.
    pub fn groups_of(&self, who: Principal) -> Vec<Principal> {
        self.directory.groups_of(who).to_vec()
    }

    pub(crate) fn find_role(&self, tenant: TenantId, role: RoleId) -> Option<&Arc<Role>> {
        self.catalogue.get(role).or_else(|| self.roles.get(&(tenant, role)))
    }

    pub(crate) fn is_azure(&self) -> bool {
        match self.settings.profile {
            Profile::Azure => true,
            Profile::Strict => false,
        }
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Index(revision {}, access {})", self.revision, self.access_revision)
    }
}
