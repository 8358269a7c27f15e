//! What counts where new grants count only later: a grant that was there all along.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use model::{
    change::{Change, Noun},
    role::RoleDefinition,
};

use crate::book::Oracle;

/// Everything that was so, and from when on.
#[derive(Clone, Debug)]
pub struct Chronicle(Vec<(Timestamp, Oracle)>);

impl Chronicle {
    /// Nothing has happened.
    pub fn new(builtin: Vec<RoleDefinition>) -> Self {
        Self(vec![(Timestamp::MIN, Oracle::new(builtin))])
    }

    /// Takes note of a change, which is not before the last one.
    pub fn happen(&mut self, at: Timestamp, change: &Change) {
        let mut book = self.latest().clone();
        book.happen(change);
        self.0.push((at, book));
    }

    /// The book without any lag.
    ///
    /// # Panics
    ///
    /// Never: there is a beginning.
    #[expect(clippy::expect_used, reason = "there is a beginning")]
    pub fn latest(&self) -> &Oracle {
        &self.0.last().expect("a beginning").1
    }

    /// The latest book as it counts at that time: of what gives access only what was there all
    /// along for so long; of what takes it, everything.
    #[must_use]
    pub fn at(&self, now: Timestamp, lag: SignedDuration) -> Oracle {
        let since = now - lag;
        let ends = self.0.iter().skip(1).map(|(at, _)| *at).chain([Timestamp::MAX]);
        let all = self.0.iter().zip(ends);
        let meanwhile: Vec<&Oracle> =
            all.filter(|(_, end)| *end > since).map(|((_, book), _)| book).collect();
        let mut book = self.latest().clone();
        let mut late = book.granting_parts();
        late.retain(|part| meanwhile.iter().any(|it| !it.granting_parts().contains(part)));
        book.late = late;
        book
    }
}

impl Oracle {
    /// Everything that is a part of what gives somebody access, each as a line of text.
    fn granting_parts(&self) -> BTreeSet<String> {
        let mut parts = BTreeSet::new();
        for fact in &self.facts {
            parts.extend(grant_line(fact));
            if let Noun::Definition(it) = fact {
                let line = |at: usize| authorization_line(it, at);
                parts.extend((0..it.authorizations.len()).filter_map(line));
            }
            if let Noun::Assignment(it) = fact {
                let all = self.definition_of(it).into_iter().flat_map(|it| &it.authorizations);
                let pairs = all.map(|other| (it.id.clone(), other.principal, other.role));
                let kept = pairs.filter(|pair| !self.lost.contains(pair));
                parts.extend(kept.map(|(id, object, role)| kept_line(&id.key(), object, role)));
            }
        }
        parts
    }
}

/// A role assignment, a membership or a delegation as a line of text, with all that makes it what
/// it is.
pub(crate) fn grant_line(fact: &Noun) -> Option<String> {
    Some(match fact {
        Noun::RoleAssignment(it) => {
            format!("{} {} {} {:?}", it.id.key(), it.principal, it.role, it.condition)
        }
        Noun::Membership(it) => format!("{} in {}", it.member, it.group),
        Noun::Assignment(it) => {
            format!("{} of {} by {}", it.id.key(), it.definition.key(), it.managed_by)
        }
        _ => return None,
    })
}

/// What a definition says in one place, for whose people.
pub(crate) fn authorization_line(
    definition: &model::delegation::Definition,
    at: usize,
) -> Option<String> {
    let it = definition.authorizations.get(at)?;
    let listed = it.delegated_roles.clone().unwrap_or_default();
    let (id, manager) = (definition.id.key(), definition.managed_by);
    Some(format!("{id} of {manager}: {} {} {listed:?}", it.principal, it.role))
}

/// What a delegation has not lost to the end of a like one.
pub(crate) fn kept_line(
    assignment: &str,
    object: ids::guid::ObjectId,
    role: ids::guid::RoleId,
) -> String {
    format!("{assignment} keeps {object} {role}")
}
