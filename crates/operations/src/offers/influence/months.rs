//! The sums of each month, over all customers.

use std::collections::BTreeSet;

use market::influence::{Counts, Month, Report};

/// What happened in a month with whomever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    pub month: Month,
    /// With how many customers anything had happened until the month's end.
    pub customers: usize,
    pub counts: Counts,
}

/// The months of a report in which anything happened, the earliest first.
pub(super) fn summed(report: &Report) -> Vec<Total> {
    let (mut totals, mut known): (Vec<Total>, _) = (Vec::new(), BTreeSet::new());
    for ((month, customer), counts) in report {
        known.insert(*customer);
        let customers = known.len();
        match totals.last_mut().filter(|it| it.month == *month) {
            Some(total) => {
                *total = Total { customers, counts: sum(total.counts, *counts), ..*total };
            }
            None => totals.push(Total { month: *month, customers, counts: *counts }),
        }
    }
    totals
}

fn sum(one: Counts, other: Counts) -> Counts {
    Counts {
        acceptances: one.acceptances.saturating_add(other.acceptances),
        by_offer: one.by_offer.saturating_add(other.by_offer),
        by_link: one.by_link.saturating_add(other.by_link),
        uncounted: one.uncounted.saturating_add(other.uncounted),
        activities: one.activities.saturating_add(other.activities),
    }
}

#[cfg(test)]
mod tests {
    use market::influence::{Deed, count};
    use model::samples::{CUSTOMER, PROVIDER};

    use super::*;

    #[test]
    fn a_month_sums_its_customers_and_knows_those_before_it() {
        let mut report = Report::new();
        for (at, customer) in [
            ("2026-01-05T00:00:00Z", CUSTOMER),
            ("2026-01-06T00:00:00Z", CUSTOMER),
            ("2026-03-06T00:00:00Z", CUSTOMER),
            ("2026-03-07T00:00:00Z", PROVIDER),
        ] {
            count(&mut report, at.parse().unwrap(), customer, Deed::Acceptance);
        }
        let told: Vec<_> = summed(&report)
            .into_iter()
            .map(|it| (it.month.to_string(), it.customers, it.counts.acceptances))
            .collect();
        assert_eq!(told, [("2026-01".to_owned(), 1, 2), ("2026-03".to_owned(), 2, 2)]);
    }
}
