//! What a report on a provider tells of activations, and by which rights it says things were done.

use std::{collections::BTreeMap, sync::Arc};

use activation::standing::Standing;
use ids::guid::{ObjectId, Principal};
use jiff::{SignedDuration, Timestamp};
use model::{
    action::Action,
    activation::Side,
    change::{Change, Noun},
    delegation::Definition,
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, PROVIDER, READER, SUBSCRIPTION, TIER1, resource_group,
        whole,
    },
};
use operations::{
    activation::{cancel::cancel, deactivate::deactivate, decide::Answer},
    groups::put::{PutGroup, put},
    report::{
        Asked as About, Insight, Report,
        activations::Taken,
        report,
        rights::{Hold, Right, Used},
    },
};
use proptest::prelude::*;

use super::kit::{Asked, CARL, HOUR, LEA, Stage, about, asking, definition, delegation};

async fn told(stage: &Stage, insight: Insight) -> Report {
    let operations = Arc::new(vec!["Microsoft.Storage/storageAccounts/write".to_owned()]);
    let about = About { provider: PROVIDER, customer: CUSTOMER, insight };
    report(&stage.plane, about, &operations).await.unwrap()
}

fn eligible(report: &Report) -> &Right {
    report.rights.iter().find(|it| it.hold == Hold::Eligible).unwrap()
}

/// Somebody tags the resource group in a new way; whether they may.
async fn works(stage: &Stage, who: Principal, tag: usize) -> bool {
    let tags = [("nth".to_owned(), tag.to_string())].into_iter().collect();
    let group = PutGroup {
        subscription: SUBSCRIPTION,
        name: "app".parse().unwrap(),
        location: Some("westeurope".to_owned()),
        tags: Some(tags),
        managed_by: None,
    };
    let context = testkit::context(who, &Action::GROUPS_WRITE, resource_group("app"));
    put(&stage.plane, &context, group).await.is_ok()
}

#[tokio::test]
async fn a_report_tells_who_held_an_eligible_right_when_why_and_by_whose_word() {
    let stage = Stage::of(Asked::Provider).await;
    let never = told(&stage, Insight::Customers).await;
    assert_eq!(eligible(&never).taken, Some(Taken::default()));
    assert_eq!(eligible(&never).used, Used::Never);
    assert!(never.rights.iter().all(|it| it.taken.is_some() == (it.hold == Hold::Eligible)));
    assert!(never.activations.all.is_empty());

    let first = stage.ask(1).await.unwrap().it;
    let waiting = told(&stage, Insight::Customers).await;
    assert_eq!(waiting.activations.all[0].standing, Standing::Pending);
    assert_eq!(eligible(&waiting).taken, Some(Taken::default()), "nothing is held yet");
    stage.approves(LEA, (&first, Side::Provider)).await.unwrap();
    let began = stage.now();
    stage.passes(HOUR / 2);
    assert!(works(&stage, ADA, 1).await);
    let did = stage.now();
    let active = told(&stage, Insight::Customers).await;
    let taken = Taken { count: 1, last: Some(began), active_until: Some(began + HOUR) };
    assert_eq!(eligible(&active).taken, Some(taken));
    assert_eq!(eligible(&active).used, Used::At(did), "who activated is the customer's to know");
    let [shown] = &active.activations.all[..] else { panic!("{:?}", active.activations) };
    assert_eq!((shown.standing, shown.it.who), (Standing::Active, ADA));
    assert_eq!(shown.it.asked.justification.as_deref(), Some("patch night"));
    assert_eq!(shown.it.approvals().all()[0].by, LEA);
    let names = [ADA, LEA].map(|who| active.activations.names[&who].clone());
    assert_eq!(names, ["ada@example", "lea@example"]);

    stage.passes(HOUR);
    let second = stage.ask(2).await.unwrap().it;
    stage.says(LEA, Answer::Deny, (&second, Side::Provider)).await.unwrap();
    let third = stage.ask(3).await.unwrap().it.id;
    cancel(&stage.plane, &about(ADA, &Action::ACTIVATIONS_CANCEL, &third), third).await.unwrap();
    let over = told(&stage, Insight::Customers).await;
    let count = Taken { active_until: None, ..taken };
    assert_eq!(eligible(&over).taken, Some(count), "what nobody held does not count");
    assert_eq!(eligible(&over).used, Used::At(did));
    let mut standings: Vec<Standing> = over.activations.all.iter().map(|it| it.standing).collect();
    standings.sort_unstable();
    assert_eq!(standings, [Standing::Expired, Standing::Denied, Standing::Cancelled]);
    assert!(over.activations.names.contains_key(&LEA));
}

/// What happens, a second after what happened before.
#[derive(Clone, Debug)]
enum Step {
    /// Ada comes into Tier 1, or leaves it.
    Joins(bool),
    /// Who is Contributor always: Tier 1, Carl.
    Offers(bool, bool),
    /// The delegation comes, or goes.
    Delegates(bool),
    Activates,
    Deactivates,
    Passes(i64),
    /// Ada or Carl.
    Works(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => any::<bool>().prop_map(Step::Joins),
        1 => any::<(bool, bool)>().prop_map(|(group, carl)| Step::Offers(group, carl)),
        1 => prop::bool::weighted(0.7).prop_map(Step::Delegates),
        2 => Just(Step::Activates),
        1 => Just(Step::Deactivates),
        1 => (10_i64..50).prop_map(Step::Passes),
        4 => prop::bool::weighted(0.7).prop_map(Step::Works),
    ]
}

/// What stands, as somebody would note it who watches, and what was used when.
struct Notes {
    has_joined: bool,
    is_delegated: bool,
    /// Who is Contributor always.
    always: Vec<Principal>,
    active_until: Option<Timestamp>,
    used: BTreeMap<(ObjectId, bool), Timestamp>,
}

impl Notes {
    /// By what somebody may work now: whom the right names, and whether it takes an activation.
    fn ways(&self, who: Principal, now: Timestamp) -> Vec<(ObjectId, bool)> {
        let is_ada = who == ADA && self.has_joined;
        let is_active = self.active_until.is_some_and(|until| now < until);
        let all = [
            (is_ada && self.always.contains(&TIER1), (TIER1.object, false)),
            (is_ada && is_active, (TIER1.object, true)),
            (who == CARL && self.always.contains(&CARL), (CARL.object, false)),
        ];
        let held = all.into_iter().filter(|(holds, _)| *holds && self.is_delegated);
        held.map(|(_, way)| way).collect()
    }
}

fn offer(always: &[Principal]) -> Noun {
    let reads = samples::authorization(TIER1, READER);
    let more = always.iter().map(|who| samples::authorization(*who, CONTRIBUTOR));
    let authorizations = [reads].into_iter().chain(more).collect();
    Noun::Definition(Definition { authorizations, ..definition(Asked::Nobody) })
}

async fn take(stage: &Stage, notes: &mut Notes, (nth, step): (usize, Step)) {
    stage.passes(SignedDuration::from_secs(1));
    let changed = |noun: Noun, is_there: bool| async move {
        let change = if is_there { Change::Put(noun) } else { Change::Remove(noun) };
        testkit::apply(&stage.plane, vec![change]).await;
    };
    let now = stage.now();
    match step {
        Step::Joins(joins) if joins != notes.has_joined => {
            notes.has_joined = joins;
            changed(Noun::Membership(samples::membership(TIER1, ADA)), joins).await;
        }
        Step::Offers(group, carl) => {
            let all = [(TIER1, group), (CARL, carl)].into_iter();
            notes.always = all.filter_map(|(who, holds)| holds.then_some(who)).collect();
            changed(offer(&notes.always), true).await;
        }
        Step::Delegates(is_there) if is_there != notes.is_delegated => {
            notes.is_delegated = is_there;
            notes.active_until = None;
            changed(delegation(), is_there).await;
        }
        Step::Activates => {
            if stage.ask_as(ADA, asking(nth as u128 + 1, whole())).await.is_ok() {
                notes.active_until = Some(now + HOUR);
            }
        }
        Step::Deactivates => {
            let context = testkit::context(ADA, &Action::ACTIVATIONS_WRITE, whole());
            if deactivate(&stage.plane, &context, &whole(), CONTRIBUTOR).await.is_ok() {
                notes.active_until = None;
            }
        }
        Step::Passes(minutes) => stage.passes(SignedDuration::from_mins(minutes)),
        Step::Works(is_ada) => {
            let who = if is_ada { ADA } else { CARL };
            let ways = notes.ways(who, now);
            assert_eq!(works(stage, who, nth).await, !ways.is_empty(), "{step:?} at {now}");
            notes.used.extend(ways.into_iter().map(|way| (way, now)));
        }
        Step::Joins(_) | Step::Delegates(_) => {}
    }
}

async fn reported(steps: Vec<Step>) -> (Notes, Report, Report) {
    let stage = Stage::of(Asked::Nobody).await;
    let mut notes = Notes {
        has_joined: true,
        is_delegated: true,
        always: Vec::new(),
        active_until: None,
        used: BTreeMap::new(),
    };
    let last = [Step::Delegates(true), Step::Offers(true, true)];
    for step in steps.into_iter().chain(last).enumerate() {
        take(&stage, &mut notes, step).await;
    }
    let everything = told(&stage, Insight::Everything).await;
    (notes, everything, told(&stage, Insight::Customers).await)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However access changed between and since, a use is told of the rights that it was by.
    #[test]
    fn a_use_is_told_of_the_rights_that_it_was_by(steps in prop::collection::vec(step(), 1..24)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (notes, everything, customers) = runtime.block_on(reported(steps));
        for report in [&everything, &customers] {
            let told = report.rights.iter().filter(|it| it.role == CONTRIBUTOR);
            let mut count = 0;
            for right in told {
                count += 1;
                let is_eligible = right.hold == Hold::Eligible;
                let used = notes.used.get(&(right.grantee, is_eligible));
                let is_kept = report == &customers && right.grantee == TIER1.object && !is_eligible;
                let by_group = notes.used.contains_key(&(TIER1.object, false));
                let expected = match used {
                    _ if is_kept && by_group => Used::NotTold,
                    Some(at) => Used::At(*at),
                    None if report == &customers && by_group && !is_eligible => Used::NotTold,
                    None => Used::Never,
                };
                prop_assert_eq!(right.used, expected, "{:?}", right);
            }
            prop_assert_eq!(count, 3);
            prop_assert!(!report.is_cut);
        }
    }
}
