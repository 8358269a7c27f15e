//! What is accepted in a subscription (`Fyr.Marketplace/acceptances`), an API of Fyr's own.

use ids::{resource::ResourceId, scope::Scope};
use market::difference::Difference;
use model::question::Via;
use operations::{
    acceptance::{
        At,
        accept::{self, Wanted},
        compare::{self, Compared},
        decide::{self, Word},
        read::{self, Accepted},
    },
    page::page,
    put::Put as Written,
};
use serde_json::{Value, json};
use wire::{
    acceptance::{self, AcceptanceBody, Beside},
    difference::{self, Named},
};

use crate::{
    failure::Failure,
    known_operations,
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

const VERSIONS: &[&str] = &["2026-12-01"];
const KIND: &str = acceptance::KIND;

pub(crate) const ROUTES: &[Route] = &[
    row(Get, List(KIND), These(VERSIONS), Action("{kind}/read", Via::Any), list),
    row(Get, Item(KIND), These(VERSIONS), Action("{kind}/read", Via::Any), get),
    row(Put, Item(KIND), These(VERSIONS), Action("{kind}/write", Via::Any), put),
    row(
        Get,
        List("Fyr.Marketplace/acceptances/difference"),
        These(VERSIONS),
        Action("{kind}/read", Via::Any),
        compare,
    ),
    row(
        Post,
        ItemAction(KIND, "accept"),
        These(VERSIONS),
        Action("Fyr.Marketplace/acceptances/accept/action", Via::Any),
        update,
    ),
    row(
        Post,
        ItemAction(KIND, "decline"),
        These(VERSIONS),
        Action("Fyr.Marketplace/acceptances/decline/action", Via::Any),
        decline,
    ),
    row(
        Post,
        ItemAction(KIND, "reconsider"),
        These(VERSIONS),
        Action("Fyr.Marketplace/acceptances/reconsider/action", Via::Any),
        reconsider,
    ),
];

fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let Scope::Subscription(subscription) = ask.scope() else {
            return Err(Failure::NoSuchPath);
        };
        let page = page(ask.cursor()?, ask.top()?);
        let found = read::list(ask.plane, &ask.context, subscription, page).await?;
        let scope = ask.scope().to_string();
        let items = found.items.into_iter().map(|it| body(it, &scope)).collect();
        Ok(ask.list(items, found.next.as_ref()))
    })
}

fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, at) = at(&ask)?;
        Ok(shown(200, &id, read::get(ask.plane, &ask.context, &at).await?))
    })
}

fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, at) = at(&ask)?;
        let said = acceptance::read(&ask.body, &at.publisher, &at.product, &at.plan)?;
        let acceptance::Wanted { version, is_agreed, name, description, person } = said;
        let wanted = Wanted { at, version, is_agreed, name, description, person };
        let written: Written<Accepted> = accept::accept(ask.plane, &ask.context, wanted).await?;
        Ok(shown(written.status(), &id, written.into_inner()))
    })
}

/// Accepts the newer version for all that the tenant delegated under the plan.
fn update(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, at) = at(&ask)?;
        let acceptance::Word { version, is_agreed } = acceptance::word(&ask.body)?;
        let done = accept::update(ask.plane, &ask.context, &at, version, is_agreed).await?;
        Ok(shown(200, &id, done))
    })
}

fn decline(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, at) = at(&ask)?;
        let word = Word::Decline(acceptance::word(&ask.body)?.version);
        Ok(shown(200, &id, decide::decide(ask.plane, &ask.context, &at, word).await?))
    })
}

fn reconsider(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, at) = at(&ask)?;
        let done = decide::decide(ask.plane, &ask.context, &at, Word::Reconsider).await?;
        Ok(shown(200, &id, done))
    })
}

/// What the version that waits would change, in words and operation by operation.
fn compare(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (_, at) = at(&ask)?;
        let index = ask.plane.index();
        let tell = move |compared: &Compared, found: &Difference<'_>| {
            let catalogue = index.catalogue();
            told(compared, found, &|role| catalogue.role(role).map(|it| it.name.clone()))
        };
        let asked = (&at, known_operations::shared());
        Ok(ArmResponse::json(200, compare::differ(ask.plane, &ask.context, asked, tell).await?))
    })
}

fn told(
    compared: &Compared,
    found: &Difference<'_>,
    role: &dyn Fn(ids::guid::RoleId) -> Option<String>,
) -> Value {
    let Compared { accepted, before, waits, after } = compared;
    let named = Named { before, after, role };
    json!({ "properties": {
        "acceptedVersion": accepted,
        "availableVersion": waits,
        "words": difference::text(found, &named),
        "effectivePermissions": difference::json(found, &named),
    }})
}

/// The plan that the acceptance is called after: `publisher.product.plan`.
fn at(ask: &Ask<'_>) -> Result<(ResourceId, At), Failure> {
    let Scope::Resource(id) = ask.scope() else { return Err(Failure::NoSuchPath) };
    let Scope::Subscription(subscription) = *id.scope() else { return Err(Failure::NoSuchPath) };
    let mut words = id.name().as_str().splitn(3, '.').map(str::to_owned);
    let mut next = || words.next().unwrap_or_default();
    let at = At { subscription, publisher: next(), product: next(), plan: next() };
    Ok((id, at))
}

fn shown(status: u16, id: &ResourceId, accepted: Accepted) -> ArmResponse {
    ArmResponse::json(status, body(accepted, &id.scope().to_string()))
}

fn body(accepted: Accepted, scope: &str) -> AcceptanceBody {
    let Accepted { acceptance, waiting, is_offered, definitions, offer, plan, publisher } =
        accepted;
    let beside = Beside { waiting, is_offered, definitions, offer, plan, publisher };
    AcceptanceBody::new(acceptance, beside, scope)
}
