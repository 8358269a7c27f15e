use access::catalogue::Catalogue;
use ids::{
    clock::{Random, TestRandom},
    guid::Principal,
    resource::{AssignmentId, DenyAssignmentId, LockId},
    scope::Scope,
};
use jiff::SignedDuration;
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::{Assignment, Definition},
    directory::User,
    question::{Question, Via},
    role::{Denied, DenyAssignment, Lock, LockLevel, Permission},
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, OWNER, PROVIDER, READER, TIER1},
    settings::{Profile, Settings},
    tree::{ManagementGroup, Subscription},
};
use oracle::book::Oracle;

use super::*;
use crate::{
    conformance::kit::{self, Kit},
    memory::Memory,
};

mod racing;

const TIER2: Principal = samples::principal(PROVIDER, 0x72);
const NORA: Principal = samples::principal(CUSTOMER, 0x40);
const WRITE: Action = Action::known("Microsoft.Storage/storageAccounts/write");

fn group() -> Scope {
    samples::resource_group("rg1")
}

fn pick<T: Clone>(pool: &[T], n: u8) -> T {
    pool[usize::from(n) % pool.len()].clone()
}

fn name(n: u8) -> ids::name::Name {
    uuid::Uuid::from_u128(0x10 + u128::from(n % 2)).to_string().parse().unwrap()
}

/// Something that access depends on, drawn from a few numbers.
fn noun([kind, a, b, c]: [u8; 4]) -> Noun {
    let place = pick(&[samples::whole(), group(), Scope::Tenant(CUSTOMER)], a);
    let delegable = pick(&[samples::whole(), group()], a);
    let role = pick(&[OWNER, CONTRIBUTOR, READER], b);
    match kind % 13 {
        0 => Noun::User(User {
            enabled: b % 3 > 0,
            ..samples::user(pick(&[ADA, OLOF, NORA], a), "u")
        }),
        1 => Noun::Membership(samples::membership(pick(&[TIER1, TIER2], a), ADA)),
        2 => Noun::Membership(samples::membership(TIER1, TIER2)),
        3 | 4 => {
            Noun::RoleAssignment(samples::role_assignment(place, pick(&[OLOF, NORA], c), role))
        }
        5 => Noun::Definition(Definition {
            authorizations: vec![samples::authorization(pick(&[TIER1, ADA], b), role)],
            ..samples::definition(samples::SUBSCRIPTION)
        }),
        6 | 7 => Noun::Assignment(Assignment {
            id: AssignmentId::at(delegable.clone(), name(b)).unwrap(),
            ..samples::assignment(delegable)
        }),
        8 => Noun::DenyAssignment(DenyAssignment {
            id: DenyAssignmentId::at(place, name(b)).unwrap(),
            name: "deny".to_owned(),
            description: String::new(),
            permissions: vec![Permission {
                actions: vec!["*/write".to_owned()],
                ..Permission::default()
            }],
            principals: pick(&[Denied::Everyone, Denied::These(vec![TIER1])], c),
            exclude: Vec::new(),
            does_not_apply_to_child_scopes: false,
            is_system_protected: true,
        }),
        9 => {
            let level = LockLevel::ReadOnly;
            Noun::Lock(Lock { id: LockId::at(place, name(b)).unwrap(), level, notes: None })
        }
        10 => Noun::Settings(Settings {
            profile: pick(&[Profile::Azure, Profile::Strict], a),
            ..Settings::default()
        }),
        11 => Noun::ManagementGroup(ManagementGroup {
            tenant: CUSTOMER,
            name: "mg".parse().unwrap(),
            display_name: String::new(),
            parent: None,
        }),
        _ => Noun::Subscription(Subscription {
            parent: (b % 2 > 0).then(|| "mg".parse().unwrap()),
            ..samples::subscription(samples::SUBSCRIPTION, pick(&[CUSTOMER, CUSTOMER, PROVIDER], a))
        }),
    }
}

/// Commits it; takes it away instead where that is drawn and it is there.
async fn happen(kit: &Kit, noun: Noun, goes: bool) {
    let mut unit = kit.begin();
    let removal = Change::Remove(noun.clone());
    let key = crate::records::key_of(&removal);
    let is_there = kit.store.row(&key).await.unwrap().is_some();
    let is_settings = matches!(noun, Noun::Settings(_));
    if goes && is_there && !is_settings {
        kit::remove(&mut unit, noun).await;
    } else {
        kit::put(&mut unit, noun).await;
    }
    unit.commit().await.unwrap();
}

/// What a revision was told to be as it was the last one.
struct Told {
    dump: String,
    at: Timestamp,
    access: Revision,
}

/// A store where so much happened, and what was so at each revision.
async fn happened(seed: u64, count: usize) -> (Kit, Vec<Told>) {
    let kit = Kit::new(Arc::new(Memory::default())).await;
    kit.put_all(vec![
        Noun::User(samples::user(NORA, "nora")),
        Noun::Group(samples::group(TIER2, "tier2")),
    ])
    .await;
    let random = TestRandom::seeded(seed);
    for _ in 0..count {
        let mut draw = [0; 6];
        random.fill(&mut draw);
        let [kind, a, b, c, goes, wait] = draw;
        kit.clock.advance(SignedDuration::from_secs(i64::from(wait % 3)));
        let noun = noun([kind, a, b, c]);
        happen(&kit, noun, goes % 3 == 0).await;
    }
    let mut told = Vec::new();
    let mut index = Index::new(Catalogue::builtin());
    for Entry { revision, event, .. } in kit.store.journal(Revision(0), 10_000).await.unwrap() {
        index = index.after(&[event.change], revision);
        told.truncate(usize::try_from(revision.0).unwrap() - 1);
        let (dump, access) = (index.dump(), index.access_revision());
        told.push(Told { dump, at: event.at, access });
    }
    assert_eq!(told.last().unwrap().dump, kit.store.index().dump());
    (kit, told)
}

/// The facts after the first events, by the book.
async fn book(kit: &Kit, up_to: Revision) -> Oracle {
    let roles = [OWNER, CONTRIBUTOR, READER];
    let roles = roles.map(|it| Catalogue::builtin().role(it).unwrap().clone());
    let mut book = Oracle::new(roles.to_vec());
    for entry in kit.store.journal(Revision(0), 10_000).await.unwrap() {
        if entry.revision <= up_to {
            book.happen(&entry.event.change);
        }
    }
    book
}

async fn compare(kit: &Kit, told: &[Told], n: usize) {
    let Told { dump, at, access } = &told[n];
    let revision = Revision(u64::try_from(n).unwrap() + 1);
    let past = kit.store.past(Point::Revision(revision)).await.unwrap();
    assert_eq!(past.index.dump(), *dump, "{revision}");
    assert_eq!((past.index.revision(), past.index.access_revision()), (revision, *access));
    assert_eq!(past.now, *at);
    let last = told.iter().rposition(|it| it.at <= *at).unwrap();
    let by_then = kit.store.past(Point::Moment(*at)).await.unwrap();
    assert_eq!(by_then.index.revision(), Revision(u64::try_from(last).unwrap() + 1));
    assert_eq!((by_then.index.dump(), by_then.now), (told[last].dump.clone(), *at));
    let book = book(kit, revision).await;
    for scope in [samples::whole(), group(), Scope::Tenant(CUSTOMER)] {
        for action in [Action::GROUPS_READ, WRITE, Action::ROLE_ASSIGNMENTS_WRITE] {
            for via in [Via::Any, Via::Direct] {
                let asked = Question { action: action.clone(), scope: scope.clone(), via };
                let who = past.index.who_can(&asked, past.now);
                assert_eq!(who, book.who_can(&asked), "{revision} {asked:?}");
            }
        }
    }
}

#[tokio::test]
async fn the_past_is_told_as_it_was_when_it_was_the_present() {
    for seed in 1..=3 {
        let (kit, told) = happened(seed, 60).await;
        let random = TestRandom::seeded(seed);
        for n in 0..told.len() {
            let mut drawn = [0; 2];
            random.fill(&mut drawn);
            // Now onward, now anywhere: a state that is kept is the beginning of the next one.
            let n = if drawn[0] % 2 == 0 { n } else { usize::from(drawn[1]) % told.len() };
            compare(&kit, &told, n).await;
        }
    }
}

#[tokio::test]
async fn before_everything_nothing_was_and_the_future_is_not_told() {
    let kit = Kit::new(Arc::new(Memory::default())).await;
    let nothing = Index::new(Catalogue::builtin()).dump();
    let (first, hour) = (kit.store.now(), SignedDuration::from_hours(1));
    for point in [Point::Revision(Revision(0)), Point::Moment(first - hour)] {
        let past = kit.store.past(point).await.unwrap();
        assert_eq!((past.index.dump(), past.index.revision()), (nothing.clone(), Revision(0)));
    }
    for point in [Point::Revision(Revision(2)), Point::Moment(first + hour)] {
        let refused = kit.store.past(point).await.unwrap_err();
        assert!(matches!(refused, PastError::Ahead { revision: Revision(1), .. }), "{refused}");
    }
    let fork = kit.store.fork().await.unwrap();
    let refused = fork.past(Point::Revision(Revision(1))).await.unwrap_err();
    assert!(matches!(refused, PastError::Imagined), "{refused}");
}

#[tokio::test]
async fn the_past_leaves_the_present_as_it_is_and_keeps_two_states() {
    let (kit, told) = happened(3, 20).await;
    let (live, dump) = (kit.store.index(), kit.store.index().dump());
    for n in [1, 5, 9, 2, 9] {
        compare(&kit, &told, n).await;
    }
    assert!(Arc::ptr_eq(&live, &kit.store.index()));
    assert_eq!(live.dump(), dump);
    let kept = &kit.store.shared().kept;
    assert_eq!(kept.0.lock().unwrap().len(), KEPT_MAX);
}

#[tokio::test]
async fn what_is_too_far_is_reached_by_asking_again() {
    let (kit, told) = happened(5, 40).await;
    let nothing = Arc::new(Index::new(Catalogue::builtin()));
    let to = Revision(35);
    for page in [2, 3, 7, 100] {
        let (mut index, mut asked) = (Arc::clone(&nothing), 0);
        while index.revision() < to {
            let limits = Limits { page, events: 10 };
            let next = replay(&*kit.engine, Arc::clone(&index), to, limits).await.unwrap();
            assert!(next.revision() > index.revision(), "each time it comes on");
            let reached = usize::try_from(next.revision().0).unwrap();
            assert_eq!(next.dump(), told[reached - 1].dump, "at the end of a revision");
            (index, asked) = (next, asked + 1);
        }
        assert!(asked > 1 || page == 100, "{page}: {asked}");
    }
}
