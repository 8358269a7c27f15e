//! The subscriptions of the visitor's own tenant, to choose from: however many others have
//! delegated theirs.

use arm::request::Method::Get;
use ids::scope::Scope;
use operations::{context::Context, page::PAGE_ROWS, subscriptions};

use crate::{ask::Ask, trouble::Trouble};

/// How many subscriptions one page offers.
const CHOICES_MAX: usize = 200;
/// How many subscriptions are looked through for those of a name.
const LOOKED_AT_MAX: usize = 5_000;

/// The visitor's own tenant's subscriptions of that name, and whether there are more.
pub(crate) async fn subscriptions(
    ask: &Ask,
    find: &str,
) -> Result<(Vec<(Scope, String)>, bool), Trouble> {
    let (plane, tenant) = (ask.plane(), ask.visitor()?.principal().tenant);
    let (mut found, mut after, mut left) = (Vec::new(), None, LOOKED_AT_MAX);
    loop {
        let work = |context: Context| async move {
            subscriptions::list(plane, &context, after, PAGE_ROWS).await
        };
        let page = ask.arm((Get, "/subscriptions", "2022-12-01"), work).await?;
        left = left.saturating_sub(PAGE_ROWS);
        let own = page.items.into_iter().map(|it| it.subscription);
        let own = own.filter(|it| it.tenant == tenant && meets(&it.display_name, find));
        found.extend(own.map(|it| (Scope::Subscription(it.id), it.display_name)));
        after = page.next;
        if after.is_none() || left == 0 || found.len() > CHOICES_MAX {
            let is_cut = after.is_some() || found.len() > CHOICES_MAX;
            found.truncate(CHOICES_MAX);
            return Ok((found, is_cut));
        }
    }
}

/// Whether something of that name is looked for.
pub(crate) fn meets(name: &str, find: &str) -> bool {
    name.to_lowercase().contains(find)
}
