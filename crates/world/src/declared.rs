//! What a world file says, read into types, before names are looked up.

use std::collections::BTreeSet;

use document::place::{Position, Word};
use identity::{certificate, one_time::Seed};
use ids::{
    guid::{AppId, ObjectId, RoleId, SubscriptionId, TenantId},
    name::{GroupName, Name},
    offer::{MarketplaceIdentifier, PartnerId, PublisherId},
    resource::ResourceType,
    version::Version,
};
use jiff::Timestamp;
use model::{
    activation::policy::Proof,
    delegation::MultiFactor,
    directory::{Audience, Federated, GroupKind, Redirects},
    market::account::{AccountRole, Company, Qualification, VerificationStage},
    period::OpenPeriod,
    role::{LockLevel, Permission},
    settings::Profile,
    tree::{SubscriptionState, Tags},
};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) profile: Option<Profile>,
    pub(crate) guest_delegation: Option<bool>,
    pub(crate) tenants: Vec<Tenant>,
}

#[derive(Debug)]
pub(crate) struct Tenant {
    pub(crate) name: Word,
    pub(crate) display_name: Option<String>,
    pub(crate) domain: Word,
    pub(crate) id: Option<TenantId>,
    pub(crate) country: String,
    pub(crate) users: Vec<User>,
    pub(crate) guests: Vec<Guest>,
    pub(crate) groups: Vec<Group>,
    pub(crate) apps: Vec<App>,
    pub(crate) management_groups: Vec<ManagementGroup>,
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) directory_roles: Vec<DirectoryRole>,
    /// Those that stand in no subscription.
    pub(crate) resources: Vec<Resource>,
    pub(crate) role_definitions: Vec<RoleDefinition>,
    pub(crate) role_assignments: Vec<RoleAssignment>,
    pub(crate) deny_assignments: Vec<DenyAssignment>,
    pub(crate) locks: Vec<Lock>,
    /// What providers were trusted with in this tenant's subscriptions.
    pub(crate) delegations: Vec<Delegation>,
    pub(crate) activation_policies: Vec<ActivationPolicy>,
    pub(crate) account: Option<Account>,
    /// What its people accepted of other tenants' offers.
    pub(crate) acceptances: Vec<Acceptance>,
}

/// The tenant's account in the marketplace.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) at: Position,
    pub(crate) company: Option<Company>,
    pub(crate) partner: Option<PartnerId>,
    pub(crate) stage: Option<VerificationStage>,
    pub(crate) qualifications: Vec<Qualification>,
    pub(crate) members: Vec<AccountMember>,
    pub(crate) publishers: Vec<Publisher>,
}

#[derive(Debug)]
pub(crate) struct AccountMember {
    pub(crate) principal: Word,
    pub(crate) role: Option<AccountRole>,
}

#[derive(Debug)]
pub(crate) struct Publisher {
    pub(crate) at: Position,
    pub(crate) id: Option<PublisherId>,
    pub(crate) display_name: String,
    pub(crate) offers: Vec<PublishedOffer>,
}

#[derive(Debug)]
pub(crate) struct PublishedOffer {
    pub(crate) at: Position,
    pub(crate) offer: crate::offer::declared::Offer,
    pub(crate) is_live: bool,
}

#[derive(Debug)]
pub(crate) struct Acceptance {
    pub(crate) at: Position,
    pub(crate) plan: Option<MarketplaceIdentifier>,
    /// Where it was taken.
    pub(crate) subscription: Word,
    pub(crate) by: Word,
    /// What is delegated with it.
    pub(crate) scopes: Vec<Word>,
    pub(crate) declined: Option<Version>,
}

#[derive(Debug)]
pub(crate) struct User {
    pub(crate) name: Word,
    /// Instead of `name@domain`.
    pub(crate) sign_in_name: Option<Word>,
    pub(crate) display_name: Option<String>,
    pub(crate) password: Option<String>,
    /// What an authenticator computes codes from.
    pub(crate) totp: Option<Seed>,
    pub(crate) id: Option<ObjectId>,
    pub(crate) enabled: bool,
}

#[derive(Debug)]
pub(crate) struct Guest {
    /// `tenant/name` of the account that signs in.
    pub(crate) user: Word,
    pub(crate) sign_in_name: Option<Word>,
    /// Instead of what the account is called at home.
    pub(crate) display_name: Option<String>,
    pub(crate) id: Option<ObjectId>,
    pub(crate) enabled: bool,
}

#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) name: Word,
    pub(crate) display_name: Option<String>,
    pub(crate) id: Option<ObjectId>,
    pub(crate) kind: GroupKind,
    pub(crate) members: Vec<Word>,
    pub(crate) owners: Vec<Word>,
}

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) name: Word,
    pub(crate) display_name: Option<String>,
    /// `tenant/name` of an application that another tenant registered; else it is registered
    /// here.
    pub(crate) of: Option<Word>,
    pub(crate) secret: Option<String>,
    pub(crate) secrets: Vec<Secret>,
    pub(crate) certificate: Option<Certificate>,
    pub(crate) federated: Vec<FederatedCredential>,
    /// Absent: all tenants' accounts where another tenant of the file has it, else its own.
    pub(crate) audience: Option<Audience>,
    /// Absent: those that it has stay.
    pub(crate) redirects: Option<Redirects>,
    pub(crate) id: Option<Uuid>,
    pub(crate) client: Option<AppId>,
    pub(crate) object: Option<ObjectId>,
    /// The object id of the registration, where it is not that of the service principal.
    pub(crate) application_object: Option<ObjectId>,
    pub(crate) has_service_principal: bool,
    pub(crate) enabled: bool,
    /// Who owns the registration.
    pub(crate) owners: Vec<Word>,
    /// Who owns what the application is in the tenant.
    pub(crate) principal_owners: Vec<Word>,
}

#[derive(Debug)]
pub(crate) struct Secret {
    pub(crate) name: Word,
    pub(crate) value: String,
    pub(crate) expires: Option<Timestamp>,
}

#[derive(Debug)]
pub(crate) struct Certificate {
    pub(crate) at: Position,
    pub(crate) read: certificate::Read,
}

#[derive(Debug)]
pub(crate) struct FederatedCredential {
    pub(crate) name: Word,
    pub(crate) federated: Federated,
}

#[derive(Debug)]
pub(crate) struct ManagementGroup {
    pub(crate) at: Position,
    pub(crate) name: Option<Name>,
    pub(crate) display_name: Option<String>,
    pub(crate) parent: Option<Word>,
}

#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) name: Word,
    pub(crate) display_name: Option<String>,
    pub(crate) id: Option<SubscriptionId>,
    pub(crate) management_group: Option<Word>,
    pub(crate) state: SubscriptionState,
    pub(crate) tags: Tags,
    /// Whether a namespace that neither list names counts as registered. Unless it is said: yes
    /// if there is no list of those that are.
    pub(crate) registered_by_default: bool,
    pub(crate) registered_providers: Vec<Name>,
    pub(crate) unregistered_providers: Vec<Name>,
    pub(crate) resource_groups: Vec<ResourceGroup>,
    pub(crate) resources: Vec<Resource>,
}

#[derive(Debug)]
pub(crate) struct ResourceGroup {
    pub(crate) at: Position,
    pub(crate) name: Option<GroupName>,
    pub(crate) location: String,
    pub(crate) tags: Tags,
    pub(crate) managed_by: Option<String>,
    pub(crate) resources: Vec<Resource>,
}

#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) at: Position,
    /// Where the type stands.
    pub(crate) kind_at: Position,
    pub(crate) kind: Option<ResourceType>,
    /// One name for each word of the type: `server/database`.
    pub(crate) names: Vec<Name>,
    /// Where it stands, if that is not what it is declared in.
    pub(crate) scope: Option<Word>,
    pub(crate) location: Option<String>,
    pub(crate) tags: Tags,
    pub(crate) identity: Option<Identity>,
    pub(crate) envelope: Map<String, Json>,
    pub(crate) properties: Map<String, Json>,
}

#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) system_assigned: bool,
    pub(crate) user_assigned: Vec<Word>,
    pub(crate) principal: Option<ObjectId>,
    pub(crate) client: Option<AppId>,
}

/// Who holds a role in the tenant's own directory.
#[derive(Debug)]
pub(crate) struct DirectoryRole {
    pub(crate) principal: Word,
    pub(crate) role: Word,
}

#[derive(Debug)]
pub(crate) struct RoleDefinition {
    pub(crate) name: Word,
    pub(crate) id: Option<RoleId>,
    pub(crate) description: String,
    pub(crate) permissions: Vec<Permission>,
    pub(crate) assignable_scopes: Vec<Word>,
}

#[derive(Debug)]
pub(crate) struct RoleAssignment {
    pub(crate) principal: Word,
    pub(crate) role: Word,
    pub(crate) scope: Word,
    pub(crate) id: Option<Uuid>,
    pub(crate) description: Option<String>,
    pub(crate) condition: Option<String>,
    pub(crate) condition_version: Option<String>,
    pub(crate) delegated_managed_identity: Option<Word>,
    /// The managing tenant whose caller made it.
    pub(crate) made_by: Option<Word>,
}

#[derive(Debug)]
pub(crate) struct DenyAssignment {
    pub(crate) name: Word,
    pub(crate) id: Option<Uuid>,
    pub(crate) description: String,
    pub(crate) scope: Word,
    pub(crate) permissions: Vec<Permission>,
    /// Empty: everyone.
    pub(crate) principals: Vec<Word>,
    pub(crate) exclude: Vec<Word>,
    pub(crate) does_not_apply_to_child_scopes: bool,
    pub(crate) is_system_protected: bool,
}

#[derive(Debug)]
pub(crate) struct Lock {
    pub(crate) at: Position,
    pub(crate) name: Option<Name>,
    pub(crate) level: LockLevel,
    pub(crate) scope: Word,
    pub(crate) notes: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Delegation {
    pub(crate) at: Position,
    pub(crate) name: Option<String>,
    pub(crate) id: Option<Uuid>,
    pub(crate) subscription: Word,
    pub(crate) provider: Word,
    pub(crate) description: Option<String>,
    pub(crate) authorizations: Vec<Authorization>,
    pub(crate) eligible: Vec<EligibleAuthorization>,
    /// Absent: at the subscription.
    pub(crate) assignments: Option<Vec<Assignment>>,
}

#[derive(Debug)]
pub(crate) struct Authorization {
    pub(crate) principal: Word,
    pub(crate) role: Word,
    pub(crate) display_name: Option<String>,
    pub(crate) delegated_roles: Option<Vec<Word>>,
}

#[derive(Debug)]
pub(crate) struct EligibleAuthorization {
    pub(crate) principal: Word,
    pub(crate) role: Word,
    pub(crate) display_name: Option<String>,
    pub(crate) policy: Option<Policy>,
}

#[derive(Debug)]
pub(crate) struct Policy {
    pub(crate) multi_factor: MultiFactor,
    pub(crate) minutes_max: u32,
    pub(crate) approvers: Vec<Approver>,
}

#[derive(Debug)]
pub(crate) struct Approver {
    pub(crate) principal: Word,
    pub(crate) display_name: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Assignment {
    pub(crate) scope: Word,
    pub(crate) id: Option<Uuid>,
    pub(crate) period: Option<OpenPeriod>,
}

/// What the tenant asks for before a role is held just in time.
#[derive(Debug)]
pub(crate) struct ActivationPolicy {
    pub(crate) role: Word,
    pub(crate) scope: Word,
    pub(crate) minutes_max: Option<u32>,
    pub(crate) asks: BTreeSet<Proof>,
    pub(crate) approvers: Vec<Approver>,
}
