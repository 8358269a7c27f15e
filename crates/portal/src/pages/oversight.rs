//! Oversight: who can do what where, who could delegate, and what was done.

use std::fmt;

use identity::form::encoded;
use ids::{
    guid::{ObjectId, SubscriptionId},
    scope::Scope,
};

use crate::{
    ask::Ask,
    table::{Row, page},
    trouble::Trouble,
};

mod access;
mod activity;
mod check;
mod delegators;
mod export;
mod given;
mod places;
mod principals;
mod reach;

pub(super) const ROWS: &[Row] = &[
    page("/access", access::show),
    page("/access/delegators", delegators::show),
    page("/access/check", check::show),
    page("/access/reach", reach::show),
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
        };
        write!(f, "{path}?{SCOPE}={}", encoded(&scope.to_string()))
    }
}

/// One of the pages about a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tab {
    name: &'static str,
    path: String,
    is_here: bool,
}

/// All pages about that scope.
fn tabs(ask: &Ask, scope: &Scope) -> Vec<Tab> {
    let tab = |name, link: Link<'_>| {
        let path = link.to_string();
        let is_here = path.split('?').next() == Some(ask.path.as_str());
        Tab { name, path, is_here }
    };
    let mut tabs = vec![tab("Role assignments", Link::Access(scope))];
    if let Some(id) = scope.subscription() {
        tabs.push(tab("Who can delegate", Link::Delegators(id)));
    }
    tabs.push(tab("Check access", Link::Check(Some(scope))));
    if !matches!(scope, Scope::ManagementGroup(..)) {
        tabs.push(tab("Scopes that providers reach", Link::Reach(scope)));
    }
    tabs
}

/// The scope that the query names; none, where it names none.
fn scope(ask: &Ask) -> Result<Option<Scope>, Trouble> {
    let home = ask.visitor()?.principal().tenant;
    let said = ask.query.get(SCOPE).map(|text| Scope::parse(text.trim(), home)).transpose();
    said.map_err(|_| Trouble::Garbled("it names no scope: one is written /subscriptions/…"))
}

/// ARM's path of something at a scope.
fn below(scope: &Scope, rest: &str) -> String {
    let scope = scope.to_string();
    let words = scope.split('/').filter(|it| !it.is_empty());
    words.fold(String::new(), |path, word| format!("{path}/{}", encoded(word))) + rest
}

/// A scope as people say it.
fn said(scope: &Scope) -> String {
    match scope {
        Scope::Tenant(_) => "The whole directory".to_owned(),
        Scope::ManagementGroup(_, name) => format!("Management group {name}"),
        Scope::Subscription(id) => format!("Subscription {id}"),
        Scope::ResourceGroup(_, name) => format!("Resource group {name}"),
        Scope::Resource(id) => format!("{} {}", id.kind(), id.name()),
    }
}

/// Text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
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

    #[test]
    fn a_shell_reads_a_scope_as_one_word() {
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
    }
}
