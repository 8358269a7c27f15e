//! Microsoft.MarketplaceOrdering, 2021-01-01: the legal terms of a plan, as `az term` and Terraform
//! read and accept them.

use ids::offer::{PlanId, Slot};
use jiff::Timestamp;
use model::market::form::Terms;
use serde::Serialize;

use super::content::{BadContent, Content, Field};

/// What a `PUT` says of the terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub is_accepted: bool,
    /// Of the words that were read.
    pub signature: Option<String>,
}

/// Reads the body of a `PUT`.
pub fn read(body: &[u8]) -> Result<Said, BadContent> {
    let content = Content::parse(body)?;
    let properties = content.fields()?.get("properties")?.fields()?;
    let text = |field: Field<'_>| field.text().map(str::to_owned);
    let signature = properties.find("signature").map(text).transpose()?;
    let is_accepted = properties.get("accepted")?.flag()?;
    Ok(Said { is_accepted, signature: signature.filter(|it| !it.is_empty()) })
}

/// The terms of a plan.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreementBody {
    properties: Properties,
    id: String,
    name: String,
    r#type: String,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    publisher: String,
    product: String,
    plan: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    license_text_link: Option<String>,
    /// Fyr's own: the words, where the publisher wrote them down and gave no link.
    #[serde(skip_serializing_if = "Option::is_none")]
    license_text: Option<String>,
    privacy_policy_link: String,
    retrieve_datetime: Timestamp,
    signature: String,
    accepted: bool,
}

/// What there is to show of an agreement.
#[derive(Clone, Debug)]
pub struct Shown {
    pub plan: PlanId,
    pub slot: Slot,
    pub terms: Terms,
    pub privacy_policy: String,
    pub signature: String,
    pub retrieved: Timestamp,
    pub is_accepted: bool,
}

impl AgreementBody {
    /// The agreement under the id and the type by which it was asked for.
    pub fn new(shown: Shown, id: String, kind: &str) -> Self {
        let Shown { plan, slot, terms, privacy_policy, signature, retrieved, is_accepted } = shown;
        let PlanId { offer, name } = plan;
        let (license_text_link, license_text) = match terms {
            Terms::None => (None, None),
            Terms::Text(text) => (None, Some(text)),
            Terms::Url(url) => (Some(url), None),
        };
        Self {
            properties: Properties {
                publisher: offer.publisher.to_string(),
                product: slot.product(&offer.name),
                plan: name.to_string(),
                license_text_link,
                license_text,
                privacy_policy_link: privacy_policy,
                retrieve_datetime: retrieved,
                signature,
                accepted: is_accepted,
            },
            id,
            name: name.to_string(),
            r#type: kind.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clients_read_and_send_back_is_understood() {
        let sent = r#"{"properties":{"publisher":"fabrikam","accepted":true,"signature":"AB"}}"#;
        let said = Said { is_accepted: true, signature: Some("AB".to_owned()) };
        assert_eq!(read(sent.as_bytes()), Ok(said));
        let bare = read(br#"{"properties":{"accepted":false,"signature":""}}"#);
        assert_eq!(bare, Ok(Said { is_accepted: false, signature: None }));
        assert!(read(b"{}").is_err() && read(br#"{"properties":{"accepted":"yes"}}"#).is_err());
    }
}
