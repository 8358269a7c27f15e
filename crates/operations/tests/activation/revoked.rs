//! What ends in between: the delegation, the eligibility, the approver's part.

use activation::{refused::Refused as Decision, standing::Standing};
use model::{
    action::Action,
    activation::Side,
    change::{Change, Noun},
    delegation::{Assignment, Definition},
    period::OpenPeriod,
    question::Question,
    samples::{self, ADA, OLOF, PROVIDER, TIER1, whole},
};
use operations::{
    activation::read,
    delegation::end::{Ended, end},
};

use super::kit::{
    Asked, CARL, HOUR, LEA, LEADS, Stage, about, asking, definition, delegation, demanding,
    is_absent, is_denied, refusal,
};

async fn end_delegation(stage: &Stage) {
    let id = samples::assignment(whole()).id;
    let scope = ids::scope::Scope::Resource(id.as_resource().clone());
    let context = testkit::context(OLOF, &Action::ASSIGNMENTS_DELETE, scope);
    let ended = end(&stage.plane, &context, id).await.unwrap();
    assert!(matches!(ended, Ended::Removed(_)));
}

#[tokio::test]
async fn revoking_the_delegation_ends_what_is_active_and_it_does_not_come_back() {
    let stage = Stage::of(Asked::Nobody).await;
    let shown = stage.ask(1).await.unwrap();
    end_delegation(&stage).await;
    assert!(!stage.writes(&whole()));
    testkit::put(&stage.plane, vec![delegation()]).await;
    assert!(!stage.writes(&whole()), "who delegates anew gives nothing old back");
    let context = about(ADA, &Action::ACTIVATIONS_READ, &shown.it.id);
    let shown = read::get(&stage.plane, &context, shown.it.id).await.unwrap();
    assert_eq!(shown.standing, Standing::Revoked);
    assert_eq!(stage.ask(2).await.unwrap().standing, Standing::Active, "asked for anew");
}

#[tokio::test]
async fn a_yes_is_asked_for_again_once_who_gave_it_may_not_any_more() {
    let stage = Stage::of(Asked::Both).await;
    let shown = stage.ask(1).await.unwrap();
    let shown = stage.approves(LEA, (&shown.it, Side::Provider)).await.unwrap();
    let of = |who| Noun::Membership(samples::membership(LEADS, who));
    let gone = Change::Remove(of(LEA));
    testkit::apply(&stage.plane, vec![gone, Change::Put(of(CARL))]).await;
    let shown = stage.approves(OLOF, (&shown.it, Side::Customer)).await.unwrap();
    assert_eq!(shown.standing, Standing::Pending, "nobody whom the provider trusts has agreed");
    assert!(!stage.writes(&whole()));
    let shown = stage.approves(CARL, (&shown.it, Side::Provider)).await.unwrap();
    assert_eq!(shown.standing, Standing::Active);
}

#[tokio::test]
async fn what_waits_when_the_delegation_is_revoked_is_never_approved() {
    for comes_back in [false, true] {
        let stage = Stage::of(Asked::Both).await;
        let shown = stage.ask(1).await.unwrap();
        let shown = stage.approves(OLOF, (&shown.it, Side::Customer)).await.unwrap();
        end_delegation(&stage).await;
        if comes_back {
            testkit::put(&stage.plane, vec![delegation()]).await;
        }
        let late = stage.approves(LEA, (&shown.it, Side::Provider)).await;
        if comes_back {
            assert_eq!(refusal(late), Decision::NotWaiting);
        } else {
            assert!(is_absent(&late), "{late:?}");
        }
        assert!(!stage.writes(&whole()));
    }
}

#[tokio::test]
async fn a_manifest_without_it_ends_it_and_a_stricter_one_is_heeded_at_approval() {
    let stage = Stage::of(Asked::Nobody).await;
    stage.ask(1).await.unwrap();
    let without = Definition { eligible: Vec::new(), ..definition(Asked::Nobody) };
    testkit::put(&stage.plane, vec![Noun::Definition(without)]).await;
    assert!(!stage.writes(&whole()));

    let stage = Stage::of(Asked::Provider).await;
    let shown = stage.ask(1).await.unwrap();
    let policy = Noun::ActivationPolicy(samples::activation_policy(whole()));
    testkit::put(&stage.plane, vec![policy]).await;
    let half = stage.approves(LEA, (&shown.it, Side::Provider)).await.unwrap();
    assert_eq!(half.standing, Standing::Pending, "the customer is asked now, too");
    assert!(!stage.writes(&whole()));
    let whole_word = stage.approves(OLOF, (&half.it, Side::Customer)).await.unwrap();
    assert_eq!(whole_word.standing, Standing::Active);
}

#[tokio::test]
async fn an_approver_who_left_the_group_decides_nothing() {
    let stage = Stage::of(Asked::Provider).await;
    let shown = stage.ask(1).await.unwrap();
    let left = Change::Remove(Noun::Membership(samples::membership(LEADS, LEA)));
    testkit::apply(&stage.plane, vec![left]).await;
    let decided = stage.approves(LEA, (&shown.it, Side::Provider)).await;
    assert!(is_absent(&decided), "it is not hers to know any more: {decided:?}");
}

#[tokio::test]
async fn who_left_the_eligible_group_holds_nothing() {
    let stage = Stage::of(Asked::Nobody).await;
    stage.ask(1).await.unwrap();
    let left = Change::Remove(Noun::Membership(samples::membership(TIER1, ADA)));
    testkit::apply(&stage.plane, vec![left]).await;
    assert!(!stage.writes(&whole()));
}

#[tokio::test]
async fn a_customers_owner_who_may_not_decide_is_told_so() {
    let asked_of_nobody = demanding(|_| {});
    let stage = Stage::with(Asked::Provider, vec![asked_of_nobody]).await;
    let shown = stage.ask(1).await.unwrap();
    for side in Side::ALL {
        assert!(is_denied(&stage.approves(OLOF, (&shown.it, side)).await), "{side:?}");
    }
}

#[tokio::test]
async fn a_delegation_begins_and_ends_by_itself_and_what_is_activated_by_it() {
    let stage = Stage::of(Asked::Nobody).await;
    let period = OpenPeriod::new(stage.now() + HOUR, Some(stage.now() + HOUR * 2));
    let timed = Assignment { period, ..samples::assignment(whole()) };
    testkit::put(&stage.plane, vec![Noun::Assignment(timed)]).await;
    let reads = || {
        let asked = Question::any(Action::GROUPS_READ, whole());
        stage.plane.index().check(ADA, &asked, stage.now()).is_allowed()
    };
    assert!(!reads() && stage.ask(1).await.is_err());
    stage.passes(HOUR);
    assert!(reads());
    let mut wanted = asking(1, whole());
    wanted.request.length = Some(HOUR * 8);
    stage.ask_as(ADA, wanted).await.unwrap();
    assert!(stage.writes(&whole()));
    stage.passes(HOUR);
    assert!(!reads() && !stage.writes(&whole()));
    assert_eq!(stage.plane.index().managing_tenants(samples::SUBSCRIPTION), [PROVIDER]);
}

/// Between the judgement and the commit the grant runs out: the write does not happen.
#[tokio::test]
async fn g3_a_write_begun_in_the_period_and_committed_after_it_is_refused() {
    let stage = Stage::of(Asked::Nobody).await;
    stage.ask(1).await.unwrap();
    stage.passes(HOUR - jiff::SignedDuration::from_nanos(1));
    let group = testkit::group("late");
    let change = Change::Put(Noun::ResourceGroup(group.clone()));
    let context = testkit::context(ADA, &Action::GROUPS_WRITE, group.scope());
    let mut unit = stage.plane.begin(&context);
    let id = (group.subscription, group.name.clone());
    assert!(unit.find::<model::tree::ResourceGroup>(&id).await.unwrap().is_none());
    unit.apply(stage.plane.permit(&context, &change).unwrap(), change).unwrap();
    stage.passes(jiff::SignedDuration::from_nanos(1));
    let committed = stage.plane.commit(&context, unit, 201).await;
    assert!(is_denied(&committed), "{committed:?}");
}
