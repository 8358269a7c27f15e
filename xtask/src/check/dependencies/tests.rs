use super::*;

fn package(name: &str, version: &str) -> Package {
    Package {
        name: name.into(),
        version: version.into(),
        licence: Some("MIT OR Apache-2.0".into()),
        source: Some(format!("{}https://somewhere.example{}", REGISTRY.0, REGISTRY.1)),
        dependencies: Vec::new(),
    }
}

#[test]
fn a_plain_package_is_welcome() {
    assert_eq!(terms(&package("plain", "1.0.0")), []);
}

#[test]
fn a_second_cryptographic_library_is_found() {
    for (name, _) in BANNED {
        assert_eq!(terms(&package(name, "1.0.0")).len(), 1, "{name}");
    }
}

#[test]
fn a_package_comes_with_a_licence_we_can_meet() {
    for licence in [None, Some("AGPL-3.0-only".to_owned())] {
        assert_eq!(terms(&Package { licence, ..package("closed", "1.0.0") }).len(), 1);
    }
}

#[test]
fn what_is_on_other_terms_is_never_shipped() {
    use crate::metadata::Dependency;
    let licence = Some("MPL-2.0".to_owned());
    assert_eq!(terms(&Package { licence, ..package("selectors", "1.0.0") }), []);
    let user = |kind| Package {
        source: None,
        dependencies: vec![Dependency { name: "scraper".into(), kind, ours: false }],
        ..package("portal", "1.0.0")
    };
    assert_eq!(shipped(&user(Kind::Tests)), None);
    assert!(shipped(&user(Kind::Product)).is_some());
}

#[test]
fn a_package_comes_from_cargos_own_registry() {
    for source in ["git+https://git.example/x?rev=1#1", "registry+https://elsewhere.example/index"]
    {
        let foreign = Package { source: Some(source.into()), ..package("foreign", "1.0.0") };
        assert_eq!(terms(&foreign).len(), 1, "{source}");
    }
}

#[test]
fn versions_that_cannot_be_exchanged_need_a_reason() {
    let (old, new) = (package("twice", "0.3.9"), package("twice", "0.4.0"));
    let both = [&old, &new];
    assert_eq!(several_versions(&both, &[]).len(), 1);
    assert_eq!(several_versions(&both, &[("twice", "its users have not moved yet")]), []);
    assert_eq!(several_versions(&[&old], &[("twice", "a stale reason")]).len(), 1);
    assert_eq!(several_versions(&[&old, &package("twice", "0.3.1")], &[]), []);
}

#[test]
fn the_first_number_that_is_not_zero_tells_versions_apart() {
    for (version, expected) in [
        ("1.2.3", "1"),
        ("10.2.3", "10"),
        ("0.11.3", "0.11"),
        ("0.0.7", "0.0.7"),
        ("0.0.0", "0"),
        ("2.0.0-rc.1", "2"),
    ] {
        assert_eq!(compatible(version), expected, "{version}");
    }
}

#[test]
fn every_outside_crate_says_why_it_is_there() {
    let manifest = "[workspace]\n\
        members = [\"a\"]\n\
        [workspace.dependencies] # a table\n\
        ids = { path = \"crates/ids\" }\n\
        bare = \"1\"\n\
        empty = \"1\" #\n\
        good = \"1\" # reasons\n\
        long = { version = \"1\", features = [\n    \"a\",\n] } # reasons\n\
        long-bare = { version = \"1\", features = [\n    \"a\",\n] }\n\
        [profile.release]\n\
        debug = 1\n";
    let found: Vec<usize> = without_reason(manifest).iter().map(|finding| finding.line).collect();
    assert_eq!(found, [5, 6, 11]);
}

#[test]
fn a_crate_refers_to_the_workspaces_line() {
    let manifest = "[package]\nname = \"a\"\n\n[dependencies]\n\
        ids.workspace = true\nserde = { workspace = true, features = [\"rc\"] }\nown = \"1\"\n\
        [dev-dependencies]\nmodel = { path = \"../model\" }\n[lints]\nworkspace = true\n";
    let found: Vec<usize> = declared_twice("crates/a/Cargo.toml", manifest)
        .iter()
        .map(|finding| finding.line)
        .collect();
    assert_eq!(found, [7, 9]);
}
