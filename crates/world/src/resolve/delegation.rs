//! What providers are trusted with: judged as a customer's own request would be, so that no file
//! delegates what cannot be delegated.

use delegation::{
    assign::{self, GroupFact},
    define,
    dialect::Dialect,
};
use document::{
    fault::{did_you_mean, quoted},
    place::Word,
};
use ids::{
    guid::{ObjectId, RoleId, TenantId},
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    change::Noun,
    delegation::{
        Approver, Assignment, Authorization, Definition, EligibleAuthorization, JustInTimePolicy,
    },
};

use crate::{
    declared::{self, Delegation, Tenant},
    names::derived,
    resolve::{Scene, access::guid_name, places::Places, taken::Taken},
};

/// The customer whose delegations are being read.
struct Customer<'p> {
    tenant: TenantId,
    places: &'p Places,
    taken: Taken,
}

/// The managing tenant: its place in the file, if it is there.
#[derive(Clone, Copy)]
struct Provider {
    nth: Option<usize>,
    tenant: TenantId,
}

impl Scene<'_, '_> {
    pub(super) fn delegations(&mut self, nth: usize, declared: &Tenant, places: &Places) {
        let Some(members) = self.directory.tenant(nth) else { return };
        let mut customer = Customer { tenant: members.id, places, taken: Taken::default() };
        for delegation in &declared.delegations {
            if let Some(definition) = self.definition(delegation, &mut customer) {
                self.assignments(delegation, &definition, &mut customer);
            }
        }
    }

    fn definition(
        &mut self,
        declared: &Delegation,
        customer: &mut Customer<'_>,
    ) -> Option<Definition> {
        let scope = customer.places.find(customer.tenant, &declared.subscription, self.faults)?;
        let (nth, tenant) = self.directory.tenant_called(&declared.provider, self.faults)?;
        let provider = Provider { nth, tenant };
        let called = declared.name.clone().unwrap_or_default();
        let derive = || derived("delegation", &[&scope.key(), &tenant.to_string(), &called]);
        let name = declared.id.unwrap_or_else(derive);
        customer.taken.id("delegation", name, declared.at, self.faults);
        let request = define::Request {
            id: DefinitionId::at(scope, guid_name(name)?).ok()?,
            managed_by: tenant,
            name: declared.name.clone(),
            description: declared.description.clone(),
            authorizations: self.authorizations(declared, provider),
            eligible: self.eligible(declared, provider),
            accepted: None,
            dialect: Dialect::Eligible,
        };
        let found = self.roles;
        let known = |id: RoleId| Some((id, found.definition(id)?));
        let roles = request.roles().filter_map(known).collect();
        let made = self.system_data();
        let facts = define::Facts { owner: customer.tenant, existing: None, roles, made };
        match define::define(request, facts) {
            Ok(define::Verdict::Create(it) | define::Verdict::Update(it)) => {
                self.declare(declared.at, Noun::Definition(it.clone()));
                Some(it)
            }
            Err(refused) => {
                self.faults.add(declared.at, refused.to_string());
                None
            }
        }
    }

    fn assignments(
        &mut self,
        declared: &Delegation,
        definition: &Definition,
        customer: &mut Customer<'_>,
    ) {
        let scope = declared.subscription.clone();
        let whole = [declared::Assignment { scope, id: None, period: None }];
        let mut others = Vec::new();
        for it in declared.assignments.as_deref().unwrap_or(&whole) {
            let scope = customer.places.find(customer.tenant, &it.scope, self.faults);
            let Some(scope) = scope else { continue };
            let derive = || derived("delegated", &[&scope.key(), &definition.id.key()]);
            let name = it.id.unwrap_or_else(derive);
            customer.taken.id("assignment", name, it.scope.at, self.faults);
            let id = guid_name(name).and_then(|name| AssignmentId::at(scope, name).ok());
            let Some(id) = id else { continue };
            match assigned(id, definition, others.clone(), customer.tenant, self.system_data()) {
                Ok(assignment) => {
                    // What is over stays declared: a file is not wrong because time goes by.
                    let assignment = Assignment { period: it.period, ..assignment };
                    others.push(assignment.clone());
                    self.declare(it.scope.at, Noun::Assignment(assignment));
                }
                Err(refused) => self.faults.add(it.scope.at, refused.to_string()),
            }
        }
    }

    fn authorizations(&mut self, declared: &Delegation, provider: Provider) -> Vec<Authorization> {
        let read = declared.authorizations.iter().filter_map(|it| {
            let (principal, role) = self.granted(&it.principal, &it.role, provider)?;
            let delegated_roles = it.delegated_roles.as_ref().map(|words| {
                words.iter().filter_map(|word| self.built_in(word)).collect::<Vec<_>>()
            });
            let display_name = it.display_name.clone();
            Some(Authorization { principal, role, display_name, delegated_roles })
        });
        read.collect()
    }

    fn eligible(
        &mut self,
        declared: &Delegation,
        provider: Provider,
    ) -> Vec<EligibleAuthorization> {
        let read = declared.eligible.iter().filter_map(|it| {
            let (principal, role) = self.granted(&it.principal, &it.role, provider)?;
            let policy = it.policy.as_ref().map(|policy| self.policy(policy, provider));
            let display_name = it.display_name.clone();
            Some(EligibleAuthorization { principal, role, display_name, policy })
        });
        read.collect()
    }

    fn policy(&mut self, declared: &declared::Policy, provider: Provider) -> JustInTimePolicy {
        let approvers = declared.approvers.iter().filter_map(|it| {
            let principal = self.of_provider(&it.principal, provider)?;
            Some(Approver { principal, display_name: it.display_name.clone() })
        });
        JustInTimePolicy {
            approvers: approvers.collect(),
            multi_factor: declared.multi_factor,
            minutes_max: declared.minutes_max,
        }
    }

    /// Both looked up, so that one fault does not hide the other.
    fn granted(
        &mut self,
        principal: &Word,
        role: &Word,
        provider: Provider,
    ) -> Option<(ObjectId, RoleId)> {
        let (principal, role) = (self.of_provider(principal, provider), self.built_in(role));
        Some((principal?, role?))
    }

    /// Someone of the managing tenant. An object id needs not be known, as in Azure: it grants
    /// nothing to nobody.
    fn of_provider(&mut self, word: &Word, provider: Provider) -> Option<ObjectId> {
        if let Ok(object) = word.it.parse() {
            return Some(object);
        }
        if let Some(nth) = provider.nth {
            return Some(self.directory.find(nth, word, self.faults)?.principal.object);
        }
        if !word.it.is_empty() {
            let message = format!("{} is not an object id", quoted(&word.it));
            let advice = format!("the file does not declare the tenant `{}`", provider.tenant);
            self.faults.advise(word.at, message, Some(advice));
        }
        None
    }

    fn built_in(&mut self, word: &Word) -> Option<RoleId> {
        let found = self.roles.find(&word.it);
        if found.is_none() && !word.it.is_empty() {
            let message = format!("there is no built-in role {}", quoted(&word.it));
            let advice = did_you_mean(&word.it, self.roles.names());
            self.faults.advise(word.at, message, advice);
        }
        found
    }
}

/// The definition at one more scope, if it may hold there.
pub(super) fn assigned(
    id: AssignmentId,
    definition: &Definition,
    others: Vec<Assignment>,
    owner: TenantId,
    made: model::resource::SystemData,
) -> Result<Assignment, assign::Refused> {
    // That the scope is there, the file's places have told.
    let group = match id.scope() {
        Scope::ResourceGroup(..) => GroupFact::Present,
        Scope::Tenant(_)
        | Scope::ManagementGroup(..)
        | Scope::Subscription(_)
        | Scope::Resource(_) => GroupFact::NotAsked,
    };
    let request = assign::Request {
        id,
        definition: definition.id.clone(),
        definition_as_sent: definition.id.to_string(),
        period: None,
        dialect: Dialect::Eligible,
    };
    let definition = Some(definition.clone());
    let facts = assign::Facts {
        owner,
        definition,
        existing: None,
        others,
        group,
        is_diminished: false,
        partner: None,
        made,
    };
    let verdict = assign::assign(request, facts)?;
    let (assign::Verdict::Create(it)
    | assign::Verdict::Keep(it)
    | assign::Verdict::Restore(it)
    | assign::Verdict::Reschedule(it)) = verdict;
    Ok(it)
}
