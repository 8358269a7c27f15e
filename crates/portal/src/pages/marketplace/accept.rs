//! Taking a plan in a subscription: what it asks for, the terms, the word. Nothing is delegated by
//! that.

use arm::request::Method::Put;
use askama::Template;
use axum::http::StatusCode;
use ids::{
    guid::SubscriptionId,
    offer::{MarketplaceIdentifier, PlanId, Slot},
    version::Version,
};
use model::market::lead::LeadPerson;
use operations::acceptance::{
    At,
    accept::{self, Wanted},
    shelf::Item,
};

use super::{
    Link, PLACE, Places,
    listing::{Outside, Terms},
    place, places, plan, shelf,
};
use crate::{
    agreements,
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    pages::oversight,
    permissions::Permissions,
    trouble::{Told, Trouble},
    words::Moment,
};

/// Where what was accepted waits to be delegated.
const NEXT: &str = "/service-providers";
/// The longest text about whoever takes a plan.
const PERSON_CHARS_MAX: usize = 256;

/// What is agreed to.
struct Agreed {
    offer: String,
    plan: String,
    publisher: String,
    version: String,
    /// Tells the words that were read from any others.
    signature: String,
    terms: Terms,
    privacy: Option<Outside>,
    /// Who agreed to these terms before, and when.
    before: Option<(String, Moment)>,
    permissions: Permissions,
    /// What the publisher would learn, if it is shared.
    contact: String,
}

/// Why it was not done.
struct Refusal {
    told: Told,
    is_of_terms: bool,
    /// Who else could do it.
    delegators: Option<String>,
}

#[derive(Template)]
#[template(path = "marketplace/accept.html")]
struct View {
    frame: Frame,
    places: Places,
    chosen: Option<String>,
    /// The id as it was typed.
    typed: String,
    agreed: Option<Agreed>,
    is_shared: bool,
    is_agreed: bool,
    /// The word is what was missing.
    is_unagreed: bool,
    refusal: Option<Refusal>,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = plan(&ask)?;
        let place = match place(&ask) {
            Ok(place) => place,
            Err(why) => return again(&ask, &id, None, refusal(&ask, &why, (None, false))?).await,
        };
        match page(&ask, &id, place, None).await {
            Err(Trouble::Refused(why)) if place.is_some() => {
                let why = Trouble::Refused(why);
                again(&ask, &id, None, refusal(&ask, &why, (place, false))?).await
            }
            answer => answer,
        }
    })
}

pub(super) fn take(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = plan(&ask)?;
        let said = ask.form.get(PLACE).and_then(|it| it.parse::<SubscriptionId>().ok());
        let place = said.ok_or(Trouble::Garbled("it names no subscription"))?;
        if ask.form.get("agree").is_none() {
            let why = Trouble::Garbled("the terms are not agreed to: read them, and tick the box");
            return again(&ask, &id, Some(place), refusal(&ask, &why, (Some(place), true))?).await;
        }
        let version = ask.form.get("version").and_then(|it| it.parse::<Version>().ok());
        let version = version.ok_or(Trouble::Garbled("it names no version"))?;
        match taken(&ask, &id, place, version).await {
            Ok(()) => Ok(ask.done(
                format!("{} was added to subscription {place}. Nothing is delegated by that yet: choose what to delegate.",
                    name(&id)
                ),
                NEXT,
            )),
            Err(why @ (Trouble::Refused(_) | Trouble::Garbled(_))) => {
                again(&ask, &id, Some(place), refusal(&ask, &why, (Some(place), false))?).await
            }
            Err(other) => Err(other),
        }
    })
}

/// A plan, and whether its preview is meant.
type Product = (PlanId, Slot);

fn at((id, slot): &Product, subscription: SubscriptionId) -> At {
    At {
        subscription,
        publisher: id.offer.publisher.to_string(),
        product: slot.product(&id.offer.name),
        plan: id.name.to_string(),
    }
}

/// `publisher.product.plan`, as an acceptance is called.
fn name((id, slot): &Product) -> String {
    format!("{}.{}.{}", id.offer.publisher, slot.product(&id.offer.name), id.name)
}

/// The resource that stands for the acceptance.
fn resource(id: &Product, place: SubscriptionId) -> String {
    let name = name(id);
    format!("/subscriptions/{place}/providers/Fyr.Marketplace/acceptances/{name}")
}

/// Takes that version, under the terms that were read.
async fn taken(
    ask: &Ask,
    id: &Product,
    place: SubscriptionId,
    version: Version,
) -> Result<(), Trouble> {
    let at = at(id, place);
    let person = ask.form.get("share").map(|_| person(ask)).transpose()?;
    agreements::sign(ask, &at).await?;
    // Others that came since then are not agreed to.
    let (is_agreed, version) = (false, Some(version));
    let wanted = Wanted { at, version, is_agreed, name: None, description: None, person };
    let plane = ask.plane();
    let request = (Put, resource(id, place), "2026-12-01");
    let work = async |context| accept::accept(plane, &context, wanted).await;
    Box::pin(ask.arm(request, work)).await.map(drop)
}

/// What the publisher may know of the visitor.
fn person(ask: &Ask) -> Result<LeadPerson, Trouble> {
    let account = &ask.visitor()?.account;
    let line = |text: &str| {
        text.chars().filter(|it| !it.is_control()).take(PERSON_CHARS_MAX).collect::<String>()
    };
    Ok(LeadPerson {
        first_name: line(&account.local.display_name),
        email: line(&account.home.user_principal_name),
        ..LeadPerson::default()
    })
}

fn refusal(
    ask: &Ask,
    why: &Trouble,
    (place, is_of_terms): (Option<SubscriptionId>, bool),
) -> Result<Refusal, Trouble> {
    let told = why.told();
    let delegators = match place.filter(|_| told.status == StatusCode::FORBIDDEN) {
        Some(id) => oversight::Link::Delegators(id).open(ask)?,
        None => None,
    };
    Ok(Refusal { told, is_of_terms, delegators })
}

/// The page once more, with why nothing was done. Where even the terms are refused, what is left
/// is to choose another subscription.
async fn again(
    ask: &Ask,
    id: &Product,
    place: Option<SubscriptionId>,
    refusal: Refusal,
) -> Result<Answer, Trouble> {
    let why = refusal.told.clone();
    match page(ask, id, place, Some(refusal)).await {
        Err(Trouble::Refused(_)) if place.is_some() => {
            let refusal = Refusal { told: why, is_of_terms: false, delegators: None };
            page(ask, id, None, Some(refusal)).await
        }
        answer => answer,
    }
}

async fn page(
    ask: &Ask,
    id: &Product,
    place: Option<SubscriptionId>,
    refusal: Option<Refusal>,
) -> Result<Answer, Trouble> {
    let agreed = match place {
        Some(place) => Some(agreed(ask, id, place).await?),
        None => None,
    };
    let (plan, slot) = id;
    let title = agreed.as_ref().map_or_else(|| plan.name.to_string(), |it| it.plan.clone());
    let title = format!("Create {title}");
    let mut frame = ask.frame(title).await?.below("Marketplace", Link::Storefront);
    let named = agreed.as_ref().map_or_else(|| plan.offer.to_string(), |it| it.offer.clone());
    frame = frame.below(named, Link::Offer(&plan.offer, *slot, place));
    if let (Some(place), Some(agreed)) = (place, &agreed) {
        let url = format!("'{}?api-version=2026-12-01'", resource(id, place));
        let body = body(agreed);
        let line = format!("az rest --method put --url {url} --body '{body}'");
        frame = frame.command(does(agreed), line);
    }
    let status = refusal.as_ref().map_or(StatusCode::OK, |it| it.told.status);
    let view = View {
        frame,
        places: places(ask, place).await?,
        chosen: place.map(|it| it.to_string()),
        typed: ask.query.get(PLACE).unwrap_or_default().to_owned(),
        agreed,
        is_shared: ask.form.get("share").is_some(),
        is_agreed: ask.form.get("agree").is_some(),
        is_unagreed: refusal.as_ref().is_some_and(|it| it.is_of_terms),
        refusal,
    };
    Answer::with(status, &view)
}

/// What accepts the plan. Whether the terms are agreed to, nobody says for the visitor: as it stands,
/// the word in its place is refused.
fn body(it: &Agreed) -> String {
    let plan = format!(r#""plan":{{"version":"{}"}}"#, it.version);
    if it.before.is_some() {
        return format!(r#"{{"properties":{{{plan}}}}}"#);
    }
    format!(r#"{{"properties":{{{plan},"acceptTerms":AGREED}}}}"#)
}

fn does(it: &Agreed) -> &'static str {
    if it.before.is_some() {
        "Accept the plan, under the terms that were agreed to"
    } else {
        "Accept the plan: read the terms, and write true in the place of AGREED if you agree"
    }
}

async fn agreed(ask: &Ask, id: &Product, place: SubscriptionId) -> Result<Agreed, Trouble> {
    let read = agreements::read(ask, &at(id, place)).await?;
    let (plan, slot) = id;
    let identifier = MarketplaceIdentifier::Plan(plan.clone(), *slot);
    let found = shelf(ask, &identifier, &name(id), Some(place)).await?;
    let it: Item = found.into_iter().next().ok_or(Trouble::Nothing)?;
    let now = ask.plane().store.now();
    let account = &ask.visitor()?.account;
    let (person, address) = (&account.local.display_name, &account.home.user_principal_name);
    Ok(Agreed {
        offer: it.offer,
        plan: it.plan,
        publisher: it.publisher,
        version: it.version.version.to_string(),
        signature: read.signature,
        terms: Terms::from(&read.terms),
        privacy: Outside::new("Privacy policy", &read.privacy_policy),
        before: read.accepted.map(|it| (it.name, Moment::new(it.at, now))),
        permissions: Permissions::of(ask, &it.manifest).await?,
        contact: format!("{person}, {address}"),
    })
}
