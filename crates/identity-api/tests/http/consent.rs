//! What an application gets of people by having them follow a link.

use identity::{client::AZURE_CLI, resource::Api, verifier::Untrusted};
use ids::guid::{AppId, Principal, RoleId};
use model::{
    action::Action,
    change::Noun,
    directory::edit::ApplicationEdit,
    directory_role::{
        APPLICATION_ADMINISTRATOR, DIRECTORY_READERS, DirectoryRoleAssignment,
        GLOBAL_ADMINISTRATOR, GROUPS_ADMINISTRATOR, USER_ADMINISTRATOR,
    },
    samples::{self, ADA, PROVIDER},
};
use operations::directory::{
    applications::{self, Said},
    service_principals::{self, Enabled},
};
use serde_json::json;

use crate::{
    authorize::{PROGRAM, SCOPE, code, path, signed_in},
    browser::{Browser, between, field},
    kit::{Answered, Kit, kit},
};

const EVE: Principal = samples::principal(PROVIDER, 0xE7E);
const NOTES: &str = "https%3A%2F%2Fnotes.example%2Fin";
const HORSE: &str = "username=ada%40fabrikam.example&password=correct+horse";
const GRAPH: &str = "https%3A%2F%2Flocalhost%3A8444%2F.default";
/// The example of RFC 7636, appendix B.
const CHALLENGE: &str =
    "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
const VERIFIER: &str = "code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

async fn give(kit: &Kit, principal: Principal, role: RoleId) {
    let held = DirectoryRoleAssignment { principal, role };
    testkit::put(kit.sign_in.plane(), vec![Noun::DirectoryRoleAssignment(held)]).await;
}

/// What Eve, who manages applications and nothing else, registers for herself.
async fn notes(kit: &Kit) -> (AppId, Principal) {
    let plane = kit.sign_in.plane();
    testkit::put(plane, vec![Noun::User(samples::user(EVE, "eve"))]).await;
    give(kit, EVE, APPLICATION_ADMINISTRATOR).await;
    let action = Action::named("Fyr.Directory/applications/write");
    let context = testkit::context(EVE, &action, samples::whole());
    let spa = Some(vec!["https://notes.example/in".to_owned()]);
    let said = Said { edit: ApplicationEdit { spa, ..Default::default() }, certificates: None };
    let (made, _) = applications::create(plane, &context, "Notes".to_owned(), &said).await.unwrap();
    let installed = service_principals::create(plane, &context, made.app, Enabled::Yes).await;
    (made.app, installed.unwrap().0.principal)
}

fn link(app: AppId, scope: &str, more: &str) -> String {
    let asked = path(&PROVIDER.to_string(), &app.to_string(), NOTES, CHALLENGE);
    format!("{}&{more}", asked.replace(SCOPE, scope))
}

/// Ada's browser, in which she uses the Azure CLI.
async fn adas(kit: &Kit) -> Browser<'_> {
    let mut browser = Browser::new(kit);
    let cli = path("organizations", &AZURE_CLI.to_string(), PROGRAM, CHALLENGE);
    code(&signed_in(&mut browser, &cli).await);
    browser
}

async fn picked(browser: &mut Browser<'_>, page: &Answered) -> Answered {
    let account = between(&page.text, r#"name="account" value=""#);
    browser.fill_in(page, &format!("account={account}")).await
}

async fn tokens(kit: &Kit, body: &str) -> Answered {
    kit.token(body).await
}

/// Asks for tokens as the page of Notes does.
async fn by_page(kit: &Kit, body: &str) -> Answered {
    let path = format!("/{PROVIDER}/oauth2/v2.0/token");
    kit.post_with(&path, body, &[("origin", "https://notes.example")]).await
}

async fn redeemed(kit: &Kit, app: AppId, sent: &Answered) -> Answered {
    let code = code(sent);
    let body = format!(
        "grant_type=authorization_code&client_id={app}&redirect_uri={NOTES}&code={code}&{VERIFIER}"
    );
    by_page(kit, &body).await
}

#[tokio::test]
async fn a_link_tells_an_application_nothing_of_whoever_follows_it_without_a_click() {
    let kit = kit().await;
    let (app, _) = notes(&kit).await;
    let mut browser = adas(&kit).await;
    for more in ["", "login_hint=ada%40fabrikam.example"] {
        let page = browser.get(&link(app, SCOPE, more)).await;
        assert_eq!((page.status, page.header("location")), (200, ""), "{more}");
        for words in ["Notes</bdi>", "an application of", "fabrikam.example</bdi>", "ada@"] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
    }
    for hint in ["", "&login_hint=ada%40fabrikam.example", "&login_hint=eve%40fabrikam.example"] {
        let asked = link(app, SCOPE, &format!("prompt=none{hint}"));
        for silent in [browser.get(&asked).await, kit.get(&asked).await] {
            let error = field(silent.header("location"), "error");
            assert_eq!(error.as_deref(), Some("login_required"), "{hint}: {}", silent.text);
        }
    }

    let page = browser.get(&link(app, SCOPE, "")).await;
    let account = between(&page.text, r#"name="account" value=""#);
    let csrf = between(&page.text, r#"name="csrf" value=""#);
    let action = between(&page.text, r#"action=""#).replace("&amp;", "&");
    let form = format!("csrf={csrf}&account={account}");
    assert_eq!(kit.post(&action, &form).await.status, 403, "a page elsewhere has no cookie");
    let beside = [("sec-fetch-site", "same-site")];
    let forged = browser.post_from(&action, &form, &beside).await;
    assert_eq!(forged.status, 403, "a page at another port has, and is told apart");

    let sent = picked(&mut browser, &page).await;
    assert_eq!(redeemed(&kit, app, &sent).await.status, 200);
    code(&browser.get(&link(app, SCOPE, "prompt=none")).await);
    let (other, _) = notes(&kit).await;
    let page = browser.get(&link(other, SCOPE, "")).await;
    assert_eq!(page.status, 200, "another application of that name is asked for anew");
}

#[tokio::test]
async fn whoever_registers_applications_gains_nothing_of_a_global_administrator() {
    let kit = kit().await;
    let (app, principal) = notes(&kit).await;
    give(&kit, ADA, GLOBAL_ADMINISTRATOR).await;
    let mut browser = adas(&kit).await;
    for scope in [SCOPE, GRAPH] {
        let page = browser.get(&link(app, scope, "")).await;
        let refused = picked(&mut browser, &page).await;
        assert_eq!((refused.status, refused.header("location")), (400, ""), "{scope}");
        assert!(refused.text.contains("has not consented"), "{}", refused.text);
        let typed = browser.fill_in(&refused, &format!("{HORSE}&answer=sign-in")).await;
        assert_eq!((typed.status, typed.header("location")), (400, ""), "the password, too");
        let by_password = format!("grant_type=password&client_id={app}&{HORSE}&scope={scope}");
        let refused = tokens(&kit, &by_password).await;
        let body = refused.json();
        assert_eq!((refused.status, &body["error_codes"]), (400, &json!([65_001])));
        assert_eq!(
            (&body["error"], &body["suberror"]),
            (&json!("invalid_grant"), &json!("consent_required"))
        );
        let page = browser.get(&link(app, scope, "prompt=none")).await;
        let error = field(page.header("location"), "error");
        assert_eq!(error.as_deref(), Some("login_required"), "nothing was confirmed");
    }
    give(&kit, principal, APPLICATION_ADMINISTRATOR).await;
    let by_password = format!("grant_type=password&client_id={app}&{HORSE}&scope={GRAPH}");
    let refused = tokens(&kit, &by_password).await;
    assert_eq!(refused.json()["error_codes"], json!([65_001]), "it is Eve's, and manages less");
    give(&kit, principal, GLOBAL_ADMINISTRATOR).await;
    let page = browser.get(&link(app, GRAPH, "")).await;
    let sent = picked(&mut browser, &page).await;
    assert_eq!(redeemed(&kit, app, &sent).await.status, 200, "it manages all of it by itself");
}

#[tokio::test]
async fn of_whoever_manages_people_or_groups_an_application_gets_nothing_either() {
    for (role, status) in
        [(USER_ADMINISTRATOR, 400), (GROUPS_ADMINISTRATOR, 400), (DIRECTORY_READERS, 200)]
    {
        let kit = kit().await;
        let (app, _) = notes(&kit).await;
        give(&kit, ADA, role).await;
        let by_password = format!("grant_type=password&client_id={app}&{HORSE}&scope={SCOPE}");
        let answered = tokens(&kit, &by_password).await;
        assert_eq!(answered.status, status, "{role}: {}", answered.text);
        if status == 400 {
            assert_eq!(answered.json()["error_codes"], json!([65_001]));
        }
    }
}

#[tokio::test]
async fn an_application_without_power_learns_who_a_global_administrator_is_and_may_do_nothing() {
    let kit = kit().await;
    let (app, _) = notes(&kit).await;
    give(&kit, ADA, GLOBAL_ADMINISTRATOR).await;
    let mut browser = adas(&kit).await;
    let page = browser.get(&link(app, "openid+profile+offline_access", "")).await;
    let sent = picked(&mut browser, &page).await;
    let answered = redeemed(&kit, app, &sent).await;
    assert_eq!(answered.status, 200, "{}", answered.text);
    let body = answered.json();
    assert!(body["id_token"].is_string());
    assert_eq!(body["scope"], "openid profile email");
    let now = kit.sign_in.plane().store.now();
    for api in [Api::Arm, Api::Graph, Api::Decision, Api::Exchange, Api::Client] {
        let opened = kit.sign_in.verifier(api).verify(body["access_token"].as_str().unwrap(), now);
        assert!(opened.is_err(), "{api:?}");
    }
    let refresh = body["refresh_token"].as_str().unwrap();
    let wider =
        format!("grant_type=refresh_token&client_id={app}&refresh_token={refresh}&scope={GRAPH}");
    assert_eq!(by_page(&kit, &wider).await.json()["error_codes"], json!([65_001]));
}

#[tokio::test]
async fn whoever_comes_to_manage_the_directory_is_out_of_reach_from_then_on() {
    let kit = kit().await;
    let (app, _) = notes(&kit).await;
    let mut browser = adas(&kit).await;
    let page = browser.get(&link(app, SCOPE, "")).await;
    let sent = picked(&mut browser, &page).await;
    let body = redeemed(&kit, app, &sent).await.json();
    let early = browser.get(&link(app, SCOPE, "prompt=none")).await;
    let refresh = body["refresh_token"].as_str().unwrap();
    let believed = || {
        let now = kit.sign_in.plane().store.now();
        kit.sign_in.verifier(Api::Arm).verify(body["access_token"].as_str().unwrap(), now)
    };
    assert_eq!(believed().map(|it| it.principal), Ok(ADA));
    give(&kit, ADA, GLOBAL_ADMINISTRATOR).await;
    assert_eq!(believed(), Err(Untrusted::Outgrown), "nor is what the application has already");

    let again = format!("grant_type=refresh_token&client_id={app}&refresh_token={refresh}");
    let again = format!("{again}&scope={SCOPE}");
    assert_eq!(by_page(&kit, &again).await.json()["error_codes"], json!([65_001]));
    assert_eq!(redeemed(&kit, app, &early).await.json()["error_codes"], json!([65_001]));
    let silent = browser.get(&link(app, SCOPE, "prompt=none")).await;
    let error = field(silent.header("location"), "error");
    assert_eq!(error.as_deref(), Some("consent_required"));
}

#[tokio::test]
async fn a_device_gets_nothing_of_a_global_administrator_by_an_ordinary_application() {
    let kit = kit().await;
    let (app, _) = notes(&kit).await;
    give(&kit, ADA, GLOBAL_ADMINISTRATOR).await;
    let wanted = format!("client_id={app}&scope={GRAPH}");
    let started = kit.post(&format!("/{PROVIDER}/oauth2/v2.0/devicecode"), &wanted).await.json();
    let mut browser = Browser::new(&kit);
    let page = browser.get("/common/oauth2/deviceauth").await;
    let user_code = started["user_code"].as_str().unwrap();
    let typed = format!("user_code={user_code}&{HORSE}&answer=approve");
    let refused = browser.fill_in(&page, &typed).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("has not consented"), "{}", refused.text);
    let device_code = started["device_code"].as_str().unwrap();
    let poll = format!("grant_type=device_code&client_id={app}&device_code={device_code}");
    assert_eq!(tokens(&kit, &poll).await.json()["error"], "authorization_pending");
}
