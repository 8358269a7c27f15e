//! Answers to questions about access, as this API and the commands show them.

use access::{index::PrincipalKind, verdict::Through};
use ids::scope::Scope;
use model::{question::Via, role::Permission};
use operations::questions::{
    Told,
    check::Asked,
    scopes_of::Scopes,
    who_can::{Who, WhoCan},
};
use wire::{
    access::{
        GroupBody,
        questions::{
            AnsweredBody, AsOfBody, CheckedBody, HolderBody, ScopesOfBody, WhatCanBody, WhoCanBody,
        },
    },
    arm::roles::{PermissionBody, role_id},
};

/// Of which facts an answer is.
pub(crate) fn as_of<T>(told: &Told<T>) -> AsOfBody {
    AsOfBody {
        revision: told.revision.0,
        moment: told.moment,
        built_in_roles_are_newer: told.roles_are_newer,
    }
}

/// Each question with its answer.
pub fn checked(asked: &[Asked], told: &Told<Vec<bool>>) -> CheckedBody {
    let answered = |(Asked { who, question }, is_allowed): (&Asked, &bool)| AnsweredBody {
        principal_id: who.object.to_string(),
        action: question.action.to_string(),
        is_data_action: question.via == Via::Data,
        scope: question.scope.to_string(),
        is_allowed: *is_allowed,
    };
    CheckedBody { as_of: as_of(told), value: asked.iter().zip(&told.value).map(answered).collect() }
}

/// Everybody who may.
pub fn who_can(told: Told<WhoCan>) -> WhoCanBody {
    let (as_of, WhoCan { found, is_cut }) = (as_of(&told), told.value);
    WhoCanBody { as_of, value: found.into_iter().map(holder).collect(), is_cut }
}

fn holder(it: Who) -> HolderBody {
    let (source, id) = source(&it.through);
    let group = |(group, display_name): (ids::guid::Principal, Option<String>)| GroupBody {
        id: group.object.to_string(),
        display_name,
    };
    HolderBody {
        principal_id: it.principal.object.to_string(),
        tenant_id: it.principal.tenant.to_string(),
        principal_type: it.kind.map(|it| kind(it).to_owned()),
        display_name: it.name,
        source: source.to_owned(),
        id,
        role_definition_id: role_id(it.role, it.scope.subscription()),
        role_name: it.role_name,
        scope: it.scope.to_string(),
        groups: it.groups.into_iter().map(group).collect(),
    }
}

fn kind(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::User | PrincipalKind::Guest { .. } => "User",
        PrincipalKind::Group(_) => "Group",
        PrincipalKind::Application | PrincipalKind::ManagedIdentity => "ServicePrincipal",
    }
}

/// What kind of grant it is, and its id, where it has one.
pub(crate) fn source(through: &Through) -> (&'static str, Option<String>) {
    match through {
        Through::Assignment(id) => ("RoleAssignment", Some(id.to_string())),
        Through::Delegation(id) => ("Delegation", Some(id.to_string())),
        Through::Activation(id) => ("Activation", Some(id.to_string())),
        Through::Eligibility(id) => ("Eligibility", Some(id.to_string())),
        Through::Party(id) => ("ActivationParty", Some(id.to_string())),
        Through::Directory(_) => ("DirectoryRole", None),
        Through::Owner(_) => ("Owner", None),
        Through::Account(_) => ("PublisherAccount", None),
        Through::System(_) => ("System", None),
    }
}

/// What somebody holds.
pub fn what_can(told: Told<Vec<Permission>>) -> WhatCanBody {
    let as_of = as_of(&told);
    WhatCanBody { as_of, value: told.value.into_iter().map(PermissionBody::from).collect() }
}

/// Where somebody may.
pub fn scopes_of(told: Told<Scopes>) -> ScopesOfBody {
    let (as_of, Scopes { found, is_cut }) = (as_of(&told), told.value);
    ScopesOfBody { as_of, value: found.iter().map(Scope::to_string).collect(), is_cut }
}
