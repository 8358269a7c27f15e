//! What counts for a while only: `check` and its kin say what the book says, at the edges of every
//! period, too.

use access::index::Index;
use ids::{
    clock::{Random, TestRandom},
    guid::{ObjectId, Principal, RoleId, SubscriptionId},
    name::Name,
    resource::{ActivationId, AssignmentId, DefinitionId, EligibleAssignmentId},
    scope::Scope,
};
use jiff::{SignedDuration, Timestamp};
use model::{
    action::Action,
    activation::{
        Activation, Approvals, Basis, Eligibility, Side, Sides, State, Waiting,
        eligible::EligibleAssignment, policy::ActivationPolicy,
    },
    change::{Change, Noun},
    delegation::{
        Approver, Assignment, Definition, EligibleAuthorization, JustInTimePolicy, MultiFactor,
    },
    directory::Membership,
    period::{OpenPeriod, Period},
    question::{Eligible, Question, Via},
    samples,
};
use oracle::book::Oracle;
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

use super::{
    everyone, grown, is_the_same_however_made, known,
    length::worlds,
    named, oracle, same, subscriptions,
    world::{self, Draw, TENANTS, World},
};

fn pick<T: Clone>(pool: &[T], n: u8) -> T {
    pool[usize::from(n) % pool.len()].clone()
}

fn guid(n: u8) -> Name {
    Uuid::from_u128(0x900 + u128::from(n)).to_string().parse().unwrap()
}

fn object(n: u8) -> ObjectId {
    samples::object(u128::from(n % 6) + 1)
}

/// Hours from the moment that every world begins at.
fn hours(n: u8) -> Timestamp {
    samples::now() + SignedDuration::from_hours(i64::from(n % 6) - 2)
}

fn role(n: u8) -> RoleId {
    let weighted =
        [samples::CONTRIBUTOR, samples::CONTRIBUTOR, samples::READER, samples::DELETE_ROLE];
    if n < 220 { pick(&weighted, n) } else { pick(&world::roles(), n) }
}

/// Some place in the first subscription, and what lies around it there.
fn place(n: u8) -> Scope {
    pick(&world::scopes()[5..10], n)
}

fn defined([a, b, c, d, e]: [u8; 5]) -> Definition {
    let whole = world::scopes()[5].clone();
    let eligible = |n: u8, by: u8| EligibleAuthorization {
        principal: object(pick(&[3, 3, 3, 4, 5, 0, 1], n)),
        role: role(by),
        display_name: None,
        policy: (by % 3 > 0).then(|| JustInTimePolicy {
            multi_factor: MultiFactor::None,
            minutes_max: 480,
            approvers: (0..by % 3)
                .map(|at| Approver { principal: object(n.wrapping_add(at)), display_name: None })
                .collect(),
        }),
    };
    Definition {
        id: DefinitionId::at(whole, guid(a % 2)).unwrap(),
        managed_by: if b < 20 { TENANTS[0] } else { TENANTS[1] },
        eligible: if b > 235 { vec![] } else { vec![eligible(c, d), eligible(d, e)] },
        authorizations: vec![samples::authorization(samples::principal(TENANTS[1], 5), role(c))],
        ..samples::definition(samples::SUBSCRIPTION)
    }
}

fn assigned([a, b, c, d]: [u8; 4]) -> Assignment {
    let whole = world::scopes()[5].clone();
    let scope = pick(&[whole.clone(), world::scopes()[6].clone(), whole.clone()], b);
    let period = OpenPeriod::new(hours(c), (c < 200).then(|| hours(d)));
    Assignment {
        id: AssignmentId::at(scope.clone(), guid(0x10 + a % 2)).unwrap(),
        definition: DefinitionId::at(whole, guid(a % 2)).unwrap(),
        managed_by: TENANTS[1],
        period: period.filter(|_| d % 3 == 0),
        ..samples::assignment(samples::whole())
    }
}

/// What a tenant lets somebody of its own activate, mostly in the first subscription.
fn entitled([a, b, c, d]: [u8; 4]) -> EligibleAssignment {
    let all = world::scopes();
    let scope = if b < 160 { pick(&all[5..7], b) } else { pick(&all[2..10], b) };
    let tenant = if a < 240 { TENANTS[0] } else { TENANTS[1] };
    let principal = samples::principal(tenant, pick(&[1_u128, 2, 4, 4, 4, 5, 6], c));
    let period = OpenPeriod::new(hours(c), (c < 120).then(|| hours(d)));
    let always = OpenPeriod::new(hours(0), None).unwrap();
    EligibleAssignment {
        id: EligibleAssignmentId::at(scope.clone(), guid(0x30 + a % 3)).unwrap(),
        role: if d < 128 { pick(&world::roles(), d) } else { samples::CONTRIBUTOR },
        period: period.filter(|_| d % 3 == 0).unwrap_or(always),
        removed: (d % 16 == 15).then(samples::now),
        ..samples::eligible_assignment(samples::whole(), principal)
    }
}

/// What of that somebody has activated, or asked to: mostly one of those whom it means.
fn own(of: &EligibleAssignment, [c, d, e, f]: [u8; 4]) -> Activation {
    let by_delegation = activated(&[], [0, 0, c, d, e, f]);
    let within: Vec<Scope> = (0..5).map(place).filter(|it| of.id.scope().contains(it)).collect();
    let scope = if within.is_empty() || f < 16 { place(f) } else { pick(&within, f) };
    let mut eligibility = of.eligibility();
    if f % 16 == 1 {
        eligibility.role = samples::READER;
    }
    let tenant = if f == 7 { TENANTS[1] } else { of.principal.tenant };
    Activation {
        id: ActivationId::at(scope, guid(0x20 + d % 4)).unwrap(),
        who: samples::principal(tenant, u128::from(pick(&[0, 1, 0, 1, e % 6], e)) + 1),
        eligibility,
        ..by_delegation
    }
}

/// Mostly of something that somebody is eligible for.
fn activated(live: &[Noun], [a, b, c, d, e, f]: [u8; 6]) -> Activation {
    let at = |noun: &Noun| match noun {
        Noun::Assignment(it) => Some(it.clone()),
        _ => None,
    };
    let mut all: Vec<Assignment> = live.iter().filter_map(at).collect();
    all.push(assigned([a, b, c, 0]));
    let delegation = if f % 16 == 0 { pick(&all, a) } else { all[0].clone() };
    let definition = live.iter().find_map(|noun| match noun {
        Noun::Definition(it) if it.id == delegation.definition => Some(it.clone()),
        _ => None,
    });
    let mut eligible = definition.map(|it| it.eligible).unwrap_or_default();
    eligible.push(samples::eligible(samples::principal(TENANTS[1], 4), role(b)));
    let of = if f % 8 == 0 { pick(&eligible, b) } else { eligible[0].clone() };
    let (one, other) = (hours(c), hours(d));
    let period = Period::new(one.min(other), one.max(other));
    let period = period.or(Period::new(one, one + SignedDuration::from_hours(1))).unwrap();
    let approvals = Approvals::default();
    let waiting = Waiting { open: Sides::Both, approvals: approvals.clone(), until: hours(c) };
    let state = match e % 16 {
        0..=8 => State::Granted { period, approvals },
        9..=13 => State::Waiting(waiting),
        14 => State::Cancelled { on: one, approvals },
        _ => State::Deactivated { on: one, period, approvals },
    };
    let within: Vec<Scope> =
        (0..5).map(place).filter(|it| delegation.id.scope().contains(it)).collect();
    let scope = if f < 16 { place(f) } else { pick(&within, f) };
    let mut sample = samples::activation(samples::whole());
    sample.asked.on = samples::now() - SignedDuration::from_hours(3);
    Activation {
        id: ActivationId::at(scope, guid(0x20 + d % 4)).unwrap(),
        who: samples::principal(
            if f == 7 { TENANTS[0] } else { TENANTS[1] },
            u128::from(pick(&[0, 1, 0, 1, e % 6], e)) + 1, // who is in the first group, mostly
        ),
        eligibility: Eligibility {
            basis: Basis::Delegation(delegation.id),
            principal: of.principal,
            role: of.role,
        },
        state,
        ..sample
    }
}

fn demanded([a, b, c]: [u8; 3]) -> ActivationPolicy {
    let approver = |n: u8| Approver { principal: object(n), display_name: None };
    let (scope, role) = (pick(&world::scopes()[if a < 220 { 5..7 } else { 2..5 }], a), role(b));
    ActivationPolicy {
        id: ActivationPolicy::id_at(scope, role).unwrap(),
        role,
        approvers: (0..c % 3).map(|n| approver(c.wrapping_add(n))).collect(),
        ..samples::activation_policy(samples::whole())
    }
}

fn same_thing(one: &Noun, other: &Noun) -> bool {
    match (one, other) {
        (Noun::Definition(one), Noun::Definition(other)) => one.id == other.id,
        (Noun::Assignment(one), Noun::Assignment(other)) => one.id == other.id,
        (Noun::Activation(one), Noun::Activation(other)) => one.id == other.id,
        (Noun::ActivationPolicy(one), Noun::ActivationPolicy(other)) => one.id == other.id,
        (Noun::EligibleAssignment(one), Noun::EligibleAssignment(other)) => one.id == other.id,
        _ => false,
    }
}

/// A world in which these things happen last; what is left of them.
pub(crate) fn in_time(draws: &[Draw], last: &[Draw]) -> (World, Vec<Noun>) {
    let mut world = World::of(draws);
    let mut live: Vec<Noun> = Vec::new();
    let first =
        [[16, 0, 90, 0, 90, 1, 2, 3], [20, 0, 0, 0, 0, 0, 0, 0], [8, 0, 1, 3, 130, 0, 0, 0]];
    for [kind, a, b, c, d, e, f, _] in first.iter().chain(last).copied() {
        let noun = match kind % 32 {
            0 | 16 => Noun::Definition(defined([a, b, c, d, e])),
            2 | 20 => Noun::Assignment(assigned([a, b, c, d])),
            4..=5 => Noun::ActivationPolicy(demanded([a, b, c])),
            8 => Noun::EligibleAssignment(entitled([a, b, c, d])),
            6 => Noun::Membership(Membership {
                group: samples::principal(TENANTS[usize::from(a % 2)], 4 + u128::from(b % 3)),
                member: object(c),
            }),
            7 if !live.is_empty() => {
                let noun = live.remove(usize::from(a) % live.len());
                world.changes.push(match noun {
                    Noun::Assignment(it) if b % 2 == 0 => Change::Leave(it),
                    other => Change::Remove(other),
                });
                continue;
            }
            26..=31 => {
                let own_of = |noun: &Noun| match noun {
                    Noun::EligibleAssignment(it) => Some(it.clone()),
                    _ => None,
                };
                let mut all: Vec<EligibleAssignment> = live.iter().filter_map(own_of).collect();
                all.push(entitled([a, b, c, d]));
                let of = if b % 4 == 0 { pick(&all, a) } else { all[0].clone() };
                Noun::Activation(own(&of, [c, d, e, f]))
            }
            _ => Noun::Activation(activated(&live, [a, b, c, d, e, f])),
        };
        live.retain(|other| !same_thing(other, &noun));
        live.push(noun.clone());
        world.changes.push(Change::Put(noun));
    }
    (world, live)
}

/// Never before anything was asked for; mostly at the edge of a period, and a breath beside it.
pub(crate) fn moment(n: u8) -> Timestamp {
    let edge = samples::now() + SignedDuration::from_hours(i64::from(n % 4));
    let beside = SignedDuration::from_nanos(i64::from(n / 4 % 3) - 1);
    (edge + beside).max(samples::now())
}

pub(crate) fn question(live: &[Noun], [how, a, b, c, d, e, ..]: Draw) -> (Principal, Question) {
    let activations = live.iter().filter_map(|noun| match noun {
        Noun::Activation(it) => Some(it.clone()),
        _ => None,
    });
    let activations: Vec<Activation> = activations.collect();
    let act = pick(&["read", "read", "write", "delete"], c);
    let action = Action::named(format!("Microsoft.Storage/storageAccounts/{act}"));
    let anyone = samples::principal(pick(&TENANTS[..2], d), u128::from(b % 6) + 1);
    if activations.is_empty() {
        return (anyone, Question::any(action, place(e)));
    }
    let it = pick(&activations, a);
    let within: Vec<Scope> = (0..5).map(place).filter(|at| it.id.scope().contains(at)).collect();
    let itself = Scope::Resource(it.id.as_resource().clone());
    let ask = |action, via| Question { action, scope: itself.clone(), via };
    let eligible = Eligible { principal: it.eligibility.principal, role: it.eligibility.role };
    match how % 16 {
        0 => (anyone, ask(Action::ACTIVATIONS_WRITE, Via::Activating(eligible))),
        1 => (it.who, ask(Action::ACTIVATIONS_WRITE, Via::Activating(eligible))),
        2 | 3 => (anyone, ask(Action::APPROVALS_WRITE, Via::Approving(pick(&Side::ALL, d)))),
        4 => (it.who, ask(Action::ACTIVATIONS_CANCEL, Via::Requesting)),
        5 => (anyone, Question::any(action, place(e))),
        6 => {
            let giving_back = Scope::Resource(it.eligibility.basis.as_resource().clone());
            let action = Action::ASSIGNMENTS_DELETE;
            (it.who, Question { action, scope: giving_back, via: Via::DeleteRole })
        }
        _ => (it.who, Question::any(action, pick(&within, e))),
    }
}

/// Whether a scope is known by that activation: it is open, and its delegation has not ended it. A
/// tenant's own is kept whatever becomes of what it is from.
fn is_kept(index: &Index, it: &Activation) -> bool {
    let is_open = matches!(it.state, State::Waiting(_) | State::Granted { .. });
    is_open && (matches!(it.eligibility.basis, Basis::Own(_)) || index.bears(&it.id))
}

/// All that the book says of one question at one time.
fn agree(index: &Index, book: &Oracle, who: Principal, asked: &Question, now: Timestamp) {
    let (fast, slow) = (index.check(who, asked, now), book.ask(who, asked));
    assert!(same(&fast, &slow), "{who} {asked:?} {now}\n{fast:?}\n{slow:?}");
    assert_eq!(index.explain(who, asked, now).verdict, fast, "{who} {asked:?}");
    assert_eq!(index.who_can(asked, now), book.who_can(asked), "{asked:?} {now}");
    if asked.via == Via::Any {
        let place = index.place(asked.scope.clone());
        let operation = index.operation(asked.action.clone());
        let may = index.may(&index.who(who), &operation, &place, now);
        assert_eq!(may, fast.is_allowed(), "{who} {asked:?}");
    }
    if let access::verdict::Verdict::Allowed(allowed) = fast {
        let breath = SignedDuration::from_nanos(1);
        let last = allowed.valid_until.map_or(now, |until| until - breath);
        assert!(last >= now, "a yes that is over already: {allowed:?} {now}");
        assert!(index.check(who, asked, last).is_allowed(), "it holds as long as it says");
    }
}

proptest! {
    #![proptest_config(worlds(96))]

    #[test]
    fn what_counts_for_a_while_counts_exactly_then(
        draws in vec(any::<Draw>(), 0..20),
        last in vec(any::<Draw>(), 0..30),
        questions in vec(any::<Draw>(), 24),
    ) {
        let (world, live) = in_time(&draws, &last);
        let (index, book) = (grown(&world), oracle(&world));
        for draw in questions {
            let now = moment(draw[7]);
            let (who, asked) = question(&live, draw);
            agree(&index, &book.at(now), who, &asked, now);
        }
    }

    #[test]
    fn what_and_where_agree_at_the_edges(
        draws in vec(any::<Draw>(), 0..20),
        last in vec(any::<Draw>(), 0..30),
        at in any::<u8>(),
    ) {
        let (world, live) = in_time(&draws, &last);
        let now = moment(at);
        let (index, book) = (grown(&world), oracle(&world).at(now));
        let mut known = known(&world);
        known.extend(live.iter().filter_map(|noun| match noun {
            Noun::Activation(it) => is_kept(&index, it).then(|| it.id.scope().clone()),
            Noun::Assignment(it) => Some(it.id.scope().clone()),
            Noun::ActivationPolicy(it) => Some(it.id.scope().clone()),
            Noun::EligibleAssignment(it) => it.removed.is_none().then(|| it.id.scope().clone()),
            _ => None,
        }));
        let known: Vec<Scope> = known.into_iter().collect();
        for who in everyone() {
            let fast = index.scopes_of(who, &Action::SUBSCRIPTIONS_READ, now);
            let slow = book.outermost(who, &Action::SUBSCRIPTIONS_READ, &known);
            prop_assert_eq!(named(&book, &known, fast), named(&book, &known, slow), "{}", who);
            let mut seen: Vec<SubscriptionId> = subscriptions().collect();
            seen.retain(|id| book.sees(who, *id));
            prop_assert_eq!(index.subscriptions_of(who, now), seen, "{}", who);
            for scope in &world::scopes()[5..10] {
                let fast = index.what_can(who, scope, now);
                let slow = book.what_can(who, scope);
                prop_assert_eq!(fast.len(), slow.len(), "{} {:?}", who, scope);
            }
        }
    }

    #[test]
    fn the_index_rebuilt_is_the_index_grown_with_what_counts_for_a_while(
        draws in vec(any::<Draw>(), 0..20),
        last in vec(any::<Draw>(), 0..30),
    ) {
        is_the_same_however_made(&in_time(&draws, &last).0)?;
    }
}

/// Periods that decide nothing would prove nothing.
#[test]
fn time_and_activations_decide_often_enough() {
    let random = TestRandom::seeded(23);
    let draw = || {
        let mut draw: Draw = [0; 8];
        random.fill(&mut draw);
        draw
    };
    let (mut asked, mut by_activation, mut by_time, mut by_party) = (0_u32, 0_u32, 0_u32, 0_u32);
    let mut by_own = 0_u32;
    for _ in 0..150 {
        let draws: Vec<Draw> = std::iter::repeat_with(draw).take(10).collect();
        let last: Vec<Draw> = std::iter::repeat_with(draw).take(20).collect();
        let (world, live) = in_time(&draws, &last);
        let index = grown(&world);
        for _ in 0..12 {
            let draw = draw();
            let now = moment(draw[7]);
            let (who, question) = question(&live, draw);
            let verdict = index.check(who, &question, now);
            asked += 1;
            if let access::verdict::Verdict::Allowed(it) = &verdict {
                match &it.through {
                    access::verdict::Through::Activation(_) if who.tenant == TENANTS[0] => {
                        by_own += 1;
                    }
                    access::verdict::Through::Activation(_) => by_activation += 1,
                    access::verdict::Through::Party(_)
                    | access::verdict::Through::Eligibility(_) => by_party += 1,
                    _ => {}
                }
            }
            let others = (0..12).map(moment);
            let mut differs = others.map(|at| index.check(who, &question, at).is_allowed());
            by_time += u32::from(differs.any(|other| other != verdict.is_allowed()));
        }
    }
    let all = [by_activation, by_own, by_time, by_party];
    let enough = all.iter().all(|count| count * 50 >= asked);
    assert!(enough, "of {asked}: activation, own, time, party {all:?}");
}
