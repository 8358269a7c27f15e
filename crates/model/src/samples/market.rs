//! Fabrikam's account, its offer with one private plan, and what Contoso accepted of it.

use std::collections::BTreeMap;

use ids::{
    offer::{OfferId, PartnerId, PlanId, PlanName, PlanVersion, PublisherId, Slot},
    version::Version,
};
use uuid::Uuid;

use super::{ADA, CONTRIBUTOR, CUSTOMER, OLOF, PROVIDER, SUBSCRIPTION, TIER1, authorization, now};
use crate::market::{
    MarketNoun,
    acceptance::{Acceptance, TermsAccepted},
    account::{
        Account, AccountMember, AccountRole, Company, Person, Publisher, Qualification,
        QualificationKind, Verification, VerificationStage,
    },
    form::{AudienceEntry, Destination, Form, Listing, Plan, Terms, VersionedManifest, Visibility},
    lead::{Delivery, Lead},
    manifest::Manifest,
    media::{Background, Media, Picture},
    offer::{
        Audience, Audienced, Distribution, Edition, HistoryEntry, Offer, OfferState, PlanFacts,
        PlanManifest, Stage,
    },
    partner::PartnerLink,
    submission::{Outcome, Review, Submission, SubmissionId},
};

pub fn publisher() -> PublisherId {
    "fabrikam".parse().unwrap()
}

pub fn offer_id() -> OfferId {
    OfferId { publisher: publisher(), name: "ops".parse().unwrap() }
}

pub fn plan_name() -> PlanName {
    "core".parse().unwrap()
}

pub fn plan_id() -> PlanId {
    PlanId { offer: offer_id(), name: plan_name() }
}

pub fn version(text: &str) -> Version {
    text.parse().unwrap()
}

pub fn partner() -> PartnerId {
    "6123477".parse().unwrap()
}

/// The live plan in that version.
pub fn plan_version(text: &str) -> PlanVersion {
    PlanVersion { plan: plan_id(), slot: Slot::Live, version: version(text) }
}

/// Contributor for Fabrikam's engineers.
pub fn manifest() -> Manifest {
    Manifest {
        tenant: PROVIDER,
        authorizations: vec![authorization(TIER1, CONTRIBUTOR)],
        eligible: Vec::new(),
    }
}

pub fn picture() -> Picture {
    Picture {
        digest: "0".repeat(64),
        file: "logo.png".to_owned(),
        width: 300,
        height: 300,
        background: Background::Other,
    }
}

fn person() -> Person {
    Person {
        name: "Ada Byron".to_owned(),
        email: "ada@fabrikam.example".to_owned(),
        phone: "+46 8 555 0100".to_owned(),
    }
}

/// A plan for Contoso's subscription alone, in its first version.
pub fn plan() -> Plan {
    Plan {
        name: plan_name(),
        title: "Core".to_owned(),
        summary: "We look after your machines".to_owned(),
        description: "Everything that runs, round the clock.".to_owned(),
        visibility: Visibility::Private,
        audience: vec![AudienceEntry {
            subscription: SUBSCRIPTION,
            description: "Contoso".to_owned(),
        }],
        manifests: vec![VersionedManifest { version: version("1.0.0"), manifest: manifest() }],
    }
}

/// Complete.
pub fn form() -> Form {
    let listing = Listing {
        language: "en-us".to_owned(),
        title: "Fabrikam Ops".to_owned(),
        summary: "A night crew for your estate".to_owned(),
        short_description: "Monitoring and patching by our engineers.".to_owned(),
        description: "<p>Our <b>managed services</b> let you sleep.</p>".to_owned(),
        privacy_policy: "https://fabrikam.example/privacy".to_owned(),
        links: Vec::new(),
        support: person(),
        engineering: person(),
        support_global: None,
        support_government: None,
        logo: Some(picture()),
        medium_logo: None,
        small_logo: None,
        screenshots: Vec::new(),
        videos: Vec::new(),
    };
    Form {
        alias: "ops".to_owned(),
        leads: Destination::HttpsEndpoint {
            url: "https://fabrikam.example/leads".to_owned(),
            sealed: None,
            emails: Vec::new(),
        },
        categories: BTreeMap::from([(
            "it-and-management-tools".to_owned(),
            vec!["management-solutions".to_owned()],
        )]),
        terms: Terms::Url("https://fabrikam.example/terms".to_owned()),
        listing,
        preview_audience: vec![AudienceEntry {
            subscription: SUBSCRIPTION,
            description: String::new(),
        }],
        plans: vec![plan()],
        notes: String::new(),
        tests: Vec::new(),
    }
}

pub fn account() -> Account {
    Account {
        tenant: PROVIDER,
        company: Company {
            legal_name: "Fabrikam B.V.".to_owned(),
            street: "Waalhaven 14".to_owned(),
            city: "Rotterdam".to_owned(),
            postal_code: "3087 BM".to_owned(),
            country: "NL".to_owned(),
            contact: person(),
        },
        is_entitled: true,
        agreements: Vec::new(),
        partner: Some(partner()),
        revision: 1,
        created: now(),
    }
}

/// Authorized, and a Solutions Partner for Infrastructure.
pub fn verification() -> Verification {
    let kind = QualificationKind::Designation("InfrastructureAzure".to_owned());
    Verification {
        tenant: PROVIDER,
        stage: VerificationStage::Authorized,
        qualifications: vec![Qualification { kind, valid_to: None }],
        at: now(),
    }
}

pub fn member(role: AccountRole) -> AccountMember {
    AccountMember { principal: ADA, role }
}

pub fn offer() -> Offer {
    let facts = PlanFacts { durable: Uuid::from_u128(0x9A), distribution: Distribution::Draft };
    Offer {
        id: offer_id(),
        tenant: PROVIDER,
        durable: Uuid::from_u128(0x0F),
        form: form(),
        revision: 1,
        state: OfferState::Draft,
        plans: BTreeMap::from([(plan_name(), facts)]),
        running: None,
        created: now(),
    }
}

pub fn submission_id() -> SubmissionId {
    SubmissionId(Uuid::from_u128(0x50B))
}

pub fn edition(stage: Stage) -> Edition {
    Edition {
        offer: offer_id(),
        tenant: PROVIDER,
        stage,
        form: form(),
        partner: partner(),
        submission: submission_id(),
        stopped: Vec::new(),
        at: now(),
    }
}

pub fn plan_manifest(text: &str) -> PlanManifest {
    PlanManifest {
        plan: plan_id(),
        tenant: PROVIDER,
        version: version(text),
        manifest: manifest(),
        previewed: now(),
        live: Some(now()),
    }
}

/// Contoso's subscription alone.
pub fn audience(stage: Stage) -> Audience {
    let entries = plan().audience;
    Audience { of: Audienced::Plan(plan_id(), stage), tenant: PROVIDER, entries }
}

/// Contoso took the plan in that version.
pub fn acceptance(text: &str) -> Acceptance {
    Acceptance {
        customer: CUSTOMER,
        plan: plan_id(),
        slot: Slot::Live,
        subscription: SUBSCRIPTION,
        version: Some(version(text)),
        terms: TermsAccepted {
            by: OLOF,
            name: "olof@contoso.example".to_owned(),
            at: now(),
            terms: form().terms,
            is_standing: true,
        },
        declined: None,
    }
}

fn published() -> Vec<(&'static str, MarketNoun)> {
    let stage = Stage::Published(Slot::Live);
    vec![
        ("edition", MarketNoun::Edition(edition(stage))),
        ("plan manifest", MarketNoun::PlanManifest(plan_manifest("1.0.0"))),
        ("audience", MarketNoun::Audience(audience(stage))),
        (
            "history entry",
            MarketNoun::HistoryEntry(HistoryEntry {
                id: Uuid::from_u128(0x41),
                offer: offer_id(),
                tenant: PROVIDER,
                at: now(),
                event: "Created offer".to_owned(),
                by: None,
            }),
        ),
        (
            "submission",
            MarketNoun::Submission(Submission {
                id: submission_id(),
                offer: offer_id(),
                tenant: PROVIDER,
                target: Slot::Preview,
                outcome: Outcome::Running,
                steps: Vec::new(),
                findings: Vec::new(),
                revision: 1,
                by: "ada@fabrikam.example".to_owned(),
                created: now(),
            }),
        ),
        (
            "review",
            MarketNoun::Review(Review {
                submission: submission_id(),
                tenant: PROVIDER,
                is_approved: true,
                report: String::new(),
                at: now(),
            }),
        ),
    ]
}

/// One of each noun of the marketplace, with what it is called.
pub fn all() -> Vec<(&'static str, MarketNoun)> {
    let publisher = Publisher {
        id: publisher(),
        tenant: PROVIDER,
        display_name: "Fabrikam".to_owned(),
        created: now(),
    };
    let media = Media { tenant: PROVIDER, picture: picture(), bytes: "AAAA".to_owned() };
    let lead = Lead {
        id: Uuid::from_u128(0x1EAD),
        offer: offer_id(),
        tenant: PROVIDER,
        at: now(),
        offer_title: "Fabrikam Ops".to_owned(),
        source: "AzurePortal-Create".to_owned(),
        action: "Create".to_owned(),
        person: None,
        delivery: Delivery::Pending { attempts: 0 },
    };
    let link = PartnerLink {
        principal: ADA,
        partner: partner(),
        version: 1,
        created: now(),
        updated: now(),
    };
    let own = vec![
        ("account", MarketNoun::Account(account())),
        ("verification", MarketNoun::Verification(verification())),
        ("account member", MarketNoun::AccountMember(member(AccountRole::Developer))),
        ("publisher", MarketNoun::Publisher(publisher)),
        ("offer", MarketNoun::Offer(offer())),
        ("media", MarketNoun::Media(media)),
        ("acceptance", MarketNoun::Acceptance(acceptance("1.0.0"))),
        ("lead", MarketNoun::Lead(lead)),
        ("partner link", MarketNoun::PartnerLink(link)),
    ];
    [own, published()].concat()
}
