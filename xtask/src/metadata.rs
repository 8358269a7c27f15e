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

/// Every package that a build for [`PLATFORM`] really compiles.
///
/// `cargo metadata` knows everything about packages, but counts some that no feature switches on;
/// `cargo tree` knows who takes part.
pub(crate) fn packages(root: &Path) -> Result<Vec<Package>, Failure> {
    let mut metadata = Command::new("cargo");
    metadata.current_dir(root).args(["metadata", "--format-version", "1", "--filter-platform"]);
    let known = output_of(metadata.arg(PLATFORM))?;
    let known: Value = serde_json::from_slice(&known).map_err(Failure::Metadata)?;

    let mut tree = Command::new("cargo");
    tree.current_dir(root).args(["tree", "--workspace", "--prefix", "none", "--target", PLATFORM]);
    let compiled = output_of(tree.args(["--edges", "normal,build,dev", "--format", "{p}"]))?;
    Ok(parse(&known, &String::from_utf8_lossy(&compiled)))
}

fn parse(known: &Value, compiled: &str) -> Vec<Package> {
    let compiled: BTreeSet<(&str, &str)> = compiled.lines().filter_map(name_and_version).collect();
    let packages = list(known.get("packages")).map(package);
    packages.filter(|package| compiled.contains(&(&package.name, &package.version))).collect()
}

/// Reads a line of `cargo tree`, such as `syn v2.0.119 (*)`.
fn name_and_version(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split(' ');
    Some((words.next()?, words.next()?.strip_prefix('v')?))
}

fn package(package: &Value) -> Package {
    Package {
        name: text(&package["name"]).unwrap_or_default(),
        version: text(&package["version"]).unwrap_or_default(),
        licence: text(&package["license"]),
        source: text(&package["source"]),
        dependencies: list(package.get("dependencies")).map(dependency).collect(),
    }
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
    fn only_packages_that_are_compiled_are_seen() {
        let known = json!({
            "packages": [
                { "name": "ours", "version": "0.1.0", "license": "MIT", "source": null,
                  "dependencies": [
                      { "name": "ids", "kind": null, "path": "/x/ids" },
                      { "name": "proptest", "kind": "dev" } ] },
                { "name": "ours", "version": "0.2.0", "dependencies": [] },
                { "name": "windows-sys", "version": "0.60.0", "dependencies": [] } ] });
        let compiled = "ours v0.1.0 (/x/ours)\nours v0.1.0 (/x/ours) (*)\n\nids v0.1.0\n";
        let ids = Dependency { name: "ids".into(), kind: Kind::Product, ours: true };
        let proptest = Dependency { name: "proptest".into(), kind: Kind::Tests, ours: false };
        let ours = Package {
            name: "ours".into(),
            version: "0.1.0".into(),
            licence: Some("MIT".into()),
            source: None,
            dependencies: vec![ids, proptest],
        };
        assert_eq!(parse(&known, compiled), [ours]);
    }
}
