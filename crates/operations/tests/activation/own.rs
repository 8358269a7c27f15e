//! What a tenant lets its own people activate: who says so, what it takes, and how it ends.

use activation::{
    eligible::{End, Request},
    refused::{Refused as Decision, Rule, Rules},
    standing::Standing,
};
use ids::{guid::Principal, resource::EligibleAssignmentId, scope::Scope};
use model::{
    action::Action,
    activation::{
        Side,
        eligible::{EligibleAssignment, StepKind},
        policy::Proof,
    },
    change::Noun,
    question::Question,
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, whole},
    tree::{ManagementGroup, Subscription},
};
use operations::{
    activation::{
        Refused,
        eligibility::{self, Whose},
        entitle::{Entitle, cancel, entitle, validate},
        entitled, read,
    },
    around::Reach,
    error::Error,
};
use uuid::Uuid;

use super::kit::{Asked, HOUR, Stage, about, asking, demanding, is_denied, refusal};

/// Contoso's engineer, in its night shift.
const NORA: Principal = samples::principal(CUSTOMER, 0x40);
const NIGHT: Principal = samples::principal(CUSTOMER, 0x41);

async fn stage(more: Vec<Noun>) -> Stage {
    let people = [
        Noun::User(samples::user(NORA, "nora")),
        Noun::Group(samples::group(NIGHT, "night")),
        Noun::Membership(samples::membership(NIGHT, NORA)),
    ];
    Stage::with(Asked::Nobody, people.into_iter().chain(more).collect()).await
}

fn wanted(n: u128, kind: StepKind) -> Entitle {
    let name = Uuid::from_u128(n).to_string().parse().unwrap();
    let request = Request {
        id: EligibleAssignmentId::at(whole(), name).unwrap(),
        kind,
        role: CONTRIBUTOR,
        start: None,
        end: End::Never,
        target: None,
        justification: None,
        ticket: None,
    };
    Entitle { request, principal: NIGHT.object }
}

async fn says(stage: &Stage, who: Principal, it: Entitle) -> Result<EligibleAssignment, Error> {
    let scope = Scope::Resource(it.request.id.as_resource().clone());
    let context = testkit::context(who, &Action::ELIGIBILITIES_WRITE, scope);
    entitle(&stage.plane, &context, it).await
}

fn writes(stage: &Stage) -> bool {
    let asked = Question::any(Action::GROUPS_WRITE, whole());
    stage.plane.index().check(NORA, &asked, stage.now()).is_allowed()
}

fn refused(outcome: Result<EligibleAssignment, Error>) -> Decision {
    match outcome {
        Err(Error::Activation(Refused::Decision(it))) => it,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_owner_lets_a_group_activate_and_each_member_does_so_for_a_while() {
    let stage = stage(Vec::new()).await;
    let nothing = Rules::of([Rule::Eligibility]).unwrap();
    assert_eq!(refusal(stage.ask_as(NORA, asking(9, whole())).await), nothing.into());
    let before = testkit::events(&stage.plane).await.len();
    let made = says(&stage, OLOF, wanted(1, StepKind::Assign)).await.unwrap();
    assert_eq!(made.eligibility().name(), Uuid::from_u128(1));
    assert!(!writes(&stage), "it grants nothing by itself");
    let shown = stage.ask_as(NORA, asking(2, whole())).await.unwrap();
    assert_eq!((shown.standing, shown.it.customer), (Standing::Active, CUSTOMER));
    assert!(writes(&stage));
    let events = testkit::events(&stage.plane).await;
    assert_eq!(events.len(), before + 2);
    assert_eq!(events.last().unwrap().tenants, [CUSTOMER]);
    stage.passes(HOUR);
    assert!(!writes(&stage), "no sweep ends it");
    let group = asking(3, samples::resource_group("app"));
    assert_eq!(stage.ask_as(NORA, group).await.unwrap().standing, Standing::Active);
    assert!(!writes(&stage), "of that group alone");
}

#[tokio::test]
async fn its_policy_is_asked_in_the_same_way_and_somebody_else_agrees() {
    let justified = demanding(|it| {
        it.asks = [Proof::Ticket].into();
        it.minutes_max = Some(60);
        it.approvers = samples::activation_policy(whole()).approvers;
    });
    let stage = stage(vec![justified]).await;
    says(&stage, OLOF, wanted(1, StepKind::Assign)).await.unwrap();
    let broken = Rules::of([Rule::Ticketing]).unwrap();
    assert_eq!(refusal(stage.ask_as(NORA, asking(2, whole())).await), broken.into());
    let mut with = asking(2, whole());
    let number = Some("4711".to_owned());
    with.request.ticket = Some(model::activation::Ticket { number, system: None });
    let shown = stage.ask_as(NORA, with.clone()).await.unwrap();
    assert_eq!(shown.standing, Standing::Pending);
    assert!(!writes(&stage));
    let own = stage.approves(NORA, (&shown.it, Side::Customer)).await;
    assert!(is_denied(&own), "{own:?}");
    let other = stage.approves(OLOF, (&shown.it, Side::Provider)).await;
    assert!(is_denied(&other), "there is no provider: {other:?}");
    let shown = stage.approves(OLOF, (&shown.it, Side::Customer)).await.unwrap();
    assert_eq!(shown.standing, Standing::Active);
    assert!(writes(&stage));
    with.request.length = Some(HOUR * 2);
    let broken = Rules::of([Rule::Expiration]).unwrap();
    assert_eq!(refusal(stage.ask_as(NORA, with).await), broken.into());
}

#[tokio::test]
async fn it_ends_at_once_with_what_made_it_and_what_waits_comes_to_nothing() {
    let stage = stage(Vec::new()).await;
    says(&stage, OLOF, wanted(1, StepKind::Assign)).await.unwrap();
    let shown = stage.ask_as(NORA, asking(2, whole())).await.unwrap();
    says(&stage, OLOF, wanted(3, StepKind::Remove)).await.unwrap();
    assert!(!writes(&stage));
    let context = about(NORA, &Action::ACTIVATIONS_READ, &shown.it.id);
    let after = read::get(&stage.plane, &context, shown.it.id.clone()).await.unwrap();
    assert_eq!(after.standing, Standing::Revoked);
    says(&stage, OLOF, wanted(4, StepKind::Assign)).await.unwrap();
    assert!(!writes(&stage), "it does not come back");
    let policy = demanding(|it| it.approvers = samples::activation_policy(whole()).approvers);
    testkit::put(&stage.plane, vec![policy]).await;
    let waits = stage.ask_as(NORA, asking(5, whole())).await.unwrap();
    assert_eq!(waits.standing, Standing::Pending);
    says(&stage, OLOF, wanted(6, StepKind::Remove)).await.unwrap();
    let late = stage.approves(OLOF, (&waits.it, Side::Customer)).await;
    assert!(is_denied(&late) || refusal(late) == Decision::NotWaiting);
}

#[tokio::test]
async fn its_end_may_be_brought_forward_and_what_is_active_ends_with_it() {
    let stage = stage(Vec::new()).await;
    says(&stage, OLOF, wanted(1, StepKind::Assign)).await.unwrap();
    stage.ask_as(NORA, asking(2, whole())).await.unwrap();
    let mut sooner = wanted(3, StepKind::Update);
    sooner.request.end = End::After(HOUR / 2);
    says(&stage, OLOF, sooner).await.unwrap();
    assert!(writes(&stage));
    stage.passes(HOUR / 2);
    assert!(!writes(&stage));
    let nothing = Rules::of([Rule::Eligibility]).unwrap();
    assert_eq!(refusal(stage.ask_as(NORA, asking(4, whole())).await), nothing.into());
}

#[tokio::test]
async fn only_who_gives_access_there_says_so_and_a_refusal_leaves_no_trace() {
    let stage = stage(Vec::new()).await;
    stage.ask(1).await.unwrap(); // Ada is Contributor for an hour, by a delegation
    let before = testkit::events(&stage.plane).await.len();
    for who in [ADA, NORA] {
        for kind in [StepKind::Assign, StepKind::Remove] {
            let outcome = says(&stage, who, wanted(2, kind)).await;
            assert!(is_denied(&outcome), "{who} {outcome:?}");
        }
    }
    let nobody = Entitle { principal: samples::object(0xDEAD), ..wanted(2, StepKind::Assign) };
    assert!(matches!(says(&stage, OLOF, nobody).await, Err(Error::Role(_))));
    let foreign = Entitle { principal: samples::TIER1.object, ..wanted(2, StepKind::Assign) };
    assert!(matches!(says(&stage, OLOF, foreign).await, Err(Error::Role(_))));
    assert_eq!(refused(says(&stage, OLOF, wanted(2, StepKind::Remove)).await), Decision::NotActive);
    let scope = Scope::Resource(wanted(2, StepKind::Assign).request.id.as_resource().clone());
    let context = testkit::context(OLOF, &Action::ELIGIBILITIES_WRITE, scope);
    validate(&stage.plane, &context, wanted(2, StepKind::Assign)).await.unwrap();
    assert_eq!(testkit::events(&stage.plane).await.len(), before);
}

#[tokio::test]
async fn what_has_not_begun_is_taken_back_by_the_name_of_its_request() {
    let stage = stage(Vec::new()).await;
    let mut later = wanted(1, StepKind::Assign);
    later.request.start = Some(stage.now() + HOUR);
    says(&stage, OLOF, later).await.unwrap();
    let context = testkit::context(OLOF, &Action::ELIGIBILITIES_WRITE, whole());
    let name = Uuid::from_u128(1).to_string();
    let gone = cancel(&stage.plane, &context, &whole(), &name).await.unwrap();
    assert_eq!(gone.removed, Some(stage.now()));
    assert_eq!(refused(cancel(&stage.plane, &context, &whole(), &name).await), Decision::NotActive);
}

#[tokio::test]
async fn who_reads_role_assignments_there_and_who_is_meant_see_it_and_nobody_else() {
    let stage = stage(Vec::new()).await;
    says(&stage, OLOF, wanted(1, StepKind::Assign)).await.unwrap();
    for (who, sees) in [(OLOF, true), (NORA, true), (ADA, false)] {
        let context = testkit::context(who, &Action::ROLE_ASSIGNMENTS_READ, whole());
        let all = eligibility::list(&stage.plane, &context, &whole(), Whose::Everyones).await;
        let own = |it: &eligibility::Eligible| it.eligibility.name() == Uuid::from_u128(1);
        assert_eq!(all.unwrap().iter().any(own), sees, "{who}");
        let of = (Reach::Everywhere, entitled::Whose::Everyones);
        let requests = entitled::list(&stage.plane, &context, &whole(), of).await.unwrap();
        assert_eq!(requests.len(), usize::from(sees), "{who}");
        let name = Uuid::from_u128(1).to_string();
        let one = entitled::get(&stage.plane, &context, &whole(), &name).await;
        assert_eq!(one.is_ok(), sees, "{who}");
    }
    let home = testkit::context(NORA, &Action::ROLE_ASSIGNMENTS_READ, Scope::Tenant(CUSTOMER));
    let mine = eligibility::list(&stage.plane, &home, &home.question.scope, Whose::Mine).await;
    assert_eq!(mine.unwrap().len(), 1, "wherever it is, and by the group");
}

#[tokio::test]
async fn what_a_management_group_lets_and_asks_for_reaches_what_lies_in_it() {
    let name: ids::name::Name = "all".parse().unwrap();
    let group = Scope::ManagementGroup(CUSTOMER, name.clone());
    let around = ManagementGroup {
        tenant: CUSTOMER,
        name: name.clone(),
        display_name: "All".to_owned(),
        parent: None,
    };
    let inside = samples::subscription(samples::SUBSCRIPTION, CUSTOMER);
    let stage = stage(vec![
        Noun::ManagementGroup(around),
        Noun::Subscription(Subscription { parent: Some(name), ..inside }),
        Noun::RoleAssignment(samples::role_assignment(group.clone(), OLOF, samples::OWNER)),
        Noun::ActivationPolicy(samples::activation_policy(group.clone())),
    ])
    .await;
    let mut above = wanted(1, StepKind::Assign);
    let id = above.request.id.name().clone();
    above.request.id = EligibleAssignmentId::at(group.clone(), id).unwrap();
    says(&stage, OLOF, above).await.unwrap();
    let filter = read::Filter { reach: Reach::Everywhere, whose: read::Whose::Everyones };
    for (n, scope) in [(2, whole()), (3, group.clone())] {
        let shown = stage.ask_as(NORA, asking(n, scope.clone())).await.unwrap();
        assert_eq!(shown.standing, Standing::Pending, "{scope}");
        assert!(!writes(&stage));
        let shown = stage.approves(OLOF, (&shown.it, Side::Customer)).await.unwrap();
        assert_eq!(shown.standing, Standing::Active, "{scope}");
        assert!(writes(&stage), "{scope}");
        for place in [whole(), group.clone()] {
            let context = testkit::context(OLOF, &Action::ROLE_ASSIGNMENTS_READ, place.clone());
            let all = read::list(&stage.plane, &context, &place, filter).await.unwrap();
            assert!(all.iter().any(|it| it.it.id == shown.it.id), "{scope} at {place}");
        }
        stage.passes(HOUR);
        assert!(!writes(&stage), "{scope}");
    }
    let context = testkit::context(NORA, &Action::ROLE_ASSIGNMENTS_READ, whole());
    let mine = eligibility::list(&stage.plane, &context, &whole(), Whose::Mine).await;
    assert_eq!(mine.unwrap().len(), 1);
}
