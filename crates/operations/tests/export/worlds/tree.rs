//! A tenant's subscriptions, drawn: management groups, resources, roles, grants, delegations.

use ids::{
    guid::{AppId, ObjectId, Principal, RoleId, SubscriptionId, TenantId},
    resource::{
        AssignmentId, DefinitionId, DenyAssignmentId, LockId, ResourceId, ResourceType,
        RoleAssignmentId,
    },
    scope::Scope,
};
use jiff::SignedDuration;
use model::{
    activation::policy::{ActivationPolicy, Proof},
    change::Noun,
    delegation::{
        Approver, Assignment, Authorization, Definition, EligibleAuthorization, JustInTimePolicy,
        MultiFactor,
    },
    directory::{ServicePrincipal, ServicePrincipalKind},
    period::OpenPeriod,
    resource::{Identity, Resource},
    role::{
        Denied, DenyAssignment, Lock, LockLevel, Permission, PrincipalType, RoleAssignment,
        RoleDefinition,
    },
    samples,
    tree::{ManagementGroup, Registration, ResourceGroup, Subscription, SubscriptionState},
};
use serde_json::{Map, json};

use super::Dice;

const IDENTITIES: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";

/// A tenant's subscriptions, and who may do what in them.
pub(super) struct Tree<'a> {
    pub(super) dice: &'a mut Dice,
    pub(super) tenant: TenantId,
    pub(super) nouns: &'a mut Vec<Noun>,
    pub(super) people: &'a mut Vec<Principal>,
}

impl Tree<'_> {
    pub(super) fn grow(mut self, trusted: &(TenantId, Vec<Principal>)) {
        let mut scopes = vec![Scope::Tenant(self.tenant)];
        let groups: [ids::name::Name; 2] = ["prod", "Ada Byron"].map(|name| name.parse().unwrap());
        for (nth, name) in groups.iter().enumerate() {
            let parent = if nth == 0 { None } else { self.dice.maybe(groups[0].clone()) };
            let group = ManagementGroup {
                tenant: self.tenant,
                name: name.clone(),
                display_name: self.dice.name(),
                parent,
            };
            scopes.push(group.scope());
            self.nouns.push(Noun::ManagementGroup(group));
        }
        for _ in 0..2 {
            let parent = self.dice.maybe(groups[1].clone());
            scopes.extend(self.subscription(parent, trusted));
        }
        let custom = self.custom(&scopes);
        self.access(&scopes, custom);
    }

    fn subscription(
        &mut self,
        parent: Option<ids::name::Name>,
        trusted: &(TenantId, Vec<Principal>),
    ) -> Vec<Scope> {
        let id = SubscriptionId::new(self.dice.id());
        self.nouns.push(Noun::Subscription(Subscription {
            id,
            tenant: self.tenant,
            display_name: self.dice.name(),
            state: self.dice.of(&[SubscriptionState::Enabled, SubscriptionState::Disabled]),
            parent,
            tags: [(self.dice.name(), self.dice.name())].into(),
            registered_by_default: self.dice.of(&[true, false]),
        }));
        for namespace in ["Microsoft.Storage", "Microsoft.Web", "N.S"] {
            let registered = self.dice.of(&[true, false]);
            let namespace = namespace.parse().unwrap();
            let registration = Registration { subscription: id, namespace, registered };
            self.nouns.extend(self.dice.maybe(Noun::Registration(registration)));
        }
        let mut scopes = vec![Scope::Subscription(id)];
        for name in ["rg1", "RG10", "a.(b)-c"] {
            let group = ResourceGroup {
                subscription: id,
                name: name.parse().unwrap(),
                location: "westeurope".to_owned(),
                tags: [("k".to_owned(), self.dice.name())].into(),
                managed_by: self.dice.maybe("somebody".to_owned()),
                system_data: samples::system_data(),
            };
            scopes.push(group.scope());
            self.nouns.push(Noun::ResourceGroup(group));
        }
        let assignable: Vec<Scope> = scopes.clone();
        self.delegation(id, &assignable, trusted);
        self.activation_policies(&assignable);
        for scope in assignable {
            scopes.extend(self.resources(&scope));
        }
        scopes
    }

    fn resources(&mut self, scope: &Scope) -> Vec<Scope> {
        let shared = self.resource(scope, IDENTITIES, &["shared"], None);
        let plain = self.resource(scope, "N.S/t", &["r"], Some(&shared));
        let child = self.resource(scope, "N.S/t/c", &["r", "Child"], None);
        let extension = self.resource(&Scope::Resource(plain.clone()), "E.X/e", &["x"], None);
        [shared, plain, child, extension].map(Scope::Resource).to_vec()
    }

    fn resource(
        &mut self,
        scope: &Scope,
        kind: &str,
        names: &[&str],
        uses: Option<&ResourceId>,
    ) -> ResourceId {
        let names: Vec<ids::name::Name> = names.iter().map(|name| name.parse().unwrap()).collect();
        let id =
            ResourceId::new(scope.clone(), &ResourceType::parse(kind).unwrap(), &names).unwrap();
        let mut properties = Map::new();
        properties.insert("p".to_owned(), json!([1, { "x": self.dice.name() }, null, 1.5]));
        let mut identity = None;
        if kind == IDENTITIES {
            let (who, app) = self.identity(&id);
            for (key, value) in [
                ("principalId", who.object.to_string()),
                ("clientId", app.to_string()),
                ("tenantId", self.tenant.to_string()),
            ] {
                properties.insert(key.to_owned(), json!(value));
            }
        } else if let Some(shared) = uses {
            let own = self.dice.below(2) == 0;
            let system_assigned = own.then(|| self.identity(&id).0.object);
            let user_assigned = self.dice.maybe(shared.clone()).into_iter().collect();
            identity = Some(Identity { system_assigned, user_assigned });
        }
        let mut envelope = Map::new();
        envelope
            .extend(self.dice.maybe(("sku".to_owned(), json!({ "name": "S1", "capacity": 1 }))));
        envelope.extend(self.dice.maybe(("placement".to_owned(), json!({ "zone": "1" }))));
        self.nouns.push(Noun::Resource(Resource {
            id: id.clone(),
            location: self.dice.of(&[None, Some("westeurope".to_owned()), Some("x".to_owned())]),
            tags: [("a b".to_owned(), self.dice.name())].into(),
            identity,
            envelope,
            properties,
            system_data: samples::system_data(),
        }));
        id
    }

    fn identity(&mut self, resource: &ResourceId) -> (Principal, AppId) {
        let principal = Principal { tenant: self.tenant, object: ObjectId::new(self.dice.id()) };
        let app = AppId::new(self.dice.id());
        let kind = ServicePrincipalKind::ManagedIdentity { resource: resource.clone() };
        let display_name = resource.name().to_string();
        let service = ServicePrincipal { principal, app, display_name, enabled: true, kind };
        self.nouns.push(Noun::ServicePrincipal(service));
        self.people.push(principal);
        (principal, app)
    }

    fn custom(&mut self, scopes: &[Scope]) -> RoleId {
        let id = RoleId::new(self.dice.id());
        let permission = || Permission {
            actions: vec!["*/read".to_owned(), "N.S/t/write".to_owned()],
            not_actions: vec!["N.S/t/delete".to_owned()],
            condition: self.dice.maybe("@Resource[x] StringEquals 'Byron'".to_owned()),
            ..Permission::default()
        };
        let permissions = (0..=self.dice.below(2)).map(|_| permission()).collect();
        self.nouns.push(Noun::RoleDefinition(RoleDefinition {
            id,
            tenant: Some(self.tenant),
            name: format!("Operator {}", self.dice.name()),
            description: self.dice.name(),
            permissions,
            assignable_scopes: vec![self.dice.of(scopes), scopes[0].clone()],
            written: None,
        }));
        id
    }

    fn access(&mut self, scopes: &[Scope], custom: RoleId) {
        let roles = [samples::OWNER, samples::READER, samples::USER_ACCESS_ADMINISTRATOR, custom];
        for who in self.people.clone() {
            let (scope, role) = (self.dice.of(scopes), self.dice.of(&roles));
            let kind = self.kind_of(who);
            let id = RoleAssignmentId::at(scope, self.name()).unwrap();
            self.nouns.push(Noun::RoleAssignment(RoleAssignment {
                id,
                principal_type: kind,
                description: self.dice.maybe(self.dice.name()),
                condition: self.dice.maybe("@Request[y] ForAny".to_owned()),
                made_by: self.dice.maybe(self.tenant),
                ..samples::role_assignment(Scope::Tenant(self.tenant), who, role)
            }));
        }
        for nth in 0..4 {
            let scope = self.dice.of(&scopes[1..]);
            let id = DenyAssignmentId::at(scope, self.name()).unwrap();
            let these = Denied::These(vec![self.dice.of(self.people)]);
            self.nouns.push(Noun::DenyAssignment(DenyAssignment {
                id,
                name: format!("{nth} {}", self.dice.name()),
                description: self.dice.name(),
                permissions: vec![Permission {
                    actions: vec!["*/delete".to_owned()],
                    ..Permission::default()
                }],
                principals: self.dice.of(&[Denied::Everyone, these]),
                exclude: vec![self.dice.of(self.people)],
                does_not_apply_to_child_scopes: self.dice.of(&[true, false]),
                is_system_protected: self.dice.of(&[true, false]),
            }));
            let name = format!("lock {nth}").parse().unwrap();
            let id = LockId::at(self.dice.of(&scopes[3..]), name).unwrap();
            let level = self.dice.of(&[LockLevel::CanNotDelete, LockLevel::ReadOnly]);
            let notes = self.dice.maybe(self.dice.name());
            self.nouns.push(Noun::Lock(Lock { id, level, notes }));
        }
    }

    fn kind_of(&self, who: Principal) -> PrincipalType {
        let is_user = |noun: &Noun| matches!(noun, Noun::User(it) if it.principal == who);
        let is_group = |noun: &Noun| matches!(noun, Noun::Group(it) if it.principal == who);
        if self.nouns.iter().any(is_user) {
            PrincipalType::User
        } else if self.nouns.iter().any(is_group) {
            PrincipalType::Group
        } else {
            PrincipalType::ServicePrincipal
        }
    }

    fn name(&self) -> ids::name::Name {
        self.dice.id().to_string().parse().unwrap()
    }

    /// None, one that is over, one that counts, or one without an end.
    fn period(&self) -> Option<OpenPeriod> {
        let at = |days: i64| samples::now() + SignedDuration::from_hours(24 * days);
        match self.dice.below(4) {
            0 => None,
            1 => OpenPeriod::new(at(-2), Some(at(-1))),
            2 => OpenPeriod::new(at(-1), Some(at(1))),
            _ => OpenPeriod::new(at(1), None),
        }
    }

    /// A policy for each of two roles at some of the scopes.
    fn activation_policies(&mut self, scopes: &[Scope]) {
        for scope in scopes {
            for role in [samples::CONTRIBUTOR, samples::READER] {
                if self.dice.below(3) > 0 {
                    continue;
                }
                let all = [Proof::Justification, Proof::Ticket, Proof::SecondFactor];
                let approver =
                    Approver { principal: self.dice.of(self.people).object, display_name: None };
                self.nouns.push(Noun::ActivationPolicy(ActivationPolicy {
                    id: ActivationPolicy::id_at(scope.clone(), role).unwrap(),
                    role,
                    minutes_max: self.dice.maybe(90),
                    asks: all.into_iter().filter(|_| self.dice.below(2) == 0).collect(),
                    approvers: self.dice.maybe(approver).into_iter().collect(),
                    system_data: samples::system_data(),
                }));
            }
        }
    }

    /// Known and unknown principals, all roles that may be delegated in some way.
    fn delegation(
        &mut self,
        subscription: SubscriptionId,
        scopes: &[Scope],
        (provider, trusted): &(TenantId, Vec<Principal>),
    ) {
        let somebody = |dice: &Dice| match dice.below(3) {
            0 => ObjectId::new(dice.id()),
            _ => dice.of(trusted).object,
        };
        let admin = samples::USER_ACCESS_ADMINISTRATOR;
        let authorizations = vec![
            Authorization {
                principal: somebody(self.dice),
                role: samples::CONTRIBUTOR,
                display_name: self.dice.maybe(self.dice.name()),
                delegated_roles: self.dice.maybe(Vec::new()),
            },
            Authorization {
                principal: somebody(self.dice),
                role: admin,
                display_name: None,
                delegated_roles: Some(vec![samples::CONTRIBUTOR, samples::READER]),
            },
        ];
        let policy = JustInTimePolicy {
            multi_factor: self.dice.of(&[MultiFactor::Azure, MultiFactor::None]),
            minutes_max: 60,
            approvers: vec![Approver { principal: somebody(self.dice), display_name: None }],
        };
        let eligible = EligibleAuthorization {
            principal: somebody(self.dice),
            role: samples::READER,
            display_name: self.dice.maybe(self.dice.name()),
            policy: self.dice.maybe(policy),
        };
        let id = DefinitionId::at(Scope::Subscription(subscription), self.name()).unwrap();
        self.nouns.push(Noun::Definition(Definition {
            id: id.clone(),
            managed_by: *provider,
            name: self.dice.maybe(self.dice.name()),
            description: self.dice.maybe(self.dice.name()),
            authorizations,
            eligible: self.dice.maybe(eligible).into_iter().collect(),
            accepted: None,
            system_data: samples::system_data(),
        }));
        for scope in scopes {
            if self.dice.below(2) == 0 {
                self.nouns.push(Noun::Assignment(Assignment {
                    id: AssignmentId::at(scope.clone(), self.name()).unwrap(),
                    definition: id.clone(),
                    definition_as_sent: id.to_string(),
                    managed_by: *provider,
                    partner: None,
                    period: self.period(),
                    system_data: samples::system_data(),
                }));
            }
        }
    }
}
