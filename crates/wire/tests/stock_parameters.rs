//! What the stock onboarding templates' parameter files ask for is granted, once they are
//! filled in.
#![expect(clippy::unwrap_used, reason = "test code")]

use std::{fs, path::Path};

use access::catalogue::Catalogue;
use delegation::define::{Facts, Verdict, define};
use model::samples::{CUSTOMER, PROVIDER, SUBSCRIPTION, definition, system_data};
use serde_json::{Value, json};
use wire::arm::managed_services::{
    definition::{Asked, read},
    generation::Generation,
};

/// Each parameter file below the folder, parsed.
fn parameter_files(folder: &Path, into: &mut Vec<(String, Value)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            parameter_files(&path, into);
        } else if path.to_string_lossy().ends_with(".parameters.json") {
            let text = fs::read_to_string(&path).unwrap();
            let parsed = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
            into.push((path.display().to_string(), parsed));
        }
    }
}

/// Puts a GUID wherever the file asks for one.
fn filled(value: Value) -> Value {
    match value {
        Value::String(text) if text.starts_with('<') => json!(PROVIDER),
        Value::Array(items) => items.into_iter().map(filled).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name, filled(value))).collect()
        }
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

/// The body that the template makes of the file.
fn body(file: &Value) -> Value {
    let parameter = |name: &str| {
        let value = file.pointer(&format!("/parameters/{name}/value"));
        filled(value.cloned().unwrap_or_default())
    };
    json!({ "properties": {
        "registrationDefinitionName": parameter("mspOfferName"),
        "description": parameter("mspOfferDescription"),
        "managedByTenantId": PROVIDER,
        "authorizations": parameter("authorizations"),
        "eligibleAuthorizations": parameter("eligibleAuthorizations"),
    }})
}

#[test]
fn every_stock_parameter_file_makes_a_definition() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples/lighthouse");
    let mut files = Vec::new();
    parameter_files(&samples.join("templates/delegated-resource-management"), &mut files);
    let eligible = "templates/delegated-resource-management-eligible-authorizations";
    parameter_files(&samples.join(eligible), &mut files);
    assert_eq!(files.len(), 9);

    let catalogue = Catalogue::builtin();
    for (name, file) in files {
        let sent = body(&file).to_string();
        let request = read(definition(SUBSCRIPTION).id, sent.as_bytes(), Generation::Preview2020);
        let Ok(Asked::Own(request)) = request else { panic!("{name}: {request:?}") };
        let roles = request.roles().filter_map(|id| Some((id, catalogue.role(id)?))).collect();
        let facts = Facts { owner: CUSTOMER, existing: None, roles, made: system_data() };
        let verdict = define(request, facts);
        assert!(matches!(verdict, Ok(Verdict::Create(_))), "{name}: {verdict:?}");
    }
}
