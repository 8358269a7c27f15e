//! What a caller without a good token is told beside the refusal.

use super::Failure;
use crate::request::NoCaller;

/// Where a caller without a good token is told to sign in.
#[derive(Clone, Debug, Default)]
pub struct Challenge {
    pub authority: String,
}

impl Challenge {
    pub(super) fn text(&self, failure: &Failure) -> String {
        let description = if let Failure::NoCaller(NoCaller::Missing) = failure {
            "The authentication failed because of missing 'Authorization' header.".to_owned()
        } else {
            failure.to_string()
        };
        let description = description.replace(['"', '\r', '\n'], "'");
        format!(
            "Bearer authorization_uri=\"{}\", error=\"invalid_token\", error_description=\"{description}\"",
            self.authority
        )
    }
}
