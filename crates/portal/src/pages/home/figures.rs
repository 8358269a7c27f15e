//! The figures of the overview: a few bounded lists, each judged item by item as its own page judges it.

use arm::failure::Failure;
use model::{
    directory::OPERATORS,
    market::{
        account::VerificationStage,
        offer::{Offer, OfferState},
    },
};
use operations::{
    acceptance::undelegated,
    activation::waiting::Waiting,
    delegation::{
        customers,
        managed::{self, Filter},
        received::glance::{self, Count},
    },
    error::Error,
    market::{
        account,
        offers::{read, uptake},
        submissions,
    },
};
use store::snapshot::Page;

use crate::{
    ask::Ask,
    pages::{
        customers::To as Customers,
        just_in_time::Link as Roles,
        partner::to::To as Partner,
        service_providers::{Link, everywhere},
    },
    trouble::Trouble,
};

/// So much of each is looked at; where there is more, the figure says so.
const LOOKED_AT_MAX: usize = 50;
/// Of acceptances without delegation, no more are told of.
const TOLD_MAX: usize = 10;
/// Of companies each is looked at by itself.
const COMPANIES_MAX: usize = 20;

/// How many there are of something, and where they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    /// `50+` where more was not counted.
    pub(super) count: String,
    pub(super) words: &'static str,
    pub(super) path: String,
    /// How it is drawn, and what it asks for; nothing where it only tells.
    pub(super) waits: Option<(&'static str, &'static str)>,
}

/// What somebody sees in one part that they have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) name: &'static str,
    pub(super) figures: Vec<Figure>,
}

/// What is counted, in the singular and in the plural.
type Words = (&'static str, &'static str);

/// A figure that tells how much there is; none of nothing.
fn tells(it: Count, (one, many): Words, path: impl ToString) -> Option<Figure> {
    let Count { count, is_more } = it;
    let words = if count == 1 && !is_more { one } else { many };
    let more = if is_more { "+" } else { "" };
    let figure =
        Figure { count: format!("{count}{more}"), words, path: path.to_string(), waits: None };
    (count > 0 || is_more).then_some(figure)
}

/// A figure of what waits for somebody.
fn waits(
    it: Count,
    words: Words,
    path: impl ToString,
    how: (&'static str, &'static str),
) -> Option<Figure> {
    // Where nothing was found, there is nothing to do that is known of.
    let figure = tells(it, words, path).filter(|_| it.count > 0)?;
    Some(Figure { waits: Some(how), ..figure })
}

const DECIDE: (&str, &str) = ("wait", "To decide");
const REVIEW: (&str, &str) = ("wait", "To review");
const MEND: (&str, &str) = ("bad", "To mend");
const GO_ON: (&str, &str) = ("wait", "To finish");

/// All sides on which there is something for the visitor.
pub(super) async fn all(ask: &Ask) -> Result<Vec<Side>, Trouble> {
    let Waiting { as_customer, as_provider } = ask.waiting().await?;
    let decide = |count| {
        let words = ("request for a role", "requests for roles");
        waits(whole(count), words, Roles::Approvals, DECIDE)
    };
    let with = |first: Option<Figure>, rest| first.into_iter().chain(rest).collect();
    let mut sides = vec![
        Side { name: "As a customer", figures: with(decide(as_customer), customer(ask).await?) },
        Side {
            name: "As a service provider",
            figures: with(decide(as_provider), provider(ask).await?),
        },
        Side { name: "As a publisher", figures: publisher(ask).await? },
    ];
    if ask.visitor()?.principal().tenant == OPERATORS {
        sides.push(Side { name: "As an operator", figures: operator(ask).await? });
    }
    sides.retain(|it| !it.figures.is_empty());
    Ok(sides)
}

fn page(limit: usize) -> Page {
    Page { after: None, limit }
}

/// A count of all that there is.
fn whole(count: usize) -> Count {
    Count { count, is_more: false }
}

/// What is not for the visitor to read has no figure.
fn readable<T>(found: Result<T, Trouble>) -> Result<Option<T>, Trouble> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Trouble::Refused(Failure::Operation(Error::Denied(_)))) => Ok(None),
        Err(other) => Err(other),
    }
}

async fn customer(ask: &Ask) -> Result<Vec<Figure>, Trouble> {
    let (plane, context) = (ask.plane(), everywhere(ask)?);
    let found = glance::look(plane, &context).await?;
    let bare = undelegated::list(plane, &context).await?.len();
    let bare = Count { count: bare, is_more: bare >= TOLD_MAX };
    let (providers, bare_words, updates, delegations) = (
        ("service provider", "service providers"),
        ("accepted offer without delegation", "accepted offers without delegation"),
        ("update of an offer", "updates of offers"),
        ("delegation to a provider", "delegations to providers"),
    );
    let figures = [
        waits(bare, bare_words, Link::Offers, GO_ON),
        waits(found.updates, updates, Link::Offers, REVIEW),
        tells(found.providers, providers, Link::Offers),
        tells(found.delegations, delegations, Link::Delegations),
    ];
    Ok(figures.into_iter().flatten().collect())
}

async fn provider(ask: &Ask) -> Result<Vec<Figure>, Trouble> {
    let (plane, context, filter) =
        (ask.plane(), ask.context("GET", ask.managing()?)?, Filter::default());
    let found = customers::list(plane, &context, &filter, page(LOOKED_AT_MAX)).await?;
    let customers = Count { count: found.items.len(), is_more: found.next.is_some() };
    let found = managed::list(plane, &context, &filter, page(LOOKED_AT_MAX)).await?;
    let delegations = Count { count: found.items.len(), is_more: found.next.is_some() };
    let work = |context| async move { uptake::glance(plane, &context).await };
    let behind = readable(ask.market("GET", "reports/read", work).await)?.unwrap_or_default();
    let behind = Count { count: behind.behind, is_more: behind.is_more && behind.behind > 0 };
    let figures = [
        tells(
            behind,
            ("customer behind the newest version", "customers behind the newest version"),
            Customers::Offers,
        ),
        tells(customers, ("customer", "customers"), Customers::Customers),
        tells(
            delegations,
            ("delegation from a customer", "delegations from customers"),
            Customers::Delegations,
        ),
    ];
    Ok(figures.into_iter().flatten().collect())
}

async fn publisher(ask: &Ask) -> Result<Vec<Figure>, Trouble> {
    let plane = ask.plane();
    let work = |context| async move { read::list(plane, &context, page(read::OFFERS_MAX)).await };
    let Some(found) = readable(ask.market("GET", "offers/read", work).await)? else {
        return Ok(Vec::new());
    };
    let is_more = found.next.is_some();
    let count = |wanted: fn(&Offer) -> bool| {
        let count = found.items.iter().filter(|it| wanted(it)).count();
        Count { count, is_more: is_more && count > 0 }
    };
    let attention = count(|it| it.state == OfferState::AttentionNeeded);
    let preview = count(|it| it.state == OfferState::Preview);
    let figures = [
        waits(
            attention,
            ("offer that needs attention", "offers that need attention"),
            Partner::Offers,
            MEND,
        ),
        waits(preview, ("preview to sign off", "previews to sign off"), Partner::Offers, GO_ON),
        tells(count(|it| it.state == OfferState::Draft), ("draft", "drafts"), Partner::Offers),
        tells(
            count(|it| matches!(it.state, OfferState::Publishing(_))),
            ("offer being published", "offers being published"),
            Partner::Offers,
        ),
        tells(
            count(|it| it.state == OfferState::Live),
            ("live offer", "live offers"),
            Partner::Offers,
        ),
        tells(
            count(|it| matches!(it.state, OfferState::PendingStop | OfferState::NotAvailable)),
            ("offer whose distribution stopped", "offers whose distribution stopped"),
            Partner::Offers,
        ),
    ];
    let figures: Vec<_> = figures.into_iter().flatten().collect();
    if figures.is_empty() {
        // Whoever works in an account and has no offer yet begins one.
        let none = Figure {
            count: "0".to_owned(),
            words: "offers",
            path: Partner::Offers.to_string(),
            waits: None,
        };
        return Ok(vec![none]);
    }
    Ok(figures)
}

async fn operator(ask: &Ask) -> Result<Vec<Figure>, Trouble> {
    let plane = ask.plane();
    let work = |context| async move {
        submissions::read::waiting(plane, &context, page(LOOKED_AT_MAX)).await
    };
    let found = readable(ask.operate("GET", "certifications/read", None, work).await)?;
    let submissions = found.map(|it| Count { count: it.items.len(), is_more: it.next.is_some() });
    let companies = unverified(ask).await?;
    let figures = [
        waits(
            submissions.unwrap_or(whole(0)),
            ("submission to certify", "submissions to certify"),
            Partner::Certifications,
            REVIEW,
        ),
        waits(
            companies,
            ("company to verify", "companies to verify"),
            Partner::Verifications,
            REVIEW,
        ),
    ];
    Ok(figures.into_iter().flatten().collect())
}

/// The companies that wait for the operators' next word.
async fn unverified(ask: &Ask) -> Result<Count, Trouble> {
    let plane = ask.plane();
    let work =
        |context| async move { account::list::list(plane, &context, page(COMPANIES_MAX)).await };
    let found = readable(ask.operate("GET", "verifications/read", None, work).await)?;
    let Some(found) = found else { return Ok(whole(0)) };
    let mut count = 0_usize;
    for it in found.items {
        let work = |context| async move { account::show::show(plane, &context).await };
        let shown = ask.operate("GET", "verifications/read", Some(it.tenant), work).await?;
        let is_over = shown.verification.is_some_and(|it| match it.stage {
            VerificationStage::Authorized | VerificationStage::Rejected(_) => true,
            VerificationStage::Email
            | VerificationStage::Employment
            | VerificationStage::Business => false,
        });
        count = count.saturating_add(usize::from(!is_over));
    }
    Ok(Count { count, is_more: found.next.is_some() && count > 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_says_that_more_was_not_counted_and_nothing_has_none() {
        let words = ("offer", "offers");
        let told = |count, is_more| {
            tells(Count { count, is_more }, words, "/")
                .map(|it| format!("{} {}", it.count, it.words))
        };
        assert_eq!(told(0, false), None);
        assert_eq!(told(1, false).as_deref(), Some("1 offer"));
        assert_eq!(told(1, true).as_deref(), Some("1+ offers"));
        assert_eq!(told(50, true).as_deref(), Some("50+ offers"));
        assert_eq!(waits(Count { count: 0, is_more: true }, words, "/", REVIEW), None);
    }
}
