//! What a template may learn of the world: facts that the host states, and questions that it answers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// Where a deployment runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Scope {
    Tenant,
    ManagementGroup { name: String },
    Subscription { subscription: String },
    ResourceGroup { subscription: String, name: String },
}

impl Scope {
    /// The scope's id; empty for the tenant, so that `/providers/…` can follow.
    pub fn id(&self) -> String {
        match self {
            Scope::Tenant => String::new(),
            Scope::ManagementGroup { name } => {
                format!("/providers/Microsoft.Management/managementGroups/{name}")
            }
            Scope::Subscription { subscription } => format!("/subscriptions/{subscription}"),
            Scope::ResourceGroup { subscription, name } => {
                format!("/subscriptions/{subscription}/resourceGroups/{name}")
            }
        }
    }

    /// What `resourceId` puts before `/providers/`: at a management group it is nothing, too.
    pub(crate) fn base(&self) -> String {
        match self {
            Scope::Tenant | Scope::ManagementGroup { .. } => String::new(),
            Scope::Subscription { .. } | Scope::ResourceGroup { .. } => self.id(),
        }
    }

    /// Reads the id of a scope that deployments can run at.
    pub fn parse(id: &str) -> Option<Self> {
        let segments: Vec<&str> = id.split('/').filter(|segment| !segment.is_empty()).collect();
        let named = |segment: &str, name: &str| segment.eq_ignore_ascii_case(name);
        match *segments.as_slice() {
            [] => Some(Scope::Tenant),
            [first, subscription] if named(first, "subscriptions") => {
                Some(Scope::Subscription { subscription: subscription.to_owned() })
            }
            [first, subscription, second, name]
                if named(first, "subscriptions") && named(second, "resourceGroups") =>
            {
                let (subscription, name) = (subscription.to_owned(), name.to_owned());
                Some(Scope::ResourceGroup { subscription, name })
            }
            [.., namespace, kind, name]
                if segments.len() <= 4
                    && named(namespace, "Microsoft.Management")
                    && named(kind, "managementGroups") =>
            {
                Some(Scope::ManagementGroup { name: name.to_owned() })
            }
            _ => None,
        }
    }

    /// The subscription it lies in, if it lies in one.
    pub fn subscription(&self) -> Option<&str> {
        match self {
            Scope::Subscription { subscription } | Scope::ResourceGroup { subscription, .. } => {
                Some(subscription)
            }
            Scope::Tenant | Scope::ManagementGroup { .. } => None,
        }
    }
}

/// The facts behind `subscription()`, `resourceGroup()` and their kin, as ARM shows them. A fact
/// that is `None` does not exist at the deployment's scope, and asking for it is refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    pub scope: Scope,
    pub deployment: Value,
    pub environment: Value,
    pub tenant: Value,
    /// The whole subscription object, `managedByTenants` included: real templates read it.
    pub subscription: Option<Value>,
    pub resource_group: Option<Value>,
    pub management_group: Option<Value>,
    pub deployer: Option<Value>,
    /// `{name: {value}}`, as the request brought them for its own expressions.
    #[serde(skip)]
    pub external_inputs: Value,
    /// What is the same for all who ask; stated only to templates that
    /// [mention](mentions) it.
    #[serde(default)]
    pub catalogue: Catalogue,
}

/// Facts of the platform, not of a place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Catalogue {
    /// The ids of built-in roles, by name.
    pub roles: BTreeMap<String, Uuid>,
    /// Resource providers, as `providers('…')` shows them.
    pub providers: Vec<Value>,
}

/// Whether a document calls a function of that name, or looks as if: who is told too much has
/// written it himself.
pub fn mentions(document: &Value, function: &str) -> bool {
    let call = format!("{}(", function.to_ascii_lowercase());
    let mut found = false;
    each_text(document, &mut |text| {
        let dense: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        found |= dense.to_ascii_lowercase().contains(&call);
    });
    found
}

/// All words of a document, small: runs of letters, digits and dots.
pub fn words(document: &Value) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    each_text(document, &mut |text| {
        let all = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
        words.extend(all.map(str::to_ascii_lowercase));
    });
    words
}

fn each_text(document: &Value, see: &mut dyn FnMut(&str)) {
    match document {
        Value::String(text) => see(text),
        Value::Array(elements) => elements.iter().for_each(|element| each_text(element, see)),
        Value::Object(members) => {
            for (key, member) in members {
                see(key);
                each_text(member, see);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Context {
    /// A context with nothing but its scope; the host fills in the facts it has.
    pub fn at(scope: Scope) -> Self {
        Self {
            scope,
            deployment: Value::Null,
            environment: Value::Null,
            tenant: Value::Null,
            subscription: None,
            resource_group: None,
            management_group: None,
            deployer: None,
            external_inputs: Value::Null,
            catalogue: Catalogue::default(),
        }
    }
}

/// `reference(…)`: the state of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The full resource id.
    pub id: String,
    pub api_version: Option<String>,
    /// `'Full'`: the whole object instead of its properties.
    pub full: bool,
    /// Whether the resource is one of this template's own, found by its name.
    pub own: bool,
}

/// `list…(…)`: a POST to an action of a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// The action, as spelled in the template: `listKeys`.
    pub action: String,
    pub id: String,
    pub api_version: Option<String>,
    pub body: Option<Value>,
}

/// What the host knows.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Known(Value),
    /// Another step must come first; the expression is asked again later.
    NotYet,
    Refused {
        code: String,
        message: String,
    },
}

/// Whoever can look at resources on behalf of a template's caller.
pub trait Host {
    fn reference(&self, asked: &Reference) -> Answer;
    fn list(&self, asked: &List) -> Answer;
}

/// A host that knows nothing yet: every question waits.
#[derive(Clone, Copy, Debug, Default)]
pub struct NothingYet;

impl Host for NothingYet {
    fn reference(&self, _: &Reference) -> Answer {
        Answer::NotYet
    }

    fn list(&self, _: &List) -> Answer {
        Answer::NotYet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_seen_however_it_is_spelled_and_a_path_is_none() {
        let document = serde_json::json!({ "a": ["[Providers\n ('A.B', 'c')]"] });
        assert!(mentions(&document, "providers"));
        assert!(words(&document).contains("a.b"));
        let path = serde_json::json!({ "[x()]": "/subscriptions/s/providers/A.B" });
        assert!(!mentions(&path, "providers") && mentions(&path, "x"));
    }

    #[test]
    fn scopes_are_read_as_they_are_written() {
        let scopes = [
            Scope::Tenant,
            Scope::ManagementGroup { name: "m".to_owned() },
            Scope::Subscription { subscription: "s".to_owned() },
            Scope::ResourceGroup { subscription: "s".to_owned(), name: "g".to_owned() },
        ];
        for scope in scopes {
            assert_eq!(Scope::parse(&format!("{}/", scope.id())), Some(scope));
        }
        let group = Scope::ManagementGroup { name: "m".to_owned() };
        assert_eq!(Scope::parse("microsoft.management/managementgroups/m"), Some(group));
        for other in ["/subscriptions", "x", "/subscriptions/s/resourceGroups/g/providers/A.B/c/d"]
        {
            assert_eq!(Scope::parse(other), None, "{other}");
        }
    }
}
