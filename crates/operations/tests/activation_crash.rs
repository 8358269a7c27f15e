//! Killed at any moment between a request, its approvals, and what makes somebody eligible, the store
//! holds nothing active that its policies were not asked for, and the rows say what the journal says.
//! The test runs itself as the process that is killed.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::wildcard_enum_match_arm,
    reason = "test code"
)]

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader, Write, stdout},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use activation::{
    eligible::{End, Request as Entitlement},
    refused::Refused as Decision,
    request::Request,
};
use ids::{
    clock::{Clock, Random, Revision, TestClock, TestRandom},
    guid::Principal,
    resource::{ActivationId, EligibleAssignmentId},
    scope::Scope,
};
use jiff::SignedDuration;
use model::{
    action::Action,
    activation::{
        Activation, Side, State,
        eligible::{EligibleAssignment, StepKind},
    },
    change::{Change, Noun},
    delegation::Definition,
    question::Question,
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, PROVIDER, SUBSCRIPTION, TIER1, whole},
};
use operations::{
    activation::{
        Refused,
        ask::{Ask, ask},
        decide::{Answer, Review, decide},
        entitle::{Entitle, entitle},
    },
    error::Error,
    plane::Plane,
};
use store::records::ranges;
use store_sqlite::engine::Sqlite;
use uuid::Uuid;

/// Where the child finds its folder; nobody else sets it.
const FOLDER: &str = "FYR_ACTIVATION_CRASH_FOLDER";
const ROUNDS: u64 = 60;
/// A new folder after so many rounds, so that reading the journal stays quick.
const ROUNDS_PER_FOLDER: u64 = 15;
/// What the random moments are drawn from; a failure names the round.
const SEED: u64 = 0xF7A5_0002;
/// Then nothing waits any more, and nothing is held.
const DAYS: SignedDuration = SignedDuration::from_hours(48);

/// Approves for Fabrikam; Olof does for Contoso.
const LEA: Principal = samples::principal(PROVIDER, 0x1EA);
/// Contoso's own engineer.
const NORA: Principal = samples::principal(CUSTOMER, 0x40);

fn name(n: u128) -> ids::name::Name {
    Uuid::from_u128(n).to_string().parse().unwrap()
}

fn activation_id(n: u128) -> ActivationId {
    ActivationId::at(whole(), name(n)).unwrap()
}

/// Contoso's policy asks for Olof's word, Fabrikam's for Lea's.
fn world() -> Vec<Noun> {
    let mut guarded = samples::guarded(TIER1, CONTRIBUTOR, LEA);
    if let Some(policy) = &mut guarded.policy {
        policy.multi_factor = model::delegation::MultiFactor::None;
    }
    let definition =
        Definition { eligible: vec![guarded], ..samples::eligible_definition(SUBSCRIPTION) };
    let more = [
        Noun::User(samples::user(LEA, "lea")),
        Noun::User(samples::user(NORA, "nora")),
        Noun::Definition(definition),
        Noun::Assignment(samples::assignment(whole())),
        Noun::ActivationPolicy(samples::activation_policy(whole())),
    ];
    testkit::world().into_iter().chain(more).collect()
}

async fn open(folder: &Path, seed: u64) -> (Plane, Arc<TestClock>) {
    let clock = Arc::new(TestClock::default());
    let random = Arc::new(TestRandom::seeded(seed));
    let engine = Sqlite::open(folder).unwrap();
    let plane = testkit::over(engine, clock.clone(), random, SignedDuration::ZERO).await;
    if plane.store.head().revision == Revision(0) {
        testkit::put(&plane, world()).await;
    }
    (plane, clock)
}

/// The killed process.
#[test]
fn child() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(activate_for_ever(Path::new(&folder)));
}

async fn activate_for_ever(folder: &Path) {
    let seed = u64::from(std::process::id()) << 32;
    let (plane, clock) = open(folder, seed).await;
    // Behind what the last one had come to, whatever that was.
    let first = u128::from(plane.store.head().revision.0) << 16;
    clock.advance(plane.store.now().duration_since(clock.now()) + DAYS);
    for n in (first..).step_by(16) {
        delegated(&plane, n).await;
        own(&plane, n).await;
        clock.advance(DAYS);
    }
}

async fn delegated(plane: &Plane, n: u128) {
    asked(plane, ADA, n).await;
    let mut sides = [(LEA, Side::Provider), (OLOF, Side::Customer)];
    if n.is_multiple_of(32) {
        sides.reverse();
    }
    for (by, side) in sides {
        agreed(plane, by, side, n).await;
    }
}

/// Contoso lets Nora, she asks, Olof agrees, and Contoso takes it away again.
async fn own(plane: &Plane, n: u128) {
    entitled(plane, StepKind::Assign, n + 1).await;
    asked(plane, NORA, n + 2).await;
    agreed(plane, OLOF, Side::Customer, n + 2).await;
    entitled(plane, StepKind::Remove, n + 3).await;
}

async fn asked(plane: &Plane, who: Principal, n: u128) {
    let request = Request {
        id: activation_id(n),
        start: None,
        length: Some(SignedDuration::from_hours(1)),
        justification: None,
        ticket: None,
    };
    let scope = Scope::Resource(request.id.as_resource().clone());
    let context = testkit::context(who, &Action::ACTIVATIONS_WRITE, scope);
    let (role, principal, linked) = (CONTRIBUTOR, who.object, None);
    ask(plane, &context, Ask { request, role, principal, linked }).await.unwrap();
    tell(plane, n, 1);
}

async fn agreed(plane: &Plane, by: Principal, side: Side, n: u128) {
    let it = Activation { id: activation_id(n), ..samples::activation(whole()) };
    let context = testkit::context(by, &Action::APPROVALS_WRITE, Scope::Tenant(by.tenant));
    let (approval, stage) = (it.approval(), it.stage(side));
    let review = Review { approval, stage, answer: Answer::Approve, justification: None };
    decide(plane, &context, review).await.unwrap();
    tell(plane, n, 2);
}

async fn entitled(plane: &Plane, kind: StepKind, n: u128) {
    let id = EligibleAssignmentId::at(whole(), name(n)).unwrap();
    let scope = Scope::Resource(id.as_resource().clone());
    let (role, start, end, target) = (CONTRIBUTOR, None, End::Never, None);
    let (justification, ticket) = (None, None);
    let request = Entitlement { id, kind, role, start, end, target, justification, ticket };
    let context = testkit::context(OLOF, &Action::ELIGIBILITIES_WRITE, scope);
    match entitle(plane, &context, Entitle { request, principal: NORA.object }).await {
        Ok(_) => tell(plane, n, 3),
        // The last one was killed before it could take it away.
        Err(Error::Activation(Refused::Decision(Decision::Exists))) => {}
        Err(other) => panic!("{other:?}"),
    }
}

/// Says what was answered, at which revision.
fn tell(plane: &Plane, n: u128, step: u8) {
    let line = format!("ack {} {n} {step}\n", plane.store.head().revision.0);
    stdout().lock().write_all(line.as_bytes()).unwrap();
}

fn spawn(folder: &Path) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "child", "--nocapture"]).env(FOLDER, folder);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Lets the child run for so many answers and a little longer, then kills it. Answers the last
/// revision that it told.
fn run_and_kill(folder: &Path, answers: u64, longer: u64) -> Revision {
    let mut child = spawn(folder);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = Vec::new();
    while u64::try_from(told.len()).unwrap() <= answers {
        let line = lines.next().expect("the child ended by itself").unwrap();
        told.extend(revision(&line));
    }
    (0..longer).for_each(|_| std::thread::yield_now());
    child.kill().unwrap();
    child.wait().unwrap();
    told.extend(lines.map_while(Result::ok).filter_map(|line| revision(&line)));
    told.into_iter().max().unwrap()
}

fn revision(line: &str) -> Option<Revision> {
    let mut words = line.strip_prefix("ack ")?.split(' ');
    let revision = words.next()?.parse().ok()?;
    (words.count() == 2).then_some(Revision(revision))
}

/// What the journal tells of each activation, step by step, and of what a tenant lets its people.
#[derive(Default)]
struct Told {
    activations: BTreeMap<String, Vec<Activation>>,
    eligible: BTreeMap<String, EligibleAssignment>,
}

async fn told(plane: &Plane) -> Told {
    let mut told = Told::default();
    for entry in plane.store.journal(Revision(0), usize::MAX).await.unwrap() {
        match entry.event.change {
            Change::Put(Noun::Activation(it)) => {
                told.activations.entry(it.id.key()).or_default().push(it);
            }
            Change::Remove(Noun::Activation(it)) => {
                told.activations.remove(&it.id.key());
            }
            Change::Put(Noun::EligibleAssignment(it)) => {
                told.eligible.insert(it.id.key(), it);
            }
            Change::Remove(Noun::EligibleAssignment(it)) => {
                told.eligible.remove(&it.id.key());
            }
            _ => {}
        }
    }
    told
}

/// Whose word it takes.
fn sides(it: &Activation) -> &'static [Side] {
    if it.who == ADA { &[Side::Provider, Side::Customer] } else { &[Side::Customer] }
}

/// Each step is one more word, and none is granted before all are said.
fn in_order(steps: &[Activation]) {
    for (said, it) in steps.iter().enumerate() {
        let all = sides(it);
        assert_eq!(it.approvals().all().len(), said, "one word at each step: {steps:#?}");
        let is_granted = match &it.state {
            State::Granted { .. } => true,
            State::Waiting(_) => false,
            other => panic!("nobody has done that: {other:?}"),
        };
        let is_whole = all.iter().all(|side| it.approvals().of(*side).is_some());
        assert_eq!(is_granted, is_whole, "{it:#?}");
        for word in it.approvals().all() {
            assert_eq!(word.by, if word.side == Side::Provider { LEA } else { OLOF });
        }
    }
}

/// Opens the folder again; answers how many waited, and how many were granted.
async fn check(folder: &Path, seed: u64, last: Revision) -> (u64, u64) {
    let (plane, _) = open(folder, seed).await;
    assert!(plane.store.head().revision >= last, "what was answered is lost");
    let told = told(&plane).await;
    let snapshot = plane.store.snapshot().await.unwrap();
    let (mut waiting, mut granted) = (0, 0);
    for steps in told.activations.values() {
        in_order(steps);
        let it = steps.last().unwrap();
        let row = snapshot.find::<Activation>(&it.id).await.unwrap();
        assert_eq!(row.as_ref(), Some(it), "rows and journal say the same");
        let asked = Question::any(Action::GROUPS_WRITE, whole());
        let may = |at| plane.index().check(it.who, &asked, at).is_allowed();
        if let State::Granted { period, .. } = &it.state {
            granted += 1;
            assert!(!may(period.until()), "{it:#?}");
        } else {
            waiting += 1;
            assert!(!may(it.asked.on), "it counts without their word: {it:#?}");
        }
    }
    let mut unit = plane.store.begin(store::unit::Cause { correlation: samples::correlation() });
    let rows: Vec<EligibleAssignment> =
        unit.list(&ranges::eligible_assignments_below(&whole())).await.unwrap();
    assert_eq!(rows, told.eligible.into_values().collect::<Vec<_>>(), "rows and journal");
    drop((unit, snapshot));
    plane.store.shutdown().await;
    (waiting, granted)
}

#[tokio::test]
async fn killed_between_any_two_steps_nothing_is_active_without_what_its_policies_ask_for() {
    let random = TestRandom::seeded(SEED);
    let below = |bound: u64| {
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        u64::from_le_bytes(bytes) % bound
    };
    let mut folder = tempfile::tempdir().unwrap();
    let (mut waiting, mut granted) = (0, 0);
    for round in 0..ROUNDS {
        if round % ROUNDS_PER_FOLDER == 0 {
            folder = tempfile::tempdir().unwrap();
        }
        eprintln!("round {round} of seed {SEED:#x}");
        let last = run_and_kill(folder.path(), below(14), below(400));
        let found = check(folder.path(), round, last).await;
        (waiting, granted) = (waiting + found.0, granted + found.1);
    }
    assert!(waiting > 10 && granted > 10, "{waiting} waited, {granted} were granted");
}
