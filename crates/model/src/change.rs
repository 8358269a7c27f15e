//! Everything that can happen to state. Each change knows what leave it takes.

use ids::{guid::TenantId, resource::ResourceId, scope::Scope};
use serde::{Deserialize, Serialize};

use self::altered::Altered;
use crate::{
    action::{Action, Verb},
    activation::{Activation, eligible::EligibleAssignment, policy::ActivationPolicy},
    delegation::{Assignment, Definition},
    deployment::Deployment,
    directory::{
        Application, Credential, Group, Holder, Membership, ServicePrincipal, SigningKey, Tenant,
        User,
    },
    directory_role::DirectoryRoleAssignment,
    market::MarketNoun,
    operation,
    ownership::{Owned, Ownership},
    question::{Question, Via},
    resource::Resource,
    role::{DenyAssignment, Lock, RoleAssignment, RoleDefinition},
    settings::Settings,
    tree::{ManagementGroup, Registration, ResourceGroup, Subscription},
};

pub mod altered;

/// One thing that happens. A change carries all facts of the noun: its new form, or the last
/// one it had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// It is made, or takes this form.
    Put(Noun),
    /// It goes.
    Remove(Noun),
    /// A managing tenant gives a delegation back.
    Leave(Assignment),
    /// One part of it changes, which takes other leave than the whole does.
    Alter(Altered),
}

/// What state is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::large_enum_variant,
    reason = "a change lives for one request; boxes would only hide it"
)]
pub enum Noun {
    Settings(Settings),
    SigningKey(SigningKey),
    Tenant(Tenant),
    User(User),
    Group(Group),
    Membership(Membership),
    Application(Application),
    ServicePrincipal(ServicePrincipal),
    Credential(Credential),
    DirectoryRoleAssignment(DirectoryRoleAssignment),
    Ownership(Ownership),
    ManagementGroup(ManagementGroup),
    Subscription(Subscription),
    Registration(Registration),
    ResourceGroup(ResourceGroup),
    Resource(Resource),
    RoleDefinition(RoleDefinition),
    RoleAssignment(RoleAssignment),
    DenyAssignment(DenyAssignment),
    Lock(Lock),
    Definition(Definition),
    Assignment(Assignment),
    Activation(Activation),
    ActivationPolicy(ActivationPolicy),
    EligibleAssignment(EligibleAssignment),
    Deployment(Deployment),
    Market(MarketNoun),
}

impl Change {
    /// What happens to what.
    pub fn noun(&self) -> NounRef<'_> {
        match self {
            Self::Put(noun) | Self::Remove(noun) => NounRef::Noun(noun),
            Self::Leave(assignment) => NounRef::Assignment(assignment),
            Self::Alter(altered) => NounRef::Noun(altered.noun()),
        }
    }

    /// Every question that must be answered with yes before this may happen.
    pub fn requires(&self) -> Vec<Question> {
        match self {
            Self::Put(noun) => noun.leave(Verb::Write),
            Self::Remove(noun) => noun.leave(Verb::Delete),
            Self::Leave(assignment) => vec![Question {
                action: Action::ASSIGNMENTS_DELETE,
                scope: Scope::Resource(assignment.id.as_resource().clone()),
                via: Via::DeleteRole,
            }],
            Self::Alter(altered) => altered.requires(),
        }
    }

    /// The change as the journal keeps it: without secrets. A template may hold some in plain
    /// text, and would be repeated with each of its steps.
    #[must_use]
    pub fn redacted(&self) -> Self {
        let hide = |noun: &Noun| {
            let mut shown = noun.clone();
            if let Noun::Credential(it) = &mut shown {
                it.secret = it.secret.redacted();
            } else if let Noun::SigningKey(it) = &mut shown {
                it.sealed = None;
            } else if let Noun::Deployment(it) = &mut shown {
                it.template = serde_json::Value::Null;
            } else if let Noun::Market(it) = &mut shown {
                *it = it.redacted();
            }
            shown
        };
        match self {
            Self::Put(noun) => Self::Put(hide(noun)),
            Self::Remove(noun) => Self::Remove(hide(noun)),
            Self::Leave(assignment) => Self::Leave(assignment.clone()),
            Self::Alter(altered) => Self::Alter(altered.with(hide(altered.noun()))),
        }
    }
}

/// The noun of a change, whichever way the change holds it.
#[derive(Clone, Copy, Debug)]
pub enum NounRef<'a> {
    Noun(&'a Noun),
    Assignment(&'a Assignment),
}

/// To delegate is to give access away: it takes the leave to do that too, in the whole
/// subscription, by one of the subscription's own tenant. Azure's Contributor holds the
/// `ManagedServices` writes and not these.
pub fn delegation_rule(subscription: &Scope) -> Vec<Question> {
    [Action::ROLE_ASSIGNMENTS_READ, Action::ROLE_ASSIGNMENTS_WRITE, Action::ROLE_ASSIGNMENTS_DELETE]
        .map(|action| Question { action, scope: subscription.clone(), via: Via::Ownership })
        .into()
}

/// To write a role takes leave at every scope where it may be assigned; this is the one at that
/// scope. What is a tenant's own is not a managing tenant's to write.
pub fn role_leave(scope: &Scope, verb: Verb) -> Question {
    let action = format!("Microsoft.Authorization/roleDefinitions/{}", verb.as_str());
    operation::itself(Action::named(action), scope.clone())
}

fn on(id: &ResourceId, verb: Verb) -> Vec<Question> {
    operation::asked(Action::of(&id.kind(), verb), Scope::Resource(id.clone()))
}

/// What only operators and world files do: an action of Fyr's own, at a tenant.
fn platform(tenant: TenantId, noun: &str, verb: Verb) -> Vec<Question> {
    let action = Action::named(format!("Fyr.Platform/{noun}/{}", verb.as_str()));
    vec![Question { action, scope: Scope::Tenant(tenant), via: Via::Platform }]
}

/// What those do who manage a tenant's directory: an action of Fyr's own.
fn directory(tenant: TenantId, noun: &str, verb: Verb) -> Vec<Question> {
    let action = Action::named(format!("Fyr.Directory/{noun}/{}", verb.as_str()));
    vec![Question::directory(action, tenant)]
}

/// What those do who manage a tenant's directory, and whoever owns the thing.
fn owner(owned: Owned, noun: &str, verb: Verb) -> Vec<Question> {
    let action = Action::named(format!("Fyr.Directory/{noun}/{}", verb.as_str()));
    vec![Question::owner(action, owned)]
}

/// Whether it is let in is not its owners' to say: what somebody barred stays so.
fn service_principal(it: &ServicePrincipal, verb: Verb) -> Vec<Question> {
    const NOUN: &str = "servicePrincipals";
    match verb {
        Verb::Read | Verb::Write => directory(it.principal.tenant, NOUN, verb),
        Verb::Delete => owner(Owned::ServicePrincipal(it.principal), NOUN, verb),
    }
}

fn credentials(holder: &Holder, verb: Verb) -> Vec<Question> {
    match holder {
        Holder::User(who) => directory(who.tenant, "users/credentials", verb),
        Holder::Application(tenant, app) => {
            owner(Owned::Application(*tenant, *app), "applications/credentials", verb)
        }
    }
}

impl Noun {
    fn leave(&self, verb: Verb) -> Vec<Question> {
        match self {
            Self::Settings(_) | Self::SigningKey(_) => Vec::new(), // the system's own, by reason
            Self::Tenant(it) => platform(it.id, "tenants", verb),
            Self::User(it) => directory(it.principal.tenant, "users", verb),
            Self::Group(it) => owner(Owned::Group(it.principal), "groups", verb),
            Self::Membership(it) => owner(Owned::Group(it.group), "groups", verb),
            Self::Application(it) => {
                owner(Owned::Application(it.tenant, it.app), "applications", verb)
            }
            Self::ServicePrincipal(it) => service_principal(it, verb),
            Self::Ownership(it) => owner(it.owned, it.owned.kind().noun(), verb),
            Self::Credential(it) => credentials(&it.holder, verb),
            Self::DirectoryRoleAssignment(it) => {
                directory(it.principal.tenant, "roleAssignments", verb)
            }
            Self::Subscription(it) => platform(it.tenant, "subscriptions", verb),
            Self::ManagementGroup(it) => {
                let name = verb.as_str();
                let action = format!("Microsoft.Management/managementGroups/{name}");
                vec![Question::any(Action::named(action), it.scope())]
            }
            Self::Registration(it) => vec![it.leave()],
            Self::ResourceGroup(it) => {
                let action =
                    format!("Microsoft.Resources/subscriptions/resourceGroups/{}", verb.as_str());
                vec![Question::any(Action::named(action), it.scope())]
            }
            Self::Resource(it) => on(&it.id, verb),
            Self::RoleDefinition(it) => it.leave(verb),
            Self::RoleAssignment(it) => {
                let id = it.id.as_resource();
                let (action, scope) = (Action::of(&id.kind(), verb), Scope::Resource(id.clone()));
                vec![Question { action, scope, via: Via::Assigning(it.into()) }]
            }
            Self::DenyAssignment(it) => on(it.id.as_resource(), verb),
            Self::Lock(it) => on(it.id.as_resource(), verb),
            Self::Deployment(it) => on(it.id.as_resource(), verb),
            Self::Definition(it) => on(it.id.as_resource(), verb),
            Self::Assignment(it) => on(it.id.as_resource(), verb),
            Self::Activation(it) => it.leave(verb),
            Self::ActivationPolicy(it) => it.leave(verb),
            Self::EligibleAssignment(it) => it.leave(verb),
            Self::Market(it) => it.leave(verb),
        }
    }
}

impl Registration {
    fn leave(&self) -> Question {
        let verb = if self.registered { "register" } else { "unregister" };
        let action = Action::named(format!("{}/{verb}/action", self.namespace));
        Question::any(action, Scope::Subscription(self.subscription))
    }
}

impl RoleDefinition {
    fn leave(&self, verb: Verb) -> Vec<Question> {
        self.assignable_scopes.iter().map(|scope| role_leave(scope, verb)).collect()
    }
}

#[cfg(test)]
mod tests {
    use ids::{guid::SubscriptionId, resource::AssignmentId};
    use uuid::Uuid;

    use super::*;

    const SUBSCRIPTION: Scope = Scope::Subscription(SubscriptionId::new(Uuid::from_u128(5)));

    #[test]
    fn to_delegate_takes_the_leave_to_give_access_away_in_the_whole_subscription() {
        let group =
            Scope::parse(&format!("{SUBSCRIPTION}/resourceGroups/rg1"), TenantId::new(Uuid::nil()));
        let id = AssignmentId::at(group.unwrap(), "a".parse().unwrap()).unwrap();
        let asked = on(id.as_resource(), Verb::Write);
        assert_eq!(asked[0].scope, Scope::Resource(id.into()));
        assert!(asked[1..].iter().all(|it| it.scope == SUBSCRIPTION && it.via == Via::Ownership));
        assert_eq!(asked.len(), 4);
    }

    #[test]
    fn the_journal_keeps_no_secret() {
        use crate::directory::{Holder, Secret};
        let principal = ids::guid::Principal {
            tenant: TenantId::new(Uuid::from_u128(1)),
            object: ids::guid::ObjectId::new(Uuid::from_u128(2)),
        };
        let credential = Credential {
            holder: Holder::User(principal),
            key: Uuid::from_u128(2),
            display_name: String::new(),
            secret: Secret::Chosen("argon".to_owned()),
            expires: None,
        };
        let change = Change::Put(Noun::Credential(credential));
        let kept = serde_json::to_string(&change.redacted()).unwrap();
        assert!(!kept.contains("argon"), "{kept}");
    }
}
