//! Asking, agreeing, holding, and how it ends by time.

use activation::{
    refused::{Refused as Decision, Rule, Rules},
    standing::Standing,
};
use ids::{resource::ResourceId, scope::Scope};
use jiff::SignedDuration;
use model::{
    activation::{Side, policy::Proof},
    activity::Log,
    change::{Change, Noun},
    samples::{
        self, ADA, CUSTOMER, OLOF, OWNER, PROVIDER, READER, SUBSCRIPTION, resource_group, whole,
    },
};
use operations::{
    activation::{
        approval, ask::Ask, cancel::cancel, deactivate::deactivate, decide::Answer, read,
    },
    around::Reach,
};
use uuid::Uuid;

use super::kit::{
    Asked, CARL, HOUR, LEA, Stage, about, ada_as_guest, asking, demanding, is_denied, refusal, role,
};
use model::action::Action;

const BREATH: SignedDuration = SignedDuration::from_nanos(1);

fn broken(rules: &[Rule]) -> Decision {
    Rules::of(rules.iter().copied()).unwrap().into()
}

#[tokio::test]
async fn by_ones_own_word_it_counts_at_once_and_ends_by_itself() {
    let stage = Stage::of(Asked::Nobody).await;
    assert!(!stage.writes(&whole()));
    let before = testkit::events(&stage.plane).await.len();
    let shown = stage.ask(1).await.unwrap();
    assert_eq!(shown.standing, Standing::Active);
    assert!(stage.writes(&whole()));
    let events = testkit::events(&stage.plane).await;
    assert_eq!(events.len(), before + 1);
    assert_eq!(events.last().unwrap().tenants, [CUSTOMER, PROVIDER]);
    stage.passes(HOUR - BREATH);
    assert!(stage.writes(&whole()));
    stage.passes(BREATH);
    assert!(!stage.writes(&whole()), "no sweep ends it");
    let context = about(ADA, &Action::ACTIVATIONS_READ, &shown.it.id);
    let after = read::get(&stage.plane, &context, shown.it.id.clone()).await.unwrap();
    assert_eq!(after.standing, Standing::Expired);
    assert_eq!(testkit::events(&stage.plane).await.len(), before + 1);
    assert_eq!(stage.ask(2).await.unwrap().standing, Standing::Active, "and again");
}

#[tokio::test]
async fn u7_each_side_that_is_asked_agrees_before_it_counts_and_the_clock_starts_then() {
    for (asked, sides) in [
        (Asked::Provider, &[Side::Provider][..]),
        (Asked::Customer, &[Side::Customer]),
        (Asked::Both, &[Side::Customer, Side::Provider]),
    ] {
        let stage = Stage::of(asked).await;
        let mut shown = stage.ask(1).await.unwrap();
        for side in sides {
            assert_eq!(shown.standing, Standing::Pending);
            assert!(!stage.writes(&whole()));
            stage.passes(HOUR);
            let by = if *side == Side::Provider { LEA } else { OLOF };
            shown = stage.approves(by, (&shown.it, *side)).await.unwrap();
        }
        assert_eq!(shown.standing, Standing::Active);
        stage.passes(HOUR - BREATH);
        assert!(stage.writes(&whole()), "for the whole hour from the last approval on");
        stage.passes(BREATH);
        assert!(!stage.writes(&whole()));
    }
}

#[tokio::test]
async fn both_sides_read_each_step_in_their_logs() {
    let stage = Stage::of(Asked::Both).await;
    let shown = stage.ask(1).await.unwrap();
    let shown = stage.approves(OLOF, (&shown.it, Side::Customer)).await.unwrap();
    stage.approves(LEA, (&shown.it, Side::Provider)).await.unwrap();
    for log in [Log::Subscription(SUBSCRIPTION), Log::Tenant(PROVIDER)] {
        let records = stage.log(log).await;
        for action in [Action::ACTIVATIONS_WRITE, Action::APPROVALS_WRITE] {
            let of = records.iter().filter(|it| it.action == action).count();
            let steps = if action == Action::APPROVALS_WRITE { 2 } else { 1 };
            // The request's own record may keep its beginning beside.
            assert!(of >= steps, "{log:?} {action}: {records:?}");
        }
        let named = records.iter().filter_map(|it| it.caller.as_ref());
        let of_customer = named.filter(|it| it.principal.tenant == CUSTOMER).count();
        assert_eq!(of_customer == 0, log == Log::Tenant(PROVIDER), "who acts for Contoso: {log:?}");
    }
}

#[tokio::test]
async fn nobody_approves_their_own_not_even_as_the_other_sides_guest() {
    let (guest, noun) = ada_as_guest();
    let named = demanding(|policy| {
        policy.approvers =
            vec![model::delegation::Approver { principal: guest.object, display_name: None }];
    });
    let stage = Stage::with(Asked::Nobody, vec![noun, named]).await;
    let shown = stage.ask(1).await.unwrap();
    assert_eq!(shown.standing, Standing::Pending);
    let own = stage.approves(guest, (&shown.it, Side::Customer)).await;
    assert_eq!(refusal(own), Decision::OwnRequest);
    let everywhere = Scope::Tenant(guest.tenant);
    let context = testkit::context(guest, &Action::APPROVALS_WRITE, everywhere);
    let told = approval::get(&stage.plane, &context, shown.it.approval()).await.unwrap();
    assert_eq!(told.stages.iter().map(|it| it.is_mine).collect::<Vec<_>>(), [false]);
    assert!(is_denied(&stage.approves(ADA, (&shown.it, Side::Customer)).await));
    assert!(!stage.writes(&whole()));
}

#[tokio::test]
async fn of_one_person_so_much_stands_and_so_much_that_is_over_is_kept() {
    let stage = Stage::of(Asked::Nobody).await;
    let account = |n: u128| {
        let group = resource_group("app");
        let id = format!("{group}/providers/Microsoft.Storage/storageAccounts/s{n}");
        ResourceId::parse(&id, CUSTOMER).unwrap()
    };
    let accounts = (1..=100).map(|n| Noun::Resource(testkit::resource(account(n))));
    testkit::put(&stage.plane, accounts.collect()).await;
    for n in 1..=100 {
        stage.ask_as(ADA, asking(n, Scope::Resource(account(n)))).await.unwrap();
    }
    assert_eq!(refusal(stage.ask(1_000).await), Decision::TooManyOpen(100));
    stage.passes(HOUR);
    assert_eq!(stage.ask(1_000).await.unwrap().standing, Standing::Active);
    let filter = read::Filter { reach: Reach::Everywhere, whose: read::Whose::Everyones };
    let context = testkit::context(ADA, &Action::ACTIVATIONS_READ, whole());
    let kept = read::list(&stage.plane, &context, &whole(), filter).await.unwrap();
    assert_eq!(kept.len(), 51, "the latest of what is over, and what is active");
}

#[tokio::test]
async fn what_a_group_asks_for_is_not_passed_by_asking_for_the_subscription() {
    let mut policy = samples::activation_policy(resource_group("app"));
    policy.minutes_max = Some(30);
    policy.asks = [Proof::Ticket].into();
    let stage = Stage::with(Asked::Nobody, vec![Noun::ActivationPolicy(policy.clone())]).await;
    let wide = refusal(stage.ask(1).await);
    assert_eq!(wide, broken(&[Rule::Expiration, Rule::Ticketing]));
    policy.asks.clear();
    policy.minutes_max = None;
    testkit::put(&stage.plane, vec![Noun::ActivationPolicy(policy)]).await;
    let shown = stage.ask(1).await.unwrap();
    assert_eq!(shown.standing, Standing::Pending, "its approvers are asked");
    let shown = stage.approves(OLOF, (&shown.it, Side::Customer)).await.unwrap();
    assert_eq!(shown.standing, Standing::Active);
    assert!(stage.writes(&resource_group("app")));
}

#[tokio::test]
async fn what_the_strictest_policy_asks_for_has_to_come_along() {
    let outer = demanding(|policy| {
        policy.asks = [Proof::Ticket, Proof::SecondFactor].into();
        policy.minutes_max = Some(30);
    });
    let stage = Stage::with(Asked::Nobody, vec![outer]).await;
    let all = broken(&[Rule::Expiration, Rule::Ticketing, Rule::Mfa]);
    assert_eq!(refusal(stage.ask(1).await), all);
    let inside = stage.ask_as(ADA, asking(1, resource_group("app"))).await;
    assert_eq!(refusal(inside), all, "it holds within, too");
    let mut good = asking(1, whole());
    good.request.length = None;
    good.request.ticket =
        Some(model::activation::Ticket { number: Some("42".to_owned()), system: None });
    let mut context = about(ADA, &Action::ACTIVATIONS_WRITE, &good.request.id);
    context.caller.methods.push("mfa".to_owned());
    let shown = operations::activation::ask::ask(&stage.plane, &context, good).await.unwrap();
    assert_eq!(shown.it.asked.length, SignedDuration::from_mins(30));
    assert!(shown.it.asked.second_factor);
}

#[tokio::test]
async fn nobody_asks_for_what_they_are_not_eligible_for_nor_for_others_nor_twice() {
    let stage = Stage::of(Asked::Nobody).await;
    let nothing = broken(&[Rule::Eligibility]);
    assert_eq!(refusal(stage.ask_as(CARL, asking(1, whole())).await), nothing);
    assert_eq!(refusal(stage.ask_as(OLOF, asking(1, whole())).await), nothing);
    for other in [OWNER, READER] {
        assert_eq!(refusal(stage.ask_as(ADA, role(&asking(1, whole()), other)).await), nothing);
    }
    let wrong = Ask { linked: Some(Uuid::from_u128(5)), ..asking(1, whole()) };
    assert_eq!(refusal(stage.ask_as(ADA, wrong).await), nothing);
    let context = about(ADA, &Action::ACTIVATIONS_WRITE, &asking(1, whole()).request.id);
    let for_carl = Ask { principal: CARL.object, ..asking(1, whole()) };
    let for_carl = operations::activation::ask::ask(&stage.plane, &context, for_carl).await;
    assert_eq!(refusal(for_carl), nothing);
    let shown = stage.ask(1).await.unwrap();
    let linked = Some(shown.it.eligibility.name());
    assert_eq!(refusal(stage.ask(2).await), Decision::Exists);
    assert_eq!(refusal(stage.ask(1).await), Decision::Requested);
    let inside = Ask { linked, ..asking(3, resource_group("app")) };
    assert!(stage.ask_as(ADA, inside).await.is_ok(), "elsewhere is another thing");
    let nowhere = stage.ask_as(ADA, asking(4, resource_group("gone"))).await;
    assert!(matches!(nowhere, Err(operations::error::Error::Group(_))), "{nowhere:?}");
}

#[tokio::test]
async fn a_no_a_cancellation_and_giving_back_end_it_at_once() {
    let stage = Stage::of(Asked::Provider).await;
    let shown = stage.ask(1).await.unwrap();
    let denied = stage.says(LEA, Answer::Deny, (&shown.it, Side::Provider)).await.unwrap();
    assert_eq!(denied.standing, Standing::Denied);
    assert!(!is_denied(&stage.approves(CARL, (&shown.it, Side::Provider)).await));
    let again = stage.approves(LEA, (&shown.it, Side::Provider)).await;
    assert_eq!(refusal(again), Decision::NotWaiting);

    let shown = stage.ask(2).await.unwrap();
    let context = |who| about(who, &Action::ACTIVATIONS_CANCEL, &shown.it.id);
    let by_another = cancel(&stage.plane, &context(LEA), shown.it.id.clone()).await;
    assert!(is_denied(&by_another), "{by_another:?}");
    let cancelled = cancel(&stage.plane, &context(ADA), shown.it.id.clone()).await.unwrap();
    assert_eq!(cancelled.standing, Standing::Cancelled);
    let again = cancel(&stage.plane, &context(ADA), shown.it.id.clone()).await;
    assert_eq!(refusal(again), Decision::NotPending);

    let shown = stage.ask(3).await.unwrap();
    stage.approves(LEA, (&shown.it, Side::Provider)).await.unwrap();
    assert!(stage.writes(&whole()));
    let give_back = async |who| {
        let context = about(who, &Action::ACTIVATIONS_WRITE, &shown.it.id);
        deactivate(&stage.plane, &context, &whole(), model::samples::CONTRIBUTOR).await
    };
    assert_eq!(refusal(give_back(CARL).await), Decision::NotActive);
    assert_eq!(give_back(ADA).await.unwrap().standing, Standing::Deactivated);
    assert!(!stage.writes(&whole()));
    assert_eq!(refusal(give_back(ADA).await), Decision::NotActive);
}

#[tokio::test]
async fn a_late_approval_moves_it_and_one_after_the_deadline_comes_to_nothing() {
    let stage = Stage::of(Asked::Provider).await;
    let mut wanted = asking(1, whole());
    wanted.request.start = Some(stage.now() + HOUR);
    let shown = stage.ask_as(ADA, wanted).await.unwrap();
    stage.passes(HOUR * 3);
    let shown = stage.approves(LEA, (&shown.it, Side::Provider)).await.unwrap();
    assert_eq!(shown.standing, Standing::Active);
    stage.passes(HOUR - BREATH);
    assert!(stage.writes(&whole()), "as long as was asked for");
    stage.passes(BREATH);
    let shown = stage.ask(2).await.unwrap();
    stage.passes(HOUR * 24);
    let late = stage.approves(LEA, (&shown.it, Side::Provider)).await;
    assert_eq!(refusal(late), Decision::NotWaiting);
    assert!(!stage.writes(&whole()));
}

#[tokio::test]
async fn what_is_planned_counts_from_its_start() {
    let stage = Stage::of(Asked::Nobody).await;
    let mut wanted = asking(1, resource_group("app"));
    wanted.request.start = Some(stage.now() + HOUR);
    let shown = stage.ask_as(ADA, wanted).await.unwrap();
    assert_eq!(shown.standing, Standing::Scheduled);
    stage.passes(HOUR - BREATH);
    assert!(!stage.writes(&resource_group("app")));
    stage.passes(BREATH);
    assert!(stage.writes(&resource_group("app")) && !stage.writes(&whole()));
}

#[tokio::test]
async fn long_over_requests_go_when_somebody_asks_again() {
    let stage = Stage::of(Asked::Nobody).await;
    stage.ask(1).await.unwrap();
    stage.passes(SignedDuration::from_hours(91 * 24));
    stage.ask(2).await.unwrap();
    let removed = testkit::events(&stage.plane)
        .await
        .into_iter()
        .filter(|it| matches!(&it.change, Change::Remove(Noun::Activation(_))));
    assert_eq!(removed.count(), 1);
}
