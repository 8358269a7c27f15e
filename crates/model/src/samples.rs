//! Valid samples for the tests of the crates above; a test names only what it changes.
#![expect(clippy::missing_panics_doc, clippy::unwrap_used, reason = "test code")]

use std::collections::BTreeSet;

use ids::{
    guid::{AppId, CorrelationId, ObjectId, Principal, RoleId, SubscriptionId, TenantId},
    resource::{ActivationId, AssignmentId, DefinitionId, EligibleAssignmentId, RoleAssignmentId},
    scope::Scope,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

pub mod market;

pub use crate::role::{DELETE_ROLE, OWNER, USER_ACCESS_ADMINISTRATOR};
use crate::{
    activation::{
        Activation, Approvals, Asked, Basis, Eligibility, State,
        eligible::{EligibleAssignment, Step, StepKind},
        policy::ActivationPolicy,
    },
    delegation::{
        Approver, Assignment, Authorization, Definition, EligibleAuthorization, JustInTimePolicy,
        MultiFactor,
    },
    directory::{Group, GroupKind, Membership, Profile, Tenant, User, UserKind},
    event::{Caller, CallerKind},
    period::{OpenPeriod, Period},
    resource::{CreatorType, SystemData},
    role::{Permission, PrincipalType, RoleAssignment, RoleDefinition},
    tree::{Subscription, SubscriptionState, Tags},
};

pub const CONTRIBUTOR: RoleId =
    RoleId::new(Uuid::from_u128(0xb249_88ac_6180_42a0_ab88_20f7_382d_d24c));
pub const READER: RoleId = RoleId::new(Uuid::from_u128(0xacdd_72a7_3385_48ef_bd42_f606_fba8_1ae7));

/// Contoso, the customer.
pub const CUSTOMER: TenantId = TenantId::new(Uuid::from_u128(0xC));
/// Fabrikam, the provider.
pub const PROVIDER: TenantId = TenantId::new(Uuid::from_u128(0xF));
/// Contoso's subscription.
pub const SUBSCRIPTION: SubscriptionId = SubscriptionId::new(Uuid::from_u128(0x5));
/// Another customer's subscription.
pub const NEIGHBOUR: SubscriptionId = SubscriptionId::new(Uuid::from_u128(0x6));

pub const fn object(n: u128) -> ObjectId {
    ObjectId::new(Uuid::from_u128(n))
}

pub const fn principal(tenant: TenantId, n: u128) -> Principal {
    Principal { tenant, object: object(n) }
}

/// Contoso's owner.
pub const OLOF: Principal = principal(CUSTOMER, 0xA);
/// Fabrikam's engineer: the same object id as Contoso's owner, in another tenant.
pub const ADA: Principal = principal(PROVIDER, 0xA);
/// Fabrikam's group of engineers.
pub const TIER1: Principal = principal(PROVIDER, 0x71);

pub fn now() -> Timestamp {
    Timestamp::from_second(1_767_225_600).unwrap()
}

pub fn whole() -> Scope {
    Scope::Subscription(SUBSCRIPTION)
}

pub fn resource_group(name: &str) -> Scope {
    Scope::ResourceGroup(SUBSCRIPTION, name.parse().unwrap())
}

pub fn tenant(id: TenantId, name: &str) -> Tenant {
    let domain = format!("{name}.example");
    Tenant { id, display_name: name.to_owned(), domain, country: "SE".to_owned() }
}

pub fn user(principal: Principal, name: &str) -> User {
    let user_principal_name = format!("{name}@example");
    let display_name = name.to_owned();
    let (kind, profile) = (UserKind::Member, Profile::default());
    User { principal, user_principal_name, display_name, enabled: true, kind, profile }
}

pub fn group(principal: Principal, name: &str) -> Group {
    let (display_name, kind) = (name.to_owned(), GroupKind::Security);
    Group { principal, display_name, kind, description: None, mail_nickname: None }
}

pub fn membership(group: Principal, member: Principal) -> Membership {
    Membership { group, member: member.object }
}

pub fn subscription(id: SubscriptionId, tenant: TenantId) -> Subscription {
    Subscription {
        id,
        tenant,
        display_name: "prod".to_owned(),
        state: SubscriptionState::Enabled,
        parent: None,
        tags: Tags::new(),
        registered_by_default: true,
    }
}

pub fn system_data() -> SystemData {
    SystemData::created("olof@contoso.example", CreatorType::User, now())
}

/// A caller who signed in with a password.
pub fn caller(principal: Principal) -> Caller {
    Caller {
        principal,
        name: format!("{}@example", principal.object),
        kind: CallerKind::User,
        app: AppId::new(Uuid::from_u128(0xA99)),
        methods: vec!["pwd".to_owned()],
        signed_in: None,
    }
}

pub fn correlation() -> CorrelationId {
    CorrelationId::new(Uuid::from_u128(0xC0))
}

pub fn role_assignment(scope: Scope, principal: Principal, role: RoleId) -> RoleAssignment {
    let name = Uuid::new_v5(&role.raw(), format!("{scope}{principal}").as_bytes());
    RoleAssignment {
        id: RoleAssignmentId::at(scope, name.to_string().parse().unwrap()).unwrap(),
        principal,
        principal_type: PrincipalType::User,
        role,
        description: None,
        condition: None,
        condition_version: None,
        delegated_managed_identity: None,
        made_by: None,
        created_by: None,
        created_on: now(),
        updated_by: None,
        updated_on: now(),
    }
}

/// A role of Contoso's own, which may be assigned at that scope.
pub fn custom_role(scope: Scope) -> RoleDefinition {
    let actions = vec!["*/read".to_owned()];
    RoleDefinition {
        id: RoleId::new(Uuid::from_u128(0xC051)),
        tenant: Some(CUSTOMER),
        name: "Operator".to_owned(),
        description: String::new(),
        permissions: vec![Permission { actions, ..Permission::default() }],
        assignable_scopes: vec![scope],
        written: None,
    }
}

pub fn authorization(principal: Principal, role: RoleId) -> Authorization {
    Authorization {
        principal: principal.object,
        role,
        display_name: Some("Tier 1".to_owned()),
        delegated_roles: None,
    }
}

/// What Fabrikam asks for: Contributor for its engineers.
pub fn definition(subscription: SubscriptionId) -> Definition {
    let scope = Scope::Subscription(subscription);
    Definition {
        id: DefinitionId::at(scope, Uuid::from_u128(0xD0D0).to_string().parse().unwrap()).unwrap(),
        managed_by: PROVIDER,
        name: Some("Fabrikam Ops".to_owned()),
        description: None,
        authorizations: vec![authorization(TIER1, CONTRIBUTOR)],
        eligible: Vec::new(),
        accepted: None,
        system_data: system_data(),
    }
}

/// Contoso's acceptance of it, at that scope.
pub fn assignment(scope: Scope) -> Assignment {
    let definition = definition(scope.subscription().unwrap()).id;
    Assignment {
        id: AssignmentId::at(scope, definition.name().clone()).unwrap(),
        definition_as_sent: definition.to_string(),
        definition,
        managed_by: PROVIDER,
        partner: None,
        period: None,
        system_data: system_data(),
    }
}

/// That a principal may activate a role: for eight hours, by their own word alone.
pub fn eligible(principal: Principal, role: RoleId) -> EligibleAuthorization {
    EligibleAuthorization {
        principal: principal.object,
        role,
        display_name: Some("Tier 1".to_owned()),
        policy: None,
    }
}

/// The same with somebody who has to approve, after a second factor, for two hours at most.
pub fn guarded(principal: Principal, role: RoleId, approver: Principal) -> EligibleAuthorization {
    let policy = JustInTimePolicy {
        multi_factor: MultiFactor::Azure,
        minutes_max: 120,
        approvers: vec![Approver { principal: approver.object, display_name: None }],
    };
    EligibleAuthorization { policy: Some(policy), ..eligible(principal, role) }
}

/// What Fabrikam asks for: to be Contributor just in time.
pub fn eligible_definition(subscription: SubscriptionId) -> Definition {
    let eligible = vec![eligible(TIER1, CONTRIBUTOR)];
    let authorizations = vec![authorization(TIER1, READER)];
    Definition { authorizations, eligible, ..definition(subscription) }
}

/// Fabrikam's engineer is Contributor at that scope for an hour from now on.
pub fn activation(scope: Scope) -> Activation {
    let whole = Scope::Subscription(scope.subscription().unwrap());
    let hour = SignedDuration::from_hours(1);
    let period = Period::lasting(now(), hour).unwrap();
    Activation {
        id: ActivationId::at(scope, Uuid::from_u128(0xAC).to_string().parse().unwrap()).unwrap(),
        who: ADA,
        customer: CUSTOMER,
        eligibility: Eligibility {
            basis: Basis::Delegation(assignment(whole).id),
            principal: TIER1.object,
            role: CONTRIBUTOR,
        },
        asked: Asked {
            on: now(),
            start: None,
            length: hour,
            justification: Some("patch night".to_owned()),
            ticket: None,
            second_factor: false,
        },
        state: State::Granted { period, approvals: Approvals::default() },
    }
}

/// Contoso's owner has to agree to it.
pub fn activation_policy(scope: Scope) -> ActivationPolicy {
    ActivationPolicy {
        id: ActivationPolicy::id_at(scope, CONTRIBUTOR).unwrap(),
        role: CONTRIBUTOR,
        minutes_max: None,
        asks: BTreeSet::new(),
        approvers: vec![Approver { principal: OLOF.object, display_name: None }],
        system_data: system_data(),
    }
}

/// Contoso lets somebody of its own be Contributor just in time, at that scope and for good.
pub fn eligible_assignment(scope: Scope, principal: Principal) -> EligibleAssignment {
    let name = Uuid::from_u128(0xE1);
    let period = OpenPeriod::new(now(), None).unwrap();
    EligibleAssignment {
        id: EligibleAssignmentId::at(scope, name.to_string().parse().unwrap()).unwrap(),
        principal,
        principal_type: PrincipalType::User,
        role: CONTRIBUTOR,
        period,
        steps: vec![Step {
            name,
            kind: StepKind::Assign,
            by: OLOF,
            on: now(),
            period,
            justification: None,
            ticket: None,
        }],
        removed: None,
    }
}
