//! Applications that sign in without a secret.

use identity::resource::Api;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use model::samples::{CUSTOMER, PROVIDER};
use serde_json::{Value, json};

use crate::{
    claims,
    kit::{APP, CERTIFIED, FEDERATED, Kit, LOGIN, ROBOT, certified, kit},
};

const KIND: &str = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
const ARM: &str = "https%3A%2F%2Flocalhost%3A8443%2F%2F.default";

fn form(client: &str, assertion: &str) -> String {
    format!(
        "client_id={client}&grant_type=client_credentials&scope={ARM}&client_assertion_type={KIND}&client_assertion={assertion}"
    )
}

/// What MSAL sends for a certificate.
fn own_word(kit: &Kit, tenant: &str, app: &str) -> String {
    let (read, key) = certified();
    let mut header = Header::new(Algorithm::PS256);
    header.x5t_s256 = Some(read.certificate.thumbprint_sha256.clone());
    let now = kit.sign_in.plane().store.now().as_second();
    let said = json!({
        "iss": app, "sub": app, "aud": format!("{LOGIN}/{tenant}/oauth2/v2.0/token"),
        "exp": now + 600, "nbf": now, "iat": now, "jti": "1",
    });
    let key = EncodingKey::from_rsa_pem(key.as_bytes()).unwrap();
    jsonwebtoken::encode(&header, &said, &key).unwrap()
}

#[tokio::test]
async fn an_application_signs_in_by_its_certificate_and_by_no_other() {
    let kit = kit().await;
    let (app, tenant) = (CERTIFIED.to_string(), PROVIDER.to_string());
    let word = own_word(&kit, &tenant, &app);
    for _ in 0..2 {
        // MSAL for Python sends one word for several tokens.
        let answered = kit.token(&form(&app, &word)).await;
        assert_eq!(answered.status, 200, "{}", answered.text);
        let token = answered.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(claims(&token)["appidacr"], "2");
    }
    let cases = [
        (form(&APP.to_string(), &own_word(&kit, &tenant, &APP.to_string())), 700_027),
        (form(&app, &own_word(&kit, &CUSTOMER.to_string(), &app)), 700_023),
        (form(&APP.to_string(), &word), 700_211),
        (form(&app, "a.b.c"), 50_027),
        (form(&app, &word).replace(KIND, "saml"), 90_013),
    ];
    for (body, number) in cases {
        let refused = kit.token(&body).await;
        assert_eq!(refused.json()["error_codes"], json!([number]), "{}", refused.text);
    }
}

async fn robots_token(kit: &Kit, resource: &str) -> String {
    let body = format!(
        "client_id={ROBOT}&client_secret=robot&grant_type=client_credentials&scope={resource}%2F.default"
    );
    let answered = kit.post(&format!("/{CUSTOMER}/oauth2/v2.0/token"), &body).await;
    let body: Value = answered.json();
    body["access_token"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

#[tokio::test]
async fn one_tenants_application_signs_in_as_anothers_by_a_token_for_that_alone() {
    let kit = kit().await;
    let app = FEDERATED.to_string();
    let word = robots_token(&kit, "api%3A%2F%2FAzureADTokenExchange").await;
    let answered = kit.token(&form(&app, &word)).await;
    assert_eq!(answered.status, 200, "{}", answered.text);
    let token = claims(answered.json()["access_token"].as_str().unwrap());
    assert_eq!((&token["tid"], &token["appid"]), (&json!(PROVIDER.to_string()), &json!(app)));
    let now = kit.sign_in.plane().store.now();
    for api in [Api::Arm, Api::Graph, Api::Decision] {
        assert!(kit.sign_in.verifier(api).verify(&word, now).is_err(), "it opens nothing itself");
    }
    let for_arm = robots_token(&kit, "https%3A%2F%2Flocalhost%3A8443").await;
    let refused = kit.token(&form(&app, &for_arm)).await;
    assert_eq!(refused.json()["error_codes"], json!([700_212]), "{}", refused.text);
    let another = kit.token(&form(&CERTIFIED.to_string(), &word)).await;
    assert_eq!(another.json()["error_codes"], json!([700_211]), "{}", another.text);
}

#[tokio::test]
async fn an_application_that_was_disabled_signs_in_nowhere_by_the_token_that_it_has() {
    let kit = kit().await;
    let word = robots_token(&kit, "api%3A%2F%2FAzureADTokenExchange").await;
    kit.disable_robot().await;
    let refused = kit.token(&form(&FEDERATED.to_string(), &word)).await;
    assert_eq!(refused.json()["error_codes"], json!([700_213]), "{}", refused.text);
}
