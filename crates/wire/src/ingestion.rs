//! The Product Ingestion API's resources (2022-03-01), in which a draft is written and read.
//!
//! A draft is one [`Form`](model::market::form::Form); here it is cut into the resources that
//! clients know, and put together from them. What Microsoft's schemas lack for managed services,
//! the plan's manifests and the tests of an offer, are resources of our own.

pub mod durable;
pub mod job;
mod listing;
pub mod merge;
mod plan;
pub mod read;
pub mod tree;

/// Where the schemas are said to be; only their names are read.
const SCHEMAS: &str = "https://schema.mp.microsoft.com/schema";

/// The version of the schemas that most resources, and all that stands around them, have.
const VERSION: &str = "2022-03-01-preview2";

/// The address of a schema.
pub fn schema(of: impl Into<Document>) -> String {
    let (name, version) = match of.into() {
        Document::Resource(kind) => (kind.as_str(), kind.version()),
        Document::Configure => ("configure", VERSION),
        Document::ConfigureStatus => ("configure-status", VERSION),
        Document::ResourceTree => ("resource-tree", VERSION),
    };
    format!("{SCHEMAS}/{name}/{version}")
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    Resource(Kind),
    /// A request to change a product.
    Configure,
    /// What becomes of it.
    ConfigureStatus,
    /// All resources of a product.
    ResourceTree,
}

impl From<Kind> for Document {
    fn from(kind: Kind) -> Self {
        Self::Resource(kind)
    }
}

/// What a resource is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Product,
    Plan,
    CustomerLeads,
    Property,
    Listing,
    ListingAsset,
    ListingTrailer,
    PreviewAudience,
    PlanListing,
    PlanAvailability,
    PlanAudienceUpdate,
    /// Ours: the manifests of a plan.
    TechnicalConfiguration,
    /// Ours: what an offer's manifests are expected to allow.
    OfferTests,
    Submission,
}

impl Kind {
    pub const ALL: [Self; 14] = [
        Self::Product,
        Self::Plan,
        Self::CustomerLeads,
        Self::Property,
        Self::Listing,
        Self::ListingAsset,
        Self::ListingTrailer,
        Self::PreviewAudience,
        Self::PlanListing,
        Self::PlanAvailability,
        Self::PlanAudienceUpdate,
        Self::TechnicalConfiguration,
        Self::OfferTests,
        Self::Submission,
    ];

    /// The resource type's name, in schemas and in durable ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Plan => "plan",
            Self::CustomerLeads => "customer-leads",
            Self::Property => "property",
            Self::Listing => "listing",
            Self::ListingAsset => "listing-asset",
            Self::ListingTrailer => "listing-trailer",
            Self::PreviewAudience => "price-and-availability-offer",
            Self::PlanListing => "plan-listing",
            Self::PlanAvailability => "price-and-availability-plan",
            Self::PlanAudienceUpdate => "price-and-availability-update-private-audiences",
            Self::TechnicalConfiguration => "managed-service-plan-technical-configuration",
            Self::OfferTests => "managed-service-tests",
            Self::Submission => "submission",
        }
    }

    /// The version that we write. Any is read.
    fn version(self) -> &'static str {
        match self {
            Self::Product | Self::Plan => "2022-03-01-preview3",
            Self::PlanAvailability => "2022-03-01-preview4",
            Self::TechnicalConfiguration | Self::OfferTests => "2026-12-01",
            Self::CustomerLeads
            | Self::Property
            | Self::Listing
            | Self::ListingAsset
            | Self::ListingTrailer
            | Self::PreviewAudience
            | Self::PlanListing
            | Self::PlanAudienceUpdate
            | Self::Submission => VERSION,
        }
    }

    /// The type that a `$schema` names.
    pub fn of_schema(schema: &str) -> Option<Self> {
        let mut parts = schema.rsplit('/');
        let (_version, name) = (parts.next()?, parts.next()?);
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

#[cfg(test)]
mod tests;
