//! What a refusal about a delegation is called on the wire (Lighthouse contract, §1.8 and §13).

use access::{permit::Denied, verdict::Refusal};
use delegation::{
    acceptance, assign, define, end, refused::Refused, take, unregister, visible, withdraw,
};
use model::{
    action::Action,
    question::{Question, Via},
};
use wire::arm::error::ErrorDetail;

/// HTTP status and code.
pub(crate) fn verdict(refused: &Refused) -> (u16, &'static str) {
    match refused {
        Refused::Define(refused) => defining(refused),
        Refused::Take(refused) => taking(refused),
        Refused::Acceptance(refused) => deciding(refused),
        Refused::Assign(refused) => assigning(refused),
        Refused::Withdraw(withdraw::Refused::InUse(..)) => {
            (409, "InvalidRegistrationDefinitionDeleteRequest")
        }
        Refused::End(end::Refused::NotYours) => (403, INSUFFICIENT),
        Refused::Unregister(unregister::Refused::InUse { .. }) => (409, "ResourceProviderInUse"),
        Refused::Show(refused) => showing(refused),
    }
}

fn defining(refused: &define::Refused) -> (u16, &'static str) {
    match refused {
        define::Refused::NotAtSubscription(_) => (400, "InvalidRegistrationDefinitionUri"),
        define::Refused::TooOld(_) => (400, "InvalidApiVersionParameter"),
        define::Refused::OtherTenant(_) | define::Refused::OtherPlan(_) => {
            (400, "RegistrationDefinitionInvalidUpdate")
        }
        define::Refused::Name(_)
        | define::Refused::ToItself { .. }
        | define::Refused::NoAuthorization(_)
        | define::Refused::TooMany(..)
        | define::Refused::TooLong(_)
        | define::Refused::Role { .. }
        | define::Refused::NothingDelegated(_)
        | define::Refused::DelegatesByAnother { .. }
        | define::Refused::NeverEligible { .. }
        | define::Refused::Eligible(_) => (400, INVALID_DEFINITION),
    }
}

const INVALID_DEFINITION: &str = "InvalidRegistrationDefinitionCreateRequest";

fn taking(refused: &take::Refused) -> (u16, &'static str) {
    match refused {
        take::Refused::NoTerms(_) | take::Refused::OtherTerms(_) => {
            (400, "MarketplacePurchaseEligibilityFailed")
        }
        take::Refused::NoSuchPlan(_)
        | take::Refused::NoLongerOffered(_)
        | take::Refused::OtherVersion { .. }
        | take::Refused::Differs { .. } => (400, INVALID_DEFINITION),
        take::Refused::TooMany { .. } => (409, "RegistrationDefinitionLimitExceeded"),
        take::Refused::CoversMore(_) => (403, INSUFFICIENT),
        take::Refused::Define(refused) => defining(refused),
    }
}

fn deciding(refused: &acceptance::Refused) -> (u16, &'static str) {
    match refused {
        acceptance::Refused::NoPlan(_) | acceptance::Refused::NotAccepted(_) => {
            (404, "ResourceNotFound")
        }
        acceptance::Refused::NothingWaits(_) | acceptance::Refused::OtherVersion { .. } => {
            (409, "NoSuchUpdate")
        }
        acceptance::Refused::NoVersion { .. } | acceptance::Refused::NoFirstVersion { .. } => {
            (400, "InvalidRequestContent")
        }
        acceptance::Refused::OtherTerms(_) => (400, "InvalidSignature"),
    }
}

fn assigning(refused: &assign::Refused) -> (u16, &'static str) {
    const INVALID: &str = "InvalidRegistrationAssignmentCreateRequest";
    match refused {
        assign::Refused::NotDelegable(_)
        | assign::Refused::Name(_)
        | assign::Refused::ForeignDefinition(_)
        | assign::Refused::ToItself { .. }
        | assign::Refused::OverAlready(_) => (400, INVALID),
        assign::Refused::Taken { .. } => (409, INVALID),
        assign::Refused::NoGroup(_) => (404, "ResourceGroupNotFound"),
        assign::Refused::NoDefinition(_) => (404, "RegistrationDefinitionNotFound"),
        assign::Refused::TooOld(_) => (400, "InvalidApiVersionParameter"),
        assign::Refused::AssignedAlready { .. } => {
            (409, "MultipleRegistrationAssignmentsNotAllowed")
        }
    }
}

fn showing(refused: &visible::Refused) -> (u16, &'static str) {
    match refused {
        visible::Refused::NoDefinition(_) => (404, "RegistrationDefinitionNotFound"),
        visible::Refused::NoAssignment(_) => (404, "RegistrationAssignmentNotFound"),
        visible::Refused::NotAtSubscription(_) => (400, "InvalidRegistrationDefinitionUri"),
        visible::Refused::NotDelegable(_) => (400, "InvalidRegistrationAssignmentUri"),
        visible::Refused::TooOld(_) => (400, "InvalidApiVersionParameter"),
    }
}

/// What the client reads first.
pub(crate) fn text(refused: &Refused) -> String {
    match refused {
        Refused::End(end::Refused::NotYours) | Refused::Take(take::Refused::CoversMore(_)) => {
            SORRY.to_owned()
        }
        Refused::Define(_)
        | Refused::Take(_)
        | Refused::Acceptance(_)
        | Refused::Assign(_)
        | Refused::Withdraw(_)
        | Refused::Unregister(_)
        | Refused::Show(_) => refused.to_string(),
    }
}

/// Azure's code for every failed delegation rule.
pub(crate) const INSUFFICIENT: &str = "InsufficientPrivilegesForManagedServiceResource";
/// Azure's words for every failed delegation rule.
pub(crate) const SORRY: &str =
    "The requested user doesn't have sufficient privileges to perform the operation.";

/// Which part of the delegation rule failed.
pub(crate) fn details(refused: &Refused) -> Vec<ErrorDetail> {
    match refused {
        Refused::End(end::Refused::NotYours) | Refused::Take(take::Refused::CoversMore(_)) => {
            vec![ErrorDetail::new(RULE, refused.to_string())]
        }
        Refused::Define(_)
        | Refused::Take(_)
        | Refused::Acceptance(_)
        | Refused::Assign(_)
        | Refused::Withdraw(_)
        | Refused::Unregister(_)
        | Refused::Show(_) => Vec::new(),
    }
}

/// What a detail is called that names a part of the delegation rule.
const RULE: &str = "DelegationRule";

/// Whether a managing tenant's caller lacks just the role to give a delegation back. Whoever
/// gets so far may hold the action by another role.
pub(crate) fn lacks_delete_role(denied: &Denied) -> bool {
    denied.question.via == Via::DeleteRole
}

/// Which part of the rules a caller fails who was refused something about delegations. Says what
/// it takes, by who asks for what and where, and never what is there.
pub(crate) fn denied_details(denied: &Denied) -> Vec<ErrorDetail> {
    let text = match &denied.refusal {
        Refusal::NotOwner(why) => Some(why.to_string()),
        Refusal::NoGrant => missing(&denied.question),
        Refusal::Denied { .. } | Refusal::Locked { .. } => None,
    };
    text.into_iter().map(|text| ErrorDetail::new(RULE, text)).collect()
}

/// What it takes to do it.
fn missing(question: &Question) -> Option<String> {
    let Question { action, scope, via } = question;
    if *via == Via::DeleteRole {
        return Some(
            "to give a delegation back takes the Managed Services Registration assignment Delete Role (91c1777a-f3dc-4fae-b103-61d183457e46), given by that delegation"
                .to_owned(),
        );
    }
    let guarded = [
        Action::DEFINITIONS_WRITE,
        Action::DEFINITIONS_DELETE,
        Action::ASSIGNMENTS_WRITE,
        Action::ASSIGNMENTS_DELETE,
    ];
    guarded.contains(action).then(|| {
        format!(
            "no role that the caller holds at '{scope}' or above it allows '{action}'; besides, to delegate takes role assignments' read, write and delete at the subscription"
        )
    })
}
