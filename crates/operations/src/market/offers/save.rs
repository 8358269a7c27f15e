//! Saving a draft.

use ids::offer::OfferId;
use market::lint::change;
use model::{
    action::Verb,
    market::{
        MarketNoun,
        form::Form,
        media::{Media, Picture},
        offer::Offer,
    },
};
use store::unit::Unit;

use super::{decide, history, published::Published, read::shown};
use crate::{
    context::Context,
    error::Error,
    market::{By, IfMatch, Refused, admit, find, leads::address, own},
    plane::{Plane, retry},
    put::Put,
};

/// Gives the draft this form, if it is still the one that the change is meant for. A draft may
/// lack anything; what must not change after it was published is refused, by the field's name.
pub async fn save(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    form: &Form,
    wanted: IfMatch,
) -> Result<Put<Offer>, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let put = save_in(plane, context, &mut unit, id, form, wanted).await?;
        if let Put::Unchanged(_) = put {
            return Ok(put);
        }
        plane.commit(context, unit, 200).await?;
        Ok(put)
    })
    .await
}

/// The same as a part of what happens together.
pub(super) async fn save_in(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    id: &OfferId,
    form: &Form,
    wanted: IfMatch,
) -> Result<Put<Offer>, Error> {
    decide::bounded(form)?;
    admit(plane, context, unit, "offers", Verb::Write)?;
    let before = find(unit, context, id).await?;
    wanted.check(before.revision)?;
    let known = address::opened(plane, id, &before.form.leads)?;
    let mut form = decide::with_key(form.clone(), &known);
    // What is sealed anew looks new.
    let is_kept = form.leads == known && before.form.leads != known;
    form.leads =
        if is_kept { before.form.leads.clone() } else { address::sealed(plane, id, form.leads) };
    let form = with_pictures(unit, context, form).await?;
    if form == before.form {
        return Ok(Put::Unchanged(shown(before)));
    }
    let names = form.plans.iter().map(|it| &it.name);
    let published = Published::read(unit, &before, names).await?;
    decide::no_errors(change::lint(&form, published.facts()))?;
    let durable = || plane.random.uuid();
    let decide::Plans { facts, news } =
        decide::plans(&before.plans, &before.form, &form, &published.previewed, durable)?;
    let revision = before.revision.saturating_add(1);
    let after = Offer { form, plans: facts, revision, ..before };
    let by = By::Caller(plane, context);
    by.put(unit, MarketNoun::Offer(after.clone())).await?;
    for event in news {
        history::note(plane, by, unit, &after, event).await?;
    }
    Ok(Put::Updated(shown(after)))
}

/// The form with what decoding told of each picture, whatever the form says of it.
async fn with_pictures(unit: &mut Unit, context: &Context, mut form: Form) -> Result<Form, Error> {
    for (field, picture) in decide::pictures(&mut form) {
        let key = (own(context), picture.digest.to_ascii_lowercase());
        let Some(media) = unit.find::<Media>(&key).await? else {
            return Err(Refused::NoPicture { field }.into());
        };
        *picture = Picture { file: std::mem::take(&mut picture.file), ..media.picture };
    }
    Ok(form)
}
