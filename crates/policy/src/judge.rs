//! What all policies together say to something that is to be written, or that is there.

use std::sync::Arc;

use ids::scope::Scope;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::{
    assignment::Assignment,
    budget::{Budget, Spent},
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
    pub assignment: Arc<Assignment>,
    pub within: Option<Within>,
    pub definition: Arc<Definition>,
    pub values: Arc<Values>,
}

/// The set that a definition is assigned with.
#[derive(Clone, Debug, PartialEq)]
pub struct Within {
    pub set: Arc<Set>,
    /// What the set calls the definition.
    pub reference: String,
    /// What the assignment tells the set.
    pub values: Arc<Values>,
    /// What the set tells the definition that Fyr does not evaluate.
    unread: Option<String>,
}

/// An assignment of a set: what its policies share.
#[derive(Clone, Debug)]
pub struct Assigned {
    assignment: Arc<Assignment>,
    set: Arc<Set>,
    values: Arc<Values>,
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

impl Assigned {
    /// The assignment of that set.
    pub fn new(
        assignment: impl Into<Arc<Assignment>>,
        set: Arc<Set>,
        budget: &mut Budget,
    ) -> Result<Self, Spent> {
        let assignment = assignment.into();
        budget.spend_on_all(assignment.given.values())?;
        budget.spend_on_parameters(&set.parameters)?;
        let values = Arc::new(set.parameters.take(&assignment.given));
        Ok(Self { assignment, set, values })
    }

    /// One of its definitions.
    pub fn policy(
        &self,
        member: &Member,
        definition: impl Into<Arc<Definition>>,
        budget: &mut Budget,
    ) -> Result<Policy, Spent> {
        let definition = definition.into();
        for said in member.given().values().filter_map(|said| said.get("value")) {
            budget.spend_on(said)?;
            if let Ok(term) = Term::read(said) {
                budget.spend_on_term(&term, &self.values)?;
            }
        }
        budget.spend_on_parameters(&definition.parameters)?;
        let values = definition.parameters.take(&member.told(&self.values));
        let within = Within {
            set: Arc::clone(&self.set),
            reference: member.reference.clone(),
            values: Arc::clone(&self.values),
            unread: member.unread(),
        };
        let assignment = Arc::clone(&self.assignment);
        Ok(Policy { assignment, within: Some(within), definition, values: Arc::new(values) })
    }
}

impl Policy {
    /// An assignment of one definition.
    pub fn alone(
        assignment: impl Into<Arc<Assignment>>,
        definition: impl Into<Arc<Definition>>,
        budget: &mut Budget,
    ) -> Result<Self, Spent> {
        let (assignment, definition) = (assignment.into(), definition.into());
        budget.spend_on_all(assignment.given.values())?;
        budget.spend_on_parameters(&definition.parameters)?;
        let values = Arc::new(definition.parameters.take(&assignment.given));
        Ok(Self { assignment, within: None, definition, values })
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
    fn against(
        &self,
        subject: &Subject,
        place: &Place,
        budget: &mut Budget,
    ) -> Result<Option<Violation>, Spent> {
        budget.spend(1 + self.assignment.not_scopes.len())?;
        let effect = self.effect().filter(|it| *it != Effect::Disabled);
        let (Some(effect), Ok(condition)) = (effect, &self.definition.condition) else {
            return Ok(None);
        };
        if !self.is_read() || !self.assignment.covers(&place.lineage) {
            return Ok(None);
        }
        let (met, tested) = evaluate(condition, subject, &self.values, budget)?;
        let violated = met && !self.is_exempt(place, budget)?;
        Ok(violated.then(|| Violation { policy: self.clone(), effect, tested }))
    }

    /// Whether Fyr evaluates all that is said of it.
    fn is_read(&self) -> bool {
        let unread = self.within.as_ref().and_then(|within| within.unread.as_ref());
        unread.is_none()
            && self.assignment.unread.is_none()
            && !Enforcement::is_never(&self.definition, &self.values)
    }

    fn is_exempt(&self, place: &Place, budget: &mut Budget) -> Result<bool, Spent> {
        let reference = self.within.as_ref().map(|it| it.reference.as_str());
        let at = (place.lineage.as_slice(), place.now);
        for it in &place.exemptions {
            budget.spend(1 + it.references.len())?;
            if it.exempts(&self.assignment.id, reference, at) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What the policies say to a write of the subject; where that takes more than the budget, the
/// write does not happen.
pub fn judge(
    policies: &[Policy],
    subject: &Subject,
    place: &Place,
    budget: &mut Budget,
) -> Result<Verdict, Spent> {
    let mut verdict = Verdict::default();
    for found in compliance(policies, subject, place, budget)? {
        let is_enforced = found.policy.assignment.is_enforced;
        match found.effect {
            Effect::Deny if is_enforced => verdict.denied.push(found),
            Effect::Audit if is_enforced => verdict.noted.push(found),
            Effect::Deny | Effect::Audit | Effect::Disabled => {}
        }
    }
    Ok(verdict)
}

/// What the policies have against the subject as it is, enforced or not.
pub fn compliance(
    policies: &[Policy],
    subject: &Subject,
    place: &Place,
    budget: &mut Budget,
) -> Result<Vec<Violation>, Spent> {
    let against = |it: &Policy| it.against(subject, place, budget).transpose();
    policies.iter().filter_map(against).collect()
}

#[cfg(test)]
mod tests;
