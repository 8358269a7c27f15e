//! Signing in by browser: the page, the code, and what is never sent anywhere.

use identity::{client::AZURE_CLI, resource::Api};
use model::samples::{ADA, CUSTOMER, PROVIDER};
use serde_json::json;

use crate::{
    browser::{Browser, between, field},
    claims,
    kit::{APP, Answered, Kit, ROBOT, kit},
};

/// The example of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const SERVER: &str = "https%3A%2F%2Fapp.example%2Fin";
pub(crate) const PAGE: &str = "https%3A%2F%2Fapp.example%2Fpage";
pub(crate) const PROGRAM: &str = "http%3A%2F%2Flocalhost%3A51234";
pub(crate) const SCOPE: &str =
    "https%3A%2F%2Flocalhost%3A8443%2F%2F.default+offline_access+openid+profile";
const ADAS: &str = "username=ada%40fabrikam.example&password=correct+horse&answer=sign-in";

pub(crate) fn challenge() -> String {
    format!("code_challenge={CHALLENGE}&code_challenge_method=S256")
}

pub(crate) fn path(tenant: &str, client: &str, redirect: &str, more: &str) -> String {
    format!(
        "/{tenant}/oauth2/v2.0/authorize?client_id={client}&redirect_uri={redirect}&response_type=code&scope={SCOPE}&state=s%26t&nonce=n&{more}"
    )
}

fn cli(more: &str) -> String {
    path("organizations", &AZURE_CLI.to_string(), PROGRAM, &format!("{}&{more}", challenge()))
}

pub(crate) fn web(more: &str) -> String {
    path(&PROVIDER.to_string(), &APP.to_string(), SERVER, more)
}

pub(crate) async fn signed_in(browser: &mut Browser<'_>, path: &str) -> Answered {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{}", page.text);
    browser.fill_in(&page, ADAS).await
}

pub(crate) fn code(sent: &Answered) -> String {
    assert_eq!(sent.status, 303, "{}", sent.text);
    field(sent.header("location"), "code").unwrap_or_else(|| panic!("{:?}", sent.headers))
}

pub(crate) fn redeeming(client: &str, redirect: &str, code: &str, more: &str) -> String {
    format!(
        "grant_type=authorization_code&client_id={client}&redirect_uri={redirect}&code={code}&client_info=1&{more}"
    )
}

fn by_cli(code: &str) -> String {
    let verifier = format!("code_verifier={VERIFIER}");
    redeeming(&AZURE_CLI.to_string(), PROGRAM, code, &verifier)
}

async fn redeemed(kit: &Kit, tenant: &str, body: &str) -> Answered {
    kit.post(&format!("/{tenant}/oauth2/v2.0/token"), body).await
}

#[tokio::test]
async fn a_person_signs_in_by_browser_and_the_program_gets_all_that_msal_needs() {
    let kit = kit().await;
    let mut browser = Browser::new(&kit);
    let sent = signed_in(&mut browser, &cli("")).await;
    let location = sent.header("location");
    assert!(location.starts_with("http://localhost:51234?code="), "{location}");
    assert_eq!(field(location, "state").as_deref(), Some("s%26t"));
    let tokens = redeemed(&kit, "organizations", &by_cli(&code(&sent))).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    let body = tokens.json();
    for name in ["access_token", "refresh_token", "id_token", "client_info", "scope"] {
        assert!(body[name].is_string(), "{name} of {body}");
    }
    let id = claims(body["id_token"].as_str().unwrap());
    assert_eq!(id["aud"], AZURE_CLI.to_string());
    assert_eq!((&id["nonce"], &id["tid"]), (&json!("n"), &json!(PROVIDER.to_string())));
    assert_eq!((&id["oid"], &id["name"]), (&json!(ADA.object.to_string()), &json!("ada")));
    assert_eq!(id["preferred_username"], "ada@fabrikam.example");
    let token = body["access_token"].as_str().unwrap();
    let now = kit.sign_in.plane().store.now();
    let caller = kit.sign_in.verifier(Api::Arm).verify(token, now).unwrap();
    assert_eq!((caller.principal, caller.app), (ADA, AZURE_CLI));
}

#[tokio::test]
async fn a_code_is_good_once_and_a_second_time_ends_what_came_of_it() {
    let kit = kit().await;
    let mut browser = Browser::new(&kit);
    let code = code(&signed_in(&mut browser, &cli("")).await);
    let first = redeemed(&kit, "organizations", &by_cli(&code)).await.json();
    let again = redeemed(&kit, "organizations", &by_cli(&code)).await;
    assert_eq!((again.status, &again.json()["error_codes"]), (400, &json!([54005])));
    let now = kit.sign_in.plane().store.now();
    let token = first["access_token"].as_str().unwrap();
    assert!(kit.sign_in.verifier(Api::Arm).verify(token, now).is_err(), "the token ends");
    let refresh = first["refresh_token"].as_str().unwrap();
    let refresh = format!("grant_type=refresh_token&client_id={AZURE_CLI}&refresh_token={refresh}");
    let refused = redeemed(&kit, "organizations", &refresh).await;
    assert_eq!(refused.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn no_token_without_the_code_its_verifier_its_client_and_its_place() {
    let kit = kit().await;
    let mut browser = Browser::new(&kit);
    let code = code(&signed_in(&mut browser, &cli("")).await);
    let verifier = format!("code_verifier={VERIFIER}");
    let cli = AZURE_CLI.to_string();
    let elsewhere = "http%3A%2F%2Flocalhost%3A51235";
    let secret = format!("{verifier}&client_secret=x");
    let cases = [
        (redeeming(&cli, PROGRAM, "guessed", &verifier), 70_000),
        (redeeming(&cli, PROGRAM, &code, ""), 501_481),
        (redeeming(&cli, PROGRAM, &code, &format!("code_verifier={CHALLENGE}")), 501_481),
        (redeeming(&cli, elsewhere, &code, &verifier), 500_112),
        (redeeming(&APP.to_string(), PROGRAM, &code, &verifier), 70_000),
        (redeeming(&cli, PROGRAM, &code, &secret), 700_025),
    ];
    for (body, number) in cases {
        let refused = redeemed(&kit, "organizations", &body).await;
        assert_eq!(refused.json()["error_codes"], json!([number]), "{body} {}", refused.text);
    }
    let there = redeemed(&kit, &CUSTOMER.to_string(), &by_cli(&code)).await;
    assert_eq!(there.json()["error_codes"], json!([70_000]), "another tenant");
    assert_eq!(redeemed(&kit, "organizations", &by_cli(&code)).await.status, 200, "still good");
}

#[tokio::test]
async fn a_server_redeems_its_code_by_its_secret_and_stays_signed_in_by_it() {
    let kit = kit().await;
    let mut browser = Browser::new(&kit);
    let code = code(&signed_in(&mut browser, &web("")).await);
    let (app, tenant) = (APP.to_string(), PROVIDER.to_string());
    let bare = redeemed(&kit, &tenant, &redeeming(&app, SERVER, &code, "")).await;
    assert_eq!((bare.status, &bare.json()["error_codes"]), (401, &json!([7_000_218])));
    let wrong = redeeming(&app, SERVER, &code, "client_secret=wrong");
    assert_eq!(redeemed(&kit, &tenant, &wrong).await.json()["error_codes"], json!([7_000_215]));
    let right = redeeming(&app, SERVER, &code, "client_secret=battery+staple");
    let tokens = redeemed(&kit, &tenant, &right).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    let refresh = tokens.json()["refresh_token"].as_str().unwrap().to_owned();
    let refresh = format!("grant_type=refresh_token&client_id={app}&refresh_token={refresh}");
    assert_eq!(redeemed(&kit, &tenant, &refresh).await.status, 401);
    let shown = format!("{refresh}&client_secret=battery+staple");
    assert_eq!(redeemed(&kit, &tenant, &shown).await.status, 200);
}

#[tokio::test]
async fn a_page_redeems_its_code_without_a_secret_though_its_application_has_one() {
    let kit = kit().await;
    let mut browser = Browser::new(&kit);
    let (app, tenant) = (APP.to_string(), PROVIDER.to_string());
    let asked = path(&tenant, &app, PAGE, &format!("{}&response_mode=fragment", challenge()));
    let sent = signed_in(&mut browser, &asked).await;
    assert!(sent.header("location").starts_with("https://app.example/page#code="));
    let endpoint = format!("/{tenant}/oauth2/v2.0/token");
    let origin = [("origin", "https://app.example")];
    let body = redeeming(&app, PAGE, &code(&sent), &format!("code_verifier={VERIFIER}"));
    let tokens = kit.post_with(&endpoint, &body, &origin).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    let refresh = tokens.json()["refresh_token"].as_str().unwrap().to_owned();
    let refresh = format!("grant_type=refresh_token&client_id={app}&refresh_token={refresh}");
    assert_eq!(kit.post_with(&endpoint, &refresh, &origin).await.status, 200);
}

#[tokio::test]
async fn whoever_is_signed_in_is_not_asked_again_but_by_programs() {
    let kit = kit().await;
    let mut browser = Browser::new(&kit);
    let none = browser.get(&web("prompt=none")).await;
    assert_eq!(field(none.header("location"), "error").as_deref(), Some("login_required"));
    signed_in(&mut browser, &web("")).await;
    code(&browser.get(&web("prompt=none")).await);
    code(&browser.get(&web("login_hint=ada%40fabrikam.example")).await);
    let another = browser.get(&web("login_hint=olof%40contoso.example")).await;
    assert!(another.text.contains(r#"value="olof@contoso.example""#), "{}", another.text);
    let asked = browser.get(&web("prompt=login")).await;
    assert!(asked.text.contains(r#"type="password""#));
    let account = between(&browser.get(&cli("")).await.text, r#"name="account" value=""#);
    let evaded = browser.fill_in(&asked, &format!("account={account}")).await;
    assert_eq!(evaded.status, 400, "who asked for the password gets it");
    let silent = browser.get(&cli("prompt=none")).await;
    assert_eq!(field(silent.header("location"), "error").as_deref(), Some("login_required"));
    let picking = browser.get(&cli("")).await;
    assert!(
        picking.text.contains("Pick an account") && picking.text.contains("Microsoft Azure CLI")
    );
    let account = between(&picking.text, r#"name="account" value=""#);
    let sent = browser.fill_in(&picking, &format!("account={account}")).await;
    assert_eq!(redeemed(&kit, "organizations", &by_cli(&code(&sent))).await.status, 200);
    let strangers = Browser::new(&kit).get(&cli("")).await;
    let forged = browser.fill_in(&strangers, &format!("account={account}")).await;
    assert_eq!(forged.status, 403, "another browser's form");
    let mut another = Browser::new(&kit);
    let page = another.get(&cli("")).await;
    let stolen = another.fill_in(&page, &format!("account={account}")).await;
    assert_eq!(stolen.status, 400, "nobody picks an account of another browser's");
}

#[tokio::test]
async fn an_application_of_elsewhere_does_not_learn_whose_browser_it_is() {
    let kit = kit().await;
    let mut browser = Browser::new(&kit);
    signed_in(&mut browser, &web("")).await;
    let place = "https%3A%2F%2Frobot.example%2Fin";
    let asked = |more| path("organizations", &ROBOT.to_string(), place, more);
    for more in ["prompt=none", "prompt=none&login_hint=ada%40fabrikam.example"] {
        let known = browser.get(&asked(more)).await;
        let error = field(known.header("location"), "error");
        assert_eq!(error.as_deref(), Some("login_required"), "{}", known.text);
        let location = known.header("location");
        assert!(!location.contains(&PROVIDER.to_string()), "{location}");
    }
    let page = browser.get(&asked("")).await;
    assert!(
        page.text.contains(r#"type="password""#) && !page.text.contains("ada@"),
        "{}",
        page.text
    );
    let refused = browser.fill_in(&page, ADAS).await;
    assert_eq!((refused.status, refused.header("location")), (400, ""), "the person alone is told");
}

#[tokio::test]
async fn errors_go_to_the_client_only_where_the_place_is_the_clients() {
    let kit = kit().await;
    let (app, tenant) = (APP.to_string(), PROVIDER.to_string());
    let wild = [
        "https%3A%2F%2Fevil.example%2F",
        "https%3A%2F%2Fapp.example%2Fin%2F",
        "https%3A%2F%2Fapp.example%2Fin%3Fx%3D1",
        "https%3A%2F%2Fapp.example%40evil.example%2Fin",
        "https%3A%2F%2Fapp.example.evil.example%2Fin",
        "%2F%2Fevil.example%2F",
        "http%3A%2F%2Flocalhost%3A1%2Fother",
        "http%3A%2F%2Flocalhost%3A1%40evil.example",
        "javascript%3Aalert%281%29",
        "data%3Atext%2Fhtml%2Cx",
        "https%3A%2F%2Fapp.example%2Fin%0D%0ASet-Cookie%3A+x%3Dy",
    ];
    for redirect in wild {
        for more in ["", "response_mode=form_post", "prompt=none"] {
            let shown = kit.get(&path(&tenant, &app, redirect, more)).await;
            assert_eq!((shown.status, shown.header("location")), (400, ""), "{redirect}");
            assert!(shown.text.contains("AADSTS50011"), "{}", shown.text);
        }
    }
    for (bad, number) in [
        (path(&tenant, "my-app", SERVER, ""), "AADSTS700016"),
        (path(&tenant, &uuid::Uuid::from_u128(9).to_string(), SERVER, ""), "AADSTS700016"),
        (path("nowhere.example", &app, SERVER, ""), "AADSTS90002"),
        (path(&CUSTOMER.to_string(), &app, SERVER, ""), "AADSTS700016"),
        (format!("{}&client_id=x", web("")), "AADSTS90013"),
        (web("response_mode=nonsense"), "AADSTS90013"),
    ] {
        let shown = kit.get(&bad).await;
        assert_eq!((shown.status, shown.header("location")), (400, ""), "{bad}");
        assert!(shown.text.contains(number), "{number} {}", shown.text);
    }
    let told = |sent: &Answered| field(sent.header("location"), "error");
    let unchallenged = path(&tenant, &app, PAGE, "");
    let plain = web("code_challenge=x&code_challenge_method=plain");
    let implicit = web("").replace("response_type=code", "response_type=token");
    for (bad, error) in [
        (unchallenged, "invalid_request"),
        (plain, "invalid_request"),
        (implicit, "unsupported_response_type"),
        (web("").replace("8443", "9999"), "invalid_resource"),
    ] {
        let sent = kit.get(&bad).await;
        assert_eq!((sent.status, told(&sent).as_deref()), (303, Some(error)), "{bad}");
        assert_eq!(field(sent.header("location"), "state").as_deref(), Some("s%26t"));
    }
}

#[tokio::test]
async fn an_application_of_one_tenant_is_elsewhere_like_one_that_does_not_exist() {
    let kit = kit().await;
    let nobody = uuid::Uuid::from_u128(9).to_string();
    for directory in ["organizations".to_owned(), "common".to_owned(), CUSTOMER.to_string()] {
        let told = async |app: &str| {
            let shown = kit.get(&path(&directory, app, SERVER, "")).await;
            let wanted = format!("client_id={app}&scope={SCOPE}");
            let device = kit.post(&format!("/{directory}/oauth2/v2.0/devicecode"), &wanted).await;
            let back = format!("client_id={app}&post_logout_redirect_uri={SERVER}");
            let out = kit.get(&format!("/{directory}/oauth2/v2.0/logout?{back}")).await;
            let number = device.json()["error_codes"].clone();
            let page = shown.text.split("<small>").next().unwrap();
            let page = page.split("</style>").nth(1).unwrap().replace(app, "APP");
            (shown.status, page, number, out.status, out.header("location").to_owned())
        };
        let own = told(&APP.to_string()).await;
        assert_eq!(own, told(&nobody).await, "{directory}");
        assert_eq!((own.0, &own.2), (400, &json!([700_016])));
        assert!(own.1.contains("AADSTS700016") && own.4.is_empty(), "{own:?}");
    }
    let at_home = format!("/{PROVIDER}/oauth2/v2.0/logout");
    let back = format!("{at_home}?client_id={APP}&post_logout_redirect_uri={SERVER}");
    assert_eq!(kit.get(&back).await.status, 303);
}

#[tokio::test]
async fn the_sign_in_page_forgives_nothing_and_tells_nothing() {
    let kit = kit().await;
    let mut browser = Browser::new(&kit);
    let page = browser.get(&web("")).await;
    for (name, word) in [("ada", "mistaken"), ("nobody", "correct")] {
        let typed = format!("username={name}%40fabrikam.example&password={word}");
        let back = browser.fill_in(&page, &typed).await;
        assert_eq!(back.status, 400);
        assert!(back.text.contains("The sign-in name or the password is wrong."), "{name}");
        assert!(!back.text.contains(word), "the password does not come back");
        assert_eq!(browser.cookie("__Host-fyr-browser"), None, "nobody is signed in");
    }
    let cancelled = browser.fill_in(&page, "answer=cancel").await;
    assert_eq!(field(cancelled.header("location"), "error").as_deref(), Some("access_denied"));
    let action = between(&page.text, r#"action=""#).replace("&amp;", "&");
    let forged = kit.post(&action, &format!("csrf=x&{ADAS}")).await;
    assert_eq!((forged.status, forged.header("location")), (403, ""), "no cookie");
}

#[tokio::test]
async fn no_text_of_a_strangers_request_becomes_markup_or_policy() {
    let kit = kit().await;
    let markup = "%22%27%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E";
    let reflected = [
        web(&format!("login_hint={markup}")),
        web(&format!("x={markup}&{markup}=1")),
        web("").replace("state=s%26t", &format!("state={markup}")),
        path(&PROVIDER.to_string(), &APP.to_string(), markup, ""),
        path(&PROVIDER.to_string(), markup, SERVER, ""),
        path(markup, &APP.to_string(), SERVER, ""),
        web(&format!("response_mode={markup}")),
        format!("/{PROVIDER}/oauth2/v2.0/logout?state={markup}&post_logout_redirect_uri={markup}"),
    ];
    for path in reflected {
        let page = kit.get(&path).await;
        assert!(!page.text.contains("<script") && !page.text.contains("'>"), "{}", page.text);
        let policy = page.header("content-security-policy");
        for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("x-frame-options"), "DENY");
    }
    let mut browser = Browser::new(&kit);
    let asked = web("response_mode=form_post").replace("s%26t", markup);
    let posting = signed_in(&mut browser, &asked).await;
    assert_eq!(between(&posting.text, r#"action=""#), "https://app.example/in");
    assert!(!posting.text.contains("<script>alert"), "{}", posting.text);
    let policy = posting.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://app.example;"), "{policy}");
}

#[tokio::test]
async fn a_cookie_that_was_there_before_a_sign_in_is_worth_nothing_after() {
    let kit = kit().await;
    let mut browser = Browser::new(&kit);
    signed_in(&mut browser, &web("")).await;
    let before = browser.cookie("__Host-fyr-browser").unwrap().to_owned();
    signed_in(&mut browser, &web("prompt=login")).await;
    assert_ne!(browser.cookie("__Host-fyr-browser"), Some(before.as_str()));
    let cookie = format!("__Host-fyr-browser={before}");
    let old = kit.get_with(&web("prompt=none"), &[("cookie", &cookie)]).await;
    assert_eq!(field(old.header("location"), "error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn signing_out_ends_the_browsers_sign_in_and_what_stays_signed_in_by_it() {
    let kit = kit().await;
    let mut browser = Browser::new(&kit);
    let code = code(&signed_in(&mut browser, &cli("")).await);
    let tokens = redeemed(&kit, "organizations", &by_cli(&code)).await.json();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let refresh = format!("grant_type=refresh_token&client_id={AZURE_CLI}&refresh_token={refresh}");
    let logout = format!("/{PROVIDER}/oauth2/v2.0/logout");

    let asked = browser.get(&logout).await;
    assert!(asked.text.contains("Sign out?"), "any page may send a browser here");
    assert_eq!(browser.post(&logout, "answer=sign-out&csrf=x").await.status, 200);
    let still = redeemed(&kit, "organizations", &refresh).await;
    assert_eq!(still.status, 200, "nothing has ended yet: {}", still.text);
    let refresh = still.json()["refresh_token"].as_str().unwrap().to_owned();
    let refresh = format!("grant_type=refresh_token&client_id={AZURE_CLI}&refresh_token={refresh}");

    let hint = tokens["id_token"].as_str().unwrap();
    let back = format!("id_token_hint={hint}&post_logout_redirect_uri={PROGRAM}&state=x");
    let sent = browser.get(&format!("{logout}?{back}")).await;
    assert_eq!((sent.status, sent.header("location")), (303, "http://localhost:51234?state=x"));
    assert_eq!(browser.cookie("__Host-fyr-browser"), None);
    let refused = redeemed(&kit, "organizations", &refresh).await;
    assert_eq!((refused.status, &refused.json()["error"]), (400, &json!("invalid_grant")));
    let none = browser.get(&web("prompt=none")).await;
    assert_eq!(field(none.header("location"), "error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn a_browser_that_signs_out_is_sent_nowhere_but_to_its_clients_places() {
    let kit = kit().await;
    let logout = format!("/{PROVIDER}/oauth2/v2.0/logout");
    let wild = "https%3A%2F%2Fevil.example%2F";
    for query in [
        format!("post_logout_redirect_uri={SERVER}"),
        format!("post_logout_redirect_uri={wild}&client_id={APP}"),
        format!("post_logout_redirect_uri={SERVER}&client_id={AZURE_CLI}"),
        format!("post_logout_redirect_uri={SERVER}&id_token_hint=a.b.c"),
    ] {
        let answered = kit.get(&format!("{logout}?{query}")).await;
        assert_eq!((answered.status, answered.header("location")), (200, ""), "{query}");
        assert!(answered.text.contains("You are signed out"), "{query}");
    }
    let back = format!("{logout}?post_logout_redirect_uri={SERVER}&client_id={APP}");
    assert_eq!(kit.get(&back).await.header("location"), "https://app.example/in");
}

#[tokio::test]
async fn a_guest_signs_in_at_the_customers_with_the_password_from_home() {
    let kit = kit().await;
    let mut browser = Browser::new(&kit);
    let there = CUSTOMER.to_string();
    let cli = AZURE_CLI.to_string();
    let sent = signed_in(&mut browser, &path(&there, &cli, PROGRAM, &challenge())).await;
    let tokens = redeemed(&kit, &there, &by_cli(&code(&sent))).await.json();
    let id = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(
        (&id["tid"], &id["preferred_username"]),
        (&json!(there), &json!("ada@fabrikam.example"))
    );
    assert_ne!(id["oid"], ADA.object.to_string());
}
