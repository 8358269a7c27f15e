//! What a tenant was offered and what it delegated, over all of its subscriptions that the caller
//! reads: subscription by subscription, each asked for as its own list is.
//!
//! Starts from what names the caller, and costs what a page shows, not what there is.

use std::{fmt, iter, str::FromStr, sync::Arc};

use delegation::visible::Parties;
use ids::{
    guid::{SubscriptionId, TenantId},
    scope::Scope,
};
use model::{action::Action, question::Question};
use store::{key::Cursor, snapshot::Page};

use super::read::Listing;
use crate::{context::Context, error::Error, page::Paged, plane::Plane};

pub mod delegations;
pub mod glance;
pub mod offers;

/// How many lists of subscriptions a page looks through; it may be short, even empty.
pub const LISTS_MAX: usize = 500;
/// How many items a page has at most.
pub const PAGE_MAX: usize = 100;
/// So many of the caller's subscriptions are looked up together.
const TOGETHER: usize = 100;

/// Where a page ended: in the list of which subscription, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    subscription: SubscriptionId,
    after: Option<Cursor>,
}

/// Text that is no such place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the end of any page")]
pub struct BadPlace;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.subscription)?;
        self.after.iter().try_for_each(|after| after.fmt(f))
    }
}

impl FromStr for Place {
    type Err = BadPlace;

    fn from_str(text: &str) -> Result<Self, BadPlace> {
        let (subscription, after) = text.split_once(' ').ok_or(BadPlace)?;
        let subscription = subscription.parse().map_err(|_| BadPlace)?;
        let after = Some(after).filter(|it| !it.is_empty()).map(str::parse).transpose();
        Ok(Self { subscription, after: after.map_err(|_| BadPlace)? })
    }
}

/// Which of them are wanted; all that is given must be part of what it is about, letters without
/// regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub provider: Option<String>,
    pub offer: Option<String>,
    /// In any of the names and ids that a row shows.
    pub keyword: Option<String>,
}

impl Filter {
    fn meets(&self, managing: TenantId, parties: &Parties, offer: &str, scope: &Scope) -> bool {
        let (tenant, scope) = (managing.to_string(), scope.to_string());
        let provider = [parties.managing_name.as_deref().unwrap_or_default(), &tenant];
        let any = [provider.as_slice(), &[offer, &scope]].concat();
        holds(self.provider.as_deref(), &provider)
            && holds(self.offer.as_deref(), &[offer])
            && holds(self.keyword.as_deref(), &any)
    }
}

fn holds(wanted: Option<&str>, texts: &[&str]) -> bool {
    let Some(wanted) = wanted.map(str::to_lowercase) else { return true };
    texts.iter().any(|it| it.to_lowercase().contains(&wanted))
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub filter: Filter,
    pub after: Option<Place>,
    pub limit: usize,
    /// How many lists of subscriptions are looked through for it.
    pub lists: usize,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { filter: Filter::default(), after: None, limit: PAGE_MAX, lists: LISTS_MAX }
    }
}

/// A page of what lies in several subscriptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received<T> {
    pub items: Vec<T>,
    pub next: Option<Place>,
}

/// The caller's own tenant's subscriptions where it may do that, from a place on; each looked up
/// and judged once somebody comes to it.
fn subscriptions<'a>(
    plane: &'a Plane,
    context: &'a Context,
    action: &'a Action,
    from: Option<SubscriptionId>,
) -> impl Iterator<Item = SubscriptionId> + 'a {
    let (index, who) = (plane.index(), context.caller.principal);
    let is_own = |id: &SubscriptionId| index.home(&Scope::Subscription(*id)) == Some(who.tenant);
    let first = from.filter(is_own);
    let behind = {
        let index = Arc::clone(&index);
        move |after| index.candidates_in(who.tenant, who, after, TOGETHER, plane.store.now())
    };
    let stretch = behind(from);
    let rest = iter::successors(Some(stretch), move |found| Some(behind(Some(*found.last()?))));
    let may = move |id: &SubscriptionId| {
        let asked = Question::any(action.clone(), Scope::Subscription(*id));
        plane.allowed(&index, context, &asked)
    };
    first.into_iter().chain(rest.flatten()).filter(may)
}

/// The same caller asking for that in a subscription.
fn asking(context: &Context, action: &Action, subscription: SubscriptionId) -> Context {
    let question = Question::any(action.clone(), Scope::Subscription(subscription));
    Context { question, ..context.clone() }
}

/// Goes through the lists of the caller's subscriptions until a page is full.
async fn walk<T, F>(
    plane: &Plane,
    context: &Context,
    (action, after, limit, lists): (&Action, Option<Place>, usize, usize),
    list: impl Fn(Context, Listing) -> F,
    is_wanted: impl Fn(&T) -> bool,
) -> Result<Received<T>, Error>
where
    F: Future<Output = Result<Paged<T>, Error>>,
{
    let limit = limit.clamp(1, PAGE_MAX);
    let (mut items, mut left, mut begun) = (Vec::new(), lists.min(LISTS_MAX), after);
    for subscription in
        subscriptions(plane, context, action, begun.as_ref().map(|it| it.subscription))
    {
        let place = begun.take().filter(|it| it.subscription == subscription);
        let mut after = place.and_then(|it| it.after);
        loop {
            if items.len() == limit || left == 0 {
                return Ok(Received { items, next: Some(Place { subscription, after }) });
            }
            left = left.saturating_sub(1);
            let page = Page { after, limit: limit.saturating_sub(items.len()) };
            let listing =
                Listing { scope: Scope::Subscription(subscription), managing: None, page };
            let found = list(asking(context, action, subscription), listing).await?;
            items.extend(found.items.into_iter().filter(&is_wanted));
            after = found.next;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(Received { items, next: None })
}

#[cfg(test)]
mod tests {
    use model::samples::{CUSTOMER, PROVIDER, SUBSCRIPTION, whole};
    use store::key::{Key, Tuple};

    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written_and_nothing_else_is_one() {
        let cursor = Cursor { tuple: Tuple::new().text("a"), key: Key::exact("definition", "x y") };
        for after in [None, Some(cursor)] {
            let place = Place { subscription: SUBSCRIPTION, after };
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for bad in ["", "x ", "00000000-0000-0000-0000-000000000005", "x y z"] {
            assert_eq!(bad.parse::<Place>(), Err(BadPlace), "{bad}");
        }
    }

    #[test]
    fn all_that_a_filter_says_must_be_part_of_what_it_is_about() {
        let parties = Parties {
            customer: CUSTOMER,
            customer_name: None,
            managing_name: Some("Fabrikam".to_owned()),
        };
        let said = |text: &str| Some(text.to_owned());
        let meets = |filter: Filter| filter.meets(PROVIDER, &parties, "Night crew", &whole());
        assert!(meets(Filter::default()));
        assert!(meets(Filter { provider: said("FABRI"), offer: said("crew"), keyword: None }));
        assert!(!meets(Filter { provider: said("crew"), ..Filter::default() }));
        assert!(!meets(Filter { offer: said("fabrikam"), ..Filter::default() }));
        for keyword in ["fabrikam", "NIGHT", "/subscriptions/", &PROVIDER.to_string()] {
            assert!(meets(Filter { keyword: said(keyword), ..Filter::default() }), "{keyword}");
        }
        assert!(!meets(Filter { keyword: said("northwind"), ..Filter::default() }));
    }
}
