//! Choosing the scope that a page is to be about.

use arm::request::Method::Get;
use askama::Template;
use ids::{guid::SubscriptionId, scope::Scope};
use operations::{
    management_groups::read as groups,
    page::page,
    subscriptions::{self, Listed},
};

use super::{Link, below};
use crate::{answer::Answer, ask::Ask, frame::Frame, trouble::Trouble, words::Id};

/// As many of each as are shown.
pub(super) const SHOWN_MAX: usize = 200;

struct Place {
    name: String,
    id: Id,
    /// Whether it is another tenant's, some of which is delegated to the visitor's.
    is_delegated: bool,
    access: String,
    delegators: Option<String>,
    activity: Option<String>,
}

#[derive(Template)]
#[template(path = "oversight/places.html")]
struct View {
    frame: Frame,
    /// The whole directory, for whoever may read what is granted there.
    root: Option<String>,
    reach: String,
    groups: Vec<Place>,
    subscriptions: Vec<Place>,
    is_cut: bool,
}

/// The subscriptions that the visitor sees, with what they are called and whether they are the
/// visitor's own tenant's; and whether there are more.
pub(super) async fn subscriptions(
    ask: &Ask,
) -> Result<(Vec<(SubscriptionId, String, bool)>, bool), Trouble> {
    let (plane, home) = (ask.plane(), ask.visitor()?.principal().tenant);
    let request = (Get, "/subscriptions", "2022-12-01");
    let Listed { items, next } = ask
        .arm(request, async |context| subscriptions::list(plane, &context, None, SHOWN_MAX).await)
        .await?;
    let items = items.into_iter().map(|it| it.subscription);
    let items = items.map(|it| (it.id, it.display_name, it.tenant == home));
    Ok((items.collect(), next.is_some()))
}

pub(super) async fn show(ask: &Ask) -> Result<Answer, Trouble> {
    let plane = ask.plane();
    let (found, mut is_cut) = subscriptions(ask).await?;
    let request = (Get, "/providers/Microsoft.Management/managementGroups", "2021-04-01");
    let listed = ask
        .arm(request, async |context| {
            groups::list(plane, &context, page(None, Some(SHOWN_MAX))).await
        })
        .await?;
    is_cut |= listed.next.is_some();
    let groups = listed.items.into_iter().map(|it| {
        let scope = it.scope();
        Place {
            id: Id { short: it.name.to_string(), whole: it.name.to_string() },
            name: it.display_name,
            is_delegated: false,
            access: Link::Access(&scope).to_string(),
            delegators: None,
            activity: None,
        }
    });
    let subscriptions = found.into_iter().map(|(id, name, is_own)| Place {
        name,
        id: Id::new(id),
        is_delegated: !is_own,
        access: Link::Access(&Scope::Subscription(id)).to_string(),
        delegators: is_own.then(|| Link::Delegators(id).to_string()),
        activity: Some(Link::ActivityOf(id).to_string()),
    });
    let root = Scope::Tenant(ask.visitor()?.principal().tenant);
    let granted = below(&root, "/providers/Microsoft.Authorization/roleAssignments");
    let reads_root = ask.arm((Get, granted, "2022-04-01"), async |_| Ok(())).await.is_ok();
    let frame = ask
        .frame("Access control (IAM)")
        .await?
        .command("List your subscriptions", "az account list --output table");
    Answer::page(&View {
        frame,
        root: reads_root.then(|| Link::Access(&root).to_string()),
        reach: Link::Reach(&root).to_string(),
        groups: groups.collect(),
        subscriptions: subscriptions.collect(),
        is_cut,
    })
}
