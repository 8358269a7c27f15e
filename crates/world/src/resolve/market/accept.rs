//! What customers accepted, and delegated with it.

use std::collections::BTreeMap;

use delegation::{acceptance::definition_id, define, dialect::Dialect};
use document::place::Word;
use ids::{
    guid::{RoleId, SubscriptionId, TenantId},
    offer::{MarketplaceIdentifier, PartnerId, PlanVersion, Slot},
    resource::AssignmentId,
    scope::Scope,
};
use model::{
    change::Noun,
    delegation::{Accepted, Assignment, Definition},
    market::{
        MarketNoun,
        acceptance::{Acceptance, TermsAccepted},
        form::{Form, Plan, Terms, Visibility},
        manifest::Manifest,
    },
};

use super::{Market, not_there};
use crate::{
    declared::{self, Tenant},
    names::derived,
    resolve::{Scene, access::guid_name, delegation::assigned, places::Places},
};

/// What is accepted, as it is published.
struct Bargain<'m> {
    customer: TenantId,
    plan: PlanVersion,
    form: &'m Form,
    published: &'m Plan,
    manifest: &'m Manifest,
    partner: PartnerId,
}

impl Scene<'_, '_> {
    pub(in crate::resolve) fn acceptances(
        &mut self,
        nth: usize,
        declared: &Tenant,
        places: &Places,
        market: &mut Market,
    ) {
        let Some(members) = self.directory.tenant(nth) else { return };
        let customer = members.id;
        for it in &declared.acceptances {
            let Some(MarketplaceIdentifier::Version(plan)) = it.plan.clone() else {
                self.without_version(it);
                continue;
            };
            let key = Word { at: it.at, it: plan.plan.to_string() };
            let is_new = market.taken.name("acceptance", customer, &key, self.faults);
            match bargain(market, customer, plan.clone()) {
                Some(bargain) if is_new => self.accepted(nth, it, places, &bargain),
                Some(_) => {}
                None => self.faults.add(it.at, not_there(&plan)),
            }
        }
    }

    fn without_version(&mut self, it: &declared::Acceptance) {
        if it.plan.is_some() {
            let advice = "it reads publisher.offer.plan.version".to_owned();
            self.faults.advise(it.at, "a version of a plan is accepted", Some(advice));
        }
    }

    fn accepted(
        &mut self,
        nth: usize,
        it: &declared::Acceptance,
        places: &Places,
        bargain: &Bargain<'_>,
    ) {
        let by = self.directory.find(nth, &it.by, self.faults);
        let mut scopes: BTreeMap<SubscriptionId, Vec<(Word, Scope)>> = BTreeMap::new();
        let first = places.find(bargain.customer, &it.subscription, self.faults);
        let Some(subscription) = first.and_then(|scope| scope.subscription()) else { return };
        scopes.insert(subscription, Vec::new());
        for word in &it.scopes {
            let Some(scope) = places.find(bargain.customer, word, self.faults) else { continue };
            if let Some(subscription) = scope.subscription() {
                scopes.entry(subscription).or_default().push((word.clone(), scope));
            }
        }
        let Some(by) = by else { return };
        let terms: Terms = bargain.form.terms.clone();
        let acceptance = Acceptance {
            customer: bargain.customer,
            plan: bargain.plan.plan.clone(),
            slot: bargain.plan.slot,
            subscription,
            version: Some(bargain.plan.version),
            terms: TermsAccepted {
                by: by.principal,
                name: it.by.it.clone(),
                at: self.now,
                terms,
                is_standing: true,
            },
            declined: it.declined,
        };
        self.declare(it.at, Noun::Market(MarketNoun::Acceptance(acceptance)));
        for (subscription, scopes) in scopes {
            self.delegated(it, subscription, &scopes, bargain);
        }
    }

    /// One subscription's definition, and where it holds: nowhere, if the plan is only accepted.
    fn delegated(
        &mut self,
        it: &declared::Acceptance,
        subscription: SubscriptionId,
        scopes: &[(Word, Scope)],
        bargain: &Bargain<'_>,
    ) {
        if !bargain.is_for(subscription) {
            return self.faults.add(it.at, not_there(&bargain.plan));
        }
        let Some(definition) = self.of_bargain(it, subscription, bargain) else { return };
        self.declare(it.at, Noun::Definition(definition.clone()));
        let mut others: Vec<Assignment> = Vec::new();
        for (word, scope) in scopes {
            let name = derived("delegated", &[&scope.key(), &definition.id.key()]);
            let id = guid_name(name).and_then(|name| AssignmentId::at(scope.clone(), name).ok());
            let Some(id) = id else { continue };
            let made = self.system_data();
            match assigned(id, &definition, others.clone(), bargain.customer, made) {
                Ok(assignment) => {
                    let assignment = Assignment { partner: Some(bargain.partner), ..assignment };
                    others.push(assignment.clone());
                    self.declare(word.at, Noun::Assignment(assignment));
                }
                Err(refused) => self.faults.add(word.at, refused.to_string()),
            }
        }
    }

    fn of_bargain(
        &mut self,
        it: &declared::Acceptance,
        subscription: SubscriptionId,
        bargain: &Bargain<'_>,
    ) -> Option<Definition> {
        let Bargain { customer, plan, form, published, manifest, .. } = bargain;
        let request = define::Request {
            id: definition_id(subscription, &plan.plan, plan.slot)?,
            managed_by: manifest.tenant,
            name: Some(form.listing.title.clone()),
            description: Some(published.summary.clone()),
            authorizations: manifest.authorizations.clone(),
            eligible: manifest.eligible.clone(),
            accepted: Some(Accepted { customer: *customer, plan: plan.clone() }),
            dialect: Dialect::Eligible,
        };
        let found = self.roles;
        let known = |id: RoleId| Some((id, found.definition(id)?));
        let roles = request.roles().filter_map(known).collect();
        let made = self.system_data();
        let facts = define::Facts { owner: *customer, existing: None, roles, made };
        match define::define(request, facts) {
            Ok(define::Verdict::Create(made) | define::Verdict::Update(made)) => Some(made),
            Err(refused) => {
                self.faults.add(it.at, refused.to_string());
                None
            }
        }
    }
}

fn bargain(market: &Market, customer: TenantId, plan: PlanVersion) -> Option<Bargain<'_>> {
    let live = market.live.get(&plan.plan.offer).filter(|_| plan.slot == Slot::Live)?;
    let published = live.form.plan(&plan.plan.name)?;
    let manifest = published.manifests.iter().find(|it| it.version == plan.version)?;
    let (form, partner) = (&live.form, live.partner);
    Some(Bargain { customer, plan, form, published, manifest: &manifest.manifest, partner })
}

impl Bargain<'_> {
    /// Whether whoever has the subscription can find the plan.
    fn is_for(&self, subscription: SubscriptionId) -> bool {
        match self.published.visibility {
            Visibility::Public => true,
            Visibility::Private => {
                self.published.audience.iter().any(|it| it.subscription == subscription)
            }
        }
    }
}
