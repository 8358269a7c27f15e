//! Publisher accounts, and what they publish. What a file publishes is not certified: it stands as
//! if it had been.

mod accept;
mod names;

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use document::{fault::quoted, place::Position};
use ids::{
    guid::{Principal, TenantId},
    offer::{OfferId, PartnerId, PlanId, Slot},
};
use market::edition::apart;
use model::{
    change::Noun,
    market::{
        MarketNoun,
        account::{self, AccountRole, Agreement, AgreementKind, Verification},
        form::Form,
        media::Media,
        offer::{Distribution, Edition, Offer, OfferState, PlanFacts, PlanManifest, Stage},
        submission::{Outcome, Submission, SubmissionId},
    },
};

use self::names::{Declared, NoFiles};
use crate::{
    declared::{Account, PublishedOffer, Publisher, Tenant},
    names::derived,
    offer::{PictureBytes, resolve},
    resolve::{MAKER, Scene, taken::Taken},
};

/// What customers can accept, and what is given away.
#[derive(Default)]
pub(super) struct Market {
    live: BTreeMap<OfferId, Live>,
    taken: Taken,
    publishers: BTreeSet<String>,
}

/// An offer that stands in the storefront.
struct Live {
    form: Form,
    partner: PartnerId,
}

/// Whose account it is.
#[derive(Clone, Copy)]
struct Seller {
    nth: usize,
    tenant: TenantId,
    partner: Option<PartnerId>,
}

impl Scene<'_, '_> {
    pub(super) fn account(&mut self, nth: usize, declared: &Tenant, market: &mut Market) {
        let (Some(members), Some(it)) = (self.directory.tenant(nth), &declared.account) else {
            return;
        };
        let seller = Seller { nth, tenant: members.id, partner: it.partner };
        let members = self.account_members(it, seller);
        let owner = members.iter().find(|it| it.role == AccountRole::Owner).map(|it| it.principal);
        if let Some(company) = it.company.clone() {
            let account = account::Account {
                tenant: seller.tenant,
                company,
                is_entitled: true,
                agreements: owner.map(|by| self.agreements(by)).unwrap_or_default(),
                partner: it.partner,
                revision: 1,
                created: self.now,
            };
            self.market(it.at, MarketNoun::Account(account));
        }
        if let Some(stage) = it.stage.clone() {
            let (qualifications, at) = (it.qualifications.clone(), self.now);
            let verification = Verification { tenant: seller.tenant, stage, qualifications, at };
            self.market(it.at, MarketNoun::Verification(verification));
        }
        for member in members {
            self.market(it.at, MarketNoun::AccountMember(member));
        }
        for publisher in &it.publishers {
            self.publisher(publisher, seller, market);
        }
    }

    fn market(&mut self, at: Position, noun: MarketNoun) {
        self.declare(at, Noun::Market(noun));
    }

    fn account_members(&mut self, it: &Account, seller: Seller) -> Vec<account::AccountMember> {
        let members = it.members.iter().filter_map(|member| {
            let found = self.directory.find(seller.nth, &member.principal, self.faults)?;
            Some(account::AccountMember { principal: found.principal, role: member.role? })
        });
        members.collect()
    }

    /// Whoever owns an account of a world has agreed for the company.
    fn agreements(&self, by: Principal) -> Vec<Agreement> {
        let kinds = [AgreementKind::Publisher, AgreementKind::PartnerNetwork];
        kinds.map(|kind| Agreement { kind, by, at: self.now }).into()
    }

    fn publisher(&mut self, it: &Publisher, seller: Seller, market: &mut Market) {
        let Some(id) = it.id.clone() else { return };
        if !market.publishers.insert(id.to_string()) {
            self.faults.add(it.at, format!("the publisher `{id}` is declared twice"));
        }
        let publisher = account::Publisher {
            id: id.clone(),
            tenant: seller.tenant,
            display_name: it.display_name.clone(),
            created: self.now,
        };
        self.market(it.at, MarketNoun::Publisher(publisher));
        for offer in &it.offers {
            if offer.offer.publisher.as_ref().is_some_and(|other| *other != id) {
                let message = format!("the offer stands under the publisher `{id}`");
                self.faults.add(offer.at, message);
            }
            let name = offer.offer.name.clone();
            if let Some(name) = name {
                self.offer(offer, OfferId { publisher: id.clone(), name }, seller, market);
            }
        }
    }

    fn offer(
        &mut self,
        declared: &PublishedOffer,
        id: OfferId,
        seller: Seller,
        market: &mut Market,
    ) {
        let (roles, at) = (self.roles, declared.at);
        let names = &mut Declared { directory: &self.directory };
        let scene = resolve::Scene {
            roles,
            files: &NoFiles,
            names,
            faults: self.faults,
            pictures: Vec::new(),
        };
        let resolve::Resolved { form, pictures } = resolve::named(&declared.offer, scene);
        if market.live.contains_key(&id) {
            self.faults.add(at, format!("the offer `{id}` is declared twice"));
        }
        for PictureBytes { picture, bytes } in pictures {
            let (tenant, bytes) = (seller.tenant, BASE64_STANDARD.encode(bytes));
            self.market(at, MarketNoun::Media(Media { tenant, picture, bytes }));
        }
        let offer = self.drafted(&id, form, seller, declared.is_live);
        match (declared.is_live, seller.partner) {
            (false, _) => {}
            (true, None) => {
                let message = format!("`{id}` cannot be live: the account has no `partnerId`");
                self.faults.add(at, message);
            }
            (true, Some(partner)) => {
                self.publish(at, &offer, partner);
                market.live.insert(id, Live { form: offer.form.clone(), partner });
            }
        }
        // The last of its parts: they begin only where there is no offer yet.
        self.market(at, MarketNoun::Offer(offer));
    }

    fn drafted(&self, id: &OfferId, form: Form, seller: Seller, is_live: bool) -> Offer {
        let distribution = if is_live { Distribution::Distributed } else { Distribution::Draft };
        let facts = |name: &str| PlanFacts {
            durable: derived("plan", &[id.publisher.as_str(), id.name.as_str(), name]),
            distribution,
        };
        let plans = form.plans.iter().map(|it| (it.name.clone(), facts(it.name.as_str())));
        Offer {
            id: id.clone(),
            tenant: seller.tenant,
            durable: derived("offer", &[id.publisher.as_str(), id.name.as_str()]),
            plans: plans.collect(),
            form,
            revision: 1,
            state: if is_live { OfferState::Live } else { OfferState::Draft },
            running: None,
            created: self.now,
        }
    }

    /// What a publication leaves: an edition in each slot, its audiences, and every manifest.
    fn publish(&mut self, at: Position, offer: &Offer, partner: PartnerId) {
        let (publisher, name) = (offer.id.publisher.as_str(), offer.id.name.as_str());
        let submission = SubmissionId(derived("submission", &[publisher, name]));
        self.market(at, MarketNoun::Submission(self.submission(submission, offer)));
        for slot in Slot::ALL {
            let stage = Stage::Published(slot);
            let (form, audiences) = apart(offer, stage);
            for audience in audiences {
                self.market(at, MarketNoun::Audience(audience));
            }
            let edition = Edition {
                offer: offer.id.clone(),
                tenant: offer.tenant,
                stage,
                form,
                partner,
                submission,
                stopped: Vec::new(),
                at: self.now,
            };
            self.market(at, MarketNoun::Edition(edition));
        }
        self.manifests(at, offer);
    }

    fn submission(&self, id: SubmissionId, offer: &Offer) -> Submission {
        Submission {
            id,
            offer: offer.id.clone(),
            tenant: offer.tenant,
            target: Slot::Live,
            outcome: Outcome::Succeeded,
            steps: Vec::new(),
            findings: Vec::new(),
            revision: offer.revision,
            by: MAKER.to_owned(),
            created: self.now,
        }
    }

    fn manifests(&mut self, at: Position, offer: &Offer) {
        let mut seen = BTreeSet::new();
        for plan in &offer.form.plans {
            if plan.manifests.is_empty() {
                let message = format!("plan `{}` cannot be live without a manifest", plan.name);
                self.faults.add(at, message);
            }
            for it in &plan.manifests {
                if !seen.insert((&plan.name, it.version)) {
                    let message = format!("plan `{}` has two manifests {}", plan.name, it.version);
                    self.faults.add(at, message);
                }
                let manifest = PlanManifest {
                    plan: PlanId { offer: offer.id.clone(), name: plan.name.clone() },
                    tenant: offer.tenant,
                    version: it.version,
                    manifest: it.manifest.clone(),
                    previewed: self.now,
                    live: Some(self.now),
                };
                self.market(at, MarketNoun::PlanManifest(manifest));
            }
        }
    }
}

/// Whom it is for, in words that say no more than where nothing is.
fn not_there(plan: &impl std::fmt::Display) -> String {
    format!("{} is not live for that subscription in this world", quoted(&plan.to_string()))
}
