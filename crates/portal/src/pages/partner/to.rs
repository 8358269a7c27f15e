//! Where the pages of the area are.

use std::fmt;

use ids::{
    guid::{ObjectId, TenantId},
    offer::{OfferId, PlanName},
    version::Version,
};
use model::market::submission::SubmissionId;
use operations::market::offers::compare::Pair;

/// A page of the area, or what a form of it is sent to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum To<'a> {
    Account,
    AccountDetails,
    Publishers,
    Members,
    Member(ObjectId),
    Offers,
    NewOffer,
    Leads,
    Offer(&'a OfferId, Tab),
    Act(&'a OfferId, Act),
    Plan(&'a OfferId, &'a PlanName, PlanTab),
    PlanAct(&'a OfferId, &'a PlanName, Act),
    Manifest(&'a OfferId, &'a PlanName, Version),
    RemoveManifest(&'a OfferId, &'a PlanName, Version),
    /// A picture of the account.
    Media(&'a str),
    Verifications,
    Verification(TenantId),
    Certifications,
    Certification(TenantId, SubmissionId),
}

/// A page of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    Overview,
    Setup,
    TestLead,
    Properties,
    Listing,
    Media,
    Preview,
    PreviewList,
    PreviewFile,
    Plans,
    Tests,
    Publish,
    Compare(Pair),
    History,
}

/// A page of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlanTab {
    Overview,
    Listing,
    Availability,
    AudienceList,
    AudienceFile,
    Technical,
}

/// What is done to an offer or a plan, each on a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Delete,
    Stop,
    Resume,
    Cancel,
    GoLive,
    Sync,
}

impl Tab {
    fn segment(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Setup => "/setup",
            Self::TestLead => "/test-lead",
            Self::Properties => "/properties",
            Self::Listing => "/listing",
            Self::Media => "/media",
            Self::Preview => "/preview",
            Self::PreviewList => "/preview/list",
            Self::PreviewFile => "/preview/list.csv",
            Self::Plans => "/plans",
            Self::Tests => "/tests",
            Self::Publish => "/publish",
            Self::Compare(Pair::DraftAndLive) => "/compare",
            Self::Compare(Pair::DraftAndPreview) => "/compare?of=draft-preview",
            Self::Compare(Pair::PreviewAndLive) => "/compare?of=preview-live",
            Self::History => "/history",
        }
    }
}

impl PlanTab {
    fn segment(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Listing => "/listing",
            Self::Availability => "/availability",
            Self::AudienceList => "/availability/list",
            Self::AudienceFile => "/availability/list.csv",
            Self::Technical => "/technical",
        }
    }
}

impl Act {
    fn segment(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Stop => "stop",
            Self::Resume => "resume",
            Self::Cancel => "cancel",
            Self::GoLive => "go-live",
            Self::Sync => "sync",
        }
    }
}

impl fmt::Display for To<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("/partner-center")?;
        let offer = |it: &OfferId| format!("/offers/{}/{}", it.publisher, it.name);
        match self {
            Self::Account => f.write_str("/account"),
            Self::AccountDetails => f.write_str("/account/details"),
            Self::Publishers => f.write_str("/publishers"),
            Self::Members => f.write_str("/members"),
            Self::Member(who) => write!(f, "/members/{who}/remove"),
            Self::Offers => f.write_str("/offers"),
            Self::NewOffer => f.write_str("/new-offer"),
            Self::Leads => f.write_str("/leads"),
            Self::Offer(id, tab) => write!(f, "{}{}", offer(id), tab.segment()),
            Self::Act(id, act) => write!(f, "{}/{}", offer(id), act.segment()),
            Self::Plan(id, plan, tab) => write!(f, "{}/plans/{plan}{}", offer(id), tab.segment()),
            Self::PlanAct(id, plan, act) => {
                write!(f, "{}/plans/{plan}/{}", offer(id), act.segment())
            }
            Self::Manifest(id, plan, version) => {
                write!(f, "{}/plans/{plan}/technical/{version}", offer(id))
            }
            Self::RemoveManifest(id, plan, version) => {
                write!(f, "{}/plans/{plan}/technical/{version}/remove", offer(id))
            }
            Self::Media(digest) => write!(f, "/media/{digest}"),
            Self::Verifications => f.write_str("/verifications"),
            Self::Verification(tenant) => write!(f, "/verifications/{tenant}"),
            Self::Certifications => f.write_str("/certifications"),
            Self::Certification(tenant, id) => write!(f, "/certifications/{tenant}/{id}"),
        }
    }
}
