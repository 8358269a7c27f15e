//! What a provider may do at a customer's, and what came of it.

use std::sync::Arc;

use ids::clock::TestClock;
use jiff::SignedDuration;
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::{Definition, EligibleAuthorization},
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, PROVIDER, READER, TIER1},
};
use operations::{
    groups::put::{PutGroup, put},
    plane::Plane,
    report::{
        Asked, Insight, Report,
        changes::What,
        report,
        rights::{Hold, Used},
    },
};

const BO: ids::guid::Principal = samples::principal(PROVIDER, 0xB0);
const KEYS: &str = "Microsoft.Storage/storageAccounts/listKeys/action";

fn definition() -> Definition {
    let eligible = EligibleAuthorization {
        principal: TIER1.object,
        role: CONTRIBUTOR,
        display_name: Some("Tier 1".to_owned()),
        policy: None,
    };
    Definition {
        authorizations: vec![
            samples::authorization(TIER1, CONTRIBUTOR),
            samples::authorization(TIER1, READER),
            samples::authorization(BO, CONTRIBUTOR),
        ],
        eligible: vec![eligible],
        ..samples::definition(samples::SUBSCRIPTION)
    }
}

async fn told(plane: &Plane, insight: Insight) -> Report {
    let operations = ["Microsoft.Storage/storageAccounts/read", KEYS];
    let operations = Arc::new(operations.map(str::to_owned).to_vec());
    let asked = Asked { provider: PROVIDER, customer: CUSTOMER, insight };
    report(plane, asked, &operations).await.unwrap()
}

/// Ada makes a resource group at Contoso's.
async fn work(plane: &Plane, name: &str) {
    let name: ids::name::GroupName = name.parse().unwrap();
    let scope = samples::resource_group(name.as_str());
    let context = testkit::context(ADA, &Action::GROUPS_WRITE, scope);
    let group = PutGroup {
        subscription: samples::SUBSCRIPTION,
        name,
        location: Some("westeurope".to_owned()),
        tags: None,
        managed_by: None,
    };
    put(plane, &context, group).await.unwrap();
}

#[tokio::test]
async fn a_report_tells_rights_uses_and_changes_and_who_is_in_groups_only_if_asked() {
    let clock = Arc::new(TestClock::default());
    let plane = testkit::empty_by(clock.clone()).await;
    testkit::put(&plane, testkit::world()).await;
    let more = vec![
        Noun::User(samples::user(BO, "bo")),
        Noun::Definition(definition()),
        Noun::Assignment(samples::assignment(samples::whole())),
    ];
    testkit::put(&plane, more).await;
    let uses = |report: &Report| report.rights.iter().map(|it| it.used).collect::<Vec<_>>();

    let before = told(&plane, Insight::Customers).await;
    let held: Vec<_> = before.rights.iter().map(|it| (it.grantee, it.role, it.hold)).collect();
    assert_eq!(
        held,
        [
            (TIER1.object, READER, Hold::Standing),
            (TIER1.object, CONTRIBUTOR, Hold::Standing),
            (TIER1.object, CONTRIBUTOR, Hold::Eligible),
            (BO.object, CONTRIBUTOR, Hold::Standing),
        ]
    );
    assert_eq!(uses(&before), [Used::NotRecorded, Used::Never, Used::Never, Used::Never]);
    let reveals = |n: usize| before.rights[n].plain.as_ref().unwrap().reveals.clone();
    assert_eq!((reveals(0), reveals(1)), (Vec::new(), vec![KEYS.to_owned()]));
    assert!(before.uses.is_empty() && !before.is_cut);

    clock.advance(SignedDuration::from_hours(1));
    work(&plane, "made").await;
    let at = plane.store.now();
    clock.advance(SignedDuration::from_hours(1));
    let customers = told(&plane, Insight::Customers).await;
    let [ada] = &customers.uses[..] else { panic!("{:?}", customers.uses) };
    assert_eq!((ada.who, ada.count, ada.last), (ADA, 1, at));
    assert!(customers.rights.iter().all(|it| it.members.is_none()));
    // By which group Ada acted tells who is in it.
    assert!(!uses(&customers).contains(&Used::At(at)), "{:?}", uses(&customers));
    assert_eq!(uses(&customers)[1], Used::NotTold);
    let joined = |it: &Report| {
        it.changes.iter().any(|it| matches!(it.what, What::Joined(_) | What::Left(_)))
    };
    assert!(!joined(&customers));
    let everything = told(&plane, Insight::Everything).await;
    assert_eq!(uses(&everything)[1], Used::At(at));
    assert_eq!(uses(&everything)[3], Used::Never, "Bo's own was not used by Ada");
    let members = everything.rights[1].members.as_ref().unwrap();
    assert_eq!(members.iter().map(|it| it.who).collect::<Vec<_>>(), [ADA.object]);
    assert!(joined(&everything));

    testkit::apply(
        &plane,
        vec![Change::Remove(Noun::Assignment(samples::assignment(samples::whole())))],
    )
    .await;
    let ended = told(&plane, Insight::Customers).await;
    assert!(ended.rights.is_empty() && ended.uses.is_empty());
    let what: Vec<_> = ended
        .changes
        .iter()
        .map(|it| match &it.what {
            What::Offered { standing, eligible, .. } => format!("offered {standing} {eligible}"),
            What::Delegated(..) => "delegated".to_owned(),
            What::Ended(..) => "ended".to_owned(),
            What::Withdrawn(..) | What::Joined(_) | What::Left(_) => "something else".to_owned(),
        })
        .collect();
    assert_eq!(what, ["offered 3 1", "delegated", "ended"]);
}

#[tokio::test]
async fn a_report_is_of_one_provider_and_one_customer() {
    let plane = testkit::plane(vec![
        Noun::Definition(definition()),
        Noun::Assignment(samples::assignment(samples::whole())),
    ])
    .await;
    assert_eq!(told(&plane, Insight::Everything).await.rights.len(), 4);
    let operations = Arc::new(Vec::new());
    for (provider, customer) in [(PROVIDER, PROVIDER), (CUSTOMER, CUSTOMER), (CUSTOMER, PROVIDER)] {
        let asked = Asked { provider, customer, insight: Insight::Everything };
        let told = report(&plane, asked, &operations).await.unwrap();
        assert!(told.rights.is_empty() && told.changes.is_empty(), "{told:?}");
        assert!(told.uses.is_empty());
    }
}
