//! Where a permission holds.

use std::{fmt, iter};

use crate::{
    guid::{NotAGuid, SubscriptionId, TenantId},
    name::{BadName, GroupName, Name},
    path::Path,
    resource::ResourceId,
};

/// Why text is no id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadId {
    #[error("no id has this shape")]
    UnknownShape,
    #[error(transparent)]
    Segment(#[from] BadName),
    #[error("the subscription identifier `{}` is malformed", .0.0)]
    Subscription(NotAGuid),
    #[error("the tenant identifier `{}` is malformed", .0.0)]
    Tenant(NotAGuid),
    #[error("this is not the id of a `{0}`")]
    OtherType(&'static str),
    #[error("an id has at most {0} segments")]
    TooLong(usize),
}

/// A place that access can be granted at: the tenant itself (Azure's `/`), and what lies below.
///
/// There is no unparsed scope past the front door. Shown as ARM writes it; stored with the
/// tenant where ARM's form leaves it out ([`Scope::stored`]).
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub enum Scope {
    /// All of a tenant, which ARM writes `/`.
    Tenant(TenantId),
    /// A management group; the same name in two tenants is two groups.
    ManagementGroup(TenantId, Name),
    /// A subscription.
    Subscription(SubscriptionId),
    /// A resource group.
    ResourceGroup(SubscriptionId, GroupName),
    /// A resource, of any type and depth.
    Resource(ResourceId),
}

impl Scope {
    /// Reads ARM's form. `home` is the tenant that `/` stands for.
    pub fn parse(text: &str, home: TenantId) -> Result<Self, BadId> {
        match Path::parse(text, home)? {
            Path::Scope(scope) => Ok(scope),
            Path::Resource(id) => Ok(Self::Resource(id)),
            Path::Collection(_) | Path::Words(..) => Err(BadId::UnknownShape),
        }
    }

    /// The scope that directly holds this one, as far as the id tells: a subscription's and a
    /// management group's place in the tree is a fact of the store.
    pub fn parent(&self) -> Option<Self> {
        match self {
            Self::Tenant(_) | Self::ManagementGroup(..) | Self::Subscription(_) => None,
            Self::ResourceGroup(subscription, _) => Some(Self::Subscription(*subscription)),
            Self::Resource(id) => Some(id.parent()),
        }
    }

    /// This scope, then each scope around it that the id tells of, innermost first.
    pub fn lineage(&self) -> impl Iterator<Item = Self> + use<> {
        iter::successors(Some(self.clone()), Self::parent)
    }

    /// Whether the other scope is this one or lies in it, as far as the ids tell.
    pub fn contains(&self, inner: &Self) -> bool {
        inner.lineage().any(|around| around == *self)
    }

    /// The subscription this lies in; tenants and management groups lie in none.
    pub fn subscription(&self) -> Option<SubscriptionId> {
        match self {
            Self::Tenant(_) | Self::ManagementGroup(..) => None,
            Self::Subscription(id) | Self::ResourceGroup(id, _) => Some(*id),
            Self::Resource(id) => id.scope().subscription(),
        }
    }

    /// The resource group this is or lies in.
    pub fn resource_group(&self) -> Option<&GroupName> {
        match self {
            Self::ResourceGroup(_, name) => Some(name),
            Self::Resource(id) => id.scope().resource_group(),
            Self::Tenant(_) | Self::ManagementGroup(..) | Self::Subscription(_) => None,
        }
    }

    /// The tenant that the id itself names. What lies in a subscription names none: its home
    /// tenant is a fact of the store.
    pub fn tenant(&self) -> Option<TenantId> {
        match self {
            Self::Tenant(id) | Self::ManagementGroup(id, _) => Some(*id),
            Self::Subscription(_) | Self::ResourceGroup(..) => None,
            Self::Resource(id) => id.scope().tenant(),
        }
    }

    /// How many words ARM's form has.
    pub(crate) fn segments(&self) -> usize {
        match self {
            Self::Tenant(_) => 0,
            Self::Subscription(_) => 2,
            Self::ManagementGroup(..) | Self::ResourceGroup(..) => 4,
            Self::Resource(id) => id.segments(),
        }
    }

    /// The form that is kept: ARM's, after `/tenants/{id}` where ARM's form names no tenant.
    pub fn stored(&self) -> String {
        self.tenant().map_or_else(
            || self.to_string(),
            |tenant| {
                let rest =
                    if let Self::Tenant(_) = self { String::new() } else { self.to_string() };
                format!("/tenants/{tenant}{rest}")
            },
        )
    }

    /// The stored form, folded: equal for equal scopes, and a prefix at segment borders of what
    /// lies below by id.
    pub fn key(&self) -> String {
        self.stored().to_ascii_lowercase()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tenant(_) => write!(f, "/"),
            Self::ManagementGroup(_, name) => {
                write!(f, "/providers/Microsoft.Management/managementGroups/{name}")
            }
            Self::Subscription(id) => write!(f, "/subscriptions/{id}"),
            Self::ResourceGroup(id, name) => {
                write!(f, "/subscriptions/{id}/resourceGroups/{name}")
            }
            Self::Resource(id) => id.fmt(f),
        }
    }
}

impl TryFrom<String> for Scope {
    type Error = BadId;

    /// Reads the stored form.
    fn try_from(text: String) -> Result<Self, BadId> {
        match Path::stored(&text)? {
            Path::Scope(scope) => Ok(scope),
            Path::Resource(id) => Ok(Self::Resource(id)),
            Path::Collection(_) | Path::Words(..) => Err(BadId::UnknownShape),
        }
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.stored()
    }
}

#[cfg(test)]
mod tests;
