//! Who works in the account, and under which names it publishes.

use askama::Template;
use axum::http::StatusCode;
use ids::guid::ObjectId;
use model::market::account::{AccountMember, AccountRole};
use operations::{
    market::{members, publishers},
    page::Paged,
};
use store::snapshot::Page;

use super::{draft::market_refusal, to::To};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    directory,
    frame::Frame,
    trouble::Trouble,
    words::{Id, Moment},
};

/// So many members on a page.
const PAGE: usize = 100;

/// One member.
struct Row {
    name: String,
    id: Id,
    role: &'static str,
    does: &'static str,
    remove: String,
}

#[derive(Template)]
#[template(path = "partner/members.html")]
struct View {
    frame: Frame,
    refusal: Option<String>,
    rows: Vec<Row>,
    next: Option<String>,
    who: String,
    /// What is chosen, and each role with what it allows.
    role: String,
    roles: Vec<(&'static str, &'static str)>,
}

fn does(role: AccountRole) -> &'static str {
    match role {
        AccountRole::Owner => "Everything: names other owners, and reads leads",
        AccountRole::Manager => "Works on offers, and manages members and publishers",
        AccountRole::Developer => "Works on offers, and publishes them",
    }
}

/// `GET /partner-center/members`
pub(super) fn list(ask: Ask) -> Answered {
    Box::pin(async move { draw(&ask, StatusCode::OK, None).await })
}

/// `POST` of the same: gives somebody a role.
pub(super) fn put(ask: Ask) -> Answered {
    Box::pin(async move {
        all(&ask).await?; // who may see none is told so, whatever they send
        let who = ask.form.get("who").unwrap_or_default().trim();
        let named = ask.form.get("role").unwrap_or_default();
        let role = AccountRole::ALL.into_iter().find(|it| it.as_str() == named);
        let role = role.ok_or(Trouble::Garbled("it names no role"))?;
        let Ok(id) = who.parse::<ObjectId>() else {
            let words = format!("`{who}` is no object id of the directory");
            return draw(&ask, StatusCode::BAD_REQUEST, Some(words)).await;
        };
        let plane = ask.plane();
        let work = |context| async move { members::put(plane, &context, id, role).await };
        match ask.market("POST", "members/write", work).await {
            Ok(_) => Ok(ask.done(format!("{id} is {named} now."), To::Members)),
            Err(trouble) => match market_refusal(&trouble).map(ToString::to_string) {
                Some(words) => draw(&ask, trouble.told().status, Some(words)).await,
                None => Err(trouble),
            },
        }
    })
}

async fn all(ask: &Ask) -> Result<Paged<AccountMember>, Trouble> {
    let (plane, page) = (ask.plane(), ask.page(PAGE)?);
    let work = |context| async move { members::list(plane, &context, page).await };
    ask.market("GET", "members/read", work).await
}

async fn draw(ask: &Ask, status: StatusCode, refusal: Option<String>) -> Result<Answer, Trouble> {
    let Paged { items, next } = all(ask).await?;
    let names = directory::names(ask, items.iter().map(|it| it.principal.object)).await?;
    let row = |it: &AccountMember| {
        let id = it.principal.object;
        Row {
            name: names.get(&id).cloned().unwrap_or_default(),
            id: Id::new(id),
            role: it.role.as_str(),
            does: does(it.role),
            remove: To::Member(id).to_string(),
        }
    };
    let server = &ask.plane().origins.graph;
    let line = format!("fyr account members list --server {server}");
    let told = |name| ask.form.get(name).unwrap_or_default().to_owned();
    let view = View {
        frame: ask
            .frame("Members")
            .await?
            .below("Account", To::Account)
            .command("The members", line),
        refusal,
        rows: items.iter().map(row).collect(),
        next: next.map(|place| ask.next(&place)),
        who: told("who"),
        role: told("role"),
        roles: AccountRole::ALL.iter().rev().map(|it| (it.as_str(), does(*it))).collect(),
    };
    Answer::with(status, &view)
}

#[derive(Template)]
#[template(path = "partner/remove_member.html")]
struct Removal {
    frame: Frame,
    refusal: Option<String>,
    who: Id,
    name: String,
    back: String,
}

/// `GET /partner-center/members/{id}/remove`
pub(super) fn ask_remove(ask: Ask) -> Answered {
    Box::pin(async move { draw_removal(&ask, StatusCode::OK, None).await })
}

/// `POST` of the same.
pub(super) fn remove(ask: Ask) -> Answered {
    Box::pin(async move {
        let id: ObjectId = ask.parsed(0)?;
        let plane = ask.plane();
        let work = |context| async move { members::remove(plane, &context, id).await };
        match ask.market("POST", "members/delete", work).await {
            Ok(()) => Ok(ask.done(format!("{id} works in the account no more."), To::Members)),
            Err(trouble) => match market_refusal(&trouble).map(ToString::to_string) {
                Some(words) => draw_removal(&ask, trouble.told().status, Some(words)).await,
                None => Err(trouble),
            },
        }
    })
}

async fn draw_removal(
    ask: &Ask,
    status: StatusCode,
    refusal: Option<String>,
) -> Result<Answer, Trouble> {
    let id: ObjectId = ask.parsed(0)?;
    all(ask).await?;
    let name = directory::names(ask, [id]).await?.remove(&id).unwrap_or_default();
    let frame = ask.frame("Remove a member").await?;
    let frame = frame.below("Account", To::Account).below("Members", To::Members);
    let (who, back) = (Id::new(id), To::Members.to_string());
    Answer::with(status, &Removal { frame, refusal, who, name, back })
}

#[derive(Template)]
#[template(path = "partner/publishers.html")]
struct Publishers {
    frame: Frame,
    refusal: Option<String>,
    /// Id, name, and since when.
    rows: Vec<(String, String, Moment)>,
    id: String,
    name: String,
}

/// `GET /partner-center/publishers`
pub(super) fn publishers(ask: Ask) -> Answered {
    Box::pin(async move { draw_publishers(&ask, StatusCode::OK, None).await })
}

/// `POST` of the same: a new one, for good.
pub(super) fn publish_as(ask: Ask) -> Answered {
    Box::pin(async move {
        let (plane, name) = (ask.plane(), ask.form.get("name").unwrap_or_default());
        let id = match ask.form.get("id").unwrap_or_default().parse() {
            Ok(id) => id,
            Err(bad) => {
                let words = ids::offer::BadMarketName::to_string(&bad);
                return draw_publishers(&ask, StatusCode::BAD_REQUEST, Some(words)).await;
            }
        };
        let work = |context| async move { publishers::create(plane, &context, id, name).await };
        match ask.market("POST", "publishers/write", work).await {
            Ok(made) => Ok(ask.done(format!("Publisher {} was created.", made.id), To::Publishers)),
            Err(trouble) => match market_refusal(&trouble).map(ToString::to_string) {
                Some(words) => draw_publishers(&ask, trouble.told().status, Some(words)).await,
                None => Err(trouble),
            },
        }
    })
}

async fn draw_publishers(
    ask: &Ask,
    status: StatusCode,
    refusal: Option<String>,
) -> Result<Answer, Trouble> {
    let (plane, now) = (ask.plane(), ask.plane().store.now());
    let work = |context| async move { publishers::list(plane, &context, Page::first()).await };
    let found = ask.market("GET", "publishers/read", work).await?.items;
    let rows = found.into_iter();
    let rows = rows.map(|it| (it.id.to_string(), it.display_name, Moment::new(it.created, now)));
    let told = |name| ask.form.get(name).unwrap_or_default().to_owned();
    let view = Publishers {
        frame: ask.frame("Publishers").await?.below("Account", To::Account),
        refusal,
        rows: rows.collect(),
        id: told("id"),
        name: told("name"),
    };
    Answer::with(status, &view)
}
