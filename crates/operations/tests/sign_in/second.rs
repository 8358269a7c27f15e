//! The second factor: enrolled, asked for, stepped up to, taken off; and who does not get around it.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use identity::{
    account::Directory, client::AZURE_CLI, code::Redeemer, form::Form, one_time::Seed,
    refusal::Refused, request::Grant, secret::Sensitive,
};
use ids::clock::Clock;
use jiff::SignedDuration;
use model::{
    change::{Change, Noun},
    directory::{Credential, Holder, Secret, second_factor_key},
    event::{Actor, SystemReason},
    samples::{ADA, CUSTOMER, PROVIDER},
};
use operations::sign_in::{
    Asker, Error, SignIn,
    authorize::{Done, Entry, Onward, Step, Trusted},
    device::Approval,
    second::{Offer, Standing},
    token::Tokens,
};
use store::{records::ranges, snapshot::Page};

use crate::{
    devices::{started, typed},
    kit::{Kit, asker, at, by_password, by_refresh, kit, master, refresh_of, refused, request},
};

/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const PLACE: &str = "http://localhost:51234";
const NAME: &str = "ada@fabrikam.example";
const STEP: i64 = 30;

fn home() -> Asker {
    asker(Directory::Home)
}

fn sensitive(text: &str) -> Sensitive {
    Sensitive(text.to_owned())
}

fn form(more: &str) -> Form {
    let asked = format!(
        "client_id={AZURE_CLI}&redirect_uri={PLACE}&response_type=code&scope=https%3A%2F%2Flocalhost%3A8443%2F%2F.default+openid+offline_access&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256{more}"
    );
    Form::parse(asked.as_bytes()).unwrap()
}

fn password() -> Entry {
    Entry::Password { username: NAME.to_owned(), password: sensitive("correct horse") }
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refused {
    match outcome {
        Err(Error::Refused(refused)) => refused,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

/// Ada with an authenticator, and somebody who signs in by browser.
struct Scene {
    kit: Kit,
    seed: Seed,
}

impl Scene {
    async fn open() -> Self {
        let kit = kit().await;
        let offer = offered(&kit).await;
        let seed: Seed = offer.seed.0.parse().unwrap();
        let code = seed.code_at(kit.now());
        kit.sign_in.enrol(home(), &offer.halfway, &code).await.unwrap();
        kit.wait(STEP);
        Self { kit, seed }
    }

    fn code(&self) -> Sensitive {
        self.seed.code_at(self.kit.now())
    }

    async fn trusted(&self, form: &Form) -> Trusted {
        self.kit.sign_in.trusted(&home(), form, "organizations").await.unwrap()
    }

    async fn enter(&self, more: &str, cookie: Option<&str>, entry: Entry) -> Result<Onward, Error> {
        let form = form(more);
        let trusted = self.trusted(&form).await;
        self.kit.sign_in.entered(home(), &trusted, &form, cookie, entry).await
    }

    async fn halfway(&self) -> Sensitive {
        halfway(self.enter("", None, password()).await)
    }

    async fn done(&self, halfway: &Sensitive, code: Sensitive) -> Result<Done, Error> {
        let entry = Entry::Code { halfway: halfway.clone(), code };
        match self.enter("", None, entry).await? {
            Onward::Done(done) => Ok(done),
            Onward::Code(_) => panic!("a code was given"),
        }
    }

    /// The same by somebody at that address.
    async fn from(&self, address: IpAddr, entry: Entry) -> Result<Onward, Error> {
        let form = form("");
        let trusted = self.trusted(&form).await;
        let asker = Asker { address, ..home() };
        self.kit.sign_in.entered(asker, &trusted, &form, None, entry).await
    }

    /// The same once Fyr has started anew: what was in memory is gone.
    async fn restarted(self) -> Self {
        let (Kit { clock, sign_in }, seed) = (self.kit, self.seed);
        let sign_in = SignIn::open(Arc::clone(sign_in.plane()), master()).await.unwrap();
        Self { kit: Kit { clock, sign_in }, seed }
    }

    async fn tokens(&self, code: Sensitive) -> Tokens {
        let verifier = Some(sensitive(VERIFIER));
        let redeemer = Redeemer { code, redirect: PLACE.to_owned(), verifier };
        self.kit.token(home(), request(Grant::AuthorizationCode(redeemer), "")).await.unwrap()
    }

    /// Somebody takes Ada's second factor off.
    async fn reset(&self) {
        let key = (Holder::User(ADA), second_factor_key(ADA));
        let snapshot = self.kit.sign_in.plane().store.snapshot().await.unwrap();
        let held = snapshot.find::<Credential>(&key).await.unwrap().unwrap();
        self.kit.change(Change::Remove(Noun::Credential(held))).await;
    }
}

#[track_caller]
fn halfway(outcome: Result<Onward, Error>) -> Sensitive {
    match outcome.unwrap() {
        Onward::Code(halfway) => halfway,
        Onward::Done(_) => panic!("a code is asked for"),
    }
}

async fn standing(kit: &Kit) -> Standing {
    kit.sign_in.second_factor(home(), NAME, &sensitive("correct horse")).await.unwrap()
}

async fn offered(kit: &Kit) -> Offer {
    match standing(kit).await {
        Standing::Offered(offer) => offer,
        Standing::Enrolled { .. } => panic!("there is none yet"),
    }
}

fn methods(kit: &Kit, tokens: &Tokens) -> String {
    kit.caller(tokens).methods.join(" ")
}

#[tokio::test]
async fn whoever_has_an_authenticator_shows_a_code_beside_the_password() {
    let scene = Scene::open().await;
    let halfway = scene.halfway().await;
    let done = scene.done(&halfway, scene.code()).await.unwrap();
    let tokens = scene.tokens(done.code).await;
    let caller = scene.kit.caller(&tokens);
    assert_eq!(caller.methods.join(" "), "pwd mfa otp");
    assert_eq!(caller.multiple_factors(), Some(scene.kit.now()));
    scene.kit.wait(3000);
    let later = scene.kit.token(at(PROVIDER), by_refresh(&refresh_of(&tokens))).await.unwrap();
    let caller = scene.kit.caller(&later);
    let shown = scene.kit.now() - SignedDuration::from_secs(3000);
    assert_eq!((caller.methods.len(), caller.multiple_factors()), (3, Some(shown)));
    let guest = scene.kit.token(at(CUSTOMER), by_refresh(&refresh_of(&later))).await.unwrap();
    assert_eq!(methods(&scene.kit, &guest), "pwd mfa otp", "where they are a guest, too");
}

#[tokio::test]
async fn whoever_has_none_signs_in_as_before() {
    let kit = kit().await;
    let tokens = kit.ada().await;
    assert_eq!(kit.caller(&tokens).multiple_factors(), None);
    assert_eq!(kit.caller(&tokens).signed_in, Some(kit.now()));
}

#[tokio::test]
async fn a_password_alone_gives_no_token_to_whom_nobody_can_ask() {
    let scene = Scene::open().await;
    let outcome = scene.kit.token(at(PROVIDER), by_password(NAME, "correct horse")).await;
    let needed = refused(outcome);
    assert_eq!((needed.answer().code, needed.detail()), (50_076, Some("basic_action")));
    let wrong = scene.kit.token(at(PROVIDER), by_password(NAME, "wrong")).await;
    assert_eq!(refused(wrong), Refused::WrongPassword, "who guesses learns nothing of it");
}

#[tokio::test]
async fn a_device_is_let_in_by_password_and_code() {
    let scene = Scene::open().await;
    let (user_code, poll) = started(&scene.kit, home()).await;
    let sign_in = &scene.kit.sign_in;
    let outcome = sign_in.approve_device(home(), typed(&user_code, "correct horse")).await.unwrap();
    let Approval::Code(halfway) = outcome else { panic!("a code is asked for") };
    let pending = scene.kit.token(at(PROVIDER), poll.clone()).await;
    assert_eq!(refused(pending), Refused::DevicePending, "the password alone lets nothing in");
    let wrong = sensitive("000000");
    let outcome = sign_in.approve_device_by_code(home(), &user_code, (&halfway, &wrong)).await;
    assert_eq!(refusal(outcome), Refused::WrongCode);
    let right = scene.code();
    sign_in.approve_device_by_code(home(), &user_code, (&halfway, &right)).await.unwrap();
    scene.kit.wait(5);
    let tokens = scene.kit.token(at(PROVIDER), poll).await.unwrap();
    assert_eq!(methods(&scene.kit, &tokens), "pwd mfa otp");
}

#[tokio::test]
async fn a_code_is_taken_once_and_no_old_one_and_no_other() {
    let scene = Scene::open().await;
    let (first, second) = (scene.halfway().await, scene.halfway().await);
    let old = scene.seed.code_at(scene.kit.now() - SignedDuration::from_secs(2 * STEP));
    let before = scene.seed.code_at(scene.kit.now() - SignedDuration::from_secs(STEP));
    let anothers = Seed::draw(&ids::clock::TestRandom::seeded(9)).code_at(scene.kit.now());
    for (why, wrong) in [
        ("too old", old),
        ("it was taken when the authenticator was set up", before),
        ("another's", anothers),
        ("none", sensitive("")),
    ] {
        assert_eq!(refusal(scene.done(&first, wrong).await), Refused::WrongCode, "{why}");
    }
    let code = scene.code();
    scene.done(&first, code.clone()).await.unwrap();
    assert_eq!(refusal(scene.done(&second, code.clone()).await), Refused::WrongCode, "replayed");
    let again = refusal(scene.done(&first, code).await);
    assert_eq!(again, Refused::HalfwayLost, "nobody goes the second half twice");
}

#[tokio::test]
async fn of_two_that_bring_one_code_at_once_one_is_let_in() {
    let scene = Scene::open().await;
    let (first, second) = (scene.halfway().await, scene.halfway().await);
    let code = scene.code();
    let both = tokio::join!(scene.done(&first, code.clone()), scene.done(&second, code));
    assert_eq!(usize::from(both.0.is_ok()) + usize::from(both.1.is_ok()), 1);
}

#[tokio::test]
async fn guessing_codes_slows_down_wherever_it_comes_from_and_the_owner_goes_on() {
    let scene = Scene::open().await;
    let halfway = scene.halfway().await;
    let mut looked_at = 0;
    for n in 0..50_u32 {
        let address = IpAddr::V4(Ipv4Addr::from_bits(0xC633_6400 + n));
        let guess = Entry::Code { halfway: halfway.clone(), code: sensitive("000000") };
        let outcome = scene.from(address, guess).await;
        looked_at += usize::from(refusal(outcome) == Refused::WrongCode);
    }
    assert!(looked_at <= 6, "{looked_at}");
    scene.done(&halfway, scene.code()).await.expect("at home where the authenticator was set up");
}

/// Somebody who has the password guesses from so many networks.
async fn besiege(scene: &Scene, networks: u32) {
    let halfway = scene.halfway().await;
    for n in 0..networks * 4 {
        let address = IpAddr::V4(Ipv4Addr::from_bits(0xC633_0000 + ((n % networks) << 8)));
        let guess = Entry::Code { halfway: halfway.clone(), code: sensitive("000000") };
        let _ = scene.from(address, guess).await;
    }
}

#[tokio::test]
async fn a_place_where_a_code_was_shown_is_remembered_across_restarts_and_waits_for_nobody() {
    let scene = Scene::open().await.restarted().await;
    besiege(&scene, 20).await;
    let elsewhere = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
    for _ in 0..2 {
        let entry = Entry::Code { halfway: scene.halfway().await, code: scene.code() };
        let outcome = scene.from(elsewhere, entry).await;
        if let Err(Error::Refused(refused)) = outcome {
            assert!(matches!(refused, Refused::SlowedDown(_)), "{refused:?}");
            let halfway = scene.halfway().await;
            scene.done(&halfway, scene.code()).await.expect("she has shown a code from here");
            return;
        }
        scene.kit.wait(STEP);
    }
    panic!("it could be anybody");
}

#[tokio::test]
async fn whoever_guesses_keeps_the_owner_waiting_nowhere_though_all_is_forgotten() {
    let scene = Scene::open().await.restarted().await;
    besiege(&scene, 1).await;
    let elsewhere = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
    let entry = Entry::Code { halfway: scene.halfway().await, code: scene.code() };
    scene.from(elsewhere, entry).await.expect("nobody has failed from there");
}

#[tokio::test]
async fn an_authenticator_goes_by_the_worlds_time_though_fyrs_clock_was_set() {
    let scene = Scene::open().await;
    scene.kit.clock.set_ahead(SignedDuration::from_hours(1_000));
    let halfway = scene.halfway().await;
    let by_fyrs = scene.seed.code_at(scene.kit.now());
    assert_eq!(refusal(scene.done(&halfway, by_fyrs).await), Refused::WrongCode);
    let shown = scene.seed.code_at(scene.kit.clock.outside());
    let done = scene.done(&halfway, shown).await.unwrap();
    let caller = scene.kit.caller(&scene.tokens(done.code).await);
    assert_eq!(caller.signed_in, Some(scene.kit.now()), "all else goes by Fyr's");
}

#[tokio::test]
async fn the_second_half_is_gone_for_good_where_it_takes_too_long_or_something_has_changed() {
    let scene = Scene::open().await;
    let late = scene.halfway().await;
    scene.kit.wait(600);
    assert_eq!(refusal(scene.done(&late, scene.code()).await), Refused::HalfwayLost);
    let changed = scene.halfway().await;
    scene.kit.new_password("staple battery").await;
    assert_eq!(refusal(scene.done(&changed, scene.code()).await), Refused::HalfwayLost);
    scene.kit.old_password().await;
    let reset = scene.halfway().await;
    scene.reset().await;
    assert_eq!(refusal(scene.done(&reset, scene.code()).await), Refused::HalfwayLost);
    let unknown = scene.done(&sensitive("unknown"), scene.code()).await;
    assert_eq!(refusal(unknown), Refused::HalfwayLost);
}

#[tokio::test]
async fn what_is_half_done_for_one_purpose_is_good_for_no_other() {
    let scene = Scene::open().await;
    let sign_in = &scene.kit.sign_in;
    let signing_in = scene.halfway().await;
    let outcome = sign_in.enrol(home(), &signing_in, &scene.code()).await;
    assert_eq!(refusal(outcome), Refused::HalfwayLost);
    let outcome = sign_in.give_up_second_factor(home(), &signing_in, &scene.code()).await;
    assert_eq!(refusal(outcome), Refused::HalfwayLost, "to leave takes the password for it");
    let Standing::Enrolled { halfway: leaving } = standing(&scene.kit).await else { panic!() };
    assert_eq!(refusal(scene.done(&leaving, scene.code()).await), Refused::HalfwayLost);
    let bare = kit().await;
    let offer = offered(&bare).await;
    let seed: Seed = offer.seed.0.parse().unwrap();
    let scene = Scene { kit: bare, seed };
    let outcome = scene.done(&offer.halfway, scene.code()).await;
    assert_eq!(refusal(outcome), Refused::HalfwayLost, "an offer signs nobody in");
    let code = scene.code();
    let outcome = scene.kit.sign_in.give_up_second_factor(home(), &offer.halfway, &code).await;
    assert_eq!(refusal(outcome), Refused::HalfwayLost);
}

#[tokio::test]
async fn to_set_one_up_takes_the_password_and_to_set_up_another_takes_a_code() {
    let bare = kit().await;
    let wrong = bare.sign_in.second_factor(home(), NAME, &sensitive("wrong")).await;
    assert_eq!(refusal(wrong), Refused::WrongPassword);
    let (first, second) = (offered(&bare).await, offered(&bare).await);
    assert_ne!(first.seed, second.seed, "a key is drawn for each");
    let (ones, others): (Seed, Seed) =
        (first.seed.0.parse().unwrap(), second.seed.0.parse().unwrap());
    let mistyped = bare.sign_in.enrol(home(), &first.halfway, &others.code_at(bare.now())).await;
    assert_eq!(refusal(mistyped), Refused::WrongCode, "nobody enrols what they do not have");
    assert_eq!(bare.sign_in.offered(&first.halfway).await.unwrap().seed, first.seed);
    bare.sign_in.enrol(home(), &first.halfway, &ones.code_at(bare.now())).await.unwrap();
    bare.wait(STEP);
    let late = bare.sign_in.enrol(home(), &second.halfway, &others.code_at(bare.now())).await;
    assert_eq!(refusal(late), Refused::HalfwayLost, "one is there by now");
    let Standing::Enrolled { halfway } = standing(&bare).await else { panic!("it is there") };
    let wrong = bare.sign_in.give_up_second_factor(home(), &halfway, &sensitive("000000")).await;
    assert_eq!(refusal(wrong), Refused::WrongCode);
    let right = ones.code_at(bare.now());
    bare.sign_in.give_up_second_factor(home(), &halfway, &right).await.unwrap();
    offered(&bare).await;
}

#[tokio::test]
async fn whoever_takes_it_off_ends_what_was_signed_in_with_it_and_nothing_else() {
    let scene = Scene::open().await;
    let done = scene.done(&scene.halfway().await, scene.code()).await.unwrap();
    let (cookie, tokens) = (done.cookie.unwrap(), scene.tokens(done.code).await);
    scene.reset().await;
    let outcome = scene.kit.token(at(PROVIDER), by_refresh(&refresh_of(&tokens))).await;
    assert_eq!(refused(outcome), Refused::SessionEnded);
    let form = form("");
    let trusted = scene.trusted(&form).await;
    let step = scene.kit.sign_in.authorize(home(), &trusted, &form, Some(&cookie)).await.unwrap();
    assert!(matches!(step, Step::Ask { .. }), "{step:?}");
    assert_eq!(methods(&scene.kit, &scene.kit.ada().await), "pwd");
}

#[tokio::test]
async fn a_session_from_before_the_authenticator_goes_on_and_signs_in_no_further() {
    let kit = kit().await;
    let scene = Scene { kit, seed: Seed::draw(&ids::clock::TestRandom::default()) };
    let Onward::Done(done) = scene.enter("", None, password()).await.unwrap() else { panic!() };
    let (cookie, tokens) = (done.cookie.unwrap(), scene.tokens(done.code).await);
    let offer = offered(&scene.kit).await;
    let scene = Scene { seed: offer.seed.0.parse().unwrap(), ..scene };
    scene.kit.sign_in.enrol(home(), &offer.halfway, &scene.code()).await.unwrap();
    scene.kit.wait(STEP);
    let later = scene.kit.token(at(PROVIDER), by_refresh(&refresh_of(&tokens))).await.unwrap();
    assert_eq!(methods(&scene.kit, &later), "pwd", "nothing was shown beside it");
    let form = form("");
    let trusted = scene.trusted(&form).await;
    let step = scene.kit.sign_in.authorize(home(), &trusted, &form, Some(&cookie)).await.unwrap();
    let Step::Choose(candidates) = step else { panic!("{step:?}") };
    let pick = Entry::Account(candidates.first().unwrap().signed_in.session);
    let halfway = halfway(scene.enter("", Some(&cookie), pick).await);
    let entry = Entry::Code { halfway, code: scene.code() };
    let Onward::Done(done) = scene.enter("", Some(&cookie), entry).await.unwrap() else { panic!() };
    assert_eq!(methods(&scene.kit, &scene.tokens(done.code).await), "pwd mfa otp");
}

#[tokio::test]
async fn what_a_browser_has_stayed_signed_in_to_lets_no_device_in() {
    let kit = kit().await;
    let scene = Scene { kit, seed: Seed::draw(&ids::clock::TestRandom::default()) };
    let Onward::Done(done) = scene.enter("", None, password()).await.unwrap() else { panic!() };
    let cookie = done.cookie.unwrap();
    scene.kit.wait(3600);
    let offer = offered(&scene.kit).await;
    let scene = Scene { seed: offer.seed.0.parse().unwrap(), ..scene };
    scene.kit.sign_in.enrol(home(), &offer.halfway, &scene.code()).await.unwrap();
    scene.kit.wait(STEP);
    let form = form("");
    let trusted = scene.trusted(&form).await;
    let step = scene.kit.sign_in.authorize(home(), &trusted, &form, Some(&cookie)).await.unwrap();
    let Step::Choose(candidates) = step else { panic!("{step:?}") };
    let pick = Entry::Account(candidates.first().unwrap().signed_in.session);
    let old = halfway(scene.enter("", Some(&cookie), pick).await);
    let (user_code, poll) = started(&scene.kit, home()).await;
    let sign_in = &scene.kit.sign_in;
    let outcome = sign_in.approve_device_by_code(home(), &user_code, (&old, &scene.code())).await;
    assert_eq!(refusal(outcome), Refused::HalfwayLost);
    let pending = scene.kit.token(at(PROVIDER), poll).await;
    assert_eq!(refused(pending), Refused::DevicePending);
}

#[tokio::test]
async fn a_device_that_was_let_in_gets_nothing_once_what_was_shown_is_gone() {
    let scene = Scene::open().await;
    let (user_code, poll) = started(&scene.kit, home()).await;
    let sign_in = &scene.kit.sign_in;
    let outcome = sign_in.approve_device(home(), typed(&user_code, "correct horse")).await.unwrap();
    let Approval::Code(halfway) = outcome else { panic!("a code is asked for") };
    let code = scene.code();
    sign_in.approve_device_by_code(home(), &user_code, (&halfway, &code)).await.unwrap();
    scene.reset().await;
    scene.kit.wait(5);
    let outcome = scene.kit.token(at(PROVIDER), poll).await;
    assert_eq!(refused(outcome), Refused::SessionEnded);
}

#[tokio::test]
async fn a_client_that_asks_for_more_than_a_password_gets_it_or_nothing() {
    let kit = kit().await;
    let scene = Scene { kit, seed: Seed::draw(&ids::clock::TestRandom::default()) };
    let more =
        "&claims=%7B%22access_token%22%3A%7B%22amr%22%3A%7B%22values%22%3A%5B%22mfa%22%5D%7D%7D%7D";
    let refused_at_page = refusal(scene.enter(more, None, password()).await);
    assert_eq!(refused_at_page.answer().code, 50_079, "there is none to show");
    let Onward::Done(done) = scene.enter("", None, password()).await.unwrap() else { panic!() };
    let cookie = done.cookie.unwrap();
    let tokens = scene.tokens(done.code).await;
    let mut asking = by_refresh(&refresh_of(&tokens));
    asking.multiple_factors = true;
    let outcome = scene.kit.token(at(PROVIDER), asking.clone()).await;
    assert_eq!(refused(outcome), Refused::SecondFactorNeeded);
    let again = by_refresh(&refresh_of(&tokens));
    scene.kit.token(at(PROVIDER), again).await.expect("the refusal has used nothing up");
    let silent = form(&format!("{more}&prompt=none"));
    let trusted = scene.trusted(&silent).await;
    let outcome = scene.kit.sign_in.authorize(home(), &trusted, &silent, Some(&cookie)).await;
    assert_eq!(refusal(outcome), Refused::LoginRequired);
}

#[tokio::test]
async fn what_an_authenticator_knows_stands_sealed_in_its_row_and_nowhere_else() {
    let scene = Scene::open().await;
    let store = &scene.kit.sign_in.plane().store;
    let snapshot = store.snapshot().await.unwrap();
    let range = ranges::credentials_of(Holder::User(ADA));
    let held = snapshot.list::<Credential>(&range, Page::first()).await.unwrap().items;
    let kept = held.iter().find(|it| matches!(it.secret, Secret::Seed(_))).unwrap();
    let text = scene.seed.text().0;
    assert!(!serde_json::to_string(kept).unwrap().contains(&text));
    let entries = store.journal(ids::clock::Revision::default(), 10_000).await.unwrap();
    let last = entries.iter().rev().find(
        |it| matches!(&it.event.change, Change::Put(Noun::Credential(it)) if it.key == kept.key),
    );
    let event = &last.unwrap().event;
    assert_eq!(event.actor, Actor::System(SystemReason::SignIn));
    let Change::Put(Noun::Credential(told)) = &event.change else { panic!() };
    assert_eq!(told.secret, Secret::Redacted);
}
