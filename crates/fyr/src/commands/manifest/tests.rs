use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use super::*;

const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const SUPPORT: &str = "cfd33db0-3dd1-45e3-aa9d-cdbdf3b6f24e";
const CONTRIBUTOR: &str = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const ADMINISTRATOR: &str = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9";
const DELETE_ROLE: &str = "91c1777a-f3dc-4fae-b103-61d183457e46";
const TIER1: &str = "11111111-1111-4111-8111-111111111111";
const ROBOT: &str = "22222222-2222-4222-8222-222222222222";

/// Two files in a folder of their own.
struct Files(tempfile::TempDir);

impl Files {
    fn new(before: &Value, after: &Value) -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        fs::write(files.path("before"), before.to_string()).unwrap();
        fs::write(files.path("after"), after.to_string()).unwrap();
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn told(&self, format: Format) -> anyhow::Result<(Overall, String)> {
        told(&self.path("before"), &self.path("after"), format)
    }
}

fn manifest(authorizations: &Value, eligible: &Value) -> Value {
    json!({
        "managedByTenantId": "99999999-9999-4999-8999-999999999999",
        "authorizations": authorizations,
        "eligibleAuthorizations": eligible,
    })
}

fn grant(who: &str, name: &str, role: &str) -> Value {
    json!({ "principalId": who, "principalIdDisplayName": name, "roleDefinitionId": role })
}

#[test]
fn a_difference_is_told_in_words_that_can_be_agreed_to() {
    let before = manifest(&json!([grant(TIER1, "Tier 1", SUPPORT)]), &json!([]));
    let mut admin = grant(ROBOT, "Robot", ADMINISTRATOR);
    admin["delegatedRoleDefinitionIds"] = json!([CONTRIBUTOR]);
    let mut on_call = grant(TIER1, "Tier 1", SUPPORT);
    on_call["justInTimeAccessPolicy"] = json!({
        "multiFactorAuthProvider": "Azure",
        "maximumActivationDuration": "PT4H",
        "managedByTenantApprovers": [{ "principalId": ROBOT, "principalIdDisplayName": "Leads" }],
    });
    let always = json!([grant(TIER1, "Tier 1", DELETE_ROLE), admin]);
    let files = Files::new(&before, &manifest(&always, &json!([on_call])));
    let (overall, text) = files.told(Format::Table).unwrap();
    assert_eq!(overall, Overall::Both);
    assert!(text.starts_with("Wider and narrower: some may do more, and some less.\n"), "{text}");
    for line in [
        "Tier 1 (11111111-1111-4111-8111-111111111111)",
        "  may now always",
        "    + end the delegation",
        "  may no longer always",
        "Robot (22222222-2222-4222-8222-222222222222)",
        "    + give Contributor to managed identities, and take it",
    ] {
        assert!(text.lines().any(|it| it == line), "{line:?} is not in\n{text}");
    }
    assert!(!text.contains("by activating"), "what it had always had no hurdle:\n{text}");
    let (_, back) =
        Files::new(&manifest(&always, &json!([on_call])), &before).told(Format::Table).unwrap();
    assert!(!back.contains("approved by"), "{back}");
}

#[test]
fn what_reveals_secrets_is_marked_one_by_one() {
    let before = manifest(&json!([grant(TIER1, "Tier 1", READER)]), &json!([]));
    let mut eligible = grant(TIER1, "Tier 1", CONTRIBUTOR);
    eligible["justInTimeAccessPolicy"] = json!({ "multiFactorAuthProvider": "None" });
    let after = manifest(&json!([grant(TIER1, "Tier 1", READER)]), &json!([eligible]));
    let files = Files::new(&before, &after);
    let (overall, text) = files.told(Format::Table).unwrap();
    assert_eq!(overall, Overall::Wider);
    let hurdle = "by activating Contributor (at most 480 minutes, without a second factor, \
                  without approval)";
    assert!(text.contains(hurdle), "{text}");
    let keys = "    + Microsoft.Storage/storageAccounts/listkeys/action  reveals secrets";
    assert!(text.to_lowercase().contains(&keys.to_lowercase()), "{text}");
    let (_, json) = files.told(Format::Json).unwrap();
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["overall"], "wider");
    let easier = &json["changes"][0]["easier"][0];
    assert_eq!(easier["roleName"], "Contributor");
    assert!(easier["rights"]["operations"].as_array().unwrap().len() > 5_000);
}

#[test]
fn nothing_is_a_difference_where_names_and_order_alone_differ() {
    let (tier1, robot) = (grant(TIER1, "Tier 1", READER), grant(ROBOT, "Robot", DELETE_ROLE));
    let before = manifest(&json!([tier1, robot]), &json!([]));
    let after = manifest(&json!([robot, grant(TIER1, "First line", READER)]), &json!([]));
    let (overall, text) = Files::new(&before, &after).told(Format::Table).unwrap();
    assert_eq!(overall, Overall::Same);
    assert_eq!(text, "Nothing changes: everybody may do what they could do before.\n");
}

#[test]
fn a_file_that_holds_no_manifest_is_named_with_what_it_lacks() {
    let good = manifest(&json!([grant(TIER1, "Tier 1", READER)]), &json!([]));
    let refused = Files::new(&good, &json!({ "properties": {} })).told(Format::Table).unwrap_err();
    let refused = format!("{refused:#}");
    assert!(refused.contains("after") && refused.contains("managedByTenantId"), "{refused}");
}
