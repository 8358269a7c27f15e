//! Where something names somebody: what lists of somebody's own begin with.
//!
//! Nothing here is judged but where it says so: it finds candidates, and never looks at what names
//! others.

use std::{collections::BTreeSet, iter};

use ids::{
    guid::{Principal, SubscriptionId, TenantId},
    scope::Scope,
};
use jiff::Timestamp;

use crate::{index::Index, offer::Subject, postings::Posting};

/// Whom something may name to mean the one who asks: slots of a tenant.
struct Names {
    tenant: u32,
    slots: Vec<u16>,
}

impl Index {
    /// The subscriptions that the principal sees in a list; sorted. Starts from what names the
    /// principal, and never looks at what does not.
    pub fn subscriptions_of(&self, who: Principal, now: Timestamp) -> Vec<SubscriptionId> {
        let all: BTreeSet<SubscriptionId> = self.candidates(who, now).into_iter().collect();
        all.into_iter().filter(|id| self.can_see(who, *id, now)).collect()
    }

    /// The subscriptions of which [`Self::subscriptions_of`] are some: in no order, one maybe
    /// several times, and none judged. For whoever wants a few of very many, and asks of each
    /// whether it may be seen.
    pub fn candidates(&self, who: Principal, now: Timestamp) -> Vec<SubscriptionId> {
        let Some(subject) = self.subject(who, now) else { return Vec::new() };
        let mut found = Vec::new();
        for it in self.postings_of(subject) {
            match it.subscription {
                Some(id) => found.push(id),
                None => found.extend(self.subscriptions_below(it)),
            }
        }
        found
    }

    /// The first of a tenant's subscriptions in which something names the principal, in order, from
    /// behind one of them on: those of [`Self::candidates`] that are at home there, none judged.
    /// What names the principal elsewhere costs nothing, however much it is.
    pub fn candidates_in(
        &self,
        home: TenantId,
        who: Principal,
        after: Option<SubscriptionId>,
        limit: usize,
        now: Timestamp,
    ) -> Vec<SubscriptionId> {
        let number = self.numbers.line_of(&Scope::Tenant(home));
        let names = self.subject(who, now).and_then(|subject| self.names(subject));
        let Some((number, names)) = number.zip(names) else { return Vec::new() };
        let postings = &self.numbers.postings;
        let is_named = |sheet| self.numbers.is_named_by(sheet, &names.slots);
        let sheets = postings.sheets_in(number, names.tenant, &names.slots, is_named);
        let next = |after| postings.next_in(number, &sheets, after);
        let within = iter::successors(next(after), |last| next(Some(*last))).take(limit);
        // What is given to somebody at home around subscriptions names them in all of those.
        let around = sheets.iter().flat_map(|sheet| postings.around(number, *sheet));
        let below = around.flat_map(|it| self.subscriptions_below(it));
        let below = below.filter(|id| after.is_none_or(|after| *id > after));
        let all: BTreeSet<SubscriptionId> = within.chain(below).collect();
        all.into_iter().take(limit).collect()
    }

    /// The scopes where something names the principal or a group of theirs; sorted.
    pub(crate) fn posted(&self, subject: Subject<'_>) -> Vec<Scope> {
        let scopes = self.postings_of(subject).into_iter().filter_map(|it| self.place_of(it));
        scopes.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn postings_of(&self, subject: Subject<'_>) -> Vec<Posting> {
        let Some(Names { tenant, slots }) = self.names(subject) else { return Vec::new() };
        self.numbers.postings.all(tenant, &slots).collect()
    }

    /// None where nothing can name anyone of that tenant.
    fn names(&self, subject: Subject<'_>) -> Option<Names> {
        let tenant = self.numbers.line_of(&Scope::Tenant(subject.who.tenant))?;
        let slots = subject.names().filter_map(|name| self.numbers.slot(name)).collect();
        Some(Names { tenant, slots })
    }

    fn place_of(&self, it: Posting) -> Option<Scope> {
        let anchor = self.anchors.at(self.numbers.anchor_at(it.line)?)?;
        Some(anchor.scope.clone())
    }

    fn subscriptions_below(&self, it: Posting) -> impl Iterator<Item = SubscriptionId> + use<> {
        let below = self.place_of(it).map(|scope| self.tree.below(&scope));
        below.into_iter().flatten().filter_map(|scope| scope.subscription())
    }
}

#[cfg(test)]
mod tests {
    use ids::clock::Revision;
    use model::{
        change::{Change, Noun},
        samples::{self, ADA, PROVIDER, TIER1},
    };
    use uuid::Uuid;

    use super::*;
    use crate::{catalogue::Catalogue, ordered::probed};

    fn customer(n: u128) -> TenantId {
        TenantId::new(Uuid::from_u128(0x1000 + n))
    }

    fn subscription(n: u128) -> SubscriptionId {
        SubscriptionId::new(Uuid::from_u128(0x10_0000 + n))
    }

    /// Fifty customers, whose subscriptions lie far apart among those of others.
    fn delegated(count: u128) -> Index {
        let people = [
            Noun::User(samples::user(ADA, "ada")),
            Noun::Group(samples::group(TIER1, "tier1")),
            Noun::Membership(samples::membership(TIER1, ADA)),
        ];
        let one = |n: u128| {
            let id = subscription(n);
            [
                Noun::Subscription(samples::subscription(id, customer(n % 50))),
                Noun::Definition(samples::definition(id)),
                Noun::Assignment(samples::assignment(Scope::Subscription(id))),
            ]
        };
        let all = people.into_iter().chain((0..count).flat_map(one));
        let changes: Vec<Change> = all.map(Change::Put).collect();
        Index::new(Catalogue::builtin()).after(&changes, Revision(1))
    }

    #[test]
    fn what_somebody_has_of_one_customer_is_found_without_looking_at_what_others_gave() {
        let costs = |count: u128| {
            let index = delegated(count);
            probed(|| {
                let after = Some(subscription(7));
                let found = index.candidates_in(customer(7), ADA, after, 1, samples::now());
                assert_eq!(found, [subscription(57)]);
            })
        };
        let (few, many) = (costs(100), costs(10_000));
        assert_eq!(few.places, many.places);
        assert!(many.keys <= 2 * few.keys, "{few:?}, {many:?}");
        assert!(many.keys < 200, "{many:?}");
    }

    #[test]
    fn where_a_grantee_has_no_slot_everyone_of_the_tenant_is_a_candidate() {
        let mut index = delegated(3);
        let slots = u128::from(u16::MAX);
        for n in 0..=slots {
            index.numbers.enlist(samples::principal(PROVIDER, 0x10_0000 + n));
        }
        let late = samples::principal(PROVIDER, 0x99);
        let scope = Scope::Subscription(subscription(1));
        let changes = [
            Noun::User(samples::user(late, "late")),
            Noun::Definition(model::delegation::Definition {
                authorizations: vec![samples::authorization(late, samples::CONTRIBUTOR)],
                ..samples::definition(subscription(1))
            }),
        ];
        let index = index.after(&changes.map(Change::Put), Revision(2));
        assert_eq!(index.numbers.slot(late), None);
        assert_eq!(index.subscriptions_of(late, samples::now()), [subscription(1)]);
        let subject = index.subject(late, samples::now()).unwrap();
        assert_eq!(index.posted(subject), [scope]);
        let found = index.candidates_in(customer(1), late, None, 9, samples::now());
        assert_eq!(found, [subscription(1)]);
        let gone = Noun::Assignment(samples::assignment(Scope::Subscription(subscription(1))));
        let index = index.after(&[Change::Remove(gone)], Revision(3));
        assert!(index.candidates(late, samples::now()).is_empty());
    }
}
