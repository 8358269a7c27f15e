//! Lists, page by page.

use std::pin::Pin;

use ids::guid::ObjectId;
use operations::{
    directory::members::{Part, Sliced},
    page::{PAGE_ROWS, Paged},
};
use serde_json::{Map, Value, json};
use store::{engine::ROWS_MAX, key::Cursor, snapshot::Page};
use wire::graph::{
    Kind, View,
    query::{Meant, Select, top},
};

use crate::{
    answer::{Answer, Content},
    failure::Failure,
    handlers::objects::shown,
    request::plain,
    route::Ask,
};

/// A page of views on its way.
pub(crate) type Fetched<'a> =
    Pin<Box<dyn Future<Output = Result<Paged<View>, Failure>> + Send + 'a>>;
/// What finds the things of one collection that are meant.
pub(crate) type Fetch = for<'a> fn(&'a Ask, &'a Meant, Page) -> Fetched<'a>;

const OPTIONS: [&str; 5] = ["filter", "select", "top", "count", "skiptoken"];

/// A page of a collection.
pub(crate) async fn serve(ask: Ask, kind: &Kind, fetch: Fetch) -> Result<Answer, Failure> {
    ask.only(&OPTIONS)?;
    let meant = Meant::parse(ask.query.get("$filter"), kind)?;
    let select = Select::parse(ask.query.get("$select"), kind)?;
    let limit = top(ask.query.get("$top"))?;
    let after = place(&ask)?.map(|text| text.parse::<Cursor>());
    let after = after.transpose().map_err(|_| Failure::Continuation)?;
    ask.budget.spend(ROWS_MAX)?;
    let Paged { items, next } = fetch(&ask, &meant, Page { after, limit }).await?;
    let mut body = Map::new();
    let context = ask.metadata(&format!("{}{}", kind.set, select.context()));
    body.insert("@odata.context".to_owned(), context.into());
    if ask.eventual && ask.query.get("$count").is_some_and(|it| it == "true") {
        body.insert("@odata.count".to_owned(), counted(&ask, &meant, fetch).await?.into());
    }
    if let Some(cursor) = next {
        body.insert("@odata.nextLink".to_owned(), next_link(&ask, &cursor.to_string()).into());
    }
    let shown = items.into_iter().map(|it| Value::Object(select.shown(it, kind)));
    body.insert("value".to_owned(), shown.collect());
    Ok(Answer::ok(Value::Object(body)))
}

/// `/$count`: a bare number.
pub(crate) async fn count(ask: Ask, kind: &Kind, fetch: Fetch) -> Result<Answer, Failure> {
    ask.only(&["filter"])?;
    let meant = Meant::parse(ask.query.get("$filter"), kind)?;
    let counted = counted(&ask, &meant, fetch).await?;
    Ok(Answer::new(200, Content::Text(counted.to_string())))
}

async fn counted(ask: &Ask, meant: &Meant, fetch: Fetch) -> Result<usize, Failure> {
    let (mut counted, mut after) = (0_usize, None);
    loop {
        ask.budget.spend(ROWS_MAX)?;
        let Paged { items, next } = fetch(ask, meant, Page { after, limit: PAGE_ROWS }).await?;
        counted = counted.saturating_add(items.len());
        if next.is_none() {
            return Ok(counted);
        }
        after = next;
    }
}

/// A whole list that fits one page, whatever it is of.
pub(crate) fn whole(ask: &Ask, kind: &Kind, views: Vec<View>) -> Result<Answer, Failure> {
    ask.only(&["filter", "select", "top", "count"])?;
    let meant = Meant::parse(ask.query.get("$filter"), kind)?;
    let select = Select::parse(ask.query.get("$select"), kind)?;
    let meets = |view: &View| meant.meets(view);
    let views = views.into_iter().filter(meets).map(|it| Value::Object(select.shown(it, kind)));
    let context = ask.metadata(&format!("{}{}", kind.set, select.context()));
    let value: Value = views.collect();
    Ok(Answer::ok(json!({ "@odata.context": context, "value": value })))
}

/// Which part of a list that is sorted by id is asked for.
pub(crate) fn part(ask: &Ask) -> Result<Part, Failure> {
    ask.only(&["select", "top", "count", "skiptoken"])?;
    ask.budget.spend(1)?;
    let after = place(ask)?.map(|text| text.parse::<ObjectId>()).transpose();
    let after = after.map_err(|_| Failure::Continuation)?;
    Ok(Part { after, limit: top(ask.query.get("$top"))? })
}

/// A part of a list of objects, each with its type.
pub(crate) fn objects(ask: &Ask, sliced: &Sliced) -> Result<Answer, Failure> {
    ask.budget.spend(sliced.seen)?;
    let mut body = Map::new();
    body.insert("@odata.context".to_owned(), ask.metadata("directoryObjects").into());
    if let Some(last) = sliced.items.last().filter(|_| sliced.more) {
        let link = next_link(ask, &last.id().to_string());
        body.insert("@odata.nextLink".to_owned(), link.into());
    }
    let items = sliced.items.iter().map(|it| Value::Object(shown(it)));
    body.insert("value".to_owned(), items.collect());
    Ok(Answer::ok(Value::Object(body)))
}

/// Where the page before ended, as this very list told this very caller.
fn place(ask: &Ask) -> Result<Option<String>, Failure> {
    let Some(sealed) = ask.query.get("$skiptoken") else { return Ok(None) };
    let opened = ask.plane().seal.open(&bound(ask), sealed);
    opened.map(Some).map_err(|_| Failure::Continuation)
}

fn bound(ask: &Ask) -> String {
    let filter = ask.query.get("$filter").unwrap_or_default();
    let path = ask.path.to_ascii_lowercase();
    format!("graph|{}|{path}|{filter}", ask.context.caller.principal)
}

fn next_link(ask: &Ask, place: &str) -> String {
    let plane = ask.plane();
    let sealed = plane.seal.close(&*plane.random, &bound(ask), place);
    let mut query = form_urlencoded::Serializer::new(String::new());
    let kept =
        ask.query.0.iter().filter(|(name, _)| !plain(name).eq_ignore_ascii_case("skiptoken"));
    for (name, value) in kept {
        query.append_pair(name, value);
    }
    query.append_pair("$skiptoken", &sealed);
    format!("{}{}?{}", plane.origins.graph, ask.path, query.finish())
}
