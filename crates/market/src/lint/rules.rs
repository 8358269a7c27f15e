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
    /// The section of the commercial marketplace's certification policies that it belongs to.
    pub policy: Option<&'static str>,
}

impl Rule {
    /// Whether nobody outside asks for it.
    pub fn is_ours(&self) -> bool {
        self.source == FYR
    }
}

const ROLES: &str = "https://learn.microsoft.com/azure/lighthouse/concepts/tenants-users-roles";
const ELIGIBLE: &str =
    "https://learn.microsoft.com/azure/lighthouse/how-to/create-eligible-authorizations";
const CREATE: &str =
    "https://learn.microsoft.com/partner-center/marketplace-offers/create-managed-service-offer";
const PROPERTIES: &str = "https://learn.microsoft.com/partner-center/marketplace-offers/create-managed-service-offer-properties";
const LISTING: &str = "https://learn.microsoft.com/partner-center/marketplace-offers/create-managed-service-offer-listing";
const CRITERIA: &str = "https://learn.microsoft.com/partner-center/marketplace-offers/marketplace-criteria-content-validation";
const HTML: &str =
    "https://learn.microsoft.com/partner-center/marketplace-offers/supported-html-tags";
const PREVIEW: &str = "https://learn.microsoft.com/partner-center/marketplace-offers/create-managed-service-offer-preview";
const PLANS: &str = "https://learn.microsoft.com/partner-center/marketplace-offers/create-managed-service-offer-plans";
const PUBLISH: &str =
    "https://learn.microsoft.com/partner-center/marketplace-offers/review-publish-offer";
const UPDATE: &str =
    "https://learn.microsoft.com/partner-center/marketplace-offers/update-existing-offer";
const ONBOARD: &str =
    "https://learn.microsoft.com/azure/lighthouse/how-to/publish-managed-services-offers";
const TEMPLATE: &str = "https://learn.microsoft.com/azure/lighthouse/how-to/onboard-customer";
const PRACTICES: &str =
    "https://learn.microsoft.com/azure/lighthouse/concepts/recommended-security-practices";
const FYR: &str = "Fyr";

macro_rules! rules {
    ($($name:ident = $id:literal $severity:ident $title:literal $fix:literal $source:ident $policy:expr;)*) => {
        $(pub static $name: Rule = Rule {
            id: $id,
            severity: Severity::$severity,
            title: $title,
            fix: $fix,
            source: $source,
            policy: $policy,
        };)*

        /// All rules, in the order of their ids.
        pub static RULES: [&Rule; [$($id),*].len()] = [$(&$name),*];
    };
}

rules! {
    LEADS = "LEAD-001" Error
        "The offer says where leads go."
        "Set an HTTPS endpoint under customer leads."
        CREATE Some("700.4");
    LEAD_REFUSED = "LEAD-002" Error
        "Where leads go, a test lead is taken."
        "Let the endpoint answer a POST of JSON with a status of 200 to 299."
        CREATE Some("700.4");
    TITLE = "LST-001" Error
        "The offer has a title of at most 200 characters."
        "Say in a few words what is offered."
        LISTING Some("100.1.1");
    SUMMARY = "LST-002" Error
        "The offer has a search results summary of at most 100 characters."
        "Say in one sentence what a customer gets."
        LISTING Some("100.1.2");
    SHORT = "LST-003" Error
        "The offer has a short description of at most 256 characters."
        "Say in two sentences what is done, and for whom."
        LISTING Some("100.1.2");
    DESCRIPTION = "LST-004" Error
        "The offer has a description of at most 5,000 characters, markup included."
        "Say for whom it is, what it does, what it needs and what it does not do."
        LISTING Some("100.1.3");
    REPEATED = "LST-005" Error
        "The summary says something that the title does not."
        "Write a summary of its own: both stand beside each other in search results."
        LISTING Some("100.1.2");
    MANAGED = "LST-006" Error
        "The description says that it is about managed services."
        "Use the words `managed service` or `managed services`."
        LISTING Some("700.1");
    MARKUP = "LST-007" Error
        "The description is HTML of a few elements without attributes, each of them closed."
        "Use b, i, em, br, p, ul, ol, li and h1 to h6 only, and write `&lt;` and `&amp;` for signs."
        HTML Some("100.1.3");
    EMOJI = "LST-008" Error
        "The title holds no emoji; signs of trademarks and copyright may stand there."
        "Remove it."
        LISTING Some("100.1.1");
    CONTACT = "LST-009" Error
        "Support and engineering each have a contact with name, e-mail address and phone number."
        "Fill in all three."
        CRITERIA Some("100.5");
    LINK = "LST-010" Error
        "Links are whole addresses that begin with https://."
        "Give an address that whoever reads the listing can open."
        CRITERIA Some("100.5");
    PRIVACY = "LST-011" Error
        "The offer links to a privacy policy."
        "Give the address of the policy."
        LISTING Some("100.6");
    LANGUAGE = "LST-012" Error
        "A listing that is not in English says so in English."
        "Begin or end the description with `This service is available in`, and the language."
        LISTING Some("100.1.3");
    LINK_NAME = "LST-013" Error
        "Each link has a name."
        "Say what is behind the link."
        LISTING Some("100.5");
    UNSEEN = "LST-014" Error
        "Texts hold nothing that cannot be seen."
        "Remove control characters, those without a width, and those that turn the direction of writing."
        FYR Some("100.10");
    LOGO = "LST-020" Error
        "The offer has a square logo of 216 to 350 pixels, as PNG."
        "Upload a logo of that size."
        LISTING Some("700.3");
    SCREENSHOT = "LST-021" Error
        "There are at most 5 screenshots, each of 1280 by 720 pixels and with a caption."
        "Take the picture again in that size, and say what it shows."
        LISTING Some("100.3");
    VIDEO = "LST-022" Error
        "There are at most 5 videos, at YouTube or Vimeo, each with a name and a picture of 1280 by 720 pixels."
        "Link to the video there, name it, and upload a picture of that size."
        LISTING Some("100.3");
    SMALL_LOGO = "LST-023" Error
        "A logo that stands in for a derived one has its size: 90 by 90, and 48 by 48 pixels."
        "Upload it in that size, or leave it out: then it is made from the large one."
        LISTING Some("700.3");
    LONG_TITLE = "LST-101" Warning
        "A title of more than 50 characters is cut off in places."
        "Shorten it to 50 characters."
        LISTING Some("100.1.1");
    LOGO_BACKGROUND = "LST-102" Warning
        "A logo stands neither on black nor on white."
        "Choose another colour, or none."
        CRITERIA Some("700.3");
    VERSION = "MAN-001" Error
        "Manifests are numbered `n.n.n`, and a new one higher than any before."
        "Give the manifest the next higher version."
        PLANS Some("700.6");
    TENANT = "MAN-002" Error
        "A manifest names the managing tenant by its GUID."
        "Write the tenant's id in the form 00000000-0000-0000-0000-000000000000."
        PLANS Some("700.6");
    COUNT = "MAN-003" Error
        "A manifest has between 1 and 20 authorizations."
        "Give roles to groups instead of to people, or split the offer into plans."
        PLANS Some("700.6");
    NOTHING_ACTIVE = "MAN-004" Error
        "At least one authorization holds always."
        "Add an authorization that needs no activation, such as Reader."
        PLANS Some("700.6");
    ROLE = "MAN-005" Error
        "Only built-in roles without data actions, and without rights over access itself, are delegated."
        "Choose a built-in role that manages resources only."
        ROLES Some("700.6");
    ASSIGNABLE = "MAN-006" Error
        "User Access Administrator lists the roles that it may give to managed identities; no other role does."
        "List delegatedRoleDefinitionIds with User Access Administrator, without itself and Owner, and with no other role."
        ROLES Some("700.6");
    DURATION = "MAN-007" Error
        "An activation lasts between 30 minutes and 8 hours."
        "Set maximumActivationDuration between PT30M and PT8H."
        ELIGIBLE Some("700.6");
    APPROVERS = "MAN-008" Error
        "An eligible authorization has at most 10 approvers."
        "Name a group of approvers instead of each of them."
        ELIGIBLE Some("700.6");
    TWICE = "MAN-009" Error
        "Nobody is given one role twice in the same way."
        "Remove the second authorization."
        PLANS Some("700.6");
    ELIGIBLE_APPLICATION = "MAN-010" Error
        "Applications cannot activate a role."
        "Make the authorization a permanent one, or name a group of people."
        ELIGIBLE Some("700.6");
    ELIGIBLE_BLIND = "MAN-011" Warning
        "Whoever can activate a role can read without it: else there is nothing to start from."
        "Give the same principal Reader as an authorization that holds always."
        ELIGIBLE Some("700.6");
    NOBODY_APPROVES = "MAN-012" Error
        "Somebody can approve: nobody approves a request of their own."
        "Name an approver who is somebody else."
        ELIGIBLE Some("700.6");
    UNLIKE_POLICIES = "MAN-013" Error
        "Eligible authorizations of one role are activated in the same way."
        "Give them the same justInTimeAccessPolicy."
        ELIGIBLE Some("700.6");
    NO_SECURITY_GROUP = "MAN-014" Error
        "A group that is given a role is a security group."
        "Name a security group: other groups give their members nothing."
        ROLES Some("700.6");
    NEVER_ELIGIBLE = "MAN-015" Error
        "Owner and User Access Administrator are never activated."
        "Choose a role that manages resources only."
        ELIGIBLE Some("700.6");
    UNKNOWN_PRINCIPAL = "MAN-016" Error
        "Whoever is given a role is known in the managing tenant."
        "Check the object id: of an application it is that of its service principal."
        ROLES Some("700.6");
    NO_MANIFEST = "MAN-017" Error
        "Each plan has a manifest."
        "Add a manifest: without one, the plan gives nobody anything."
        PLANS Some("700.6");
    FROZEN = "MAN-018" Error
        "A manifest that was previewed never changes: customers accept what they saw."
        "Leave it as it was, and add a manifest of a higher version."
        UPDATE Some("700.6");
    OTHER_TENANT = "MAN-019" Error
        "The managing tenant is the one that publishes."
        "Publish from the managing tenant: what is in another one is not ours to look up."
        FYR Some("700.6");
    NO_WAY_OUT = "MAN-101" Warning
        "The provider can end the delegation itself."
        "Add Managed Services Registration assignment Delete Role (91c1777a-f3dc-4fae-b103-61d183457e46) for a group of yours."
        PRACTICES Some("700.6");
    PERSON = "MAN-102" Warning
        "Roles are given to groups, so that people come and go without a new version."
        "Name a security group that the person is a member of."
        PRACTICES Some("700.6");
    SECRETS = "MAN-103" Warning
        "A role that reveals keys or passwords gives more than it says: what they open asks no role."
        "Choose a narrower role, or make it one that is activated for a while."
        FYR Some("700.6");
    NAMELESS = "MAN-104" Warning
        "Customers see what each principal is called."
        "Set principalIdDisplayName."
        PRACTICES Some("700.6");
    MISNAMED = "MAN-105" Warning
        "Each principal is called what it is called in the managing tenant."
        "Set principalIdDisplayName to the name in the directory."
        FYR Some("700.6");
    PUBLIC_WRITE = "MAN-106" Warning
        "What anybody can accept asks for little: a public plan reads."
        "Offer roles that write in a private plan, or make them ones that are activated for a while."
        FYR Some("700.6");
    UNUSED_DATA = "MAN-107" Note
        "A role that may be given to managed identities gives no data actions there."
        "Remove the role from delegatedRoleDefinitionIds if data is what it was meant for."
        ROLES Some("700.6");
    OFFER_ID = "OFR-001" Error
        "An offer's id has 3 to 50 of the characters a-z, 0-9, `-` and `_`, begins with a letter or a digit, and does not end in `-preview`."
        "Choose another id; it can never be changed."
        CREATE None;
    OFFER_TAKEN = "OFR-002" Error
        "An offer's id is the only one of its publisher."
        "Choose another id, or work on the offer that has it."
        CREATE None;
    ALIAS = "OFR-003" Error
        "An alias has at most 120 characters."
        "Shorten it: no customer sees it."
        CREATE None;
    OFFER_MOVED = "OFR-004" Error
        "An offer keeps its id and its publisher."
        "Create another offer, and stop the distribution of this one."
        UPDATE None;
    PLAN_COUNT = "PLN-001" Error
        "There are 1 to 100 plans, of which at most 45 are private."
        "Add a plan; or put what differs little into one, or into another offer."
        PLANS Some("700.5");
    PLAN_ID = "PLN-002" Error
        "A plan's id has 3 to 50 of the characters a-z, 0-9, `-` and `_`, begins with a letter or a digit, and is the only one of its offer."
        "Choose another id; it can never be changed."
        PLANS Some("700.5");
    NEVER_PRIVATE = "PLN-003" Error
        "A plan that was published as a public one stays public."
        "Add a private plan, and stop the distribution of this one."
        UPDATE Some("700.5");
    NO_AUDIENCE = "PLN-004" Error
        "A private plan says whom it is for."
        "Add the subscriptions of those customers."
        PLANS Some("700.5");
    AUDIENCE = "PLN-005" Error
        "The private plans of an offer are for at most 10,000 subscriptions, by their GUIDs, none of them twice in a plan."
        "Remove entries, or publish a second offer."
        PLANS Some("700.5");
    PLAN_TITLE = "PLN-006" Error
        "A plan has a title of at most 200 characters that no other plan of the offer has."
        "Say how it differs from the others."
        PLANS Some("700.5");
    PLAN_SUMMARY = "PLN-007" Error
        "A plan has a summary of at most 100 characters."
        "Say in one sentence what it gives."
        PLANS Some("700.5");
    PLAN_DESCRIPTION = "PLN-008" Error
        "A plan has a description of at most 3,000 characters."
        "Say what is done, and what is not."
        PLANS Some("700.5");
    PLAN_GONE = "PLN-009" Error
        "A plan that was published is not deleted."
        "Keep it, and stop its distribution."
        UPDATE Some("700.5");
    LONG_PLAN_TITLE = "PLN-101" Warning
        "A plan's title of more than 50 characters is cut off in places."
        "Shorten it to 50 characters."
        PLANS Some("700.5");
    LONG_PLAN_DESCRIPTION = "PLN-102" Warning
        "A plan's description of more than 500 characters is more than some pages take."
        "Shorten it to 500 characters."
        PLANS Some("700.5");
    ONLY_PRIVATE = "PLN-103" Warning
        "An offer without a public plan is found by nobody who was not told of it."
        "Add a public plan if others are to find the offer."
        PLANS Some("700.5");
    CATEGORIES = "PROP-001" Error
        "An offer is in at least one category, and in no more than allowed: two, each with up to two subcategories."
        "Choose the categories in which a customer would look for it."
        PROPERTIES Some("100.2");
    TERMS = "PROP-002" Error
        "An offer has terms that a customer accepts: a text, or an address."
        "Write the terms, or give the address at which they stand."
        PROPERTIES Some("100.4");
    CATEGORY = "PROP-003" Error
        "Categories are those of the storefront."
        "Choose one of the storefront's keys."
        PROPERTIES Some("100.2");
    PREVIEWERS = "PRV-001" Error
        "A preview is for 1 to 100 subscriptions, by their GUIDs, none of them twice."
        "Add a subscription of yours to try the preview in."
        PREVIEW None;
    NOT_ELIGIBLE = "PUB-001" Error
        "A publisher is qualified on the day of the submission."
        "Renew what has lapsed; meanwhile, onboard customers with a template (`fyr template create`)."
        ONBOARD Some("700.4");
    INCOMPLETE = "PUB-002" Error
        "Each page of the offer is complete before it is published."
        "Mend what the other findings name."
        PUBLISH None;
    LOCKED = "PUB-003" Error
        "One submission of an offer runs at a time."
        "Cancel the one that runs, or wait for its end."
        PUBLISH None;
    NO_PARTNER = "PUB-004" Error
        "A publisher has a partner id: what customers delegate counts for it."
        "Attach the partner id to the account."
        ONBOARD Some("700.4");
    NOT_ENROLLED = "PUB-005" Error
        "A publisher has taken each step of the enrolment."
        "Take the step; meanwhile, onboard customers with a template (`fyr template create`)."
        ONBOARD Some("700.4");
    TOO_OLD = "TPL-001" Error
        "The api-version of a registration definition knows all that is in it."
        "Use api-version 2022-10-01."
        ELIGIBLE None;
    COLLISION = "TPL-002" Error
        "No two providers' definitions have one name: templates make it from the offer's."
        "Choose an offer name that says who offers it."
        TEMPLATE None;
    UNMET = "TST-001" Error
        "The plans allow and deny what the publisher expects of them."
        "Change the plan's newest manifest, or what is expected of it."
        FYR None;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_id_stands_for_one_rule_and_rules_are_in_order() {
        assert!(RULES.is_sorted_by(|a, b| a.id < b.id));
    }
}
