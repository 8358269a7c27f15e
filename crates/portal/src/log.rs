//! Reading an activity log for a page, stretch by stretch.

use arm::request::Method::Get;
use ids::scope::Scope;
use model::activity::{Activity, Log};
use operations::{
    activity::{self, Asked},
    page::Paged,
};
use store::key::Cursor;

use crate::{ask::Ask, trouble::Trouble};

/// The api-version of the log.
pub(crate) const VERSION: &str = "2015-04-01";
/// So many records are looked through at a time.
const STRETCH: usize = 500;

/// How much is read for a page: what is looked for seldom is found page by page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    /// As many records as are shown.
    pub(crate) count: usize,
    /// In as many stretches as are looked through.
    pub(crate) stretches: usize,
}

/// ARM's path of the log, below which its records are.
pub(crate) fn path(log: Log) -> String {
    let scope = match log {
        Log::Tenant(_) => String::new(),
        Log::Subscription(id) => Scope::Subscription(id).to_string(),
    };
    format!("{scope}/providers/Microsoft.Insights/eventtypes/management/values")
}

/// The next records that fit, the latest first. Each stretch is judged like a page of the API.
pub(crate) async fn records(
    ask: &Ask,
    (log, asked): (Log, &Asked),
    after: Option<Cursor>,
    Bound { count, stretches }: Bound,
    fits: impl Fn(&Activity) -> bool + Send,
) -> Result<Paged<Activity>, Trouble> {
    let (plane, path) = (ask.plane(), path(log));
    let mut found = Paged { items: Vec::new(), next: after };
    for _ in 0..stretches {
        let after = found.next.take();
        let top = Some(count.saturating_sub(found.items.len()).min(STRETCH));
        let page = ask
            .arm((Get, path.as_str(), VERSION), async |context| {
                activity::read(plane, &context, log, asked, after, top).await
            })
            .await?;
        found.items.extend(page.items.into_iter().filter(&fits));
        found.next = page.next;
        if found.next.is_none() || found.items.len() >= count {
            break;
        }
    }
    Ok(found)
}
