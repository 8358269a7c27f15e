//! Whether something of Azure Policy may be written as it is: what it says by itself, and what it
//! names.

use std::{collections::BTreeMap, sync::Arc};

use ids::{guid::TenantId, resource::ResourceId, scope::Scope};
use model::{action::Action, question::Question, resource::Resource};
use policy::{
    assignment::Assignment,
    budget::Budget,
    builtin,
    definition::{self, Definition},
    enforcement::Enforcement,
    exemption::Exemption,
    kind::Kind,
    parameters::{Declarations, Mismatch},
    refused::Refused,
    remediation,
    set::{self, Member, Set},
    size,
};
use serde_json::{Map, Value};
use store::unit::Unit;

use super::{
    facts::{self, Named},
    is_visible,
};
use crate::{context::Context, error::Error, plane::Plane};

/// What to be exempt from an assignment takes, at the assignment.
const EXEMPT: Action = Action::known("Microsoft.Authorization/policyAssignments/exempt/action");

/// Who writes what, and where.
pub(super) struct Check<'a> {
    pub(super) plane: &'a Plane,
    pub(super) context: &'a Context,
    pub(super) unit: &'a mut Unit,
    pub(super) existing: Option<&'a Resource>,
}

/// What the tree says of the place of something.
struct Around {
    home: TenantId,
    scopes: Vec<Scope>,
}

impl Check<'_> {
    /// Refuses what Azure refuses, and gives it the form that is kept. Answers what is told of it,
    /// if it is not enforced whole.
    pub(super) async fn settle(
        &mut self,
        kind: Kind,
        after: &mut Resource,
    ) -> Result<Option<String>, Error> {
        kind.check(&after.id)?;
        size::check(kind, &after.properties)?;
        self.has_room(kind, &after.id).await?;
        let found = facts::lineage(self.unit, after.id.scope()).await?;
        let home = found.home.unwrap_or(self.context.caller.principal.tenant);
        let around = Around { home, scopes: found.scopes };
        let properties = std::mem::take(&mut after.properties);
        let (properties, notice) = match kind {
            Kind::Definition => self.definition(&after.id, properties)?,
            Kind::Set => self.set(&after.id, properties, &around).await?,
            Kind::Assignment => self.assignment(&after.id, properties, &around).await?,
            Kind::Exemption => self.exemption(&after.id, properties, &around).await?,
            Kind::Remediation => self.remediation(&after.id, properties, &around).await?,
        };
        after.properties = properties;
        Ok(notice)
    }

    async fn has_room(&mut self, kind: Kind, id: &ResourceId) -> Result<(), Error> {
        if self.existing.is_some() {
            return Ok(());
        }
        let held = facts::standing(self.unit, id.scope(), kind).await?.len();
        if held < kind.count_max() {
            Ok(())
        } else {
            Err(Refused::TooMany { kind, scope: id.scope().clone() }.into())
        }
    }

    fn definition(&self, id: &ResourceId, properties: Map<String, Value>) -> Settled {
        let it = Definition::read(id, &properties)?;
        size::check_tests(&it)?;
        let before = self.existing.map(|it| Definition::read(&it.id, &it.properties));
        if let Some(Ok(before)) = before {
            definition::check_update(Kind::Definition, &before.parameters, &it.parameters)?;
        }
        let notice = Enforcement::of(&it, None).notice();
        Ok((definition::settled(properties), notice))
    }

    async fn set(
        &mut self,
        id: &ResourceId,
        properties: Map<String, Value>,
        around: &Around,
    ) -> Settled {
        let properties = set::settled(properties);
        let it = Set::read(id, &properties, around.home)?;
        let before = self.existing.map(|it| Set::read(&it.id, &it.properties, around.home));
        if let Some(Ok(before)) = before {
            definition::check_update(Kind::Set, &before.parameters, &it.parameters)?;
        }
        let (mut named, mut budget) = (Named::new(around.home), Budget::of_write());
        let mut definitions = BTreeMap::new();
        for member in &it.members {
            let of = &member.definition;
            self.within_reach((Kind::Set, id), of, around)?;
            let found = named.definition(self.unit, of, &mut budget).await?;
            let one = found.ok_or_else(|| absent(of))?;
            budget.spend_on_parameters(&one.parameters).map_err(Refused::from)?;
            one.parameters
                .bind_with(member.given(), set::is_open)
                .map_err(|bad| mismatch((Kind::Set, id), (Kind::Definition, of), bad))?;
            definitions.insert(of, one);
        }
        Ok((properties, Enforcement::of_set(&it, definitions.values().map(Arc::as_ref)).notice()))
    }

    async fn assignment(
        &mut self,
        id: &ResourceId,
        properties: Map<String, Value>,
        around: &Around,
    ) -> Settled {
        let it = Assignment::read(id, &properties, around.home)?;
        self.within_reach((Kind::Assignment, id), &it.of, around)?;
        let fits = |kind: Kind, declared: &Declarations| {
            let bad = |bad| mismatch((Kind::Assignment, id), (kind, &it.of), bad);
            declared.bind(&it.given).map_err(bad)
        };
        let (mut named, mut budget) = (Named::new(around.home), Budget::of_write());
        let enforcement = if Kind::of(&it.of) == Some(Kind::Set) {
            let set = named.set(self.unit, &it.of, &mut budget).await?;
            let set = set.ok_or_else(|| absent(&it.of))?;
            fits(Kind::Set, &set.parameters)?;
            let mut definitions = BTreeMap::new();
            for Member { definition, .. } in &set.members {
                let found = named.definition(self.unit, definition, &mut budget).await?;
                definitions.extend(found.map(|it| (definition, it)));
            }
            Enforcement::of_set(&set, definitions.values().map(Arc::as_ref))
        } else {
            let found = named.definition(self.unit, &it.of, &mut budget).await?;
            let one = found.ok_or_else(|| absent(&it.of))?;
            let values = fits(Kind::Definition, &one.parameters)?;
            Enforcement::of(&one, Some(&values))
        };
        let unread = it.unread.map_or(Enforcement::Whole, Enforcement::Never);
        Ok((policy::assignment::settled(id, properties), enforcement.and(unread).notice()))
    }

    /// Whoever may make exempt from an assignment of a group above holds that right there.
    async fn exemption(
        &mut self,
        id: &ResourceId,
        properties: Map<String, Value>,
        around: &Around,
    ) -> Settled {
        let it = Exemption::read(id, &properties, around.home)?;
        let asked = Question::any(EXEMPT, Scope::Resource(it.assignment.clone()));
        self.unit.hold(self.plane.linked(self.context, &asked)?);
        self.names_assignment(&it.assignment, around).await?;
        let notice = it.unread.map(|what| {
            format!("this exemption is kept and exempts nothing: Fyr does not evaluate {what}")
        });
        Ok((properties, notice))
    }

    async fn remediation(
        &mut self,
        id: &ResourceId,
        properties: Map<String, Value>,
        around: &Around,
    ) -> Settled {
        let assignment = remediation::assignment(&properties, around.home)?;
        let index = self.plane.index();
        if !is_visible(self.plane, &index, self.context, (&assignment, id.scope())) {
            return Err(absent(&assignment));
        }
        self.names_assignment(&assignment, around).await?;
        let notice = "this remediation is kept, and nothing is remediated".to_owned();
        Ok((remediation::settled(properties), Some(notice)))
    }

    /// The assignment stands at the scope or above it, and is there.
    async fn names_assignment(&mut self, id: &ResourceId, around: &Around) -> Result<(), Error> {
        let there =
            around.scopes.contains(id.scope()) && self.unit.find::<Resource>(id).await?.is_some();
        if there { Ok(()) } else { Err(absent(id)) }
    }

    /// What is named stands at the scope or above it. One of which the caller may not know is not
    /// there, wherever it stands.
    fn within_reach(
        &self,
        (kind, id): (Kind, &ResourceId),
        named: &ResourceId,
        around: &Around,
    ) -> Result<(), Error> {
        let (plane, index) = (self.plane, self.plane.index());
        if builtin::find(named).is_some() {
            return Ok(());
        }
        let above = around.scopes.contains(named.scope());
        let from = if above { id.scope() } else { named.scope() };
        if !is_visible(plane, &index, self.context, (named, from)) {
            return Err(absent(named));
        }
        if above {
            Ok(())
        } else {
            Err(Refused::OutOfScope { kind, name: id.name().clone() }.into())
        }
    }
}

/// The properties as they are kept, and what is told of them.
type Settled = Result<(Map<String, Value>, Option<String>), Error>;

pub(super) fn absent(id: &ResourceId) -> Error {
    let kind = Kind::of(id).unwrap_or(Kind::Definition);
    Refused::NotFound { kind, id: id.clone() }.into()
}

fn mismatch(
    (kind, id): (Kind, &ResourceId),
    (of_kind, of): (Kind, &ResourceId),
    bad: Mismatch,
) -> Error {
    let (name, of) = (id.name().clone(), of.name().clone());
    match bad {
        Mismatch::Undefined(names) => Refused::Undefined { kind, name, names, of_kind, of },
        Mismatch::Missing(names) => Refused::Missing { kind, name, names, of_kind, of },
        Mismatch::Value { parameter, reason } => Refused::Value { kind, name, parameter, reason },
    }
    .into()
}
