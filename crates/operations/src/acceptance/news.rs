//! What a plan's publisher reads in its own tenant's activity log: that its plan was taken, that a
//! newer version of it was, and that an acceptance was taken back.
//!
//! Which plan and version is told, and not who: until it delegates, a customer is known to the
//! readers of the publisher's reports and leads alone. That a version was declined is the
//! customer's to know, as in Azure.

use ids::{
    guid::{CorrelationId, EventId, TenantId},
    scope::Scope,
    version::Version,
};
use model::{
    action::Action,
    activity::{Activity, Log, Outcome},
    market::{acceptance::Acceptance, account::Publisher},
};
use serde_json::json;
use store::unit::Unit;

use crate::{error::Error, plane::Plane};

/// What happened to a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    Accepted(Version),
    Updated(Version),
    Cancelled(Version),
}

/// What there is to tell of an acceptance's new form.
fn news(before: Option<&Acceptance>, after: &Acceptance) -> Option<News> {
    let in_force = |it: &Acceptance| it.version.filter(|_| it.terms.is_standing);
    match (before.and_then(in_force), in_force(after)) {
        (None, Some(new)) => Some(News::Accepted(new)),
        (Some(old), Some(new)) if old != new => Some(News::Updated(new)),
        (Some(old), None) => Some(News::Cancelled(old)),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

/// Adds the publisher's record of it to the unit, which is about to write the acceptance.
pub(super) async fn tell(plane: &Plane, unit: &mut Unit, after: &Acceptance) -> Result<(), Error> {
    let id = (after.customer, after.plan.clone(), after.slot);
    let before = unit.find::<Acceptance>(&id).await?;
    let Some(news) = news(before.as_ref(), after) else { return Ok(()) };
    let publisher = unit.find::<Publisher>(&after.plan.offer.publisher).await?;
    if let Some(publisher) = publisher {
        let told = record(plane, unit, (publisher.tenant, after), news);
        unit.record(told);
    }
    Ok(())
}

fn record(
    plane: &Plane,
    unit: &Unit,
    (publisher, after): (TenantId, &Acceptance),
    news: News,
) -> Activity {
    let (action, version) = match news {
        News::Accepted(version) => ("Fyr.Market/acceptances/accept/action", version),
        News::Updated(version) => ("Fyr.Market/acceptances/update/action", version),
        News::Cancelled(version) => ("Fyr.Market/acceptances/cancel/action", version),
    };
    let at = unit.now();
    let id = || EventId::new(plane.random.uuid_at(at));
    let (record, operation) = (id(), id());
    let plan = &after.plan;
    let description = json!({
        "publisher": plan.offer.publisher,
        "product": after.slot.product(&plan.offer.name),
        "plan": plan.name,
        "version": version,
    });
    Activity {
        id: record,
        at,
        began: None,
        log: Log::Tenant(publisher),
        // Nor who acted for the customer.
        caller: None,
        action: Action::known(action),
        scope: Scope::Tenant(publisher),
        outcome: Outcome::Succeeded,
        status_code: 200,
        // The customer's own would tie this to what else is told of it, and may be its words.
        correlation: CorrelationId::new(plane.random.uuid()),
        operation,
        method: "POST".to_owned(),
        client_request: None,
        client_address: None,
        description: description.to_string(),
        message: None,
        defects: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use model::samples::market::{acceptance, version};

    use super::*;

    #[test]
    fn what_is_in_force_is_told_and_what_a_customer_thinks_of_a_version_is_not() {
        let (old, new) = (acceptance("1.0.0"), acceptance("1.1.0"));
        let only_terms = Acceptance { version: None, ..old.clone() };
        let mut over = old.clone();
        over.terms.is_standing = false;
        let declined = Acceptance { declined: Some(version("1.1.0")), ..old.clone() };
        for (before, after, told) in [
            (None, &only_terms, None),
            (None, &old, Some(News::Accepted(version("1.0.0")))),
            (Some(&only_terms), &old, Some(News::Accepted(version("1.0.0")))),
            (Some(&old), &old, None),
            (Some(&old), &new, Some(News::Updated(version("1.1.0")))),
            (Some(&old), &declined, None),
            (Some(&declined), &old, None),
            (Some(&old), &over, Some(News::Cancelled(version("1.0.0")))),
            (Some(&over), &old, Some(News::Accepted(version("1.0.0")))),
            (Some(&over), &over, None),
        ] {
            assert_eq!(news(before, after), told, "{before:?} {after:?}");
        }
    }
}
