//! The walk over lines: an answer from a few probes, wherever the lines can say it.
//!
//! It answers as the walk of `judge` does, or not at all. That some grant gives it is final only
//! at the root, since what may stand against it stands further out, too.

use ids::guid::Principal;
use jiff::Timestamp;
use model::question::{Question, Via};

use crate::{
    index::Index,
    line::{Asker, Flags, OTHER_ROLE, Pair},
    offer::{Asked, Source},
    operation::Class,
    verdict::{Allowed, Refusal, Verdict},
};

/// A walk of more lines is in a ring of management groups, or nearly so.
const STEPS_MAX: usize = 32;

/// What the lines say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    /// A grant, and nothing against it.
    Grant(Spot),
    /// The facts themselves must be asked.
    Unsure,
}

/// Where the innermost grant stands: a line, and which of its pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    line: u32,
    pair: usize,
}

impl Index {
    /// Whether any grant gives it, from the line outward.
    pub(crate) fn probe(&self, asker: &Asker, class: &Class, line: u32) -> Found {
        let mut found = None;
        let mut passed = Flags::default();
        let mut at = line;
        for _ in 0..STEPS_MAX {
            let Some(here) = self.numbers.lines.get(at) else {
                return match found {
                    None => Found::Nothing,
                    Some(_) if passed.has(class.bars) => Found::Unsure,
                    Some(spot) => Found::Grant(spot),
                };
            };
            if here.flags.has(Flags::UNSURE) {
                return Found::Unsure;
            }
            passed = passed.with(here.flags);
            if found.is_none() {
                for (place, pair) in here.pairs().enumerate() {
                    match self.is_given(pair, asker, class) {
                        Some(false) => {}
                        Some(true) => {
                            found = Some(Spot { line: at, pair: place });
                            break;
                        }
                        None => return Found::Unsure,
                    }
                }
            }
            at = here.parent;
        }
        Found::Unsure
    }

    /// Whether the pair gives it; none where a role decides that has no bit.
    fn is_given(&self, pair: Pair, asker: &Asker, class: &Class) -> Option<bool> {
        if pair.tenant != asker.tenant {
            return Some(false);
        }
        let Some(sheet) = self.numbers.sheet(pair.sheet) else { return Some(false) };
        for mark in sheet.marks().filter(|mark| asker.is(mark.slot)) {
            if mark.role == OTHER_ROLE {
                return None;
            }
            if class.is_given_by(mark.role) {
                return Some(true);
            }
        }
        Some(false)
    }

    /// The answer to a question, where the lines can say it.
    pub(crate) fn at_once(
        &self,
        who: Principal,
        question: &Question,
        now: Timestamp,
    ) -> Option<Verdict> {
        if question.via != Via::Any || self.late.is_some() {
            return None;
        }
        let class = self.catalogue.class(&question.action)?;
        let refused = Some(Verdict::Refused(Refusal::NoGrant));
        let Some((_, asker)) = self.numbers.asker(who) else { return refused };
        if !asker.is_let_in && self.directory.acting(who).is_none() {
            return refused;
        }
        let Some(line) = self.numbers.nearest(&question.scope) else { return refused };
        match self.probe(asker, class, line) {
            Found::Nothing => refused,
            Found::Unsure => None,
            Found::Grant(spot) => Some(Verdict::Allowed(Allowed {
                valid_until: None,
                revision: self.revision,
                through: self.source(spot, who, question, now)?.through(),
                passed_locks: Vec::new(),
            })),
        }
    }

    /// The grant that was found.
    fn source(
        &self,
        spot: Spot,
        who: Principal,
        question: &Question,
        now: Timestamp,
    ) -> Option<Source<'_>> {
        let anchor = self.numbers.stands.get(spot.line)?.as_deref()?;
        let has_direct = self.numbers.lines.get(spot.line)?.flags.has(Flags::DIRECT);
        let place = if has_direct { spot.pair.checked_sub(1) } else { Some(spot.pair) };
        if let Some(place) = place {
            return anchor.delegations.get(place).map(|it| Source::Delegated(&it.id));
        }
        let (subject, asked) = (self.subject(who, now)?, Asked::new(question));
        // Role assignments count for members of the home tenant only, so that is the asker's.
        let mut offers = self.direct_offers(subject, who.tenant, anchor);
        offers.find(|offer| self.gives(offer, &asked)).map(|offer| offer.source)
    }
}

#[cfg(test)]
mod tests;
