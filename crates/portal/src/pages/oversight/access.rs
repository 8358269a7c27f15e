//! *Access control (IAM)*: who holds which role at a scope, and what is delegated there beside it.

use arm::request::Method::Get;
use askama::Template;
use ids::{guid::ObjectId, scope::Scope};
use market::plain::activation;
use model::{
    action::Action,
    market::manifest::Manifest,
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
    Link, Tab, active, below,
    given::{Found, Given, around},
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
    words::{Id, counts, quoted},
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
    /// When it holds: always, once activated, or in the delegation's own period.
    when: String,
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
    active: active::Found,
    is_delegable: bool,
    is_foreign: bool,
    groups: Vec<Below>,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let Some(scope) = scope(&ask)? else {
            return places::show(&ask, places::For::Access).await;
        };
        let plane = ask.plane();
        let path = below(&scope, "/providers/Microsoft.Authorization/roleAssignments");
        let filter = Filter { reach: Reach::AtAndAbove, whose: Whose::Everyones };
        let found = ask
            .arm((Get, path, "2022-04-01"), async |context| {
                read::list(plane, &context, &scope, &filter).await
            })
            .await?;
        let count = found.len();
        let (rows, next) = ask.part(found, ROWS_MAX)?;
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
        let active = active::list(&ask, &scope).await?;
        Answer::page(&View {
            frame,
            tabs: tabs(&ask, &scope)?,
            held: held(&ask, (&scope, &names), rows, (is_foreign, &context)).await?,
            count,
            next,
            delegated,
            is_cut,
            active,
            is_delegable: scope.subscription().is_some(),
            is_foreign,
            groups: inner(&ask, &scope).await?,
            scope: scope.to_string(),
        })
    })
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
    let named = |(_, shown): &Given| {
        let eligible = shown.it.eligible.iter().map(|it| it.principal);
        shown.it.authorizations.iter().map(|it| it.principal).chain(eligible).collect::<Vec<_>>()
    };
    let ids: Vec<ObjectId> = ours.flat_map(named).collect();
    let names = directory::names(ask, ids).await?;
    let (mut rows, now) = (Vec::new(), ask.plane().store.now());
    for (assignment, Shown { it, parties }) in items {
        let at = assignment.id.scope();
        let manifest = Manifest {
            tenant: it.managed_by,
            authorizations: it.authorizations,
            eligible: it.eligible,
        };
        let period = assignment.period.map(|it| counts(it, now));
        let when = |first: String| std::iter::once(first).chain(period.clone()).collect::<Vec<_>>();
        let always = manifest
            .authorizations
            .iter()
            .map(|it| (it.principal, it.role, &it.display_name, None));
        let eligible = manifest
            .eligible
            .iter()
            .map(|it| (it.principal, it.role, &it.display_name, Some(activation(it, &manifest))));
        rows.extend(always.chain(eligible).map(|(who, role, typed, activated)| Delegated {
            typed: typed.clone().unwrap_or_default(),
            resolved: names.get(&who).filter(|_| assignment.managed_by == own).cloned(),
            id: Id::new(who),
            role: role_name(role),
            is_eligible: activated.is_some(),
            when: when(activated.unwrap_or_else(|| "Always".to_owned())).join("; "),
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
