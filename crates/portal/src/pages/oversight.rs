//! Oversight: who can do what where, who could delegate, and what was done.

use std::fmt;

use identity::form::encoded;
use ids::{
    guid::{ObjectId, RoleId, SubscriptionId},
    scope::Scope,
};
use model::{
    action::Action,
    question::{Question, Via},
};

use self::names::Names;
use crate::{
    ask::Ask,
    frame::Frame,
    table::{Row, form, page},
    trouble::Trouble,
};

mod access;
mod active;
mod activity;
mod check;
mod delegators;
mod export;
mod given;
mod names;
mod places;
mod reach;
mod settings;

pub(super) const ROWS: &[Row] = &[
    page("/access", access::show),
    page("/access/delegators", delegators::show),
    page("/access/check", check::show),
    page("/access/reach", reach::show),
    page("/access/settings", settings::show),
    page("/access/settings/role", settings::role::show),
    form("/access/settings/role", settings::role::send),
    page("/activity", activity::show),
    page("/activity/export", export::save),
];

/// What names the scope that a page is about.
const SCOPE: &str = "scope";

/// The pages of oversight.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Link<'a> {
    /// To choose a scope.
    Places,
    Access(&'a Scope),
    Delegators(SubscriptionId),
    Check(Option<&'a Scope>),
    /// To choose what one of the own directory is asked for.
    CheckOf(ObjectId),
    Reach(&'a Scope),
    Settings(&'a Scope),
    Setting(&'a Scope, RoleId),
    ActivityOf(SubscriptionId),
}

impl fmt::Display for Link<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, scope) = match self {
            Self::Places => return write!(f, "/access"),
            Self::Check(None) => return write!(f, "/access/check"),
            Self::CheckOf(who) => return write!(f, "/access/check?who={who}"),
            Self::ActivityOf(id) => return write!(f, "/activity?for={id}"),
            Self::Delegators(id) => ("/access/delegators", &Scope::Subscription(*id)),
            Self::Access(scope) => ("/access", *scope),
            Self::Check(Some(scope)) => ("/access/check", *scope),
            Self::Reach(scope) => ("/access/reach", *scope),
            Self::Settings(scope) => ("/access/settings", *scope),
            Self::Setting(scope, role) => {
                let scope = encoded(&scope.to_string());
                return write!(f, "/access/settings/role?{SCOPE}={scope}&role={role}");
            }
        };
        write!(f, "{path}?{SCOPE}={}", encoded(&scope.to_string()))
    }
}

impl Link<'_> {
    /// Where it leads, for a visitor to whom the page there is open.
    pub(crate) fn open(self, ask: &Ask) -> Result<Option<String>, Trouble> {
        let (action, scope, via) = match self {
            Self::Places | Self::Check(None) | Self::CheckOf(_) | Self::ActivityOf(_) => {
                return Ok(Some(self.to_string()));
            }
            Self::Access(scope) => (Action::ROLE_ASSIGNMENTS_READ, scope.clone(), Via::Any),
            Self::Check(Some(scope)) => (Action::ROLE_ASSIGNMENTS_READ, scope.clone(), Via::Direct),
            Self::Delegators(id) => {
                (Action::ROLE_ASSIGNMENTS_READ, Scope::Subscription(id), Via::Direct)
            }
            Self::Settings(scope) | Self::Setting(scope, _) => {
                let is_open = settings::is_governed(scope) && ask.may(&settings::reading(scope))?;
                return Ok(is_open.then(|| self.to_string()));
            }
            Self::Reach(Scope::Tenant(_)) => return Ok(Some(self.to_string())),
            Self::Reach(Scope::ManagementGroup(..)) => return Ok(None),
            Self::Reach(scope) => (DELEGATIONS_READ, delegable(scope), Via::Any),
        };
        Ok(ask.may(&Question { action, scope, via })?.then(|| self.to_string()))
    }
}

/// What the picture of what providers reach is asked by.
const DELEGATIONS_READ: Action =
    Action::known("Microsoft.ManagedServices/registrationAssignments/read");

/// What of a scope can be delegated: the whole of it, or the resource group around it.
fn delegable(scope: &Scope) -> Scope {
    match (scope.subscription(), scope.resource_group()) {
        (Some(id), Some(group)) => Scope::ResourceGroup(id, group.clone()),
        (Some(id), None) => Scope::Subscription(id),
        (None, _) => scope.clone(),
    }
}

/// The frame of a page about a scope: below the page of who holds what there.
async fn about(ask: &Ask, title: &str, scope: &Scope, names: &Names) -> Result<Frame, Trouble> {
    let frame = headed(ask, title, scope, names).await?;
    let name = name(&frame, scope, names);
    crumb(ask, frame, scope, name)
}

/// The same, below what is around the scope.
async fn headed(ask: &Ask, title: &str, scope: &Scope, names: &Names) -> Result<Frame, Trouble> {
    let frame = ask.frame(title).await?.below("Access control (IAM)", Link::Places);
    let name = name(&frame, scope, names);
    let mut frame = frame.about(&name);
    for around in around(scope) {
        let name = names.name(&around);
        frame = crumb(ask, frame, &around, name)?;
    }
    Ok(frame)
}

/// What the id of a scope says that it is in, the outermost first.
fn around(scope: &Scope) -> Vec<Scope> {
    let inside = scope.subscription().map(|id| {
        let group = scope.resource_group().cloned();
        let group = group.map(|group| Scope::ResourceGroup(id, group));
        std::iter::once(Scope::Subscription(id)).chain(group)
    });
    inside.into_iter().flatten().filter(|it| it != scope).collect()
}

/// A crumb that leads to the page of who holds what there, where that is open to the visitor.
fn crumb(ask: &Ask, frame: Frame, scope: &Scope, name: String) -> Result<Frame, Trouble> {
    Ok(match Link::Access(scope).open(ask)? {
        Some(path) => frame.below(name, path),
        None => frame,
    })
}

/// What a scope is called in a heading: the whole directory by its own name.
fn name(frame: &Frame, scope: &Scope, names: &Names) -> String {
    match (scope, &frame.person) {
        (Scope::Tenant(_), Some(person)) if !person.directory.is_empty() => {
            person.directory.clone()
        }
        (
            Scope::Tenant(_)
            | Scope::ManagementGroup(..)
            | Scope::Subscription(_)
            | Scope::ResourceGroup(..)
            | Scope::Resource(_),
            _,
        ) => names.name(scope),
    }
}

/// One of the pages about a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tab {
    name: &'static str,
    path: String,
    is_here: bool,
}

/// All pages about that scope that are open to the visitor.
fn tabs(ask: &Ask, scope: &Scope) -> Result<Vec<Tab>, Trouble> {
    let mut all = vec![("Role assignments", Link::Access(scope))];
    all.extend(scope.subscription().map(|id| ("Who can delegate", Link::Delegators(id))));
    all.push(("Check access", Link::Check(Some(scope))));
    all.push(("Scopes that providers reach", Link::Reach(scope)));
    all.push(("Role settings", Link::Settings(scope)));
    let mut tabs = Vec::with_capacity(all.len());
    for (name, link) in all {
        let Some(path) = link.open(ask)? else { continue };
        let is_here = path.split('?').next() == Some(ask.path.as_str());
        tabs.push(Tab { name, path, is_here });
    }
    Ok(tabs)
}

/// The scope that the query names; none, where it names none.
fn scope(ask: &Ask) -> Result<Option<Scope>, Trouble> {
    let home = ask.visitor()?.principal().tenant;
    let said = ask.query.get(SCOPE).map(|text| Scope::parse(text.trim(), home)).transpose();
    said.map_err(|_| Trouble::Garbled("it names no scope: one is written /subscriptions/…"))
}

/// ARM's path of something at a scope.
pub(super) fn below(scope: &Scope, rest: &str) -> String {
    let scope = scope.to_string();
    let words = scope.split('/').filter(|it| !it.is_empty());
    words.fold(String::new(), |path, word| format!("{path}/{}", encoded(word))) + rest
}

#[cfg(test)]
mod tests {
    use model::samples::{resource_group, whole};

    use super::*;

    #[test]
    fn a_scope_is_one_field_of_a_link_and_one_path_of_arm() {
        let group = resource_group("a(b)");
        let link = Link::Access(&group).to_string();
        assert!(link.ends_with("resourceGroups%2Fa%28b%29"), "{link}");
        assert!(below(&group, "/x").ends_with("/resourceGroups/a%28b%29/x"));
        assert_eq!(below(&whole(), ""), whole().to_string());
        let root = Scope::Tenant(model::samples::CUSTOMER);
        assert_eq!(below(&root, "/providers/x"), "/providers/x");
    }
}
