//! Whether a company is qualified to publish managed services, by the rule of that day.

use std::fmt;

use ids::offer::PartnerId;
use jiff::civil::{Date, date};
use model::market::account::{Level, Qualification, QualificationKind};

/// One way to be qualified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// To be in the partner program at all.
    Partner,
    /// In that area, at that level.
    Competency(&'static str, Level),
    Program(&'static str),
    Designation(&'static str),
}

/// What was asked for from some day on.
#[derive(Debug, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    /// Any of these is enough.
    pub any_of: &'static [Route],
}

const SILVER: Route = Route::Competency("CloudPlatform", Level::Silver);
const GOLD: Route = Route::Competency("CloudPlatform", Level::Gold);

/// What was asked for, from the first day on that is known. The pages say from when to the year, or
/// to the month; the days are ours
/// (<https://learn.microsoft.com/azure/lighthouse/how-to/publish-managed-services-offers>).
pub static PERIODS: [Period; 4] = [
    Period { from: Date::MIN, any_of: &[Route::Partner] },
    Period { from: date(2020, 4, 1), any_of: &[SILVER, GOLD, Route::Program("AzureExpertMsp")] },
    Period { from: date(2022, 1, 1), any_of: &[SILVER, GOLD] },
    Period {
        from: date(2023, 1, 1),
        any_of: &[Route::Designation("InfrastructureAzure"), Route::Designation("Security")],
    },
];

/// What was asked for on that day.
pub fn asked_on(day: Date) -> &'static Period {
    let [first, later @ ..] = &PERIODS;
    later.iter().rev().find(|it| it.from <= day).unwrap_or(first)
}

/// Why a company may not publish, and what would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotEligible {
    pub asked: &'static Period,
    /// What would have done, and the last day that it did.
    pub lapsed: Option<(Route, Date)>,
}

/// By which route a company is qualified on that day.
pub fn route(
    partner: Option<PartnerId>,
    qualifications: &[Qualification],
    day: Date,
) -> Result<Route, NotEligible> {
    let asked = asked_on(day);
    let by = |route: Route| qualifications.iter().filter(move |it| route.is_met_by(&it.kind));
    let holds = |route: &Route| match route {
        Route::Partner => partner.is_some(),
        Route::Competency(..) | Route::Program(_) | Route::Designation(_) => {
            by(*route).any(|it| it.valid_to.is_none_or(|last| day <= last))
        }
    };
    if let Some(route) = asked.any_of.iter().find(|route| holds(route)) {
        return Ok(*route);
    }
    let lapsed = asked.any_of.iter().flat_map(|route| by(*route).map(|it| (*route, it.valid_to)));
    let lapsed = lapsed.filter_map(|(route, last)| Some((route, last?)));
    Err(NotEligible { asked, lapsed: lapsed.max_by_key(|(_, last)| *last) })
}

impl Route {
    fn is_met_by(self, kind: &QualificationKind) -> bool {
        match (self, kind) {
            (
                Self::Competency(area, level),
                QualificationKind::Competency { area: theirs, level: at },
            ) => theirs == area && *at == level,
            (Self::Program(name), QualificationKind::Program(theirs))
            | (Self::Designation(name), QualificationKind::Designation(theirs)) => theirs == name,
            (
                Self::Partner | Self::Competency(..) | Self::Program(_) | Self::Designation(_),
                QualificationKind::Competency { .. }
                | QualificationKind::Program(_)
                | QualificationKind::Designation(_),
            ) => false,
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Partner => f.write_str("a partner id"),
            Self::Competency(area, Level::Silver) => write!(f, "the silver competency {area}"),
            Self::Competency(area, Level::Gold) => write!(f, "the gold competency {area}"),
            Self::Program(name) => write!(f, "the program {name}"),
            Self::Designation(name) => write!(f, "the designation {name}"),
        }
    }
}

impl fmt::Display for NotEligible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it takes ")?;
        for (nth, route) in self.asked.any_of.iter().enumerate() {
            f.write_str(if nth == 0 { "" } else { " or " })?;
            write!(f, "{route}")?;
        }
        if let Some((route, last)) = self.lapsed {
            write!(f, ", and {route} lapsed after {last}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use model::samples::market::partner;

    use super::*;

    const EXPERT: Route = Route::Program("AzureExpertMsp");
    const INFRASTRUCTURE: Route = Route::Designation("InfrastructureAzure");
    const SECURITY: Route = Route::Designation("Security");

    fn holding(kind: QualificationKind, valid_to: Option<Date>) -> Vec<Qualification> {
        vec![Qualification { kind, valid_to }]
    }

    fn held(route: Route) -> Vec<Qualification> {
        let kind = match route {
            Route::Partner => return Vec::new(),
            Route::Competency(area, level) => {
                QualificationKind::Competency { area: area.to_owned(), level }
            }
            Route::Program(name) => QualificationKind::Program(name.to_owned()),
            Route::Designation(name) => QualificationKind::Designation(name.to_owned()),
        };
        holding(kind, None)
    }

    /// One day of each period, in their order.
    const DAYS: [Date; 4] =
        [date(2019, 8, 29), date(2020, 4, 1), date(2022, 12, 31), date(2026, 11, 29)];

    #[test]
    fn each_route_is_open_in_its_periods_and_closed_in_the_others() {
        for (routes, open) in [
            (&[Route::Partner][..], [true, false, false, false]),
            (&[SILVER, GOLD], [false, true, true, false]),
            (&[EXPERT], [false, true, false, false]),
            (&[INFRASTRUCTURE, SECURITY], [false, false, false, true]),
        ] {
            for (route_held, (day, is_open)) in
                routes.iter().flat_map(|it| DAYS.into_iter().zip(open).map(move |day| (*it, day)))
            {
                let partner = (route_held == Route::Partner).then(partner);
                let found = route(partner, &held(route_held), day);
                let expected = is_open.then_some(route_held);
                assert_eq!(found.ok(), expected, "{route_held} on {day}");
            }
        }
    }

    #[test]
    fn periods_follow_each_other_and_each_asks_for_something() {
        assert!(PERIODS.is_sorted_by(|a, b| a.from < b.from));
        for period in &PERIODS {
            assert!(!period.any_of.is_empty());
            assert_eq!(asked_on(period.from), period);
        }
        for (day, period) in DAYS.into_iter().zip(&PERIODS) {
            assert_eq!(asked_on(day), period);
        }
    }

    #[test]
    fn what_is_like_a_route_is_none() {
        let today = date(2026, 11, 29);
        let of = |kind| route(Some(partner()), &holding(kind, None), today);
        assert!(of(QualificationKind::Designation("BusinessApplications".to_owned())).is_err());
        assert!(of(QualificationKind::Program("Security".to_owned())).is_err());
        let then = date(2020, 5, 1);
        let area = "SmallMidmarketCloudSolutions".to_owned();
        let other = QualificationKind::Competency { area, level: Level::Gold };
        assert!(route(None, &holding(other, None), then).is_err());
    }

    #[test]
    fn a_designation_holds_through_its_last_day() {
        let last = date(2026, 11, 30);
        let kind = QualificationKind::Designation("Security".to_owned());
        let security = holding(kind.clone(), Some(last));
        assert_eq!(route(None, &security, last), Ok(SECURITY));
        let after = route(None, &security, date(2026, 12, 1)).unwrap_err();
        assert_eq!(after.lapsed, Some((SECURITY, last)));
        assert_eq!(
            after.to_string(),
            "it takes the designation InfrastructureAzure or the designation Security, and the \
             designation Security lapsed after 2026-11-30"
        );
        let renewed = [security, holding(kind, None)].concat();
        assert_eq!(route(None, &renewed, date(2026, 12, 1)), Ok(SECURITY));
    }

    #[test]
    fn whoever_has_nothing_is_told_what_would_do() {
        let told = |day| route(None, &[], day).unwrap_err().to_string();
        assert_eq!(told(date(2019, 1, 1)), "it takes a partner id");
        let competencies =
            "it takes the silver competency CloudPlatform or the gold competency CloudPlatform";
        assert_eq!(told(date(2022, 6, 1)), competencies);
    }
}
