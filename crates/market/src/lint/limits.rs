//! How much a form may hold, by the day on which it is judged.
//!
//! The documents contradict each other and changed over the years. Where two bounds are told for one
//! day, the wider one is refused beyond, and the narrower one is warned of.

use jiff::civil::{Date, date};

/// What held from some day on. Lengths are in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub from: Date,
    pub title_chars_max: usize,
    /// Markup included.
    pub description_chars_max: usize,
    pub categories_max: usize,
    /// Of each category.
    pub subcategories_max: usize,
    pub plan_title_chars_max: usize,
    /// Of all private plans of an offer together.
    pub private_audience_max: usize,
}

/// Of an alias.
pub const ALIAS_CHARS_MAX: usize = 120;
/// Of the summary in search results, and of a plan's.
pub const SUMMARY_CHARS_MAX: usize = 100;
/// Of the short description.
pub const SHORT_CHARS_MAX: usize = 256;
/// From here on, some pages cut a title off, an offer's or a plan's.
pub const TITLE_CHARS_GOOD_MAX: usize = 50;
/// The bound of other types of offers: for managed services none is told.
pub const PLAN_DESCRIPTION_CHARS_MAX: usize = 3_000;
/// The general page's bound.
pub const PLAN_DESCRIPTION_CHARS_GOOD_MAX: usize = 500;
/// Of terms that are a text: every acceptance keeps what was agreed to, word for word. The documents
/// name no bound.
pub const TERMS_CHARS_MAX: usize = 100_000;
pub const PLANS_MAX: usize = 100;
pub const PRIVATE_PLANS_MAX: usize = 45;
pub const SCREENSHOTS_MAX: usize = 5;
pub const VIDEOS_MAX: usize = 5;
/// Of a screenshot, and of the picture that stands for a video: width and height.
pub const SCREENSHOT_PIXELS: (u32, u32) = (1280, 720);
/// An edge of the large logo, which is square.
pub const LOGO_PIXELS: std::ops::RangeInclusive<u32> = 216..=350;
/// The longest address that is kept.
pub const LINK_BYTES_MAX: usize = 2_048;

/// What held, from the first day on that is known. The pages say it to the month; the days are ours
/// (<https://learn.microsoft.com/partner-center/marketplace-offers/create-managed-service-offer-listing>).
static PERIODS: [Limits; 4] = [
    Limits {
        from: Date::MIN,
        title_chars_max: 50,
        description_chars_max: 3_000,
        categories_max: 5,
        subcategories_max: 2,
        plan_title_chars_max: 50,
        private_audience_max: 20_000,
    },
    Limits {
        from: date(2020, 4, 1),
        title_chars_max: 50,
        description_chars_max: 3_000,
        categories_max: 5,
        subcategories_max: 2,
        plan_title_chars_max: 50,
        private_audience_max: 10_000,
    },
    Limits {
        from: date(2022, 3, 1),
        title_chars_max: 50,
        description_chars_max: 5_000,
        categories_max: 5,
        subcategories_max: 2,
        plan_title_chars_max: 50,
        private_audience_max: 10_000,
    },
    Limits {
        from: date(2023, 1, 1),
        title_chars_max: 200,
        description_chars_max: 5_000,
        categories_max: 2,
        subcategories_max: 2,
        plan_title_chars_max: 200,
        private_audience_max: 10_000,
    },
];

/// What held on that day.
pub fn on(day: Date) -> &'static Limits {
    let [first, later @ ..] = &PERIODS;
    later.iter().rev().find(|it| it.from <= day).unwrap_or(first)
}

/// Categories by their keys, each with those of its subcategories that are known; of others any is
/// taken.
pub const CATEGORIES: [(&str, &[&str]); 20] = [
    ("ai-plus-machine-learning", &[]),
    ("analytics-amp", &[]),
    ("blockchain", &[]),
    ("compute", &[]),
    ("containers", &[]),
    ("databases", &[]),
    ("developer-tools", &[]),
    ("devops", &[]),
    ("identity", &["access-management", "other"]),
    ("integration", &[]),
    ("internet-of-things", &[]),
    ("it-and-management-tools", &["business-applications", "management-solutions", "other"]),
    ("media", &[]),
    ("migration", &["data-migration", "other"]),
    ("mixed-reality", &[]),
    ("monitoring-and-diagnostics", &["other"]),
    ("networking", &["appliance-managers", "connectivity", "firewalls", "load-balancers", "other"]),
    (
        "security",
        &["identity-and-access-management", "information-protection", "other", "threat-protection"],
    ),
    (
        "storage",
        &[
            "backup-and-recovery",
            "data-lifecycle-management",
            "enterprise-hybrid-storage",
            "file-sharing",
            "other",
        ],
    ),
    ("web", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_those_of_their_day() {
        assert!(PERIODS.is_sorted_by(|a, b| a.from < b.from));
        let told = |day: Date| {
            let it = on(day);
            (
                it.title_chars_max,
                it.description_chars_max,
                it.categories_max,
                it.private_audience_max,
            )
        };
        assert_eq!(told(date(2019, 8, 29)), (50, 3_000, 5, 20_000));
        assert_eq!(told(date(2020, 4, 1)), (50, 3_000, 5, 10_000));
        assert_eq!(told(date(2022, 3, 1)), (50, 5_000, 5, 10_000));
        assert_eq!(told(date(2026, 11, 29)), (200, 5_000, 2, 10_000));
    }
}
