//! *Who can delegate*: everyone for whom the delegation rule holds, and by what.

use access::delegators::Standing;
use arm::request::Method::Get;
use askama::Template;
use ids::{guid::ObjectId, scope::Scope};
use model::role::{OWNER, PrincipalType};
use operations::delegation::delegators::{self, Named, Stretch, Way};

use super::{Link, Tab, about, below, names::Names, scope, tabs};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    permissions::role_name,
    trouble::Trouble,
    words::Id,
};

/// As many as a page shows.
const SHOWN_MAX: usize = 50;

struct Path {
    role: String,
    at: String,
    is_inherited: bool,
    /// Through which groups it comes.
    through: Vec<String>,
}

struct Somebody {
    name: Option<String>,
    sign_in: Option<String>,
    id: Id,
    kind: &'static str,
    /// Why not, of whoever holds what it takes and may not.
    reason: Option<&'static str>,
    paths: Vec<Path>,
}

#[derive(Template)]
#[template(path = "oversight/delegators.html")]
struct View {
    frame: Frame,
    tabs: Vec<Tab>,
    scope: String,
    /// What the subscription is called.
    name: String,
    is_owners: bool,
    found: Vec<Somebody>,
    next: Option<String>,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let Some(scope) = scope(&ask)? else { return Ok(Answer::To(Link::Places.to_string())) };
        let subscription =
            scope.subscription().ok_or(Trouble::Garbled("only subscriptions are delegated"))?;
        let whole = Scope::Subscription(subscription);
        let after = ask.place()?.map(|text| text.parse::<ObjectId>()).transpose();
        let after = after.map_err(|_| Trouble::Garbled("the page leads nowhere"))?;
        let wanted = Stretch { subscription, after, limit: SHOWN_MAX };
        let (plane, path) = (ask.plane(), below(&whole, "/providers/Fyr.Access/whoCanDelegate"));
        let page = ask
            .arm((Get, path.clone(), "2026-12-01"), async |context| {
                delegators::list(plane, &context, wanted).await
            })
            .await?;
        let is_owners = ask.query.get("role").is_some_and(|it| it == "owner");
        let meant = |it: &Named| !is_owners || it.ways.iter().any(|way| way.path.role == OWNER);
        let found: Vec<Named> = page.found.into_iter().filter(meant).collect();
        let places = found.iter().flat_map(|it| &it.ways).map(|way| way.path.scope.clone());
        let places: Vec<Scope> = std::iter::once(whole.clone()).chain(places).collect();
        let names = Names::of(&ask, &places).await?;
        let frame = about(&ask, "Who can delegate", &whole, &names).await?.command(
            "List who can delegate",
            format!("az rest --method get --url '{path}?api-version=2026-12-01'"),
        );
        Answer::page(&View {
            frame,
            tabs: tabs(&ask, &whole)?,
            scope: whole.to_string(),
            name: names.name(&whole),
            is_owners,
            found: found.into_iter().map(|it| somebody(it, &whole, &names)).collect(),
            next: page.next.map(|it| ask.next(&it)),
        })
    })
}

fn somebody(it: Named, whole: &Scope, names: &Names) -> Somebody {
    let Named { who, kind, name, sign_in_name, standing, ways } = it;
    Somebody {
        name,
        sign_in: sign_in_name,
        id: Id::new(who.object),
        kind: match kind {
            PrincipalType::User => "Person",
            PrincipalType::Group | PrincipalType::ForeignGroup => "Group",
            PrincipalType::ServicePrincipal => "Application",
        },
        reason: match standing {
            Standing::May => None,
            Standing::Guest => Some("Guests of a tenant cannot delegate"),
        },
        paths: ways.into_iter().map(|way| path(way, whole, names)).collect(),
    }
}

fn path(Way { path, role, groups }: Way, whole: &Scope, names: &Names) -> Path {
    let group = |(id, name): (ObjectId, Option<String>)| name.unwrap_or_else(|| id.to_string());
    Path {
        role: role.unwrap_or_else(|| role_name(path.role)),
        at: names.said(&path.scope),
        is_inherited: path.scope != *whole,
        through: groups.into_iter().map(group).collect(),
    }
}
