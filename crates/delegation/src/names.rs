//! What definitions and assignments may be called: GUIDs that their makers choose.

use ids::{name::Name, resource::ResourceId, scope::Scope};
use uuid::Uuid;

/// A name that is no GUID.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The name '{0}' of the {1} must be a valid Guid.")]
pub struct NotAGuid(pub Name, pub &'static str);

/// Whether it is called by a GUID. `noun` is what the refusal calls it.
pub(crate) fn guid(id: &ResourceId, noun: &'static str) -> Result<(), NotAGuid> {
    let name = id.name();
    // `Uuid` reads more forms than the hyphenated one that ARM writes.
    let hyphenated = name.as_str().len() == 36 && Uuid::try_parse(name.as_str()).is_ok();
    if hyphenated { Ok(()) } else { Err(NotAGuid(name.clone(), noun)) }
}

/// Whether the scope is a subscription: the only place for a definition (B7, B9).
pub(crate) fn is_subscription(scope: &Scope) -> bool {
    matches!(scope, Scope::Subscription(_))
}

#[cfg(test)]
mod tests {
    use ids::resource::DefinitionId;
    use model::samples::{SUBSCRIPTION, definition};

    use super::*;

    #[test]
    fn only_a_hyphenated_guid_is_a_name() {
        let called = |name: &str| {
            let scope = definition(SUBSCRIPTION).id.scope().clone();
            guid(DefinitionId::at(scope, name.parse().unwrap()).unwrap().as_resource(), "it")
        };
        assert_eq!(called("0000D0D0-0000-4000-8000-000000000001"), Ok(()));
        for bad in
            ["ops", "0000d0d00000400080000000000000010000", "{000d0d0-0000-4000-8000-000000000001}"]
        {
            assert_eq!(called(bad), Err(NotAGuid(bad.parse().unwrap(), "it")));
        }
    }
}
