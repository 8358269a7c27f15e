//! Fyr's own answers about what customers accepted (`Fyr.Marketplace`), which ARM has none for.

use delegation::acceptance::Waiting;
use ids::{resource::DefinitionId, version::Version};
use jiff::Timestamp;
use model::market::{
    acceptance::{Acceptance, TermsAccepted},
    form::Terms,
    lead::LeadPerson,
};
use serde::{Deserialize, Serialize};

use crate::arm::content::{BadContent, Content, Field, Fields};

/// What kind of thing it is.
pub const KIND: &str = "Fyr.Marketplace/acceptances";
/// The longest text about whoever took a plan.
const PERSON_CHARS_MAX: usize = 256;

/// What is accepted of a plan (api-version 2026-12-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AcceptanceBody {
    pub id: String,
    pub name: String,
    pub r#type: String,
    pub properties: AcceptanceProperties,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AcceptanceProperties {
    pub publisher: String,
    pub product: String,
    pub plan: String,
    /// In force; none while only the terms are accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// The newer version that waits for the customer's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_version: Option<Version>,
    pub is_declined: bool,
    /// Whether the plan can still be taken in this subscription.
    pub is_offered: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_display_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_display_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher_display_name: Option<String>,
    pub terms: TermsBody,
    /// What stands for it in this subscription.
    pub registration_definition_ids: Vec<String>,
}

/// Who agreed to what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TermsBody {
    pub accepted: bool,
    pub accepted_by: String,
    pub accepted_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl From<TermsAccepted> for TermsBody {
    fn from(it: TermsAccepted) -> Self {
        let TermsAccepted { by: _, name, at, terms, is_standing } = it;
        let (link, text) = match terms {
            Terms::None => (None, None),
            Terms::Text(text) => (None, Some(text)),
            Terms::Url(url) => (Some(url), None),
        };
        Self { accepted: is_standing, accepted_by: name, accepted_at: at, link, text }
    }
}

/// What there is to show beside the acceptance itself.
#[derive(Clone, Debug)]
pub struct Beside {
    pub waiting: Option<Waiting>,
    pub is_offered: bool,
    pub definitions: Vec<DefinitionId>,
    pub offer: Option<String>,
    pub plan: Option<String>,
    pub publisher: Option<String>,
}

impl AcceptanceBody {
    /// The acceptance as a subscription shows it.
    pub fn new(acceptance: Acceptance, beside: Beside, subscription: &str) -> Self {
        let Acceptance { plan, slot, version, terms, .. } = acceptance;
        let Beside { waiting, is_offered, definitions, offer, plan: title, publisher } = beside;
        let product = slot.product(&plan.offer.name);
        let name = format!("{}.{product}.{}", plan.offer.publisher, plan.name);
        Self {
            id: format!("{subscription}/providers/{KIND}/{name}"),
            name,
            r#type: KIND.to_owned(),
            properties: AcceptanceProperties {
                publisher: plan.offer.publisher.to_string(),
                product,
                plan: plan.name.to_string(),
                version,
                available_version: waiting.map(|it| it.version),
                is_declined: waiting.is_some_and(|it| it.is_declined),
                is_offered,
                offer_display_name: offer,
                plan_display_name: title,
                publisher_display_name: publisher,
                terms: terms.into(),
                registration_definition_ids: definitions.iter().map(ToString::to_string).collect(),
            },
        }
    }
}

/// What a `PUT` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub version: Option<Version>,
    pub is_agreed: bool,
    pub name: Option<String>,
    pub description: Option<String>,
    /// Only with the leave to share it.
    pub person: Option<LeadPerson>,
}

/// Reads the body of a `PUT`. The plan that it names, if it does, must be that of the path.
pub fn read(body: &[u8], publisher: &str, product: &str, plan: &str) -> Result<Wanted, BadContent> {
    let content = Content::parse(body)?;
    let properties = content.fields()?.get("properties")?.fields()?;
    let mut version = None;
    if let Some(field) = properties.find("plan") {
        let named = field.clone().fields()?;
        for (member, expected) in [("publisher", publisher), ("product", product), ("name", plan)] {
            if let Some(it) = named.find(member)
                && !it.text()?.eq_ignore_ascii_case(expected)
            {
                return Err(it.refused("must be that of the acceptance's own name"));
            }
        }
        version = named.find("version").map(|it| number(&it)).transpose()?;
    }
    let flag = |name: &str| properties.find(name).map(|it| it.flag()).transpose();
    let is_shared = flag("shareContact")?.unwrap_or_default();
    let contact = properties.find("contact").map(person).transpose()?;
    Ok(Wanted {
        version,
        is_agreed: flag("acceptTerms")?.unwrap_or_default(),
        name: text(&properties, "registrationDefinitionName")?,
        description: text(&properties, "description")?,
        person: contact.filter(|_| is_shared),
    })
}

/// What the word about a newer version says, beside itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Which version is meant.
    pub version: Option<Version>,
    pub is_agreed: bool,
}

/// Reads the body of an action, which may be empty.
pub fn word(body: &[u8]) -> Result<Word, BadContent> {
    if body.trim_ascii().is_empty() {
        return Ok(Word::default());
    }
    let content = Content::parse(body)?;
    let whole = content.fields()?;
    let is_agreed = whole.find("acceptTerms").map(|it| it.flag()).transpose()?;
    Ok(Word {
        version: whole.find("version").map(|it| number(&it)).transpose()?,
        is_agreed: is_agreed.unwrap_or_default(),
    })
}

fn number(field: &Field<'_>) -> Result<Version, BadContent> {
    field.text()?.parse().map_err(|bad| field.refused(format!("is no version: {bad}")))
}

fn text(of: &Fields<'_>, name: &str) -> Result<Option<String>, BadContent> {
    of.find(name).map(|it| it.text().map(str::to_owned)).transpose()
}

fn person(field: Field<'_>) -> Result<LeadPerson, BadContent> {
    let it = field.fields()?;
    let one = |name: &str| {
        let Some(field) = it.find(name) else { return Ok(String::new()) };
        let text = field.text()?;
        let is_long = text.chars().nth(PERSON_CHARS_MAX).is_some();
        if is_long || text.chars().any(char::is_control) {
            return Err(
                field.refused(format!("must be a line of at most {PERSON_CHARS_MAX} characters"))
            );
        }
        Ok(text.to_owned())
    };
    Ok(LeadPerson {
        first_name: one("firstName")?,
        last_name: one("lastName")?,
        email: one("email")?,
        phone: one("phone")?,
        country: one("country")?,
        company: one("company")?,
        title: one("title")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_in(body: &str) -> Result<Wanted, BadContent> {
        read(body.as_bytes(), "fabrikam", "ops", "core")
    }

    #[test]
    fn contact_data_goes_nowhere_without_the_leave_to_share_it() {
        let contact = r#""contact":{"firstName":"Mara","email":"mara@contoso.example"}"#;
        let with = |share: &str| read_in(&format!(r#"{{"properties":{{{share}{contact}}}}}"#));
        assert_eq!(with("").unwrap().person, None);
        assert_eq!(with(r#""shareContact":false,"#).unwrap().person, None);
        let shared = with(r#""shareContact":true,"#).unwrap().person.unwrap();
        assert_eq!((shared.first_name.as_str(), shared.last_name.as_str()), ("Mara", ""));
    }

    #[test]
    fn another_plan_than_that_of_the_path_is_refused() {
        assert!(
            read_in(r#"{"properties":{"plan":{"publisher":"FABRIKAM","version":"1.0.0"}}}"#)
                .is_ok()
        );
        for bad in [
            r#"{"properties":{"plan":{"name":"gold"}}}"#,
            r#"{"properties":{"plan":{"version":"latest"}}}"#,
            r#"{"properties":{"contact":{"email":"a\u0000b"}}}"#,
            r#"{"properties":{"acceptTerms":"yes"}}"#,
        ] {
            assert!(read_in(bad).is_err(), "{bad}");
        }
        assert_eq!(word(b""), Ok(Word::default()));
        assert_eq!(word(br#"{"version":"1.1.0"}"#).unwrap().version, "1.1.0".parse().ok());
    }
}
