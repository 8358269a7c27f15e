//! Choosing the scope that a page is to be about.

use arm::request::Method::Get;
use askama::Template;
use ids::{guid::SubscriptionId, scope::Scope};
use model::{action::Action, question::Question};
use operations::{
    management_groups::read as groups,
    page::page,
    roles::read,
    subscriptions::{self, Listed},
};

use super::{Link, names::Names};
use crate::{answer::Answer, ask::Ask, frame::Frame, trouble::Trouble, words::Id};

/// As many of each as are shown.
pub(super) const SHOWN_MAX: usize = 200;
/// As many of the scopes in a subscription.
const INNER_MAX: usize = 20;

struct Place {
    name: String,
    id: Id,
    /// Whether it is another tenant's, some of which is delegated to the visitor's.
    is_delegated: bool,
    /// The page of who holds what there, where it is open to the visitor; else those in it that are.
    access: Option<String>,
    inner: Vec<Inner>,
    delegators: Option<String>,
    activity: Option<String>,
}

/// A scope in a subscription.
struct Inner {
    name: String,
    path: String,
}

#[derive(Template)]
#[template(path = "oversight/places.html")]
struct View {
    frame: Frame,
    says: &'static str,
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

/// Which of the pages about a scope is chosen for.
#[derive(Clone, Copy, Debug)]
pub(super) enum For {
    Access,
    Settings,
}

impl For {
    fn link(self, scope: &Scope) -> Link<'_> {
        match self {
            Self::Access => Link::Access(scope),
            Self::Settings => Link::Settings(scope),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Access => "Access control (IAM)",
            Self::Settings => "Role settings",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Access => {
                "Choose what you want to see the access to. Everything below it takes part of what is granted there."
            }
            Self::Settings => {
                "Choose where you want to say what is asked for before a provider's people hold a role for a while. Everything in it takes part of that."
            }
        }
    }
}

pub(super) async fn show(ask: &Ask, what: For) -> Result<Answer, Trouble> {
    let plane = ask.plane();
    let (found, mut is_cut) = subscriptions(ask).await?;
    let request = (Get, "/providers/Microsoft.Management/managementGroups", "2021-04-01");
    let listed = ask
        .arm(request, async |context| {
            groups::list(plane, &context, page(None, Some(SHOWN_MAX))).await
        })
        .await?;
    is_cut |= listed.next.is_some();
    let mut groups = Vec::with_capacity(listed.items.len());
    for it in listed.items {
        groups.push(Place {
            id: Id { short: it.name.to_string(), whole: it.name.to_string() },
            access: what.link(&it.scope()).open(ask)?,
            name: it.display_name,
            is_delegated: false,
            inner: Vec::new(),
            delegators: None,
            activity: None,
        });
    }
    let root = Scope::Tenant(ask.visitor()?.principal().tenant);
    let context = ask.context("GET", Question::any(Action::ROLE_ASSIGNMENTS_READ, root.clone()))?;
    let open = read::places(plane, &context);
    let mut subscriptions = Vec::with_capacity(found.len());
    for (id, name, is_own) in found {
        subscriptions.push(subscription(ask, (id, name, is_own), &open, what)?);
    }
    let frame = ask
        .frame(what.title())
        .await?
        .command("List your subscriptions", "az account list --output table");
    Answer::page(&View {
        frame,
        says: what.words(),
        root: what.link(&root).open(ask)?,
        reach: Link::Reach(&root).to_string(),
        groups,
        subscriptions,
        is_cut,
    })
}

/// A subscription with the pages about it that are open to the visitor.
fn subscription(
    ask: &Ask,
    (id, name, is_own): (SubscriptionId, String, bool),
    open: &[Scope],
    what: For,
) -> Result<Place, Trouble> {
    let access = what.link(&Scope::Subscription(id)).open(ask)?;
    let inside = |it: &&Scope| access.is_none() && it.subscription() == Some(id);
    // These stand in their subscription's own row.
    let names = Names::default();
    let mut inner = Vec::new();
    for it in open.iter().filter(inside).take(INNER_MAX) {
        let path = what.link(it).open(ask)?;
        inner.extend(path.map(|path| Inner { name: names.said(it), path }));
    }
    Ok(Place {
        name,
        id: Id::new(id),
        is_delegated: !is_own,
        inner,
        access,
        delegators: if is_own { Link::Delegators(id).open(ask)? } else { None },
        activity: Link::ActivityOf(id).open(ask)?,
    })
}
