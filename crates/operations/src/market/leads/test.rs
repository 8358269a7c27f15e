//! The lead that is sent before an offer is published, to see whether leads arrive.

use ids::{guid::TenantId, offer::OfferId};
use jiff::Timestamp;
use model::market::lead::{Delivery, Lead, LeadPerson};
use uuid::Uuid;

/// A lead of which every text begins with `MSFT_TEST_` and digits: a real one can be told from it.
pub fn lead(id: Uuid, offer: &OfferId, tenant: TenantId, now: Timestamp) -> Lead {
    let text = format!("MSFT_TEST_{}", id.as_u128() % 1_000_000_000_000);
    Lead {
        id,
        offer: offer.clone(),
        tenant,
        at: now,
        offer_title: text.clone(),
        source: text.clone(),
        action: text.clone(),
        person: Some(LeadPerson {
            first_name: text.clone(),
            last_name: text.clone(),
            email: format!("{text}@test.com"),
            phone: "1234567890".to_owned(),
            country: text.clone(),
            company: text.clone(),
            title: text,
        }),
        delivery: Delivery::Pending { attempts: 0 },
    }
}

#[cfg(test)]
mod tests {
    use model::samples::{PROVIDER, market, now};

    use super::*;

    #[test]
    fn every_text_of_a_test_lead_says_so() {
        let lead = lead(Uuid::from_u128(42), &market::offer_id(), PROVIDER, now());
        let person = lead.person.unwrap();
        for text in [
            &lead.offer_title,
            &lead.source,
            &lead.action,
            &person.first_name,
            &person.last_name,
            &person.country,
            &person.company,
            &person.title,
        ] {
            assert_eq!(text, "MSFT_TEST_42");
        }
        assert_eq!(person.email, "MSFT_TEST_42@test.com");
        assert_eq!(person.phone, "1234567890");
    }
}
