//! The legal terms of a plan, as whoever accepts it reads and signs them.

use serde_json::{Value, json};

use crate::{
    cli::Planned,
    commands::server::{Server, text},
};

/// What there is to agree to.
pub(super) struct Agreement(Value);

impl Agreement {
    /// The terms of today.
    pub(super) fn read(server: &Server, planned: &Planned) -> anyhow::Result<Self> {
        Ok(Self::of(server.get(&path(planned))?))
    }

    pub(super) fn of(answer: Value) -> Self {
        Self(answer)
    }

    /// Whether just these are agreed to already.
    pub(super) fn is_agreed(&self) -> bool {
        self.0.pointer("/properties/accepted").and_then(Value::as_bool).unwrap_or_default()
    }

    /// Tells these words from any others.
    pub(super) fn signature(&self) -> &str {
        text(&self.0, "/properties/signature")
    }

    pub(super) fn json(&self) -> &Value {
        &self.0
    }

    /// The words, or where they stand.
    pub(super) fn told(&self) -> String {
        let link = text(&self.0, "/properties/licenseTextLink");
        let words = text(&self.0, "/properties/licenseText");
        let terms = match (link, words) {
            ("", "") => "none",
            ("", words) => words,
            (link, _) => link,
        };
        let privacy = text(&self.0, "/properties/privacyPolicyLink");
        format!("Terms:    {terms}\nPrivacy:  {privacy}\n")
    }
}

/// Agrees to the terms that the signature is of, and to no others.
pub(super) fn sign(server: &Server, planned: &Planned, signature: &str) -> anyhow::Result<()> {
    let body = json!({ "properties": { "accepted": true, "signature": signature } });
    server.put(&path(planned), &body).map(|_| ())
}

/// The one type of offer that Marketplace Ordering has a path for.
fn path(Planned { plan, at }: &Planned) -> String {
    format!(
        "/subscriptions/{}/providers/Microsoft.MarketplaceOrdering/offerTypes/virtualmachine\
         /publishers/{}/offers/{}/plans/{}/agreements/current?api-version=2021-01-01",
        at.subscription, plan.publisher, plan.product, plan.plan
    )
}
