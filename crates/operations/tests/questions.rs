//! What is asked of the past is answered as it was answered then, whatever has happened since.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use std::sync::Arc;

use ids::{
    clock::{Random, Revision, TestClock, TestRandom},
    guid::Principal,
    resource::{DenyAssignmentId, LockId},
    scope::Scope,
};
use jiff::{SignedDuration, Timestamp};
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::{Authorization, Definition, EligibleAuthorization},
    directory::User,
    question::Question,
    role::{Denied, DenyAssignment, Lock, LockLevel, Permission},
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, OWNER, PROVIDER, READER, SUBSCRIPTION, TIER1,
    },
};
use operations::{
    plane::Plane,
    questions::{
        Asker, At, Told,
        check::{self, Asked},
        graph::{self, Named},
        scopes_of::{Scopes, scopes_of},
        what_can::what_can,
        who_can::{WhoCan, who_can},
    },
};
use store::past::Point;

const NORA: Principal = samples::principal(CUSTOMER, 0x40);
const PEOPLE: [Principal; 3] = [OLOF, NORA, ADA];
const CHANGES: usize = 24;
/// What is activated for an hour is over before all has happened.
const BETWEEN: SignedDuration = SignedDuration::from_mins(7);

fn pick<T: Clone>(pool: &[T], n: u8) -> T {
    pool[usize::from(n) % pool.len()].clone()
}

fn scopes() -> [Scope; 3] {
    [samples::whole(), samples::resource_group("rg1"), Scope::Tenant(CUSTOMER)]
}

fn questions() -> Vec<Question> {
    let write = Action::known("Microsoft.Storage/storageAccounts/write");
    let at = |action: &Action| scopes().map(|scope| Question::any(action.clone(), scope));
    [Action::GROUPS_READ, write, Action::ROLE_ASSIGNMENTS_WRITE].iter().flat_map(at).collect()
}

/// Something that access depends on, drawn from a few numbers.
fn drawn([kind, a, b]: [u8; 3]) -> Noun {
    let (place, name) = (pick(&scopes(), a), uuid::Uuid::from_u128(7).to_string());
    match kind % 9 {
        0 => Noun::Membership(samples::membership(TIER1, ADA)),
        1 => {
            let (who, name) = pick(&[(ADA, "ada"), (NORA, "nora")], a);
            Noun::User(User { enabled: b % 2 > 0, ..samples::user(who, name) })
        }
        2 => Noun::Definition(Definition {
            // What things are called is told as of now.
            authorizations: vec![Authorization {
                display_name: None,
                ..samples::authorization(TIER1, pick(&[READER, CONTRIBUTOR], a))
            }],
            eligible: vec![EligibleAuthorization {
                display_name: None,
                ..samples::eligible(TIER1, CONTRIBUTOR)
            }],
            ..samples::definition(SUBSCRIPTION)
        }),
        3 => Noun::Assignment(samples::assignment(samples::whole())),
        4 => {
            let level = pick(&[LockLevel::ReadOnly, LockLevel::CanNotDelete], b);
            let id = LockId::at(samples::whole(), name.parse().unwrap()).unwrap();
            Noun::Lock(Lock { id, level, notes: None })
        }
        5 => Noun::DenyAssignment(DenyAssignment {
            id: DenyAssignmentId::at(samples::resource_group("rg1"), name.parse().unwrap())
                .unwrap(),
            name: "deny".to_owned(),
            description: String::new(),
            permissions: vec![Permission {
                actions: vec!["*/write".to_owned()],
                ..Permission::default()
            }],
            principals: pick(&[Denied::Everyone, Denied::These(vec![TIER1])], b),
            exclude: Vec::new(),
            does_not_apply_to_child_scopes: false,
            is_system_protected: true,
        }),
        _ => {
            let role = pick(&[OWNER, CONTRIBUTOR, READER], b);
            Noun::RoleAssignment(samples::role_assignment(place, pick(&[OLOF, NORA], a / 3), role))
        }
    }
}

/// A plane where Ada holds something for an hour.
async fn plane(clock: Arc<TestClock>) -> Plane {
    let plane = testkit::empty_by(clock).await;
    testkit::put(&plane, testkit::world()).await;
    let nouns = vec![
        Noun::User(samples::user(NORA, "nora")),
        Noun::ResourceGroup(testkit::group("rg1")),
        drawn([2, 0, 0]),
        drawn([3, 0, 0]),
        Noun::Activation(samples::activation(samples::whole())),
    ];
    testkit::put(&plane, nouns).await;
    plane
}

/// Puts it, or takes it away where it is there and that is drawn.
async fn happen(plane: &Plane, live: &mut Vec<Noun>, noun: Noun, goes: bool) {
    if goes && live.contains(&noun) {
        live.retain(|it| *it != noun);
        testkit::apply(plane, vec![Change::Remove(noun)]).await;
    } else {
        live.push(noun.clone());
        testkit::put(plane, vec![noun]).await;
    }
}

/// All that is told at a point.
#[derive(Debug, PartialEq)]
struct All {
    may: Told<Vec<bool>>,
    who: Vec<Told<WhoCan>>,
    what: Vec<Told<Vec<Permission>>>,
    places: Vec<Told<Scopes>>,
    chains: Vec<Told<Named>>,
}

async fn told(plane: &Plane, at: At) -> All {
    let asker = Asker::Folder;
    let one = |question: &Question| PEOPLE.map(|who| Asked { who, question: question.clone() });
    let asked: Vec<Asked> = questions().iter().flat_map(one).collect();
    let (mut who, mut what, mut places, mut chains) = (vec![], vec![], vec![], vec![]);
    for question in questions() {
        who.push(who_can(plane, asker, at, &question).await.unwrap());
        for it in PEOPLE {
            places.push(scopes_of(plane, asker, at, (it, &question)).await.unwrap());
        }
    }
    for scope in scopes() {
        for it in PEOPLE {
            what.push(what_can(plane, asker, at, (it, &scope)).await.unwrap());
        }
        let asked = graph::Asked { scope, from: None };
        chains.push(graph::graph(plane, asker, at, &asked).await.unwrap());
    }
    for (from, home) in [(ADA, PROVIDER), (OLOF, CUSTOMER)] {
        let asked = graph::Asked { scope: Scope::Tenant(home), from: Some(from) };
        chains.push(graph::graph(plane, asker, at, &asked).await.unwrap());
    }
    let may = check::check(plane, asker, at, &asked).await.unwrap();
    All { may, who, what, places, chains }
}

async fn as_it_was(seed: u64) {
    let clock = Arc::new(TestClock::default());
    let plane = plane(Arc::<TestClock>::clone(&clock)).await;
    let (random, mut live) = (TestRandom::seeded(seed), Vec::new());
    let mut answered: Vec<(Revision, Timestamp, All)> = Vec::new();
    for _ in 0..CHANGES {
        let mut draw = [0; 4];
        random.fill(&mut draw);
        let [kind, a, b, goes] = draw;
        clock.advance(BETWEEN);
        happen(&plane, &mut live, drawn([kind, a, b]), goes % 2 == 0).await;
        let all = told(&plane, None).await;
        answered.push((plane.store.head().revision, plane.store.now(), all));
    }
    clock.advance(BETWEEN);
    let different = answered.windows(2).filter(|it| it[0].2.may.value != it[1].2.may.value);
    assert!(different.count() > CHANGES / 4, "what happened mattered");
    // Backwards, so that what is kept of a later point does not help.
    for (revision, moment, then) in answered.iter().rev() {
        for point in [Point::Revision(*revision), Point::Moment(*moment)] {
            assert!(told(&plane, Some(point)).await == *then, "{point:?}");
        }
    }
}

#[tokio::test]
async fn every_question_about_the_past_is_answered_as_it_was_then() {
    for seed in 1..=2 {
        as_it_was(seed).await;
    }
}
