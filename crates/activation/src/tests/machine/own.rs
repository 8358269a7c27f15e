//! The same machine where a tenant lets its own people activate something: what makes them eligible
//! is given, moved, ended and given again in between. Its period is held against a reading in plain
//! minutes; what is active, against the bare list, in which nothing is asked for while nobody is
//! eligible.

use model::activation::eligible::{EligibleAssignment, StepKind};

use super::{super::eligible as kit, *};
use crate::eligible::{End, Request as Wish, decide as entitle};

#[derive(Clone, Debug)]
enum Step {
    Of(Tried),
    /// Asked for by an administrator, in minutes from then on.
    Entitled {
        kind: StepKind,
        start: Option<i64>,
        end: Option<i64>,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let kinds = [StepKind::Update, StepKind::Extend, StepKind::Renew, StepKind::Remove];
    let kind = prop_oneof![
        6 => Just(StepKind::Assign),
        4 => (0..4_usize).prop_map(move |n| kinds[n]),
        1 => Just(StepKind::Cancel),
    ];
    let start = prop_oneof![3 => Just(None), 1 => (-60..120_i64).prop_map(Some)];
    let end = prop_oneof![
        1 => Just(None),
        2 => (-10..900_i64).prop_map(Some),
        2 => (1..90_i64).prop_map(Some),
    ];
    let entitled =
        (kind, start, end).prop_map(|(kind, start, end)| Step::Entitled { kind, start, end });
    prop_oneof![4 => tried().prop_map(Step::Of), 1 => entitled]
}

/// What somebody reads who keeps a note of two numbers: from when on, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Note {
    from: i64,
    until: Option<i64>,
}

impl Note {
    fn is_over(self, now: i64) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    fn counts(self, now: i64) -> bool {
        self.from <= now && !self.is_over(now)
    }
}

/// The note after a request, and whether the request was let through.
fn noted(note: Option<Note>, step: (StepKind, Option<i64>, Option<i64>), now: i64) -> Option<Note> {
    let (kind, start, end) = step;
    let wanted = start.map(|it| now + it);
    let start = wanted.filter(|it| *it > now);
    let moved = |it: Note| match wanted {
        Some(start) if start > now => start,
        Some(_) if it.from > now => now, // at once, then
        Some(_) | None => it.from,
    };
    let until = end.map(|it| now + it);
    let valid =
        |it: Note| it.until.is_none_or(|until| until > it.from && until > now).then_some(it);
    match (kind, note) {
        (StepKind::Assign, Some(it)) if !it.is_over(now) => None,
        (StepKind::Assign, _) => valid(Note { from: start.unwrap_or(now), until }),
        (StepKind::Renew, Some(it)) if it.is_over(now) => {
            valid(Note { from: start.unwrap_or(now), until })
        }
        (StepKind::Update, Some(it)) if !it.is_over(now) => valid(Note { from: moved(it), until }),
        (StepKind::Extend, Some(it)) if !it.is_over(now) => {
            let later = it.until.is_some_and(|old| until.is_none_or(|new| new > old));
            valid(Note { from: moved(it), until }).filter(|_| later)
        }
        (
            StepKind::Update
            | StepKind::Extend
            | StepKind::Renew
            | StepKind::Remove
            | StepKind::Cancel,
            _,
        ) => None,
    }
}

struct Whole {
    machine: Machine,
    here: Vec<EligibleAssignment>,
    note: Option<Note>,
    told: Told,
    /// How many requests of administrators there were.
    asked: u128,
}

fn minutes(now: Timestamp) -> i64 {
    now.duration_since(samples::now()).as_mins()
}

impl Whole {
    fn take(&mut self, step: &Step) {
        match step {
            Step::Of(tried) => {
                self.machine.is_eligible = self.is_eligible();
                self.machine.step(tried);
                self.tell(tried.clone());
            }
            Step::Entitled { kind, start, end } => self.entitled((*kind, *start, *end)),
        }
        self.machine.is_eligible = self.is_eligible();
    }

    /// Nothing that is asked for without being eligible meets what is asked for.
    fn tell(&mut self, tried: Tried) {
        let mut demands = self.machine.demands.clone();
        let counts = self.note.is_some_and(|it| it.counts(minutes(self.machine.now)));
        if !counts {
            demands.proofs.insert(Proof::Ticket);
        }
        self.told.push((self.machine.now, demands, tried));
    }

    fn entitled(&mut self, (kind, start, end): (StepKind, Option<i64>, Option<i64>)) {
        let now = self.machine.now;
        let later = |it: i64| now + SignedDuration::from_mins(it);
        let wish = Wish {
            start: start.map(later),
            end: end.map_or(End::Never, |it| End::At(later(it))),
            ..kit::request(self.asked, kind)
        };
        self.asked += 1;
        let decided = entitle(&wish, &kit::facts(self.here.clone(), now));
        let (before, time) = (self.note, minutes(now));
        let is_gone = match kind {
            StepKind::Remove => before.is_some(),
            StepKind::Cancel => before.is_some_and(|it| it.from > time),
            StepKind::Assign | StepKind::Update | StepKind::Extend | StepKind::Renew => false,
        };
        let after = noted(before, (kind, start, end), time);
        assert_eq!(decided.is_ok(), is_gone || after.is_some(), "{wish:?} {before:?} {decided:?}");
        let Ok(decided) = decided else { return };
        self.here.retain(|it| it.id != decided.id);
        self.here.push(decided);
        self.note = after;
        // What was activated of another one counts no more.
        if is_gone || kind == StepKind::Assign {
            self.machine.step(&Tried::Revoked);
            self.tell(Tried::Revoked);
        }
    }

    fn is_eligible(&self) -> bool {
        let now = self.machine.now;
        let counts = |it: &EligibleAssignment| {
            it.removed.is_none() && it.period.phase(now) == model::period::Phase::Within
        };
        self.here.iter().any(counts)
    }
}

fn run(steps: &[Step]) -> (u32, u32) {
    let mut whole =
        Whole { machine: Machine::new(), here: Vec::new(), note: None, told: Vec::new(), asked: 1 };
    let (mut active, mut cut) = (0, 0);
    for step in steps {
        whole.take(step);
        let now = whole.machine.now;
        let counts = whole.note.is_some_and(|it| it.counts(minutes(now)));
        assert_eq!(whole.is_eligible(), counts, "{:?} {:#?}", whole.note, whole.here);
        let held = whole.machine.held.as_ref();
        let granted = held.is_some_and(|it| Standing::at(it, now) == Standing::Active);
        cut += u32::from(granted && !counts);
        if whole.machine.is_active() {
            active += 1;
            assert!(counts && may_count(&whole.told, now), "{:#?}\n{held:#?}", whole.told);
        }
    }
    (active, cut)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_of_a_tenants_own_is_active_but_while_it_is_let(steps in vec(step(), 1..32)) {
        run(&steps);
    }
}

#[test]
fn generated_paths_are_active_and_cut_short_often_enough() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let (mut active, mut cut) = (0, 0);
    for _ in 0..500 {
        let steps = vec(step(), 32).new_tree(&mut runner).unwrap().current();
        let (counted, ended) = run(&steps);
        active += u32::from(counted > 0);
        cut += u32::from(ended > 0);
    }
    assert!(active > 60 && cut > 10, "active {active}, cut {cut} of 500");
}
