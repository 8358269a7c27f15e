//! Who hears of what: others hear of nothing.

use activation::standing::Standing;
use ids::{
    guid::Principal,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    action::Action,
    activation::Side,
    activity::Log,
    change::Noun,
    delegation::{Assignment, Definition},
    samples::{self, ADA, CONTRIBUTOR, OLOF, SUBSCRIPTION, whole},
    settings::{Profile, Settings},
};
use operations::{
    activation::{
        Shown, approval,
        called::{About, names},
        cancel::cancel,
        decide::Answer,
        eligibility,
        read::{self, Filter, Whose},
        waiting::{self, Waiting},
    },
    activity,
    around::Reach,
};

use super::kit::{Asked, BO, CARL, EVERYONE, LEA, Stage, about, is_absent, is_denied};

fn at(who: Principal, scope: Scope) -> operations::context::Context {
    testkit::context(who, &Action::ACTIVATIONS_READ, scope)
}

async fn seen(stage: &Stage, who: Principal, scope: &Scope, whose: Whose) -> Vec<Shown> {
    let filter = Filter { reach: Reach::Everywhere, whose };
    read::list(&stage.plane, &at(who, scope.clone()), scope, filter).await.unwrap()
}

#[tokio::test]
async fn who_asked_who_decides_and_who_reads_role_assignments_there_see_it_and_nobody_else() {
    let stage = Stage::of(Asked::Provider).await;
    let it = stage.ask(1).await.unwrap().it;
    for who in EVERYONE {
        let has_a_part = [ADA, OLOF, LEA].contains(&who);
        let context = about(who, &Action::ACTIVATIONS_READ, &it.id);
        let got = read::get(&stage.plane, &context, it.id.clone()).await;
        assert_eq!(got.is_ok(), has_a_part, "{who}");
        assert_eq!(is_absent(&got), !has_a_part, "{who}: {got:?}");
        let listed = seen(&stage, who, &whole(), Whose::Everyones).await;
        assert_eq!(listed.len(), usize::from(has_a_part), "{who}");
        let approval = approval::get(&stage.plane, &context, it.approval()).await;
        assert_eq!(approval.is_ok(), has_a_part, "{who}");
        if let Ok(approval) = approval {
            let mine = approval.stages.iter().any(|stage| stage.is_mine);
            assert_eq!((approval.stages.len(), mine), (1, who == LEA), "{who}");
        }
    }
}

#[tokio::test]
async fn a_stranger_who_acts_on_it_hears_what_is_heard_of_nothing() {
    let stage = Stage::of(Asked::Both).await;
    let it = stage.ask(1).await.unwrap().it;
    for who in [CARL, BO] {
        let context = about(who, &Action::ACTIVATIONS_CANCEL, &it.id);
        assert!(is_absent(&cancel(&stage.plane, &context, it.id.clone()).await), "{who}");
        for side in Side::ALL {
            for answer in [Answer::Approve, Answer::Deny] {
                assert!(is_absent(&stage.says(who, answer, (&it, side)).await), "{who}");
            }
        }
    }
    for (who, side) in [(LEA, Side::Customer), (OLOF, Side::Provider)] {
        assert!(is_denied(&stage.approves(who, (&it, side)).await), "{who} decides for one side");
    }
}

#[tokio::test]
async fn each_finds_their_own_and_what_waits_for_them_without_knowing_where() {
    let stage = Stage::of(Asked::Both).await;
    let it = stage.ask(1).await.unwrap().it;
    let count = async |who: Principal, whose| {
        seen(&stage, who, &Scope::Tenant(who.tenant), whose).await.len()
    };
    for who in EVERYONE {
        assert_eq!(count(who, Whose::Mine).await, usize::from(who == ADA), "{who}");
        let decides = [OLOF, LEA].contains(&who);
        assert_eq!(count(who, Whose::MineToDecide).await, usize::from(decides), "{who}");
    }
    stage.approves(OLOF, (&it, Side::Customer)).await.unwrap();
    assert_eq!(count(OLOF, Whose::MineToDecide).await, 0, "has had a say");
    assert_eq!(count(LEA, Whose::MineToDecide).await, 1);
    let named = Whose::Naming(ADA.object);
    assert_eq!(seen(&stage, OLOF, &whole(), named).await.len(), 1);
    assert_eq!(seen(&stage, OLOF, &whole(), Whose::Naming(CARL.object)).await.len(), 0);
    let standing = seen(&stage, ADA, &whole(), Whose::Mine).await[0].standing;
    assert_eq!(standing, Standing::Pending);
}

#[tokio::test]
async fn what_may_be_activated_is_told_to_who_may_and_to_the_customers_readers() {
    let stage = Stage::of(Asked::Both).await;
    for who in EVERYONE {
        for (scope, whose) in [
            (whole(), eligibility::Whose::Mine),
            (whole(), eligibility::Whose::Everyones),
            (model::samples::resource_group("app"), eligibility::Whose::Mine),
            (Scope::Tenant(who.tenant), eligibility::Whose::Mine),
        ] {
            let context = at(who, scope.clone());
            let found = eligibility::list(&stage.plane, &context, &scope, whose).await.unwrap();
            let told = who == ADA || (who == OLOF && whose == eligibility::Whose::Everyones);
            assert_eq!(found.len(), usize::from(told), "{who} {scope} {whose:?}");
            for it in found {
                assert_eq!(it.eligibility.role, CONTRIBUTOR);
                assert_eq!(it.demands.sides.len(), 2);
                assert_eq!(it.demands.minutes_max, 120);
            }
        }
    }
}

#[tokio::test]
async fn a_rival_reads_of_activations_in_the_customers_log_in_azure_only() {
    for (profile, heard) in [(Profile::Azure, true), (Profile::Strict, false)] {
        let settings = Noun::Settings(Settings { profile, ..Settings::default() });
        let name = uuid::Uuid::from_u128(0xB1D).to_string().parse().unwrap();
        let rivals = Definition {
            id: DefinitionId::at(whole(), name).unwrap(),
            managed_by: BO.tenant,
            authorizations: vec![samples::authorization(BO, samples::READER)],
            ..samples::definition(SUBSCRIPTION)
        };
        let accepted = Assignment {
            id: AssignmentId::at(whole(), rivals.id.name().clone()).unwrap(),
            definition: rivals.id.clone(),
            managed_by: BO.tenant,
            ..samples::assignment(whole())
        };
        let more = vec![settings, Noun::Definition(rivals), Noun::Assignment(accepted)];
        let stage = Stage::with(Asked::Nobody, more).await;
        stage.ask(1).await.unwrap();
        let asked = activity::Asked {
            from: Some(samples::now() - jiff::SignedDuration::from_hours(24)),
            ..activity::Asked::default()
        };
        for who in [ADA, OLOF, BO] {
            let context = testkit::context(who, &activity::READ, whole());
            let log = Log::Subscription(SUBSCRIPTION);
            let page = activity::read(&stage.plane, &context, log, &asked, None, None).await;
            let found = page.unwrap().items.iter().any(|it| it.action == Action::ACTIVATIONS_WRITE);
            assert_eq!(found, who != BO || heard, "{profile:?} {who}");
        }
    }
}

#[tokio::test]
async fn what_waits_for_somebody_is_counted_by_the_side_that_they_decide_for() {
    let stage = Stage::of(Asked::Both).await;
    let it = stage.ask(1).await.unwrap().it;
    let count = async |who: Principal| {
        waiting::count(&stage.plane, &at(who, Scope::Tenant(who.tenant))).await.unwrap()
    };
    for who in EVERYONE {
        let expected =
            Waiting { as_customer: usize::from(who == OLOF), as_provider: usize::from(who == LEA) };
        assert_eq!(count(who).await, expected, "{who}");
    }
    stage.approves(LEA, (&it, Side::Provider)).await.unwrap();
    assert_eq!(
        (count(LEA).await.all(), count(OLOF).await.all()),
        (0, 1),
        "who has agreed waits no more"
    );
    stage.passes(super::kit::HOUR * 24);
    assert_eq!(count(OLOF).await.all(), 0, "nor who has let it pass");
}

#[tokio::test]
async fn places_and_tenants_of_what_one_sees_are_told_by_their_names() {
    let stage = Stage::of(Asked::Nobody).await;
    let shown = stage.ask(1).await.unwrap();
    let about = About::shown(&shown);
    let told = names(&stage.plane, std::slice::from_ref(&about)).await.unwrap();
    let known = [samples::PROVIDER, samples::CUSTOMER].map(|it| told.tenant(it).is_some());
    assert_eq!((known, told.subscription(SUBSCRIPTION).is_some()), ([true, true], true));
    let (context, mine) = (at(ADA, whole()), eligibility::Whose::Mine);
    let found = eligibility::list(&stage.plane, &context, &whole(), mine).await.unwrap();
    assert_eq!(About::eligible(&stage.plane, &found[0]), about);
    let none = names(&stage.plane, &[]).await.unwrap();
    assert_eq!((none.tenant(samples::PROVIDER), none.subscription(SUBSCRIPTION)), (None, None));
}
