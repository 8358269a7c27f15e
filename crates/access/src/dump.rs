//! The whole index as text, the same for the same facts: what checkpoints and tests compare.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Debug, Write},
};

use ids::{guid::Principal, scope::Scope};

use crate::{
    anchor::Anchor,
    delegation::Delegation,
    index::Index,
    line::{Flags, Pair},
    map::Map,
};

impl Index {
    /// All facts, derived ones too, in a fixed order; revisions are left out.
    pub fn dump(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> fmt::Result {
        writeln!(text, "settings {:?} {:?}", self.settings, self.catalogue)?;
        section(text, "tenant", self.tree.tenants.iter())?;
        section(text, "subscription", self.tree.subscriptions.iter())?;
        section(text, "group", self.tree.groups.iter())?;
        section(text, "below", self.tree.edges().map(|(at, child)| (at.key(), child.key())))?;
        section(text, "principal", self.directory.principals.iter())?;
        section(text, "edge", self.directory.edges())?;
        section(text, "shares", self.directory.closures())?;
        let held = self.directory.held();
        section(text, "directory role", held.iter().map(|it| (it.principal, it.role)))?;
        let owned = self.directory.ownerships();
        section(text, "owner", owned.iter().map(|it| (it.owner, it.owned)))?;
        let members = self.directory.account_members();
        section(text, "account", members.iter().map(|it| (it.principal, it.role)))?;
        section(text, "role", self.roles.iter().map(|(id, role)| (id, &role.definition)))?;
        section(text, "definition", self.all_definitions().into_iter())?;
        section(text, "astray", self.definitions.named_astray())?;
        // How a scope is spelled depends on who named it first.
        section(text, "anchor", self.anchors.iter().map(|it| (it.scope.key(), it)))?;
        self.write_numbers(text)
    }

    /// What the numbers stand for, without the numbers.
    fn write_numbers(&self, text: &mut String) -> fmt::Result {
        let numbers = &self.numbers;
        let names: BTreeMap<u32, String> =
            numbers.names().map(|(scope, line)| (line, scope.key())).collect();
        let given = |pair: Pair| {
            let marks = numbers.sheet(pair.sheet).into_iter().flat_map(|sheet| {
                sheet.marks().map(|mark| (numbers.holder(pair.tenant, mark.slot), mark.role))
            });
            (names.get(&pair.tenant), marks.collect::<BTreeSet<_>>())
        };
        let lines = names.iter().filter_map(|(number, name)| {
            let line = numbers.lines.get(*number)?;
            // A tenant's line stays when nothing needs it any more.
            let is_used = line.children > 0 || line.flags != Flags::default();
            let parent = names.get(&line.parent);
            let pairs: Vec<_> = line.pairs().map(given).collect();
            (is_used || parent.is_some())
                .then_some((name, (parent, line.children, line.flags, pairs)))
        });
        section(text, "line", lines)?;
        let of_grantee = |(who, _): (&Principal, u32)| {
            let slot = numbers.slot(*who);
            let tenant = numbers.line_of(&Scope::Tenant(who.tenant)).zip(slot);
            let all = tenant.into_iter().flat_map(|(tenant, slot)| {
                numbers.postings.all(tenant, &[slot]).collect::<Vec<_>>()
            });
            (*who, all.map(|it| names.get(&it.line)).collect::<BTreeSet<_>>())
        };
        section(text, "posting", numbers.grantees().map(of_grantee))?;
        section(text, "grantee", numbers.grantees())?;
        let askers = numbers.askers().map(|(who, asker)| {
            let meant = asker.slots().map(|slot| numbers.holder(asker.tenant, slot));
            let tenant = names.get(&asker.tenant);
            (who, (tenant, asker.is_let_in, meant.collect::<BTreeSet<_>>()))
        });
        section(text, "asker", askers)
    }
}

fn section<K: Debug, V: Debug>(
    text: &mut String,
    name: &str,
    entries: impl Iterator<Item = (K, V)>,
) -> fmt::Result {
    let mut lines: Vec<String> = entries.map(|(k, v)| format!("{name} {k:?} {v:?}")).collect();
    lines.sort();
    lines.iter().try_for_each(|line| writeln!(text, "{line}"))
}

/// A map of maps, flat.
pub(crate) fn pairs<K, L, V>(map: &Map<K, Map<L, V>>) -> impl Iterator<Item = (&K, (&L, &V))>
where
    K: Clone + Eq + std::hash::Hash,
    L: Clone + Eq + std::hash::Hash,
    V: Clone,
{
    map.iter().flat_map(|(key, inner)| inner.iter().map(move |entry| (key, entry)))
}

impl Debug for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let denies: Vec<_> = self.denies().iter().map(|deny| &deny.assignment).collect();
        let told = |it: &Delegation| (it.told(&self.scope), it.manifest().cloned());
        let delegations: Vec<_> = self.delegations.iter().map(told).collect();
        let in_time = (self.activations(), self.demands(), self.entitlements());
        write!(f, "{:?} {:?} {denies:?} {:?}", self.grants, delegations, self.locks())?;
        write!(f, " {in_time:?}")
    }
}
