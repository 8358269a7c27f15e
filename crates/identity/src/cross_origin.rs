//! Which of a page's requests across origins count: its script cannot keep a secret, so what it
//! redeems is good from the page's own origin alone (AADSTS9002326, AADSTS9002327).

use jiff::SignedDuration;
use model::directory::Redirects;

use crate::{
    redirect::origin,
    refusal::{Refused, quoted},
};

/// How long a page stays signed in, however often it asks. Entra's.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// For whom tokens are redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// For a page's script.
    ByPage,
    /// For a server or a program, or by no redirect URI at all.
    ByOther,
}

/// Whether an application has a page at that origin.
pub fn has_page(redirects: &Redirects, at: &str) -> bool {
    redirects.spa.iter().any(|uri| origin(uri) == at)
}

/// Whether a request that was sent by a page of that origin, or by none, may redeem.
pub fn judge(
    redeemed: Redeemed,
    sent_by: Option<&str>,
    redirects: &Redirects,
) -> Result<(), Refused> {
    match (redeemed, sent_by) {
        (Redeemed::ByPage, Some(page)) if has_page(redirects, page) => Ok(()),
        (Redeemed::ByOther, None) => Ok(()),
        (Redeemed::ByPage, None) => Err(Refused::PagesOnly),
        (Redeemed::ByPage | Redeemed::ByOther, Some(page)) => {
            Err(Refused::NotAcrossOrigins(quoted(page)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_redeems_from_its_own_origin_and_nothing_else_from_any() {
        let redirects = Redirects {
            web: vec!["https://server.example/in".to_owned()],
            spa: vec!["https://app.example/page".to_owned()],
            public: vec!["http://localhost".to_owned()],
        };
        let foreign = |origin: &str| Err(Refused::NotAcrossOrigins(origin.to_owned()));
        let cases = [
            (Redeemed::ByPage, Some("https://app.example"), Ok(())),
            (Redeemed::ByPage, None, Err(Refused::PagesOnly)),
            (Redeemed::ByPage, Some("https://app.example:444"), foreign("https://app.example:444")),
            (Redeemed::ByPage, Some("http://app.example"), foreign("http://app.example")),
            (Redeemed::ByPage, Some("https://server.example"), foreign("https://server.example")),
            (Redeemed::ByPage, Some("null"), foreign("null")),
            (Redeemed::ByPage, Some(""), foreign("")),
            (Redeemed::ByOther, None, Ok(())),
            (Redeemed::ByOther, Some("https://app.example"), foreign("https://app.example")),
            (Redeemed::ByOther, Some("http://localhost"), foreign("http://localhost")),
        ];
        for (redeemed, sent_by, expected) in cases {
            let judged = judge(redeemed, sent_by, &redirects);
            assert_eq!(judged, expected, "{redeemed:?} {sent_by:?}");
        }
    }
}
