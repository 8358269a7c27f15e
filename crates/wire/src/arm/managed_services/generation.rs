//! What each api-version knows.

use delegation::dialect::Dialect;

/// The api-versions, newest first.
pub const VERSIONS: [&str; 7] = [
    "2022-10-01",
    "2022-01-01-preview",
    "2020-02-01-preview",
    "2019-09-01",
    "2019-06-01",
    "2019-04-01-preview",
    "2018-06-01-preview",
];

/// Api-versions that write and read the same forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// 2018-06-01-preview and 2019-04-01-preview: definitions show the customer.
    Preview2018,
    /// 2019-06-01 and 2019-09-01: only an embedded definition shows the customer.
    Stable2019,
    /// 2020-02-01-preview: eligible authorizations.
    Preview2020,
    /// 2022-01-01-preview and 2022-10-01: the customer, and who wrote it when.
    Current,
}

impl Generation {
    /// The generation of an api-version; what is not among [`VERSIONS`] counts as current.
    pub fn of(version: &str) -> Self {
        let is = |known: [&str; 2]| known.iter().any(|it| it.eq_ignore_ascii_case(version));
        if is(["2018-06-01-preview", "2019-04-01-preview"]) {
            Self::Preview2018
        } else if is(["2019-06-01", "2019-09-01"]) {
            Self::Stable2019
        } else if version.eq_ignore_ascii_case("2020-02-01-preview") {
            Self::Preview2020
        } else {
            Self::Current
        }
    }

    /// Whether it can speak of eligible authorizations.
    pub fn dialect(self) -> Dialect {
        match self {
            Self::Preview2018 | Self::Stable2019 => Dialect::Plain,
            Self::Preview2020 | Self::Current => Dialect::Eligible,
        }
    }

    /// Whether a definition that stands alone shows the customer.
    pub(crate) fn shows_customer(self) -> bool {
        match self {
            Self::Preview2018 | Self::Current => true,
            Self::Stable2019 | Self::Preview2020 => false,
        }
    }

    /// Whether `systemData` is shown.
    pub(crate) fn shows_system_data(self) -> bool {
        self == Self::Current
    }
}
