//! Crates stand on floors and depend only downward.

use std::collections::BTreeSet;

use crate::{
    finding::Finding,
    metadata::{Dependency, Kind, Package},
    sources::Source,
};

/// Bottom to top. A crate may use the crates below its own line, and no others.
const FLOORS: &[&[&str]] = &[
    &["ids", "document"],
    &["model", "condition"],
    &["access", "activation", "delegation", "market", "template", "identity", "policy"],
    &["wire", "world", "store"],
    &["store-sqlite", "store-postgres", "operations"],
    &["arm"],
    &["arm-api", "identity-api", "graph-api", "market-api", "decision-api", "portal", "client"],
    &["fyr"],
];

/// Crates that only tests may name: the product must not carry them.
const FOR_TESTS: &[&str] = &["testkit", "oracle", "hostile"];

/// Who must not see whom, over any number of crates: an oracle that could ask what it judges
/// would agree with every mistake.
const BLIND: &[(&str, &str)] = &[("oracle", "access")];

/// Stands beside the house.
const TOOLS: &[&str] = &["xtask"];

pub(super) fn findings(packages: &[Package], sources: &[Source]) -> Vec<Finding> {
    let ours: Vec<&Package> = packages.iter().filter(|package| package.source.is_none()).collect();
    let edges = |package: &'_ Package| {
        let within = package.dependencies.iter().filter(|dependency| dependency.ours);
        within.filter_map(|used| complaint(&package.name, used)).collect::<Vec<_>>()
    };
    let mut findings = Vec::new();
    for package in &ours {
        let manifest = format!("crates/{}/Cargo.toml", package.name);
        if !known(&package.name) {
            let advice = "this crate stands on no floor: give it one in xtask/src/check/floors.rs";
            findings.push(Finding::error(&manifest, 0, advice));
        }
        for (used, advice) in edges(package) {
            findings.push(Finding::error(&manifest, line_of(&used, &manifest, sources), advice));
        }
    }
    for (blind, hidden) in BLIND {
        if reaches(blind, hidden, &ours) {
            let manifest = format!("crates/{blind}/Cargo.toml");
            let advice = format!("`{blind}` can see `{hidden}`, which it judges: cut that path");
            findings.push(Finding::error(&manifest, 0, advice));
        }
    }
    findings
}

/// What is wrong with one crate using another, if anything.
fn complaint(user: &str, line: &Dependency) -> Option<(String, String)> {
    let name = &line.name;
    let tests_only = FOR_TESTS.contains(&name.as_str());
    let user_tests_only = FOR_TESTS.contains(&user);
    let advice = match line.kind {
        Kind::Tests if tests_only || user_tests_only || user == name => return None,
        Kind::Tests if floor(user).is_some() && floor(name) <= floor(user) => return None,
        Kind::Tests => format!(
            "tests of `{user}` use `{name}` from above: move them up, or what they need into testkit"
        ),
        Kind::Product if user_tests_only => return None,
        Kind::Product if tests_only => {
            format!("`{user}` carries `{name}` into the product: name it in [dev-dependencies]")
        }
        Kind::Product if floor(name).is_some() && floor(name) < floor(user) => return None,
        Kind::Product => format!(
            "`{user}` uses `{name}`, which does not stand below it: hand down what it needs as a \
             value, or move the idea to a lower floor"
        ),
    };
    Some((name.clone(), advice))
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&name))
}

fn known(name: &str) -> bool {
    floor(name).is_some() || FOR_TESTS.contains(&name) || TOOLS.contains(&name)
}

/// Whether a crate is built on another, at any distance.
fn reaches(from: &str, to: &str, ours: &[&Package]) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if !seen.insert(name) {
            continue;
        }
        let package = ours.iter().find(|package| package.name == name);
        let dependencies = package.map(|package| &package.dependencies).into_iter().flatten();
        open.extend(dependencies.filter(|used| used.ours).map(|used| used.name.as_str()));
    }
    from != to && seen.contains(to)
}

fn line_of(used: &str, manifest: &str, sources: &[Source]) -> usize {
    let text = sources.iter().find(|source| source.path == manifest).map(|source| &source.text);
    let names_it = |line: &str| {
        let rest = line.trim_start().strip_prefix(used);
        rest.is_some_and(|rest| rest.starts_with([' ', '=', '.']))
    };
    text.and_then(|text| text.lines().position(names_it)).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, uses: &[(&str, Kind)]) -> Package {
        let dependency = |(name, kind): &(&str, Kind)| Dependency {
            name: (*name).into(),
            kind: *kind,
            ours: true,
        };
        Package {
            name: name.into(),
            version: "0.1.0".into(),
            licence: None,
            source: None,
            dependencies: uses.iter().map(dependency).collect(),
        }
    }

    #[track_caller]
    fn check(name: &str, used: &str, kind: Kind, expected: bool) {
        let house = [package(name, &[(used, kind)])];
        assert_eq!(findings(&house, &[]).is_empty(), expected, "{name} -> {used} ({kind:?})");
    }

    #[test]
    fn crates_use_what_stands_below_them() {
        use Kind::{Product, Tests};
        for (name, used, kind, expected) in [
            ("model", "ids", Product, true),
            ("fyr", "ids", Product, true),
            ("ids", "model", Product, false),
            ("access", "delegation", Product, false),
            ("operations", "store-sqlite", Product, false),
            ("operations", "store-sqlite", Tests, true),
            ("operations", "arm", Tests, false),
            ("arm", "somewhere-else", Product, false),
            ("access", "oracle", Product, false),
            ("access", "oracle", Tests, true),
            ("access", "testkit", Tests, true),
            ("model", "model", Tests, true),
            ("testkit", "operations", Product, true),
            ("xtask", "ids", Product, false),
        ] {
            check(name, used, kind, expected);
        }
    }

    #[test]
    fn the_oracle_does_not_see_what_it_judges_even_through_a_friend() {
        let friend = package("testkit", &[("access", Kind::Product)]);
        let oracle = package("oracle", &[("testkit", Kind::Product)]);
        let access = package("access", &[("oracle", Kind::Tests)]);
        let house = [oracle, friend, access];
        let found = findings(&house, &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(findings(&[package("oracle", &[("model", Kind::Product)])], &[]).is_empty());
    }

    #[test]
    fn a_crate_without_a_floor_is_found() {
        assert_eq!(findings(&[package("helpers", &[])], &[]).len(), 1);
    }

    #[test]
    fn the_line_of_the_edge_is_named() {
        let text = "[dependencies]\nmodel-extra = 1\nmodel.workspace = true\n".to_owned();
        let manifest = Source { path: "crates/ids/Cargo.toml".into(), text };
        let house = [package("ids", &[("model", Kind::Product)])];
        let lines: Vec<usize> = findings(&house, &[manifest]).iter().map(|f| f.line).collect();
        assert_eq!(lines, [3]);
    }
}
