//! The way to a publisher account, step by step
//! (<https://learn.microsoft.com/partner-center/account-settings/create-account>).

use jiff::civil::Date;
use market::enrolment::{self, Missing};
use model::market::account::{Account, Verification};

/// A step, and what is missing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// `A1` to `A8`.
    pub id: &'static str,
    pub title: &'static str,
    /// Nothing, once it is done.
    pub missing: Vec<String>,
    /// What to do about it.
    pub advice: &'static str,
}

impl Step {
    /// Whether nothing of it is missing.
    pub fn is_done(&self) -> bool {
        self.missing.is_empty()
    }
}

const STEPS: [(&str, &str, &str); 8] = [
    ("A1", "Sign in with a work account", "Sign in as one of the company's own people."),
    ("A2", "Tell who the company is", "Fill in the company's name, address and contact."),
    ("A3", "Be entitled to bind the company", "Say so, or let somebody sign up who is."),
    (
        "A4",
        "Accept the agreements",
        "Accept the publisher agreement, and with a partner id the partner network agreement.",
    ),
    ("A5", "Attach a partner id", "Attach the company's id in the partner program."),
    ("A6", "Choose a publisher id", "Create a publisher: its id stands in each offer's address."),
    ("A7", "Enrol as an administrator", "A Global Administrator signs up and names owners."),
    (
        "A8",
        "Be verified and qualified",
        "Wait for the operators' verification; show them a designation of the company.",
    ),
];

/// All steps on that day, by the account and the number of its publishers.
pub fn checklist(
    account: &Account,
    verification: Option<&Verification>,
    publishers: usize,
    day: Date,
) -> Vec<Step> {
    let missing = enrolment::missing(account, verification, day);
    let of_step = |id: &str| -> Vec<String> {
        if id == "A6" && publishers == 0 {
            return vec!["there is no publisher".to_owned()];
        }
        missing.iter().filter(|it| step_of(it) == id).map(ToString::to_string).collect()
    };
    STEPS.map(|(id, title, advice)| Step { id, title, missing: of_step(id), advice }).into()
}

/// Where something belongs. Nothing belongs to A1 and A7: without them there is no account.
fn step_of(missing: &Missing) -> &'static str {
    match missing {
        Missing::Company(_) => "A2",
        Missing::Entitlement => "A3",
        Missing::PublisherAgreement | Missing::PartnerAgreement => "A4",
        Missing::Partner => "A5",
        Missing::Verification(_) | Missing::Rejected(_) | Missing::Eligibility(_) => "A8",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use model::samples::market;

    use super::*;

    #[test]
    fn each_step_is_done_or_says_what_is_missing() {
        let mut account = market::account();
        account.company.city.clear();
        account.partner = None;
        let open = |publishers, verification: Option<&Verification>| -> Vec<&str> {
            let steps = checklist(&account, verification, publishers, date(2026, 11, 29));
            assert_eq!(steps.len(), 8);
            steps.iter().filter(|it| !it.is_done()).map(|it| it.id).collect()
        };
        assert_eq!(open(0, None), ["A2", "A4", "A5", "A6", "A8"]);
        assert_eq!(open(1, Some(&market::verification())), ["A2", "A4", "A5"]);
    }
}
