//! A page's script that signs people in from another origin, as MSAL for browsers does.

use identity::resource::Api;
use model::samples::{CUSTOMER, PROVIDER};
use serde_json::json;

use crate::{
    authorize::{PAGE, SERVER, VERIFIER, challenge, code, path, redeeming, signed_in, web},
    browser::Browser,
    kit::{APP, Answered, Kit, kit},
};

const ORIGIN: &str = "https://app.example";

/// Posts a form as a script at that origin does: without cookies.
async fn posted(kit: &Kit, origin: &str, body: &str) -> Answered {
    let path = format!("/{PROVIDER}/oauth2/v2.0/token?client-request-id=1");
    kit.post_with(&path, body, &[("origin", origin)]).await
}

fn readable(answered: &Answered) -> &str {
    assert_eq!(answered.header("access-control-allow-credentials"), "");
    answered.header("access-control-allow-origin")
}

async fn pages_code(kit: &Kit) -> String {
    let asked = path(&PROVIDER.to_string(), &APP.to_string(), PAGE, &challenge());
    code(&signed_in(&mut Browser::new(kit), &asked).await)
}

#[tokio::test]
async fn a_page_finds_the_endpoints_redeems_its_code_and_stays_signed_in_for_a_day() {
    let kit = kit().await;
    for public in ["v2.0/.well-known/openid-configuration", "discovery/v2.0/keys"] {
        let found = kit.get_with(&format!("/{PROVIDER}/{public}"), &[("origin", ORIGIN)]).await;
        assert_eq!((found.status, readable(&found)), (200, "*"));
    }
    let endpoint = format!("/{PROVIDER}/oauth2/v2.0/token");
    let may = kit.options(&endpoint, &[("origin", ORIGIN)]).await;
    assert_eq!((may.status, readable(&may)), (204, "*"));
    assert!(may.header("access-control-allow-methods").contains("POST"));
    assert!(!may.header("access-control-allow-headers").contains("authorization"));

    let verifier = format!("code_verifier={VERIFIER}");
    let body = redeeming(&APP.to_string(), PAGE, &pages_code(&kit).await, &verifier);
    let tokens = posted(&kit, ORIGIN, &body).await;
    assert_eq!((tokens.status, readable(&tokens)), (200, ORIGIN), "{}", tokens.text);
    assert_eq!(tokens.header("vary"), "Origin");
    assert_eq!(tokens.json()["refresh_token_expires_in"], 86_400);
    let now = kit.sign_in.plane().store.now();
    let access = tokens.json()["access_token"].as_str().unwrap().to_owned();
    assert!(kit.sign_in.verifier(Api::Arm).verify(&access, now).is_ok());

    let again = |tokens: &Answered| {
        let refresh = tokens.json()["refresh_token"].as_str().unwrap().to_owned();
        format!("grant_type=refresh_token&client_id={APP}&refresh_token={refresh}")
    };
    let stolen = kit.token(&again(&tokens)).await;
    assert_eq!(stolen.json()["error_codes"], json!([9_002_327]), "no page sent it");
    kit.wait(23 * 3600);
    let next = posted(&kit, ORIGIN, &again(&tokens)).await;
    assert_eq!((next.status, readable(&next)), (200, ORIGIN), "{}", next.text);
    assert_eq!(next.json()["refresh_token_expires_in"], 3_600, "the end does not move");
    kit.wait(3600);
    let late = posted(&kit, ORIGIN, &again(&next)).await;
    assert_eq!((late.status, readable(&late)), (400, ORIGIN));
    let body = late.json();
    assert_eq!((&body["error"], &body["suberror"]), (&json!("invalid_grant"), &json!("bad_token")));
    assert_eq!(body["error_codes"], json!([700_084]));
}

#[tokio::test]
async fn a_pages_code_is_worth_nothing_elsewhere_and_no_other_is_redeemed_by_a_page() {
    let kit = kit().await;
    let app = APP.to_string();
    let verifier = format!("code_verifier={VERIFIER}");
    let pages = redeeming(&app, PAGE, &pages_code(&kit).await, &verifier);
    let unsent = kit.token(&pages).await;
    assert_eq!(unsent.json()["error_codes"], json!([9_002_327]));
    for origin in ["https://evil.example", "null", "https://app.example.evil.example"] {
        let refused = posted(&kit, origin, &pages).await;
        assert_eq!(refused.json()["error_codes"], json!([9_002_326]), "{origin}");
        assert_eq!(readable(&refused), "", "{origin}");
    }
    let servers = code(&signed_in(&mut Browser::new(&kit), &web("")).await);
    let servers = redeeming(&app, SERVER, &servers, "client_secret=battery+staple");
    let itself = crate::kit::secret("battery+staple");
    for body in [servers, itself, crate::kit::ropc("correct+horse")] {
        let refused = posted(&kit, ORIGIN, &body).await;
        assert_eq!(refused.json()["error_codes"], json!([9_002_326]), "{body}");
        assert_eq!(kit.token(&body).await.status, 200, "and nothing was used up: {body}");
    }
    for tenant in [CUSTOMER.to_string(), "organizations".to_owned(), "nowhere".to_owned()] {
        let endpoint = format!("/{tenant}/oauth2/v2.0/token");
        let refused = kit.post_with(&endpoint, &pages, &[("origin", ORIGIN)]).await;
        assert_eq!((refused.status, readable(&refused)), (400, ""), "{tenant}: it is not there");
    }
    assert_eq!(posted(&kit, ORIGIN, &pages).await.status, 200, "nor here");
}
