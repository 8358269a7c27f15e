//! Who owns what of a tenant's directory: an owner may change it without any directory role
//! (<https://learn.microsoft.com/entra/fundamentals/users-default-permissions#object-ownership>).

use ids::guid::{AppId, ObjectId, Principal, TenantId};
use serde::{Deserialize, Serialize};

/// That somebody owns something of their own tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ownership {
    pub owned: Owned,
    pub owner: ObjectId,
}

/// What is owned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Owned {
    Group(Principal),
    Application(TenantId, AppId),
    ServicePrincipal(Principal),
}

/// What kind of thing is owned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OwnedKind {
    Group,
    Application,
    ServicePrincipal,
}

impl Ownership {
    /// The owner, who is of the thing's own tenant.
    pub fn who(&self) -> Principal {
        Principal { tenant: self.owned.tenant(), object: self.owner }
    }
}

impl Owned {
    /// The tenant whose it is.
    pub fn tenant(self) -> TenantId {
        match self {
            Self::Group(it) | Self::ServicePrincipal(it) => it.tenant,
            Self::Application(tenant, _) => tenant,
        }
    }

    /// What kind of thing it is.
    pub fn kind(self) -> OwnedKind {
        match self {
            Self::Group(_) => OwnedKind::Group,
            Self::Application(..) => OwnedKind::Application,
            Self::ServicePrincipal(_) => OwnedKind::ServicePrincipal,
        }
    }
}

impl OwnedKind {
    pub const ALL: [Self; 3] = [Self::Group, Self::Application, Self::ServicePrincipal];

    /// The noun in the actions about such things.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Group => "groups",
            Self::Application => "applications",
            Self::ServicePrincipal => "servicePrincipals",
        }
    }

    /// Patterns of what an owner may do with the thing that they own.
    pub fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Group => &["Fyr.Directory/groups/*"],
            Self::Application => &["Fyr.Directory/applications/*"],
            Self::ServicePrincipal => &["Fyr.Directory/servicePrincipals/*"],
        }
    }
}
