//! How roles just in time are told: where, whose, what they ask for, and what has become of them.

use std::collections::BTreeMap;

use activation::{demands::Demands, standing::Standing};
use ids::{
    guid::{ObjectId, Principal, TenantId},
    scope::Scope,
};
use jiff::{SignedDuration, Timestamp};
use model::activation::{Activation, Side, State, policy::Proof};
use operations::activation::{
    Shown,
    called::{self, About},
    eligibility::Eligible,
};

use crate::{
    ask::Ask,
    directory,
    trouble::Trouble,
    words::{Id, Moment, lasting},
};

/// What scopes, tenants and the visitor's own people are called.
pub(in crate::pages) struct Names {
    own: TenantId,
    known: called::Names,
    people: BTreeMap<ObjectId, String>,
}

/// Where something is.
pub(in crate::pages) struct Place {
    pub(in crate::pages) name: String,
    pub(in crate::pages) id: Id,
}

/// Somebody.
pub(in crate::pages) struct Person {
    pub(in crate::pages) name: String,
    pub(in crate::pages) id: Id,
}

impl Names {
    /// The names around all of them, and of those people as far as they are the visitor's own
    /// tenant's and theirs to read.
    pub(in crate::pages) async fn of(
        ask: &Ask,
        about: &[About],
        people: impl IntoIterator<Item = Principal> + Send,
    ) -> Result<Self, Trouble> {
        let own = ask.visitor()?.principal().tenant;
        let known = called::names(ask.plane(), about).await?;
        let ours = people.into_iter().filter(|it| it.tenant == own).map(|it| it.object);
        let ours: Vec<ObjectId> = ours.collect();
        let people =
            if ours.is_empty() { BTreeMap::new() } else { directory::names(ask, ours).await? };
        Ok(Self { own, known, people })
    }

    pub(in crate::pages) fn tenant(&self, id: TenantId) -> String {
        self.known.tenant(id).map_or_else(|| id.to_string(), str::to_owned)
    }

    /// A scope as people say it.
    pub(in crate::pages) fn place(&self, scope: &Scope) -> Place {
        let subscription = scope
            .subscription()
            .map(|id| self.known.subscription(id).map_or_else(|| id.to_string(), str::to_owned));
        let within = subscription.unwrap_or_default();
        let name = match scope {
            Scope::Subscription(_) => within,
            Scope::ResourceGroup(_, name) => format!("{name} in {within}"),
            Scope::Resource(id) => format!("{} in {within}", id.name()),
            Scope::ManagementGroup(_, name) => format!("management group {name}"),
            Scope::Tenant(_) => "the whole directory".to_owned(),
        };
        Place { name, id: Id { short: "Scope".to_owned(), whole: scope.to_string() } }
    }

    /// By their name, for the visitor's own tenant's people; of others only whose they are.
    pub(in crate::pages) fn person(&self, who: Principal) -> Person {
        let name = self.people.get(&who.object).filter(|_| who.tenant == self.own);
        let name =
            name.cloned().unwrap_or_else(|| format!("Somebody of {}", self.tenant(who.tenant)));
        Person { name, id: Id::new(who.object) }
    }
}

/// What has to come before, or with it, in words.
pub(super) fn asks(names: &Names, about: &About, demands: &Demands) -> Vec<String> {
    let by = |side: &Side| {
        let tenant = match side {
            Side::Provider => Some(about.provider()),
            Side::Customer => about.customer(),
        };
        let whose = tenant.map_or_else(|| "the customer".to_owned(), |it| names.tenant(it));
        format!("Approval by {whose}")
    };
    let proofs = demands.proofs.iter().map(|it| proof(*it).to_owned());
    demands.sides.iter().map(by).chain(proofs).collect()
}

/// Something that comes along with a request.
pub(in crate::pages) fn proof(it: Proof) -> &'static str {
    match it {
        Proof::Justification => "A justification",
        Proof::Ticket => "A ticket",
        Proof::SecondFactor => "A second factor",
    }
}

/// How it is drawn, and said.
pub(in crate::pages) fn standing(it: Standing) -> (&'static str, &'static str) {
    match it {
        Standing::Pending => ("wait", "Waits for approval"),
        Standing::TimedOut => ("", "Nobody decided in time"),
        Standing::Scheduled => ("wait", "Scheduled"),
        Standing::Active => ("good", "Active"),
        Standing::Expired => ("", "Expired"),
        Standing::Denied => ("bad", "Denied"),
        Standing::Cancelled => ("", "Cancelled"),
        Standing::Deactivated => ("", "Deactivated"),
        Standing::Revoked => ("bad", "Revoked"),
    }
}

/// From when on it counts or counted, and until when; nothing where it never did.
pub(in crate::pages) fn period(it: &Activation) -> Option<(Timestamp, Timestamp)> {
    match &it.state {
        State::Granted { period, .. } => Some((period.from(), period.until())),
        State::Deactivated { on, period, .. } => Some((period.from(), *on)),
        State::Waiting(_) | State::Denied { .. } | State::Cancelled { .. } => None,
    }
}

/// When something stops by itself: what is active at its end, what waits with the time to decide.
pub(super) fn ends(shown: &Shown) -> Option<Timestamp> {
    match &shown.it.state {
        State::Waiting(waiting) => Some(waiting.until),
        State::Granted { period, .. } => Some(period.until()),
        State::Denied { .. } | State::Cancelled { .. } | State::Deactivated { .. } => None,
    }
}

/// So long was asked for.
pub(super) fn asked_length(it: &Activation) -> String {
    lasting(it.asked.length)
}

/// So long it may be at most.
pub(super) fn longest(it: &Eligible) -> String {
    lasting(it.demands.longest())
}

/// A request as it is told wherever it is.
pub(super) struct Facts {
    pub(super) role: String,
    pub(super) who: Person,
    pub(super) place: Place,
    pub(super) customer: String,
    pub(super) kind: &'static str,
    pub(super) state: &'static str,
    pub(super) asked: Moment,
    pub(super) length: String,
    /// Not before then.
    pub(super) start: Option<Moment>,
    pub(super) period: Option<(Moment, Moment)>,
    /// Until when somebody has to decide.
    pub(super) decide: Option<Moment>,
    pub(super) justification: String,
    pub(super) ticket: String,
    pub(super) has_factor: bool,
}

impl Facts {
    pub(super) fn of(names: &Names, shown: &Shown, now: Timestamp) -> Self {
        let it = &shown.it;
        let at = |when: Timestamp| Moment::new(when, now);
        let (kind, state) = standing(shown.standing);
        let ticket = it.asked.ticket.clone().unwrap_or_default();
        let ticket = [ticket.system, ticket.number].into_iter().flatten().collect::<Vec<_>>();
        let decide = match &it.state {
            State::Waiting(waiting) if shown.standing == Standing::Pending => Some(waiting.until),
            State::Waiting(_)
            | State::Granted { .. }
            | State::Denied { .. }
            | State::Cancelled { .. }
            | State::Deactivated { .. } => None,
        };
        Self {
            role: crate::permissions::role_name(it.eligibility.role),
            who: names.person(it.who),
            place: names.place(it.id.scope()),
            customer: names.tenant(it.customer),
            kind,
            state,
            asked: at(it.asked.on),
            length: asked_length(it),
            start: it.asked.start.map(at),
            period: period(it).map(|(from, until)| (at(from), at(until))),
            decide: decide.map(at),
            justification: it.asked.justification.clone().unwrap_or_default(),
            ticket: ticket.join(" "),
            has_factor: it.asked.second_factor,
        }
    }
}

/// As much as a select offers: half hours up to the longest, and the longest itself.
pub(in crate::pages) fn lengths(minutes_max: u32) -> Vec<(u32, String)> {
    const STEP: u32 = 30;
    let steps = (STEP..=minutes_max).step_by(STEP as usize);
    let last = (!minutes_max.is_multiple_of(STEP)).then_some(minutes_max);
    let words = |it: u32| (it, lasting(SignedDuration::from_mins(it.into())));
    steps.chain(last).map(words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_half_hours_and_the_longest() {
        let offered = |longest| lengths(longest).into_iter().map(|it| it.0).collect::<Vec<_>>();
        assert_eq!(offered(5), [5]);
        assert_eq!(offered(30), [30]);
        assert_eq!(offered(100), [30, 60, 90, 100]);
        assert_eq!(lengths(90).last().unwrap().1, "1 hour 30 minutes");
    }
}
