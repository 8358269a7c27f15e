//! Policy exemptions: what an assignment does not hold for, and until when.

use ids::{guid::TenantId, resource::ResourceId, scope::Scope};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::{
    definition::{Texts, member},
    kind::Kind,
    refused::Refused,
};

/// A policy exemption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    pub id: ResourceId,
    /// The assignment that does not hold there.
    pub assignment: ResourceId,
    /// Of a set, the definitions that do not; all, where it is empty.
    pub references: Vec<String>,
    /// The end of it.
    pub expires: Option<Timestamp>,
    /// What of it Fyr does not evaluate: such an exemption exempts nothing.
    pub unread: Option<String>,
}

impl Exemption {
    /// Reads the properties of an exemption. `home` is the tenant that its ids are read in.
    pub fn read(
        id: &ResourceId,
        properties: &Map<String, Value>,
        home: TenantId,
    ) -> Result<Self, Refused> {
        Texts::read(Kind::Exemption, properties)?;
        let category = properties.get("exemptionCategory").and_then(Value::as_str);
        let known =
            |it: &str| ["Waiver", "Mitigated"].iter().any(|one| one.eq_ignore_ascii_case(it));
        if !category.is_some_and(known) {
            return Err(wrong("exemptionCategory", "it is neither `Waiver` nor `Mitigated`"));
        }
        let selectors = properties.get("resourceSelectors").and_then(Value::as_array);
        let unread =
            selectors.filter(|it| !it.is_empty()).map(|_| "`resourceSelectors`".to_owned());
        Ok(Self {
            id: id.clone(),
            assignment: assignment(Kind::Exemption, properties, home)?,
            references: references(properties)?,
            expires: expires(properties)?,
            unread,
        })
    }

    /// Whether what lies in all these scopes is exempt at that time from what the assignment
    /// says, in the definition that its set calls so.
    pub fn exempts(
        &self,
        assignment: &ResourceId,
        reference: Option<&str>,
        (lineage, now): (&[Scope], Timestamp),
    ) -> bool {
        let named =
            |reference: &str| self.references.iter().any(|it| it.eq_ignore_ascii_case(reference));
        self.unread.is_none()
            && self.assignment == *assignment
            && lineage.contains(self.id.scope())
            && self.expires.is_none_or(|end| now < end)
            && (self.references.is_empty() || reference.is_some_and(named))
    }
}

/// The member `policyAssignmentId`, of what is about an assignment.
pub(crate) fn assignment(
    kind: Kind,
    properties: &Map<String, Value>,
    home: TenantId,
) -> Result<ResourceId, Refused> {
    let said = properties.get("policyAssignmentId").and_then(Value::as_str);
    let id = said.and_then(|text| ResourceId::parse(text, home).ok());
    id.filter(|id| Kind::of(id) == Some(Kind::Assignment))
        .ok_or_else(|| member(kind, "policyAssignmentId", "it is the id of no assignment"))
}

fn wrong(name: &str, reason: &str) -> Refused {
    member(Kind::Exemption, name, reason)
}

fn references(properties: &Map<String, Value>) -> Result<Vec<String>, Refused> {
    let bad = || wrong("policyDefinitionReferenceIds", "it is no list of names");
    match properties.get("policyDefinitionReferenceIds") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(all)) => {
            all.iter().map(|it| it.as_str().map(str::to_owned).ok_or_else(bad)).collect()
        }
        Some(_) => Err(bad()),
    }
}

fn expires(properties: &Map<String, Value>) -> Result<Option<Timestamp>, Refused> {
    match properties.get("expiresOn") {
        None | Some(Value::Null) => Ok(None),
        Some(said) => {
            let time = said.as_str().and_then(|text| text.parse().ok());
            time.map(Some).ok_or_else(|| wrong("expiresOn", "it is no time with its offset"))
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use model::samples;
    use serde_json::json;

    use super::*;

    fn id(kind: Kind, name: &str) -> ResourceId {
        let path = format!("{}/providers/{}/{name}", samples::whole(), kind.name());
        ResourceId::parse(&path, samples::CUSTOMER).unwrap()
    }

    fn read(more: &Value) -> Result<Exemption, Refused> {
        let of = id(Kind::Assignment, "a").to_string();
        let all = json!({ "policyAssignmentId": of, "exemptionCategory": "Waiver" });
        let mut properties = all.as_object().unwrap().clone();
        properties.extend(more.as_object().unwrap().clone());
        Exemption::read(&id(Kind::Exemption, "e"), &properties, samples::CUSTOMER)
    }

    #[test]
    fn an_exemption_is_from_one_assignment_at_one_place_until_its_end() {
        let end = samples::now() + SignedDuration::from_mins(1);
        let it = read(&json!({ "expiresOn": end.to_string() })).unwrap();
        let (of, whole) = (id(Kind::Assignment, "a"), [samples::whole()]);
        assert!(it.exempts(&of, None, (&whole, samples::now())));
        assert!(!it.exempts(&of, None, (&whole, end)), "its end is no part of it");
        assert!(!it.exempts(&id(Kind::Assignment, "b"), None, (&whole, samples::now())));
        let elsewhere = [Scope::Subscription(samples::NEIGHBOUR)];
        assert!(!it.exempts(&of, None, (&elsewhere, samples::now())));
    }

    #[test]
    fn an_exemption_from_one_definition_of_a_set_is_from_no_other() {
        let it = read(&json!({ "policyDefinitionReferenceIds": ["One"] })).unwrap();
        let exempts = |reference| {
            it.exempts(&id(Kind::Assignment, "a"), reference, (&[samples::whole()], samples::now()))
        };
        assert!(exempts(Some("one")));
        assert!(!exempts(Some("two")) && !exempts(None));
    }

    #[test]
    fn what_is_not_understood_exempts_nothing_and_what_is_wrong_is_refused() {
        let it = read(&json!({ "resourceSelectors": [{}] })).unwrap();
        let (of, whole) = (id(Kind::Assignment, "a"), [samples::whole()]);
        assert!(!it.exempts(&of, None, (&whole, samples::now())));
        for bad in [
            json!({ "policyAssignmentId": "x" }),
            json!({ "exemptionCategory": "Because" }),
            json!({ "expiresOn": "soon" }),
            json!({ "policyDefinitionReferenceIds": [3] }),
        ] {
            assert!(read(&bad).is_err(), "{bad}");
        }
    }
}
