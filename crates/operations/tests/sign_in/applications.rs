//! Applications that sign in as themselves, and what tokens say of clients.

use identity::{
    account::Directory,
    client::AZURE_CLI,
    refusal::Refused,
    request::{ClientClaim, Proof, TokenRequest},
    resource::Api,
    secret::Sensitive,
    verifier::Untrusted,
};
use ids::{
    clock::Clock,
    guid::{ObjectId, Principal},
};
use model::{
    event::CallerKind,
    samples::{CUSTOMER, PROVIDER},
};
use operations::sign_in::token::Tokens;

use crate::kit::{APP, asker, at, by_password, by_secret, kit, refused};

#[tokio::test]
async fn an_application_signs_in_with_its_secret() {
    let kit = kit().await;
    let tokens = kit.token(at(PROVIDER), by_secret(Some("battery staple"))).await.unwrap();
    let caller = kit.caller(&tokens);
    let principal = Principal { tenant: PROVIDER, object: ObjectId::new(APP.raw()) };
    assert_eq!((caller.principal, caller.kind), (principal, CallerKind::Application));
    assert!(tokens.person.is_none());
    let on_graph = kit.sign_in.verifier(Api::Graph).verify(&tokens.access.0, kit.clock.now());
    assert!(matches!(on_graph, Err(Untrusted::Audience(_))));
}

#[tokio::test]
async fn an_application_is_refused_where_it_is_not_itself() {
    let kit = kit().await;
    let not_found = |tenant: ids::guid::TenantId| Refused::ClientNotFound {
        app: APP.to_string(),
        directory: tenant.to_string(),
    };
    let unknown = TokenRequest {
        scope: "https://evil.example/.default".to_owned(),
        ..by_secret(Some("battery staple"))
    };
    let cases = [
        (at(PROVIDER), by_secret(Some("wrong")), Refused::WrongSecret(APP)),
        (at(PROVIDER), by_secret(None), Refused::NoSecret),
        (at(CUSTOMER), by_secret(Some("battery staple")), not_found(CUSTOMER)),
        (asker(Directory::Home), by_secret(Some("battery staple")), Refused::NoTenant),
        (at(PROVIDER), unknown, Refused::UnknownResource("https://evil.example".to_owned())),
    ];
    for (asker, request, expected) in cases {
        assert_eq!(refused(kit.token(asker, request).await), expected);
    }
}

/// What a token says of its client: `1` means that it has shown a secret.
fn client_class(tokens: &Tokens) -> serde_json::Value {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let claims = tokens.access.0.split('.').nth(1).unwrap();
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&claims).unwrap();
    claims.get("appidacr").cloned().unwrap()
}

#[tokio::test]
async fn a_token_says_that_its_client_showed_a_secret_only_if_it_has() {
    let kit = kit().await;
    let junk = Some(Proof::Secret(Sensitive("junk".to_owned())));
    let own = Some(Proof::Secret(Sensitive("battery staple".to_owned())));
    let cases = [(AZURE_CLI, None, "0"), (AZURE_CLI, junk, "0"), (APP, own, "1")];
    for (app, proof, expected) in cases {
        let client = ClientClaim { app, proof };
        let by_ada = by_password("ada@fabrikam.example", "correct horse");
        let tokens = kit.token(at(PROVIDER), TokenRequest { client, ..by_ada }).await.unwrap();
        assert_eq!(client_class(&tokens), expected, "{app}");
    }
}
