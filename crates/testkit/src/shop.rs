//! A plan of Fabrikam's as it is published, without the way there.

use ids::{
    guid::{SubscriptionId, TenantId},
    offer::{PlanId, Slot},
};
use model::{
    change::Noun,
    delegation::Authorization,
    market::{
        MarketNoun,
        acceptance::Acceptance,
        account::Publisher,
        form::{AudienceEntry, VersionedManifest, Visibility},
        manifest::Manifest,
        offer::{Audience, Audienced, Edition, PlanManifest, Stage},
    },
    samples::{self, CONTRIBUTOR, PROVIDER, READER, TIER1, authorization, market},
};

/// Fabrikam's account and its one publisher.
pub fn publisher() -> Vec<Noun> {
    let publisher = Publisher {
        id: market::publisher(),
        tenant: PROVIDER,
        display_name: "Fabrikam".to_owned(),
        created: samples::now(),
    };
    vec![
        Noun::Market(MarketNoun::Account(market::account())),
        Noun::Market(MarketNoun::Publisher(publisher)),
    ]
}

/// One plan of Fabrikam's, published.
#[derive(Clone)]
pub struct Shop {
    pub plan: PlanId,
    pub slot: Slot,
    pub visibility: Visibility,
    pub audience: Vec<SubscriptionId>,
    pub versions: Vec<(&'static str, Vec<Authorization>)>,
    pub is_stopped: bool,
}

/// Public; Contributor in its first version.
pub fn shop() -> Shop {
    Shop {
        plan: market::plan_id(),
        slot: Slot::Live,
        visibility: Visibility::Public,
        audience: Vec::new(),
        versions: vec![("1.0.0", vec![authorization(TIER1, CONTRIBUTOR)])],
        is_stopped: false,
    }
}

/// The same with a second version that gives Reader instead.
pub fn two_versions() -> Shop {
    let mut it = shop();
    it.versions.push(("1.1.0", vec![authorization(TIER1, READER)]));
    it
}

impl Shop {
    /// What a publication leaves.
    pub fn nouns(&self) -> Vec<Noun> {
        let stage = Stage::Published(self.slot);
        let mut form = market::form();
        form.plans[0].name = self.plan.name.clone();
        form.plans[0].visibility = self.visibility;
        form.plans[0].audience = Vec::new();
        form.preview_audience = Vec::new();
        let manifest = |it: &[Authorization]| Manifest {
            tenant: PROVIDER,
            authorizations: it.to_vec(),
            eligible: Vec::new(),
        };
        form.plans[0].manifests = self
            .versions
            .iter()
            .map(|(version, it)| VersionedManifest {
                version: market::version(version),
                manifest: manifest(it),
            })
            .collect();
        let stopped = if self.is_stopped { vec![self.plan.name.clone()] } else { Vec::new() };
        let edition =
            Edition { offer: self.plan.offer.clone(), form, stopped, ..market::edition(stage) };
        let of = match self.slot {
            Slot::Preview => Audienced::Preview(self.plan.offer.clone(), stage),
            Slot::Live => Audienced::Plan(self.plan.clone(), stage),
        };
        let entry = |subscription: &SubscriptionId| AudienceEntry {
            subscription: *subscription,
            description: String::new(),
        };
        let entries = self.audience.iter().map(entry).collect();
        let rows = self.versions.iter().map(|(version, it)| {
            Noun::Market(MarketNoun::PlanManifest(PlanManifest {
                plan: self.plan.clone(),
                manifest: manifest(it),
                live: (self.slot == Slot::Live).then(samples::now),
                ..market::plan_manifest(version)
            }))
        });
        let audience = Audience { of, tenant: PROVIDER, entries };
        rows.chain([
            Noun::Market(MarketNoun::Edition(edition)),
            Noun::Market(MarketNoun::Audience(audience)),
        ])
        .collect()
    }

    /// That the tenant agreed to the terms, and accepted that version.
    pub fn agreed(&self, customer: TenantId, version: Option<&str>) -> Noun {
        Noun::Market(MarketNoun::Acceptance(Acceptance {
            customer,
            plan: self.plan.clone(),
            slot: self.slot,
            version: version.map(market::version),
            ..market::acceptance("1.0.0")
        }))
    }
}
