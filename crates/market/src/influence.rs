//! What a publisher brought about, by month and customer.

use std::collections::BTreeMap;

use ids::guid::TenantId;
use jiff::{Timestamp, tz::Offset};

/// A month, of which later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    pub year: i16,
    pub month: i8,
}

impl Month {
    /// The month of that moment, in UTC.
    pub fn of(at: Timestamp) -> Self {
        let date = Offset::UTC.to_datetime(at).date();
        Self { year: date.year(), month: date.month() }
    }
}

/// Text that is no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no month: it reads 2026-01")]
pub struct NoMonth;

impl std::str::FromStr for Month {
    type Err = NoMonth;

    fn from_str(text: &str) -> Result<Self, NoMonth> {
        let (year, month) = text.split_once('-').ok_or(NoMonth)?;
        let month = month.parse().ok().filter(|it| (1..=12).contains(it)).ok_or(NoMonth)?;
        Ok(Self { year: year.parse().map_err(|_| NoMonth)?, month })
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// By what a delegation counts for a partner, if it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    /// It was born from an offer.
    Offer,
    /// Somebody whom it gives a permanent role is linked to a partner.
    Link,
    /// By nothing.
    Nothing,
}

/// Something that happened with a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The terms of a plan were agreed to.
    Acceptance,
    /// A scope was delegated, which still is.
    Delegation(Through),
    /// Somebody of the publisher's tenant changed something there.
    Activity,
}

/// What happened with a customer in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub acceptances: u64,
    pub by_offer: u64,
    pub by_link: u64,
    pub uncounted: u64,
    /// Changes by the publisher's people, as far back as activity logs go, also where the
    /// delegation has ended since.
    pub activities: u64,
}

/// The whole, by month and customer.
pub type Report = BTreeMap<(Month, TenantId), Counts>;

/// Counts one more deed.
pub fn count(report: &mut Report, at: Timestamp, customer: TenantId, deed: Deed) {
    let counts = report.entry((Month::of(at), customer)).or_default();
    let one = match deed {
        Deed::Acceptance => &mut counts.acceptances,
        Deed::Delegation(Through::Offer) => &mut counts.by_offer,
        Deed::Delegation(Through::Link) => &mut counts.by_link,
        Deed::Delegation(Through::Nothing) => &mut counts.uncounted,
        Deed::Activity => &mut counts.activities,
    };
    *one = one.saturating_add(1);
}

#[cfg(test)]
mod tests {
    use model::samples::{CUSTOMER, PROVIDER};

    use super::*;

    #[test]
    fn deeds_are_counted_by_month_and_customer_the_earliest_first() {
        let mut report = Report::new();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for (time, customer, deed) in [
            ("2026-02-01T00:00:00Z", CUSTOMER, Deed::Delegation(Through::Offer)),
            ("2026-01-31T23:59:59Z", CUSTOMER, Deed::Acceptance),
            ("2026-01-01T00:00:00Z", CUSTOMER, Deed::Acceptance),
            ("2026-01-15T00:00:00Z", PROVIDER, Deed::Delegation(Through::Link)),
            ("2026-01-15T00:00:00Z", PROVIDER, Deed::Delegation(Through::Nothing)),
        ] {
            count(&mut report, at(time), customer, deed);
        }
        let told: Vec<(String, TenantId, Counts)> = report
            .into_iter()
            .map(|((month, customer), counts)| (month.to_string(), customer, counts))
            .collect();
        let none = Counts::default();
        assert_eq!(
            told,
            [
                ("2026-01".to_owned(), CUSTOMER, Counts { acceptances: 2, ..none }),
                ("2026-01".to_owned(), PROVIDER, Counts { by_link: 1, uncounted: 1, ..none }),
                ("2026-02".to_owned(), CUSTOMER, Counts { by_offer: 1, ..none }),
            ]
        );
    }
}
