//! All that a world file can say of what is there: the nouns of some tenants, or of all.
//!
//! This is for whoever has the data folder and so all that is in it, as for applying a world:
//! no tenant's caller gets here, and no verdict is asked.

use ids::{guid::SubscriptionId, scope::Scope};
use model::{
    activation::policy::ActivationPolicy,
    change::Noun,
    delegation::{Assignment, Definition},
    directory::{Application, Group, Membership, ServicePrincipal, Tenant, User},
    directory_role::DirectoryRoleAssignment,
    market::{MarketNoun, account::Account},
    ownership::Ownership,
    resource::Resource,
    role::{DenyAssignment, Lock, RoleAssignment, RoleDefinition},
    settings::Settings,
    tree::{ManagementGroup, Registration, ResourceGroup, Subscription},
};
use store::{
    error::StoreError,
    key::Range,
    record::Record,
    records::ranges,
    snapshot::{Page, Snapshot},
};

use super::Error;
use crate::plane::Plane;

/// The nouns of the tenants that are wanted, each by its id, domain or name; of all where none is
/// named. Everything is of one moment. Secrets, keys and deployments are not among them.
pub async fn nouns(plane: &Plane, wanted: &[String]) -> Result<Vec<Noun>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut all = Collected { snapshot, nouns: Vec::new() };
    let settings = all.snapshot.find::<Settings>(&()).await?;
    all.nouns.extend(settings.map(Noun::Settings));
    for tenant in chosen(all.list::<Tenant>(&ranges::tenants()).await?, wanted)? {
        all.nouns.push(Noun::Tenant(tenant.clone()));
        all.tenant(&tenant).await?;
    }
    Ok(all.nouns)
}

fn chosen(tenants: Vec<Tenant>, wanted: &[String]) -> Result<Vec<Tenant>, Error> {
    let is = |tenant: &Tenant, name: &str| {
        let label = tenant.domain.split('.').next().unwrap_or_default();
        let names = [&tenant.id.to_string(), label, &tenant.domain, &tenant.display_name];
        names.iter().any(|it| it.eq_ignore_ascii_case(name))
    };
    if let Some(unknown) = wanted.iter().find(|name| !tenants.iter().any(|it| is(it, name))) {
        return Err(Error::NoTenant(unknown.clone()));
    }
    let is_wanted = |tenant: &Tenant| wanted.is_empty() || wanted.iter().any(|it| is(tenant, it));
    Ok(tenants.into_iter().filter(is_wanted).collect())
}

/// What was found so far, and the moment that it is read from.
struct Collected {
    snapshot: Snapshot,
    nouns: Vec<Noun>,
}

impl Collected {
    async fn tenant(&mut self, tenant: &Tenant) -> Result<(), StoreError> {
        let (id, whole) = (tenant.id, Scope::Tenant(tenant.id));
        self.add::<User>(&ranges::users_of_tenant(id), Noun::User).await?;
        let groups = self.list::<Group>(&ranges::groups_of_tenant(id)).await?;
        for group in &groups {
            let members = ranges::memberships_of_group(group.principal);
            self.add::<Membership>(&members, Noun::Membership).await?;
        }
        self.nouns.extend(groups.into_iter().map(Noun::Group));
        self.add::<Application>(&ranges::applications_of_tenant(id), Noun::Application).await?;
        let principals = ranges::service_principals_of_tenant(id);
        self.add::<ServicePrincipal>(&principals, Noun::ServicePrincipal).await?;
        self.add::<ManagementGroup>(&ranges::management_groups_of(id), Noun::ManagementGroup)
            .await?;
        let subscriptions = self.list::<Subscription>(&ranges::subscriptions_of_tenant(id)).await?;
        for it in &subscriptions {
            self.subscription(it.id).await?;
        }
        self.nouns.extend(subscriptions.into_iter().map(Noun::Subscription));
        self.add::<Resource>(&ranges::resources_below(&whole), Noun::Resource).await?;
        let held = ranges::directory_roles_of_tenant(id);
        self.add::<DirectoryRoleAssignment>(&held, Noun::DirectoryRoleAssignment).await?;
        self.add::<Ownership>(&ranges::ownerships_of_tenant(id), Noun::Ownership).await?;
        self.add::<RoleDefinition>(&ranges::roles_of_tenant(id), Noun::RoleDefinition).await?;
        let assignments = ranges::role_assignments_of_tenant(id);
        self.add::<RoleAssignment>(&assignments, Noun::RoleAssignment).await?;
        let account = self.snapshot.find::<Account>(&id).await?;
        self.nouns.extend(account.map(|it| Noun::Market(MarketNoun::Account(it))));
        self.barred(&whole).await
    }

    async fn subscription(&mut self, id: SubscriptionId) -> Result<(), StoreError> {
        self.add::<Registration>(&ranges::registrations_of(id), Noun::Registration).await?;
        self.add::<ResourceGroup>(&ranges::groups_of_subscription(id), Noun::ResourceGroup).await?;
        self.add::<Resource>(&ranges::resources_of_subscription(id), Noun::Resource).await?;
        self.add::<Definition>(&ranges::definitions_of_subscription(id), Noun::Definition).await?;
        self.add::<Assignment>(&ranges::assignments_of_subscription(id), Noun::Assignment).await?;
        self.barred(&Scope::Subscription(id)).await
    }

    async fn barred(&mut self, scope: &Scope) -> Result<(), StoreError> {
        self.add::<DenyAssignment>(&ranges::deny_assignments_below(scope), Noun::DenyAssignment)
            .await?;
        self.add::<Lock>(&ranges::locks_below(scope), Noun::Lock).await?;
        let policies = ranges::activation_policies_below(scope);
        self.add::<ActivationPolicy>(&policies, Noun::ActivationPolicy).await
    }

    async fn add<R: Record>(
        &mut self,
        range: &Range,
        wrap: fn(R) -> Noun,
    ) -> Result<(), StoreError> {
        let found = self.list::<R>(range).await?;
        self.nouns.extend(found.into_iter().map(wrap));
        Ok(())
    }

    async fn list<R: Record>(&self, range: &Range) -> Result<Vec<R>, StoreError> {
        let (mut all, mut page) = (Vec::new(), Page::first());
        loop {
            let rows = self.snapshot.list::<R>(range, page).await?;
            all.extend(rows.items);
            let Some(next) = rows.next else { return Ok(all) };
            page = Page { after: Some(next), ..Page::first() };
        }
    }
}
