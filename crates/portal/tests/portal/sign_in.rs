//! Signing in, out, and over to another directory; and what a stranger's page cannot do.

use axum::http::Method;
use identity::client::PORTAL as APP;
use jiff::SignedDuration;
use model::samples::{CUSTOMER, PROVIDER};

use crate::kit::{LOGIN, PORTAL, kit};

const SESSION: &str = "__Host-fyr-8445";

#[tokio::test]
async fn a_person_signs_in_and_comes_back_to_the_page_they_wanted() {
    let kit = kit(vec![]).await;
    let browser = kit.browser();
    let front = browser.open("/").await;
    front.well_made();
    assert_eq!((front.status, front.heading().as_str()), (200, "Overview"));
    assert_eq!(front.links(".top .button"), ["/sign-in?to=/"]);
    let page = browser.open("/sign-in?to=/%3Fx=1").await;
    assert!(page.url.starts_with(LOGIN), "{}", page.url);
    assert!(page.main().contains("the Fyr portal"), "{}", page.text);
    let fields = [
        ("username", "ada@fabrikam.example"),
        ("password", "correct horse"),
        ("answer", "sign-in"),
    ];
    let back = browser.submit(&page, "form", &fields).await;
    assert_eq!((back.status, &back.url), (200, &format!("{PORTAL}/?x=1")));
    assert_eq!(back.texts(".person .where"), ["fabrikam"]);
}

#[tokio::test]
async fn no_page_that_somebody_else_chose_is_gone_on_to() {
    let kit = kit(vec![]).await;
    for to in [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/%0d%0ax",
        "/nowhere",
        "javascript:x",
    ] {
        let browser = kit.browser();
        let page = browser.open(&format!("/sign-in?to={}", identity::form::encoded(to))).await;
        let fields = [
            ("username", "ada@fabrikam.example"),
            ("password", "correct horse"),
            ("answer", "sign-in"),
        ];
        let back = browser.submit(&page, "form", &fields).await;
        assert_eq!((back.status, back.url), (200, format!("{PORTAL}/")), "{to}");
    }
}

#[tokio::test]
async fn a_session_is_a_cookie_that_no_script_reads_and_no_token_reaches_the_browser() {
    let kit = kit(vec![]).await;
    let browser = kit.browser();
    browser.sign_in("ada@fabrikam.example").await;
    let cookie = browser.cookies.borrow().get(SESSION).cloned().unwrap();
    assert_eq!(cookie.len(), 43);
    let sign_in = browser.once(&Method::GET, &format!("{PORTAL}/sign-in"), "", &[]).await;
    let set = sign_in.header("set-cookie");
    for flag in ["__Host-fyr-arriving-8445=", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(set.contains(flag), "{set}");
    }
    assert!(!browser.cookies.borrow().values().any(|it| it.starts_with("ey")), "no token");
}

#[tokio::test]
async fn whoever_plants_a_session_finds_it_replaced_at_the_sign_in() {
    let kit = kit(vec![]).await;
    let mallory = kit.signed_in("olof@contoso.example").await;
    let planted = mallory.cookies.borrow().get(SESSION).cloned().unwrap();
    let victim = kit.browser();
    victim.cookies.borrow_mut().insert(SESSION.to_owned(), planted.clone());
    victim.sign_in("ada@fabrikam.example").await;
    assert_ne!(victim.cookies.borrow().get(SESSION), Some(&planted));
    let page = mallory.open("/").await;
    assert!(page.texts(".person .who").is_empty(), "{}", page.text);
}

#[tokio::test]
async fn a_sign_in_that_was_begun_elsewhere_or_long_ago_signs_nobody_in() {
    let kit = kit(vec![]).await;
    let mallory = kit.browser();
    let page = mallory.open("/sign-in").await;
    let fields = [
        ("username", "olof@contoso.example"),
        ("password", "correct horse"),
        ("answer", "sign-in"),
    ];
    let callback = {
        let code = mallory.cookies.borrow().clone();
        let back = mallory.submit(&page, "form", &fields).await;
        assert_eq!(back.status, 200);
        mallory.cookies.replace(code);
        format!("{PORTAL}/signed-in?code=abc&state=xyz")
    };
    let victim = kit.browser();
    let refused = victim.open(&callback).await;
    assert_eq!((refused.status, refused.heading().as_str()), (403, "You may not do this"));
    refused.well_made();
    let late = kit.browser();
    let page = late.open("/sign-in").await;
    kit.wait(SignedDuration::from_mins(11));
    let refused = late.submit(&page, "form", &fields).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
}

#[tokio::test]
async fn signing_out_ends_the_browsers_sign_in_too() {
    let kit = kit(vec![]).await;
    let browser = kit.signed_in("ada@fabrikam.example").await;
    let page = browser.open("/").await;
    let stolen = browser.cookies.borrow().clone();
    let out = browser.submit(&page, "form[action='/sign-out']", &[]).await;
    assert!(out.texts(".person .who").is_empty());
    browser.cookies.replace(stolen);
    assert!(
        browser.open("/").await.texts(".person .who").is_empty(),
        "the cookie is worth nothing"
    );
    let page = browser.open("/sign-in").await;
    assert_eq!(page.heading(), "Sign in", "{}", page.text);
}

#[tokio::test]
async fn a_session_ends_with_the_account_the_password_and_the_day() {
    let kit = kit(vec![]).await;
    let who = |page: crate::kit::Answered| page.texts(".person .who");
    let browser = kit.signed_in("ada@fabrikam.example").await;
    assert_eq!(who(browser.open("/").await), ["ada"]);
    kit.wait(SignedDuration::from_hours(7));
    assert_eq!(who(browser.open("/").await), ["ada"], "in use");
    kit.wait(SignedDuration::from_hours(8));
    assert!(who(browser.open("/").await).is_empty(), "left alone for eight hours");
    let browser = kit.signed_in("olof@contoso.example").await;
    let disabled = model::directory::User {
        enabled: false,
        user_principal_name: "olof@contoso.example".to_owned(),
        ..model::samples::user(model::samples::OLOF, "olof")
    };
    testkit::put(kit.sign_in.plane(), vec![model::change::Noun::User(disabled)]).await;
    assert!(who(browser.open("/").await).is_empty(), "an account that is disabled");
}

#[tokio::test]
async fn what_was_typed_before_a_session_ended_is_sent_after_signing_in_again_here_and_nowhere_else()
 {
    let kit = kit(vec![]).await;
    let browser = kit.signed_in("ada@fabrikam.example").await;
    let elsewhere = kit.signed_in("ada@fabrikam.example").await;
    let (typed, others) = (browser.open("/").await, elsewhere.open("/").await);
    let switch = "form[action='/directory']";
    let tenant = [("tenant", "x")];
    let session = browser.cookies.borrow().get(SESSION).cloned();
    browser.cookies.borrow_mut().remove(SESSION);
    assert_eq!(browser.submit(&typed, switch, &tenant).await.status, 401);
    let back = browser.open("/sign-in").await;
    assert_eq!(back.texts(".person .who"), ["ada"], "without a question");
    assert_ne!(browser.cookies.borrow().get(SESSION).cloned(), session);
    let sent = browser.submit(&typed, switch, &tenant).await;
    assert_eq!(sent.status, 400, "taken, and it names no directory: {}", sent.main());
    let foreign = browser.submit(&others, switch, &tenant).await;
    assert_eq!(foreign.status, 403, "the word of the same person's other browser");
    let customer = CUSTOMER.to_string();
    browser.submit(&typed, switch, &[("tenant", &customer)]).await;
    assert_eq!(browser.open("/").await.texts(".person .where"), ["contoso"]);
    let foreign = browser.submit(&typed, switch, &tenant).await;
    assert_eq!(foreign.status, 403, "the word of another directory");
    let page = browser.open("/").await;
    browser.submit(&page, "form[action='/sign-out']", &[]).await;
    browser.sign_in("ada@fabrikam.example").await;
    let foreign = browser.submit(&typed, switch, &tenant).await;
    assert_eq!(foreign.status, 403, "the word of a sign-in that was ended");
}

#[tokio::test]
async fn a_guest_goes_over_to_the_other_directory_under_a_new_cookie_and_nobody_else_does() {
    let kit = kit(vec![]).await;
    let browser = kit.signed_in("ada@fabrikam.example").await;
    let page = browser.open("/").await;
    assert_eq!(page.texts("button.choice"), ["contoso contoso.example"], "{}", page.text);
    let before = browser.cookies.borrow().get(SESSION).cloned();
    let tenant = CUSTOMER.to_string();
    let over = browser.submit(&page, "form[action='/directory']", &[("tenant", &tenant)]).await;
    assert_eq!(over.texts(".person .where"), ["contoso"]);
    assert_ne!(browser.cookies.borrow().get(SESSION).cloned(), before);
    let olof = kit.signed_in("olof@contoso.example").await;
    let page = olof.open("/").await;
    let tenant = PROVIDER.to_string();
    let refused = olof.submit(&page, "form[action='/directory']", &[("tenant", &tenant)]).await;
    assert_eq!(refused.status, 400);
    assert_eq!(olof.open("/").await.texts(".person .where"), ["contoso"]);
}

#[tokio::test]
async fn a_form_that_no_page_of_ours_sent_changes_nothing() {
    let kit = kit(vec![]).await;
    let browser = kit.signed_in("ada@fabrikam.example").await;
    let url = format!("{PORTAL}/sign-out");
    let token = browser.open("/").await.html();
    let csrf = scraper::Selector::parse("input[name=csrf]").unwrap();
    let csrf = token.select(&csrf).next().unwrap().value().attr("value").unwrap().to_owned();
    let good = format!("csrf={csrf}");
    let foreign = kit.signed_in("olof@contoso.example").await.open("/").await;
    let other = foreign.html();
    let other =
        other.select(&scraper::Selector::parse("input[name=csrf]").unwrap()).next().unwrap();
    let other = format!("csrf={}", other.value().attr("value").unwrap());
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("", &[]),
        ("csrf=", &[]),
        ("csrf=x", &[]),
        (&other, &[]),
        (&good, &[("sec-fetch-site", "cross-site")]),
        (&good, &[("sec-fetch-site", "same-site")]),
        (&good, &[("origin", "https://evil.example")]),
        (&good, &[("origin", LOGIN)]),
        (&good, &[("origin", "null")]),
    ];
    for (body, headers) in cases {
        let refused = browser.once(&Method::POST, &url, body, headers).await;
        assert_eq!(refused.status, 403, "{body} {headers:?}");
        assert_eq!(browser.open("/").await.texts(".person .who"), ["ada"]);
    }
    let out = browser
        .once(&Method::POST, &url, &good, &[("origin", PORTAL), ("sec-fetch-site", "same-origin")])
        .await;
    assert_eq!(out.status, 303);
}

#[tokio::test]
async fn whoever_switches_colours_comes_back_to_the_very_page() {
    let kit = kit(vec![]).await;
    let path = "/search?q=a%26b&x=1";
    let stranger = kit.browser().open(path).await;
    assert_eq!(stranger.links(".top .button"), ["/sign-in?to=/search%3Fq%3Da%2526b%26x%3D1"]);
    let ada = kit.signed_in("ada@fabrikam.example").await;
    let page = ada.open(path).await;
    let back = ada.submit(&page, "form[action='/theme']", &[("theme", "dark")]).await;
    assert_eq!((back.status, back.url), (200, format!("{PORTAL}{path}")));
    let here = ada.open("/access?x=1").await;
    assert_eq!(here.texts("#navigation [aria-current]"), ["Access control (IAM)"]);
    let unsent = ada.once(&Method::POST, &format!("{PORTAL}/access?x=1"), "", &[]).await;
    assert_eq!(unsent.status, 405);
    let forged = ada.once(&Method::POST, &format!("{PORTAL}/theme?x=1"), "", &[]).await;
    assert_eq!(forged.status, 403);
    assert!(forged.links("main a").contains(&"/theme?x=1".to_owned()), "{}", forged.text);
    let cancelled = ada.once(&Method::GET, &format!("{PORTAL}/signed-in?code=once"), "", &[]).await;
    assert!(!cancelled.text.contains("code=once"), "{}", cancelled.text);
}

#[tokio::test]
async fn a_path_that_would_name_another_host_leads_nowhere_and_is_no_link() {
    let kit = kit(vec![]).await;
    let (stranger, ada) = (kit.browser(), kit.signed_in("ada@fabrikam.example").await);
    for browser in [&stranger, &ada] {
        for path in ["//customers", "///customers/delegation?id=x", "//search?q=a"] {
            for method in [Method::GET, Method::POST] {
                let page = browser.once(&method, &format!("{PORTAL}{path}"), "", &[]).await;
                assert_eq!((page.status, page.header("location")), (404, ""), "{method} {path}");
                page.well_made();
                assert!(!page.text.contains("\"//"), "{}", page.text);
                assert!(!page.text.contains("to=//"), "{}", page.text);
            }
        }
    }
}

#[tokio::test]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    let kit = kit(vec![]).await;
    let browser = kit.browser();
    for path in ["/", "/nowhere", "/sign-in", "/assets/0/none.css"] {
        let answered = browser.once(&Method::GET, &format!("{PORTAL}{path}"), "", &[]).await;
        let policy = answered.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'")
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answered.header("x-frame-options"), "DENY");
        assert_eq!(answered.header("x-content-type-options"), "nosniff");
    }
    let front = browser.open("/").await;
    for asset in front.links("link[rel=stylesheet]") {
        let found = browser.open(&asset).await;
        assert_eq!((found.status, found.header("content-type")), (200, "text/css; charset=utf-8"));
    }
}

#[tokio::test]
async fn nobody_gets_a_token_in_the_portals_name() {
    let kit = kit(vec![]).await;
    let browser = kit.browser();
    let scope = "openid";
    let cases = [
        format!(
            "client_id={APP}&grant_type=password&username=ada%40fabrikam.example&password=correct+horse&scope={scope}"
        ),
        format!(
            "client_id={APP}&grant_type=authorization_code&code=x&redirect_uri={PORTAL}%2Fsigned-in&code_verifier=x&scope={scope}"
        ),
        format!(
            "client_id={APP}&client_secret=x&grant_type=client_credentials&scope=https%3A%2F%2Flocalhost%3A8443%2F.default"
        ),
    ];
    for body in cases {
        let url = format!("{LOGIN}/{PROVIDER}/oauth2/v2.0/token");
        let refused = browser.once(&Method::POST, &url, &body, &[]).await;
        assert_eq!(refused.status, 401, "{body} {}", refused.text);
    }
    let device = format!("{LOGIN}/{PROVIDER}/oauth2/v2.0/devicecode");
    let body = format!("client_id={APP}&scope={scope}");
    assert_eq!(browser.once(&Method::POST, &device, &body, &[]).await.status, 401);
}

#[tokio::test]
async fn whoever_signs_in_again_stays_in_the_directory_where_they_were() {
    let kit = kit(vec![]).await;
    let ada = kit.signed_in("ada@fabrikam.example").await;
    let page = ada.open("/").await;
    let there = CUSTOMER.to_string();
    let moved = ada.submit(&page, "form[action='/directory']", &[("tenant", &there)]).await;
    assert_eq!(moved.texts(".person .where"), ["contoso"]);
    let before = ada.cookies.borrow().get(SESSION).cloned();
    let again = ada.open("/sign-in?to=/roles").await;
    assert_eq!(
        (again.heading().as_str(), again.texts(".person .where")),
        ("My roles", vec!["contoso".to_owned()])
    );
    assert_ne!(ada.cookies.borrow().get(SESSION).cloned(), before, "under a new cookie");
}
