//! Signing in to a browser, and out of it.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use identity::{
    account::Directory, client::AZURE_CLI, code::Redeemer, form::Form, refusal::Refused,
    request::Grant, secret::Sensitive,
};
use model::samples::PROVIDER;
use operations::sign_in::{
    Error,
    authorize::{Done, Entry, Onward, Step, Trusted},
};

use crate::kit::{Kit, asker, at, by_refresh, kit, refresh_of, refused, request};

/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const PLACE: &str = "http://localhost:51234";
const HOUR: i64 = 3600;

fn form() -> Form {
    form_with("")
}

fn form_with(more: &str) -> Form {
    let asked = format!(
        "client_id={AZURE_CLI}&redirect_uri={PLACE}&response_type=code&scope=openid+offline_access&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256{more}"
    );
    Form::parse(asked.as_bytes()).unwrap()
}

async fn trusted(kit: &Kit) -> Trusted {
    kit.sign_in.trusted(&asker(Directory::Home), &form(), "organizations").await.unwrap()
}

async fn entered(kit: &Kit, cookie: Option<&str>, entry: Entry) -> Result<Done, Error> {
    let trusted = trusted(kit).await;
    match kit.sign_in.entered(asker(Directory::Home), &trusted, &form(), cookie, entry).await? {
        Onward::Done(done) => Ok(done),
        Onward::Code(_) => panic!("nobody has a second factor here"),
    }
}

fn adas() -> Entry {
    let password = Sensitive("correct horse".to_owned());
    Entry::Password { username: "ada@fabrikam.example".to_owned(), password }
}

async fn refresh(kit: &Kit, code: Sensitive) -> String {
    let verifier = Some(Sensitive(VERIFIER.to_owned()));
    let redeemer = Redeemer { code, redirect: PLACE.to_owned(), verifier };
    let redeeming = request(Grant::AuthorizationCode(redeemer), "");
    refresh_of(&kit.token(asker(Directory::Home), redeeming).await.unwrap())
}

#[tokio::test]
async fn a_client_says_how_old_a_sign_in_may_be_and_gets_no_older_one() {
    let kit = kit().await;
    let cookie = entered(&kit, None, adas()).await.unwrap().cookie.unwrap();
    kit.wait(100);
    let (asker, trusted) = (asker(Directory::Home), trusted(&kit).await);
    let step = async |more: &str| {
        kit.sign_in.authorize(asker, &trusted, &form_with(more), Some(&cookie)).await
    };
    let Step::Choose(signed_in) = step("&max_age=101").await.unwrap() else { panic!("she is in") };
    for (more, is_asked) in [("", false), ("&max_age=100", true), ("&max_age=0", true)] {
        let step = step(more).await.unwrap();
        assert_eq!(matches!(step, Step::Ask { .. }), is_asked, "{more}: {step:?}");
    }
    assert_eq!(refused(step("&prompt=none&max_age=100").await), Refused::LoginRequired);
    let enter = async |more: &str, entry| {
        kit.sign_in.entered(asker, &trusted, &form_with(more), Some(&cookie), entry).await
    };
    let session = Entry::Account(signed_in[0].signed_in.session);
    assert_eq!(refused(enter("&max_age=100", session.clone()).await), Refused::LoginRequired);
    assert!(enter("&max_age=101", session).await.is_ok());
    let Onward::Done(done) = enter("&max_age=0", adas()).await.unwrap() else { panic!("no code") };
    let verifier = Some(Sensitive(VERIFIER.to_owned()));
    let redeemer = Redeemer { code: done.code, redirect: PLACE.to_owned(), verifier };
    let redeeming = request(Grant::AuthorizationCode(redeemer), "");
    let id = kit.token(asker, redeeming).await.unwrap().person.unwrap().id.unwrap();
    let claims = BASE64_URL_SAFE_NO_PAD.decode(id.0.split('.').nth(1).unwrap()).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["auth_time"], kit.now().as_second());
}

#[tokio::test]
async fn whoever_signs_out_after_days_ends_what_has_stayed_signed_in() {
    let kit = kit().await;
    let done = entered(&kit, None, adas()).await.unwrap();
    let (cookie, first) = (done.cookie.unwrap(), refresh(&kit, done.code).await);
    kit.wait(24 * HOUR);
    let (asker, trusted) = (asker(Directory::Home), trusted(&kit).await);
    let step = kit.sign_in.authorize(asker, &trusted, &form(), Some(&cookie)).await.unwrap();
    assert!(matches!(step, Step::Ask { .. }), "the browser answers for nobody any more: {step:?}");
    kit.wait(24 * HOUR);
    let second = refresh_of(&kit.token(at(PROVIDER), by_refresh(&first)).await.unwrap());
    kit.sign_in.sign_out(asker, &cookie).await.unwrap();
    let outcome = kit.token(at(PROVIDER), by_refresh(&second)).await;
    assert_eq!(refused(outcome), Refused::SessionEnded);
}

#[tokio::test]
async fn a_sign_in_that_a_browser_forgets_ends_with_what_came_of_it() {
    let kit = kit().await;
    let done = entered(&kit, None, adas()).await.unwrap();
    let (cookie, token) = (done.cookie.unwrap(), refresh(&kit, done.code).await);
    kit.new_password("staple battery").await;
    let password = Sensitive("staple battery".to_owned());
    let anew = Entry::Password { username: "ada@fabrikam.example".to_owned(), password };
    entered(&kit, Some(&cookie), anew).await.unwrap();
    kit.old_password().await;
    let outcome = kit.token(at(PROVIDER), by_refresh(&token)).await;
    assert_eq!(refused(outcome), Refused::SessionEnded, "though the password is as it was");
}

#[tokio::test]
async fn one_person_has_so_many_codes_open_and_no_more() {
    let kit = kit().await;
    let cookie = entered(&kit, None, adas()).await.unwrap().cookie.unwrap();
    let (asker, trusted) = (asker(Directory::Home), trusted(&kit).await);
    let step = kit.sign_in.authorize(asker, &trusted, &form(), Some(&cookie)).await.unwrap();
    let Step::Choose(candidates) = step else { panic!("an account is picked: {step:?}") };
    let session = candidates.first().unwrap().signed_in.session;
    let pick = || entered(&kit, Some(&cookie), Entry::Account(session));
    for _ in 1..50 {
        pick().await.unwrap();
    }
    let refused = pick().await;
    assert!(matches!(refused, Err(Error::Refused(Refused::TooManyCodes(_)))), "{refused:?}");
    let typed = entered(&kit, Some(&cookie), adas()).await;
    assert!(matches!(typed, Err(Error::Refused(Refused::TooManyCodes(_)))), "{typed:?}");
    kit.wait(10 * 60);
    pick().await.expect("whoever hears that keeps the cookie that they have");
}

#[tokio::test]
async fn nothing_stays_signed_in_by_a_browser_that_can_no_longer_be_signed_out() {
    let kit = kit().await;
    let done = entered(&kit, None, adas()).await.unwrap();
    let (cookie, mut token) = (done.cookie.unwrap(), refresh(&kit, done.code).await);
    for _ in 0..3 {
        kit.wait(29 * 24 * HOUR);
        kit.sign_in.tend_keys().await.unwrap();
        token = refresh_of(&kit.token(at(PROVIDER), by_refresh(&token)).await.unwrap());
    }
    kit.wait(3 * 24 * HOUR);
    let outcome = kit.token(at(PROVIDER), by_refresh(&token)).await;
    assert_eq!(refused(outcome), Refused::SessionEnded, "90 days after the password");

    let done = entered(&kit, Some(&cookie), adas()).await.unwrap();
    let anew = refresh(&kit, done.code).await;
    kit.token(at(PROVIDER), by_refresh(&anew)).await.unwrap();
}
