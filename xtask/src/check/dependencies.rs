//! What is not ours: why we have it, where it comes from, and on what terms.

use std::collections::{BTreeMap, BTreeSet};

use super::licence;
use crate::{
    finding::Finding,
    metadata::{Kind, Package},
    sources::Source,
};

/// Never, however deep it hides.
const BANNED: &[(&str, &str)] = &[
    ("native-tls", "one TLS stack: rustls with aws-lc-rs"),
    ("openssl", "one TLS stack: rustls with aws-lc-rs"),
    ("openssl-sys", "one TLS stack: rustls with aws-lc-rs"),
    ("ring", "one cryptographic library: aws-lc-rs"),
    ("serde_yaml", "nobody looks after it: saphyr-parser"),
];

/// Packages on other terms, which only tests use: nothing of them is shipped.
const FOR_TESTS: &[(&str, &str)] = &[
    ("cssparser", "MPL-2.0, through scraper"),
    ("cssparser-macros", "MPL-2.0, through scraper"),
    ("dtoa-short", "MPL-2.0, through scraper"),
    ("selectors", "MPL-2.0, through scraper"),
];

/// Through which ours come to them.
const ONLY_IN_TESTS: &str = "scraper";

/// Packages that stand in the build in several incompatible versions, and why we bear it.
/// The list may only shrink.
const SEVERAL_VERSIONS: &[(&str, &str)] = &[
    ("base64", "jsonwebtoken and metrics-exporter-prometheus stay on 0.22"),
    ("getrandom", "metrics-util's rand stays on 0.3"),
    ("hashbrown", "metrics-util stays on 0.16"),
    ("pem", "jsonwebtoken stays on 3, rcgen has moved to 4"),
    ("rand", "metrics-util stays on 0.9"),
    ("rand_core", "metrics-util's rand stays on 0.9"),
    ("syn", "proc macros move one by one; none of it reaches the product"),
    ("untrusted", "aws-lc-rs stays on 0.7, rustls-webpki has 0.9"),
];

/// Where packages come from: cargo's own registry, however it is reached.
const REGISTRY: (&str, &str) = ("registry+", "/rust-lang/crates.io-index");

const LOCK: &str = "Cargo.lock";

pub(super) fn findings(packages: &[Package], sources: &[Source]) -> Vec<Finding> {
    let outside: Vec<&Package> =
        packages.iter().filter(|package| package.source.is_some()).collect();
    let mut findings: Vec<Finding> = outside.iter().flat_map(|package| terms(package)).collect();
    findings.extend(packages.iter().filter_map(shipped));
    findings.extend(several_versions(&outside, SEVERAL_VERSIONS));
    for source in sources.iter().filter(|source| source.is_manifest()) {
        if source.path == "Cargo.toml" {
            findings.extend(without_reason(&source.text));
        } else {
            findings.extend(declared_twice(&source.path, &source.text));
        }
    }
    findings
}

/// Name, licence and origin of one package.
fn terms(package: &Package) -> Vec<Finding> {
    let Package { name, version, licence, source, dependencies: _ } = package;
    let mut findings = Vec::new();
    let mut object = |advice: String| findings.push(Finding::error(LOCK, 0, advice));
    if let Some((_, instead)) = BANNED.iter().find(|(banned, _)| banned == name) {
        object(format!(
            "`{name}` is in the build ({instead}); `cargo tree -i {name}` says through whom"
        ));
    }
    let is_for_tests = FOR_TESTS.iter().any(|(known, _)| known == name);
    if !is_for_tests && !licence.as_deref().is_some_and(licence::accepted) {
        let said = licence.as_deref().unwrap_or("none");
        object(format!(
            "`{name}` {version}: its licence ({said}) is not accepted; find another crate"
        ));
    }
    let (kind, index) = REGISTRY;
    if !source.as_deref().is_some_and(|it| it.starts_with(kind) && it.ends_with(index)) {
        object(format!(
            "`{name}` {version} is not from cargo's own registry; use a published version"
        ));
    }
    findings
}

/// What only tests may use, in the product.
fn shipped(package: &Package) -> Option<Finding> {
    let used = package.dependencies.iter().find(|it| it.name == ONLY_IN_TESTS)?;
    (package.source.is_none() && used.kind == Kind::Product).then(|| {
        let advice = format!("`{ONLY_IN_TESTS}` is for tests: name it in [dev-dependencies]");
        Finding::error(&format!("crates/{}/Cargo.toml", package.name), 0, advice)
    })
}

/// Packages with several incompatible versions that no reason covers, and reasons that cover
/// nothing any more.
fn several_versions(outside: &[&Package], known: &[(&str, &str)]) -> Vec<Finding> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in outside {
        versions.entry(&package.name).or_default().insert(compatible(&package.version));
    }
    versions.retain(|_, versions| versions.len() > 1);
    let mut findings = Vec::new();
    for (name, found) in &versions {
        if !known.iter().any(|(known, _)| known == name) {
            let found = found.iter().copied().collect::<Vec<_>>().join(" and ");
            let advice = format!(
                "`{name}` is built as {found}: bring its users together, or add a reason to \
                 SEVERAL_VERSIONS in xtask/src/check/dependencies.rs"
            );
            findings.push(Finding::error(LOCK, 0, advice));
        }
    }
    for (name, _) in known.iter().filter(|(name, _)| !versions.contains_key(name)) {
        let advice = format!("`{name}` has one version again: shorten SEVERAL_VERSIONS");
        findings.push(Finding::warning(LOCK, 0, advice));
    }
    findings
}

/// The leading part of a version that says with which others it may be exchanged.
fn compatible(version: &str) -> &str {
    let significant = version.find(|c: char| c.is_ascii_digit() && c != '0').unwrap_or(0);
    let end = version.get(significant..).and_then(|rest| rest.find('.'));
    end.and_then(|end| version.get(..significant + end)).unwrap_or(version)
}

/// Outside crates of the workspace's manifest that do not say why they are there.
fn without_reason(manifest: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entry in entries(manifest, "[workspace.dependencies]") {
        let ours = entry.text.contains("path =");
        let reason = entry.text.lines().filter_map(|line| line.split_once('#')).next_back();
        if !ours && reason.is_none_or(|(_, reason)| reason.trim().is_empty()) {
            let advice = format!("`{}` needs a reason in a comment on its line", entry.name);
            findings.push(Finding::error("Cargo.toml", entry.line, advice));
        }
    }
    findings
}

/// Dependencies of one crate that do not refer to the workspace's line.
fn declared_twice(path: &str, manifest: &str) -> Vec<Finding> {
    let tables = ["[dependencies]", "[dev-dependencies]", "[build-dependencies]"];
    let entries = tables.iter().flat_map(|table| entries(manifest, table));
    let own = entries.filter(|entry| {
        let spelled = entry.text.split_whitespace().collect::<String>();
        !spelled.contains("workspace=true") && !spelled.contains("path=\".\"")
    });
    own.map(|entry| {
        let advice =
            format!("declare `{0}` in the root Cargo.toml: `{0}.workspace = true`", entry.name);
        Finding::error(path, entry.line, advice)
    })
    .collect()
}

/// One key of a table, with all lines of its value.
struct Entry<'a> {
    name: &'a str,
    line: usize,
    text: String,
}

fn entries<'a>(manifest: &'a str, table: &str) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    let mut inside = false;
    let mut depth = 0;
    for (at, line) in manifest.lines().enumerate() {
        let code = line.split('#').next().unwrap_or(line);
        if depth > 0 {
            if let Some(open) = entries.last_mut() {
                open.text.push('\n');
                open.text.push_str(line);
            }
        } else if code.trim_start().starts_with('[') {
            inside = code.trim() == table;
            continue;
        } else if let Some((key, _)) = code.split_once('=').filter(|_| inside) {
            let name = key.split('.').next().unwrap_or(key).trim();
            entries.push(Entry { name, line: at + 1, text: line.to_owned() });
        }
        if inside {
            depth += code.matches(['[', '{']).count();
            depth -= code.matches([']', '}']).count().min(depth);
        }
    }
    entries
}

#[cfg(test)]
mod tests;
