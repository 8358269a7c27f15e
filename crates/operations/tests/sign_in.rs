//! Signing in, whole, over a store in memory.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, OnceLock},
};

use access::catalogue::Catalogue;
use identity::{
    account::Directory,
    client::AZURE_CLI,
    keys::generate,
    password,
    refusal::Refused,
    request::{ClientClaim, DeviceRequest, Grant, Proof, TokenRequest},
    resource::Api,
    secret::{MasterKey, Sensitive},
    verifier::Untrusted,
};
use ids::{
    clock::{Clock, Random, TestClock, TestRandom},
    guid::{AppId, ObjectId, Principal},
};
use jiff::SignedDuration;
use model::{
    change::{Change, Noun},
    directory::{
        Application, Credential, Holder, Secret, ServicePrincipal, ServicePrincipalKind,
        SigningKey, User, UserKind,
    },
    event::{Caller, CallerKind},
    samples::{self, ADA, CUSTOMER, OLOF, PROVIDER},
};
use operations::{
    plane::{Plane, Simulated},
    seal::Seal,
    sign_in::{Asker, Error, SignIn, device::Answer, token::Tokens},
};
use store::{memory::Memory, store::Store};
use uuid::Uuid;

const APP: AppId = AppId::new(Uuid::from_u128(0xA99));
const GUEST: Principal = samples::principal(CUSTOMER, 0x60);
const ARM: &str = "https://localhost:8443//.default";
const SIGNED_IN: &str = "https://localhost:8443//.default offline_access openid profile";

/// A plane whose clock the test moves, and signing in to it.
struct Kit {
    clock: Arc<TestClock>,
    sign_in: Arc<SignIn>,
}

fn master() -> MasterKey {
    MasterKey::new([5; 32])
}

/// Hashing is slow by intent: once for all tests of a process.
fn horse() -> Secret {
    static HASH: OnceLock<Secret> = OnceLock::new();
    HASH.get_or_init(|| password::chosen("correct horse", &TestRandom::default()).unwrap()).clone()
}

fn credential(holder: Holder, secret: Secret) -> Noun {
    let (key, display_name) = (Uuid::from_u128(0xCE), String::new());
    Noun::Credential(Credential { holder, key, display_name, secret, expires: None })
}

/// A key from the beginning of the test's time, so that no test waits for one.
fn signing_key() -> SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    let now = TestClock::default().now();
    KEY.get_or_init(|| generate(now, now, &master(), &TestRandom::seeded(3)).unwrap()).clone()
}

fn people() -> Vec<Noun> {
    let object = ObjectId::new(APP.raw());
    let principal = Principal { tenant: PROVIDER, object };
    let display_name = "automation".to_owned();
    let ada = samples::user(ADA, "ada");
    let name = "ada@fabrikam.example".to_owned();
    let guest = samples::user(GUEST, "ada_fabrikam.example#EXT#");
    vec![
        Noun::User(User { user_principal_name: name, ..ada }),
        Noun::User(User { kind: UserKind::Guest { home: ADA }, ..guest }),
        credential(Holder::User(ADA), horse()),
        Noun::Application(Application::new(PROVIDER, APP, object, display_name.clone())),
        Noun::ServicePrincipal(ServicePrincipal {
            principal,
            app: APP,
            display_name,
            enabled: true,
            kind: ServicePrincipalKind::Application,
        }),
        credential(Holder::Application(PROVIDER, APP), password::drawn("battery staple")),
    ]
}

async fn kit() -> Kit {
    let clock = Arc::new(TestClock::default());
    let random: Arc<dyn Random> = Arc::new(TestRandom::default());
    let dynamic: Arc<dyn Clock> = Arc::<TestClock>::clone(&clock);
    let (engine, catalogue) = (Arc::new(Memory::default()), Catalogue::builtin());
    let store = Store::open(engine, catalogue, Arc::clone(&dynamic), Arc::clone(&random));
    let (store, origins) = (store.await.unwrap(), testkit::origins());
    let (simulated, seal) = (Simulated::default(), Seal::new(&[7; 32]));
    let plane = Plane { store, clock: dynamic, random, origins, simulated, seal, taken: None };
    let world = testkit::world().into_iter().chain(people());
    testkit::put(&plane, world.chain([Noun::SigningKey(signing_key())]).collect()).await;
    let sign_in = SignIn::open(Arc::new(plane), master()).await.unwrap();
    Kit { clock, sign_in }
}

fn asker(directory: Directory) -> Asker {
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    Asker { directory, address, correlation: samples::correlation() }
}

fn at(tenant: ids::guid::TenantId) -> Asker {
    asker(Directory::Tenant(tenant))
}

fn request(grant: Grant, scope: &str) -> TokenRequest {
    let client = ClientClaim { app: AZURE_CLI, proof: None };
    TokenRequest { client, grant, scope: scope.to_owned(), nonce: None }
}

fn by_password(username: &str, password: &str) -> TokenRequest {
    let password = Sensitive(password.to_owned());
    request(Grant::Password { username: username.to_owned(), password }, SIGNED_IN)
}

fn by_secret(secret: Option<&str>) -> TokenRequest {
    let proof = secret.map(|it| Proof::Secret(Sensitive(it.to_owned())));
    let client = ClientClaim { app: APP, proof };
    TokenRequest { client, ..request(Grant::ClientCredentials, ARM) }
}

fn by_refresh(secret: &str) -> TokenRequest {
    request(Grant::RefreshToken(Sensitive(secret.to_owned())), SIGNED_IN)
}

fn refused(outcome: Result<Tokens, Error>) -> Refused {
    match outcome {
        Err(Error::Refused(refused)) => refused,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn refresh_of(tokens: &Tokens) -> String {
    tokens.person.as_ref().and_then(|it| it.refresh.clone()).unwrap().0
}

impl Kit {
    async fn token(&self, asker: Asker, request: TokenRequest) -> Result<Tokens, Error> {
        self.sign_in.token(asker, request).await
    }

    /// Whom ARM takes the bearer for.
    fn caller(&self, tokens: &Tokens) -> Arc<Caller> {
        self.sign_in.verifier(Api::Arm).verify(&tokens.access.0, self.clock.now()).unwrap()
    }

    async fn ada(&self) -> Tokens {
        let request = by_password("ada@fabrikam.example", "correct horse");
        self.token(at(PROVIDER), request).await.unwrap()
    }

    fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    async fn change(&self, change: Change) {
        testkit::apply(self.sign_in.plane(), vec![change]).await;
    }
}

#[tokio::test]
async fn an_application_signs_in_with_its_secret() {
    let kit = kit().await;
    let tokens = kit.token(at(PROVIDER), by_secret(Some("battery staple"))).await.unwrap();
    let caller = kit.caller(&tokens);
    let principal = Principal { tenant: PROVIDER, object: ObjectId::new(APP.raw()) };
    assert_eq!((caller.principal, caller.kind), (principal, CallerKind::Application));
    assert!(tokens.person.is_none());
    let on_graph = kit.sign_in.verifier(Api::Graph).verify(&tokens.access.0, kit.clock.now());
    assert!(matches!(on_graph, Err(Untrusted::Audience(_))));
}

#[tokio::test]
async fn an_application_is_refused_where_it_is_not_itself() {
    let kit = kit().await;
    let not_found = |tenant: ids::guid::TenantId| Refused::ClientNotFound {
        app: APP.to_string(),
        directory: tenant.to_string(),
    };
    let unknown = TokenRequest {
        scope: "https://evil.example/.default".to_owned(),
        ..by_secret(Some("battery staple"))
    };
    let cases = [
        (at(PROVIDER), by_secret(Some("wrong")), Refused::WrongSecret(APP)),
        (at(PROVIDER), by_secret(None), Refused::NoSecret),
        (at(CUSTOMER), by_secret(Some("battery staple")), not_found(CUSTOMER)),
        (asker(Directory::Home), by_secret(Some("battery staple")), Refused::NoTenant),
        (at(PROVIDER), unknown, Refused::UnknownResource("https://evil.example".to_owned())),
    ];
    for (asker, request, expected) in cases {
        assert_eq!(refused(kit.token(asker, request).await), expected);
    }
}

#[tokio::test]
async fn a_person_signs_in_at_home_and_as_a_guest_with_one_password() {
    let kit = kit().await;
    let login = || by_password("ADA@fabrikam.example", "correct horse");
    let everywhere = [(at(PROVIDER), ADA), (asker(Directory::Home), ADA), (at(CUSTOMER), GUEST)];
    for (asker, expected) in everywhere {
        let tokens = kit.token(asker, login()).await.unwrap();
        let caller = kit.caller(&tokens);
        assert_eq!((caller.principal, caller.kind), (expected, CallerKind::User));
        assert_eq!(
            (caller.name.as_str(), &caller.methods[..]),
            ("ada@fabrikam.example", &["pwd".to_owned()][..])
        );
        let person = tokens.person.unwrap();
        assert_eq!(person.client_info, identity::claims::client_info(ADA));
        assert!(person.id.is_some() && person.refresh.is_some());
    }
}

#[tokio::test]
async fn whoever_does_not_know_the_password_learns_nothing() {
    let kit = kit().await;
    let names = [
        "ada@fabrikam.example",
        "nobody@fabrikam.example",
        "ada@nowhere.example",
        "ada",
        // Olof has no password, and a guest's is at home.
        "olof@example",
        "ada_fabrikam.example#EXT#@example",
    ];
    for name in names {
        for asker in [at(PROVIDER), at(CUSTOMER), asker(Directory::Home)] {
            let outcome = kit.token(asker, by_password(name, "wrong")).await;
            assert_eq!(refused(outcome), Refused::WrongPassword, "{name}");
        }
    }
}

#[tokio::test]
async fn guessing_slows_down_and_the_owner_elsewhere_notices_nothing() {
    let kit = kit().await;
    let wrong = || by_password("ada@fabrikam.example", "wrong");
    for _ in 0..6 {
        assert_eq!(refused(kit.token(at(PROVIDER), wrong()).await), Refused::WrongPassword);
    }
    let right = || by_password("ada@fabrikam.example", "correct horse");
    let slowed = refused(kit.token(at(PROVIDER), right()).await);
    assert!(matches!(slowed, Refused::SlowedDown(_)), "{slowed:?}");
    let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9));
    assert!(kit.token(Asker { address, ..at(PROVIDER) }, right()).await.is_ok());
    kit.wait(2);
    assert!(kit.token(at(PROVIDER), right()).await.is_ok());
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_for_parallel_clients_a_moment_more() {
    let kit = kit().await;
    let first = refresh_of(&kit.ada().await);
    let second = refresh_of(&kit.token(at(PROVIDER), by_refresh(&first)).await.unwrap());
    assert_ne!(first, second);
    kit.wait(30);
    let again = refresh_of(&kit.token(at(PROVIDER), by_refresh(&first)).await.unwrap());
    assert_eq!(again, second, "the rotation is repeated");
    let third = refresh_of(&kit.token(at(PROVIDER), by_refresh(&second)).await.unwrap());
    let caught_up = refresh_of(&kit.token(at(PROVIDER), by_refresh(&first)).await.unwrap());
    assert_eq!(caught_up, third, "a slow client gets the token that is still unused");
}

#[tokio::test]
async fn a_refresh_token_used_again_later_ends_the_session() {
    let kit = kit().await;
    let first = refresh_of(&kit.ada().await);
    let second = refresh_of(&kit.token(at(PROVIDER), by_refresh(&first)).await.unwrap());
    kit.wait(61);
    let stolen = kit.token(at(PROVIDER), by_refresh(&first)).await;
    assert_eq!(refused(stolen), Refused::SessionEnded);
    let owner = kit.token(at(PROVIDER), by_refresh(&second)).await;
    assert_eq!(refused(owner), Refused::SessionEnded);
    assert!(kit.token(at(PROVIDER), by_refresh(&refresh_of(&kit.ada().await))).await.is_ok());
}

#[tokio::test]
async fn with_its_session_an_access_token_ends_too_and_a_restart_does_not_bring_it_back() {
    let kit = kit().await;
    let (first, other) = (kit.ada().await, kit.ada().await);
    let second = kit.token(at(PROVIDER), by_refresh(&refresh_of(&first))).await.unwrap();
    assert_eq!(kit.caller(&second).principal, ADA);
    kit.wait(61);
    let stolen = kit.token(at(PROVIDER), by_refresh(&refresh_of(&first))).await;
    assert_eq!(refused(stolen), Refused::SessionEnded);
    let reopened = SignIn::open(Arc::clone(kit.sign_in.plane()), master()).await.unwrap();
    for sign_in in [&kit.sign_in, &reopened] {
        let verifier = sign_in.verifier(Api::Arm);
        for tokens in [&first, &second] {
            let verified = verifier.verify(&tokens.access.0, kit.clock.now());
            assert_eq!(verified, Err(Untrusted::SessionEnded));
        }
        assert!(verifier.verify(&other.access.0, kit.clock.now()).is_ok());
    }
}

#[tokio::test]
async fn redeemed_at_another_tenant_a_refresh_token_yields_that_tenants_own_account() {
    let kit = kit().await;
    let first = refresh_of(&kit.ada().await);
    let tokens = kit.token(at(CUSTOMER), by_refresh(&first)).await.unwrap();
    assert_eq!(kit.caller(&tokens).principal, GUEST);
    let next = refresh_of(&tokens);

    let guest = User { kind: UserKind::Guest { home: ADA }, ..samples::user(GUEST, "ada#EXT#") };
    kit.change(Change::Put(Noun::User(User { enabled: false, ..guest.clone() }))).await;
    let barred = kit.token(at(CUSTOMER), by_refresh(&next)).await;
    assert_eq!(refused(barred), Refused::UserDisabled);

    kit.change(Change::Remove(Noun::User(guest))).await;
    let uninvited = refused(kit.token(at(CUSTOMER), by_refresh(&next)).await);
    assert!(matches!(uninvited, Refused::NotInTenant { .. }), "{uninvited:?}");
    // A refusal uses nothing up.
    assert!(kit.token(at(PROVIDER), by_refresh(&next)).await.is_ok());
}

#[tokio::test]
async fn a_refresh_token_is_one_clients_and_expires() {
    let kit = kit().await;
    let first = refresh_of(&kit.ada().await);
    let other = ClientClaim { app: APP, proof: None };
    let by_other = TokenRequest { client: other, ..by_refresh(&first) };
    assert_eq!(refused(kit.token(at(PROVIDER), by_other).await), Refused::RefreshInvalid);
    let made_up = kit.token(at(PROVIDER), by_refresh("made up")).await;
    assert_eq!(refused(made_up), Refused::RefreshInvalid);
    kit.wait(91 * 24 * 3600);
    let stale = kit.token(at(PROVIDER), by_refresh(&first)).await;
    assert_eq!(refused(stale), Refused::RefreshInvalid);
}

async fn started(kit: &Kit, asker: Asker) -> (String, TokenRequest) {
    let wanted = DeviceRequest { app: AZURE_CLI, scope: SIGNED_IN.to_owned() };
    let started = kit.sign_in.start_device(asker, wanted).await.unwrap();
    (started.user_code, request(Grant::DeviceCode(started.device_code), ""))
}

fn typed(user_code: &str, password: &str) -> Answer {
    let (user_code, username) = (user_code.to_lowercase(), "ada@fabrikam.example".to_owned());
    Answer { user_code, username, password: Sensitive(password.to_owned()) }
}

#[tokio::test]
async fn a_device_is_signed_in_by_whoever_types_its_code() {
    let kit = kit().await;
    let (user_code, poll) = started(&kit, asker(Directory::Home)).await;
    assert_eq!(refused(kit.token(at(PROVIDER), poll.clone()).await), Refused::DevicePending);
    let at_once = kit.token(at(PROVIDER), poll.clone()).await;
    assert_eq!(refused(at_once), Refused::DevicePolledTooOften);

    let browser = asker(Directory::Home);
    let wrong = kit.sign_in.approve_device(browser, typed(&user_code, "wrong")).await;
    assert!(matches!(wrong, Err(Error::Refused(Refused::WrongPassword))), "{wrong:?}");
    let mistyped = kit.sign_in.approve_device(browser, typed("AAAAAAAAA", "correct horse")).await;
    assert!(matches!(mistyped, Err(Error::Refused(Refused::DeviceUnknown))), "{mistyped:?}");
    let right = typed(&user_code, "correct horse");
    let approved = kit.sign_in.approve_device(browser, right.clone()).await.unwrap();
    assert_eq!(approved.application, "Microsoft Azure CLI");
    let twice = kit.sign_in.approve_device(browser, right).await;
    assert!(matches!(twice, Err(Error::Refused(Refused::DeviceUnknown))), "{twice:?}");

    let tokens = kit.token(at(PROVIDER), poll.clone()).await.unwrap();
    assert_eq!(kit.caller(&tokens).principal, ADA);
    let used = kit.token(at(PROVIDER), poll).await;
    assert_eq!(refused(used), Refused::DeviceUnknown);
    assert!(kit.token(at(PROVIDER), by_refresh(&refresh_of(&tokens))).await.is_ok());
}

#[tokio::test]
async fn of_two_polls_at_once_one_gets_the_tokens() {
    let kit = kit().await;
    let (user_code, poll) = started(&kit, at(PROVIDER)).await;
    let answer = typed(&user_code, "correct horse");
    kit.sign_in.approve_device(asker(Directory::Home), answer).await.unwrap();
    let (one, two) =
        tokio::join!(kit.token(at(PROVIDER), poll.clone()), kit.token(at(PROVIDER), poll));
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
}

#[tokio::test]
async fn a_device_is_turned_away_or_forgotten() {
    let kit = kit().await;
    let (declined, poll) = started(&kit, at(PROVIDER)).await;
    kit.sign_in.decline_device(asker(Directory::Home), &declined).await.unwrap();
    assert_eq!(refused(kit.token(at(PROVIDER), poll).await), Refused::DeviceDeclined);

    let (late, poll) = started(&kit, at(PROVIDER)).await;
    kit.wait(15 * 60);
    let answer = typed(&late, "correct horse");
    let outcome = kit.sign_in.approve_device(asker(Directory::Home), answer).await;
    assert!(matches!(outcome, Err(Error::Refused(Refused::DeviceUnknown))), "{outcome:?}");
    assert_eq!(refused(kit.token(at(PROVIDER), poll).await), Refused::DeviceUnknown);
}

#[tokio::test]
async fn a_device_of_a_tenant_takes_only_those_who_have_an_account_there() {
    let kit = kit().await;
    let guest = User { kind: UserKind::Guest { home: ADA }, ..samples::user(GUEST, "ada#EXT#") };
    kit.change(Change::Remove(Noun::User(guest))).await;
    let (user_code, _) = started(&kit, at(CUSTOMER)).await;
    let answer = typed(&user_code, "correct horse");
    let outcome = kit.sign_in.approve_device(asker(Directory::Home), answer).await;
    assert!(matches!(outcome, Err(Error::Refused(Refused::NotInTenant { .. }))), "{outcome:?}");
}

#[tokio::test]
async fn whoever_is_barred_gets_nothing_more_from_what_they_have() {
    let kit = kit().await;
    let refresh = refresh_of(&kit.ada().await);
    let ada = User {
        user_principal_name: "ada@fabrikam.example".to_owned(),
        enabled: false,
        ..samples::user(ADA, "ada")
    };
    kit.change(Change::Put(Noun::User(ada))).await;
    let password = by_password("ada@fabrikam.example", "correct horse");
    for request in [by_refresh(&refresh), password] {
        assert_eq!(refused(kit.token(at(PROVIDER), request).await), Refused::UserDisabled);
    }
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_the_old_one_and_no_others() {
    let kit = kit().await;
    let first = refresh_of(&kit.ada().await);
    let (user_code, poll) = started(&kit, at(PROVIDER)).await;
    let answer = typed(&user_code, "correct horse");
    kit.sign_in.approve_device(asker(Directory::Home), answer).await.unwrap();
    let changed = credential(Holder::User(ADA), password::drawn("staple battery"));
    kit.change(Change::Put(changed)).await;

    let on_device = refresh_of(&kit.token(at(PROVIDER), poll).await.unwrap());
    for old in [&first, &on_device] {
        for _ in 0..2 {
            let outcome = kit.token(at(PROVIDER), by_refresh(old)).await;
            assert_eq!(refused(outcome), Refused::SessionEnded);
        }
    }
    let anew = by_password("ada@fabrikam.example", "staple battery");
    let anew = refresh_of(&kit.token(at(PROVIDER), anew).await.unwrap());
    assert!(kit.token(at(PROVIDER), by_refresh(&anew)).await.is_ok());
}

#[tokio::test]
async fn a_session_that_a_new_password_ends_takes_its_access_tokens_along_when_it_is_used() {
    let kit = kit().await;
    let tokens = kit.ada().await;
    let changed = credential(Holder::User(ADA), password::drawn("staple battery"));
    kit.change(Change::Put(changed)).await;
    let outcome = kit.token(at(PROVIDER), by_refresh(&refresh_of(&tokens))).await;
    assert_eq!(refused(outcome), Refused::SessionEnded);
    let verified = kit.sign_in.verifier(Api::Arm).verify(&tokens.access.0, kit.clock.now());
    assert_eq!(verified, Err(Untrusted::SessionEnded));
}

#[tokio::test]
async fn strangers_cannot_fill_the_store_with_device_codes() {
    let kit = kit().await;
    let wanted = || DeviceRequest { app: AZURE_CLI, scope: SIGNED_IN.to_owned() };
    let start =
        |address| kit.sign_in.start_device(Asker { address, ..asker(Directory::Home) }, wanted());
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    for _ in 0..50 {
        start(here).await.unwrap();
    }
    let refused = start(here).await;
    assert!(matches!(refused, Err(Error::Refused(Refused::TooManyCodes(_)))), "{refused:?}");
    assert!(start(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9))).await.is_ok());
    kit.wait(15 * 60);
    assert!(start(here).await.is_ok());
}

/// What a token says of its client: `1` means that it has shown a secret.
fn client_class(tokens: &Tokens) -> serde_json::Value {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let claims = tokens.access.0.split('.').nth(1).unwrap();
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&claims).unwrap();
    claims.get("appidacr").cloned().unwrap()
}

#[tokio::test]
async fn a_token_says_that_its_client_showed_a_secret_only_if_it_has() {
    let kit = kit().await;
    let junk = Some(Proof::Secret(Sensitive("junk".to_owned())));
    let own = Some(Proof::Secret(Sensitive("battery staple".to_owned())));
    let cases = [(AZURE_CLI, None, "0"), (AZURE_CLI, junk, "0"), (APP, own, "1")];
    for (app, proof, expected) in cases {
        let client = ClientClaim { app, proof };
        let by_ada = by_password("ada@fabrikam.example", "correct horse");
        let tokens = kit.token(at(PROVIDER), TokenRequest { client, ..by_ada }).await.unwrap();
        assert_eq!(client_class(&tokens), expected, "{app}");
    }
}

#[tokio::test]
async fn keys_are_replaced_without_anyone_noticing() {
    let kit = kit().await;
    assert_eq!(kit.sign_in.published_keys().len(), 1, "the key that was there is used");
    kit.wait(29 * 24 * 3600);
    kit.sign_in.tend_keys().await.unwrap();
    let published = kit.sign_in.published_keys();
    assert_eq!(published.len(), 2, "the next key is published a day early");
    kit.wait(24 * 3600 - 1);
    let before = kit.ada().await;
    kit.wait(2);
    let after = kit.ada().await;
    assert_eq!((kit.caller(&before).principal, kit.caller(&after).principal), (ADA, ADA));
    let kid = |tokens: &Tokens| tokens.access.0.split('.').next().unwrap().to_owned();
    assert_ne!(kid(&before), kid(&after));
    kit.wait(24 * 3600);
    kit.sign_in.tend_keys().await.unwrap();
    assert_eq!(kit.sign_in.published_keys(), published[1..].to_vec());
}

#[tokio::test]
async fn no_secret_key_reaches_the_journal_and_no_other_master_key_opens_one() {
    let kit = kit().await;
    let sealed = signing_key().sealed.unwrap();
    let events = testkit::events(kit.sign_in.plane()).await;
    let journal = serde_json::to_string(&events).unwrap();
    assert!(!journal.contains(&sealed) && journal.contains(&signing_key().id));
    let plane = Arc::clone(kit.sign_in.plane());
    let other = SignIn::open(plane, MasterKey::new([6; 32])).await;
    assert!(matches!(other.err(), Some(Error::Key(identity::keys::KeyError::Open))));
}

#[tokio::test]
async fn a_directory_is_named_by_guid_by_domain_or_not_at_all() {
    let kit = kit().await;
    let provider = PROVIDER.to_string();
    let cases = [
        (provider.as_str(), Directory::Tenant(PROVIDER)),
        ("Fabrikam.Example", Directory::Tenant(PROVIDER)),
        ("contoso.example", Directory::Tenant(CUSTOMER)),
        ("organizations", Directory::Home),
        ("common", Directory::Home),
    ];
    for (name, expected) in cases {
        assert_eq!(kit.sign_in.directory(name).await.unwrap(), expected, "{name}");
    }
    for unknown in
        ["nowhere.example", "00000000-0000-0000-0000-0000000000ff", "", &OLOF.to_string()]
    {
        let outcome = kit.sign_in.directory(unknown).await;
        assert!(matches!(outcome, Err(Error::Refused(Refused::TenantNotFound(_)))), "{unknown}");
    }
}
