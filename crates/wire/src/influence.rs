//! A publisher's report of its influence, as JSON and as a table.

use std::borrow::Cow;

use ids::guid::TenantId;
use market::{
    influence::{Counts, Month},
    sheet,
};
use serde::Serialize;

/// What happened with a customer in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InfluenceBody {
    pub month: String,
    pub customer_tenant_id: TenantId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    pub acceptances: u64,
    pub delegations_by_offer: u64,
    pub delegations_by_partner_link: u64,
    pub delegations_uncounted: u64,
    pub activities: u64,
}

impl InfluenceBody {
    /// The counts of a customer in a month.
    pub fn new(month: Month, customer: TenantId, name: Option<String>, counts: Counts) -> Self {
        let Counts { acceptances, by_offer, by_link, uncounted, activities } = counts;
        Self {
            month: month.to_string(),
            customer_tenant_id: customer,
            customer_name: name,
            acceptances,
            delegations_by_offer: by_offer,
            delegations_by_partner_link: by_link,
            delegations_uncounted: uncounted,
            activities,
        }
    }
}

const COLUMNS: [&str; 8] = [
    "Month",
    "CustomerTenantId",
    "CustomerName",
    "Acceptances",
    "DelegationsByOffer",
    "DelegationsByPartnerLink",
    "DelegationsUncounted",
    "Activities",
];

/// The rows as comma-separated text, of which no cell is computed.
pub fn csv(rows: &[InfluenceBody]) -> String {
    let header = COLUMNS.map(Cow::Borrowed).to_vec();
    let row = |it: &'_ InfluenceBody| -> Vec<Cow<'_, str>> {
        vec![
            it.month.clone().into(),
            it.customer_tenant_id.to_string().into(),
            it.customer_name.clone().unwrap_or_default().into(),
            it.acceptances.to_string().into(),
            it.delegations_by_offer.to_string().into(),
            it.delegations_by_partner_link.to_string().into(),
            it.delegations_uncounted.to_string().into(),
            it.activities.to_string().into(),
        ]
    };
    sheet::write(std::iter::once(header).chain(rows.iter().map(row)))
}

#[cfg(test)]
mod tests {
    use model::samples::{CUSTOMER, now};

    use super::*;

    #[test]
    fn a_customer_who_is_called_like_a_formula_computes_nothing() {
        let counts = Counts { acceptances: 1, ..Counts::default() };
        let name = Some("=HYPERLINK(\"https://evil.example\")".to_owned());
        let text = csv(&[InfluenceBody::new(Month::of(now()), CUSTOMER, name, counts)]);
        let row = text.lines().nth(1).unwrap();
        assert!(row.starts_with(&format!("2026-01,{CUSTOMER},\"'=HYPERLINK")), "{row}");
        assert!(row.ends_with(",1,0,0,0,0"), "{row}");
    }
}
