//! The graph of who reaches what, as nodes and edges.

use std::collections::{BTreeMap, BTreeSet};

use access::{
    graph::{Giving, Reaching},
    index::PrincipalKind,
};
use ids::{
    guid::Principal,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use operations::questions::{Told, graph::Named};
use wire::{
    access::chains::{EdgeBody, EdgeKind, GraphBody, NodeBody, NodeKind},
    arm::roles::role_id,
};

use super::bodies::as_of;

/// The graph: from principals through groups and grants to scopes.
pub fn body(told: &Told<Named>) -> GraphBody {
    let named = &told.value;
    let mut drawn = Drawn::default();
    for it in &named.graph.memberships {
        drawn.principal(named, it.who(), None);
        drawn.principal(named, it.group, None);
        drawn.edge(principal_id(it.who()), principal_id(it.group), EdgeKind::MemberOf);
    }
    for it in &named.graph.grants {
        drawn.grant(named, it);
    }
    let Drawn { nodes, edges } = drawn;
    GraphBody {
        as_of: as_of(told),
        nodes: nodes.into_values().collect(),
        edges: edges.into_iter().collect(),
        is_cut: named.graph.is_cut,
    }
}

/// What is on the page so far; in order, each once.
#[derive(Default)]
struct Drawn {
    nodes: BTreeMap<String, NodeBody>,
    edges: BTreeSet<EdgeBody>,
}

/// Two tenants' principals may have one object id.
fn principal_id(who: Principal) -> String {
    format!("principal:{}/{}", who.tenant, who.object)
}

fn node(id: &str, kind: NodeKind) -> NodeBody {
    NodeBody {
        id: id.to_owned(),
        kind,
        name: None,
        tenant_id: None,
        resource_id: None,
        role_definition_id: None,
        is_conditional: None,
    }
}

impl Drawn {
    /// What is there already stays.
    fn add(&mut self, node: NodeBody) {
        self.nodes.entry(node.id.clone()).or_insert(node);
    }

    fn edge(&mut self, from: String, to: String, kind: EdgeKind) {
        self.edges.insert(EdgeBody { from, to, kind });
    }

    fn principal(&mut self, named: &Named, who: Principal, typed: Option<&str>) {
        let kind = named.kinds.get(&who).map_or(NodeKind::Principal, |it| match it {
            PrincipalKind::User => NodeKind::User,
            PrincipalKind::Guest { .. } => NodeKind::Guest,
            PrincipalKind::Group(_) => NodeKind::Group,
            PrincipalKind::Application => NodeKind::ServicePrincipal,
            PrincipalKind::ManagedIdentity => NodeKind::ManagedIdentity,
        });
        self.add(NodeBody {
            name: named.names.of_one(who).or(typed).map(str::to_owned),
            tenant_id: Some(who.tenant.to_string()),
            resource_id: Some(who.object.to_string()),
            ..node(&principal_id(who), kind)
        });
    }

    fn scope(&mut self, scope: &Scope) -> String {
        let id = format!("scope:{}", scope.key());
        self.add(NodeBody {
            resource_id: Some(scope.to_string()),
            tenant_id: scope.tenant().map(|it| it.to_string()),
            ..node(&id, NodeKind::Scope)
        });
        id
    }

    fn grant(&mut self, named: &Named, it: &Reaching) {
        let scope = self.scope(&it.scope);
        let role = |id: &str, kind: NodeKind| NodeBody {
            name: named.roles.get(&(it.scope.clone(), it.role)).cloned(),
            role_definition_id: Some(role_id(it.role, it.scope.subscription())),
            is_conditional: Some(it.is_conditional),
            ..node(id, kind)
        };
        match &it.by {
            Giving::Assignment(id) => {
                self.principal(named, it.grantee, None);
                let key = format!("roleAssignment:{}", id.key());
                let resource_id = Some(id.to_string());
                self.add(NodeBody { resource_id, ..role(&key, NodeKind::RoleAssignment) });
                self.edge(principal_id(it.grantee), key.clone(), EdgeKind::Holds);
                self.edge(key, scope, EdgeKind::Reaches);
            }
            Giving::Delegation { assignment, definition } => {
                let typed = named.typed.of_one(definition, it.grantee.object, it.role);
                self.principal(named, it.grantee, typed);
                // One definition may give it at one place and have lost it at another.
                let (given, who) = (assignment.key(), it.grantee.object);
                let key = format!("authorization:{given}#{who}/{}", it.role);
                self.add(role(&key, NodeKind::Authorization));
                self.edge(principal_id(it.grantee), key.clone(), EdgeKind::Holds);
                let delegation = self.delegation(assignment, definition);
                self.edge(key, delegation.clone(), EdgeKind::GivenBy);
                self.edge(delegation, scope, EdgeKind::Reaches);
            }
        }
    }

    fn delegation(&mut self, assignment: &AssignmentId, definition: &DefinitionId) -> String {
        let id = format!("registrationAssignment:{}", assignment.key());
        let resource_id = Some(assignment.to_string());
        self.add(NodeBody { resource_id, ..node(&id, NodeKind::RegistrationAssignment) });
        let offer = format!("registrationDefinition:{}", definition.key());
        let resource_id = Some(definition.to_string());
        self.add(NodeBody { resource_id, ..node(&offer, NodeKind::RegistrationDefinition) });
        self.edge(id.clone(), offer, EdgeKind::Of);
        id
    }
}
