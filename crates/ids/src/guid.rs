//! Ids that are UUIDs, each a type of its own.

use std::{fmt, str::FromStr};

use uuid::Uuid;

/// Text that should have been a GUID.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a GUID")]
pub struct NotAGuid(pub String);

/// The longest piece of somebody's text that an error repeats.
const QUOTED_CHARS_MAX: usize = 80;

/// Reads the hyphenated form only, the one that ARM writes.
fn parse(text: &str) -> Result<Uuid, NotAGuid> {
    let quoted = || NotAGuid(text.chars().take(QUOTED_CHARS_MAX).collect());
    if text.len() == 36 { text.parse().map_err(|_| quoted()) } else { Err(quoted()) }
}

/// Declares a UUID that the compiler will not let stand in for another kind of id.
macro_rules! guid {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with these bits.
            pub const fn new(raw: Uuid) -> Self {
                Self(raw)
            }

            /// The bits, for crates that must hand them to a library.
            pub const fn raw(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAGuid;

            fn from_str(text: &str) -> Result<Self, NotAGuid> {
                parse(text).map(Self)
            }
        }
    )*};
}

guid! {
    /// The directory a principal lives in.
    TenantId,
    /// A user, group or service principal, unique within its tenant only.
    ObjectId,
    /// The billing and ownership boundary that resources live under.
    SubscriptionId,
    /// An application, as tokens and clients name it (`appid`, `client_id`).
    AppId,
    /// A role definition's GUID. Alone it finds built-in roles only.
    RoleId,
    /// What ties together everything that one request of a client caused.
    CorrelationId,
    /// One entry of the journal or the activity log.
    EventId,
    /// A long-running operation, as its status link names it.
    OperationId,
    /// The approval that an activation waits for; no two activations anywhere share one.
    ApprovalId,
    /// What one side has to say in an approval.
    StageId,
    /// A sign-in session, which its refresh tokens belong to.
    SessionId,
}

/// Whoever can be granted something: one object id in two tenants is two principals.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Principal {
    /// The directory that knows the principal.
    pub tenant: TenantId,
    /// Who it is there.
    pub object: ObjectId,
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.tenant, self.object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hyphenated_form_is_a_guid() {
        let plain = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
        assert_eq!(plain.parse::<RoleId>().unwrap().to_string(), plain);
        assert_eq!(plain.to_uppercase().parse::<RoleId>(), plain.parse());
        for other in
            ["", "8e3af657a8ff443ca75c2fe8c4bcb635", "{8e3af657-a8ff-443c-a75c-2fe8c4bcb63}"]
        {
            assert_eq!(other.parse::<RoleId>(), Err(NotAGuid(other.to_owned())));
        }
    }
}
