//! What the provider's people may do: always, and after an activation.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use access::graph::{Giving, Graph};
use ids::{
    guid::{ObjectId, Principal, RoleId},
    resource::AssignmentId,
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    delegation::{Assignment, Definition},
    directory::{Group, ServicePrincipal, User},
};
use store::{error::StoreError, snapshot::Snapshot};

use super::{Asked, Insight, activations::Taken};
use crate::{
    error::Error,
    market::Operations,
    offers::plain::{Plain, plain},
};

/// One authorization of one delegation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    pub scope: Scope,
    pub assignment: AssignmentId,
    /// What the provider calls what it offers.
    pub offer: Option<String>,
    pub grantee: ObjectId,
    /// What the definition calls them.
    pub typed: Option<String>,
    pub role: RoleId,
    pub hold: Hold,
    /// What the role gives; none where it can give nothing to anybody of another tenant.
    pub plain: Option<Arc<Plain>>,
    /// Who is in the group behind it, where that is told and it is one.
    pub members: Option<Vec<Member>>,
    /// What was made of it, where it takes an activation.
    pub taken: Option<Taken>,
    pub used: Used,
}

/// How somebody has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Always.
    Standing,
    /// Always by the definition, and it gives nothing: it went with a delegation like it, or
    /// cannot be delegated.
    Void,
    /// Only after an activation.
    Eligible,
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    pub who: ObjectId,
    pub name: Option<String>,
}

/// Whether it was used, as far as the log goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Used {
    At(Timestamp),
    Never,
    /// It only reads, of which no log is kept.
    NotRecorded,
    /// Somebody acted who may have done so by it.
    NotTold,
}

/// All of them, in the order of their scopes; but not what was made of them.
pub(super) async fn all(
    snapshot: &Snapshot,
    asked: Asked,
    assignments: &[Assignment],
    (graph, operations): (&Graph, &Operations),
) -> Result<Vec<Right>, Error> {
    let counting = counting(graph);
    let mut rights = Vec::new();
    for assignment in assignments {
        let found = snapshot.find::<Definition>(&assignment.definition).await?;
        rights.extend(found.into_iter().flat_map(|it| of(assignment, it, &counting)));
    }
    let roles: BTreeSet<RoleId> = rights.iter().map(|it| it.role).collect();
    let plains = plain(asked.customer, roles, operations).await?;
    let people = match asked.insight {
        Insight::Customers => None,
        Insight::Everything => Some(behind(snapshot, asked, graph).await?),
    };
    for right in &mut rights {
        right.plain = plains.get(&right.role).map(Arc::clone);
        let grantee = Principal { tenant: asked.provider, object: right.grantee };
        right.members = people.as_ref().and_then(|it| it.get(&grantee).cloned());
    }
    rights.sort_by(|one, other| {
        let key = |it: &Right| (it.scope.key(), it.assignment.key(), it.grantee, it.role);
        key(one).cmp(&key(other))
    });
    Ok(rights)
}

fn counting(graph: &Graph) -> BTreeSet<(AssignmentId, ObjectId, RoleId)> {
    let given = graph.grants.iter().filter_map(|it| match &it.by {
        Giving::Delegation { assignment, .. } => {
            Some((assignment.clone(), it.grantee.object, it.role))
        }
        Giving::Assignment(_) => None,
    });
    given.collect()
}

fn of(
    assignment: &Assignment,
    definition: Definition,
    counting: &BTreeSet<(AssignmentId, ObjectId, RoleId)>,
) -> Vec<Right> {
    let Definition { name, authorizations, eligible, .. } = definition;
    let id = &assignment.id;
    let right = |grantee: ObjectId, role: RoleId, typed: Option<String>, hold: Hold| Right {
        scope: id.scope().clone(),
        assignment: id.clone(),
        offer: name.clone(),
        grantee,
        typed,
        role,
        hold,
        plain: None,
        members: None,
        taken: None,
        used: Used::Never,
    };
    let always = authorizations.into_iter().map(|it| {
        let counts = counting.contains(&(id.clone(), it.principal, it.role));
        let hold = if counts { Hold::Standing } else { Hold::Void };
        right(it.principal, it.role, it.display_name, hold)
    });
    let eligible = eligible
        .into_iter()
        .map(|it| right(it.principal, it.role, it.display_name, Hold::Eligible));
    always.chain(eligible).collect()
}

/// Everybody in the groups that something is delegated to, through nested groups too.
async fn behind(
    snapshot: &Snapshot,
    asked: Asked,
    graph: &Graph,
) -> Result<BTreeMap<Principal, Vec<Member>>, StoreError> {
    let mut found = BTreeMap::new();
    let grantees: BTreeSet<Principal> = graph.grants.iter().map(|it| it.grantee).collect();
    for grantee in grantees.into_iter().filter(|it| it.tenant == asked.provider) {
        if snapshot.find::<Group>(&grantee).await?.is_none() {
            continue;
        }
        let mut members = Vec::new();
        for who in graph.members_of(grantee) {
            if let Some(name) = person(snapshot, who).await? {
                members.push(Member { who: who.object, name: Some(name) });
            }
        }
        found.insert(grantee, members);
    }
    Ok(found)
}

/// What a person or an application is called; groups are told by who is in them.
pub(super) async fn person(
    snapshot: &Snapshot,
    who: Principal,
) -> Result<Option<String>, StoreError> {
    if let Some(it) = snapshot.find::<User>(&who).await? {
        return Ok(Some(it.user_principal_name));
    }
    let found = snapshot.find::<ServicePrincipal>(&who).await?;
    Ok(found.map(|it| it.display_name))
}
