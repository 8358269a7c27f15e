//! Ids of a template's own resources, and the many ways in which the template may name them.

use std::collections::HashMap;

/// Segments of a resource type after its namespace.
pub(crate) fn type_segments(kind: &str) -> usize {
    kind.trim_end_matches('/').split('/').count() - 1
}

/// `{scope}/providers/{namespace}/{type}/{name}/{type}/{name}…`
pub(crate) fn resource_id(scope: &str, kind: &str, name: &str) -> String {
    format!("{scope}/providers/{}", interleaved(kind, name))
}

pub(crate) fn group_id(subscription: &str, group: &str) -> String {
    format!("/subscriptions/{subscription}/resourceGroups/{group}")
}

/// `{namespace}/{type}/{name}/{type}/{name}…`
fn interleaved(kind: &str, name: &str) -> String {
    let mut kinds = kind.split('/');
    let mut id = kinds.next().unwrap_or_default().to_owned();
    for (kind, name) in kinds.zip(name.split('/')) {
        id = format!("{id}/{kind}/{name}");
    }
    id
}

/// A resource that the template deploys, or refers to as existing.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) api_version: Option<String>,
    /// The deployment's scope, from which a template names it even if it lies elsewhere.
    pub(crate) base: String,
    /// Its symbolic name, or the name of its loop.
    pub(crate) groups: Vec<String>,
    /// Whether its condition lets it be deployed.
    pub(crate) deployed: bool,
}

/// All of a template's resources, by every name they answer to.
#[derive(Default)]
pub(crate) struct Known {
    all: Vec<Own>,
    ids: HashMap<String, Vec<usize>>,
    names: HashMap<String, Vec<usize>>,
    groups: HashMap<String, Vec<usize>>,
}

impl Known {
    pub(crate) fn new(all: Vec<Own>) -> Self {
        let mut known = Self::default();
        for (index, own) in all.iter().enumerate() {
            known.add(index, own);
        }
        Self { all, ..known }
    }

    fn add(&mut self, index: usize, own: &Own) {
        let relative = interleaved(&own.kind, &own.name);
        let ids = [
            own.id.clone(),
            format!("{}/providers/{relative}", own.base),
            relative,
            format!("{}/{}", own.kind, own.name),
        ];
        for id in ids {
            let same = self.ids.entry(id.to_ascii_lowercase()).or_default();
            if same.last() != Some(&index) {
                same.push(index);
            }
        }
        self.names.entry(own.name.to_ascii_lowercase()).or_default().push(index);
        for group in &own.groups {
            // A loop's name may be its symbol, too.
            let same = self.groups.entry(group.to_ascii_lowercase()).or_default();
            if same.last() != Some(&index) {
                same.push(index);
            }
        }
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&Own> {
        let same = self.ids.get(&id.trim_end_matches('/').to_ascii_lowercase())?;
        same.first().and_then(|index| self.all.get(*index))
    }

    /// The one resource of this name; two of the same name are none.
    pub(crate) fn by_name(&self, name: &str) -> Option<&Own> {
        let all = self.depended(name);
        all.first().filter(|_| self.are_one(all)).and_then(|index| self.all.get(*index))
    }

    /// The one resource of this symbolic name.
    pub(crate) fn by_symbol(&self, symbol: &str) -> Option<&Own> {
        let all = self.groups.get(&symbol.to_ascii_lowercase())?;
        all.first().filter(|_| self.are_one(all)).and_then(|index| self.all.get(*index))
    }

    /// Those of a loop or a symbol that are deployed, in the order of the loop's turns; none where
    /// no resource has that name.
    pub(crate) fn group(&self, name: &str) -> Option<Vec<&Own>> {
        let all = self.groups.get(&name.to_ascii_lowercase())?;
        let own = all.iter().filter_map(|index| self.all.get(*index));
        Some(own.filter(|own| own.deployed).collect())
    }

    /// Whether these are the same resource, declared several times under different conditions.
    fn are_one(&self, all: &[usize]) -> bool {
        let ids = || all.iter().filter_map(|index| self.all.get(*index)).map(|own| &own.id);
        ids().zip(ids().skip(1)).all(|(one, next)| one.eq_ignore_ascii_case(next))
    }

    /// What an element of `dependsOn` means: an id, full or relative; a symbolic name or a loop
    /// (all of its turns); a plain name, if only one resource has it.
    pub(crate) fn depended(&self, named: &str) -> &[usize] {
        let key = named.trim_end_matches('/').to_ascii_lowercase();
        let name = || self.names.get(&key).filter(|named| self.are_one(named));
        let found = self.ids.get(&key).or_else(|| self.groups.get(&key)).or_else(name);
        found.map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_interleave_types_and_names() {
        let cases = [
            ("Microsoft.Sql/servers", "a", "/s/providers/Microsoft.Sql/servers/a"),
            ("Microsoft.Sql/servers/db", "a/b", "/s/providers/Microsoft.Sql/servers/a/db/b"),
            ("N.S/t/providers/locks", "a/N.L/b", "/s/providers/N.S/t/a/providers/N.L/locks/b"),
        ];
        for (kind, name, expected) in cases {
            assert_eq!(resource_id("/s", kind, name), expected);
        }
    }
}
