//! What is refused, and where.

use super::*;

/// A file of one line, and all that is wrong with it.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let files = Beside::pictures(&["logo.png"]);
    let refused = read(text, &files).err().unwrap_or_default();
    assert_eq!(refused.lines().collect::<Vec<_>>(), expected, "{text}");
}

/// The rest of an offer after its ids.
fn offer(rest: &str) -> String {
    format!("publisherId: fabrikam\nofferId: ops\n{rest}")
}

fn plan(rest: &str) -> String {
    offer(&format!("plans:\n- planId: core\n  visibility: public\n{rest}"))
}

fn manifest(rest: &str) -> String {
    plan(&format!(
        "  manifests:\n  - version: 1.0.0\n    tenantId: {PROVIDER}\n    authorizations:\n{rest}"
    ))
}

#[test]
fn an_offer_has_ids_and_keys_that_there_are() {
    check("{}", &["1:1: an offer needs `offerId`", "1:1: an offer needs `publisherId`"]);
    let no_id = "1:14: `Ops` is no id of a publisher, an offer or a plan: it has 3 to 50 of the \
                 characters a-z, 0-9, `-` and `_`, and begins with a letter or a digit";
    check("publisherId: Ops\nofferId: ops", &["1:1: an offer needs `publisherId`", no_id]);
    check(
        &offer("listing: {titel: a}"),
        &["3:11: a listing has no key `titel`; did you mean `title`?"],
    );
    check(&offer("listing: {title: a, title: b}"), &["3:21: `title` is given twice"]);
    check(&offer("{"), &["4:1: simple key expected"]);
}

#[test]
fn leads_go_to_an_address_or_nowhere() {
    let leads = |inner: &str| offer(&format!("customerLeads: {{{inner}}}"));
    check(
        &leads("destination: httpsEndpoint"),
        &["3:16: `httpsEndpoint` needs `httpsEndpointUrl`"],
    );
    check(
        &leads("destination: none, httpsEndpointUrl: a"),
        &["3:16: `httpsEndpointUrl` goes with the destination `httpsEndpoint`"],
    );
    check(
        &leads("contactEmail: [a]"),
        &["3:16: `contactEmail` goes with the destination `httpsEndpoint`"],
    );
    check(
        &leads("destination: table"),
        &["3:30: `destination` is none or httpsEndpoint, not `table`"],
    );
}

#[test]
fn terms_are_said_once_and_categories_are_lists() {
    check(
        &offer("legal: {terms: a, termsUrl: b}"),
        &["3:8: `terms` or `termsUrl` is given, not both"],
    );
    check(&offer("categories: [a]"), &["3:13: `categories` is a mapping, not a list"]);
    check(&offer("categories: {a: b}"), &["3:17: a category has a list of subcategories"]);
}

#[test]
fn a_plan_says_who_may_take_it_and_a_manifest_its_version() {
    check(&offer("plans: [{planId: core}]"), &["3:9: a plan needs `visibility`"]);
    check(
        &offer("plans: [{planId: core, visibility: hidden}]"),
        &["3:36: `visibility` is public or private, not `hidden`"],
    );
    check(
        &plan("  manifests: [{version: 1.0, file: a.json, tenantId: b}]"),
        &[
            "6:25: a manifest's version is three numbers, as in `1.2.5`, each without leading \
             zeros and at most 4294967295",
            "6:36: `a.json`: it holds no manifest",
            "6:54: `tenantId` is what `file` says",
        ],
    );
    check(&plan("  privateAudience: [{id: contoso}]"), &["6:26: `contoso` is not a GUID"]);
}

#[test]
fn roles_and_principals_are_looked_up_each_for_itself() {
    check(
        &manifest("    - {principalId: tier1, role: Contributer}"),
        &[
            "10:21: `tier1` is not a GUID",
            "10:34: there is no built-in role `Contributer`; did you mean `Contributor`?",
        ],
    );
    let eligible = "    - {principalId: 00000000-0000-4000-8000-000000000003, role: Reader}\n    \
                    eligibleAuthorizations:\n    - principalId: \
                    00000000-0000-4000-8000-000000000003\n      role: Reader\n      \
                    maximumActivationDuration: 4 hours and a bit";
    check(
        &manifest(eligible),
        &["14:34: `4 hours and a bit` is no duration of whole minutes; write `PT4H`, or `PT30M`"],
    );
}

#[test]
fn a_test_names_somebody_of_its_plan() {
    let test = |given: &str| {
        let who = "    - {principalId: 00000000-0000-4000-8000-000000000001, displayName: Readers, \
                   role: Reader}";
        manifest(&format!(
            "{who}\ntests: [{{plan: core, given: {given}, when: a/read, expect: allow}}]"
        ))
    };
    check(&test("Readers"), &[]);
    check(&test("Writers"), &["11:29: plan `core` names nobody `Writers`"]);
    check(
        &offer("tests: [{plan: core, given: Ada, when: a}]"),
        &["3:9: a test needs `expect`", "3:29: plan `core` names nobody `Ada`"],
    );
}
