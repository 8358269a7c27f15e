use clap::Parser;
use serde_json::json;

use super::*;
use crate::cli::{Arguments, Command, Template};
use crate::commands::findings::report;

const SAMPLES: &str = "tests/samples/lighthouse/templates";
const TENANT: &str = "99999999-9999-4999-8999-999999999999";

/// A stock template, and its parameters with a managing tenant filled in.
struct Stock {
    _folder: tempfile::TempDir,
    template: String,
    parameters: String,
}

fn stock(kind: &str) -> Stock {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(SAMPLES);
    let root = root.join(kind).join("subscription");
    let parameters = std::fs::read_to_string(root.join("subscription.parameters.json")).unwrap();
    let (before, rest) = parameters.split_once("<insert ").unwrap();
    let (_, after) = rest.split_once('>').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("subscription.parameters.json");
    std::fs::write(&path, format!("{before}{TENANT}{after}")).unwrap();
    let shown = |path: &Path| path.display().to_string();
    Stock {
        _folder: folder,
        template: shown(&root.join("subscription.json")),
        parameters: shown(&path),
    }
}

fn linted(line: &[&str]) -> anyhow::Result<Vec<Placed>> {
    let line = ["fyr", "template", "lint"].into_iter().chain(line.iter().copied());
    let Command::Template(Template::Lint(wanted)) = Arguments::parse_from(line).command else {
        panic!("nothing is to be looked at");
    };
    found(&wanted)
}

fn told(found: &[Placed]) -> Vec<(&str, &str, usize)> {
    found.iter().map(|it| (it.finding.rule.id, it.finding.field.as_str(), it.at.line)).collect()
}

#[test]
fn the_stock_template_is_judged_by_its_parameters_where_they_stand() {
    let Stock { template, parameters, .. } = &stock("delegated-resource-management");
    let found = linted(&[template, "--parameters", parameters]).unwrap();
    let in_parameters =
        |it: &Placed| it.file.ends_with("subscription.parameters.json") && it.at.line > 1;
    assert!(found.iter().all(in_parameters), "{found:#?}");
    let listed = "authorizations[2].delegatedRoleDefinitionIds[1]";
    assert_eq!(told(&found), [("MAN-107", listed, 33)], "Log Analytics Contributor reaches data");
    assert_eq!(told(&linted(&[parameters]).unwrap()), told(&found), "alone they say as much");
}

#[test]
fn the_stock_template_of_eligible_authorizations_is_judged_whole() {
    let kind = "delegated-resource-management-eligible-authorizations";
    let Stock { template, parameters, .. } = &stock(kind);
    let found = linted(&[template, "--parameters", parameters]).unwrap();
    let ids: Vec<&str> = found.iter().map(|it| it.finding.rule.id).collect();
    assert!(!ids.contains(&"TPL-001"), "{:?}", told(&found));
}

#[test]
fn two_providers_of_one_offer_name_are_found_together() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, tenant: &str| {
        let path = folder.path().join(name);
        let parameters = json!({ "parameters": {
            "mspOfferName": { "value": "Managed" },
            "managedByTenantId": { "value": tenant },
            "authorizations": { "value": [{
                "principalId": "11111111-1111-4111-8111-111111111111",
                "principalIdDisplayName": "Leads",
                "roleDefinitionId": "91c1777a-f3dc-4fae-b103-61d183457e46",
            }] },
        } });
        std::fs::write(&path, parameters.to_string()).unwrap();
        path.display().to_string()
    };
    let one = file("one.json", TENANT);
    let other = file("other.json", "88888888-8888-4888-8888-888888888888");
    assert_eq!(told(&linted(&[&one]).unwrap()), []);
    let both = linted(&[&one, &other]).unwrap();
    let ids: Vec<&str> = both.iter().map(|it| it.finding.rule.id).collect();
    assert_eq!(ids, ["TPL-002"]);
    assert!(both[0].file.ends_with("other.json"));
}

#[test]
fn a_report_counts_and_a_program_finds_rule_and_place() {
    let Stock { parameters, .. } = &stock("delegated-resource-management");
    let found = linted(&[parameters]).unwrap();
    let text = report::text(&found);
    assert!(text.ends_with("\n0 errors, 0 warnings, 1 notes\n"), "{text}");
    assert!(text.contains(&format!("\n  Source: {}\n", found[0].finding.rule.source)), "{text}");
    let sarif = report::sarif(&found);
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), found.len());
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{result}");
        assert!(result["locations"][0]["physicalLocation"]["region"]["startLine"].is_u64());
    }
    assert_eq!(report::json(&found).as_array().map(Vec::len), Some(found.len()));
}

#[test]
fn a_template_that_onboards_nobody_is_not_called_clean() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("main.json");
    let template = json!({
        "$schema": "x/deploymentTemplate.json", "contentVersion": "1.0.0.0", "resources": [],
    });
    std::fs::write(&path, template.to_string()).unwrap();
    let refused = linted(&[&path.display().to_string()]).unwrap_err().to_string();
    assert!(refused.contains("deploys no Microsoft.ManagedServices"), "{refused}");
}
