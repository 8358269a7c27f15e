//! What the system may do for reasons of its own, whole.

use std::fmt::Write;

use access::permit::Permit;
use ids::{
    guid::{AppId, OperationId},
    resource::{DenyAssignmentId, DeploymentId},
};
use model::{
    change::{Change, Noun},
    deployment::{Deployment, Mode, ProvisioningState},
    directory::{
        Application, Credential, Holder, Secret, ServicePrincipal, ServicePrincipalKind, SigningKey,
    },
    directory_role::{DirectoryRoleAssignment, USER_ADMINISTRATOR},
    event::{Actor, SystemReason},
    ownership::{Owned, Ownership},
    resource::Resource,
    role::{Denied, DenyAssignment, LockLevel, RoleDefinition},
    samples::{self, ADA, CUSTOMER, OLOF, OWNER, SUBSCRIPTION, TIER1},
    settings::Settings,
    tree::{ManagementGroup, Registration, ResourceGroup, Tags},
};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{account, granted, guid, limits::lock};

const APP: AppId = AppId::new(Uuid::from_u128(0xA99));

fn directory() -> Vec<(&'static str, Noun)> {
    let principal = samples::principal(CUSTOMER, 0x2B);
    let kind = ServicePrincipalKind::Application;
    let display_name = String::new();
    vec![
        ("tenant", Noun::Tenant(samples::tenant(CUSTOMER, "contoso"))),
        ("user", Noun::User(samples::user(OLOF, "olof"))),
        ("group", Noun::Group(samples::group(TIER1, "tier1"))),
        ("membership", Noun::Membership(samples::membership(TIER1, ADA))),
        (
            "directory role",
            Noun::DirectoryRoleAssignment(DirectoryRoleAssignment {
                principal: OLOF,
                role: USER_ADMINISTRATOR,
            }),
        ),
        ("ownership", Noun::Ownership(Ownership { owned: Owned::Group(TIER1), owner: ADA.object })),
        (
            "application",
            Noun::Application(Application::new(
                CUSTOMER,
                APP,
                principal.object,
                display_name.clone(),
            )),
        ),
        (
            "service principal",
            Noun::ServicePrincipal(ServicePrincipal {
                principal,
                app: APP,
                display_name: display_name.clone(),
                enabled: true,
                kind,
            }),
        ),
        (
            "credential",
            Noun::Credential(Credential {
                holder: Holder::User(OLOF),
                key: Uuid::from_u128(1),
                display_name,
                secret: Secret::Redacted,
                expires: None,
            }),
        ),
    ]
}

fn tree() -> Vec<(&'static str, Noun)> {
    let Ok(ids::path::Path::Resource(id)) =
        ids::path::Path::parse(&account("rg1").to_string(), CUSTOMER)
    else {
        panic!("an account is a resource")
    };
    vec![
        (
            "management group",
            Noun::ManagementGroup(ManagementGroup {
                tenant: CUSTOMER,
                name: "root".parse().unwrap(),
                display_name: String::new(),
                parent: None,
            }),
        ),
        ("subscription", Noun::Subscription(samples::subscription(SUBSCRIPTION, CUSTOMER))),
        (
            "registration",
            Noun::Registration(Registration {
                subscription: SUBSCRIPTION,
                namespace: "N.S".parse().unwrap(),
                registered: true,
            }),
        ),
        (
            "resource group",
            Noun::ResourceGroup(ResourceGroup {
                subscription: SUBSCRIPTION,
                name: "rg1".parse().unwrap(),
                location: "westeurope".to_owned(),
                tags: Tags::new(),
                managed_by: None,
                system_data: samples::system_data(),
            }),
        ),
        (
            "resource",
            Noun::Resource(Resource {
                id,
                location: None,
                tags: Tags::new(),
                identity: None,
                envelope: Map::new(),
                properties: Map::new(),
                system_data: samples::system_data(),
            }),
        ),
    ]
}

fn deployment() -> Deployment {
    Deployment {
        id: DeploymentId::at(samples::whole(), guid(1)).unwrap(),
        location: None,
        tags: Tags::new(),
        mode: Mode::Incremental,
        state: ProvisioningState::Running,
        operation: OperationId::new(Uuid::from_u128(1)),
        parent: None,
        actor: Actor::Caller(samples::caller(OLOF)),
        correlation: samples::correlation(),
        started: samples::now(),
        finished: None,
        template: Value::Null,
        link: None,
        parameters: Map::new(),
        template_hash: String::new(),
        debug: None,
        steps: Vec::new(),
        cleanup: None,
        outputs: None,
        error: None,
    }
}

fn grants() -> Vec<(&'static str, Noun)> {
    let role = RoleDefinition {
        id: OWNER,
        tenant: Some(CUSTOMER),
        name: String::new(),
        description: String::new(),
        permissions: Vec::new(),
        assignable_scopes: vec![samples::whole()],
        written: None,
    };
    let deny = DenyAssignment {
        id: DenyAssignmentId::at(samples::whole(), guid(1)).unwrap(),
        name: String::new(),
        description: String::new(),
        permissions: Vec::new(),
        principals: Denied::Everyone,
        exclude: Vec::new(),
        does_not_apply_to_child_scopes: false,
        is_system_protected: true,
    };
    vec![
        ("role definition", Noun::RoleDefinition(role)),
        ("role assignment", granted(samples::whole(), OLOF, OWNER)),
        ("deny assignment", Noun::DenyAssignment(deny)),
        ("lock", lock(samples::whole(), LockLevel::ReadOnly)),
        ("registration definition", Noun::Definition(samples::definition(SUBSCRIPTION))),
        ("registration assignment", Noun::Assignment(samples::assignment(samples::whole()))),
        ("activation", Noun::Activation(samples::activation(samples::whole()))),
        ("activation policy", Noun::ActivationPolicy(samples::activation_policy(samples::whole()))),
        (
            "eligible assignment",
            Noun::EligibleAssignment(samples::eligible_assignment(samples::whole(), OLOF)),
        ),
        ("deployment", Noun::Deployment(deployment())),
    ]
}

fn system() -> Vec<(&'static str, Noun)> {
    let key = SigningKey {
        id: String::new(),
        sealed: None,
        modulus: String::new(),
        exponent: String::new(),
        published: samples::now(),
        active_from: samples::now(),
    };
    vec![("settings", Noun::Settings(Settings::default())), ("signing key", Noun::SigningKey(key))]
}

#[test]
fn each_reason_covers_these_changes_and_no_others() {
    let covering = |change: &Change| {
        let all = SystemReason::ALL.into_iter();
        let names: Vec<String> = all
            .filter(|reason| Permit::system(*reason, change).is_some())
            .map(|reason| format!("{reason:?}"))
            .collect();
        if names.is_empty() { "-".to_owned() } else { names.join(" ") }
    };
    let mut table = String::new();
    let market = samples::market::all().into_iter();
    let market = market.map(|(name, it)| (name, Noun::Market(it))).collect();
    for (name, noun) in [system(), directory(), tree(), grants(), market].concat() {
        writeln!(table, "put    {name}: {}", covering(&Change::Put(noun.clone()))).unwrap();
        writeln!(table, "remove {name}: {}", covering(&Change::Remove(noun))).unwrap();
    }
    let leave = Change::Leave(samples::assignment(samples::whole()));
    writeln!(table, "leave  registration assignment: {}", covering(&leave)).unwrap();
    assert_eq!(table, include_str!("cover.txt"), "review it, and keep it in `cover.txt`:\n{table}");
}
