//! The activity log (`Microsoft.Insights/eventtypes/management/values`).

use ids::{guid::TenantId, path::Path, scope::Scope};
use model::{activity::Log, settings::Profile};
use operations::activity::read;
use serde_json::Value;
use store::key::Cursor;
use wire::arm::{
    activity::{EventData, selected},
    scopes::ListBody,
};

use crate::{
    failure::Failure,
    request::{ArmResponse, Method::Get},
    route::{Answer, Ask, Judge::Each, Route, Target::List, Versions::These, row},
};

mod filter;

const VERSIONS: &[&str] = &["2017-03-01-preview", "2015-04-01", "2014-04-01"];
/// What a link to a tenant's first records says: its first page is empty.
const BEGINNING: &str = "beginning";

pub(crate) const ROUTES: &[Route] = &[row(
    Get,
    List("Microsoft.Insights/eventtypes/values"),
    These(VERSIONS),
    Each("{kind}/read"),
    list,
)];

fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (log, home) = log(&ask)?;
        let (asked, place) = (filter::asked(&ask, home)?, place(&ask)?);
        let after = if let Place::After(cursor) = &place { Some(cursor.clone()) } else { None };
        let page = read(ask.plane, &ask.context, log, &asked, after, ask.top()?).await?;
        let azure = ask.plane.index().settings().profile == Profile::Azure;
        if let (Log::Tenant(_), Place::Unsaid, true) = (log, &place, azure) {
            // As Azure answers, and as its published script expects: nothing yet, but a link.
            let next_link = Some(ask.next_link(BEGINNING));
            return Ok(ArmResponse::json(200, ListBody::<Value> { value: Vec::new(), next_link }));
        }
        let select = select(&ask);
        let shown = |it| selected(&EventData::new(it, home), &select);
        Ok(ask.list(page.items.into_iter().map(shown).collect(), page.next.as_ref()))
    })
}

/// Which log the path means, and whose tenant keeps it.
fn log(ask: &Ask<'_>) -> Result<(Log, TenantId), Failure> {
    let scope = match &ask.path {
        Path::Collection(it) => &it.scope,
        Path::Scope(_) | Path::Resource(_) | Path::Words(..) => return Err(Failure::NoSuchPath),
    };
    match scope {
        Scope::Tenant(id) => Ok((Log::Tenant(*id), *id)),
        Scope::Subscription(id) => {
            let home = ask.plane.index().home(scope).ok_or(Failure::NoSubscription(*id))?;
            Ok((Log::Subscription(*id), home))
        }
        Scope::ManagementGroup(..) | Scope::ResourceGroup(..) | Scope::Resource(_) => {
            Err(Failure::NoSuchPath)
        }
    }
}

/// Where a page begins.
enum Place {
    Unsaid,
    Beginning,
    After(Cursor),
}

fn place(ask: &Ask<'_>) -> Result<Place, Failure> {
    match ask.continuation()?.as_deref() {
        None => Ok(Place::Unsaid),
        Some(BEGINNING) => Ok(Place::Beginning),
        Some(_) => Ok(ask.cursor()?.map_or(Place::Unsaid, Place::After)),
    }
}

/// The members that the client wants; all, where it names none.
fn select(ask: &Ask<'_>) -> Vec<String> {
    let text = ask.query.get("$select").unwrap_or_default();
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}
