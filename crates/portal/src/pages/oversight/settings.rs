//! *Role settings*: what is asked for before a provider's people hold a role just in time at a scope.

pub(super) mod draft;
pub(super) mod role;

use std::collections::BTreeSet;

use arm::{failure::Failure, request::Method::Get};
use askama::Template;
use ids::{guid::RoleId, resource::ActivationPolicyId, scope::Scope};
use jiff::SignedDuration;
use model::{
    action::Action,
    activation::policy::ActivationPolicy,
    question::{Question, Via},
};
use operations::{
    activation::{
        Refused,
        eligibility::{self, Eligible},
        policies,
    },
    around::Reach,
    error::Error,
};

use super::{Link, Tab, about, below, names::Names, places, scope, tabs};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    pages::just_in_time::{VERSION, told::proof},
    permissions::role_name,
    trouble::Trouble,
    words::{counted, lasting, quoted},
};

/// As many roles as a page shows.
const ROWS_MAX: usize = 100;
const POLICIES: &str = "/providers/Microsoft.Authorization/roleManagementPolicies";
const ELIGIBLE: &str = "/providers/Microsoft.Authorization/roleEligibilityScheduleInstances";

/// What is asked for of one role.
struct Row {
    role: String,
    path: String,
    /// Whether a delegation makes somebody eligible for it at this scope.
    is_offered: bool,
    /// What is asked for, by whom said, each where it is said.
    said: Vec<Said>,
}

/// What one scope asks for.
struct Said {
    at: String,
    is_inherited: bool,
    words: Vec<String>,
}

#[derive(Template)]
#[template(path = "oversight/settings.html")]
struct View {
    frame: Frame,
    tabs: Vec<Tab>,
    scope: String,
    rows: Vec<Row>,
    next: Option<String>,
    is_changeable: bool,
    /// The roles that a setting may be made for.
    others: Vec<(RoleId, String)>,
}

/// The question whether the settings of a scope are the visitor's to read.
pub(super) fn reading(scope: &Scope) -> Question {
    let action = Action::named("Microsoft.Authorization/roleManagementPolicies/read");
    Question { action, scope: scope.clone(), via: Via::Direct }
}

/// Whether there are such settings at such a scope.
pub(super) fn is_governed(scope: &Scope) -> bool {
    match scope {
        Scope::Subscription(_) | Scope::ResourceGroup(..) => true,
        Scope::Tenant(_) | Scope::ManagementGroup(..) | Scope::Resource(_) => false,
    }
}

/// Whether the visitor may change them, by the questions that a change asks.
fn may_change(ask: &Ask, id: &ActivationPolicyId) -> Result<bool, Trouble> {
    let scope = Scope::Resource(id.as_resource().clone());
    let write = Action::named("Microsoft.Authorization/roleManagementPolicies/write");
    for action in [write, Action::ROLE_ASSIGNMENTS_WRITE] {
        if !ask.may(&Question { action, scope: scope.clone(), via: Via::Direct })? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn id(scope: &Scope, role: RoleId) -> Result<ActivationPolicyId, Trouble> {
    ActivationPolicy::id_at(scope.clone(), role).map_err(|_| Trouble::Nothing)
}

/// ARM's path of the settings of a role at a scope.
fn path(id: &ActivationPolicyId) -> String {
    below(id.scope(), &format!("{POLICIES}/{}", id.name()))
}

/// What is asked for of that role at that very scope; nothing where nobody has said anything.
async fn said(ask: &Ask, id: &ActivationPolicyId) -> Result<Option<ActivationPolicy>, Trouble> {
    let (plane, wanted) = (ask.plane(), id.clone());
    let work = async |context| policies::get(plane, &context, wanted).await;
    match ask.arm((Get, path(id), VERSION), work).await {
        Ok(found) => Ok(Some(found)),
        Err(Trouble::Refused(Failure::Operation(Error::Activation(Refused::NoPolicy(_))))) => {
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// All that may be activated there, as far as the visitor may know.
async fn offered(ask: &Ask, scope: &Scope) -> Result<Vec<Eligible>, Trouble> {
    let plane = ask.plane();
    let work = async |context| {
        eligibility::list(plane, &context, scope, eligibility::Whose::Everyones).await
    };
    ask.arm((Get, below(scope, ELIGIBLE), VERSION), work).await
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let Some(scope) = scope(&ask)? else {
            return places::show(&ask, places::For::Settings).await;
        };
        if !is_governed(&scope) {
            return Err(Trouble::Garbled(
                "roles have settings at subscriptions and resource groups",
            ));
        }
        let plane = ask.plane();
        let request = (Get, below(&scope, POLICIES), VERSION);
        let found = ask
            .arm(request, async |context| {
                policies::list(plane, &context, &scope, Reach::AtAndAbove).await
            })
            .await?;
        let offered: BTreeSet<RoleId> =
            offered(&ask, &scope).await?.iter().map(|it| it.eligibility.role).collect();
        let places: Vec<Scope> = found.iter().map(|it| it.id.scope().clone()).collect();
        let places: Vec<Scope> = std::iter::once(scope.clone()).chain(places).collect();
        let names = Names::of(&ask, &places).await?;
        let rows = rows(&scope, &offered, &found, &names);
        let (rows, next) = ask.part(rows, ROWS_MAX)?;
        let line = quoted(&format!("{}?api-version={VERSION}", below(&scope, POLICIES)));
        let frame = about(&ask, "Role settings", &scope, &names)
            .await?
            .command("List the settings", format!("az rest --method get --url {line}"));
        let others = operations::offers::roles::offered();
        let first = others.first().map(|(role, _)| id(&scope, *role)).transpose()?;
        Answer::page(&View {
            frame,
            tabs: tabs(&ask, &scope)?,
            is_changeable: first.is_some_and(|id| may_change(&ask, &id).unwrap_or(false)),
            scope: scope.to_string(),
            rows,
            next,
            others,
        })
    })
}

fn rows(
    scope: &Scope,
    offered: &BTreeSet<RoleId>,
    found: &[ActivationPolicy],
    names: &Names,
) -> Vec<Row> {
    let all: BTreeSet<RoleId> =
        found.iter().map(|it| it.role).chain(offered.iter().copied()).collect();
    let row = |role: RoleId| {
        let of_it = found.iter().filter(|it| it.role == role);
        let said = of_it.map(|it| Said {
            at: names.said(it.id.scope()),
            is_inherited: it.id.scope() != scope,
            words: words(it),
        });
        Row {
            role: role_name(role),
            path: Link::Setting(scope, role).to_string(),
            is_offered: offered.contains(&role),
            said: said.filter(|it| !it.words.is_empty()).collect(),
        }
    };
    let mut rows: Vec<Row> = all.into_iter().map(row).collect();
    rows.sort_by(|a, b| a.role.cmp(&b.role));
    rows
}

/// What a policy asks for.
fn words(it: &ActivationPolicy) -> Vec<String> {
    let longest = it
        .minutes_max
        .map(|it| format!("At most {}", lasting(SignedDuration::from_mins(it.into()))));
    let approvers = (!it.approvers.is_empty())
        .then(|| format!("Approval by one of {}", counted(it.approvers.len(), "approver")));
    let proofs = it.asks.iter().map(|it| proof(*it).to_owned());
    longest.into_iter().chain(proofs).chain(approvers).collect()
}
