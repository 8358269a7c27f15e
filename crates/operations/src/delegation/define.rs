//! `PUT` of a registration definition.

use delegation::{
    define::{Facts, Request, Verdict, define as decide},
    delegable::Roles,
    refused::Refused,
};
use ids::guid::OperationId;
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::{Assignment, Definition},
};
use policy::subject::Subject;
use store::{records::ranges, unit::Unit};

use super::{Shown, admit, notice, owner, parties, registered, settle};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
    policies::enforce::enforce,
    status::{self, Outcome},
};

/// The definition as it is now, and what can be polled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Defined {
    Created(Shown<Definition>),
    Updated(Shown<Definition>, OperationId),
}

/// Makes the definition, or gives it this form, which holds at once wherever it is assigned.
pub async fn define(plane: &Plane, context: &Context, request: Request) -> Result<Defined, Error> {
    retry(|| once(plane, context, request.clone())).await
}

async fn once(plane: &Plane, context: &Context, request: Request) -> Result<Defined, Error> {
    admit(plane, context, Action::DEFINITIONS_WRITE, request.id.as_resource())?;
    let index = plane.index();
    let owner = owner(&index, request.id.scope())?;
    let mut unit = plane.begin(context);
    registered(&mut unit, request.id.scope()).await?;
    let subject = Subject::definition(&request.id, request.managed_by, request.name.as_deref());
    enforce(plane, context, &mut unit, &subject).await?;
    let existing = unit.find::<Definition>(&request.id).await?;
    let catalogue = index.catalogue();
    let known = |id| Some((id, catalogue.role(id)?));
    let roles: Roles<'_> = request.roles().filter_map(known).collect();
    let made = context.created(unit.now());
    let known = existing.as_ref().map(|it| ranges::assignments_of_definition(&it.id));
    let verdict = match decide(request, Facts { owner, existing, roles, made }) {
        Ok(verdict) => verdict,
        Err(refused) => {
            let refused = settle(plane, context, Refused::from(refused)).await?;
            if let Some(range) = known {
                for it in unit.list::<Assignment>(&range).await? {
                    notice::failed(plane, context, owner, it.managed_by, it.id.scope());
                }
            }
            return Err(refused.into());
        }
    };
    match verdict {
        Verdict::Create(definition) => {
            let parties = parties(&mut unit, owner, definition.managed_by).await?;
            put(plane, context, &mut unit, &definition)?;
            plane.commit(context, unit, 201).await?;
            Ok(Defined::Created(Shown { it: definition, parties }))
        }
        Verdict::Update(definition) => {
            let parties = parties(&mut unit, owner, definition.managed_by).await?;
            let range = ranges::assignments_of_definition(&definition.id);
            for it in unit.list::<Assignment>(&range).await? {
                let news = notice::News::Delegated;
                notice::record(plane, context, &mut unit, news, owner, &it);
            }
            put(plane, context, &mut unit, &definition)?;
            let operation = status::note(plane, context, &mut unit, Outcome::Succeeded(None));
            plane.commit(context, unit, 200).await?;
            Ok(Defined::Updated(Shown { it: definition, parties }, operation))
        }
    }
}

fn put(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    definition: &Definition,
) -> Result<(), Error> {
    let change = Change::Put(Noun::Definition(definition.clone()));
    Ok(unit.apply(plane.permit(context, &change)?, change)?)
}
