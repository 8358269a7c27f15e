//! `$filter` of lists of resources and resource groups (ARM contract, §1.8).

use model::tree::{ResourceGroup, Tags};
use operations::resources::identity::Shown;
use serde_json::{Map, Value};
use wire::arm::resource::identity_kind;
use wire::odata::{self, Argument, Call, Comparison, Filter, Operator};

use crate::{failure::Failure, route::Ask};

/// What the listed things must be. Parsed once, and known to name only what things have.
pub(crate) struct ListFilter(Filter);

/// What a filter can look at.
pub(crate) struct Subject<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: String,
    pub(crate) location: Option<&'a str>,
    pub(crate) group: Option<&'a str>,
    pub(crate) identity: Option<String>,
    pub(crate) identity_kind: Option<&'static str>,
    pub(crate) plan: Option<&'a Map<String, Value>>,
    pub(crate) tags: &'a Tags,
}

impl<'a> From<&'a Shown> for Subject<'a> {
    fn from(shown: &'a Shown) -> Self {
        let resource = &shown.resource;
        let identity = resource.identity.as_ref().and_then(|it| it.system_assigned);
        Self {
            name: resource.id.name().as_str(),
            kind: resource.id.kind().to_string(),
            location: resource.location.as_deref(),
            group: resource.id.scope().resource_group().map(ids::name::GroupName::as_str),
            identity: identity.map(|object| object.to_string()),
            identity_kind: resource.identity.as_ref().map(identity_kind),
            plan: resource.envelope.get("plan").and_then(Value::as_object),
            tags: &resource.tags,
        }
    }
}

impl<'a> From<&'a ResourceGroup> for Subject<'a> {
    fn from(group: &'a ResourceGroup) -> Self {
        Self {
            name: group.name.as_str(),
            kind: "Microsoft.Resources/resourceGroups".to_owned(),
            location: Some(&group.location),
            group: Some(group.name.as_str()),
            identity: None,
            identity_kind: None,
            plan: None,
            tags: &group.tags,
        }
    }
}

const FIELDS: [&str; 12] = [
    "name",
    "resourceType",
    "location",
    "resourceGroup",
    "identity",
    "identity/principalId",
    "plan",
    "plan/name",
    "plan/publisher",
    "plan/product",
    "tagName",
    "tagValue",
];

impl Ask<'_> {
    /// The request's filter; none where it is absent or empty, as `az` may send it.
    pub(crate) fn filter(&self) -> Result<Option<ListFilter>, Failure> {
        let Some(text) = self.query.get("$filter").filter(|text| !text.trim().is_empty()) else {
            return Ok(None);
        };
        let bad = |reason: String| Failure::Query { name: "$filter", reason };
        let filter = odata::parse(text).map_err(|refused| bad(refused.to_string()))?;
        known(&filter).map_err(bad)?;
        Ok(Some(ListFilter(filter)))
    }
}

/// Refuses what the lists here cannot look at.
fn known(filter: &Filter) -> Result<(), String> {
    let field = |name: &str| {
        let known = FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name));
        known.then_some(()).ok_or_else(|| {
            format!("`{name}` is no field of this list; there are {}", FIELDS.join(", "))
        })
    };
    match filter {
        Filter::And(parts) | Filter::Or(parts) => parts.iter().try_for_each(known),
        Filter::Not(part) => known(part),
        Filter::Compare(it) => match it.operator {
            Operator::Eq | Operator::Ne => field(&it.field),
            Operator::Gt | Operator::Ge | Operator::Lt | Operator::Le => {
                Err(format!("`{}` compares with `eq` and `ne` only", it.field))
            }
        },
        Filter::OneOf { field: name, .. } => field(name),
        Filter::Call(call) => text_and_field(call).map(drop),
        Filter::Any { field, .. } => Err(format!("`{field}` is no list here")),
    }
}

/// The two arguments of `substringof('x', name)` and `startswith(name, 'x')`.
fn text_and_field(call: &Call) -> Result<(&str, &str), String> {
    let known = ["substringof", "startswith"].iter().any(|name| call.is(name));
    match (known, call.arguments.as_slice()) {
        (
            true,
            [Argument::Text(text), Argument::Word(field)]
            | [Argument::Word(field), Argument::Text(text)],
        ) if FIELDS.iter().any(|name| name.eq_ignore_ascii_case(field)) => {
            Ok((text.as_str(), field))
        }
        _ => Err(format!("`{}` is no function of this list, or not called so", call.name)),
    }
}

impl ListFilter {
    /// Whether the thing is meant.
    pub(crate) fn meets<'a>(&self, subject: impl Into<Subject<'a>>) -> bool {
        meets(&self.0, &subject.into())
    }
}

fn meets(filter: &Filter, subject: &Subject<'_>) -> bool {
    match filter {
        Filter::And(parts) => tag_pair(parts, subject) && parts.iter().all(|it| meets(it, subject)),
        Filter::Or(parts) => parts.iter().any(|it| meets(it, subject)),
        Filter::Not(part) => !meets(part, subject),
        Filter::Compare(Comparison { field, operator, value }) => {
            has(subject, field, value.as_str()) != (*operator == Operator::Ne)
        }
        Filter::OneOf { field, values } => values.iter().any(|it| has(subject, field, it.as_str())),
        Filter::Call(call) => text_and_field(call).is_ok_and(|(text, field)| {
            let (text, value) = (text.to_lowercase(), text_of(subject, field).to_lowercase());
            if call.is("startswith") { value.starts_with(&text) } else { value.contains(&text) }
        }),
        Filter::Any { .. } => false, // refused before
    }
}

/// `tagName eq 'a' and tagValue eq 'b'` means one tag with both.
fn tag_pair(parts: &[Filter], subject: &Subject<'_>) -> bool {
    let equal = |name| parts.iter().find_map(|it| equal(it, name));
    let (Some(name), Some(value)) = (equal("tagName"), equal("tagValue")) else { return true };
    subject.tags.iter().any(|(key, held)| key.eq_ignore_ascii_case(name) && held == value)
}

fn equal<'a>(filter: &'a Filter, name: &str) -> Option<&'a str> {
    if let Filter::Compare(it) = filter { it.equal(name) } else { None }
}

fn has(subject: &Subject<'_>, field: &str, value: &str) -> bool {
    match field.to_ascii_lowercase().as_str() {
        "tagname" => subject.tags.keys().any(|key| key.eq_ignore_ascii_case(value)),
        "tagvalue" => subject.tags.values().any(|held| held == value),
        "location" => {
            let folded: String = value.chars().filter(|c| !c.is_whitespace()).collect();
            text_of(subject, field).eq_ignore_ascii_case(&folded)
        }
        _ => text_of(subject, field).eq_ignore_ascii_case(value),
    }
}

fn text_of<'a>(subject: &'a Subject<'_>, field: &str) -> &'a str {
    let plan = |name: &str| {
        subject.plan.and_then(|it| it.get(name)).and_then(Value::as_str).unwrap_or_default()
    };
    match field.to_ascii_lowercase().as_str() {
        "name" => subject.name,
        "resourcetype" => &subject.kind,
        "location" => subject.location.unwrap_or_default(),
        "resourcegroup" => subject.group.unwrap_or_default(),
        "identity" => subject.identity_kind.unwrap_or_default(),
        "identity/principalid" => subject.identity.as_deref().unwrap_or_default(),
        "plan" | "plan/name" => plan("name"),
        "plan/publisher" => plan("publisher"),
        "plan/product" => plan("product"),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(filter: &str, expected: bool) {
        let tags = Tags::from([
            ("Team".to_owned(), "ops".to_owned()),
            ("env".to_owned(), "prod".to_owned()),
        ]);
        let plan = json!({ "name": "basic", "publisher": "fabrikam" });
        let subject = Subject {
            name: "contosodata",
            kind: "Microsoft.Storage/storageAccounts".to_owned(),
            location: Some("westeurope"),
            group: Some("app"),
            identity: None,
            identity_kind: Some("SystemAssigned"),
            plan: plan.as_object(),
            tags: &tags,
        };
        let filter = odata::parse(filter).unwrap();
        assert_eq!(known(&filter), Ok(()));
        assert_eq!(meets(&filter, &subject), expected, "{filter:?}");
    }

    #[test]
    fn a_filter_looks_at_what_resources_have() {
        check("resourceType eq 'microsoft.storage/storageaccounts'", true);
        check("resourceType ne 'Microsoft.Storage/storageAccounts'", false);
        check("resourceGroup eq 'APP' and location eq 'West Europe'", true);
        check("substringof('data', name)", true);
        check("startswith(name, 'data')", false);
        check("name eq 'other' or name eq 'contosodata'", true);
        check("identity eq 'systemassigned' and plan/publisher eq 'fabrikam'", true);
        check("plan eq 'basic' and plan/product ne 'x'", true);
    }

    #[test]
    fn a_tags_name_and_value_belong_together() {
        check("tagName eq 'team' and tagValue eq 'ops'", true);
        check("tagName eq 'team' and tagValue eq 'prod'", false);
        check("tagName eq 'missing'", false);
    }

    #[test]
    fn what_no_resource_has_is_refused() {
        for bad in ["colour eq 'red'", "name gt 'a'", "atScope()", "startswith('a', 'b')"] {
            assert!(known(&odata::parse(bad).unwrap()).is_err(), "{bad}");
        }
    }
}
