//! Bars by month, drawn by the server.

use market::influence::Month;
use operations::offers::influence::months::Total;

use crate::words::counted;

/// How many months are drawn.
const MONTHS: usize = 12;
const WIDTH: u64 = 28;
const GAP: u64 = 8;
const HEIGHT: u64 = 96;

/// One chart, as the template draws it.
pub(super) struct Chart {
    pub(super) title: &'static str,
    /// The same in words, for whoever does not see it.
    pub(super) words: String,
    pub(super) bars: Vec<Bar>,
    pub(super) newest: u64,
}

pub(super) struct Bar {
    pub(super) x: u64,
    pub(super) middle: u64,
    pub(super) y: u64,
    pub(super) above: u64,
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) value: u64,
    pub(super) month: String,
    /// What stands below the bar: `01`.
    pub(super) label: String,
}

/// What happened in each of the last months until now.
pub(super) fn happened(
    title: &'static str,
    noun: &str,
    totals: &[Total],
    now: Month,
    of: impl Fn(&Total) -> u64,
) -> Chart {
    let value = |month| totals.iter().find(|it| it.month == month).map_or(0, &of);
    bars(title, noun, last(now).into_iter().map(|it| (it, value(it))).collect())
}

/// What had come together by the end of each of the last months until now.
pub(super) fn reached(
    title: &'static str,
    noun: &str,
    totals: &[Total],
    now: Month,
    of: impl Fn(&Total) -> u64,
) -> Chart {
    let value = |month| totals.iter().rev().find(|it| it.month <= month).map_or(0, &of);
    bars(title, noun, last(now).into_iter().map(|it| (it, value(it))).collect())
}

fn bars(title: &'static str, noun: &str, values: Vec<(Month, u64)>) -> Chart {
    let most = values.iter().map(|(_, it)| *it).max().unwrap_or(0).max(1);
    let said = values.iter().filter(|(_, it)| *it > 0).map(|(month, it)| {
        format!("{month}: {}", counted(usize::try_from(*it).unwrap_or(usize::MAX), noun))
    });
    let said: Vec<String> = said.collect();
    let words = if said.is_empty() { "nothing in a year".to_owned() } else { said.join(", ") };
    let newest = values.last().map_or(0, |(_, it)| *it);
    let bars = values.into_iter().zip(0_u64..).map(|((month, value), nth)| {
        let height = value.saturating_mul(HEIGHT).checked_div(most).unwrap_or(0);
        let (x, y) = (nth.saturating_mul(WIDTH + GAP), (HEIGHT + 16).saturating_sub(height));
        Bar {
            x,
            middle: x.saturating_add(WIDTH / 2),
            y,
            above: y.saturating_sub(4),
            width: WIDTH,
            height,
            value,
            month: month.to_string(),
            label: format!("{:02}", month.month),
        }
    });
    Chart { title, words, bars: bars.collect(), newest }
}

/// The months until that one, the earliest first.
fn last(now: Month) -> Vec<Month> {
    let mut months = vec![now];
    while let Some(first) = months.last().filter(|_| months.len() < MONTHS) {
        let before = match first.month {
            1 => Month { year: first.year.saturating_sub(1), month: 12 },
            month => Month { year: first.year, month: month.saturating_sub(1) },
        };
        months.push(before);
    }
    months.reverse();
    months
}

#[cfg(test)]
mod tests {
    use market::influence::Counts;

    use super::*;

    #[test]
    fn a_year_is_drawn_with_its_holes_and_said_in_words() {
        let month = |year, month| Month { year, month };
        let total = |month, acceptances| Total {
            month,
            customers: 1,
            counts: Counts { acceptances, ..Counts::default() },
        };
        let totals = [total(month(2025, 12), 4), total(month(2026, 2), 1)];
        let chart = happened("Acceptances", "acceptance", &totals, month(2026, 2), |it| {
            it.counts.acceptances
        });
        let labels: Vec<_> = chart.bars.iter().map(|it| it.month.as_str()).collect();
        assert_eq!((labels.len(), labels[0], labels[11]), (12, "2025-03", "2026-02"));
        let heights: Vec<_> = chart.bars.iter().map(|it| it.height).collect();
        assert_eq!(heights[9..], [96, 0, 24]);
        assert_eq!(chart.words, "2025-12: 4 acceptances, 2026-02: 1 acceptance");
        let chart =
            reached("Customers", "customer", &totals, month(2026, 2), |it| it.customers as u64);
        let values: Vec<_> = chart.bars.iter().map(|it| it.value).collect();
        assert_eq!(values[8..], [0, 1, 1, 1]);
    }
}
