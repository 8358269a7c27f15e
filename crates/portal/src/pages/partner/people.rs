//! Whom something is for, as it is typed: a few subscriptions by hand. Longer lists are files.

use ids::guid::SubscriptionId;
use market::{audience::TYPED_MAX, lint::Finding};
use model::market::form::AudienceEntry;

use super::sheet::{Field, Kind, Text, rows, take_rows};
use crate::fields::Fields;

/// A subscription as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    id: String,
    description: String,
}

const ROW: [Text<Typed>; 2] = [
    Text {
        name: "id",
        at: "id",
        label: "Subscription ID",
        hint: "",
        kind: Kind::Line("text"),
        of: |it| &mut it.id,
    },
    Text {
        name: "description",
        at: "description",
        label: "Description",
        hint: "For you alone.",
        kind: Kind::Line("text"),
        of: |it| &mut it.description,
    },
];

/// What is sent as.
const NAME: &str = "audience";

/// An audience on a page: typed there, as long as it is short.
pub(super) enum People {
    Typed(Vec<Typed>),
    /// So many: too many to type.
    Listed(usize),
}

impl People {
    pub(super) fn of(audience: &[AudienceEntry]) -> Self {
        if audience.len() > TYPED_MAX {
            return Self::Listed(audience.len());
        }
        let typed = |it: &AudienceEntry| Typed {
            id: it.subscription.to_string(),
            description: it.description.clone(),
        };
        Self::Typed(audience.iter().map(typed).collect())
    }

    pub(super) fn take(&mut self, sent: &Fields) {
        if let Self::Typed(all) = self {
            *all = take_rows(&ROW, NAME, sent);
        }
    }

    /// Puts into the audience what can be read, and says what cannot.
    pub(super) fn put(
        &self,
        audience: &mut Vec<AudienceEntry>,
        list: &str,
        read: fn(&str, &str) -> Result<SubscriptionId, Finding>,
    ) -> Vec<Finding> {
        let Self::Typed(typed) = self else { return Vec::new() };
        let (mut wrong, mut entries) = (Vec::new(), Vec::new());
        for (nth, it) in typed.iter().enumerate() {
            match read(&format!("{list}[{nth}].id"), it.id.trim()) {
                Ok(subscription) => {
                    let description = it.description.clone();
                    entries.push(AudienceEntry { subscription, description });
                }
                Err(finding) => wrong.push(finding),
            }
        }
        *audience = entries;
        wrong
    }

    pub(super) fn rows(&mut self, list: &str) -> Vec<Vec<Field>> {
        match self {
            Self::Typed(all) => rows(&ROW, all, (NAME, list)),
            Self::Listed(_) => Vec::new(),
        }
    }

    /// How many there are, where they are not shown.
    pub(super) fn count(&self) -> Option<usize> {
        match self {
            Self::Typed(_) => None,
            Self::Listed(count) => Some(*count),
        }
    }
}
