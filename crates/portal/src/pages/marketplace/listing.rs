//! A listing: what an offer is, and what each of its plans asks for.

use askama::Template;
use ids::{
    guid::SubscriptionId,
    offer::{OfferId, PlanId, Slot},
};
use market::html::{self, Element, Html, Node};
use model::market::form::{Plan, Visibility};
use operations::catalog::{self, Listed};

use super::{Link, Looker, category, place, preview, product};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    permissions::Permissions,
    trouble::Trouble,
    visitors,
    words::Moment,
};

/// A page of somebody else's, outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outside {
    pub(super) name: String,
    pub(super) url: String,
}

/// What a customer agrees to, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Terms {
    None,
    Text(String),
    Link(Outside),
    /// An address that no page of ours leads to.
    Address(String),
}

impl From<&model::market::form::Terms> for Terms {
    fn from(terms: &model::market::form::Terms) -> Self {
        match terms {
            model::market::form::Terms::None => Self::None,
            model::market::form::Terms::Text(text) => Self::Text(text.clone()),
            model::market::form::Terms::Url(url) => Outside::new("The publisher's terms", url)
                .map_or_else(|| Self::Address(url.clone()), Self::Link),
        }
    }
}

impl Outside {
    /// Only what a browser opens safely: no script hides in an address of that scheme.
    pub(super) fn new(name: &str, url: &str) -> Option<Self> {
        let is_web = url.starts_with("https://");
        is_web.then(|| Self { name: name.to_owned(), url: url.to_owned() })
    }
}

struct Shot {
    path: String,
    caption: String,
}

struct PlanView {
    /// Where on the page it stands.
    anchor: String,
    title: String,
    summary: String,
    description: String,
    version: String,
    is_private: bool,
    permissions: Permissions,
    create: String,
}

#[derive(Template)]
#[template(path = "marketplace/listing.html")]
struct View {
    frame: Frame,
    publisher: String,
    summary: String,
    short: String,
    logo: Option<String>,
    description: Html,
    shots: Vec<Shot>,
    videos: Vec<Outside>,
    links: Vec<Outside>,
    categories: Vec<String>,
    plans: Vec<PlanView>,
    terms: Terms,
    privacy: Option<Outside>,
    support: Option<Outside>,
    published: Moment,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let _turn = visitors::turn(&ask).await?;
        let place = place(&ask)?;
        match product(&ask)? {
            (offer, Slot::Live) => live(&ask, &offer, place).await,
            (offer, Slot::Preview) => preview::show(&ask, offer, place).await,
        }
    })
}

async fn live(ask: &Ask, id: &OfferId, place: Option<SubscriptionId>) -> Result<Answer, Trouble> {
    let looker = Looker::new(ask, place)?;
    let found = catalog::get(ask.plane(), looker.visitor(), id).await?;
    let it = found.ok_or(Trouble::Nothing)?;
    let mut plans = Vec::new();
    for plan in it.shown() {
        plans.extend(plan_view(ask, &it, plan, place).await?);
    }
    Answer::page(&view(ask, it, plans, place).await?)
}

async fn view(
    ask: &Ask,
    it: Listed,
    plans: Vec<PlanView>,
    place: Option<SubscriptionId>,
) -> Result<View, Trouble> {
    let (edition, publisher) = (&it.edition, &it.publisher.display_name);
    let (id, form) = (&edition.offer, &edition.form);
    let listing = &form.listing;
    let path = |digest: &str| Link::Picture(id, digest, place).to_string();
    let shot = |it: &model::market::form::Screenshot| Shot {
        path: path(&it.picture.digest),
        caption: it.caption.clone(),
    };
    let videos = listing.videos.iter().filter_map(|it| Outside::new(&it.name, &it.url));
    let links = listing.links.iter().filter_map(|it| Outside::new(&it.name, &it.url));
    let support = listing.support_global.as_deref();
    let catalog = format!("{}/catalog/products/{id}", ask.plane().origins.graph);
    let frame =
        ask.frame(listing.title.clone()).await?.below("Marketplace", Link::Storefront).command(
            "Show the listing",
            format!("az rest --method get --skip-authorization-header --url {catalog}"),
        );
    Ok(View {
        frame,
        publisher: publisher.clone(),
        summary: listing.summary.clone(),
        short: listing.short_description.clone(),
        logo: listing.logo.as_ref().map(|it| path(&it.digest)),
        description: description(&form.listing.description).unwrap_or_default(),
        shots: listing.screenshots.iter().map(shot).collect(),
        videos: videos.collect(),
        links: links.collect(),
        categories: form.categories.keys().map(|it| category(it)).collect(),
        plans,
        terms: Terms::from(&form.terms),
        privacy: Outside::new("Privacy policy", &listing.privacy_policy),
        support: support.and_then(|it| Outside::new("Support", it)),
        published: Moment::new(edition.at, ask.plane().store.now()),
    })
}

/// A plan without any manifest yet gives nothing that could be taken.
async fn plan_view(
    ask: &Ask,
    it: &Listed,
    plan: &Plan,
    place: Option<SubscriptionId>,
) -> Result<Option<PlanView>, Trouble> {
    let Some(newest) = plan.newest() else { return Ok(None) };
    let id = PlanId { offer: it.edition.offer.clone(), name: plan.name.clone() };
    Ok(Some(PlanView {
        anchor: format!("plan-{}", plan.name),
        title: plan.title.clone(),
        summary: plan.summary.clone(),
        description: plan.description.clone(),
        version: newest.version.to_string(),
        is_private: plan.visibility == Visibility::Private,
        permissions: Permissions::of(ask, &newest.manifest).await?,
        create: Link::Create(&id, Slot::Live, place).to_string(),
    }))
}

/// What was read by the whitelist when it was submitted is read by it again, and written from the
/// tree; its headings stand below the page's own. None where it holds what is not shown.
pub(in crate::pages) fn description(text: &str) -> Option<Html> {
    let html = html::parse(text).ok()?;
    Some(Html { nodes: html.nodes.into_iter().map(lowered).collect() })
}

fn lowered(node: Node) -> Node {
    match node {
        Node::Text(text) => Node::Text(text),
        Node::Break => Node::Break,
        Node::Element(element, inner) => {
            Node::Element(below(element), inner.into_iter().map(lowered).collect())
        }
    }
}

/// A section's heading is an `h2`; what a publisher wrote begins below it.
fn below(element: Element) -> Element {
    match element {
        Element::H1 => Element::H3,
        Element::H2 => Element::H4,
        Element::H3 => Element::H5,
        Element::H4 | Element::H5 | Element::H6 => Element::H6,
        Element::B
        | Element::I
        | Element::Em
        | Element::P
        | Element::Ul
        | Element::Ol
        | Element::Li => element,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_linked_to() {
        assert!(Outside::new("x", "https://fabrikam.example/").is_some());
        for url in ["javascript:alert(1)", "http://x", "data:text/html,x", " https://x", ""] {
            assert_eq!(Outside::new("x", url), None, "{url}");
        }
    }
}
