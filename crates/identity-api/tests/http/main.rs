//! The sign-in endpoints as clients see them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "test code")]

mod assertion;
mod authorize;
mod browser;
mod consent;
mod cross_origin;
mod device;
mod kit;
mod second;

use axum::{body::Body, http::Request};
use identity::{client::AZURE_CLI, resource::Api};
use kit::{APP, LOGIN, kit, ropc, secret};
use model::samples::{ADA, PROVIDER};
use serde_json::{Value, json};

#[tokio::test]
async fn clients_find_every_endpoint_of_a_tenant() {
    let kit = kit().await;
    for named in [PROVIDER.to_string(), "fabrikam.example".to_owned()] {
        let found = kit.get(&format!("/{named}/v2.0/.well-known/openid-configuration")).await;
        let body = found.json();
        assert_eq!(found.status, 200);
        // `az` takes the tenant from here: `issuer.split("/")[3]`.
        assert_eq!(body["issuer"], format!("{LOGIN}/{PROVIDER}/v2.0"));
        for (name, path) in [
            ("token_endpoint", "oauth2/v2.0/token"),
            ("authorization_endpoint", "oauth2/v2.0/authorize"),
            ("device_authorization_endpoint", "oauth2/v2.0/devicecode"),
            ("jwks_uri", "discovery/v2.0/keys"),
            ("end_session_endpoint", "oauth2/v2.0/logout"),
        ] {
            assert_eq!(body[name], format!("{LOGIN}/{PROVIDER}/{path}"));
        }
    }
    for home in ["organizations", "common"] {
        let body = kit.get(&format!("/{home}/v2.0/.well-known/openid-configuration")).await.json();
        assert_eq!(body["token_endpoint"], format!("{LOGIN}/{home}/oauth2/v2.0/token"));
        assert_eq!(body["issuer"], format!("{LOGIN}/{{tenantid}}/v2.0"));
    }
    let unknown = kit.get("/nowhere.example/v2.0/.well-known/openid-configuration").await;
    assert_eq!((unknown.status, &unknown.json()["error_codes"]), (400, &json!([90002])));
}

#[tokio::test]
async fn keys_are_published_by_their_public_half() {
    let kit = kit().await;
    let body = kit.get("/common/discovery/v2.0/keys").await.json();
    let key = &body["keys"][0];
    assert_eq!(
        (&key["kty"], &key["alg"], &key["e"]),
        (&json!("RSA"), &json!("RS256"), &json!("AQAB"))
    );
    let names = key.as_object().unwrap().keys().collect::<Vec<_>>();
    assert_eq!(names, ["kty", "use", "alg", "kid", "n", "e"]);
}

#[tokio::test]
async fn an_application_gets_a_token_and_nothing_else() {
    let kit = kit().await;
    let answered = kit.token(&secret("battery+staple")).await;
    let body = answered.json();
    assert_eq!((answered.status, answered.header("cache-control")), (200, "no-store"));
    let names = body.as_object().unwrap().keys().collect::<Vec<_>>();
    assert_eq!(names, ["token_type", "expires_in", "ext_expires_in", "access_token"]);
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let token = body["access_token"].as_str().unwrap();
    let now = kit.sign_in.plane().store.now();
    let caller = kit.sign_in.verifier(Api::Arm).verify(token, now).unwrap();
    assert_eq!((caller.principal.tenant, caller.app), (PROVIDER, APP));
}

#[tokio::test]
async fn a_person_gets_all_that_msal_files_an_account_by() {
    let kit = kit().await;
    let body = kit.token(&ropc("correct+horse")).await.json();
    for name in ["access_token", "refresh_token", "id_token", "client_info", "scope"] {
        assert!(body[name].is_string(), "{name} of {body}");
    }
    let scopes = body["scope"].as_str().unwrap().split(' ').collect::<Vec<_>>();
    assert!(scopes.contains(&"https://localhost:8443//.default"), "{scopes:?}");
    let claims = claims(body["id_token"].as_str().unwrap());
    assert_eq!(claims["preferred_username"], "ada@fabrikam.example");
    assert_eq!(claims["tid"], PROVIDER.to_string());
    let info = decoded(body["client_info"].as_str().unwrap());
    assert_eq!(info, json!({"uid": ADA.object.to_string(), "utid": PROVIDER.to_string()}));

    let refresh = body["refresh_token"].as_str().unwrap();
    let again = format!(
        "client_id={AZURE_CLI}&grant_type=refresh_token&refresh_token={refresh}&scope=https%3A%2F%2Flocalhost%3A8444%2F.default+openid"
    );
    let on_graph = kit.token(&again).await.json();
    let token = on_graph["access_token"].as_str().unwrap();
    assert_eq!(self::claims(token)["aud"], "https://localhost:8444");
}

fn claims(token: &str) -> Value {
    decoded(token.split('.').nth(1).unwrap())
}

/// Base64url, by hand: the tests need no more of it than this.
fn decoded(text: &str) -> Value {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digit = |byte: u8| ALPHABET.iter().position(|it| *it == byte).unwrap();
    let bits = text.bytes().map(digit).collect::<Vec<_>>();
    let bytes = bits.chunks(4).flat_map(|chunk| {
        let number = chunk.iter().fold(0, |sum, digit| sum << 6 | digit) << (6 * (4 - chunk.len()));
        let kept = chunk.len() - 1;
        [16, 8, 0]
            .into_iter()
            .take(kept)
            .map(move |shift| u8::try_from(number >> shift & 255).unwrap())
    });
    serde_json::from_slice(&bytes.collect::<Vec<_>>()).unwrap()
}

#[tokio::test]
async fn every_refusal_is_worded_as_entra_words_it() {
    let kit = kit().await;
    let client = format!("client_id={AZURE_CLI}");
    let cases = [
        (String::new(), 400, "invalid_request", 900_144),
        (format!("{client}&grant_type=saml"), 400, "unsupported_grant_type", 70_003),
        (secret("wrong"), 401, "invalid_client", 7_000_215),
        (secret(""), 401, "invalid_client", 7_000_218),
        (ropc("wrong"), 400, "invalid_grant", 50_126),
        (ropc("correct+horse").replace("8443", "9999"), 400, "invalid_resource", 500_011),
        (secret("battery+staple").replace(".default", "x"), 400, "invalid_scope", 1_002_012),
        (
            format!("{client}&grant_type=refresh_token&refresh_token=x"),
            400,
            "invalid_grant",
            70_000,
        ),
        (
            format!("{client}&grant_type=device_code&device_code=x"),
            400,
            "bad_verification_code",
            70_018,
        ),
        (ropc("x").replace(&AZURE_CLI.to_string(), "my-app"), 400, "unauthorized_client", 700_016),
        (format!("{client}&{client}"), 400, "invalid_request", 90_013),
    ];
    for (form, status, error, code) in cases {
        let answered = kit.token(&form).await;
        let body = answered.json();
        assert_eq!((answered.status, &body["error"]), (status, &json!(error)), "{form} {body}");
        assert_eq!(body["error_codes"], json!([code]), "{form}");
        let description = body["error_description"].as_str().unwrap();
        assert!(description.starts_with(&format!("AADSTS{code}: ")), "{description}");
        for name in ["timestamp", "trace_id", "correlation_id"] {
            assert!(body[name].is_string(), "{name}");
        }
    }
}

#[tokio::test]
async fn the_clients_own_id_comes_back() {
    let kit = kit().await;
    let id = "6f1f1e5a-4f5c-4a8e-9d53-0a3d1f6f7c11";
    let path = format!("/{PROVIDER}/oauth2/v2.0/token");
    let answered = kit.post_with(&path, "", &[("client-request-id", id)]).await;
    assert_eq!(answered.json()["correlation_id"], id);
}

#[tokio::test]
async fn a_body_that_is_no_plain_form_of_moderate_size_is_refused() {
    let kit = kit().await;
    let path = format!("/{PROVIDER}/oauth2/v2.0/token");
    let long = "a".repeat((1 << 20) + 1);
    assert_eq!(kit.token(&long).await.status, 413);
    let compressed = kit.post_with(&path, "x", &[("content-encoding", "gzip")]).await;
    assert_eq!((compressed.status, &compressed.json()["error"]), (415, &json!("invalid_request")));
    let json = Request::post(&path).header("content-type", "application/json");
    assert_eq!(kit.send(json.body(Body::from("{}")).unwrap()).await.status, 415);
    assert_eq!(kit.get(&path).await.status, 405);
}

#[tokio::test]
async fn every_account_has_a_password_as_far_as_anyone_is_told() {
    let kit = kit().await;
    for user in ["ada@fabrikam.example", "nobody@nowhere.example"] {
        let path = format!("/common/userrealm/{user}?api-version=1.0");
        assert_eq!(kit.get(&path).await.json()["account_type"], "Managed");
    }
    let instance = kit.get("/common/discovery/instance?api-version=1.1").await.json();
    assert_eq!(instance["metadata"][0]["preferred_network"], "localhost:8443");
}

#[tokio::test]
async fn each_tool_finds_the_cloud_in_its_own_shape() {
    let kit = kit().await;
    let cloud = kit.get("/metadata/endpoints?api-version=2022-09-01").await.json();
    assert_eq!((&cloud["name"], &cloud["resourceManager"]), (&json!("Fyr"), &json!(LOGIN)));
    assert_eq!(
        cloud["authentication"],
        json!({
            "loginEndpoint": LOGIN,
            "audiences": ["https://localhost:8443/", "https://localhost:8443"],
            "tenant": "common",
            "identityProvider": "AAD",
        })
    );
    assert_eq!(cloud["microsoftGraphResourceId"], "https://localhost:8444");
    for needed in ["storage", "keyVaultDns", "sqlServerHostname", "acrLoginServer", "mhsmDns"] {
        assert!(cloud["suffixes"][needed].is_string(), "{needed}");
    }
    for needed in [
        "graphAudience",
        "sqlManagement",
        "batch",
        "gallery",
        "activeDirectoryDataLake",
        "media",
        "portal",
    ] {
        assert!(cloud[needed].is_string(), "{needed}");
    }
    let doubled = kit.get("//metadata/endpoints?api-version=2022-09-01").await.json();
    assert_eq!(doubled, cloud);
    let list = kit.get("/metadata/endpoints?api-version=2019-05-01").await.json();
    assert_eq!(list, json!([cloud]));
    let places = kit.get("/metadata/endpoints?api-version=2018-01-01").await.json();
    assert_eq!(places["cloudEndpoint"]["Fyr"]["endpoint"], "localhost:8443");
    for old in ["1.0", "2015-01-01"] {
        let body = kit.get(&format!("/metadata/endpoints?api-version={old}")).await.json();
        assert_eq!(body["authentication"]["loginEndpoint"], LOGIN);
    }
    assert_eq!(kit.get("/metadata/endpoints").await.status, 400);
}
