//! The operations that resource providers name.

use std::collections::HashSet;

/// Each by its full name.
#[derive(Clone, Debug, Default)]
pub struct Known {
    control: Vec<String>,
    data: Vec<String>,
    /// In lower case.
    names: HashSet<String>,
    /// The same.
    only_data: HashSet<String>,
}

impl Known {
    /// Those of the control plane, and those that are done to what resources hold.
    pub fn new(control: Vec<String>, data: Vec<String>) -> Self {
        let mut only_data: HashSet<String> =
            data.iter().map(|it| it.to_ascii_lowercase()).collect();
        for name in &control {
            only_data.remove(&name.to_ascii_lowercase());
        }
        let all = control.iter().chain(&data);
        let names = all.map(|it| it.to_ascii_lowercase()).collect();
        Self { control, data, names, only_data }
    }

    /// Whether there is an operation of that name.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.names.contains(&name.to_ascii_lowercase())
    }

    /// Whether it is done to what a resource holds, and nothing of that name to a resource. Asked
    /// as an operation of the control plane, any `*` would give it, Owner's among them.
    pub(crate) fn is_only_data(&self, name: &str) -> bool {
        self.only_data.contains(&name.to_ascii_lowercase())
    }

    /// Each name, and whether it is done to what a resource holds.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&str, bool)> {
        let control = self.control.iter().map(|it| (it.as_str(), false));
        control.chain(self.data.iter().map(|it| (it.as_str(), true)))
    }
}
