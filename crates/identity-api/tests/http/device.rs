//! Signing in on a device, by the page that people see.

use identity::client::AZURE_CLI;
use model::samples::PROVIDER;
use serde_json::json;

use crate::{
    browser::Browser,
    kit::{APP, Answered, Kit, kit},
};

const PAGE: &str = "/common/oauth2/deviceauth";

async fn started(kit: &Kit) -> (String, String) {
    let form = format!(
        "client_id={AZURE_CLI}&scope=https%3A%2F%2Flocalhost%3A8443%2F%2F.default+offline_access+openid"
    );
    let body = kit.post("/organizations/oauth2/v2.0/devicecode", &form).await.json();
    assert_eq!(body["verification_uri"], "https://localhost:8443/common/oauth2/deviceauth");
    assert_eq!((&body["expires_in"], &body["interval"]), (&json!(900), &json!(2)));
    let code = body["user_code"].as_str().unwrap().to_owned();
    assert!(body["message"].as_str().unwrap().contains(&code));
    (code, body["device_code"].as_str().unwrap().to_owned())
}

/// What a browser keeps of the page, and what the form sends back.
async fn opened(kit: &Kit) -> (String, String) {
    let page = kit.get(PAGE).await;
    let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
    let (_, rest) = page.text.split_once(r#"name="csrf" value=""#).unwrap();
    (cookie, rest.split('"').next().unwrap().to_owned())
}

async fn poll(kit: &Kit, code: &str) -> Answered {
    let form = format!(
        "client_id={AZURE_CLI}&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code={code}&code={code}&client_info=1"
    );
    kit.post("/organizations/oauth2/v2.0/token", &form).await
}

fn typed(csrf: &str, code: &str, password: &str) -> String {
    format!("csrf={csrf}&user_code={code}&username=ada%40fabrikam.example&password={password}")
}

#[tokio::test]
async fn a_code_typed_into_the_page_signs_the_device_in() {
    let kit = kit().await;
    let (user_code, device_code) = started(&kit).await;
    let pending = poll(&kit, &device_code).await;
    assert_eq!((pending.status, &pending.json()["error"]), (400, &json!("authorization_pending")));

    let (cookie, csrf) = opened(&kit).await;
    let headers = [("cookie", cookie.as_str())];
    let wrong = kit.post_with(PAGE, &typed(&csrf, &user_code, "wrong"), &headers).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text.contains("The sign-in name or the password is wrong."), "{}", wrong.text);
    assert!(wrong.text.contains(&format!(r#"value="{user_code}""#)), "what was typed stays");
    assert!(!wrong.text.contains("\"wrong\""), "but not the password");

    let form = typed(&csrf, &user_code.to_lowercase(), "correct+horse");
    let right = kit.post_with(PAGE, &form, &headers).await;
    assert_eq!(right.status, 200, "{}", right.text);
    assert!(
        right.text.contains("Microsoft Azure CLI") && right.text.contains("ada@fabrikam.example")
    );
    let tokens = poll(&kit, &device_code).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    assert!(tokens.json()["refresh_token"].is_string());
}

#[tokio::test]
async fn whoever_types_a_code_sees_what_asks_for_it_before_they_say_who_they_are() {
    let kit = kit().await;
    let form = format!("client_id={APP}&scope=openid");
    let started = kit.post(&format!("/{PROVIDER}/oauth2/v2.0/devicecode"), &form).await.json();
    let mut browser = Browser::new(&kit);
    let first = browser.get(PAGE).await;
    let asks_who = |page: &Answered| page.text.contains(r#"name="password""#);
    assert!(!asks_who(&first), "{}", first.text);
    let unknown = browser.fill_in(&first, "user_code=AAAAAAAAA&answer=code").await;
    assert!(unknown.status == 400 && !asks_who(&unknown), "{}", unknown.text);
    let typed = format!("user_code={}", started["user_code"].as_str().unwrap());
    let second = browser.fill_in(&first, &format!("{typed}&answer=code")).await;
    let named = |page: &Answered| {
        let words = ["automation</bdi>", "an application of", "fabrikam.example</bdi>", "another"];
        words.iter().all(|it| page.text.contains(it))
    };
    assert!(asks_who(&second) && named(&second), "{}", second.text);
    let who = format!("{typed}&username=ada%40fabrikam.example&answer=approve&password=");
    let wrong = browser.fill_in(&second, &format!("{who}wrong")).await;
    assert!(wrong.status == 400 && asks_who(&wrong) && named(&wrong), "{}", wrong.text);
    let right = browser.fill_in(&wrong, &format!("{who}correct+horse")).await;
    assert!(right.text.contains("You are signed in"), "{}", right.text);
}

#[tokio::test]
async fn another_site_cannot_send_the_form() {
    let kit = kit().await;
    let (user_code, _) = started(&kit).await;
    let ((cookie, csrf), (_, anothers)) = (opened(&kit).await, opened(&kit).await);
    let with_cookie = [("cookie", cookie.as_str())];
    let cases: [(&str, &[(&str, &str)]); 4] = [
        (&csrf, &[]),
        (&anothers, &with_cookie),
        ("", &with_cookie),
        ("x", &[("cookie", "__Host-fyr-form=x")]),
    ];
    for (csrf, headers) in cases {
        let form = typed(csrf, &user_code, "correct+horse");
        let answered = kit.post_with(PAGE, &form, headers).await;
        assert_eq!(answered.status, 403, "{csrf} {headers:?}");
    }
}

#[tokio::test]
async fn whoever_did_not_start_it_turns_it_away() {
    let kit = kit().await;
    let (user_code, device_code) = started(&kit).await;
    let (cookie, csrf) = opened(&kit).await;
    let form = format!("{}&answer=decline", typed(&csrf, &user_code, ""));
    let answered = kit.post_with(PAGE, &form, &[("cookie", cookie.as_str())]).await;
    assert_eq!(answered.status, 200, "{}", answered.text);
    assert_eq!(poll(&kit, &device_code).await.json()["error"], "authorization_declined");
}

#[tokio::test]
async fn the_page_runs_no_script_and_shows_no_markup_of_strangers() {
    let kit = kit().await;
    let (cookie, csrf) = opened(&kit).await;
    let form = typed(&csrf, "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E", "x");
    let page = kit.post_with(PAGE, &form, &[("cookie", cookie.as_str())]).await;
    assert!(!page.text.contains("<script"), "{}", page.text);
    let policy = page.header("content-security-policy");
    for rule in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("script-src") && !policy.contains("unsafe"));
    for part in ["Secure", "HttpOnly", "SameSite=Strict", "__Host-", "Path=/"] {
        assert!(page.header("set-cookie").contains(part), "{part}");
    }
    let code = format!("csrf={csrf}&user_code={}", started(&kit).await.0);
    let second = kit.post_with(PAGE, &code, &[("cookie", cookie.as_str())]).await;
    for (page, fields) in [(&page, &["user_code"][..]), (&second, &["username", "password"])] {
        assert_eq!(page.text.matches("<h1>").count(), 1);
        for field in fields {
            let labelled = format!(r#"<label for="{field}">"#);
            assert!(page.text.contains(&labelled), "{field}");
        }
    }
}

#[tokio::test]
async fn whoever_asks_for_codes_without_end_is_told_to_wait() {
    let kit = kit().await;
    for _ in 0..50 {
        started(&kit).await;
    }
    let form = format!("client_id={AZURE_CLI}&scope=openid");
    let refused = kit.post("/organizations/oauth2/v2.0/devicecode", &form).await;
    assert_eq!((refused.status, &refused.json()["error"]), (429, &json!("slow_down")));
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
}
