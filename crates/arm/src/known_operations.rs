//! The operations that resource providers name. Not all there are: one that is not listed is
//! still an operation.
//!
//! `data/operations.json` is awsles/AzureServices (MIT), 2023-2025, and the literal strings of
//! the built-in roles; names stand without their namespace.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, OnceLock},
};

use serde::Deserialize;

/// The operations of one provider.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", bound = "'de: 'static")]
pub(crate) struct Known {
    actions: Vec<&'static str>,
    data_actions: Vec<&'static str>,
}

impl Known {
    /// Each name, and whether it is a data action.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&'static str, bool)> {
        let actions = self.actions.iter().map(|name| (*name, false));
        actions.chain(self.data_actions.iter().map(|name| (*name, true)))
    }
}

/// All providers with their operations, by name.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static Known)> {
    table().iter().map(|(name, known)| (*name, known))
}

/// Every operation of the control plane by its full name.
pub fn actions() -> Vec<String> {
    let names = |(namespace, known): (&'static str, &'static Known)| {
        known.actions.iter().map(move |name| format!("{namespace}/{name}"))
    };
    all().flat_map(names).collect()
}

/// Every operation that is done to what a resource holds, by its full name.
pub fn data_actions() -> Vec<String> {
    let names = |(namespace, known): (&'static str, &'static Known)| {
        known.data_actions.iter().map(move |name| format!("{namespace}/{name}"))
    };
    all().flat_map(names).collect()
}

/// The operations of the control plane, listed once for all who ask.
pub fn shared() -> Arc<Vec<String>> {
    static ALL: LazyLock<Arc<Vec<String>>> = LazyLock::new(|| Arc::new(actions()));
    Arc::clone(&ALL)
}

/// The provider of that name, letters without regard to case.
pub(crate) fn of(namespace: &str) -> Option<(&'static str, &'static Known)> {
    all().find(|(name, _)| name.eq_ignore_ascii_case(namespace))
}

#[expect(clippy::expect_used, reason = "the data is part of the program; a test reads it")]
fn table() -> &'static BTreeMap<&'static str, Known> {
    static TABLE: OnceLock<BTreeMap<&'static str, Known>> = OnceLock::new();
    TABLE.get_or_init(|| {
        serde_json::from_str(include_str!("../data/operations.json")).expect("the data is JSON")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_delegation_needs_is_known() {
        let (name, known) = of("microsoft.managedservices").unwrap();
        assert_eq!(name, "Microsoft.ManagedServices");
        let names: Vec<&str> = known.each().map(|(name, _)| name).collect();
        for needed in ["register/action", "registrationAssignments/write"] {
            assert!(names.contains(&needed), "{needed} in {names:?}");
        }
        assert!(of("Microsoft.Nothing").is_none());
    }
}
