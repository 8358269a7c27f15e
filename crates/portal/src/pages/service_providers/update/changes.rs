//! What a newer version changes, as a page shows it: for whom, in words, with the actions behind.

use std::collections::BTreeMap;

use ids::guid::{ObjectId, Principal, RoleId};
use market::{
    difference::{Change, Difference, Overall},
    rights::{Activation, Rights},
    secrets,
};
use model::{
    delegation::{Hurdle, MultiFactor},
    market::manifest::Manifest,
};
use operations::acceptance::compare::Compared;

use super::super::grants::REVEALS_MAX;
use crate::words::{Id, counted};

/// So many operations of one resource provider are named; all of them are told by the API.
const NAMED_MAX: usize = 12;

/// All that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) accepted: String,
    pub(super) waits: String,
    /// The kind of the state, and its word.
    pub(super) kind: &'static str,
    pub(super) word: &'static str,
    pub(super) words: &'static str,
    pub(super) people: Vec<Person>,
}

/// Somebody of the provider's for whom something changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) id: Id,
    /// The roles of the version in force, and of the one that waits.
    pub(super) had: String,
    pub(super) gets: String,
    pub(super) changes: Vec<One>,
}

/// What somebody may do now and could not, or could and may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct One {
    pub(super) is_more: bool,
    pub(super) words: String,
    pub(super) reveals: Vec<String>,
    pub(super) more_reveal: usize,
    pub(super) gives: Vec<String>,
    pub(super) ends: bool,
    pub(super) many: String,
    pub(super) providers: Vec<Provider>,
}

/// The operations of one resource provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Provider {
    pub(super) name: String,
    pub(super) many: String,
    pub(super) named: Vec<String>,
    pub(super) more: usize,
}

/// What a role is called.
type RoleName<'a> = &'a dyn Fn(RoleId) -> Option<String>;

pub(super) fn changes(compared: &Compared, found: &Difference<'_>, role: RoleName<'_>) -> Changes {
    let (kind, word, words) = match found.overall() {
        Overall::Same => ("good", "The same", "Everybody may do what they could do before."),
        Overall::Narrower => ("good", "Narrower", "Some may do less, and nobody more."),
        Overall::Wider => ("wait", "Wider", "Some may do more, and nobody less."),
        Overall::Both => ("wait", "Wider and narrower", "Some may do more, and some less."),
    };
    let person = |(who, change): (&Principal, &Change<'_>)| {
        let name = compared.after.name_of(who.object).or(compared.before.name_of(who.object));
        let approver = |who: ObjectId| approver(compared, who);
        let name = name.unwrap_or_default().to_owned();
        Person {
            name,
            id: Id::new(who.object),
            had: roles(&compared.before, *who, role),
            gets: roles(&compared.after, *who, role),
            changes: of(change, role, &approver),
        }
    };
    Changes {
        accepted: compared.accepted.to_string(),
        waits: compared.waits.to_string(),
        kind,
        word,
        words,
        people: found.changes.iter().map(person).collect(),
    }
}

/// What somebody's roles in a manifest are called. The same id elsewhere is somebody else.
fn roles(manifest: &Manifest, who: Principal, role: RoleName<'_>) -> String {
    let is_theirs = |object: ObjectId| manifest.tenant == who.tenant && object == who.object;
    let name = |id: RoleId| role(id).unwrap_or_else(|| id.to_string());
    let always = manifest.authorizations.iter().filter(|it| is_theirs(it.principal));
    let always = always.map(|it| name(it.role));
    let eligible = manifest.eligible.iter().filter(|it| is_theirs(it.principal));
    let eligible = eligible.map(|it| format!("{} when activated", name(it.role)));
    let all = always.chain(eligible).collect::<Vec<_>>().join(", ");
    if all.is_empty() { "nothing".to_owned() } else { all }
}

fn approver(compared: &Compared, who: ObjectId) -> String {
    let eligible = compared.after.eligible.iter().chain(&compared.before.eligible);
    let mut all = eligible.filter_map(|it| it.policy.as_ref()).flat_map(|it| &it.approvers);
    let name = all.find(|it| it.principal == who).and_then(|it| it.display_name.clone());
    name.unwrap_or_else(|| who.to_string())
}

fn of(change: &Change<'_>, role: RoleName<'_>, approver: &dyn Fn(ObjectId) -> String) -> Vec<One> {
    let always = [
        (&change.gained, true, "May always do what they could not"),
        (&change.lost, false, "May not always do what they could"),
    ];
    let always = always.into_iter().filter(|(rights, ..)| !rights.is_empty());
    let always = always.map(|(rights, more, words)| one(rights, more, words.to_owned(), role));
    let activated = [
        (&change.easier, true, "May do, or do more easily,"),
        (&change.harder, false, "May not do, or less easily,"),
    ];
    let activated = activated.into_iter().flat_map(|(all, more, words)| {
        all.iter().map(move |(id, Activation { hurdle, rights })| {
            let name = role(*id).unwrap_or_else(|| id.to_string());
            let how = told(hurdle, approver);
            one(rights, more, format!("{words} by activating {name} ({how})"), role)
        })
    });
    always.chain(activated).collect()
}

fn told(hurdle: &Hurdle, approver: &dyn Fn(ObjectId) -> String) -> String {
    let factor = match hurdle.multi_factor {
        MultiFactor::Azure => "with a second factor",
        MultiFactor::None => "without a second factor",
    };
    let approvers: Vec<String> = hurdle.approvers.iter().map(|it| approver(*it)).collect();
    let approval = if approvers.is_empty() {
        "without approval".to_owned()
    } else {
        format!("approved by {}", approvers.join(" or "))
    };
    format!("at most {} minutes, {factor}, {approval}", hurdle.minutes_max)
}

fn one(rights: &Rights<'_>, is_more: bool, words: String, role: RoleName<'_>) -> One {
    let mut providers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for operation in &rights.operations {
        let (namespace, name) = operation.split_once('/').unwrap_or((operation, ""));
        providers.entry(namespace).or_default().push(name);
    }
    let provider = |(name, all): (&str, Vec<&str>)| Provider {
        name: name.to_owned(),
        many: counted(all.len(), "operation"),
        more: all.len().saturating_sub(NAMED_MAX),
        named: all.into_iter().take(NAMED_MAX).map(str::to_owned).collect(),
    };
    let reveals: Vec<_> = rights.operations.iter().filter(|it| secrets::reveals(it)).collect();
    One {
        is_more,
        words,
        more_reveal: reveals.len().saturating_sub(REVEALS_MAX),
        reveals: reveals.into_iter().take(REVEALS_MAX).map(|it| (*it).to_owned()).collect(),
        gives: rights.gives.iter().map(|it| role(*it).unwrap_or(it.to_string())).collect(),
        ends: rights.leaves,
        many: counted(rights.operations.len(), "operation"),
        providers: providers.into_iter().map(provider).collect(),
    }
}
