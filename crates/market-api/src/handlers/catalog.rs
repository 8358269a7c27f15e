//! `/catalog`: what is live.

use base64::{Engine, prelude::BASE64_STANDARD};
use operations::{
    catalog::{self, Listed, Visitor, Wanted},
    page::Paged,
};
use serde_json::Value;
use wire::{
    catalog::{Product, page},
    odata,
};

use crate::{
    answer::{Answer, Content},
    failure::Failure,
    route::{Answered, Ask},
};

/// More words than anybody searches for.
const WORDS_MAX: usize = 16;

pub(crate) fn list(ask: Ask) -> Answered {
    Box::pin(async move {
        let (visitor, wanted) = (visitor(&ask)?, wanted(&ask)?);
        let found = catalog::list(ask.plane(), visitor, &wanted, ask.page()?).await?;
        let Paged { items, next } = found;
        let address = address(&ask);
        let rows: Vec<Value> =
            items.iter().map(|it| product(it, &address).summary(it.shown())).collect();
        Ok(Answer::json(200, page(&rows, next.map(|place| ask.next_link(&place)))))
    })
}

pub(crate) fn get(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = catalog::get(ask.plane(), visitor(&ask)?, &ask.offer(0)?).await?;
        let it = found.ok_or(Failure::Nothing)?;
        // What is live was read by the whitelist before; what is shown is written by it again.
        let description = market::html::parse(&it.edition.form.listing.description);
        let description = description.map(|html| html.to_string()).unwrap_or_default();
        let body = product(&it, &address(&ask)).details(it.shown(), &description);
        Ok(Answer::json(200, body))
    })
}

pub(crate) fn picture(ask: Ask) -> Answered {
    Box::pin(async move {
        let visitor = visitor(&ask)?;
        let found = catalog::picture(ask.plane(), visitor, &ask.offer(0)?, ask.key(1)).await?;
        let media = found.ok_or(Failure::Nothing)?;
        let bytes = BASE64_STANDARD.decode(media.bytes).map_err(|_| Failure::Nothing)?;
        let answer = Answer::new(200, Content::Png(bytes));
        Ok(answer.with("cross-origin-resource-policy", "cross-origin"))
    })
}

fn address(ask: &Ask) -> String {
    format!("{}/catalog", ask.plane().origins.graph)
}

/// Whoever names a subscription has signed in.
fn visitor(ask: &Ask) -> Result<Visitor<'_>, Failure> {
    Ok(match ask.subscription()? {
        Some(subscription) => Visitor::In(ask.context()?, subscription),
        None => Visitor::Anyone,
    })
}

fn wanted(ask: &Ask) -> Result<Wanted, Failure> {
    let mut wanted = Wanted::default();
    if let Some(text) = ask.query.get("$filter") {
        let bad = |why: &dyn std::fmt::Display| Failure::Query("$filter", why.to_string());
        let filter = odata::parse(text).map_err(|error| bad(&error))?;
        for part in filter.conjuncts() {
            take(part, &mut wanted).ok_or_else(|| {
                bad(&"publisherId and productType are compared with eq, categoryIds with any")
            })?;
        }
    }
    let words = ask.query.get("search").unwrap_or_default().split_whitespace();
    wanted.words = words.take(WORDS_MAX).map(str::to_owned).collect();
    Ok(wanted)
}

fn take(part: &odata::Filter, wanted: &mut Wanted) -> Option<()> {
    if let Some(text) = part.equal("publisherId") {
        wanted.publisher = Some(text.parse().ok()?);
        return Some(());
    }
    if let Some(text) = part.equal("productType").or_else(|| part.equal("offerType")) {
        return text.eq_ignore_ascii_case("ManagedServices").then_some(());
    }
    if let odata::Filter::Any { field, element, of } = part
        && field == "categoryIds"
    {
        wanted.category = Some(of.equal(element)?.to_owned());
        return Some(());
    }
    None
}

fn product<'a>(it: &'a Listed, catalog: &'a str) -> Product<'a> {
    Product {
        offer: &it.edition.offer,
        publisher: &it.publisher,
        form: &it.edition.form,
        published: it.edition.at,
        catalog,
    }
}
