//! Statuses and codes for what roles, locks and the activity log refuse.

use operations::{
    activation, activity, locks, management_groups, partners, questions,
    roles::{self, definitions, denials},
    tags,
};
use policy::kind::Kind;
use wire::arm::error::ErrorDetail;

use crate::failure;

/// A role that was not assigned, or an assignment that stays.
pub(crate) fn role(refused: &roles::Refused) -> (u16, &'static str) {
    use roles::Refused;
    match refused {
        Refused::NotAGuid(_) => (400, "InvalidRoleAssignmentId"),
        Refused::Exists(_) => (409, "RoleAssignmentExists"),
        Refused::UpdateNotPermitted => (400, "RoleAssignmentUpdateNotPermitted"),
        Refused::NoPrincipal(_) => (400, "PrincipalNotFound"),
        Refused::OtherType { .. } => (400, "UnmatchedPrincipalType"),
        Refused::NoRole(_) => (400, "RoleDefinitionDoesNotExist"),
        Refused::DataOutsideSubscription(_) => (400, "RoleDefinitionScopeNotSupported"),
        Refused::LimitExceeded(_) => (400, "RoleAssignmentLimitExceeded"),
        Refused::ConditionVersion(_) => (400, "InvalidConditionVersion"),
        Refused::Condition(_) => (400, "InvalidRoleAssignmentCondition"),
        Refused::TooLong(..) => (400, "InvalidRequestContent"),
        Refused::Delegated(_) => (403, "AuthorizationFailed"),
        Refused::LastAdmin => (400, "RoleAssignmentDeleteNotPermitted"),
        Refused::NotFound(_) => (404, "RoleAssignmentNotFound"),
        Refused::NoDefinition(_) => (404, "RoleDefinitionDoesNotExist"),
        Refused::NoDenial(_) => (404, "DenyAssignmentNotFound"),
        Refused::Definition(refused) => role_definition(refused),
        Refused::Denial(refused) => deny_assignment(refused),
    }
}

/// A question about access that is not answered. What lies far back is reached by asking again.
pub(crate) fn question(refused: &questions::Refused) -> (u16, &'static str) {
    match refused {
        questions::Refused::Ahead { .. } | questions::Refused::Imagined => {
            (400, "InvalidPointInTime")
        }
        questions::Refused::Often(_) => (429, "TooManyRequests"),
        questions::Refused::Far { .. } => (503, "PointInTimeNotReached"),
        questions::Refused::TooMany(_) => (400, "InvalidRequestContent"),
    }
}

/// An activation that was not asked for, decided about or ended.
pub(crate) fn activation(refused: &activation::Refused) -> (u16, &'static str) {
    use ::activation::refused::Refused as Decision;
    match refused {
        activation::Refused::NotFound(_) => (404, "RoleAssignmentScheduleRequestNotFound"),
        activation::Refused::NoApproval(_) => (404, "RoleAssignmentApprovalNotFound"),
        activation::Refused::NoPolicy(_) => (404, "RoleManagementPolicyNotFound"),
        activation::Refused::Decision(refused) => match refused {
            Decision::Rules(_) => (400, "RoleAssignmentRequestPolicyValidationFailed"),
            Decision::Exists => (400, "RoleAssignmentExists"),
            Decision::Requested => (400, "RoleAssignmentRequestExists"),
            Decision::NotAGuid(_) | Decision::TooLong { .. } => {
                (400, "InvalidRoleAssignmentRequest")
            }
            Decision::OwnRequest | Decision::SamePerson => (403, "InsufficientPermissions"),
            Decision::NotWaiting | Decision::NotPending => (400, "InvalidRequestState"),
            Decision::NotActive => (400, "RoleAssignmentDoesNotExist"),
            Decision::TooMany(_) | Decision::TooManyOpen(_) => (400, "RoleAssignmentLimitExceeded"),
            Decision::NotAPerson => (400, "InvalidPrincipal"),
            Decision::BadPeriod => (400, "InvalidScheduleInfo"),
            Decision::PolicyScope(_)
            | Decision::PolicyLength { .. }
            | Decision::PolicyApprovers(_) => (400, "InvalidPolicy"),
        },
    }
}

/// A link to a partner that is not there, or is another's.
pub(crate) fn partner(refused: &partners::Refused) -> (u16, &'static str) {
    match refused {
        partners::Refused::NoLink | partners::Refused::OtherPartner(_) => (404, "NotFound"),
        partners::Refused::Linked => (409, "Conflict"),
        partners::Refused::BadId(_) => (400, "BadRequest"),
    }
}

/// A custom role that was not written, or that stays.
fn role_definition(refused: &definitions::decide::Refused) -> (u16, &'static str) {
    use definitions::decide::Refused;
    match refused {
        Refused::NotAGuid(_) => (400, "InvalidRoleDefinitionId"),
        Refused::BuiltIn(_) => (400, "BuiltInRoleDefinitionReadOnly"),
        Refused::Type => (400, "InvalidRoleDefinitionType"),
        Refused::Name => (400, "RoleDefinitionNameInvalid"),
        Refused::SameName(_) => (409, "RoleDefinitionWithSameNameExists"),
        Refused::TooLong(..) => (400, "InvalidRequestContent"),
        Refused::LimitExceeded => (400, "RoleDefinitionLimitExceeded"),
        Refused::ScopeCount | Refused::Scope(_) | Refused::ManagementGroups => {
            (400, "InvalidAssignableScope")
        }
        Refused::PermissionCount => (400, "InvalidRolePermissions"),
        Refused::Action(_) => (400, "InvalidActionOrNotAction"),
        Refused::ConditionVersion(_) => (400, "InvalidConditionVersion"),
        Refused::Condition(_) => (400, "InvalidRoleDefinitionCondition"),
        Refused::HasAssignments => (400, "RoleDefinitionHasAssignments"),
    }
}

/// A deny assignment that was not written.
fn deny_assignment(refused: &denials::decide::Refused) -> (u16, &'static str) {
    use denials::decide::Refused;
    match refused {
        Refused::NotAGuid(_) => (400, "InvalidDenyAssignmentId"),
        Refused::Name | Refused::Description | Refused::Nothing | Refused::Principals => {
            (400, "InvalidDenyAssignment")
        }
        Refused::Permission(refused) => role_definition(refused),
    }
}

/// What a client reads first. A managing tenant's administrator hears what Azure says.
pub(crate) fn role_text(refused: &roles::Refused) -> String {
    if let roles::Refused::Delegated(_) = refused {
        return "The client does not have authorization or an ABAC condition not fulfilled to perform action 'Microsoft.Authorization/roleAssignments/write'. If access was recently granted, please refresh your credentials.".to_owned();
    }
    refused.to_string()
}

/// What says more than the first line: which rule it was.
pub(crate) fn role_details(refused: &roles::Refused) -> Vec<ErrorDetail> {
    if let roles::Refused::Delegated(why) = refused {
        return vec![ErrorDetail::new("DelegatedRoleAssignment", why.to_string())];
    }
    Vec::new()
}

/// A lock that was not written or found.
pub(crate) fn lock(refused: &locks::Refused) -> (u16, &'static str) {
    match refused {
        locks::Refused::NotFound(_) => (404, "LockNotFound"),
        locks::Refused::LongNotes => (400, "LockNotesTooLong"),
        locks::Refused::TooMany => (409, "LockLimitExceeded"),
    }
}

/// A management group that was not read or changed.
pub(crate) fn management_group(refused: &management_groups::Refused) -> (u16, &'static str) {
    use management_groups::Refused;
    match refused {
        Refused::NotFound(_) | Refused::NoParent(_) | Refused::NotInside { .. } => {
            (404, "NotFound")
        }
        Refused::BadName(_)
        | Refused::BadDisplayName
        | Refused::Circular { .. }
        | Refused::TooDeep
        | Refused::HasChildren(_)
        | Refused::Root => (400, "BadRequest"),
    }
}

/// Tags that were not read or edited.
pub(crate) fn tags(refused: &tags::Refused) -> (u16, &'static str) {
    match refused {
        tags::Refused::NoTags(_) => (400, "InvalidResourceType"),
        tags::Refused::Tags(bad) => failure::tags(bad),
    }
}

/// A log that was not read.
pub(crate) fn activity(refused: &activity::Refused) -> (u16, &'static str) {
    match refused {
        activity::Refused::NoStart | activity::Refused::TooEarly | activity::Refused::Backwards => {
            (400, "BadRequest")
        }
    }
}

/// Something of Azure Policy that was not written, read or removed.
pub(crate) fn policy(refused: &policy::refused::Refused) -> (u16, &'static str) {
    use policy::refused::Refused;
    match refused {
        Refused::Name { .. } => (400, "InvalidResourceName"),
        Refused::Scope { .. } => (400, "InvalidPolicyScope"),
        Refused::NotFound { kind, .. } => (404, absent(*kind)),
        Refused::Member { .. } => (400, "InvalidRequestContent"),
        Refused::Rule(_) => (400, "InvalidPolicyRule"),
        Refused::UndefinedInRule { .. } => (400, "InvalidPolicyParameters"),
        Refused::Undefined { .. } => (400, "UndefinedPolicyParameter"),
        Refused::Missing { .. } => (400, "MissingPolicyParameter"),
        Refused::Value { .. } => (400, "InvalidPolicyParameterValue"),
        Refused::Update { .. } => (400, "InvalidPolicyParameterUpdate"),
        Refused::OutOfScope { kind: Kind::Set, .. } => {
            (400, "InvalidCreatePolicySetDefinitionRequest")
        }
        Refused::OutOfScope { .. } => (400, "InvalidCreatePolicyAssignmentRequest"),
        Refused::InUse { kind: Kind::Set, .. } => (400, "InvalidDeletePolicySetDefinitionRequest"),
        Refused::InUse { .. } => (400, "InvalidDeletePolicyDefinitionRequest"),
        Refused::TooMany { .. } => (400, "PolicyLimitExceeded"),
        Refused::Spent(_) => (400, "PolicyEvaluationLimitExceeded"),
    }
}

fn absent(kind: Kind) -> &'static str {
    match kind {
        Kind::Definition => "PolicyDefinitionNotFound",
        Kind::Set => "PolicySetDefinitionNotFound",
        Kind::Assignment => "PolicyAssignmentNotFound",
        Kind::Exemption => "PolicyExemptionNotFound",
        Kind::Remediation => "RemediationNotFound",
    }
}
