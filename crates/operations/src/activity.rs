//! Reading the activity log: a subscription's, which both the customer and who manages it read,
//! and a tenant's own (Lighthouse contract, §4).

use access::index::Index;
use ids::{guid::TenantId, scope::Scope};
use jiff::{SignedDuration, Timestamp};
use model::{
    action::Action,
    activity::{Activity, Level, Log, Outcome},
    question::Question,
    settings::Profile,
};
use store::{
    activity::{ActivityFilter, ActivityQuery},
    engine::ROWS_MAX,
    key::Cursor,
    snapshot::{Page, Rows},
};

use crate::{
    context::Context,
    error::Error,
    page::{Paged, page},
    plane::Plane,
};

/// What reading the log takes, at the subscription or at the tenant's root.
pub const READ: Action = Action::known("Microsoft.Insights/eventtypes/values/read");
/// What delegations come, change and go by.
const DELEGATING: [Action; 7] = [
    Action::DEFINITIONS_WRITE,
    Action::DEFINITIONS_DELETE,
    Action::ASSIGNMENTS_WRITE,
    Action::ASSIGNMENTS_DELETE,
    Action::ACTIVATIONS_WRITE,
    Action::ACTIVATIONS_CANCEL,
    Action::APPROVALS_WRITE,
];
/// How far back the log goes.
const RETENTION: SignedDuration = SignedDuration::from_hours(90 * 24);
/// A client counts its 90 days from before it asks.
const SLACK: SignedDuration = SignedDuration::from_hours(1);

/// Which records are asked for; all that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The earliest time; Azure will not do without it.
    pub from: Option<Timestamp>,
    /// The latest time; now, where none is given.
    pub to: Option<Timestamp>,
    pub filter: ActivityFilter,
    /// What the log calls whoever acted.
    pub caller: Option<String>,
    /// How far the operations had come; any, where none is given.
    pub outcomes: Option<Vec<Outcome>>,
    /// How bad they are; any, where none is given.
    pub levels: Option<Vec<Level>>,
    pub whose: Whose,
}

/// Whose deeds are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    #[default]
    Everybodys,
    /// Those of people and applications of other tenants than the one whose log it is.
    Foreigners,
}

/// The tenant whose log it is; none of a subscription that is not known.
pub fn keeper(index: &Index, log: Log) -> Option<TenantId> {
    match log {
        Log::Tenant(id) => Some(id),
        Log::Subscription(id) => index.home(&Scope::Subscription(id)),
    }
}

/// Why the log was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The start time of the query is missing. Give `eventTimestamp ge '…'` in $filter.")]
    NoStart,
    #[error("The start time cannot be more than 90 days in the past.")]
    TooEarly,
    #[error("The end time lies before the start time.")]
    Backwards,
}

/// A page of the log, the latest records first. A page may be short, even empty.
pub async fn read(
    plane: &Plane,
    context: &Context,
    log: Log,
    asked: &Asked,
    after: Option<Cursor>,
    top: Option<usize>,
) -> Result<Paged<Activity>, Error> {
    let nothing = || Paged { items: Vec::new(), next: None };
    // Before anything is said of the request. Who sees parts only gets pages by what is looked
    // through: short ones would count what is hidden.
    let limit = match sight(plane, context, log, &plane.index())? {
        Sight::Nothing => return Ok(nothing()),
        Sight::Parts => ROWS_MAX,
        Sight::Whole if is_foreign(context, log, &plane.index()) => ROWS_MAX,
        Sight::Whole => page(None, top).limit,
    };
    let query = query(log, asked, plane.store.now())?;
    let snapshot = plane.store.snapshot().await?;
    let rows = snapshot.activity(&query, Page { after, limit }).await?;
    let judge = |index: &Index, Rows { items, next }: Rows<Activity>| {
        let sight = sight(plane, context, log, index)?;
        if sight == Sight::Nothing {
            return Ok(nothing());
        }
        let reached = |it: &Activity| {
            let question = Question::any(READ, it.scope.clone());
            sight == Sight::Whole || plane.allowed(index, context, &question)
        };
        let foreign = is_foreign(context, log, index);
        let hidden = |it: &Activity| foreign && is_hidden(context, it, index);
        let home = keeper(index, log);
        let shown = |it: &Activity| meets(it, asked, home) && reached(it) && !hidden(it);
        Ok::<_, Error>(Paged { items: items.into_iter().filter(shown).collect(), next })
    };
    snapshot.seal(rows).open(&plane.store, judge).await
}

fn query(log: Log, asked: &Asked, now: Timestamp) -> Result<ActivityQuery, Refused> {
    let from = asked.from.ok_or(Refused::NoStart)?;
    let to = asked.to.unwrap_or(now).min(now);
    if now.duration_since(from) > RETENTION + SLACK {
        return Err(Refused::TooEarly);
    }
    if asked.to.is_some_and(|end| end < from) {
        return Err(Refused::Backwards);
    }
    Ok(ActivityQuery { log, from: from.min(to), to, filter: asked.filter.clone() })
}

fn meets(activity: &Activity, asked: &Asked, home: Option<TenantId>) -> bool {
    let by = |name: &String| {
        let who = activity.caller.as_ref().map(|it| it.name.as_str()).unwrap_or_default();
        who.eq_ignore_ascii_case(name)
    };
    let outcome = |wanted: &Vec<Outcome>| wanted.contains(&activity.outcome);
    let level = |wanted: &Vec<Level>| wanted.contains(&activity.level());
    let from = activity.caller.as_ref().map(|caller| caller.principal.tenant);
    let whose = match asked.whose {
        Whose::Everybodys => true,
        Whose::Foreigners => from.is_some() && from != home,
    };
    asked.caller.as_ref().is_none_or(by)
        && asked.outcomes.as_ref().is_none_or(outcome)
        && asked.levels.as_ref().is_none_or(level)
        && whose
}

/// How much of a log somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    Whole,
    /// Only what happened where they may read.
    Parts,
    Nothing,
}

/// A tenant's log takes a grant at its root. A subscription's is seen in parts by whoever holds
/// a grant in it: whom one resource group was delegated to, sees what happened there.
fn sight(plane: &Plane, context: &Context, log: Log, index: &Index) -> Result<Sight, Error> {
    let (who, now) = (context.caller.principal, plane.store.now());
    let whole = |place| {
        let asked = vec![Question::any(READ, place)];
        plane.authorize(index, context, asked).map(drop)
    };
    match log {
        Log::Tenant(id) => {
            whole(Scope::Tenant(id))?;
            Ok(Sight::Whole)
        }
        Log::Subscription(id) if whole(Scope::Subscription(id)).is_ok() => Ok(Sight::Whole),
        Log::Subscription(id) if index.can_see(who, id, now) => Ok(Sight::Parts),
        Log::Subscription(_) => Ok(Sight::Nothing),
    }
}

/// Whether the log is of a subscription that is another tenant's.
fn is_foreign(context: &Context, log: Log, index: &Index) -> bool {
    let own = Some(context.caller.principal.tenant);
    matches!(log, Log::Subscription(_)) && keeper(index, log) != own
}

/// Whether a record is kept from a managing tenant's caller. What a customer's policies have
/// against something is the customer's own. What is delegated to others Azure shows to whoever
/// reads the log, so that one provider hears of the next; the strict profile does not.
fn is_hidden(context: &Context, it: &Activity, index: &Index) -> bool {
    it.is_of_policy()
        || match index.settings().profile {
            Profile::Azure => false,
            Profile::Strict => is_anothers(context, it),
        }
}

/// Whether a record is of a delegation's coming or going, or of what is activated by one, and of
/// nobody of the caller's tenant.
/// What became of its own delegations a managing tenant reads in its own log.
fn is_anothers(context: &Context, it: &Activity) -> bool {
    let by = it.caller.as_ref().map(|caller| caller.principal.tenant);
    DELEGATING.contains(&it.action) && by != Some(context.caller.principal.tenant)
}

#[cfg(test)]
mod tests {
    use model::samples::{SUBSCRIPTION, now};

    use super::*;

    #[test]
    fn the_log_is_asked_from_a_start_within_ninety_days() {
        let hours = SignedDuration::from_hours;
        let log = Log::Subscription(SUBSCRIPTION);
        let ask = |from, to| Asked { from, to, ..Asked::default() };
        let cases = [
            ("no start", ask(None, None), Err(Refused::NoStart)),
            ("a day ago", ask(Some(now() - hours(24)), None), Ok((now() - hours(24), now()))),
            ("90 days", ask(Some(now() - hours(2160)), None), Ok((now() - hours(2160), now()))),
            ("91 days", ask(Some(now() - hours(2184)), None), Err(Refused::TooEarly)),
            (
                "backwards",
                ask(Some(now() - hours(1)), Some(now() - hours(2))),
                Err(Refused::Backwards),
            ),
            (
                "into the future",
                ask(Some(now() - hours(1)), Some(now() + hours(9))),
                Ok((now() - hours(1), now())),
            ),
        ];
        for (name, asked, expected) in cases {
            let got = query(log, &asked, now()).map(|query| (query.from, query.to));
            assert_eq!(got, expected, "{name}");
        }
    }
}
