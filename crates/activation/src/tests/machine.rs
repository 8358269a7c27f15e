//! No order of requests, decisions, withdrawals, changed policies and time leads to what counts
//! without all that was asked for: held against a reading of the bare list of what was tried.

use model::activation::Approvals;
use proptest::{collection::vec, prelude::*};

use super::*;

mod own;

/// What is tried, whether or not it is let through.
#[derive(Clone, Debug)]
enum Tried {
    Asked {
        start: Option<i64>,
        minutes: i64,
        second_factor: bool,
        justified: bool,
    },
    Decided {
        side: Side,
        by: Principal,
        yes: bool,
    },
    Cancelled,
    Deactivated,
    /// Both sides ask for this from now on.
    Demanded {
        sides: BTreeSet<Side>,
        proofs: BTreeSet<Proof>,
        minutes: u32,
    },
    /// The delegation goes, and comes back at once.
    Revoked,
    Waited {
        minutes: i64,
    },
}

fn tried() -> impl Strategy<Value = Tried> {
    let start = prop_oneof![2 => Just(None), 1 => (-60..600_i64).prop_map(Some)];
    let asked = (start, 1..700_i64, any::<bool>(), any::<bool>()).prop_map(
        |(start, minutes, second_factor, justified)| Tried::Asked {
            start,
            minutes,
            second_factor,
            justified,
        },
    );
    let person = prop_oneof![Just(None), Just(None), Just(Some(ADA)), Just(Some(LEA))];
    let side = || prop_oneof![Just(Side::Provider), Just(Side::Customer)];
    let decided = (side(), person, prop::bool::weighted(0.95)).prop_map(|(side, by, yes)| {
        let its = if side == Side::Provider { LEA } else { OLOF };
        Tried::Decided { side, by: by.unwrap_or(its), yes }
    });
    let proof = prop_oneof![Just(Proof::SecondFactor), Just(Proof::Justification)];
    let demanded =
        (vec(side(), 0..3), vec(proof, 0..2), 5..600_u32).prop_map(|(sides, proofs, minutes)| {
            Tried::Demanded {
                sides: sides.into_iter().collect(),
                proofs: proofs.into_iter().collect(),
                minutes,
            }
        });
    let waited = prop_oneof![3 => 0..90_i64, 1 => 600..2000_i64];
    prop_oneof![
        4 => asked,
        8 => decided,
        1 => Just(Tried::Cancelled),
        1 => Just(Tried::Deactivated),
        2 => demanded,
        1 => Just(Tried::Revoked),
        4 => waited.prop_map(|minutes| Tried::Waited { minutes }),
    ]
}

/// The machine, with what surrounds it.
struct Machine {
    now: Timestamp,
    demands: Demands,
    /// What there is, unless it went with the delegation.
    held: Option<Activation>,
    /// Whether there is something to activate.
    is_eligible: bool,
}

impl Machine {
    fn new() -> Self {
        Self { now: samples::now(), demands: plain(), held: None, is_eligible: true }
    }

    fn step(&mut self, tried: &Tried) {
        let held = self.held.clone();
        match tried {
            Tried::Asked { start, minutes, second_factor, justified } => {
                let wanted = Request {
                    start: start.map(|it| self.now + SignedDuration::from_mins(it)),
                    length: Some(SignedDuration::from_mins(*minutes)),
                    justification: justified.then(|| "why".to_owned()),
                    ..wanted()
                };
                let facts = Facts {
                    others: held.into_iter().collect(),
                    second_factor: *second_factor,
                    now: self.now,
                    ..facts(self.demands.clone())
                };
                let eligibility = facts.eligibility.clone().filter(|_| self.is_eligible);
                let facts = Facts { eligibility, ..facts };
                if let Ok(it) = request(wanted, facts) {
                    self.held = Some(it);
                }
            }
            Tried::Decided { side, by, yes } => {
                let Some(it) = held else { return };
                let facts = decide::Facts {
                    now: self.now,
                    demands: self.is_eligible.then(|| self.demands.clone()),
                    ..deciding(it, self.demands.clone(), *side, *by)
                };
                let decided = if *yes { approve(facts) } else { deny(facts) };
                self.held = decided.ok().or(self.held.take());
            }
            Tried::Cancelled => {
                let cancelled = held.and_then(|it| cancel(it, self.now).ok());
                self.held = cancelled.or(self.held.take());
            }
            Tried::Deactivated => {
                let given_back = held.and_then(|it| deactivate(it, self.now).ok());
                self.held = given_back.or(self.held.take());
            }
            Tried::Demanded { sides, proofs, minutes } => {
                let (sides, proofs) = (sides.clone(), proofs.clone());
                self.demands = Demands { sides, proofs, minutes_max: *minutes };
            }
            Tried::Revoked => self.held = None,
            Tried::Waited { minutes } => self.now += SignedDuration::from_mins(*minutes),
        }
    }

    fn is_active(&self) -> bool {
        let counts = |it: &Activation| Standing::at(it, self.now) == Standing::Active;
        self.is_eligible && self.held.as_ref().is_some_and(counts)
    }
}

/// What was tried, when, and what was asked for then.
type Told = Vec<(Timestamp, Demands, Tried)>;

/// Whether a request meets what is asked for.
fn meets(demands: &Demands, minutes: i64, second_factor: bool, justified: bool) -> bool {
    let given = |proof: &Proof| match proof {
        Proof::SecondFactor => second_factor,
        Proof::Justification => justified,
        Proof::Ticket => false,
    };
    demands.proofs.iter().all(given) && (5..=i64::from(demands.minutes_max)).contains(&minutes)
}

/// Whether, by the list alone, anything may count now: some request, some moment at which all that
/// was asked for then was there, and nothing since that ended it.
fn may_count(told: &Told, now: Timestamp) -> bool {
    told.iter().enumerate().any(|(begin, (on, first, tried))| {
        let Tried::Asked { start, minutes, second_factor, justified } = tried else { return false };
        let rest = &told[begin + 1..];
        let is_gone = rest.iter().any(|(_, _, tried)| matches!(tried, Tried::Revoked));
        if !meets(first, *minutes, *second_factor, *justified) || is_gone {
            return false;
        }
        let grants = |end: usize| {
            let (moment, demands, _) = &told[end];
            let between = &told[begin + 1..=end];
            let agreed = |side: &Side| -> BTreeSet<Principal> {
                let all = between.iter().filter_map(|(_, _, tried)| match tried {
                    Tried::Decided { side: of, by, yes } => (*yes && of == side).then_some(*by),
                    Tried::Asked { .. }
                    | Tried::Cancelled
                    | Tried::Deactivated
                    | Tried::Demanded { .. }
                    | Tried::Revoked
                    | Tried::Waited { .. } => None,
                });
                all.filter(|by| *by != ADA).collect()
            };
            let by: Vec<BTreeSet<Principal>> = demands.sides.iter().map(agreed).collect();
            let four_eyes = match by.as_slice() {
                [one, other] => one.iter().any(|it| other.iter().any(|by| by != it)),
                each => each.iter().all(|it| !it.is_empty()),
            };
            let in_time = demands.sides.is_empty() || *moment < *on + DECISION;
            let begins =
                start.map_or(*moment, |it| (*on + SignedDuration::from_mins(it)).max(*moment));
            let counts = begins <= now && now < begins + SignedDuration::from_mins(*minutes);
            let is_called_off = between.iter().any(|(_, _, it)| matches!(it, Tried::Cancelled))
                || told[end..]
                    .iter()
                    .any(|(when, _, it)| matches!(it, Tried::Cancelled) && *when < begins);
            let is_given_back = told[end + 1..]
                .iter()
                .any(|(when, _, it)| matches!(it, Tried::Deactivated) && *when >= begins);
            let meets = meets(demands, *minutes, *second_factor, *justified);
            four_eyes && in_time && counts && meets && !is_called_off && !is_given_back
        };
        (begin..told.len()).any(grants)
    })
}

fn run(steps: &[Tried]) -> (u32, u32) {
    let mut machine = Machine::new();
    let (mut told, mut active, mut approved): (Told, u32, u32) = (Vec::new(), 0, 0);
    for tried in steps {
        machine.step(tried);
        told.push((machine.now, machine.demands.clone(), tried.clone()));
        if machine.is_active() {
            active += 1;
            let agreed = machine.held.as_ref().map(|it| it.approvals() != &Approvals::default());
            approved += u32::from(agreed == Some(true));
            assert!(may_count(&told, machine.now), "{told:#?}\n{:#?}", machine.held);
        }
    }
    (active, approved)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn no_path_reaches_active_without_what_the_policies_ask_for(steps in vec(tried(), 1..24)) {
        run(&steps);
    }
}

/// A machine that hardly ever counts would prove nothing.
#[test]
fn generated_paths_reach_active_often_enough_and_by_approval_too() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let (mut active, mut approved) = (0, 0);
    for _ in 0..500 {
        let steps = vec(tried(), 24).new_tree(&mut runner).unwrap().current();
        let (counted, by_others) = run(&steps);
        active += u32::from(counted > 0);
        approved += u32::from(by_others > 0);
    }
    assert!(active > 150 && approved > 25, "active {active}, approved {approved} of 500");
}
