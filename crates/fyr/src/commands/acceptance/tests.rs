use clap::Parser;
use serde_json::{Value, json};

use super::{accept, difference, show, terms::Agreement};
use crate::cli::{Arguments, Command, OfPlan, PlanPath};

const CONTOSO: &str = "11111111-1111-4111-8111-111111111111";

fn parsed(arguments: &[&str]) -> super::Acceptance {
    let plan = ["fabrikam.ops.core", "--subscription", CONTOSO];
    let all = ["fyr", "acceptance"].iter().chain(arguments).chain(&plan);
    let Command::Acceptance(it) = Arguments::parse_from(all).command else {
        panic!("{arguments:?} is another command");
    };
    it
}

fn of_plan() -> OfPlan {
    let super::Acceptance::Show(it) = parsed(&["show"]) else { panic!("it is another command") };
    it
}

fn wanted(arguments: &[&str]) -> Value {
    let super::Acceptance::Accept(it) = parsed(&[&["accept"], arguments].concat()) else {
        panic!("{arguments:?} is another command");
    };
    accept::body(&it)
}

fn accepted(more: Value) -> Value {
    let mut properties = json!({
        "publisher": "fabrikam", "product": "ops", "plan": "core", "version": "1.0.0",
        "isDeclined": false, "isOffered": true,
        "offerDisplayName": "Fabrikam Ops", "planDisplayName": "Core",
        "publisherDisplayName": "Fabrikam",
        "terms": {
            "accepted": true, "acceptedBy": "olof@contoso.example",
            "acceptedAt": "2026-11-29T10:00:00Z", "link": "https://fabrikam.example/terms",
        },
        "registrationDefinitionIds": ["/definitions/1"],
    });
    if let (Value::Object(all), Value::Object(more)) = (&mut properties, more) {
        all.extend(more);
    }
    json!({ "id": "1", "name": "fabrikam.ops.core", "type": "t", "properties": properties })
}

#[test]
fn what_is_in_force_is_told_with_who_agreed_to_which_terms() {
    let told = show::told(&accepted(json!({})), &of_plan().plan).unwrap();
    let expected = "\
fabrikam.ops.core: version 1.0.0 is in force
  Core of Fabrikam Ops, by Fabrikam
  Terms: agreed to by olof@contoso.example at 2026-11-29T10:00:00Z: https://fabrikam.example/terms
  Definition: /definitions/1
";
    assert_eq!(told, expected);
}

#[test]
fn a_version_that_waits_is_told_with_both_answers_and_a_declined_one_with_the_way_back() {
    let waits = accepted(json!({ "availableVersion": "1.1.0" }));
    let told = show::told(&waits, &of_plan().plan).unwrap();
    for next in ["difference", "update", "decline"] {
        let command = format!("fyr acceptance {next} fabrikam.ops.core --subscription {CONTOSO}");
        assert!(told.contains(&command), "{told}");
    }
    let declined = accepted(json!({ "availableVersion": "1.1.0", "isDeclined": true }));
    let told = show::told(&declined, &of_plan().plan).unwrap();
    assert!(told.contains("fyr acceptance reconsider fabrikam.ops.core"), "{told}");
    assert!(!told.contains("fyr acceptance update"), "{told}");
}

#[test]
fn a_list_says_of_each_plan_what_waits() {
    let waits = accepted(json!({ "availableVersion": "1.1.0" }));
    let gone = accepted(json!({ "isOffered": false, "version": null, "offerDisplayName": null }));
    let told = show::rows(vec![waits, gone], &of_plan().plan.at).unwrap();
    let rows: Vec<&str> = told.lines().take(3).collect();
    let expected = [
        "Plan               In force     Waits              Offer",
        "fabrikam.ops.core  1.0.0        1.1.0              Fabrikam Ops",
        "fabrikam.ops.core  terms alone  no longer offered",
    ];
    assert_eq!(rows, expected);
    let none = show::rows(Vec::new(), &of_plan().plan.at).unwrap();
    assert!(none.contains(&format!("fyr catalog search --subscription {CONTOSO}")), "{none}");
}

#[test]
fn nobody_is_told_who_accepts_unless_that_is_shared_and_signed_terms_are_not_signed_again() {
    let plain = json!({ "properties": { "plan": { "version": "1.0.0" }, "acceptTerms": true } });
    assert_eq!(wanted(&["--version", "1.0.0", "--accept-terms"]), plain);
    let signed = wanted(&["--version", "1.0.0", "--accept-terms=AB12"]);
    assert_eq!(signed["properties"]["acceptTerms"], false, "{signed}");
    let shared = wanted(&["--share-contact", "--first-name", "Olof", "--job-title", "CTO"]);
    let contact = json!({ "firstName": "Olof", "title": "CTO" });
    assert_eq!(shared["properties"]["contact"], contact);
    let all =
        ["fyr", "acceptance", "accept", "fabrikam.ops.core", "--email", "olof@contoso.example"];
    let refused = Arguments::try_parse_from(all).unwrap_err().to_string();
    assert!(refused.contains("--share-contact"), "{refused}");
}

#[test]
fn a_plan_is_shown_with_whom_it_lets_in_its_terms_and_the_command_that_accepts_it() {
    let offered = json!({
        "plan": { "version": "1.1.0" },
        "properties": {
            "offerDisplayName": "Fabrikam Ops", "planDisplayName": "Core",
            "managedByTenantId": "ffffffff-0000-4000-8000-000000000001",
            "authorizations": [{
                "principalId": "ffffffff-0000-4000-8000-000000000002",
                "principalIdDisplayName": "Night watch",
                "roleDefinitionId": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
            }],
            "eligibleAuthorizations": [{
                "principalId": "ffffffff-0000-4000-8000-000000000003",
                "roleDefinitionId": "b24988ac-6180-42a0-ab88-20f7382dd24c",
                "justInTimeAccessPolicy": {
                    "multiFactorAuthProvider": "Azure", "maximumActivationDuration": "PT2H",
                },
            }],
        },
    });
    let terms = |accepted: bool| {
        Agreement::of(json!({ "properties": {
            "licenseTextLink": "https://fabrikam.example/terms", "signature": "AB12",
            "privacyPolicyLink": "https://fabrikam.example/privacy", "accepted": accepted,
        }}))
    };
    let told = accept::told(&offered, &terms(false), &of_plan().plan).unwrap();
    let expected = format!(
        "\
Core of Fabrikam Ops, version 1.1.0

It lets these people of tenant ffffffff-0000-4000-8000-000000000001 into what is delegated:
  Who                                   Role         When
  Night watch                           Reader       always
  ffffffff-0000-4000-8000-000000000003  Contributor  once activated, for 120 minutes at most

Terms:    https://fabrikam.example/terms
Privacy:  https://fabrikam.example/privacy

Nothing is accepted yet. This agrees to these terms and accepts that version:
  fyr acceptance accept fabrikam.ops.core --subscription {CONTOSO} --version 1.1.0 --accept-terms=AB12
"
    );
    assert_eq!(told, expected);
    let agreed = accept::told(&offered, &terms(true), &of_plan().plan).unwrap();
    assert!(agreed.ends_with("--version 1.1.0\n"), "{agreed}");
}

#[test]
fn a_difference_is_told_in_words_and_one_that_is_not_understood_is_no_difference_of_nothing() {
    let found = json!({ "properties": {
        "acceptedVersion": "1.0.0", "availableVersion": "1.1.0", "words": "Wider: some may do more.\n",
    }});
    let told = difference::told(&found, "fabrikam.ops.core");
    assert!(told.starts_with("Version 1.0.0 to 1.1.0\nWider: some may do more.\n"), "{told}");
    assert!(told.contains("fyr acceptance decline fabrikam.ops.core --version 1.1.0"), "{told}");
    assert!(difference::overall("wider").is_ok() && difference::overall("same").is_ok());
    assert!(difference::overall("").is_err() && difference::overall("sideways").is_err());
}

#[test]
fn a_previews_plan_is_at_the_previews_product() {
    let plan: PlanPath = "fabrikam.ops-preview.core".parse().unwrap();
    let planned = crate::cli::Planned { plan, ..of_plan().plan };
    let expected = format!(
        "/subscriptions/{CONTOSO}/providers/Fyr.Marketplace/acceptances/fabrikam.ops-preview.core\
         /accept?api-version=2026-12-01"
    );
    assert_eq!(super::path(&planned, "/accept"), expected);
}
