//! Fabrikam with its account and people, a rival with its own, and the operators; and whoever
//! takes leads.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use ids::{
    clock::{Clock, TestClock},
    guid::{Principal, TenantId},
    offer::{OfferId, Slot},
    scope::Scope,
};
use jiff::SignedDuration;
use model::{
    action::{Action, Verb},
    change::Noun,
    directory::{OPERATORS, User, UserKind},
    directory_role::{DirectoryRoleAssignment, GLOBAL_ADMINISTRATOR},
    event::Event,
    market::{
        MarketNoun,
        account::{Account, AccountMember, AccountRole, Agreement, AgreementKind, Publisher},
        by_operator,
        form::Form,
        in_account,
        lead::Lead,
        media::Media,
        offer::Offer,
        submission::{Submission, SubmissionId},
    },
    samples::{self, ADA, CUSTOMER, PROVIDER, TIER1, market},
};
use operations::{
    context::Context,
    error::Error,
    market::{
        IfMatch, Operations, Refused,
        leads::{LeadSender, Sending, Unsent},
        offers::{create, read, save},
        run::{Certification, Means, drain},
        submissions::{self, go_live, submit},
    },
    plane::Plane,
};
use store::memory::Memory;
use uuid::Uuid;

pub(super) const RIVAL: TenantId = TenantId::new(Uuid::from_u128(0xB));
/// The rival's owner.
pub(super) const BO: Principal = samples::principal(RIVAL, 0xB0);
/// Fabrikam's people: a manager, a developer, and one who has nothing to do with offers.
pub(super) const MIA: Principal = samples::principal(PROVIDER, 0x31);
pub(super) const DAN: Principal = samples::principal(PROVIDER, 0xDA);
pub(super) const NED: Principal = samples::principal(PROVIDER, 0x9E);
/// Contoso's Olof as Fabrikam's guest.
pub(super) const GUEST: Principal = samples::principal(PROVIDER, 0x6E);
pub(super) const OPERATOR: Principal = samples::principal(OPERATORS, 0xA);

fn market(noun: MarketNoun) -> Noun {
    Noun::Market(noun)
}

pub(super) fn administrator(principal: Principal) -> Noun {
    let role = GLOBAL_ADMINISTRATOR;
    Noun::DirectoryRoleAssignment(DirectoryRoleAssignment { principal, role })
}

pub(super) fn member(principal: Principal, role: AccountRole) -> Noun {
    market(MarketNoun::AccountMember(AccountMember { principal, role }))
}

/// Everybody, and no account.
pub(super) fn people() -> Vec<Noun> {
    let user = |who, name| Noun::User(samples::user(who, name));
    let kind = UserKind::Guest { home: samples::OLOF };
    let guest = User { kind, ..samples::user(GUEST, "olof_contoso") };
    vec![
        Noun::Tenant(samples::tenant(RIVAL, "rival")),
        Noun::Tenant(samples::tenant(OPERATORS, "fyr")),
        user(BO, "bo"),
        user(MIA, "mia"),
        user(DAN, "dan"),
        user(NED, "ned"),
        user(OPERATOR, "operator"),
        Noun::User(guest),
        Noun::RoleAssignment(samples::role_assignment(
            Scope::Tenant(OPERATORS),
            OPERATOR,
            samples::OWNER,
        )),
    ]
}

/// Fabrikam's account, verified, with its people, its publisher and a logo; and the rival's.
pub(super) fn accounts() -> Vec<Noun> {
    let agreed = |kind| Agreement { kind, by: ADA, at: samples::now() };
    let agreements = vec![agreed(AgreementKind::Publisher), agreed(AgreementKind::PartnerNetwork)];
    let account = Account { agreements, ..market::account() };
    let publisher = |id: &str, tenant| Publisher {
        id: id.parse().unwrap(),
        tenant,
        display_name: id.to_owned(),
        created: samples::now(),
    };
    let media = Media { tenant: PROVIDER, picture: market::picture(), bytes: "AAAA".to_owned() };
    vec![
        market(MarketNoun::Account(Account { tenant: RIVAL, ..account.clone() })),
        market(MarketNoun::Account(account)),
        market(MarketNoun::Verification(market::verification())),
        market(MarketNoun::Publisher(publisher("fabrikam", PROVIDER))),
        market(MarketNoun::Publisher(publisher("rival", RIVAL))),
        market(MarketNoun::Media(media)),
        member(ADA, AccountRole::Owner),
        member(MIA, AccountRole::Manager),
        member(DAN, AccountRole::Developer),
        member(BO, AccountRole::Owner),
    ]
}

pub(super) async fn plane(more: Vec<Noun>) -> Plane {
    plane_by(Arc::new(TestClock::default()), more).await
}

pub(super) async fn plane_by(clock: Arc<dyn Clock>, more: Vec<Noun>) -> Plane {
    peopled(testkit::empty_by(clock).await, more).await
}

/// The same over that engine, whose rows can be looked at.
pub(super) async fn plane_over(engine: Arc<Memory>) -> Plane {
    let clock = Arc::new(TestClock::default());
    peopled(testkit::lagging(engine, clock, SignedDuration::ZERO).await, Vec::new()).await
}

async fn peopled(plane: Plane, more: Vec<Noun>) -> Plane {
    let nouns = testkit::world().into_iter().chain(people()).chain(accounts()).chain(more);
    testkit::put(&plane, nouns.collect()).await;
    plane
}

/// A request of somebody's about their own tenant's account.
pub(super) fn by(who: Principal) -> Context {
    let question = in_account(who.tenant, "offers", Verb::Read);
    let scope = Scope::Tenant(who.tenant);
    Context { question, ..testkit::context(who, &Action::named("Fyr.Market/offers/read"), scope) }
}

/// A request of somebody's about another tenant, as an operator.
pub(super) fn operating(who: Principal, tenant: TenantId) -> Context {
    Context { question: by_operator(tenant, "certifications", Verb::Write), ..by(who) }
}

/// Whoever takes leads: says what it is told to, and accepted where it is told nothing.
#[derive(Default)]
pub(super) struct Inbox {
    pub(super) answers: Mutex<VecDeque<Result<u16, Unsent>>>,
    pub(super) taken: Mutex<Vec<(String, Lead)>>,
}

impl LeadSender for Inbox {
    fn send<'a>(&'a self, url: &'a str, lead: &'a Lead) -> Sending<'a> {
        self.taken.lock().unwrap().push((url.to_owned(), lead.clone()));
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(Ok(202));
        Box::pin(async move { answer })
    }
}

pub(super) fn operations() -> Operations {
    let names = [
        "Microsoft.Storage/storageAccounts/read",
        "Microsoft.Storage/storageAccounts/write",
        "Microsoft.Storage/storageAccounts/listKeys/action",
        "Microsoft.Authorization/roleAssignments/write",
    ];
    Arc::new(names.map(str::to_owned).into())
}

pub(super) fn means(inbox: &Arc<Inbox>, certification: Certification) -> Means {
    let sender = Arc::clone(inbox) as Arc<dyn LeadSender>;
    Means { sender, certification, operations: operations() }
}

/// Does what is to be done, with an inbox that takes everything.
pub(super) async fn worked(plane: &Plane) {
    drain(plane, &means(&Arc::default(), Certification::Automatic)).await.unwrap();
}

pub(super) fn offer_id() -> OfferId {
    market::offer_id()
}

/// The sample's form: one private plan for Contoso's subscription, for Fabrikam's engineers.
pub(super) fn form() -> Form {
    let mut form = market::form();
    let manifest = &mut form.plans[0].manifests[0].manifest;
    manifest.authorizations = vec![samples::authorization(TIER1, samples::CONTRIBUTOR)];
    form
}

/// An offer with that draft.
pub(super) async fn drafted(plane: &Plane, form: &Form) -> Offer {
    create::create(plane, &by(DAN), &offer_id(), "ops").await.unwrap();
    save::save(plane, &by(DAN), &offer_id(), form, IfMatch::Any).await.unwrap().into_inner()
}

pub(super) async fn saved(plane: &Plane, form: &Form) -> Result<Offer, Error> {
    let saved = save::save(plane, &by(DAN), &offer_id(), form, IfMatch::Any).await;
    saved.map(operations::put::Put::into_inner)
}

pub(super) async fn submitted(plane: &Plane) -> Result<Submission, Error> {
    submit::submit(plane, &by(DAN), &operations(), &offer_id(), IfMatch::Any).await
}

/// The draft in its preview.
pub(super) async fn previewed(plane: &Plane) -> SubmissionId {
    let submission = submitted(plane).await.unwrap();
    worked(plane).await;
    submission.id
}

/// What is in the preview, live.
pub(super) async fn live(plane: &Plane) -> SubmissionId {
    let preview = previewed(plane).await;
    let submission = go_live::go_live(plane, &by(DAN), &offer_id(), preview).await.unwrap();
    worked(plane).await;
    submission.id
}

pub(super) async fn offer(plane: &Plane) -> Offer {
    read::read(plane, &by(DAN), &offer_id()).await.unwrap()
}

pub(super) async fn published(plane: &Plane, slot: Slot) -> Option<Form> {
    read::edition(plane, &by(DAN), &offer_id(), slot).await.ok().map(|it| it.form)
}

pub(super) async fn submission(plane: &Plane, id: SubmissionId) -> Submission {
    submissions::read::read(plane, &by(DAN), id).await.unwrap().submission
}

#[track_caller]
pub(super) fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refused {
    match outcome {
        Err(Error::Market(refused)) => *refused,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "a test hands its outcome over")]
pub(super) fn denied<T: std::fmt::Debug>(outcome: Result<T, Error>) {
    assert!(matches!(outcome, Err(Error::Denied(_))), "{outcome:?}");
}

/// The rules that object, of a refusal by rules.
#[track_caller]
pub(super) fn rules<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Vec<(&'static str, String)> {
    let refused = refused(outcome);
    let told = format!("{refused:?}");
    let Refused::Objections(found) = refused else { panic!("{told}") };
    found.into_iter().filter(market_rules_error).map(|it| (it.rule.id, it.field)).collect()
}

fn market_rules_error(it: &::market::lint::Finding) -> bool {
    it.rule.severity == ::market::lint::rules::Severity::Error
}

pub(super) async fn events(plane: &Plane) -> Vec<Event> {
    testkit::events(plane).await
}

/// A customer's tenant that is not Contoso.
pub(super) fn customer(n: u128) -> TenantId {
    assert_ne!(CUSTOMER.raw().as_u128(), n);
    TenantId::new(Uuid::from_u128(n))
}

/// What opens the inbox, and is nobody else's to know.
pub(super) const ADA_KEY: &str = "sig=hunter2hunter2";
