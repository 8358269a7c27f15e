//! What an offer file says, read into types, before files are opened and names looked up.

use document::place::{Position, Word};
use ids::{
    offer::{OfferName, PlanName, PublisherId},
    version::Version,
};
use model::market::form::{Expected, Form, Visibility};

#[derive(Debug, Default)]
pub(crate) struct Offer {
    pub(crate) at: Position,
    pub(crate) publisher: Option<PublisherId>,
    pub(crate) name: Option<OfferName>,
    /// What refers to nothing else.
    pub(crate) form: Form,
    pub(crate) pictures: Pictures,
    pub(crate) preview_audience: Audience,
    pub(crate) plans: Vec<Plan>,
    pub(crate) tests: Vec<Test>,
}

/// Pictures, by their paths.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    pub(crate) logos: Logos,
    pub(crate) screenshots: Vec<Screenshot>,
    pub(crate) videos: Vec<Video>,
}

#[derive(Debug, Default)]
pub(crate) struct Logos {
    pub(crate) large: Option<Word>,
    pub(crate) medium: Option<Word>,
    pub(crate) small: Option<Word>,
}

#[derive(Debug)]
pub(crate) struct Screenshot {
    pub(crate) file: Word,
    pub(crate) caption: String,
}

#[derive(Debug)]
pub(crate) struct Video {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) thumbnail: Option<Word>,
}

#[derive(Debug)]
pub(crate) enum Audience {
    List(Vec<AudienceEntry>),
    /// The path of a list.
    File(Word),
}

impl Default for Audience {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

#[derive(Debug)]
pub(crate) struct AudienceEntry {
    pub(crate) subscription: Word,
    pub(crate) description: String,
}

#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) name: Option<PlanName>,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) visibility: Option<Visibility>,
    pub(crate) audience: Audience,
    pub(crate) manifests: Vec<Manifest>,
}

#[derive(Debug)]
pub(crate) struct Manifest {
    pub(crate) version: Option<Version>,
    pub(crate) content: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    Written {
        tenant: Word,
        authorizations: Vec<Authorization>,
        eligible: Vec<Eligible>,
    },
    /// The path of an onboarding template's parameters.
    File(Word),
}

#[derive(Debug)]
pub(crate) struct Authorization {
    pub(crate) principal: Word,
    pub(crate) role: Word,
    pub(crate) display_name: Option<String>,
    pub(crate) assignable_roles: Option<Vec<Word>>,
}

#[derive(Debug)]
pub(crate) struct Eligible {
    pub(crate) principal: Word,
    pub(crate) role: Word,
    pub(crate) display_name: Option<String>,
    pub(crate) policy: Option<Policy>,
}

#[derive(Debug)]
pub(crate) struct Policy {
    pub(crate) is_second_factor_required: bool,
    pub(crate) minutes_max: u32,
    pub(crate) approvers: Vec<Approver>,
}

#[derive(Debug)]
pub(crate) struct Approver {
    pub(crate) principal: Word,
    pub(crate) display_name: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Test {
    pub(crate) plan: Option<PlanName>,
    pub(crate) given: Word,
    pub(crate) when: String,
    pub(crate) expect: Option<Expected>,
}
