//! The walk over lines: an answer from a few probes, wherever the lines can say it.
//!
//! It answers as the walk of `judge` does, or not at all. That some grant gives it is final only
//! at the root, since what may stand against it stands further out, too.

use ids::guid::Principal;
use jiff::Timestamp;
use model::question::{Question, Via};

use crate::{
    index::Index,
    line::{Asker, Flags, Line, Mark, OTHER_ROLE, Pair},
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

/// What a list gives.
enum Given {
    Nothing,
    /// That, by the one at this place.
    At(usize),
    /// A role decides that has no bit.
    Unsure,
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
            passed = passed.with(here.flags);
            if found.is_none() {
                match self.given_at(here, asker, class) {
                    Given::Nothing => {}
                    Given::At(pair) => found = Some(Spot { line: at, pair }),
                    Given::Unsure => return Found::Unsure,
                }
            }
            at = here.parent;
        }
        Found::Unsure
    }

    fn given_at(&self, here: &Line, asker: &Asker, class: &Class) -> Given {
        if here.flags.has(Flags::UNSURE) {
            return Given::Unsure;
        }
        if class.is_data && here.home != asker.tenant {
            return Given::Nothing;
        }
        let (inline, rest) = here.parts();
        match self.given_by(inline, asker, class) {
            Given::Nothing if !rest.is_empty() => match self.given_by(rest, asker, class) {
                Given::At(place) => Given::At(inline.len() + place),
                other @ (Given::Nothing | Given::Unsure) => other,
            },
            other @ (Given::Nothing | Given::At(_) | Given::Unsure) => other,
        }
    }

    fn given_by(&self, pairs: &[Pair], asker: &Asker, class: &Class) -> Given {
        for (place, pair) in pairs.iter().enumerate() {
            if pair.tenant != asker.tenant {
                continue;
            }
            let Some(sheet) = self.numbers.sheet(pair.sheet) else { continue };
            let (inline, rest) = sheet.parts();
            let given = match first_given(inline, asker, class) {
                None if !rest.is_empty() => first_given(rest, asker, class),
                given => given,
            };
            match given {
                None => {}
                Some(OTHER_ROLE) => return Given::Unsure,
                Some(_) => return Given::At(place),
            }
        }
        Given::Nothing
    }

    /// What the lines say of a question; none where they cannot be asked.
    fn found(&self, who: Principal, question: &Question) -> Option<Found> {
        let class = if question.via == Via::Any {
            self.catalogue.class(&question.action)?
        } else if question.via == Via::Data {
            self.catalogue.data_class(&question.action)?
        } else {
            return None;
        };
        if self.late.is_some() {
            return None;
        }
        let Some((_, asker)) = self.numbers.asker(who) else { return Some(Found::Nothing) };
        if !asker.is_let_in && self.directory.acting(who).is_none() {
            return Some(Found::Nothing);
        }
        let line = self.numbers.nearest(&question.scope);
        Some(line.map_or(Found::Nothing, |line| self.probe(asker, class, line)))
    }

    /// Whether it is allowed, where the lines can say it.
    pub(crate) fn is_allowed_at_once(&self, who: Principal, question: &Question) -> Option<bool> {
        match self.found(who, question)? {
            Found::Nothing => Some(false),
            Found::Grant(_) => Some(true),
            Found::Unsure => None,
        }
    }

    /// The answer to a question, where the lines can say it.
    pub(crate) fn at_once(
        &self,
        who: Principal,
        question: &Question,
        now: Timestamp,
    ) -> Option<Verdict> {
        match self.found(who, question)? {
            Found::Nothing => Some(Verdict::Refused(Refusal::NoGrant)),
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
        let anchor = self.anchors.at(self.numbers.anchor_at(spot.line)?)?;
        let has_direct = self.numbers.lines.get(spot.line)?.flags.has(Flags::DIRECT);
        let place = if has_direct { spot.pair.checked_sub(1) } else { Some(spot.pair) };
        if let Some(place) = place {
            return anchor.delegations.get(place).map(|it| Source::Delegated(&anchor.scope, it));
        }
        let (subject, asked) = (self.subject(who, now)?, Asked::new(question));
        // Role assignments count for members of the home tenant only, so that is the asker's.
        let offers = self.direct_offers(subject, who.tenant, anchor);
        let mut offers = offers.map(|offer| offer.on_terms(question));
        offers.find(|offer| self.gives(offer, &asked)).map(|offer| offer.source)
    }
}

/// The first role that gives it, or that decides and has no bit.
fn first_given(marks: &[Mark], asker: &Asker, class: &Class) -> Option<u16> {
    let gives = |mark: &&Mark| {
        asker.is(mark.slot) && (mark.role == OTHER_ROLE || class.is_given_by(mark.role))
    };
    marks.iter().find(gives).map(|mark| mark.role)
}

#[cfg(test)]
mod tests;
