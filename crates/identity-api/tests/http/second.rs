//! A second factor by the pages that people see: set up, asked for, taken off.

use identity::{client::AZURE_CLI, one_time::Seed};

use crate::{
    browser::{Browser, between, field},
    kit::{Answered, Kit, kit, ropc},
};

const PAGE: &str = "/common/security-info";
const ADA: &str = "username=ada%40fabrikam.example&password=correct+horse";
const AUTHORIZE: &str = "/organizations/oauth2/v2.0/authorize?response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A1&scope=openid&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

fn asks_code(page: &Answered) -> bool {
    page.text.contains(r#"name="code""#) && !page.text.contains(r#"name="password""#)
}

/// The code of now, in the form of that page.
fn typed(kit: &Kit, seed: &Seed, page: &Answered) -> String {
    let halfway = between(&page.text, r#"name="halfway" value=""#);
    format!("halfway={halfway}&code={}", seed.code_at(kit.now()).0)
}

async fn set_up(kit: &Kit) -> Seed {
    let mut browser = Browser::new(kit);
    let first = browser.get(PAGE).await;
    let offer = browser.fill_in(&first, ADA).await;
    assert!(offer.status == 200 && asks_code(&offer), "{}", offer.text);
    let uri = between(&offer.text, "<a href=\"").replace("&amp;", "&");
    assert!(uri.starts_with("otpauth://totp/Fyr:ada%40fabrikam.example?secret="), "{uri}");
    let shown = offer.text.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(field(&uri, "secret").as_deref(), Some(shown.as_str()));
    assert!(offer.text.contains("<svg class=\"picture\""), "{}", offer.text);
    let seed: Seed = shown.parse().unwrap();
    let halfway = between(&offer.text, r#"name="halfway" value=""#);
    let wrong = format!("halfway={halfway}&code=000000&answer=enrol");
    let again = browser.fill_in(&offer, &wrong).await;
    assert!(again.status == 400 && again.text.contains(&shown), "the same key: {}", again.text);
    let right = format!("{}&answer=enrol", typed(kit, &seed, &again));
    let done = browser.fill_in(&again, &right).await;
    assert!(done.status == 200 && done.text.contains("is set up"), "{}", done.text);
    assert!(!done.text.contains(&shown), "it is shown no more");
    kit.wait(30);
    seed
}

#[tokio::test]
async fn an_authenticator_is_set_up_and_its_code_is_asked_for_by_browser() {
    let kit = kit().await;
    let seed = set_up(&kit).await;
    let mut browser = Browser::new(&kit);
    let first = browser.get(&format!("{AUTHORIZE}&client_id={AZURE_CLI}")).await;
    let second = browser.fill_in(&first, ADA).await;
    assert!(second.status == 200 && asks_code(&second), "{}", second.text);
    assert!(browser.cookie("__Host-fyr-browser").is_none(), "nobody is signed in yet");
    let halfway = between(&second.text, r#"name="halfway" value=""#);
    let wrong = browser.fill_in(&second, &format!("halfway={halfway}&code=000000")).await;
    assert!(wrong.status == 400 && asks_code(&wrong), "{}", wrong.text);
    let sent = browser.fill_in(&wrong, &typed(&kit, &seed, &wrong)).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert!(field(sent.header("location"), "code").is_some(), "{}", sent.header("location"));
    assert!(browser.cookie("__Host-fyr-browser").is_some());
}

#[tokio::test]
async fn whoever_cancels_at_the_code_is_not_signed_in() {
    let kit = kit().await;
    let seed = set_up(&kit).await;
    let mut browser = Browser::new(&kit);
    let first = browser.get(&format!("{AUTHORIZE}&client_id={AZURE_CLI}")).await;
    let second = browser.fill_in(&first, ADA).await;
    let fields = format!("{}&answer=cancel", typed(&kit, &seed, &second));
    let sent = browser.fill_in(&second, &fields).await;
    assert_eq!(field(sent.header("location"), "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn a_device_asks_for_the_code_on_its_page() {
    let kit = kit().await;
    let seed = set_up(&kit).await;
    let form = format!("client_id={AZURE_CLI}&scope=openid");
    let started = kit.post("/organizations/oauth2/v2.0/devicecode", &form).await.json();
    let user_code = format!("user_code={}", started["user_code"].as_str().unwrap());
    let mut browser = Browser::new(&kit);
    let first = browser.get("/common/oauth2/deviceauth").await;
    let second = browser.fill_in(&first, &user_code).await;
    let third = browser.fill_in(&second, &format!("{user_code}&{ADA}&answer=approve")).await;
    assert!(third.status == 200 && asks_code(&third), "{}", third.text);
    assert!(third.text.contains("Microsoft Azure CLI"), "{}", third.text);
    let fields = format!("{user_code}&{}&answer=approve", typed(&kit, &seed, &third));
    let done = browser.fill_in(&third, &fields).await;
    assert!(done.text.contains("You are signed in"), "{}", done.text);
}

#[tokio::test]
async fn a_password_grant_is_told_that_more_is_needed() {
    let kit = kit().await;
    set_up(&kit).await;
    let body = kit.token(&ropc("correct+horse")).await.json();
    assert_eq!(
        (&body["error"], &body["suberror"]),
        (&"invalid_grant".into(), &"basic_action".into())
    );
    assert!(body["error_description"].as_str().unwrap().starts_with("AADSTS50076: "), "{body}");
}

#[tokio::test]
async fn to_be_signed_in_shows_no_key_and_takes_no_factor_off() {
    let kit = kit().await;
    let mut browser = Browser::new(&kit);
    let first = browser.get(&format!("{AUTHORIZE}&client_id={AZURE_CLI}")).await;
    browser.fill_in(&first, ADA).await;
    assert!(browser.cookie("__Host-fyr-browser").is_some());
    let page = browser.get(PAGE).await;
    assert!(page.text.contains(r#"name="password""#) && !page.text.contains("otpauth"));
    for fields in [
        "username=ada%40fabrikam.example",
        "halfway=x&code=1&answer=enrol",
        "halfway=x&code=1&answer=remove",
    ] {
        let refused = browser.fill_in(&page, fields).await;
        assert!(refused.status == 400 && !refused.text.contains("otpauth"), "{fields}");
    }
}

#[tokio::test]
async fn another_site_sets_nothing_up_and_takes_nothing_off() {
    let kit = kit().await;
    let seed = set_up(&kit).await;
    let mut browser = Browser::new(&kit);
    let first = browser.get(PAGE).await;
    let page = browser.fill_in(&first, ADA).await;
    let code = typed(&kit, &seed, &page);
    let csrf = between(&page.text, r#"name="csrf" value=""#);
    let cross = [("sec-fetch-site", "cross-site")];
    for (body, headers) in [
        (format!("{code}&answer=remove"), &[][..]),
        (format!("csrf=x&{code}&answer=remove"), &[]),
        (format!("csrf={csrf}&{code}&answer=remove"), &cross),
        (format!("csrf={csrf}&{ADA}"), &cross),
    ] {
        let refused = browser.post_from(PAGE, &body, headers).await;
        assert_eq!(refused.status, 403, "{body}");
    }
    let done = browser.fill_in(&page, &format!("{code}&answer=remove")).await;
    assert!(done.status == 200 && done.text.contains("is removed"), "{}", done.text);
    assert_eq!(kit.token(&ropc("correct+horse")).await.status, 200);
}
