//! Every key that an offer file may hold. The reader refuses others; the published JSON Schema is
//! tested against this table.

use document::section::Section;

pub(crate) const OFFER: Section = Section::new(
    "offer",
    &[
        "publisherId",
        "offerId",
        "alias",
        "customerLeads",
        "categories",
        "legal",
        "listing",
        "previewAudience",
        "plans",
        "notesForCertification",
        "tests",
    ],
);
pub(crate) const CUSTOMER_LEADS: Section =
    Section::new("customerLeads", &["destination", "httpsEndpointUrl", "contactEmail"]);
pub(crate) const LEGAL: Section = Section::new("legal", &["terms", "termsUrl"]);
pub(crate) const LISTING: Section = Section::new(
    "listing",
    &[
        "languageId",
        "title",
        "searchResultSummary",
        "shortDescription",
        "description",
        "privacyPolicyLink",
        "generalLinks",
        "supportContact",
        "engineeringContact",
        "globalSupportWebsite",
        "governmentSupportWebsite",
        "logos",
        "screenshots",
        "videos",
    ],
);
pub(crate) const LINK: Section = Section::new("link", &["name", "url"]);
pub(crate) const CONTACT: Section = Section::new("contact", &["name", "email", "phone"]);
pub(crate) const LOGOS: Section = Section::new("logos", &["large", "medium", "small"]);
pub(crate) const SCREENSHOT: Section = Section::new("screenshot", &["file", "caption"]);
pub(crate) const VIDEO: Section = Section::new("video", &["name", "url", "thumbnail"]);
pub(crate) const AUDIENCE_ENTRY: Section = Section::new("audienceEntry", &["id", "description"]);
pub(crate) const PLAN: Section = Section::new(
    "plan",
    &["planId", "name", "summary", "description", "visibility", "privateAudience", "manifests"],
);
pub(crate) const MANIFEST: Section = Section::new(
    "manifest",
    &["version", "tenantId", "authorizations", "eligibleAuthorizations", "file"],
);
pub(crate) const AUTHORIZATION: Section =
    Section::new("authorization", &["principalId", "displayName", "role", "assignableRoles"]);
pub(crate) const ELIGIBLE_AUTHORIZATION: Section = Section::new(
    "eligibleAuthorization",
    &["principalId", "displayName", "role", "maximumActivationDuration", "requireMfa", "approvers"],
);
pub(crate) const APPROVER: Section = Section::new("approver", &["principalId", "displayName"]);
/// What a plan is expected to allow, or not to.
pub(crate) const TEST: Section = Section::new("test", &["plan", "given", "when", "expect"]);

#[cfg(test)]
mod tests {
    use document::section::disagreements;

    use super::*;

    const OTHERS: &[Section] = &[
        CUSTOMER_LEADS,
        LEGAL,
        LISTING,
        LINK,
        CONTACT,
        LOGOS,
        SCREENSHOT,
        VIDEO,
        AUDIENCE_ENTRY,
        PLAN,
        MANIFEST,
        AUTHORIZATION,
        ELIGIBLE_AUTHORIZATION,
        APPROVER,
        TEST,
    ];

    #[test]
    fn the_published_schema_of_offers_knows_exactly_the_keys_that_the_reader_knows() {
        let text = include_str!("../../../../docs/offer.schema.json");
        let schema: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(disagreements(&OFFER, OTHERS, &schema), [""; 0]);
    }
}
