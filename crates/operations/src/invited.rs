//! Which private plans and previews are for a subscription.

use std::collections::HashMap;

use ids::guid::SubscriptionId;
use model::market::offer::{Audience, Audienced};
use store::{
    error::StoreError,
    key::Key,
    record::Record,
    records::ranges,
    snapshot::{Page, Snapshot},
};

/// The audiences that some subscriptions are in. They are found from the subscriptions, so that
/// what is for others costs nothing, not even time; and not one is read, however long it is.
pub(crate) struct Invited(HashMap<Key, Vec<SubscriptionId>>);

impl Invited {
    pub(crate) async fn read(
        snapshot: &Snapshot,
        subscriptions: Vec<SubscriptionId>,
    ) -> Result<Self, StoreError> {
        let mut audiences: HashMap<Key, Vec<SubscriptionId>> = HashMap::new();
        for subscription in subscriptions {
            let range = ranges::market::audiences_for(subscription);
            let mut page = Page::first();
            loop {
                let rows = snapshot.keys(&range, page).await?;
                for key in rows.items {
                    audiences.entry(key).or_default().push(subscription);
                }
                let Some(after) = rows.next else { break };
                page = Page { after: Some(after), ..Page::first() };
            }
        }
        Ok(Self(audiences))
    }

    /// Those of the subscriptions that are in the audience.
    pub(crate) fn to(&self, audience: &Audienced) -> &[SubscriptionId] {
        self.0.get(&Audience::key(audience)).map_or(&[], Vec::as_slice)
    }
}
