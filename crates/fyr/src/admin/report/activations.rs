//! What was made of eligible rights, as the report tells it.

use std::collections::BTreeMap;

use activation::standing::Standing;
use ids::guid::{Principal, RoleId};
use model::{
    activation::{Activation, Decision, Side, State, Ticket},
    period::Period,
};
use operations::{
    activation::Shown,
    report::{
        activations::{Activations, Taken, held},
        rights::Right,
    },
};
use wire::{
    access::report::{ActivatedBody, ActivationBody, DecisionBody},
    arm::roles::role_id,
};

/// All of them, in their order; roles are called as among the rights.
pub(super) fn told(activations: Activations, rights: &[Right]) -> Vec<ActivationBody> {
    let called = rights.iter().filter_map(|it| Some((it.role, it.plain.as_deref()?.name.as_str())));
    let roles: BTreeMap<RoleId, &str> = called.collect();
    let Activations { all, names, .. } = activations;
    all.into_iter().map(|it| activation(it, &names, &roles)).collect()
}

/// What was made of one eligible right.
pub(super) fn taken(Taken { count, last, active_until }: Taken) -> ActivatedBody {
    ActivatedBody { count, last, active_until }
}

fn activation(
    Shown { it, standing }: Shown,
    names: &BTreeMap<Principal, String>,
    roles: &BTreeMap<RoleId, &str>,
) -> ActivationBody {
    let (period, decisions) = (held(&it), decisions(&it, names));
    let Activation { id, who, eligibility: of, asked, .. } = it;
    let Ticket { number, system } = asked.ticket.unwrap_or_default();
    ActivationBody {
        role_assignment_schedule_request_id: id.to_string(),
        scope: id.scope().to_string(),
        principal_id: who.object.to_string(),
        name: names.get(&who).cloned(),
        role_definition_id: role_id(of.role, id.scope().subscription()),
        registration_assignment_id: of.basis.to_string(),
        eligible_principal_id: of.principal.to_string(),
        role_name: roles.get(&of.role).map(|it| (*it).to_owned()),
        asked_on: asked.on,
        justification: asked.justification,
        ticket_number: number,
        ticket_system: system,
        second_factor: asked.second_factor,
        state: state(standing).to_owned(),
        from: period.map(Period::from),
        until: period.map(Period::until),
        decisions,
    }
}

fn decisions(it: &Activation, names: &BTreeMap<Principal, String>) -> Vec<DecisionBody> {
    let denial = match &it.state {
        State::Denied { denial, .. } => Some(denial),
        State::Waiting(_)
        | State::Granted { .. }
        | State::Cancelled { .. }
        | State::Deactivated { .. } => None,
    };
    let agreed = it.approvals().all().iter().map(|it| decision(it, true, names));
    agreed.chain(denial.map(|it| decision(it, false, names))).collect()
}

fn decision(it: &Decision, is_approved: bool, names: &BTreeMap<Principal, String>) -> DecisionBody {
    let side = match it.side {
        Side::Provider => "provider",
        Side::Customer => "customer",
    };
    DecisionBody {
        side: side.to_owned(),
        is_approved,
        principal_id: it.by.object.to_string(),
        name: names.get(&it.by).cloned(),
        on: it.on,
        justification: it.justification.clone(),
    }
}

fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::Pending => "pending",
        Standing::TimedOut => "timedOut",
        Standing::Scheduled => "scheduled",
        Standing::Active => "active",
        Standing::Expired => "expired",
        Standing::Denied => "denied",
        Standing::Cancelled => "cancelled",
        Standing::Deactivated => "deactivated",
        Standing::Revoked => "revoked",
    }
}
