//! Who holds a role just in time at a scope, or will: until when, and by which request.

use activation::standing::Standing;
use arm::request::Method::Get;
use ids::scope::Scope;
use operations::{
    activation::{
        Shown,
        called::About,
        read::{self, Filter, Whose},
    },
    around::Reach,
};

use super::below;
use crate::{
    ask::Ask,
    pages::just_in_time::{
        Link, VERSION,
        told::{Names, Person, period, standing},
    },
    permissions::role_name,
    trouble::Trouble,
    words::Moment,
};

/// As many as are shown.
const SHOWN_MAX: usize = 50;
const ACTIVE: &str = "/providers/Microsoft.Authorization/roleAssignmentScheduleInstances";

/// Somebody who holds a role for a while.
pub(super) struct Active {
    pub(super) who: Person,
    pub(super) role: String,
    pub(super) at: String,
    pub(super) is_inherited: bool,
    pub(super) kind: &'static str,
    pub(super) state: &'static str,
    pub(super) from: Moment,
    pub(super) until: Moment,
    pub(super) link: String,
}

/// Those of whom the visitor may know.
#[derive(Default)]
pub(super) struct Found {
    pub(super) rows: Vec<Active>,
    /// Whether there are more.
    pub(super) is_cut: bool,
}

pub(super) async fn list(ask: &Ask, scope: &Scope) -> Result<Found, Trouble> {
    if scope.subscription().is_none() {
        return Ok(Found::default());
    }
    let plane = ask.plane();
    let filter = Filter { reach: Reach::AtAndAbove, whose: Whose::Everyones };
    let work = async |context| read::list(plane, &context, scope, filter).await;
    let mut found = ask.arm((Get, below(scope, ACTIVE), VERSION), work).await?;
    found.retain(|it| matches!(it.standing, Standing::Active | Standing::Scheduled));
    let is_cut = found.len() > SHOWN_MAX;
    found.truncate(SHOWN_MAX);
    let about: Vec<About> = found.iter().map(About::shown).collect();
    let names = Names::of(ask, &about, found.iter().map(|it| it.it.who)).await?;
    let now = plane.store.now();
    let active = |Shown { it, standing: now_it_is }: &Shown| {
        let (from, until) = period(it)?;
        let (kind, state) = standing(*now_it_is);
        Some(Active {
            who: names.person(it.who),
            role: role_name(it.eligibility.role),
            at: names.place(it.id.scope()).name,
            is_inherited: it.id.scope() != scope,
            kind,
            state,
            from: Moment::new(from, now),
            until: Moment::new(until, now),
            link: Link::Request(&it.id).to_string(),
        })
    };
    Ok(Found { rows: found.iter().filter_map(active).collect(), is_cut })
}
