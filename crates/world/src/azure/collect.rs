//! What was found so far, by what it will be known by.

use std::collections::{BTreeMap, BTreeSet};

use ids::{
    guid::{ObjectId, Principal, SubscriptionId, TenantId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    change::Noun,
    delegation::{Assignment, Definition},
    directory::Tenant,
    resource::{CreatorType, SystemData},
    role::RoleAssignment,
    tree::Subscription,
};

use super::{
    Imported,
    item::{Item, Kind},
};

/// Who made it, where a thing notes its maker.
const MAKER: &str = "import";

/// The nouns by their keys, so that what two files tell is one thing.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) tenants: BTreeMap<TenantId, Tenant>,
    pub(super) subscriptions: BTreeMap<SubscriptionId, Subscription>,
    /// The tenant that whoever ran the commands was signed in to.
    pub(super) own: Option<TenantId>,
    pub(super) people: BTreeMap<Principal, Vec<Noun>>,
    /// Scopes below subscriptions, and management groups.
    pub(super) places: BTreeMap<String, Noun>,
    pub(super) roles: BTreeMap<(TenantId, ids::guid::RoleId), Noun>,
    pub(super) definitions: BTreeMap<String, Definition>,
    pub(super) assignments: BTreeMap<String, Assignment>,
    pub(super) role_assignments: BTreeMap<String, RoleAssignment>,
    pub(super) applications: BTreeSet<ids::guid::AppId>,
    pub(super) notes: Vec<String>,
}

impl Collected {
    pub(super) fn has_no_subscriptions(&self) -> bool {
        self.subscriptions.is_empty()
    }

    pub(super) fn note(&mut self, item: &Item, note: &str) {
        self.notes.push(format!("{}: {note}", item.place));
    }

    /// A tenant, by what is known of it so far.
    pub(super) fn tenant(&mut self, id: TenantId, name: Option<&str>, domain: Option<&str>) {
        let short: String = id.to_string().chars().take(8).collect();
        let tenant = self.tenants.entry(id).or_insert_with(|| Tenant {
            id,
            display_name: format!("Tenant {short}"),
            domain: format!("tenant-{short}.example"),
            country: "US".to_owned(),
        });
        if let Some(name) = name {
            name.clone_into(&mut tenant.display_name);
        }
        if let Some(domain) = domain.filter(|it| is_domain(it)) {
            tenant.domain = domain.to_ascii_lowercase();
        }
    }

    /// One row of `az account list`: a subscription, or a tenant without any.
    pub(super) fn account(&mut self, item: &Item) {
        if item.kind != Kind::Account {
            return;
        }
        let Some(signed_in) = item.id::<TenantId>("tenantId") else {
            return self.note(item, "an account without a tenant is left out");
        };
        let home = item.id("homeTenantId").unwrap_or(signed_in);
        let (name, domain) = (item.text("tenantDisplayName"), item.text("tenantDefaultDomain"));
        self.tenant(home, None, None);
        self.tenant(signed_in, name, domain);
        if item.flag("isDefault") == Some(true) || self.own.is_none() {
            self.own = Some(signed_in);
        }
        let Some(id) = item.id::<SubscriptionId>("id").filter(|id| id.raw() != signed_in.raw())
        else {
            return; // az's stand-in for a tenant without subscriptions
        };
        let state = match item.text("state") {
            Some("Warned") => model::tree::SubscriptionState::Warned,
            Some("PastDue") => model::tree::SubscriptionState::PastDue,
            Some("Disabled") => model::tree::SubscriptionState::Disabled,
            Some(_) | None => model::tree::SubscriptionState::Enabled,
        };
        self.subscriptions.entry(id).or_insert_with(|| Subscription {
            id,
            tenant: home,
            display_name: item.text("name").unwrap_or("subscription").to_owned(),
            state,
            parent: None,
            tags: model::tree::Tags::new(),
            registered_by_default: true,
        });
        for managing in item.list("managedByTenants") {
            let id = managing.get("tenantId").and_then(serde_json::Value::as_str);
            if let Some(id) = id.and_then(|id| id.parse().ok()) {
                self.tenant(id, None, None);
            }
        }
    }

    /// Whose a scope is.
    pub(super) fn home(&self, scope: &Scope) -> Option<TenantId> {
        match scope.subscription() {
            Some(id) => self.subscriptions.get(&id).map(|it| it.tenant),
            None => scope.tenant(),
        }
    }

    pub(super) fn knows(&self, tenant: TenantId, object: ObjectId) -> bool {
        self.people.contains_key(&Principal { tenant, object })
    }

    pub(super) fn into_imported(self) -> Imported {
        let mut nouns: Vec<Noun> = self.tenants.into_values().map(Noun::Tenant).collect();
        nouns.extend(self.people.into_values().flatten());
        nouns.extend(self.subscriptions.into_values().map(Noun::Subscription));
        nouns.extend(self.places.into_values());
        nouns.extend(self.roles.into_values());
        nouns.extend(self.role_assignments.into_values().map(Noun::RoleAssignment));
        nouns.extend(self.definitions.into_values().map(Noun::Definition));
        nouns.extend(self.assignments.into_values().map(Noun::Assignment));
        Imported { nouns, notes: self.notes }
    }
}

pub(super) fn made() -> SystemData {
    SystemData::created(MAKER, CreatorType::Application, Timestamp::UNIX_EPOCH)
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=63).contains(&label.len()) && label.chars().all(legal)
    };
    text.len() <= 253 && text.split('.').all(label)
}
