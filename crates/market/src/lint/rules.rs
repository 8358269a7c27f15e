//! The catalogue of rules.

/// How much an objection weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It works; there is a better way.
    Note,
    /// It works, and somebody will regret it.
    Warning,
    /// It is refused, or gives nothing.
    Error,
}

/// One rule. Its id never changes and is never used again.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    pub id: &'static str,
    pub severity: Severity,
    /// What is asked for, in one line.
    pub title: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// Where the outside says so; ours where there is none.
    pub source: &'static str,
}

const ROLES: &str = "https://learn.microsoft.com/azure/lighthouse/concepts/tenants-users-roles";
const ELIGIBLE: &str =
    "https://learn.microsoft.com/azure/lighthouse/how-to/create-eligible-authorizations";
const PLANS: &str = "https://learn.microsoft.com/partner-center/marketplace-offers/create-managed-service-offer-plans";
const PRACTICES: &str =
    "https://learn.microsoft.com/azure/lighthouse/concepts/recommended-security-practices";
const FYR: &str = "Fyr";

macro_rules! rules {
    ($($name:ident = $id:literal $severity:ident $title:literal $fix:literal $source:expr;)*) => {
        $(pub static $name: Rule = Rule {
            id: $id,
            severity: Severity::$severity,
            title: $title,
            fix: $fix,
            source: $source,
        };)*

        /// All rules, in the order of their ids.
        pub static RULES: [&Rule; [$($id),*].len()] = [$(&$name),*];
    };
}

rules! {
    COUNT = "MAN-003" Error
        "A manifest has between 1 and 20 authorizations."
        "Give roles to groups instead of to people, or split the offer into plans."
        PLANS;
    NOTHING_ACTIVE = "MAN-004" Error
        "At least one authorization holds always."
        "Add an authorization that needs no activation, such as Reader."
        PLANS;
    ROLE = "MAN-005" Error
        "Only built-in roles without data actions, and without rights over access itself, are delegated."
        "Choose a built-in role that manages resources only."
        ROLES;
    ASSIGNABLE = "MAN-006" Error
        "User Access Administrator lists the roles that it may give to managed identities; no other role does."
        "List delegatedRoleDefinitionIds with User Access Administrator, without itself and Owner, and with no other role."
        ROLES;
    DURATION = "MAN-007" Error
        "An activation lasts between 30 minutes and 8 hours."
        "Set maximumActivationDuration between PT30M and PT8H."
        ELIGIBLE;
    APPROVERS = "MAN-008" Error
        "An eligible authorization has at most 10 approvers."
        "Name a group of approvers instead of each of them."
        ELIGIBLE;
    TWICE = "MAN-009" Error
        "Nobody is given one role twice in the same way."
        "Remove the second authorization."
        PLANS;
    ELIGIBLE_APPLICATION = "MAN-010" Error
        "Applications cannot activate a role."
        "Make the authorization a permanent one, or name a group of people."
        ELIGIBLE;
    ELIGIBLE_BLIND = "MAN-011" Warning
        "Whoever can activate a role can read without it: else there is nothing to start from."
        "Give the same principal Reader as an authorization that holds always."
        ELIGIBLE;
    NOBODY_APPROVES = "MAN-012" Error
        "Somebody can approve: nobody approves a request of their own."
        "Name an approver who is somebody else."
        ELIGIBLE;
    UNLIKE_POLICIES = "MAN-013" Error
        "Eligible authorizations of one role are activated in the same way."
        "Give them the same justInTimeAccessPolicy."
        ELIGIBLE;
    NO_SECURITY_GROUP = "MAN-014" Error
        "A group that is given a role is a security group."
        "Name a security group: other groups give their members nothing."
        ROLES;
    NEVER_ELIGIBLE = "MAN-015" Error
        "Owner and User Access Administrator are never activated."
        "Choose a role that manages resources only."
        ELIGIBLE;
    UNKNOWN_PRINCIPAL = "MAN-016" Error
        "Whoever is given a role is known in the managing tenant."
        "Check the object id: of an application it is that of its service principal."
        ROLES;
    NO_WAY_OUT = "MAN-101" Warning
        "The provider can end the delegation itself."
        "Add Managed Services Registration assignment Delete Role (91c1777a-f3dc-4fae-b103-61d183457e46) for a group of yours."
        PRACTICES;
    PERSON = "MAN-102" Warning
        "Roles are given to groups, so that people come and go without a new version."
        "Name a security group that the person is a member of."
        PRACTICES;
    SECRETS = "MAN-103" Warning
        "A role that reveals keys or passwords gives more than it says: what they open asks no role."
        "Choose a narrower role, or make it one that is activated for a while."
        FYR;
    NAMELESS = "MAN-104" Warning
        "Customers see what each principal is called."
        "Set principalIdDisplayName."
        PRACTICES;
    MISNAMED = "MAN-105" Warning
        "Each principal is called what it is called in the managing tenant."
        "Set principalIdDisplayName to the name in the directory."
        FYR;
    PUBLIC_WRITE = "MAN-106" Warning
        "What anybody can accept asks for little: a public plan reads."
        "Offer roles that write in a private plan, or make them ones that are activated for a while."
        FYR;
    UNUSED_DATA = "MAN-107" Note
        "A role that may be given to managed identities gives no data actions there."
        "Remove the role from delegatedRoleDefinitionIds if data is what it was meant for."
        ROLES;
    TOO_OLD = "TPL-001" Error
        "The api-version of a registration definition knows all that is in it."
        "Use api-version 2022-10-01."
        ELIGIBLE;
    COLLISION = "TPL-002" Error
        "No two providers' definitions have one name: templates make it from the offer's."
        "Choose an offer name that says who offers it."
        "https://learn.microsoft.com/azure/lighthouse/how-to/onboard-customer";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_id_stands_for_one_rule_and_rules_are_in_order() {
        assert!(RULES.is_sorted_by(|a, b| a.id < b.id));
    }
}
