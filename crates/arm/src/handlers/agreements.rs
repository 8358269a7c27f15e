//! The legal terms of plans (Microsoft.MarketplaceOrdering), by both of the paths that clients use.

use ids::{name::Name, resource::ResourceId, scope::Scope};
use model::question::Via;
use operations::{
    acceptance::{
        At,
        terms::{self, Agreement},
    },
    page::page,
};
use wire::arm::marketplace_ordering::{self, AgreementBody, Shown};

use crate::{
    failure::Failure,
    request::{
        ArmResponse,
        Method::{Get, Post, Put},
    },
    route::{
        Answer, Ask,
        Judge::Action,
        Route,
        Target::{Item, ItemAction, List},
        Versions::These,
        row,
    },
};

const VERSIONS: &[&str] = &["2021-01-01", "2015-06-01"];
const CURRENT: &str = "Microsoft.MarketplaceOrdering/offerTypes/publishers/offers/plans/agreements";
const AGREEMENT: &str = "Microsoft.MarketplaceOrdering/agreements/offers/plans";
/// The only type of offer that clients ask for, whatever the offer is.
const OFFER_TYPE: &str = "virtualmachine";

pub(crate) const ROUTES: &[Route] = &[
    row(Get, Item(CURRENT), These(VERSIONS), Action("{kind}/read", Via::Any), get),
    row(Put, Item(CURRENT), These(VERSIONS), Action("{kind}/write", Via::Any), put),
    row(Get, Item(AGREEMENT), These(VERSIONS), Action("{kind}/read", Via::Any), get),
    row(
        Post,
        ItemAction(AGREEMENT, "sign"),
        These(VERSIONS),
        Action("Microsoft.MarketplaceOrdering/agreements/offers/plans/sign/action", Via::Any),
        sign,
    ),
    row(
        Post,
        ItemAction(AGREEMENT, "cancel"),
        These(VERSIONS),
        Action("Microsoft.MarketplaceOrdering/agreements/offers/plans/cancel/action", Via::Any),
        cancel,
    ),
    row(
        Get,
        List("Microsoft.MarketplaceOrdering/agreements"),
        These(VERSIONS),
        Action("{kind}/read", Via::Any),
        list,
    ),
];

fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, at) = at(&ask)?;
        Ok(shown(&id, terms::read(ask.plane, &ask.context, &at).await?))
    })
}

/// What was read comes back with `accepted`, and says by its signature what was read.
fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, at) = at(&ask)?;
        let said = marketplace_ordering::read(&ask.body)?;
        let agreement = if said.is_accepted {
            terms::sign(ask.plane, &ask.context, &at, said.signature.as_deref()).await?
        } else {
            terms::cancel(ask.plane, &ask.context, &at).await?
        };
        Ok(shown(&id, agreement))
    })
}

fn sign(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, at) = at(&ask)?;
        Ok(shown(&id, terms::sign(ask.plane, &ask.context, &at, None).await?))
    })
}

fn cancel(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, at) = at(&ask)?;
        Ok(shown(&id, terms::cancel(ask.plane, &ask.context, &at).await?))
    })
}

fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let Scope::Subscription(subscription) = ask.scope() else {
            return Err(Failure::NoSuchPath);
        };
        let page = page(ask.cursor()?, ask.top()?);
        let found = terms::list(ask.plane, &ask.context, subscription, page).await?;
        let scope = ask.scope();
        let body = |it: Agreement| {
            let offer = &it.plan.offer;
            let (product, plan) = (it.slot.product(&offer.name), &it.plan.name);
            let id = format!(
                "{scope}/providers/Microsoft.MarketplaceOrdering/agreements/{}/offers/{product}/plans/{plan}",
                offer.publisher
            );
            AgreementBody::new(facts(it), id, AGREEMENT)
        };
        Ok(ask.list(found.items.into_iter().map(body).collect(), found.next.as_ref()))
    })
}

/// The plan that the path names, in either form.
fn at(ask: &Ask<'_>) -> Result<(ResourceId, At), Failure> {
    let Scope::Resource(id) = ask.scope() else { return Err(Failure::NoSuchPath) };
    let Scope::Subscription(subscription) = *id.scope() else { return Err(Failure::NoSuchPath) };
    let names: Vec<&str> = id.names().map(Name::as_str).collect();
    let (publisher, product, plan) = match names.as_slice() {
        [kind, publisher, product, plan, current]
            if kind.eq_ignore_ascii_case(OFFER_TYPE) && current.eq_ignore_ascii_case("current") =>
        {
            (publisher, product, plan)
        }
        [publisher, product, plan] => (publisher, product, plan),
        _ => return Err(Failure::NoSuchPath),
    };
    let text = |it: &&str| (*it).to_owned();
    let at =
        At { subscription, publisher: text(publisher), product: text(product), plan: text(plan) };
    Ok((id, at))
}

fn shown(id: &ResourceId, agreement: Agreement) -> ArmResponse {
    let kind = id.kind().to_string();
    ArmResponse::json(200, AgreementBody::new(facts(agreement), id.to_string(), &kind))
}

fn facts(agreement: Agreement) -> Shown {
    let Agreement { plan, slot, terms, privacy_policy, signature, retrieved, accepted } = agreement;
    let is_accepted = accepted.is_some();
    Shown { plan, slot, terms, privacy_policy, signature, retrieved, is_accepted }
}
