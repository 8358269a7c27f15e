//! Brings leads to where publishers want them, over HTTPS.

use std::{sync::Arc, time::Duration};

use axum::http::{Method, header};
use model::market::lead::Lead;
use operations::market::leads::{LeadSender, Sending, Unsent};
use wire::leads::LeadBody;

use crate::outgoing::{Ask, Https, Reach, Unanswered};

/// Whoever takes a lead says so within this time.
const WAIT: Duration = Duration::from_secs(10);
/// Only the status counts; a long answer is no answer.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Posts leads. The address is a publisher's choice: what is told of a failure says nothing of the
/// network that this machine stands in.
pub struct Courier {
    pub https: Arc<Https>,
    pub reach: Reach,
}

impl Courier {
    async fn post(&self, url: &str, lead: &Lead) -> Result<u16, Unsent> {
        let body = serde_json::to_vec(&LeadBody::from(lead)).map_err(|_| Unsent::Unreachable)?;
        let headers = [(header::CONTENT_TYPE, "application/json"), (header::USER_AGENT, "fyr")];
        let ask = Ask { method: Method::POST, url, headers: &headers, body: body.into() };
        match self.https.answer(ask, self.reach, (WAIT, ANSWER_BYTES_MAX)).await {
            Ok(answer) => Ok(answer.status),
            Err(why) => {
                tracing::debug!(%why, lead = %lead.id, "a lead was not taken");
                Err(match why {
                    Unanswered::Address(_) => Unsent::Address,
                    Unanswered::Late => Unsent::Late,
                    Unanswered::Broken(_) => Unsent::Unreachable,
                })
            }
        }
    }
}

impl LeadSender for Courier {
    fn send<'a>(&'a self, url: &'a str, lead: &'a Lead) -> Sending<'a> {
        Box::pin(self.post(url, lead))
    }
}

/// Says of every address that nobody is there: for a machine that trusts no authority.
pub struct Nobody;

impl LeadSender for Nobody {
    fn send<'a>(&'a self, _: &'a str, _: &'a Lead) -> Sending<'a> {
        Box::pin(async { Err(Unsent::Unreachable) })
    }
}

#[cfg(test)]
mod tests;
