//! What a `PUT` or `PATCH` makes of a resource, as a function of what was asked and what was.

use ids::{guid::ObjectId, resource::ResourceId, scope::Scope};
use model::{
    resource::{Identity, Resource, SystemData},
    tree::Tags,
};
use serde_json::{Map, Value};

use super::{Expected, Refused, identity};
use crate::groups;

/// A whole resource, as a `PUT` describes it.
#[derive(Clone, Debug)]
pub struct PutResource {
    pub id: ResourceId,
    pub location: Option<String>,
    pub tags: Option<Tags>,
    pub identity: Option<WantedIdentity>,
    pub envelope: Map<String, Value>,
    pub properties: Map<String, Value>,
    pub expected: Expected,
}

/// What a `PATCH` changes: tags as a whole, envelope and properties by merge (RFC 7396).
#[derive(Clone, Debug)]
pub struct PatchResource {
    pub id: ResourceId,
    /// Where it is; never somewhere else.
    pub location: Option<String>,
    pub envelope: Map<String, Value>,
    pub tags: Option<Tags>,
    pub identity: Option<WantedIdentity>,
    pub properties: Map<String, Value>,
    pub expected: Expected,
}

/// Who the resource is to act as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedIdentity {
    pub system: bool,
    pub user: Vec<ResourceId>,
}

impl WantedIdentity {
    /// Reads ARM's `identity.type`; the ids of user-assigned identities stand beside it.
    pub fn parse(kind: &str, user: Vec<ResourceId>) -> Result<Self, Refused> {
        let mut words: Vec<String> =
            kind.split(',').map(|word| word.trim().to_ascii_lowercase()).collect();
        words.sort_unstable();
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["none"] => Ok(Self::default()),
            ["systemassigned"] => Ok(Self { system: true, user: Vec::new() }),
            ["userassigned"] => Ok(Self { system: false, user }),
            ["systemassigned", "userassigned"] => Ok(Self { system: true, user }),
            _ => Err(Refused::IdentityType(kind.chars().take(80).collect())),
        }
    }
}

/// What the world looked like when the request was judged.
pub struct Facts<'a> {
    pub existing: Option<&'a Resource>,
    /// The entity tag of what exists.
    pub etag: Option<String>,
    /// Whether the resource that holds this one is there; a child needs it.
    pub parent_exists: bool,
    pub system_data: SystemData,
    /// The object id of the identity to come, should one be needed.
    pub new_identity: ObjectId,
}

/// What a resource may hold at most, as JSON.
pub(super) const RESOURCE_BYTES_MAX: usize = 1 << 20;

/// What stands there after the `PUT`.
pub fn put(request: PutResource, facts: Facts<'_>) -> Result<Resource, Refused> {
    let PutResource { id, location, tags, identity, envelope, properties, expected } = request;
    check(&expected, facts.etag.as_deref())?;
    if !facts.parent_exists {
        return Err(Refused::NoParent { verb: "write", parent: id.parent(), id });
    }
    let location = located(&id, location.as_deref(), facts.existing)?;
    let identity = identify(identity, facts.existing, facts.new_identity);
    let tags = groups::tags(tags.unwrap_or_default())?;
    unchanged(facts.existing, &properties)?;
    let properties = settle(&id, properties)?;
    let mut envelope = envelope;
    envelope.retain(|_, value| !value.is_null());
    let id = facts.existing.map_or(id, |before| before.id.clone());
    Ok(Resource {
        id,
        location,
        tags,
        identity,
        envelope,
        properties,
        system_data: facts.system_data,
    })
}

/// What stands there after the `PATCH`.
pub fn patch(request: PatchResource, facts: Facts<'_>) -> Result<Resource, Refused> {
    let PatchResource { id, location, envelope, tags, identity, properties, expected } = request;
    let Some(before) = facts.existing else { return Err(Refused::NotFound(id)) };
    check(&expected, facts.etag.as_deref())?;
    let tags = match tags {
        Some(tags) => groups::tags(tags)?,
        None => before.tags.clone(),
    };
    let identity = match identity {
        Some(wanted) => identify(Some(wanted), facts.existing, facts.new_identity),
        None => before.identity.clone(),
    };
    located(&id, location.as_deref(), facts.existing)?;
    unchanged(facts.existing, &properties)?;
    let properties = settle(&id, merged(&before.properties, properties))?;
    let envelope = merged(&before.envelope, envelope);
    let system_data = facts.system_data;
    Ok(Resource { tags, identity, envelope, properties, system_data, ..before.clone() })
}

/// Whether what exists is what the client expects.
pub(crate) fn check(expected: &Expected, etag: Option<&str>) -> Result<(), Refused> {
    let refuse = |condition: String, state| Err(Refused::Precondition { condition, state });
    if expected.absent && etag.is_some() {
        return refuse("If-None-Match: *".to_owned(), "exists");
    }
    match (&expected.matching, etag) {
        (Some(wanted), None) => refuse(format!("If-Match: {wanted}"), "does not exist"),
        (Some(wanted), Some(etag)) if wanted != "*" && wanted != etag => {
            refuse(format!("If-Match: {wanted}"), "has changed")
        }
        _ => Ok(()),
    }
}

fn located(
    id: &ResourceId,
    wanted: Option<&str>,
    existing: Option<&Resource>,
) -> Result<Option<String>, Refused> {
    let wanted = groups::location(wanted)?;
    let is = existing.and_then(|before| before.location.clone());
    match (wanted, is) {
        (Some(wanted), Some(is)) if wanted != is => {
            Err(Refused::OtherLocation { id: id.name().to_string(), wanted, is })
        }
        (None, is) => Ok(is),
        (wanted, _) => Ok(wanted),
    }
}

fn identify(
    wanted: Option<WantedIdentity>,
    existing: Option<&Resource>,
    new: ObjectId,
) -> Option<Identity> {
    let held = existing.and_then(|before| before.identity.as_ref()?.system_assigned);
    let wanted = wanted?;
    let identity = Identity {
        system_assigned: wanted.system.then(|| held.unwrap_or(new)),
        user_assigned: wanted.user,
    };
    (identity.system_assigned.is_some() || !identity.user_assigned.is_empty()).then_some(identity)
}

/// What is kept reached its end; a body that says otherwise would change what only the server
/// says (ARM contract, §1.4).
fn unchanged(existing: Option<&Resource>, sent: &Map<String, Value>) -> Result<(), Refused> {
    let said = |key: &str| key.eq_ignore_ascii_case("provisioningState");
    let state = sent.iter().find(|(key, value)| said(key) && !value.is_null());
    let same =
        |value: &Value| value.as_str().is_some_and(|it| it.eq_ignore_ascii_case("Succeeded"));
    match (existing, state) {
        (Some(_), Some((_, value))) if !same(value) => Err(Refused::ReadOnly("provisioningState")),
        _ => Ok(()),
    }
}

/// What of its properties only the server says: of every resource, and of an identity.
const SAID: [&str; 1] = ["provisioningState"];
const SAID_OF_IDENTITIES: [&str; 3] = ["tenantId", "principalId", "clientId"];

/// Properties without what only the server says, and within bounds.
fn settle(
    id: &ResourceId,
    mut properties: Map<String, Value>,
) -> Result<Map<String, Value>, Refused> {
    let more = if identity::is_one(id) { SAID_OF_IDENTITIES.as_slice() } else { &[] };
    let said = |key: &str| SAID.iter().chain(more).any(|it| it.eq_ignore_ascii_case(key));
    properties.retain(|key, value| !said(key) && !value.is_null());
    let bytes = Value::Object(properties.clone()).to_string().len();
    if bytes > RESOURCE_BYTES_MAX {
        Err(Refused::TooLarge(RESOURCE_BYTES_MAX))
    } else {
        Ok(properties)
    }
}

fn merged(before: &Map<String, Value>, patch: Map<String, Value>) -> Map<String, Value> {
    let mut after = before.clone();
    for (key, value) in patch {
        if value.is_null() {
            after.remove(&key);
        } else {
            merge(after.entry(key).or_insert(Value::Null), value);
        }
    }
    after
}

/// JSON merge patch (RFC 7396): null removes, objects merge, all else replaces.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    *target = merged(target, patch);
}

/// The resource whose existence a child needs. What is no child needs its scope only.
pub(super) fn parent_resource(id: &ResourceId) -> Option<ResourceId> {
    match id.parent() {
        Scope::Resource(parent) if parent.scope() == id.scope() => Some(parent),
        Scope::Resource(_)
        | Scope::Tenant(_)
        | Scope::ManagementGroup(..)
        | Scope::Subscription(_)
        | Scope::ResourceGroup(..) => None,
    }
}

#[cfg(test)]
mod tests;
