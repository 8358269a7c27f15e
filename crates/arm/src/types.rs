//! Which resource types there are, and in which api-versions.
//!
//! `data/resource-types.json` is Azure/bicep-types-az (MIT), 2026-08-20; `data/more-types.json`
//! adds what clients and templates use beyond it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use ids::{name::Name, resource::ResourceType};

type Raw = BTreeMap<&'static str, BTreeMap<&'static str, Vec<&'static str>>>;

const SOURCES: [&str; 2] =
    [include_str!("../data/resource-types.json"), include_str!("../data/more-types.json")];

/// A namespace, spelled as its owner spells it.
#[derive(Debug)]
pub struct Namespace {
    pub name: &'static str,
    /// By folded name below the namespace.
    pub types: BTreeMap<String, KnownType>,
}

/// A type, spelled as its owner spells it, with its api-versions, newest first.
#[derive(Debug)]
pub struct KnownType {
    pub name: &'static str,
    pub versions: Vec<&'static str>,
}

/// All known namespaces, by folded name.
#[derive(Debug)]
pub struct Types(BTreeMap<String, Namespace>);

/// The types that this build knows.
pub fn types() -> &'static Types {
    static TYPES: OnceLock<Types> = OnceLock::new();
    TYPES.get_or_init(|| SOURCES.into_iter().fold(Types(BTreeMap::new()), Types::and))
}

impl Types {
    #[expect(clippy::expect_used, reason = "the data is part of the program; a test reads it")]
    fn and(mut self, source: &'static str) -> Self {
        let raw: Raw = serde_json::from_str(source).expect("the type data is JSON");
        for (name, types) in raw {
            let namespace = self
                .0
                .entry(name.to_ascii_lowercase())
                .or_insert_with(|| Namespace { name, types: BTreeMap::new() });
            for (name, versions) in types {
                let known = namespace
                    .types
                    .entry(name.to_ascii_lowercase())
                    .or_insert_with(|| KnownType { name, versions: Vec::new() });
                known.versions.extend(versions);
                known.versions.sort_unstable_by(|a, b| b.cmp(a));
                known.versions.dedup();
            }
        }
        self
    }

    /// The namespace of that name, letters without regard to case.
    pub fn namespace(&self, name: &Name) -> Option<&Namespace> {
        self.0.get(&name.folded())
    }

    /// All namespaces in the order of their names.
    pub fn namespaces(&self) -> impl Iterator<Item = &Namespace> {
        self.0.values()
    }

    /// The type of that name, letters without regard to case.
    pub fn find(&self, kind: &ResourceType) -> Option<&KnownType> {
        let path: Vec<String> = kind.path.iter().map(Name::folded).collect();
        self.namespace(&kind.namespace)?.types.get(&path.join("/"))
    }
}

impl Namespace {
    /// The api-versions of all its types, newest first.
    pub fn versions(&self) -> Vec<&'static str> {
        let each = self.types.values().flat_map(|it| it.versions.iter().copied());
        each.collect::<BTreeSet<_>>().into_iter().rev().collect()
    }

    /// Whether every subscription may use it without asking (ARM's own providers).
    pub fn registration_free(&self) -> bool {
        const FREE: [&str; 9] = [
            "Microsoft.Authorization",
            "Microsoft.Billing",
            "Microsoft.Consumption",
            "Microsoft.Features",
            "Microsoft.Management",
            "Microsoft.MarketplaceOrdering",
            "Microsoft.ResourceGraph",
            "Microsoft.Resources",
            "Microsoft.Support",
        ];
        FREE.iter().any(|name| name.eq_ignore_ascii_case(self.name))
    }
}

/// Whether text is an api-version: `YYYY-MM-DD`, then perhaps a stage (ARM resource provider
/// contract).
pub fn is_version(text: &str) -> bool {
    const STAGES: [&str; 6] = ["", "-preview", "-alpha", "-beta", "-rc", "-privatepreview"];
    let Some((date, stage)) = text.split_at_checked(10) else { return false };
    let digits =
        |at: usize, byte: u8| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    date.bytes().enumerate().all(|(at, byte)| digits(at, byte))
        && STAGES.iter().any(|known| known.eq_ignore_ascii_case(stage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_found_without_regard_to_case() {
        let kind = ResourceType::parse("microsoft.storage/STORAGEACCOUNTS").unwrap();
        let known = types().find(&kind).unwrap();
        assert_eq!(known.name, "storageAccounts");
        assert!(known.versions.is_sorted_by(|a, b| a >= b), "{:?}", known.versions);
        assert!(types().find(&ResourceType::parse("Microsoft.Storage/nothing").unwrap()).is_none());
    }

    #[test]
    fn what_the_stock_templates_use_is_known() {
        for (kind, version) in [
            ("Microsoft.ManagedServices/registrationDefinitions", "2019-06-01"),
            ("Microsoft.ManagedServices/registrationAssignments", "2019-09-01"),
            ("Microsoft.ManagedServices/registrationDefinitions", "2020-02-01-preview"),
            ("Microsoft.Resources/deployments", "2018-05-01"),
        ] {
            let known = types().find(&ResourceType::parse(kind).unwrap()).unwrap();
            assert!(known.versions.contains(&version), "{kind} {version}");
        }
    }

    #[test]
    fn versions_are_dates_with_a_stage() {
        for good in ["2022-10-01", "2020-02-01-preview", "2020-02-01-Preview"] {
            assert!(is_version(good), "{good}");
        }
        for bad in ["", "latest", "2022-10-1", "2022-10-01-final", "2022/10/01", "2022-10-01é"] {
            assert!(!is_version(bad), "{bad}");
        }
    }
}
