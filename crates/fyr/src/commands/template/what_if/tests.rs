use std::fs;

use clap::Parser;
use tempfile::TempDir;

use super::*;
use crate::cli::{Arguments, Command, Template as Verb};

const WORLD: &str = r"
tenants:
  - name: contoso
    domain: contoso.example
    users: [{ name: olof }]
    groups: [{ name: owners, members: [olof] }]
    subscriptions:
      - name: prod
        id: 22222222-2222-4222-8222-222222222222
        resourceGroups:
          - name: rg
            location: westeurope
            resources:
              - { type: Microsoft.Storage/storageAccounts, name: kept, location: westeurope, tags: { a: '1' } }
              - { type: Microsoft.Storage/storageAccounts, name: old, location: westeurope }
    roleAssignments: [{ principal: owners, role: Owner, scope: prod }]
";

fn template(tag: &str) -> String {
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [{
            "type": "Microsoft.Storage/storageAccounts", "apiVersion": "2022-09-01",
            "name": "kept", "location": "westeurope", "tags": { "a": tag },
        }],
    })
    .to_string()
}

/// What the command would print, of a template and perhaps a world.
async fn asked(template: &str, world: Option<&str>, more: &[&str]) -> anyhow::Result<Value> {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (template, world) = (file("main.json", template), world.map(|it| file("w.yaml", it)));
    let mut line = vec!["fyr", "template", "what-if", &template];
    line.extend(world.iter().flat_map(|it| ["--against", it]));
    line.extend(more);
    let Command::Template(Verb::WhatIf(wanted)) = Arguments::parse_from(line).command else {
        panic!("another command")
    };
    answer(&wanted).await
}

#[tokio::test]
async fn against_nothing_everything_is_made() {
    let told = asked(&template("1"), None, &[]).await.unwrap();
    assert!(changes::any(&told));
    let text = changes::render(&told);
    let expected = "\
Resource and property changes are indicated with these symbols:
  + Create

Scope: /subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg

  + Microsoft.Storage/storageAccounts/kept [2022-09-01]
      apiVersion: \"2022-09-01\"
      id: \"/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/kept\"
      name: \"kept\"
      type: \"Microsoft.Storage/storageAccounts\"
      location: \"westeurope\"
      tags: {
        \"a\": \"1\"
      }

Resource changes: 1 to create.
";
    assert_eq!(text, expected);
}

#[tokio::test]
async fn against_a_world_the_differences_are_told() {
    let told = asked(&template("2"), Some(WORLD), &["--mode", "complete"]).await.unwrap();
    let text = changes::render(&told);
    for line in [
        "Scope: /subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg",
        "  - Microsoft.Storage/storageAccounts/old",
        "  ~ Microsoft.Storage/storageAccounts/kept [2022-09-01]",
        "    ~ tags.a: \"1\" => \"2\"",
        "Resource changes: 1 to delete, 1 to modify.",
    ] {
        assert!(text.contains(line), "{line} is missing in\n{text}");
    }
    let told = asked(&template("1"), Some(WORLD), &[]).await.unwrap();
    assert!(!changes::any(&told), "{told:#}");
    assert!(changes::render(&told).ends_with("Resource changes: 1 no change, 1 to ignore.\n"));
}

#[tokio::test]
async fn what_cannot_be_deployed_is_refused_in_arms_words() {
    let bad = template("1").replace("storageAccounts\"", "nothings\"");
    let told = asked(&bad, None, &[]).await.unwrap();
    let text = changes::refusal(&told["error"]);
    assert!(text.contains("InvalidTemplateDeployment"), "{text}");
    assert!(text.contains("\n  InvalidResourceType: "), "{text}");
    let twice = template("1").replace("\"resources\":[", "\"resources\":[{\"type\":\"a\"},");
    let refused = asked(&twice, None, &[]).await.unwrap_err().to_string();
    assert!(refused.starts_with("InvalidTemplate: "), "{refused}");
    let (nobody, _) = WORLD.split_once("    roleAssignments").unwrap();
    let refused = asked(&template("1"), Some(nobody), &[]).await.unwrap_err().to_string();
    assert!(refused.starts_with("nobody in the world owns"), "{refused}");
}
