//! What has to happen before a role is active: the strictest of what both sides ask for.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use model::{
    activation::{
        Asked, Side,
        policy::{ActivationPolicy, Proof},
    },
    delegation::{Hurdle, JustInTimePolicy, MultiFactor},
};

use crate::refused::Rule;

/// Nothing is activated for less, in minutes: Azure's bound.
pub const MINUTES_MIN: u32 = 5;
/// An activation may begin so much later at most: whoever plans further ahead asks again.
pub const START_AHEAD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demands {
    pub minutes_max: u32,
    pub proofs: BTreeSet<Proof>,
    /// Who has to agree.
    pub sides: BTreeSet<Side>,
}

impl Demands {
    /// What a tenant asks of its own people: its policies around the scope, all of which are of the
    /// role in question.
    pub fn own(policies: &[ActivationPolicy]) -> Self {
        let bounds = policies.iter().filter_map(|it| it.minutes_max);
        let approved = policies.iter().any(|it| !it.approvers.is_empty());
        Self {
            minutes_max: bounds.min().unwrap_or(JustInTimePolicy::MINUTES_MAX),
            proofs: policies.iter().flat_map(|it| it.asks.iter().copied()).collect(),
            sides: approved.then_some(Side::Customer).into_iter().collect(),
        }
    }

    /// What the provider's authorization asks for, and the customer's policies around the scope,
    /// all of which are of the role in question.
    pub fn of(hurdle: &Hurdle, policies: &[ActivationPolicy]) -> Self {
        let bounds = policies.iter().filter_map(|it| it.minutes_max);
        let mut proofs: BTreeSet<Proof> =
            policies.iter().flat_map(|it| it.asks.iter().copied()).collect();
        match hurdle.multi_factor {
            MultiFactor::Azure => {
                proofs.insert(Proof::SecondFactor);
            }
            MultiFactor::None => {}
        }
        let asks = |side: &Side| match side {
            Side::Provider => !hurdle.approvers.is_empty(),
            Side::Customer => policies.iter().any(|it| !it.approvers.is_empty()),
        };
        Self {
            minutes_max: bounds.chain([hurdle.minutes_max]).min().unwrap_or(hurdle.minutes_max),
            proofs,
            sides: Side::ALL.into_iter().filter(asks).collect(),
        }
    }

    /// The longest that it allows.
    pub fn longest(&self) -> SignedDuration {
        SignedDuration::from_mins(self.minutes_max.into())
    }

    /// The rules that a request breaks.
    pub fn broken_by(&self, asked: &Asked) -> Vec<Rule> {
        let is_said = |text: Option<&String>| text.is_some_and(|it| !it.trim().is_empty());
        let ticket = asked.ticket.as_ref().and_then(|it| it.number.as_ref());
        let gives = |proof: Proof| match proof {
            Proof::Justification => is_said(asked.justification.as_ref()),
            Proof::Ticket => is_said(ticket),
            Proof::SecondFactor => asked.second_factor,
        };
        let missing = self.proofs.iter().filter(|proof| !gives(**proof)).map(|it| rule(*it));
        let lengths = SignedDuration::from_mins(MINUTES_MIN.into())..=self.longest();
        let ahead = asked.start.map_or(SignedDuration::ZERO, |it| it.duration_since(asked.on));
        let fits = lengths.contains(&asked.length) && ahead <= START_AHEAD;
        missing.chain((!fits).then_some(Rule::Expiration)).collect()
    }
}

fn rule(proof: Proof) -> Rule {
    match proof {
        Proof::Justification => Rule::Justification,
        Proof::Ticket => Rule::Ticketing,
        Proof::SecondFactor => Rule::Mfa,
    }
}
