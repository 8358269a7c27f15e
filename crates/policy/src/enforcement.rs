//! How far Fyr enforces a policy, so that nobody takes one that is only kept for one that holds.

use serde_json::Value;

use crate::{
    condition::{Condition, Term},
    definition::{Definition, Mode},
    parameters::Values,
    set::Set,
};

/// What a policy does when its condition is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Deny,
    Audit,
    Disabled,
}

/// How far a policy is enforced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enforcement {
    /// Wherever it holds.
    Whole,
    /// For definitions and assignments of delegations; other resources are not judged.
    OfDelegations,
    /// Nowhere, for this reason.
    Never(String),
}

impl Effect {
    /// The effect of that name, if it is one that Fyr knows.
    pub fn read(text: &str) -> Option<Self> {
        const ALL: [(&str, Effect); 3] =
            [("deny", Effect::Deny), ("audit", Effect::Audit), ("disabled", Effect::Disabled)];
        ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, it)| *it)
    }

    /// As answers spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Audit => "audit",
            Self::Disabled => "disabled",
        }
    }
}

impl Enforcement {
    /// How far a definition is enforced that is told these values; before it is told any, for
    /// whichever it may be told.
    pub fn of(definition: &Definition, values: Option<&Values>) -> Self {
        match Self::at_first_sight(definition, values) {
            Ok(condition) => Self::reach(condition),
            Err(settled) => settled,
        }
    }

    /// Whether a definition that is told these values is enforced nowhere.
    pub(crate) fn is_never(definition: &Definition, values: &Values) -> bool {
        matches!(Self::at_first_sight(definition, Some(values)), Err(Self::Never(_)))
    }

    /// How far it is, where that is told without looking into its condition.
    fn at_first_sight<'a>(
        definition: &'a Definition,
        values: Option<&Values>,
    ) -> Result<&'a Condition, Self> {
        let effects = effects(definition, values);
        let known: Option<Vec<Effect>> = effects.iter().map(|it| Effect::read(it)).collect();
        let Some(known) = known.filter(|it| !it.is_empty()) else {
            let other = effects.iter().find(|it| Effect::read(it).is_none());
            let other = other.map_or("of its parameter", String::as_str);
            return Err(Self::Never(format!("the effect `{other}`")));
        };
        if known.iter().all(|it| *it == Effect::Disabled) {
            return Err(Self::Whole);
        }
        match (&definition.mode, &definition.condition) {
            (_, Err(what)) => Err(Self::Never(what.clone())),
            (Mode::Other(mode), Ok(_)) => Err(Self::Never(format!("the mode `{mode}`"))),
            (Mode::Indexed, Ok(_)) => Err(Self::Never(
                "the mode `Indexed`, which is about resources with tags and a location".to_owned(),
            )),
            (Mode::All, Ok(condition)) => Ok(condition),
        }
    }

    fn reach(condition: &Condition) -> Self {
        if condition.keeps_to_delegations() { Self::Whole } else { Self::OfDelegations }
    }

    /// What whoever writes the policy is told, if it is not enforced whole.
    pub fn notice(&self) -> Option<String> {
        match self {
            Self::Whole => None,
            Self::OfDelegations => Some(
                "this policy is enforced for Microsoft.ManagedServices only, and for no other resources"
                    .to_owned(),
            ),
            Self::Never(what) => {
                Some(format!("this policy is kept and not enforced: Fyr does not evaluate {what}"))
            }
        }
    }

    /// What of a set is told: of its definitions, those that are enforced least.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Never(_), _) | (Self::OfDelegations, Self::Whole | Self::OfDelegations) => self,
            (Self::Whole | Self::OfDelegations, _) => other,
        }
    }

    /// How far a set of these definitions is enforced.
    pub fn of_set<'a>(set: &Set, definitions: impl IntoIterator<Item = &'a Definition>) -> Self {
        let unread = set.members.iter().find_map(crate::set::Member::unread).map(Self::Never);
        let each = definitions.into_iter().map(|it| Self::of(it, None));
        each.chain(unread).fold(Self::Whole, Self::and)
    }
}

/// The effects that a definition may have: the one, or those that its parameter allows.
fn effects(definition: &Definition, values: Option<&Values>) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match (&definition.effect, values) {
        (Term::Literal(value), _) => vec![text(value)],
        (Term::Parameter(name), Some(values)) => vec![text(values.get(name))],
        (Term::Parameter(name), None) => {
            let declared = definition.parameters.get(name);
            let allowed: Vec<String> =
                declared.iter().flat_map(|it| &it.allowed).map(text).collect();
            let default = || declared.and_then(|it| it.default.as_ref()).map(text);
            if allowed.is_empty() { default().into_iter().collect() } else { allowed }
        }
        (Term::List(_), _) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use ids::resource::{DefinitionId, ResourceId};
    use model::samples;
    use serde_json::json;

    use super::*;
    use crate::kind::Kind;

    fn of(properties: &Value) -> Enforcement {
        let path = format!("{}/providers/{}/p", samples::whole(), Kind::Definition.name());
        let id = ResourceId::parse(&path, samples::CUSTOMER).unwrap();
        Enforcement::of(&Definition::read(&id, properties.as_object().unwrap()).unwrap(), None)
    }

    fn policy(mode: &str, condition: &Value, effect: &str) -> Value {
        json!({
            "mode": mode,
            "parameters": {
                "effect": { "type": "String", "allowedValues": ["Audit", "Deny"] },
                "wide": { "type": "String", "allowedValues": ["Audit", "Modify"] },
                "free": { "type": "String" },
            },
            "policyRule": { "if": condition, "then": { "effect": effect } },
        })
    }

    #[test]
    fn a_policy_is_enforced_whole_in_part_or_never_and_says_which() {
        use Enforcement::{Never, OfDelegations, Whole};
        let ours = json!({ "field": "type", "equals": DefinitionId::KIND });
        let anyones = json!({ "field": "location", "equals": "westeurope" });
        let foreign = json!({ "field": "Microsoft.Storage/storageAccounts/x", "equals": "y" });
        for (mode, condition, effect, expected) in [
            ("All", &ours, "deny", Some(Whole)),
            ("All", &ours, "[parameters('effect')]", Some(Whole)),
            ("All", &anyones, "audit", Some(OfDelegations)),
            ("Indexed", &foreign, "disabled", Some(Whole)),
            ("All", &ours, "[parameters('wide')]", None),
            ("All", &ours, "[parameters('free')]", None),
            ("All", &ours, "deployIfNotExists", None),
            ("All", &foreign, "deny", None),
            ("Indexed", &ours, "deny", None),
            ("Microsoft.KeyVault.Data", &ours, "deny", None),
        ] {
            let found = of(&policy(mode, condition, effect));
            match expected {
                Some(expected) => assert_eq!(found, expected, "{mode} {condition} {effect}"),
                None => assert!(matches!(found, Never(_)), "{mode} {condition} {effect}"),
            }
            assert_eq!(found.notice().is_none(), found == Whole);
        }
    }

    #[test]
    fn of_several_the_one_that_is_enforced_least_is_told() {
        use Enforcement::{Never, OfDelegations, Whole};
        let never = || Never("x".to_owned());
        for (one, other, both) in [
            (Whole, Whole, Whole),
            (Whole, OfDelegations, OfDelegations),
            (OfDelegations, Whole, OfDelegations),
            (OfDelegations, never(), never()),
            (never(), OfDelegations, never()),
        ] {
            assert_eq!(one.and(other), both);
        }
    }
}
