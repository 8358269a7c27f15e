//! An explanation in words, as the API and the portal say it.

use access::{
    explain::{Explanation, Outcome, Void},
    verdict::Verdict,
};

/// The answer in one sentence.
pub fn answer(it: &Explanation) -> String {
    match (&it.principal, &it.verdict) {
        (None, _) => "There is nobody of that id in this directory.".to_owned(),
        (Some(facts), _) if !facts.enabled => "The account is disabled.".to_owned(),
        (Some(_), Verdict::Allowed(_)) => {
            "A role allows it, and nothing stands against it.".to_owned()
        }
        (Some(_), Verdict::Refused(refusal)) => {
            let text = refusal.to_string();
            let mut letters = text.chars();
            let first = letters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
            format!("{first}{}.", letters.as_str())
        }
    }
}

/// What a grant did for the answer.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allows => "Allows it",
        Outcome::Other => "Is about something else",
        Outcome::Void(void) => match void {
            Void::Conditional => "Grants nothing: its condition is not met",
            Void::UnknownRole => "Grants nothing: there is no such role any more",
            Void::ForeignTenant => "Grants nothing: the principal is another tenant's",
            Void::OwnTenant => "Grants nothing: it delegates to the tenant itself",
            Void::NotDelegable => "Grants nothing: the role cannot be delegated",
            Void::NoDefinition => "Grants nothing: its definition is not there",
            Void::Lost => "Grants nothing: it went with a delegation like it",
            Void::Late => "Does not count yet",
            Void::OutsidePeriod => "Does not count now: its period is ahead or over",
            Void::NotEligible => "Grants nothing: who activated it is not eligible any more",
        },
    }
}
