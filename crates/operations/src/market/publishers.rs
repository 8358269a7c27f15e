//! The names under which an account publishes.

use ids::offer::PublisherId;
use model::{
    action::Verb,
    market::{
        MarketNoun,
        account::{Account, Publisher},
    },
};
use store::{records::ranges::market as ranges, snapshot::Page};

use super::{By, Refused, begin, line, own, reading};
use crate::{
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::{Plane, retry},
};

/// How many names one account publishes under: each is gone for everybody else.
const PUBLISHERS_MAX: usize = 20;
/// How long a publisher's name may be that customers see.
const NAME_CHARS_MAX: usize = 100;

/// The publishers of the caller's account.
pub async fn list(plane: &Plane, context: &Context, page: Page) -> Result<Paged<Publisher>, Error> {
    let reading = reading(context, "publishers");
    let question = |_: &Publisher| Some(reading.question.clone());
    page::list(plane, &reading, &ranges::publishers_of(own(context)), page, question).await
}

/// Makes a publisher, unless its id is taken by anybody. It stays for good.
pub async fn create(
    plane: &Plane,
    context: &Context,
    id: PublisherId,
    display_name: &str,
) -> Result<Publisher, Error> {
    line("displayName", display_name, NAME_CHARS_MAX)?;
    if display_name.trim().is_empty() {
        let why = "it is empty".to_owned();
        return Err(Refused::Invalid { field: "displayName", why }.into());
    }
    retry(async || {
        let mut unit = begin(plane, context, "publishers", Verb::Write)?;
        let tenant = own(context);
        unit.find::<Account>(&tenant).await?.ok_or(Refused::NoAccount)?;
        if unit.find::<Publisher>(&id).await?.is_some() {
            return Err(Refused::PublisherTaken(id.clone()).into());
        }
        let all = unit.list::<Publisher>(&ranges::publishers_of(tenant)).await?;
        if all.len() >= PUBLISHERS_MAX {
            return Err(Refused::TooMany { what: "publishers", max: PUBLISHERS_MAX }.into());
        }
        let (id, display_name) = (id.clone(), display_name.to_owned());
        let publisher = Publisher { id, tenant, display_name, created: unit.now() };
        let by = By::Caller(plane, context);
        by.put(&mut unit, MarketNoun::Publisher(publisher.clone())).await?;
        plane.commit(context, unit, 201).await?;
        Ok(publisher)
    })
    .await
}
