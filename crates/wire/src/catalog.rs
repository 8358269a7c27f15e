//! The storefront's catalog, in the shape of the Marketplace Catalog API (2025-05-01).

use ids::offer::OfferId;
use jiff::Timestamp;
use model::market::{
    account::Publisher,
    form::{Form, Plan, Terms, Visibility},
    media::Picture,
};
use serde_json::{Value, json};

/// A live offer, and what of it is shown to whom.
#[derive(Clone, Copy, Debug)]
pub struct Product<'a> {
    pub offer: &'a OfferId,
    pub publisher: &'a Publisher,
    pub form: &'a Form,
    pub published: Timestamp,
    /// The address of the catalog: pictures stand below it.
    pub catalog: &'a str,
}

impl Product<'_> {
    /// A row of the list.
    pub fn summary<'b>(&self, plans: impl Iterator<Item = &'b Plan>) -> Value {
        let plans: Vec<&Plan> = plans.collect();
        let listing = &self.form.listing;
        let is_private = plans.iter().all(|plan| plan.visibility == Visibility::Private);
        json!({
            "uniqueProductId": self.offer.to_string(),
            "displayName": listing.title,
            "publisherId": self.publisher.id,
            "publisherDisplayName": self.publisher.display_name,
            "publisherType": "ThirdParty",
            "publishingStage": "Public",
            "offerId": self.offer.name,
            "productType": "ManagedServices",
            "summary": listing.summary,
            "categoryIds": self.categories(),
            "pricingTypes": ["Byol"],
            "isPrivate": is_private,
            "isStopSell": false,
            "smallIconUri": self.icon(listing.small_logo.as_ref()),
            "mediumIconUri": self.icon(listing.medium_logo.as_ref()),
            "largeIconUri": self.icon(listing.logo.as_ref()),
            "lastModifiedDateTime": self.published.to_string(),
            "plans": plans.into_iter().map(|plan| self.plan(plan)).collect::<Vec<_>>(),
        })
    }

    /// The listing's whole page. `description` is the HTML that is safe to show.
    pub fn details<'b>(&self, plans: impl Iterator<Item = &'b Plan>, description: &str) -> Value {
        let listing = &self.form.listing;
        let mut whole = self.summary(plans);
        let links = listing.links.iter().map(|it| json!({ "displayName": it.name, "uri": it.url }));
        let videos = listing.videos.iter().map(|it| {
            json!({
                "caption": it.name,
                "uri": it.url,
                "previewImage": { "uri": self.icon(it.thumbnail.as_ref()) },
            })
        });
        let screenshots = listing.screenshots.iter();
        let screenshots = screenshots
            .map(|it| json!({ "caption": it.caption, "uri": self.icon(Some(&it.picture)) }));
        let (terms_uri, terms_text) = match &self.form.terms {
            Terms::None => (None, None),
            Terms::Text(text) => (None, Some(text)),
            Terms::Url(url) => (Some(url), None),
        };
        let details = json!({
            "longSummary": listing.short_description,
            "description": description,
            "language": listing.language,
            "links": links.collect::<Vec<_>>(),
            "videos": videos.collect::<Vec<_>>(),
            "images": screenshots.collect::<Vec<_>>(),
            "legalTermsType": "None",
            "legalTermsUri": terms_uri,
            "legalTermsText": terms_text,
            "privacyPolicyUri": listing.privacy_policy,
            "supportUri": listing.support_global,
        });
        if let (Value::Object(whole), Value::Object(details)) = (&mut whole, details) {
            whole.extend(details);
        }
        whole
    }

    fn plan(&self, plan: &Plan) -> Value {
        let newest = plan.newest();
        json!({
            "planId": plan.name,
            "uniquePlanId": format!("{}{}", self.offer, plan.name),
            "displayName": plan.title,
            "summary": plan.summary,
            "description": plan.description,
            "isPrivate": plan.visibility == Visibility::Private,
            "pricingTypes": ["Byol"],
            "version": newest.map(|it| it.version),
            "managedByTenantId": newest.map(|it| it.manifest.tenant),
        })
    }

    fn categories(&self) -> Vec<&String> {
        self.form
            .categories
            .iter()
            .flat_map(|(key, below)| std::iter::once(key).chain(below))
            .collect()
    }

    fn icon(&self, picture: Option<&Picture>) -> Option<String> {
        picture.map(|it| format!("{}/media/{}/{}", self.catalog, self.offer, it.digest))
    }
}

/// A page of the list.
pub fn page(items: &[Value], next: Option<String>) -> Value {
    match next {
        Some(next) => json!({ "items": items, "nextPageLink": next }),
        None => json!({ "items": items }),
    }
}
