//! What all policies together say to something that is to be written, or that is there.

use ids::{resource::ResourceId, scope::Scope};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::{
    assignment::Assignment,
    condition::Term,
    definition::Definition,
    enforcement::{Effect, Enforcement},
    evaluate::{Tested, evaluate},
    exemption::Exemption,
    parameters::Values,
    set::{Member, Set},
    subject::Subject,
};

/// One definition, assigned somewhere, by itself or as a part of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    pub assignment: Assignment,
    pub within: Option<Within>,
    pub definition: Definition,
    pub values: Values,
}

/// The set that a definition is assigned with.
#[derive(Clone, Debug, PartialEq)]
pub struct Within {
    pub set: ResourceId,
    pub display_name: Option<String>,
    pub version: Option<String>,
    /// What the set calls the definition.
    pub reference: String,
    /// What the assignment tells the set.
    pub values: Values,
    /// What the set tells the definition that Fyr does not evaluate.
    unread: Option<String>,
}

/// Where and when something is judged.
#[derive(Clone, Debug)]
pub struct Place {
    /// The scope that it stands in, and all around it, through management groups.
    pub lineage: Vec<Scope>,
    pub exemptions: Vec<Exemption>,
    pub now: Timestamp,
}

/// What a policy has against something.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    pub policy: Policy,
    pub effect: Effect,
    /// The tests that its condition was met by.
    pub tested: Vec<Tested>,
}

/// What comes of judging a write.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Why it is refused; nothing, where it is not.
    pub denied: Vec<Violation>,
    /// What is noted of it, if it happens.
    pub noted: Vec<Violation>,
}

impl Policy {
    /// An assignment of one definition.
    pub fn alone(assignment: Assignment, definition: Definition) -> Self {
        let values = definition.parameters.take(&assignment.given);
        Self { assignment, within: None, definition, values }
    }

    /// A definition of an assigned set.
    pub fn member(
        assignment: Assignment,
        set: &Set,
        member: &Member,
        definition: Definition,
    ) -> Self {
        let of_set = set.parameters.take(&assignment.given);
        let values = definition.parameters.take(&member.told(&of_set));
        let within = Within {
            set: set.id.clone(),
            display_name: set.display_name.clone(),
            version: set.version.clone(),
            reference: member.reference.clone(),
            values: of_set,
            unread: member.unread(),
        };
        Self { assignment, within: Some(within), definition, values }
    }

    /// What the assignment says, by name.
    pub fn told(&self) -> Map<String, Value> {
        let values = self.within.as_ref().map_or(&self.values, |within| &within.values);
        let pair = |(name, value): (&str, &Value)| {
            (name.to_owned(), serde_json::json!({ "value": value }))
        };
        values.iter().map(pair).collect()
    }

    fn effect(&self) -> Option<Effect> {
        let said = match &self.definition.effect {
            Term::Literal(value) => value,
            Term::Parameter(name) => self.values.get(name),
            Term::List(_) => return None,
        };
        said.as_str().and_then(Effect::read)
    }

    /// What it has against the subject, enforced or not.
    fn against(&self, subject: &Subject, place: &Place) -> Option<Violation> {
        let effect = self.effect().filter(|it| *it != Effect::Disabled)?;
        let unread = self.within.as_ref().and_then(|within| within.unread.as_ref());
        if unread.is_some() || self.assignment.unread.is_some() {
            return None;
        }
        if !self.assignment.covers(&place.lineage) {
            return None;
        }
        if let Enforcement::Never(_) = Enforcement::of(&self.definition, Some(&self.values)) {
            return None;
        }
        let condition = self.definition.condition.as_ref().ok()?;
        let (met, tested) = evaluate(condition, subject, &self.values);
        let violated = met && !self.is_exempt(place);
        violated.then(|| Violation { policy: self.clone(), effect, tested })
    }

    fn is_exempt(&self, place: &Place) -> bool {
        let reference = self.within.as_ref().map(|it| it.reference.as_str());
        let at = (place.lineage.as_slice(), place.now);
        place.exemptions.iter().any(|it| it.exempts(&self.assignment.id, reference, at))
    }
}

/// What the policies say to a write of the subject.
pub fn judge(policies: &[Policy], subject: &Subject, place: &Place) -> Verdict {
    let mut verdict = Verdict::default();
    for found in compliance(policies, subject, place) {
        let is_enforced = found.policy.assignment.is_enforced;
        match found.effect {
            Effect::Deny if is_enforced => verdict.denied.push(found),
            Effect::Audit if is_enforced => verdict.noted.push(found),
            Effect::Deny | Effect::Audit | Effect::Disabled => {}
        }
    }
    verdict
}

/// What the policies have against the subject as it is, enforced or not.
pub fn compliance(policies: &[Policy], subject: &Subject, place: &Place) -> Vec<Violation> {
    policies.iter().filter_map(|it| it.against(subject, place)).collect()
}

#[cfg(test)]
mod tests;
