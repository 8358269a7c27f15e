//! What somebody sees who has no part in what the navigation leads to: what is there, and who could
//! let them in. Nothing of it is shown.

use arm::failure::Failure;
use askama::Template;
use operations::error::Error;

use super::to::To;
use crate::{answer::Answer, ask::Ask, frame::Frame, trouble::Trouble};

#[derive(Template)]
#[template(path = "partner/shut.html")]
struct View {
    frame: Frame,
    /// Who sees what is here.
    says: &'static str,
    account: String,
}

/// The page, or where whoever asks has no leave for it, the one that says so.
pub(super) async fn or_shut(
    ask: &Ask,
    (title, says): (&'static str, &'static str),
    shown: Result<Answer, Trouble>,
) -> Result<Answer, Trouble> {
    match shown {
        Err(Trouble::Refused(Failure::Operation(Error::Denied(_)))) => {
            let (frame, account) = (ask.frame(title).await?, To::Account.to_string());
            Answer::page(&View { frame, says, account })
        }
        shown => shown,
    }
}
