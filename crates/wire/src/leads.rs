//! A lead as a publisher's endpoint is sent it
//! (<https://learn.microsoft.com/partner-center/referrals/commercial-marketplace-lead-management-instructions-https>).

use model::market::lead::{Lead, LeadPerson};
use serde::Serialize;

/// The body of the request. What is not known is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LeadBody {
    pub user_details: UserDetails,
    /// What was done where, and to which offer: `AzurePortal-Create|harbor.ops`.
    pub lead_source: String,
    pub action_code: String,
    pub offer_title: String,
}

/// Who it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserDetails {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub first_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phone: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub company: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
}

impl From<&Lead> for LeadBody {
    fn from(lead: &Lead) -> Self {
        Self {
            user_details: lead.person.as_ref().map(UserDetails::from).unwrap_or_default(),
            lead_source: format!("{}|{}", lead.source, lead.offer),
            action_code: lead.action.clone(),
            offer_title: lead.offer_title.clone(),
        }
    }
}

impl From<&LeadPerson> for UserDetails {
    fn from(person: &LeadPerson) -> Self {
        let LeadPerson { first_name, last_name, email, phone, country, company, title } =
            person.clone();
        Self { first_name, last_name, email, phone, country, company, title }
    }
}

#[cfg(test)]
mod tests {
    use model::samples::{PROVIDER, market, now};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_lead_is_told_in_the_documented_form_without_what_is_not_known() {
        let person = LeadPerson {
            first_name: "Olof".to_owned(),
            email: "olof@contoso.example".to_owned(),
            ..LeadPerson::default()
        };
        let mut lead = Lead {
            id: Uuid::from_u128(1),
            offer: market::offer_id(),
            tenant: PROVIDER,
            at: now(),
            offer_title: "Fabrikam Ops".to_owned(),
            source: "AzurePortal-Create".to_owned(),
            action: "Create".to_owned(),
            person: Some(person),
            delivery: model::market::lead::Delivery::Pending { attempts: 0 },
        };
        let told = |lead: &Lead| serde_json::to_value(LeadBody::from(lead)).unwrap();
        let expected = json!({
            "UserDetails": { "FirstName": "Olof", "Email": "olof@contoso.example" },
            "LeadSource": "AzurePortal-Create|fabrikam.ops",
            "ActionCode": "Create",
            "OfferTitle": "Fabrikam Ops",
        });
        assert_eq!(told(&lead), expected);
        lead.person = None;
        assert_eq!(told(&lead)["UserDetails"], json!({}));
    }
}
