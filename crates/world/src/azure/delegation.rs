//! What providers were trusted with.

use ids::{
    guid::{ObjectId, TenantId},
    resource::{AssignmentId, DefinitionId, ResourceId},
};
use model::delegation::{
    Approver, Assignment, Authorization, Definition, EligibleAuthorization, JustInTimePolicy,
    MultiFactor,
};
use serde_json::Value as Json;

use super::{
    collect::{Collected, made},
    item::{Item, Kind, text},
    roles::role_of,
};

/// The longest activation, where nothing else is said.
const MINUTES_MAX: u32 = 480;

impl Collected {
    /// One row of `az managedservices definition list`.
    pub(super) fn definition(&mut self, item: &Item) {
        if item.kind != Kind::Definition {
            return;
        }
        let Some(managed_by) = item.id::<TenantId>("managedByTenantId") else {
            return self.note(item, "a definition without a managing tenant is left out");
        };
        let id = self.at_home::<DefinitionId>(item, item.text("id"));
        let Some(id) = id else { return };
        self.tenant(managed_by, item.text("managedByTenantName"), None);
        if let Some(home) = item.id::<TenantId>("manageeTenantId") {
            self.tenant(home, item.text("manageeTenantName"), None);
        }
        let authorizations = item.list("authorizations").iter().filter_map(authorization).collect();
        let eligible = item.list("eligibleAuthorizations").iter().filter_map(eligible).collect();
        let definition = Definition {
            managed_by,
            name: item.text("registrationDefinitionName").map(str::to_owned),
            description: item.text("description").map(str::to_owned),
            authorizations,
            eligible,
            accepted: None,
            system_data: made(),
            id,
        };
        self.definitions.insert(definition.id.key(), definition);
    }

    /// One row of `az managedservices assignment list`, with the definition inside or without.
    pub(super) fn assignment(&mut self, item: &Item) {
        if item.kind != Kind::Assignment {
            return;
        }
        if let Some(inner) = item.inner("registrationDefinition") {
            self.definition(&inner);
        }
        let id = self.at_home::<AssignmentId>(item, item.text("id"));
        let definition = item.text("registrationDefinitionId");
        let (Some(id), Some(definition), Some(own)) = (id, definition, self.own) else { return };
        let definition = ResourceId::parse(definition, own).ok();
        let definition = definition.and_then(|id| self.definitions.get(&id.key()));
        let Some(definition) = definition.cloned() else {
            return self.note(
                item,
                "an assignment is left out: no file has its definition; \
                 `az managedservices assignment list --include-definition` does",
            );
        };
        let scope = id.scope().to_string();
        if self.place(item, &scope).is_none() {
            return;
        }
        let assignment = Assignment {
            definition_as_sent: definition.id.to_string(),
            definition: definition.id,
            managed_by: definition.managed_by,
            partner: None,
            period: None,
            system_data: made(),
            id,
        };
        self.assignments.insert(assignment.id.key(), assignment);
    }

    /// An id in a subscription that is listed.
    fn at_home<T: TryFrom<ResourceId>>(&mut self, item: &Item, id: Option<&str>) -> Option<T> {
        let found = self.own.and_then(|own| ResourceId::parse(id?, own).ok());
        let at_home = found.filter(|id| self.home(id.scope()).is_some());
        let typed = at_home.and_then(|id| T::try_from(id).ok());
        if typed.is_none() {
            self.note(item, "it is left out: it is in no subscription that is listed");
        }
        typed
    }
}

fn authorization(value: &Json) -> Option<Authorization> {
    let delegated = value.get("delegatedRoleDefinitionIds").and_then(Json::as_array);
    Some(Authorization {
        principal: principal(value)?,
        role: role_of(text(value.get("roleDefinitionId")?)?)?,
        display_name: display_name(value),
        delegated_roles: delegated
            .map(|all| all.iter().filter_map(|it| role_of(text(it)?)).collect()),
    })
}

fn eligible(value: &Json) -> Option<EligibleAuthorization> {
    let policy = value.get("justInTimeAccessPolicy").filter(|it| it.is_object());
    Some(EligibleAuthorization {
        principal: principal(value)?,
        role: role_of(text(value.get("roleDefinitionId")?)?)?,
        display_name: display_name(value),
        policy: policy.map(self::policy),
    })
}

fn policy(value: &Json) -> JustInTimePolicy {
    let factor = value.get("multiFactorAuthProvider").and_then(text);
    let approvers = value.get("managedByTenantApprovers").and_then(Json::as_array);
    let approver = |value: &Json| {
        Some(Approver { principal: principal(value)?, display_name: display_name(value) })
    };
    JustInTimePolicy {
        multi_factor: if factor == Some("Azure") { MultiFactor::Azure } else { MultiFactor::None },
        minutes_max: value
            .get("maximumActivationDuration")
            .and_then(text)
            .and_then(minutes)
            .unwrap_or(MINUTES_MAX),
        approvers: approvers.into_iter().flatten().filter_map(approver).collect(),
    }
}

/// `PT8H`, or `8:00:00` as az prints it.
fn minutes(text: &str) -> Option<u32> {
    if let Ok(length) = text.parse::<jiff::SignedDuration>() {
        return u32::try_from(length.as_mins()).ok();
    }
    let mut parts = text.split(':').map(|part| part.parse::<u32>().ok());
    let (hours, minutes) = (parts.next()??, parts.next()??);
    hours.checked_mul(60)?.checked_add(minutes)
}

fn principal(value: &Json) -> Option<ObjectId> {
    text(value.get("principalId")?)?.parse().ok()
}

fn display_name(value: &Json) -> Option<String> {
    Some(text(value.get("principalIdDisplayName")?)?.to_owned())
}
