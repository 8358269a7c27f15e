//! What applications sign in with.

use super::*;

const PEM: &str = include_str!("../../../../identity/src/certificate/automation.pem");

#[test]
fn an_application_has_several_secrets_each_with_a_name_and_an_end_of_its_own() {
    let world = declared(&contoso(
        "  apps:\n  - name: robot\n    secret: one\n    secrets:\n    - {name: next, value: two}\n    - {name: last, value: three, expires: '2027-01-01T00:00:00Z'}\n",
    ));
    let shown: Vec<_> =
        world.secrets.iter().map(|it| (it.display_name.as_str(), it.plain.reveal())).collect();
    assert_eq!(shown, [("world file", "one"), ("next", "two"), ("last", "three")]);
    let ends: Vec<_> = world.secrets.iter().map(|it| it.expires.is_some()).collect();
    assert_eq!(ends, [false, false, true]);
    let keys: BTreeSet<Uuid> = world.secrets.iter().map(|it| it.key).collect();
    assert_eq!(keys.len(), 3);
    check(
        &contoso("  apps: [{name: a, secrets: [{name: b, expires: soon}]}]"),
        "4:30: a secret needs `value`\n\
         4:49: failed to parse four digit integer as year: invalid digit, expected 0-9 but got s\n",
    );
}

#[test]
fn an_application_may_sign_in_by_certificate_and_by_another_issuers_word() {
    let pem = PEM.trim_end().replace('\n', "\n        ");
    let world = declared(&contoso(&format!(
        "  apps:\n  - name: robot\n    certificate: |\n        {pem}\n    federatedCredentials:\n    - {{name: main, issuer: https://ci.example, subject: 'repo:x'}}\n    redirectUris: {{web: [https://app.example/in], publicClient: [http://localhost]}}\n"
    )));
    let credentials = world.nouns.iter().filter_map(|noun| {
        let Noun::Credential(it) = noun else { return None };
        Some((it.display_name.as_str(), it.secret.clone()))
    });
    let [(subject, Secret::Certificate(_)), ("main", Secret::Federated(federated))] =
        &credentials.collect::<Vec<_>>()[..]
    else {
        panic!("{:?}", world.nouns)
    };
    assert_eq!(*subject, "CN=automation");
    assert_eq!(federated.audiences, ["api://AzureADTokenExchange"]);
    let redirects = world.nouns.iter().find_map(|noun| {
        let Noun::Application(it) = noun else { return None };
        Some(it.redirects.all().collect::<Vec<_>>())
    });
    assert_eq!(redirects.unwrap(), ["https://app.example/in", "http://localhost"]);
}

#[test]
fn a_registration_that_would_be_unsafe_is_refused_where_it_stands() {
    check(
        &contoso(
            "  apps:\n  - {name: a, certificate: x}\n  - {name: b, redirectUris: {web: ['http://a.example']}}\n  - {name: c, federatedCredentials: [{name: main, issuer: http://x, subject: s}]}\n",
        ),
        "5:28: this is no X.509 certificate, in DER or PEM\n\
         6:29: `http://a.example` is not a redirect URI: it must begin with `https://`, or with `http://localhost`, and have no fragment, wildcard or credentials\n\
         7:45: an issuer is a URL that begins with `https://`, without query and fragment\n",
    );
}

#[test]
fn plain_secrets_do_not_show_in_debug_output() {
    let world = declared(&contoso("  users: [{name: ada, password: xyzzy}]"));
    assert_eq!(world.secrets[0].plain.reveal(), "xyzzy");
    assert!(!format!("{world:?}").contains("xyzzy"));
}

#[test]
fn an_authenticator_is_declared_by_its_key_and_the_key_is_never_repeated() {
    let key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let world = declared(&contoso(&format!("  users: [{{name: ada, totp: {key}}}]")));
    assert_eq!(world.seeds[0].seed.text().0, key);
    assert!(!format!("{world:?}").contains(key));
    check(
        &contoso("  users: [{name: ada, totp: XYZZY1}]"),
        "4:29: a seed of one-time codes is base32: 26 to 103 of the letters A to Z and digits 2 to 7\n",
    );
}
