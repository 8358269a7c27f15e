//! The rules of the decision, one by one, by the cases that the contracts name.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code, whose builders stand beside the tests"
)]

mod account;
mod conditions;
mod cover;
mod delegated;
mod direct;
mod directory;
mod escalation;
mod in_time;
mod in_time_own;
mod index;
mod late;
mod limits;
mod permit;

use access::{
    catalogue::Catalogue,
    index::Index,
    verdict::{Refusal, Verdict},
};
use ids::{
    clock::Revision,
    guid::{Principal, RoleId},
    name::Name,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::{Assignment, Authorization, Definition},
    directory::{Group, GroupKind, User, UserKind},
    question::{Question, Via},
    samples::{self, ADA, CUSTOMER, OLOF, OWNER, PROVIDER, SUBSCRIPTION, TIER1},
    settings::{Profile, Settings},
};
use uuid::Uuid;

pub(crate) const READ: Action = Action::known("Microsoft.Storage/storageAccounts/read");
pub(crate) const WRITE: Action = Action::known("Microsoft.Storage/storageAccounts/write");
pub(crate) const DELETE: Action = Action::known("Microsoft.Storage/storageAccounts/delete");
pub(crate) const KEYS: Action = Action::known("Microsoft.Storage/storageAccounts/listKeys/action");

pub(crate) const NO_GRANT: Verdict = Verdict::Refused(Refusal::NoGrant);

pub(crate) fn put(noun: Noun) -> Change {
    Change::Put(noun)
}

/// Contoso with its owner and its subscription; Fabrikam with Ada, who is in Tier 1. Nothing
/// is delegated yet.
pub(crate) fn people() -> Vec<Change> {
    [
        Noun::Settings(settings(Profile::Strict)),
        Noun::Tenant(samples::tenant(CUSTOMER, "contoso")),
        Noun::Tenant(samples::tenant(PROVIDER, "fabrikam")),
        Noun::User(samples::user(OLOF, "olof")),
        Noun::User(samples::user(ADA, "ada")),
        Noun::Group(samples::group(TIER1, "tier1")),
        Noun::Membership(samples::membership(TIER1, ADA)),
        Noun::Subscription(samples::subscription(SUBSCRIPTION, CUSTOMER)),
        granted(samples::whole(), OLOF, OWNER),
    ]
    .map(put)
    .into()
}

/// The same, and Fabrikam's offer accepted for the whole subscription.
pub(crate) fn delegated() -> Vec<Change> {
    let nouns = [
        Noun::Definition(samples::definition(SUBSCRIPTION)),
        Noun::Assignment(samples::assignment(samples::whole())),
    ];
    people().into_iter().chain(nouns.map(put)).collect()
}

pub(crate) fn settings(profile: Profile) -> Settings {
    Settings { profile, ..Settings::default() }
}

pub(crate) fn granted(scope: Scope, who: Principal, role: RoleId) -> Noun {
    Noun::RoleAssignment(samples::role_assignment(scope, who, role))
}

pub(crate) fn guid(n: u128) -> Name {
    Uuid::from_u128(n).to_string().parse().unwrap()
}

/// A definition of Fabrikam's of that name, with these authorizations.
pub(crate) fn offer(n: u128, authorizations: &[Authorization]) -> Definition {
    Definition {
        id: DefinitionId::at(samples::whole(), guid(n)).unwrap(),
        authorizations: authorizations.to_vec(),
        ..samples::definition(SUBSCRIPTION)
    }
}

/// Its acceptance at a scope.
pub(crate) fn accepted(definition: &Definition, scope: Scope) -> Assignment {
    Assignment {
        id: AssignmentId::at(scope.clone(), definition.id.name().clone()).unwrap(),
        definition: definition.id.clone(),
        managed_by: definition.managed_by,
        ..samples::assignment(scope)
    }
}

pub(crate) fn member(group: Principal, who: Principal) -> Noun {
    Noun::Membership(samples::membership(group, who))
}

pub(crate) fn group(who: Principal, kind: GroupKind) -> Noun {
    Noun::Group(Group { kind, ..samples::group(who, "group") })
}

pub(crate) fn guest(who: Principal) -> Noun {
    Noun::User(User { kind: UserKind::Guest { home: ADA }, ..samples::user(who, "guest") })
}

pub(crate) fn index(changes: &[Change]) -> Index {
    Index::new(Catalogue::builtin()).after(changes, Revision(1))
}

/// The index of these changes and then these nouns.
pub(crate) fn with(changes: Vec<Change>, nouns: impl IntoIterator<Item = Noun>) -> Index {
    let changes: Vec<Change> = changes.into_iter().chain(nouns.into_iter().map(put)).collect();
    index(&changes)
}

pub(crate) fn ask(index: &Index, who: Principal, action: Action, scope: &Scope) -> Verdict {
    index.check(who, &Question::any(action, scope.clone()), samples::now())
}

pub(crate) fn may(index: &Index, who: Principal, action: Action, scope: &Scope) -> bool {
    ask(index, who, action, scope).is_allowed()
}

pub(crate) fn ask_via(
    index: &Index,
    who: Principal,
    action: Action,
    scope: &Scope,
    via: Via,
) -> Verdict {
    index.check(who, &Question { action, scope: scope.clone(), via }, samples::now())
}

/// A resource of Contoso's.
pub(crate) fn account(group: &str) -> Scope {
    let group = samples::resource_group(group);
    let path = format!("{group}/providers/Microsoft.Storage/storageAccounts/data");
    Scope::parse(&path, CUSTOMER).unwrap()
}
