//! Contoso lets Fabrikam's Tier 1 be Contributor just in time, by the word of whom it takes.

use std::sync::Arc;

use activation::{refused::Refused as Decision, request::Request};
use ids::{
    clock::TestClock,
    guid::{Principal, RoleId, TenantId},
    resource::ActivationId,
    scope::Scope,
};
use jiff::{SignedDuration, Timestamp};
use model::{
    action::Action,
    activation::{Activation, Side, policy::ActivationPolicy},
    activity::{Activity, Log},
    change::Noun,
    delegation::{Definition, EligibleAuthorization},
    question::Question,
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, PROVIDER, SUBSCRIPTION, TIER1, whole},
};
use operations::{
    activation::{
        Refused, Shown,
        ask::{Ask, ask},
        decide::{Answer, Review, decide},
    },
    context::Context,
    error::Error,
    plane::Plane,
};
use store::{
    activity::{ActivityFilter, ActivityQuery},
    snapshot::Page,
};
use uuid::Uuid;

/// Fabrikam's shift leader, who approves by a group.
pub(super) const LEA: Principal = samples::principal(PROVIDER, 0x1EA);
pub(super) const LEADS: Principal = samples::principal(PROVIDER, 0x1EAD);
/// Ada's colleague, in no group.
pub(super) const CARL: Principal = samples::principal(PROVIDER, 0xCA);
/// Of another tenant, which has no part in it.
pub(super) const BO: Principal = samples::principal(TenantId::new(Uuid::from_u128(0xB)), 0xB0);
pub(super) const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Whose approval it takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Nobody,
    Provider,
    Customer,
    Both,
}

pub(super) struct Stage {
    pub(super) plane: Plane,
    pub(super) clock: Arc<TestClock>,
}

impl Stage {
    pub(super) async fn of(asked: Asked) -> Self {
        Self::with(asked, Vec::new()).await
    }

    pub(super) async fn with(asked: Asked, more: Vec<Noun>) -> Self {
        let clock = Arc::new(TestClock::default());
        let plane = testkit::empty_by(clock.clone()).await;
        let by_customer = matches!(asked, Asked::Customer | Asked::Both);
        let policy = Noun::ActivationPolicy(samples::activation_policy(whole()));
        let nouns = testkit::world()
            .into_iter()
            .chain(people())
            .chain([Noun::Definition(definition(asked)), delegation()])
            .chain(by_customer.then_some(policy))
            .chain(more)
            .collect();
        testkit::put(&plane, nouns).await;
        Self { plane, clock }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.plane.store.now()
    }

    pub(super) fn passes(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    pub(super) async fn ask(&self, n: u128) -> Result<Shown, Error> {
        self.ask_as(ADA, asking(n, whole())).await
    }

    pub(super) async fn ask_as(&self, who: Principal, wanted: Ask) -> Result<Shown, Error> {
        let context = about(who, &Action::ACTIVATIONS_WRITE, &wanted.request.id);
        ask(&self.plane, &context, Ask { principal: who.object, ..wanted }).await
    }

    pub(super) async fn says(
        &self,
        who: Principal,
        answer: Answer,
        (of, side): (&Activation, Side),
    ) -> Result<Shown, Error> {
        let (approval, stage) = (of.approval(), of.stage(side));
        let context = testkit::context(who, &Action::APPROVALS_WRITE, Scope::Tenant(who.tenant));
        decide(&self.plane, &context, Review { approval, stage, answer, justification: None }).await
    }

    pub(super) async fn approves(
        &self,
        who: Principal,
        of: (&Activation, Side),
    ) -> Result<Shown, Error> {
        self.says(who, Answer::Approve, of).await
    }

    /// Whether Ada may change resource groups there now.
    pub(super) fn writes(&self, scope: &Scope) -> bool {
        let asked = Question::any(Action::GROUPS_WRITE, scope.clone());
        self.plane.index().check(ADA, &asked, self.now()).is_allowed()
    }

    pub(super) async fn log(&self, log: Log) -> Vec<Activity> {
        let day = SignedDuration::from_hours(48);
        let (from, to) = (self.now() - day, self.now() + day);
        let query = ActivityQuery { log, from, to, filter: ActivityFilter::default() };
        self.plane.store.activity(&query, Page::first()).await.unwrap().items
    }
}

fn people() -> Vec<Noun> {
    vec![
        Noun::Tenant(samples::tenant(BO.tenant, "rival")),
        Noun::User(samples::user(BO, "bo")),
        Noun::User(samples::user(LEA, "lea")),
        Noun::User(samples::user(CARL, "carl")),
        Noun::Group(samples::group(LEADS, "leads")),
        Noun::Membership(samples::membership(LEADS, LEA)),
        Noun::ResourceGroup(testkit::group("app")),
    ]
}

pub(super) fn definition(asked: Asked) -> Definition {
    let by_provider = matches!(asked, Asked::Provider | Asked::Both);
    let open = samples::eligible(TIER1, CONTRIBUTOR);
    let eligible: EligibleAuthorization = if by_provider {
        let mut guarded = samples::guarded(TIER1, CONTRIBUTOR, LEADS);
        if let Some(policy) = &mut guarded.policy {
            policy.multi_factor = model::delegation::MultiFactor::None;
        }
        guarded
    } else {
        open
    };
    Definition { eligible: vec![eligible], ..samples::eligible_definition(SUBSCRIPTION) }
}

pub(super) fn delegation() -> Noun {
    Noun::Assignment(samples::assignment(whole()))
}

pub(super) fn demanding(edit: impl FnOnce(&mut ActivationPolicy)) -> Noun {
    let mut policy = samples::activation_policy(whole());
    policy.approvers.clear();
    edit(&mut policy);
    Noun::ActivationPolicy(policy)
}

/// Contributor at the scope for an hour, at once.
pub(super) fn asking(n: u128, scope: Scope) -> Ask {
    let name = Uuid::from_u128(n).to_string().parse().unwrap();
    let request = Request {
        id: ActivationId::at(scope, name).unwrap(),
        start: None,
        length: Some(HOUR),
        justification: Some("patch night".to_owned()),
        ticket: None,
    };
    Ask { request, role: CONTRIBUTOR, principal: ADA.object, linked: None }
}

pub(super) fn role(wanted: &Ask, role: RoleId) -> Ask {
    Ask { role, ..wanted.clone() }
}

pub(super) fn about(who: Principal, action: &Action, id: &ActivationId) -> Context {
    testkit::context(who, action, Scope::Resource(id.as_resource().clone()))
}

pub(super) fn refusal(outcome: Result<Shown, Error>) -> Decision {
    match outcome {
        Err(Error::Activation(Refused::Decision(it))) => it,
        other => panic!("{other:?}"),
    }
}

pub(super) fn is_absent<T: std::fmt::Debug>(outcome: &Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::Activation(Refused::NotFound(_) | Refused::NoApproval(_))))
}

pub(super) fn is_denied<T: std::fmt::Debug>(outcome: &Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::Denied(_)))
}

/// Ada as somebody whom Contoso has as its guest.
pub(super) fn ada_as_guest() -> (Principal, Noun) {
    use model::directory::{User, UserKind};
    let guest = samples::principal(CUSTOMER, 0x60);
    let kind = UserKind::Guest { home: ADA };
    (guest, Noun::User(User { kind, ..samples::user(guest, "ada_guest") }))
}

pub(super) const EVERYONE: [Principal; 5] = [ADA, OLOF, LEA, CARL, BO];
