//! By which rights it was done, each deed by the facts of its own moment.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use access::{explain::Outcome, index::Index, verdict::Through};
use ids::{
    guid::{ObjectId, RoleId},
    resource::AssignmentId,
};
use jiff::Timestamp;
use model::{action::Action, activation::Basis, delegation::Assignment, question::Question};
use store::past::{PastError, Point};

use super::{
    Asked, Insight,
    activations::Activations,
    rights::{Hold, Right, Used},
    uses::{Deed, Deeds},
};
use crate::{error::Error, plane::Plane};

/// The facts of so many epochs are asked for, the last ones in which something was done.
const EPOCHS_MAX: usize = 1_000;

/// How something is held when it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Always,
    Activated,
}

/// One authorization of one delegation.
type Given = (AssignmentId, ObjectId, RoleId, Way);

/// What was used, and what may have been.
#[derive(Debug, Default)]
pub(super) struct Ways {
    /// When each was last used, as far as that may be told.
    by: BTreeMap<Given, Timestamp>,
    /// Those by which something may have been done that is not told of them.
    untold: BTreeSet<(AssignmentId, Way)>,
    pub(super) is_cut: bool,
}

/// By what it was done; `known_from` is the first epoch whose facts can be asked for.
pub(super) async fn of(
    plane: &Plane,
    asked: Asked,
    (deeds, known_from): (Deeds, usize),
    (assignments, activations): (&[Assignment], &Activations),
) -> Result<Ways, Error> {
    let mut epochs: BTreeMap<usize, Vec<(Deed, Timestamp)>> = BTreeMap::new();
    for (deed, last) in deeds {
        epochs.entry(deed.epoch).or_default().push((deed, last));
    }
    let mut ways = Ways::default();
    let too_many = epochs.len().saturating_sub(EPOCHS_MAX);
    for (nth, (epoch, deeds)) in epochs.into_iter().enumerate() {
        let is_told = nth >= too_many && epoch >= known_from;
        let facts = match deeds.iter().map(|(_, last)| *last).max() {
            Some(last) if is_told => facts(plane, last).await?,
            Some(_) | None => None,
        };
        for (deed, last) in deeds {
            match &facts {
                Some(index) => ways.attribute(index, asked, activations, (deed, last)),
                None => ways.leave_open(assignments, &deed),
            }
        }
    }
    Ok(ways)
}

/// The facts of that moment; none where they are too far away.
async fn facts(plane: &Plane, moment: Timestamp) -> Result<Option<Arc<Index>>, Error> {
    match plane.store.past(Point::Moment(moment)).await {
        Ok(past) => Ok(Some(past.index)),
        Err(PastError::Store(error)) => Err(error.into()),
        Err(PastError::Far { .. } | PastError::Ahead { .. } | PastError::Imagined) => Ok(None),
    }
}

impl Ways {
    /// Whether it was used, as far as is told.
    pub(super) fn used(&self, right: &Right) -> Used {
        let way = match right.hold {
            Hold::Standing | Hold::Void => Way::Always,
            Hold::Eligible => Way::Activated,
        };
        let was_held = right.taken.is_none_or(|it| it.count > 0);
        let given = (right.assignment.clone(), right.grantee, right.role, way);
        match self.by.get(&given) {
            Some(at) => Used::At(*at),
            None if !was_held => Used::Never,
            None if right.plain.as_ref().is_some_and(|it| it.only_reads) => Used::NotRecorded,
            None if self.untold.contains(&(right.assignment.clone(), way)) => Used::NotTold,
            None => Used::Never,
        }
    }

    /// A standing right's use by a group tells who is in it; that somebody activated what a group
    /// is eligible for is the customer's to know.
    fn attribute(
        &mut self,
        index: &Index,
        asked: Asked,
        activations: &Activations,
        (deed, last): (Deed, Timestamp),
    ) {
        let Deed { who, action, scope, .. } = deed;
        let explained = index.explain(who, &Question::any(Action::named(action), scope), last);
        for grant in explained.grants.into_iter().filter(|it| it.outcome == Outcome::Allows) {
            let given = match grant.through {
                Through::Delegation(it)
                    if grant.grantee != who && asked.insight == Insight::Customers =>
                {
                    self.untold.insert((it, Way::Always));
                    continue;
                }
                Through::Delegation(it) => (it, grant.grantee.object, grant.role, Way::Always),
                Through::Activation(id) => {
                    let Some(of) = activations.eligibility(&id) else { continue };
                    match of.basis.clone() {
                        Basis::Delegation(it) => (it, of.principal, of.role, Way::Activated),
                        Basis::Own(_) => continue,
                    }
                }
                Through::Assignment(_)
                | Through::Eligibility(_)
                | Through::Party(_)
                | Through::Directory(_)
                | Through::Owner(_)
                | Through::Account(_)
                | Through::System(_) => continue,
            };
            let known = self.by.entry(given).or_insert(last);
            *known = (*known).max(last);
        }
    }

    /// It may have been done by any right around it.
    fn leave_open(&mut self, assignments: &[Assignment], deed: &Deed) {
        self.is_cut = true;
        for it in assignments.iter().filter(|it| it.id.scope().contains(&deed.scope)) {
            self.untold.extend([Way::Always, Way::Activated].map(|way| (it.id.clone(), way)));
        }
    }
}

#[cfg(test)]
mod tests {
    use ids::{resource::AssignmentId, scope::Scope};
    use model::samples::{self, ADA, CONTRIBUTOR, TIER1, resource_group, whole};

    use super::*;
    use crate::report::activations::Taken;

    fn right(scope: Scope, hold: Hold, count: usize) -> Right {
        let taken = (hold == Hold::Eligible).then(|| Taken { count, ..Taken::default() });
        Right {
            assignment: samples::assignment(scope.clone()).id,
            scope,
            offer: None,
            grantee: TIER1.object,
            typed: None,
            role: CONTRIBUTOR,
            hold,
            plain: None,
            members: None,
            taken,
            used: Used::Never,
        }
    }

    #[test]
    fn what_was_done_too_long_ago_to_tell_by_what_leaves_open_every_right_around_it() {
        let all = [whole(), resource_group("app"), resource_group("other")];
        let assignments: Vec<Assignment> = all.into_iter().map(samples::assignment).collect();
        let ids: BTreeSet<&AssignmentId> = assignments.iter().map(|it| &it.id).collect();
        assert_eq!(ids.len(), 3);
        let (action, scope) = (Action::GROUPS_WRITE.to_string(), resource_group("app"));
        let mut ways = Ways::default();
        ways.leave_open(&assignments, &Deed { epoch: 0, who: ADA, action, scope });
        let cases = [
            (right(whole(), Hold::Standing, 0), Used::NotTold),
            (right(resource_group("app"), Hold::Standing, 0), Used::NotTold),
            (right(resource_group("other"), Hold::Standing, 0), Used::Never),
            (right(whole(), Hold::Eligible, 1), Used::NotTold),
            (right(whole(), Hold::Eligible, 0), Used::Never),
        ];
        for (right, expected) in cases {
            assert_eq!(ways.used(&right), expected, "{right:?}");
        }
        assert!(ways.is_cut);
    }
}
