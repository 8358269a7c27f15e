//! The nouns, each under the tenant or the subscription that it belongs to.

use std::collections::BTreeMap;

use ids::{
    guid::{Principal, SubscriptionId, TenantId},
    scope::Scope,
};
use model::{
    activation::policy::ActivationPolicy,
    change::Noun,
    delegation::{Assignment, Definition},
    directory::{
        Application, Group, Membership, ServicePrincipal, ServicePrincipalKind, Tenant, User,
    },
    directory_role::DirectoryRoleAssignment,
    market::MarketNoun,
    ownership::{Owned, Ownership},
    resource::Resource,
    role::{DenyAssignment, Lock, RoleAssignment, RoleDefinition},
    settings::Settings,
    tree::{ManagementGroup, Registration, ResourceGroup, Subscription},
};

/// All that is to be written down.
#[derive(Default)]
pub(super) struct Facts<'a> {
    settings: Option<&'a Settings>,
    /// In the order of the nouns.
    order: Vec<TenantId>,
    tenants: BTreeMap<TenantId, OfTenant<'a>>,
    subscriptions: BTreeMap<SubscriptionId, OfSubscription<'a>>,
    homes: BTreeMap<SubscriptionId, TenantId>,
    /// Who has a publisher account.
    pub(super) accounts: Vec<TenantId>,
    /// Managed identities, by the key of their resource.
    identities: BTreeMap<String, &'a ServicePrincipal>,
}

/// What belongs to one tenant.
#[derive(Default)]
pub(super) struct OfTenant<'a> {
    pub(super) tenant: Option<&'a Tenant>,
    pub(super) users: Vec<&'a User>,
    pub(super) groups: Vec<&'a Group>,
    pub(super) memberships: BTreeMap<Principal, Vec<&'a Membership>>,
    pub(super) owners: BTreeMap<Owned, Vec<&'a Ownership>>,
    pub(super) applications: Vec<&'a Application>,
    pub(super) service_principals: Vec<&'a ServicePrincipal>,
    pub(super) management_groups: Vec<&'a ManagementGroup>,
    pub(super) subscriptions: Vec<&'a Subscription>,
    pub(super) directory_roles: Vec<&'a DirectoryRoleAssignment>,
    pub(super) roles: Vec<&'a RoleDefinition>,
    pub(super) assignments: Vec<&'a RoleAssignment>,
    pub(super) denials: Vec<&'a DenyAssignment>,
    pub(super) locks: Vec<&'a Lock>,
    pub(super) policies: Vec<&'a ActivationPolicy>,
    /// Those that stand in no subscription.
    pub(super) resources: Vec<&'a Resource>,
}

/// What belongs to one subscription.
#[derive(Default)]
pub(super) struct OfSubscription<'a> {
    pub(super) registrations: Vec<&'a Registration>,
    pub(super) groups: Vec<&'a ResourceGroup>,
    pub(super) resources: Vec<&'a Resource>,
    pub(super) definitions: Vec<&'a Definition>,
    pub(super) assigned: Vec<&'a Assignment>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(nouns: &'a [Noun]) -> Self {
        let mut facts = Self::default();
        for noun in nouns {
            if let Noun::Tenant(it) = noun {
                facts.order.push(it.id);
            } else if let Noun::Subscription(it) = noun {
                facts.homes.insert(it.id, it.tenant);
            }
        }
        for noun in nouns {
            facts.sort(noun);
        }
        facts
    }

    pub(super) fn settings(&self) -> Option<&'a Settings> {
        self.settings
    }

    /// The tenants that are declared, each with what belongs to it.
    pub(super) fn tenants(&self) -> impl Iterator<Item = (&'a Tenant, &OfTenant<'a>)> {
        let all = self.order.iter().filter_map(|id| self.tenants.get(id));
        all.filter_map(|of| Some((of.tenant?, of)))
    }

    pub(super) fn subscription(&self, id: SubscriptionId) -> Option<&OfSubscription<'a>> {
        self.subscriptions.get(&id)
    }

    /// The principal that came with a resource.
    pub(super) fn identity(&self, resource: &Resource) -> Option<&'a ServicePrincipal> {
        self.identities.get(&resource.id.key()).copied()
    }

    /// The tenant that a scope lies in.
    fn home(&self, scope: &Scope) -> Option<TenantId> {
        match scope.subscription() {
            Some(id) => self.homes.get(&id).copied(),
            None => scope.tenant(),
        }
    }

    fn at(&mut self, tenant: TenantId) -> &mut OfTenant<'a> {
        self.tenants.entry(tenant).or_default()
    }

    fn around(&mut self, scope: &Scope) -> Option<&mut OfTenant<'a>> {
        let home = self.home(scope)?;
        Some(self.at(home))
    }

    fn within(&mut self, id: SubscriptionId) -> &mut OfSubscription<'a> {
        self.subscriptions.entry(id).or_default()
    }

    fn sort(&mut self, noun: &'a Noun) {
        match noun {
            Noun::Settings(it) => self.settings = Some(it),
            Noun::Tenant(it) => self.at(it.id).tenant = Some(it),
            Noun::User(it) => self.at(it.principal.tenant).users.push(it),
            Noun::Group(it) => self.at(it.principal.tenant).groups.push(it),
            Noun::Membership(it) => {
                self.at(it.group.tenant).memberships.entry(it.group).or_default().push(it);
            }
            Noun::Application(it) => self.at(it.tenant).applications.push(it),
            Noun::ServicePrincipal(it) => match &it.kind {
                ServicePrincipalKind::Application => {
                    self.at(it.principal.tenant).service_principals.push(it);
                }
                ServicePrincipalKind::ManagedIdentity { resource } => {
                    self.identities.insert(resource.key(), it);
                }
            },
            Noun::ManagementGroup(it) => self.at(it.tenant).management_groups.push(it),
            Noun::Subscription(it) => self.at(it.tenant).subscriptions.push(it),
            Noun::Registration(it) => self.within(it.subscription).registrations.push(it),
            Noun::ResourceGroup(it) => self.within(it.subscription).groups.push(it),
            Noun::Resource(it) => match it.id.scope().subscription() {
                Some(id) => self.within(id).resources.push(it),
                None => self.around(it.id.scope()).into_iter().for_each(|of| of.resources.push(it)),
            },
            Noun::DirectoryRoleAssignment(it) => {
                self.at(it.principal.tenant).directory_roles.push(it);
            }
            Noun::Ownership(it) => {
                self.at(it.owned.tenant()).owners.entry(it.owned).or_default().push(it);
            }
            Noun::RoleDefinition(it) => {
                it.tenant.into_iter().for_each(|tenant| self.at(tenant).roles.push(it));
            }
            Noun::RoleAssignment(it) => {
                self.around(it.id.scope()).into_iter().for_each(|of| of.assignments.push(it));
            }
            Noun::DenyAssignment(it) => {
                self.around(it.id.scope()).into_iter().for_each(|of| of.denials.push(it));
            }
            Noun::Lock(it) => {
                self.around(it.id.scope()).into_iter().for_each(|of| of.locks.push(it));
            }
            Noun::ActivationPolicy(it) => {
                self.around(it.id.scope()).into_iter().for_each(|of| of.policies.push(it));
            }
            Noun::Definition(it) => {
                if let Some(id) = it.id.scope().subscription() {
                    self.within(id).definitions.push(it);
                }
            }
            Noun::Assignment(it) => {
                if let Some(id) = it.id.scope().subscription() {
                    self.within(id).assigned.push(it);
                }
            }
            // Offers stand in files of their own.
            Noun::Market(MarketNoun::Account(it)) => self.accounts.push(it.tenant),
            // Secrets stay where they are; deployments have done what they did, and whoever holds
            // something for a while holds it here.
            Noun::SigningKey(_)
            | Noun::Credential(_)
            | Noun::Activation(_)
            | Noun::EligibleAssignment(_)
            | Noun::Deployment(_)
            | Noun::Market(_) => {}
        }
    }
}
