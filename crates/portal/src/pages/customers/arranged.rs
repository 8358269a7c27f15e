//! How the rows of one page are sorted and grouped, as whoever looks at them chose.

use std::collections::BTreeMap;

use crate::ask::Ask;

/// What rows are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Customer,
    Offer,
    /// How much is delegated, most first.
    Delegations,
}

/// Rows with one thing in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group<T> {
    /// None where nothing is grouped.
    pub(super) name: Option<String>,
    pub(super) rows: Vec<T>,
}

/// A choice in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) words: &'static str,
    pub(super) is_chosen: bool,
}

/// What was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arranged {
    group: Option<By>,
    sort: Option<By>,
}

impl By {
    fn parse(text: &str) -> Option<Self> {
        [Self::Customer, Self::Offer, Self::Delegations].into_iter().find(|it| it.value() == text)
    }

    fn value(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Offer => "offer",
            Self::Delegations => "delegations",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Customer => "Customer",
            Self::Offer => "Offer",
            Self::Delegations => "Number of delegations",
        }
    }

    fn choice(self, chosen: Option<Self>) -> Choice {
        Choice { value: self.value(), words: self.words(), is_chosen: chosen == Some(self) }
    }
}

impl Arranged {
    pub(super) fn of(ask: &Ask) -> Self {
        let by = |name| ask.query.get(name).and_then(By::parse);
        Self { group: by("group").filter(|it| *it != By::Delegations), sort: by("sort") }
    }

    pub(super) fn groups(self) -> Vec<Choice> {
        [By::Customer, By::Offer].map(|it| it.choice(self.group)).into()
    }

    pub(super) fn sorts(self, all: &[By]) -> Vec<Choice> {
        all.iter().map(|it| it.choice(self.sort)).collect()
    }

    /// The rows in their order. `key` says what a row has of each, as text that sorts.
    pub(super) fn apply<T>(
        self,
        mut rows: Vec<T>,
        key: impl Fn(&T, By) -> String,
    ) -> Vec<Group<T>> {
        if let Some(by) = self.sort {
            rows.sort_by_cached_key(|it| key(it, by).to_lowercase());
        }
        let Some(by) = self.group else { return vec![Group { name: None, rows }] };
        let mut groups: BTreeMap<String, Vec<T>> = BTreeMap::new();
        for it in rows {
            groups.entry(key(&it, by)).or_default().push(it);
        }
        groups.into_iter().map(|(name, rows)| Group { name: Some(name), rows }).collect()
    }
}

/// Sorts more before less.
pub(super) fn most_first(count: usize) -> String {
    format!("{:020}", usize::MAX.saturating_sub(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_within_their_groups() {
        let rows = vec![("b", 2_usize), ("A", 1), ("b", 3)];
        let key = |it: &(&str, usize), by| match by {
            By::Customer | By::Offer => it.0.to_owned(),
            By::Delegations => most_first(it.1),
        };
        let both = Arranged { group: Some(By::Customer), sort: Some(By::Delegations) };
        let told: Vec<_> =
            both.apply(rows.clone(), key).into_iter().map(|it| (it.name, it.rows)).collect();
        let expected = [
            (Some("A".to_owned()), vec![("A", 1)]),
            (Some("b".to_owned()), vec![("b", 3), ("b", 2)]),
        ];
        assert_eq!(told, expected);
        let sorted = Arranged { group: None, sort: Some(By::Customer) }.apply(rows, key);
        assert_eq!(sorted[0].rows, [("A", 1), ("b", 2), ("b", 3)]);
    }
}
