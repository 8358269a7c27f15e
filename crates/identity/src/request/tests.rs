use super::*;

const APP: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

fn parse(body: &str) -> Result<TokenRequest, Refused> {
    parse_with(body, None)
}

fn parse_with(body: &str, authorization: Option<&str>) -> Result<TokenRequest, Refused> {
    let said = Said { authorization, origin: None };
    TokenRequest::parse(&Form::parse(body.as_bytes()).unwrap(), said, "contoso.example")
}

fn secret(text: &str) -> Sensitive {
    Sensitive(text.to_owned())
}

#[test]
fn every_grant_that_clients_send_is_understood() {
    let cases = [
        (
            format!("client_id={APP}&client_secret=s&grant_type=client_credentials&scope=x"),
            Grant::ClientCredentials,
            Some(Proof::Secret(secret("s"))),
        ),
        (
            format!(
                "client_id={APP}&grant_type=client_credentials&scope=x&client_assertion=a.b.c&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
            ),
            Grant::ClientCredentials,
            Some(Proof::Assertion(secret("a.b.c"))),
        ),
        (
            format!(
                "client_id={APP}&grant_type=password&username=ada%40fabrikam.example&password=correct+horse&scope=x"
            ),
            Grant::Password {
                username: "ada@fabrikam.example".to_owned(),
                password: secret("correct horse"),
            },
            None,
        ),
        (
            format!(
                "client_id={APP}&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&code=c&device_code=c"
            ),
            Grant::DeviceCode(secret("c")),
            None,
        ),
        (
            format!("client_id={APP}&grant_type=device_code&device_code=c"),
            Grant::DeviceCode(secret("c")),
            None,
        ),
        (
            format!("client_id={APP}&grant_type=refresh_token&refresh_token=r"),
            Grant::RefreshToken(secret("r")),
            None,
        ),
        (
            format!(
                "client_id={APP}&grant_type=authorization_code&code=c&redirect_uri=http%3A%2F%2Flocalhost&code_verifier=v"
            ),
            Grant::AuthorizationCode(Redeemer {
                code: secret("c"),
                redirect: "http://localhost".to_owned(),
                verifier: Some(secret("v")),
            }),
            None,
        ),
    ];
    for (body, grant, proof) in cases {
        let request = parse(&body).unwrap();
        assert_eq!(request.grant, grant, "{body}");
        assert_eq!(request.client, ClientClaim { app: APP.parse().unwrap(), proof }, "{body}");
    }
}

#[test]
fn a_secret_may_stand_in_the_basic_header() {
    let header = |text: &str| format!("Basic {}", BASE64_STANDARD.encode(text));
    let body = "grant_type=client_credentials&scope=x";
    let request = parse_with(body, Some(&header(&format!("{APP}:p%2Bq")))).unwrap();
    assert_eq!(request.client.proof, Some(Proof::Secret(secret("p+q"))));
    let both = format!("{body}&client_id={APP}");
    assert!(parse_with(&both, Some(&header(&format!("{APP}:s")))).is_ok());
    let other = format!("{body}&client_id=00000000-0000-0000-0000-000000000001");
    for (body, header) in [
        (other.as_str(), header(&format!("{APP}:s"))),
        (&format!("{body}&client_secret=s"), header(&format!("{APP}:s"))),
        (body, "Bearer x".to_owned()),
        (body, "Basic".to_owned()),
        (body, "Basic !!".to_owned()),
        (body, header("no colon")),
    ] {
        let refused = parse_with(body, Some(&header));
        assert!(matches!(refused, Err(Refused::Malformed(_))), "{body} {header} {refused:?}");
    }
}

#[test]
fn what_is_missing_is_named() {
    let client = format!("client_id={APP}");
    let cases = [
        (String::new(), Refused::Missing("grant_type")),
        ("grant_type=password&username=u&password=p".to_owned(), Refused::Missing("client_id")),
        (format!("{client}&grant_type=client_credentials"), Refused::Missing("scope")),
        (format!("{client}&grant_type=password&password=p"), Refused::Missing("username")),
        (format!("{client}&grant_type=password&username=u"), Refused::Missing("password")),
        (format!("{client}&grant_type=device_code"), Refused::Missing("device_code")),
        (format!("{client}&grant_type=refresh_token"), Refused::Missing("refresh_token")),
        (
            format!("{client}&grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer"),
            Refused::UnsupportedGrant("urn:ietf:params:oauth:grant-type:jwt-bearer".to_owned()),
        ),
        (
            "client_id=my-app&grant_type=refresh_token&refresh_token=r".to_owned(),
            Refused::ClientNotFound {
                app: "my-app".to_owned(),
                directory: "contoso.example".to_owned(),
            },
        ),
        (
            format!("{client}&grant_type=authorization_code&code=c"),
            Refused::Missing("redirect_uri"),
        ),
        (
            format!("{client}&grant_type=password&username=u&password=p&client_assertion=a"),
            Refused::Missing("client_assertion_type"),
        ),
        (
            format!(
                "{client}&grant_type=password&username=u&password=p&client_assertion=a&client_assertion_type=saml"
            ),
            Refused::Malformed("the client_assertion_type is not supported"),
        ),
        (
            format!("{client}&grant_type=refresh_token&refresh_token={}", "r".repeat(5000)),
            Refused::Malformed("a secret is too long"),
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(parse(&body), Err(expected), "{body}");
    }
}

#[test]
fn a_scope_is_as_long_as_clients_need_and_no_longer() {
    let with = |length: usize| {
        let scope = "s".repeat(length);
        let body =
            format!("client_id={APP}&grant_type=refresh_token&refresh_token=r&scope={scope}");
        let device = Form::parse(format!("client_id={APP}&scope={scope}").as_bytes()).unwrap();
        let device = DeviceRequest::parse(&device, "contoso.example").map(|it| it.scope.len());
        (parse(&body).map(|it| it.scope.len()), device)
    };
    assert_eq!(with(4096), (Ok(4096), Ok(4096)));
    let long = || Err(Refused::Malformed("the scope is too long"));
    assert_eq!(with(4097), (long(), long()));
}

#[test]
fn no_secret_of_a_request_is_ever_printed() {
    let body = format!(
        "client_id={APP}&client_secret=topsecret&grant_type=password&username=u&password=hunter2"
    );
    let shown = format!("{:?}", parse(&body).unwrap());
    assert!(!shown.contains("topsecret") && !shown.contains("hunter2"), "{shown}");
}
