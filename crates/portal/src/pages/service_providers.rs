//! *Service providers*: what a customer was offered and delegated, what providers did, and how all
//! of that is ended.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use delegation::dialect::Dialect;
use identity::form::encoded;
use ids::{
    guid::{SubscriptionId, TenantId},
    resource::{AssignmentId, DefinitionId, DeploymentId, ResourceId},
    scope::Scope,
};
use model::{action::Action, delegation::Definition, question::Question};
use operations::{
    context::Context,
    delegation::{Shown, read},
    subscriptions,
};

use crate::{
    ask::Ask,
    table::{Row, form, page, upload},
    trouble::Trouble,
};
use arm::request::Method::Get;

mod activity;
mod add;
mod delegate;
mod delegations;
mod end;
mod grants;
mod offer;
mod offers;
mod remove;
mod rule;
mod update;

pub(super) const ROWS: &[Row] = &[
    page("/service-providers", offers::page),
    page("/service-providers/offers/{}/{}", offer::page),
    page("/service-providers/offers/{}/{}/delegate", delegate::page),
    form("/service-providers/offers/{}/{}/delegate", delegate::send),
    page("/service-providers/offers/{}/{}/update", update::page),
    form("/service-providers/offers/{}/{}/update", update::send),
    page("/service-providers/offers/{}/{}/remove", remove::page),
    form("/service-providers/offers/{}/{}/remove", remove::send),
    page("/service-providers/delegations", delegations::page),
    page("/service-providers/delegations/{}/{}/end", end::page),
    form("/service-providers/delegations/{}/{}/end", end::send),
    page("/service-providers/add", add::page),
    upload("/service-providers/add", add::BYTES_MAX, add::send),
    page("/service-providers/add/{}/{}", add::result::page),
    page("/service-providers/activity", activity::page),
    page("/service-providers/activity/{}", activity::of_subscription),
];

/// The api-version of Microsoft.ManagedServices that the pages stand for.
const DELEGATIONS: &str = "2022-10-01";
/// That of Fyr's own types.
const OWN: &str = "2026-12-01";
/// That of subscriptions and resource groups.
const SCOPES: &str = "2021-01-01";

/// Every place of this area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Link {
    Offers,
    Offer(DefinitionId),
    Delegate(DefinitionId),
    Update(DefinitionId),
    Remove(DefinitionId),
    Delegations,
    End(AssignmentId),
    Activity,
    ActivityOf(SubscriptionId),
    Add,
    Added(DeploymentId),
}

/// An id of a subscription's as the two keys that stand for it.
struct Keys<'a>(&'a ResourceId);

impl fmt::Display for Keys<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subscription = self.0.scope().subscription();
        write!(f, "{}/{}", subscription.map(|it| it.to_string()).unwrap_or_default(), self.0.name())
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("/service-providers")?;
        match self {
            Self::Offers => Ok(()),
            Self::Offer(id) => write!(f, "/offers/{}", Keys(id)),
            Self::Delegate(id) => write!(f, "/offers/{}/delegate", Keys(id)),
            Self::Update(id) => write!(f, "/offers/{}/update", Keys(id)),
            Self::Remove(id) => write!(f, "/offers/{}/remove", Keys(id)),
            Self::Delegations => f.write_str("/delegations"),
            Self::End(id) => {
                write!(f, "/delegations/{}/end", Keys(id))?;
                let group = id.scope().resource_group();
                group.map_or(Ok(()), |group| write!(f, "?group={}", encoded(group.as_str())))
            }
            Self::Add => f.write_str("/add"),
            Self::Added(id) => write!(f, "/add/{}", Keys(id)),
            Self::Activity => f.write_str("/activity"),
            Self::ActivityOf(id) => write!(f, "/activity/{id}"),
        }
    }
}

/// The definition that the path names.
fn definition_id(ask: &Ask) -> Result<DefinitionId, Trouble> {
    let scope = Scope::Subscription(ask.parsed(0)?);
    DefinitionId::at(scope, ask.parsed(1)?).map_err(|_| Trouble::Nothing)
}

/// The subscription that an id of this area is of.
fn subscription(id: &ResourceId) -> Result<SubscriptionId, Trouble> {
    id.scope().subscription().ok_or(Trouble::Nothing)
}

/// The definition, as the API shows it.
async fn definition(ask: &Ask, id: &DefinitionId) -> Result<Shown<Definition>, Trouble> {
    let (plane, wanted) = (ask.plane(), id.clone());
    let work = |context: Context| async move {
        read::definition(plane, &context, wanted, Dialect::Eligible).await
    };
    ask.arm((Get, id.to_string(), DELEGATIONS), work).await
}

/// The visitor looking at all that is theirs, item by item.
pub(super) fn everywhere(ask: &Ask) -> Result<Context, Trouble> {
    let scope = Scope::Tenant(ask.visitor()?.principal().tenant);
    ask.context("GET", Question::any(Action::SUBSCRIPTIONS_READ, scope))
}

/// What those subscriptions are called; by its id, where the visitor sees none of that name.
async fn names(
    ask: &Ask,
    ids: impl Iterator<Item = SubscriptionId>,
) -> Result<BTreeMap<SubscriptionId, String>, Trouble> {
    let context = everywhere(ask)?;
    let mut names = BTreeMap::new();
    for id in ids.collect::<BTreeSet<_>>() {
        let found = subscriptions::get(ask.plane(), &context, id).await;
        let name = found.map(|it| it.subscription.display_name);
        names.insert(id, name.unwrap_or_else(|_| id.to_string()));
    }
    Ok(names)
}

/// What a subscription or a resource group of it is called.
fn place(scope: &Scope, names: &BTreeMap<SubscriptionId, String>) -> String {
    let subscription = scope.subscription().and_then(|id| names.get(&id));
    let subscription = subscription.cloned().unwrap_or_default();
    match scope.resource_group() {
        Some(group) => format!("{group} ({subscription})"),
        None => subscription,
    }
}

/// What a provider is called.
fn provider(name: Option<&String>, tenant: TenantId) -> String {
    name.cloned().unwrap_or_else(|| tenant.to_string())
}

/// What an offer is called.
fn offer_name(definition: &Definition) -> String {
    let unnamed = || definition.id.name().to_string();
    definition.name.clone().filter(|it| !it.trim().is_empty()).unwrap_or_else(unnamed)
}
