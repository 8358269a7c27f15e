//! *Access control (IAM)*: who holds which role at a scope, and what is delegated there beside it.

use arm::request::Method::Get;
use askama::Template;
use ids::scope::Scope;
use model::{
    action::Action,
    question::Question,
    role::{PrincipalType, RoleAssignment},
};
use operations::{
    around::Reach,
    context::Context,
    delegation::Shown,
    groups::read as groups,
    page::page,
    roles::{
        definitions,
        read::{self, Filter, Whose},
    },
};

use super::{
    Link, Tab, below,
    given::{Found, around},
    headed,
    names::Names,
    places, scope, tabs,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    directory,
    frame::Frame,
    permissions::role_name,
    trouble::Trouble,
    words::{Id, quoted},
};

/// As many role assignments as a page shows.
const ROWS_MAX: usize = 100;
/// As many delegations as are shown beside them.
const DELEGATIONS_MAX: usize = 100;
const GROUPS_MAX: usize = 100;

/// One of those who hold a role here.
struct Held {
    /// None where the visitor hears no name.
    who: Option<String>,
    id: Id,
    kind: &'static str,
    role: String,
    /// Where it was given, and whether that is around this scope.
    at: String,
    /// The page there, where it is open to the visitor.
    path: Option<String>,
    is_inherited: bool,
    description: String,
}

/// One of a provider's who may do something here.
struct Delegated {
    typed: String,
    /// As the provider's own directory says; only its own people hear it.
    resolved: Option<String>,
    id: Id,
    role: String,
    is_eligible: bool,
    provider: String,
    provider_id: Id,
    offer: String,
    at: String,
    is_inherited: bool,
}

struct Below {
    name: String,
    path: String,
}

#[derive(Template)]
#[template(path = "oversight/access.html")]
struct View {
    frame: Frame,
    tabs: Vec<Tab>,
    scope: String,
    held: Vec<Held>,
    count: usize,
    next: Option<String>,
    delegated: Vec<Delegated>,
    /// Whether more may be delegated than is shown.
    is_cut: bool,
    is_delegable: bool,
    is_foreign: bool,
    groups: Vec<Below>,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let Some(scope) = scope(&ask)? else { return places::show(&ask).await };
        let plane = ask.plane();
        let path = below(&scope, "/providers/Microsoft.Authorization/roleAssignments");
        let filter = Filter { reach: Reach::AtAndAbove, whose: Whose::Everyones };
        let found = ask
            .arm((Get, path, "2022-04-01"), async |context| {
                read::list(plane, &context, &scope, &filter).await
            })
            .await?;
        let count = found.len();
        let first = place(&ask)?;
        let rest = count > first.saturating_add(ROWS_MAX);
        let rows: Vec<RoleAssignment> = found.into_iter().skip(first).take(ROWS_MAX).collect();
        let context =
            ask.context("GET", Question::any(Action::ROLE_ASSIGNMENTS_READ, scope.clone()))?;
        let is_foreign = read::is_anothers(plane, &context, &scope);
        let line = format!(
            "az role assignment list --scope {} --include-inherited --output table",
            quoted(&scope.to_string())
        );
        let places = rows.iter().map(|it| it.id.scope().clone());
        let places: Vec<Scope> = std::iter::once(scope.clone()).chain(places).collect();
        let names = Names::of(&ask, &places).await?;
        let frame = headed(&ask, "Access control (IAM)", &scope, &names)
            .await?
            .called(names.name(&scope))
            .command("List the role assignments", line);
        let (delegated, is_cut) = delegated(&ask, &scope, &names).await?;
        Answer::page(&View {
            frame,
            tabs: tabs(&ask, &scope)?,
            held: held(&ask, (&scope, &names), rows, (is_foreign, &context)).await?,
            count,
            next: rest.then(|| ask.next(&first.saturating_add(ROWS_MAX))),
            delegated,
            is_cut,
            is_delegable: scope.subscription().is_some(),
            is_foreign,
            groups: inner(&ask, &scope).await?,
            scope: scope.to_string(),
        })
    })
}

/// Behind how many rows the page begins.
fn place(ask: &Ask) -> Result<usize, Trouble> {
    let said = ask.place()?.map(|text| text.parse::<usize>()).transpose();
    Ok(said.map_err(|_| Trouble::Garbled("the page leads nowhere"))?.unwrap_or_default())
}

async fn held(
    ask: &Ask,
    (scope, places): (&Scope, &Names),
    rows: Vec<RoleAssignment>,
    (is_foreign, context): (bool, &Context),
) -> Result<Vec<Held>, Trouble> {
    let own = rows.iter().filter(|_| !is_foreign);
    let names = directory::names(ask, own.map(|it| it.principal.object)).await?;
    let roles = definitions::names(ask.plane(), context, scope, rows.iter().map(|it| it.role));
    let mut held = Vec::with_capacity(rows.len());
    for it in rows {
        let at = it.id.scope();
        held.push(Held {
            who: names.get(&it.principal.object).cloned(),
            id: Id::new(it.principal.object),
            kind: kind(it.principal_type),
            role: roles.get(&it.role).cloned().unwrap_or_else(|| role_name(it.role)),
            at: places.said(at),
            path: Link::Access(at).open(ask)?,
            is_inherited: at != scope,
            description: it.description.unwrap_or_default(),
        });
    }
    Ok(held)
}

fn kind(it: PrincipalType) -> &'static str {
    match it {
        PrincipalType::User => "Person",
        PrincipalType::Group => "Group",
        PrincipalType::ServicePrincipal => "Application",
        PrincipalType::ForeignGroup => "Foreign group",
    }
}

/// Who may do something here by what is delegated; and whether there may be more of them.
async fn delegated(
    ask: &Ask,
    scope: &Scope,
    places: &Names,
) -> Result<(Vec<Delegated>, bool), Trouble> {
    let Some(subscription) = scope.subscription() else { return Ok((Vec::new(), false)) };
    let Found { items, is_cut } = around(ask, subscription, scope, DELEGATIONS_MAX).await?;
    let own = ask.visitor()?.principal().tenant;
    let ours = items.iter().filter(|(it, _)| it.managed_by == own);
    let ids = ours.flat_map(|(_, shown)| &shown.it.authorizations).map(|it| it.principal);
    let names = directory::names(ask, ids).await?;
    let mut rows = Vec::new();
    for (assignment, Shown { it, parties }) in items {
        let at = assignment.id.scope();
        let always =
            it.authorizations.iter().map(|it| (it.principal, it.role, &it.display_name, false));
        let eligible = it.eligible.iter().map(|it| (it.principal, it.role, &it.display_name, true));
        rows.extend(always.chain(eligible).map(|(who, role, typed, is_eligible)| Delegated {
            typed: typed.clone().unwrap_or_default(),
            resolved: names.get(&who).filter(|_| assignment.managed_by == own).cloned(),
            id: Id::new(who),
            role: role_name(role),
            is_eligible,
            provider: parties.managing_name.clone().unwrap_or_default(),
            provider_id: Id::new(assignment.managed_by),
            offer: it.name.clone().unwrap_or_default(),
            at: places.said(at),
            is_inherited: at != scope,
        }));
    }
    Ok((rows, is_cut))
}

/// The resource groups of a subscription to whose pages the visitor may go on.
async fn inner(ask: &Ask, scope: &Scope) -> Result<Vec<Below>, Trouble> {
    let Scope::Subscription(id) = *scope else { return Ok(Vec::new()) };
    let plane = ask.plane();
    let request = (Get, format!("/subscriptions/{id}/resourceGroups"), "2021-04-01");
    let found = ask
        .arm(request, async |context| {
            groups::list(plane, &context, id, page(None, Some(GROUPS_MAX))).await
        })
        .await?;
    let mut open = Vec::with_capacity(found.items.len());
    for it in found.items {
        let path = Link::Access(&it.scope()).open(ask)?;
        open.extend(path.map(|path| Below { name: it.name.to_string(), path }));
    }
    Ok(open)
}
