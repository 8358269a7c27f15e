//! What `cargo metadata` knows, in as many words as the checks need.

use std::{collections::BTreeSet, path::Path, process::Command};

use serde_json::Value;

use crate::run::{Failure, output_of};

/// The platform that is judged: the same on every developer's machine.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// A crate that the build uses: ours or an outside one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) licence: Option<String>,
    /// `None` for our own.
    pub(crate) source: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// A line in a package's manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Whether it lies in this workspace.
    pub(crate) ours: bool,
}

/// What a dependency is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Product,
    Tests,
}

/// Every package that a build for [`PLATFORM`] takes part in.
pub(crate) fn packages(root: &Path) -> Result<Vec<Package>, Failure> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).args(["metadata", "--format-version", "1", "--filter-platform"]);
    let answer = output_of(cargo.arg(PLATFORM))?;
    let answer: Value = serde_json::from_slice(&answer).map_err(Failure::Metadata)?;
    Ok(parse(&answer))
}

/// Cargo lists packages of other platforms too; those that take part stand in `resolve`.
fn parse(answer: &Value) -> Vec<Package> {
    let nodes = list(answer.pointer("/resolve/nodes"));
    let taking_part: BTreeSet<&str> = nodes.filter_map(|node| node["id"].as_str()).collect();
    list(answer.get("packages"))
        .filter(|package| package["id"].as_str().is_some_and(|id| taking_part.contains(id)))
        .map(|package| Package {
            name: text(&package["name"]).unwrap_or_default(),
            version: text(&package["version"]).unwrap_or_default(),
            licence: text(&package["license"]),
            source: text(&package["source"]),
            dependencies: list(package.get("dependencies")).map(dependency).collect(),
        })
        .collect()
}

fn dependency(line: &Value) -> Dependency {
    Dependency {
        name: text(&line["name"]).unwrap_or_default(),
        kind: if line["kind"] == "dev" { Kind::Tests } else { Kind::Product },
        ours: line["path"].is_string(),
    }
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_packages_that_take_part_are_seen() {
        let answer = json!({
            "packages": [
                { "id": "a", "name": "ours", "version": "0.1.0", "license": "MIT", "source": null,
                  "dependencies": [
                      { "name": "ids", "kind": null, "path": "/x/ids" },
                      { "name": "proptest", "kind": "dev" } ] },
                { "id": "w", "name": "windows-sys", "version": "0.60.0", "dependencies": [] } ],
            "resolve": { "nodes": [ { "id": "a" } ] } });
        let ids = Dependency { name: "ids".into(), kind: Kind::Product, ours: true };
        let proptest = Dependency { name: "proptest".into(), kind: Kind::Tests, ours: false };
        let ours = Package {
            name: "ours".into(),
            version: "0.1.0".into(),
            licence: Some("MIT".into()),
            source: None,
            dependencies: vec![ids, proptest],
        };
        assert_eq!(parse(&answer), [ours]);
    }
}
