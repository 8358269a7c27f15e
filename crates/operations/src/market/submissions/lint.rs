//! What certification would say of a draft, without submitting it.

use std::{borrow::Cow, collections::BTreeMap};

use ids::offer::{OfferId, PlanName};
use market::lint::{Finding, offer::Previewed, publish};
use model::{
    action::Verb,
    market::{
        account::{Account, Verification},
        form::{Form, Visibility},
        offer::Offer,
    },
};

use super::facts;
use crate::{
    context::Context,
    error::Error,
    market::{
        Operations, Refused, begin, day, find,
        offers::{decide, published::Published, read::shown},
        own,
    },
    plane::Plane,
};

/// Which form of an offer is judged.
#[derive(Clone, Copy, Debug)]
pub enum Draft<'a> {
    Saved,
    /// One that nobody has saved.
    Typed(&'a Form),
}

/// A draft with what the rules say of it, and what of it is out there already.
#[derive(Clone, Debug)]
pub struct Judged {
    /// As its account's members see it, with the form that was judged.
    pub offer: Offer,
    /// Of the form, of what is expected of it, of the account, and of what runs.
    pub findings: Vec<Finding>,
    /// The plans that are live, or were until their distribution was stopped.
    pub live: BTreeMap<PlanName, Visibility>,
    /// The manifests that never change any more.
    pub previewed: Previewed,
}

/// All that the rules say of the draft, of the account, and of what runs.
pub async fn lint(
    plane: &Plane,
    context: &Context,
    operations: &Operations,
    id: &OfferId,
) -> Result<Vec<Finding>, Error> {
    Ok(judge(plane, context, operations, id, Draft::Saved).await?.findings)
}

/// The same with the draft itself, and with what of it can change no more.
pub async fn judge(
    plane: &Plane,
    context: &Context,
    operations: &Operations,
    id: &OfferId,
    draft: Draft<'_>,
) -> Result<Judged, Error> {
    let mut unit = begin(plane, context, "offers", Verb::Read)?;
    let offer = find(&mut unit, context, id).await?;
    let account = unit.find::<Account>(&own(context)).await?.ok_or(Refused::NoAccount)?;
    let verification = unit.find::<Verification>(&own(context)).await?;
    let form = match draft {
        Draft::Saved => Cow::Borrowed(&offer.form),
        Draft::Typed(form) => {
            decide::bounded(form)?;
            Cow::Owned(decide::with_key(form.clone(), &offer.form.leads))
        }
    };
    let mut findings = facts::findings(plane, &mut unit, &offer, &form, operations).await?;
    findings.extend(facts::expected(own(context), &form, operations).await?);
    let facts = publish::Facts {
        account: &account,
        verification: verification.as_ref(),
        day: day(unit.now()),
        is_running: offer.running.is_some(),
    };
    let unmet = publish::lint(&findings, &facts);
    findings.extend(unmet);
    let names = form.plans.iter().map(|it| &it.name);
    let Published { live, previewed } = Published::read(&mut unit, &offer, names).await?;
    let live = live.into_iter().flat_map(|it| it.form.plans);
    let live = live.map(|it| (it.name, it.visibility)).collect();
    let form = form.into_owned();
    // Nothing is written: the commit asks whether what was read may still be told.
    unit.commit().await?;
    Ok(Judged { offer: shown(Offer { form, ..offer }), findings, live, previewed })
}
