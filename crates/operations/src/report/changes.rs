//! What came, changed and went of a provider's rights: as the journal tells.

use std::collections::BTreeSet;

use access::index::Index;
use ids::{
    clock::Revision,
    guid::{Principal, TenantId},
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    change::{Change as Changed, Noun},
    delegation::Definition,
    directory::Membership,
    event::{Actor, Event},
};
use store::store::Entry;

use super::{Asked, Insight, rights::Right};
use crate::{error::Error, plane::Plane};

/// So many of the last revisions are looked through, a page at a time.
const REVISIONS_MAX: u64 = 200_000;
const PAGE: usize = 4_096;
/// So many changes are told, the last ones.
const CHANGES_MAX: usize = 2_000;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub revision: Revision,
    pub at: Timestamp,
    /// Who did it, by the name that the journal keeps; none where the system did.
    pub by: Option<String>,
    pub what: What,
}

/// What happened, and by whom it is managed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A definition was made, or says something else: so many standing and so many eligible
    /// authorizations.
    Offered {
        definition: DefinitionId,
        managed_by: TenantId,
        standing: usize,
        eligible: usize,
    },
    Withdrawn(DefinitionId, TenantId),
    Delegated(AssignmentId, TenantId),
    Ended(AssignmentId, TenantId),
    /// Somebody came into a group that has rights now.
    Joined(Membership),
    Left(Membership),
}

/// What the last revisions tell.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub(super) changes: Vec<Change>,
    /// When access changed, in their order.
    pub(super) turns: Vec<Timestamp>,
    /// From when on all is told; none where that is from the beginning.
    pub(super) since: Option<Timestamp>,
    /// Whether there is more than is told.
    pub(super) is_cut: bool,
}

/// Looks through the last revisions.
pub(super) async fn all(
    plane: &Plane,
    index: &Index,
    asked: Asked,
    rights: &[Right],
) -> Result<Journal, Error> {
    let groups: BTreeSet<Principal> = match asked.insight {
        Insight::Customers => BTreeSet::new(),
        Insight::Everything => rights
            .iter()
            .map(|it| Principal { tenant: asked.provider, object: it.grantee })
            .collect(),
    };
    let head = plane.store.head().revision;
    let begin = Revision(head.0.saturating_sub(REVISIONS_MAX));
    let (mut place, mut found) = ((begin, u32::MAX), Vec::new());
    let (mut turns, mut since) = (Vec::new(), None);
    loop {
        let page = plane.store.journal_behind(place, PAGE).await?;
        let is_last = page.len() < PAGE;
        for Entry { revision, n, event } in page {
            place = (revision, n);
            if begin > Revision::default() {
                since.get_or_insert(event.at);
            }
            if Index::concerns(&event.change) {
                turns.push(event.at);
            }
            found.extend(told(revision, event, |what| is_meant(index, asked, &groups, what)));
        }
        if is_last {
            break;
        }
    }
    let surplus = found.len().saturating_sub(CHANGES_MAX);
    let found = found.split_off(surplus);
    let is_cut = surplus > 0 || since.is_some();
    Ok(Journal { changes: found, turns, since, is_cut })
}

fn told(revision: Revision, event: Event, wants: impl Fn(&What) -> bool) -> Option<Change> {
    let Event { at, actor, change, .. } = event;
    let what = what(change).filter(wants)?;
    let by = match actor {
        Actor::Caller(caller) => Some(caller.name),
        Actor::System(_) => None,
    };
    Some(Change { revision, at, by, what })
}

fn what(change: Changed) -> Option<What> {
    let offered = |it: Definition| What::Offered {
        standing: it.authorizations.len(),
        eligible: it.eligible.len(),
        managed_by: it.managed_by,
        definition: it.id,
    };
    match change {
        Changed::Put(Noun::Definition(it)) => Some(offered(it)),
        Changed::Remove(Noun::Definition(it)) => Some(What::Withdrawn(it.id, it.managed_by)),
        Changed::Put(Noun::Assignment(it)) => Some(What::Delegated(it.id, it.managed_by)),
        Changed::Remove(Noun::Assignment(it)) | Changed::Leave(it) => {
            Some(What::Ended(it.id, it.managed_by))
        }
        Changed::Put(Noun::Membership(it)) => Some(What::Joined(it)),
        Changed::Remove(Noun::Membership(it)) => Some(What::Left(it)),
        Changed::Put(_) | Changed::Remove(_) | Changed::Alter(_) => None,
    }
}

/// Whether it is between these two; what stood where nothing is any more is told of nobody.
fn is_meant(index: &Index, asked: Asked, groups: &BTreeSet<Principal>, what: &What) -> bool {
    let between = |scope: &Scope, managed_by: TenantId| {
        managed_by == asked.provider && index.home(scope) == Some(asked.customer)
    };
    match what {
        What::Offered { definition, managed_by, .. } => between(definition.scope(), *managed_by),
        What::Withdrawn(id, managed_by) => between(id.scope(), *managed_by),
        What::Delegated(id, managed_by) | What::Ended(id, managed_by) => {
            between(id.scope(), *managed_by)
        }
        What::Joined(it) | What::Left(it) => groups.contains(&it.group),
    }
}
