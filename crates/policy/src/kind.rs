//! The kinds of things that policies are made of.

use ids::{resource::ResourceId, scope::Scope};

use crate::refused::Refused;

/// What of Azure Policy a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Definition,
    Set,
    Assignment,
    Exemption,
    Remediation,
}

/// Azure's bound on a name, and the shorter one of assignments of management groups.
const NAME_CHARS_MAX: usize = 64;
const NAME_CHARS_MAX_AT_GROUPS: usize = 24;

impl Kind {
    pub const ALL: [Self; 5] =
        [Self::Definition, Self::Set, Self::Assignment, Self::Exemption, Self::Remediation];

    /// The type in full, as ARM spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Definition => "Microsoft.Authorization/policyDefinitions",
            Self::Set => "Microsoft.Authorization/policySetDefinitions",
            Self::Assignment => "Microsoft.Authorization/policyAssignments",
            Self::Exemption => "Microsoft.Authorization/policyExemptions",
            Self::Remediation => "Microsoft.PolicyInsights/remediations",
        }
    }

    /// What a message calls it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Definition => "policy definition",
            Self::Set => "policy set definition",
            Self::Assignment => "policy assignment",
            Self::Exemption => "policy exemption",
            Self::Remediation => "remediation",
        }
    }

    /// What that id is one of.
    pub fn of(id: &ResourceId) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| id.is_a(kind.name()))
    }

    /// How many of the kind may stand at one scope (Azure's own bounds; of remediations it states
    /// none).
    pub fn count_max(self) -> usize {
        match self {
            Self::Definition => 500,
            Self::Set | Self::Assignment => 200,
            Self::Exemption | Self::Remediation => 1_000,
        }
    }

    /// Whether one of that id may be written: by its name, and by where it stands.
    pub fn check(self, id: &ResourceId) -> Result<(), Refused> {
        self.stands_at(id.scope())?;
        let at_group = matches!(id.scope(), Scope::ManagementGroup(..));
        let most = match self {
            Self::Assignment if at_group => NAME_CHARS_MAX_AT_GROUPS,
            Self::Definition
            | Self::Set
            | Self::Assignment
            | Self::Exemption
            | Self::Remediation => NAME_CHARS_MAX,
        };
        let name = id.name().as_str();
        if name.chars().count() <= most && !name.ends_with(' ') {
            Ok(())
        } else {
            Err(Refused::Name { kind: self, name: id.name().clone(), most })
        }
    }

    fn stands_at(self, scope: &Scope) -> Result<(), Refused> {
        let is_policy = |it: Scope| match it {
            Scope::Resource(id) => Self::of(&id).is_some(),
            Scope::Tenant(_)
            | Scope::ManagementGroup(..)
            | Scope::Subscription(_)
            | Scope::ResourceGroup(..) => false,
        };
        // What stands at the tenant is Azure's own; at another policy nothing is to be judged.
        let fits = match scope {
            Scope::Tenant(_) => false,
            Scope::Resource(_) if scope.lineage().any(is_policy) => false,
            Scope::ManagementGroup(..) | Scope::Subscription(_) => true,
            Scope::ResourceGroup(..) | Scope::Resource(_) => match self {
                Self::Definition | Self::Set => false,
                Self::Assignment | Self::Exemption | Self::Remediation => true,
            },
        };
        if fits { Ok(()) } else { Err(Refused::Scope { kind: self, scope: scope.clone() }) }
    }
}

#[cfg(test)]
mod tests {
    use model::samples;

    use super::*;

    fn id(text: &str) -> ResourceId {
        ResourceId::parse(text, samples::CUSTOMER).unwrap()
    }

    #[test]
    fn each_kind_stands_where_azure_lets_it() {
        let whole = samples::whole();
        let below = ["", "/resourceGroups/app", "/resourceGroups/app/providers/N.S/t/n"];
        for kind in Kind::ALL {
            let at = |scope: &str| id(&format!("{scope}/providers/{}/p", kind.name()));
            let upper = matches!(kind, Kind::Definition | Kind::Set);
            for (deep, scope) in below.iter().enumerate() {
                let checked = kind.check(&at(&format!("{whole}{scope}")));
                assert_eq!(checked.is_ok(), deep == 0 || !upper, "{kind:?} {scope}: {checked:?}");
            }
            assert!(kind.check(&at("")).is_err(), "{kind:?} at the tenant");
            for other in Kind::ALL {
                let policy = format!("{whole}/providers/{}/p", other.name());
                for scope in [policy.clone(), format!("{policy}/providers/N.S/t/n")] {
                    assert!(kind.check(&at(&scope)).is_err(), "{kind:?} at {scope}");
                }
            }
            let group = at("/providers/Microsoft.Management/managementGroups/corp");
            assert!(kind.check(&group).is_ok());
            assert_eq!(Kind::of(&group), Some(kind));
        }
    }

    #[test]
    fn names_are_as_long_as_azure_has_them() {
        let group = "/providers/Microsoft.Management/managementGroups/corp";
        let named = |scope: &str, name: &str| {
            let kind = Kind::Assignment;
            kind.check(&id(&format!("{scope}/providers/{}/{name}", kind.name())))
        };
        let whole = samples::whole().to_string();
        assert!(named(&whole, &"n".repeat(64)).is_ok());
        assert!(named(group, &"n".repeat(24)).is_ok());
        for bad in [named(&whole, &"n".repeat(65)), named(group, &"n".repeat(25))] {
            assert!(bad.is_err());
        }
        assert!(named(&whole, "a.b c").is_ok());
        assert!(named(&whole, "a ").is_err());
    }
}
