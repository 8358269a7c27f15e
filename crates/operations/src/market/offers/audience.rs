//! The audiences of a draft as lists, which whole spreadsheets are made of.

use ids::offer::{OfferId, PlanName};
use market::audience::{PREVIEW_MAX, PRIVATE_MAX, read as parse, write};
use model::market::{form::Form, offer::Offer};

use super::{read, save};
use crate::{
    context::Context,
    error::Error,
    market::{IfMatch, Refused, Thing},
    plane::Plane,
    put::Put,
};

/// Whose audience is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    Preview,
    Plan(PlanName),
}

/// Replaces an audience of the draft by a list (CSV): all of it, or nothing.
pub async fn import(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    whose: &Whose,
    list: &[u8],
    wanted: IfMatch,
) -> Result<Put<Offer>, Error> {
    let before = read::read(plane, context, id).await?;
    wanted.check(before.revision)?;
    let max = match whose {
        Whose::Preview => PREVIEW_MAX,
        Whose::Plan(_) => PRIVATE_MAX,
    };
    let entries = parse(list, max).map_err(Refused::Audience)?;
    let mut form = before.form;
    *of(&mut form, whose)? = entries;
    // What was read is what is changed.
    save::save(plane, context, id, &form, IfMatch::Revision(before.revision)).await
}

/// An audience of the draft as a list.
pub async fn export(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    whose: &Whose,
) -> Result<String, Error> {
    let mut offer = read::read(plane, context, id).await?;
    Ok(write(of(&mut offer.form, whose)?))
}

fn of<'a>(
    form: &'a mut Form,
    whose: &Whose,
) -> Result<&'a mut Vec<model::market::form::AudienceEntry>, Refused> {
    match whose {
        Whose::Preview => Ok(&mut form.preview_audience),
        Whose::Plan(name) => {
            let plan = form.plans.iter_mut().find(|it| it.name == *name);
            plan.map(|it| &mut it.audience).ok_or(Refused::NotFound(Thing::Plan))
        }
    }
}
