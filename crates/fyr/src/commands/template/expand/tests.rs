use std::{fs, path::PathBuf};

use clap::Parser;
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::cli::{Arguments, Command, Template as Verb};

fn wanted(file: &str, more: &[&str]) -> Expand {
    let line = ["fyr", "template", "expand", file].into_iter().chain(more.iter().copied());
    let Command::Template(Verb::Expand(wanted)) = Arguments::parse_from(line).command else {
        panic!("no expansion is asked for");
    };
    wanted
}

/// A folder with these files in it, and the way to the first.
fn files(all: &[(&str, &str)]) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    for (name, text) in all {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let first = folder.path().join(all[0].0);
    (folder, first.display().to_string())
}

#[test]
fn the_stock_template_is_laid_out_at_the_assumed_place() {
    let folder = "tests/samples/lighthouse/templates/delegated-resource-management/subscription";
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let file = |name: &str| folder.join(name).display().to_string();
    let parameters = file("subscription.parameters.json");
    let wanted = wanted(&file("subscription.json"), &["--parameters", &parameters]);
    let shown = table::render(&expanded(&wanted).unwrap());
    let name = "a284898a-fc04-581d-aca0-047861d06160";
    let id = format!(
        "2  /subscriptions/11111111-1111-4111-8111-111111111111/providers/\
         Microsoft.ManagedServices/registrationAssignments/{name}"
    );
    assert!(shown.contains(&id), "{shown}");
    assert!(shown.contains("registrationAssignments 2019-09-01, after 1\n"), "{shown}");
    assert!(shown.contains("mspOfferName    String  \"Managed by Relecloud"), "{shown}");
}

const PLACE: &str = r#"{"$schema": "x/deploymentTemplate.json", "contentVersion": "1", // a remark
    "parameters": {"p": {"type": "string"}}, "resources": [], "outputs": {
        "at": {"type": "string", "value": "[deployment().name]"},
        "id": {"type": "string", "value": "[resourceGroup().id]"},
        "of": {"type": "string", "value": "[subscription().tenantId]"},
        "p": {"type": "string", "value": "[parameters('p')]"}}}"#;

#[test]
fn the_place_and_the_parameters_can_be_chosen() {
    let first = r#"{"parameters": {"p": {"value": "first"}}}"#;
    let last = r#"{"p": {"value": "[last]"}}"#;
    let (folder, file) = files(&[("main.json", PLACE), ("a.json", first), ("b.json", last)]);
    let named = |name: &str| folder.path().join(name).display().to_string();
    let (a, b) = (named("a.json"), named("b.json"));
    let subscription = "22222222-2222-4222-8222-222222222222";
    let tenant = "33333333-3333-4333-8333-333333333333";
    let more = ["--parameters", &a, "--parameters", &b, "--subscription", subscription];
    let more = [&more[..], &["--tenant", tenant, "-g", "mine"]].concat();
    let outputs = json!(expanded(&wanted(&file, &more)).unwrap())["outputs"].clone();
    assert_eq!(outputs["at"]["value"], "main");
    assert_eq!(
        outputs["id"]["value"],
        format!("/subscriptions/{subscription}/resourceGroups/mine")
    );
    assert_eq!(outputs["of"]["value"], tenant);
    assert_eq!(outputs["p"]["value"], "[last]");
    let elsewhere = expanded(&wanted(&file, &["--parameters", &a, "--scope", "mg"]));
    assert!(elsewhere.unwrap_err().to_string().contains("'resourceGroup' is not expected"));
}

#[test]
fn a_refusal_is_told_in_arms_words_with_line_and_column() {
    let (_folder, file) = files(&[("main.json", PLACE)]);
    assert_eq!(
        expanded(&wanted(&file, &[])).unwrap_err().to_string(),
        "InvalidTemplate: Deployment template validation failed: 'The value for the template \
         parameter 'p' at line '2' and column '25' is not provided. Please see \
         https://aka.ms/arm-create-parameter-file for usage details.'."
    );
    let (_folder, file) = files(&[("broken.json", "{\n  !")]);
    let refused = expanded(&wanted(&file, &[])).unwrap_err().to_string();
    assert!(refused.ends_with("unexpected character at line 2, position 3"), "{refused}");
}
