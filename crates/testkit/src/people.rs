//! People and applications that can sign in, and the tokens that they get.

use std::{net::Ipv4Addr, sync::OnceLock};

use identity::{
    account::Directory,
    client::AZURE_CLI,
    form::{Form, encoded},
    keys::generate,
    password,
    request::{Said, TokenRequest},
    secret::MasterKey,
};
use ids::{
    clock::{Clock, TestClock, TestRandom},
    guid::{AppId, ObjectId, Principal, TenantId},
};
use model::{
    change::Noun,
    directory::{
        Application, Credential, Holder, Secret, ServicePrincipal, ServicePrincipalKind,
        SigningKey, User,
    },
    samples,
};
use operations::sign_in::{Asker, SignIn};
use uuid::Uuid;

/// What every person signs in with.
pub const PASSWORD: &str = "correct horse";
/// What every application signs in with.
pub const SECRET: &str = "battery staple";

/// What secrets at rest are sealed with.
pub fn master() -> MasterKey {
    MasterKey::new([5; 32])
}

/// The key that signs tokens, made once: that takes a while.
pub fn signing_key() -> SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    let now = TestClock::default().now();
    KEY.get_or_init(|| generate(now, now, &master(), &TestRandom::seeded(3)).unwrap()).clone()
}

/// That somebody signs in with [`PASSWORD`]. It is hashed once: that takes a while.
pub fn signs_in(who: Principal) -> Noun {
    static HASH: OnceLock<Secret> = OnceLock::new();
    let secret = HASH.get_or_init(|| password::chosen(PASSWORD, &TestRandom::default()).unwrap());
    credential(Holder::User(who), who.object.raw(), secret.clone())
}

/// Somebody who can sign in as `name@domain.example`.
pub fn person(who: Principal, name: &str, domain: &str) -> [Noun; 2] {
    let user_principal_name = format!("{name}@{domain}.example");
    [Noun::User(User { user_principal_name, ..samples::user(who, name) }), signs_in(who)]
}

/// Who acts as an application of that tenant.
pub fn acting(tenant: TenantId, app: AppId) -> Principal {
    Principal { tenant, object: ObjectId::new(app.raw()) }
}

/// An application of that tenant, which can sign in with [`SECRET`].
pub fn app(tenant: TenantId, app: AppId, name: &str) -> [Noun; 3] {
    let principal = acting(tenant, app);
    let holder = Holder::Application(tenant, app);
    [
        Noun::Application(Application::new(tenant, app, principal.object, name.to_owned())),
        Noun::ServicePrincipal(ServicePrincipal {
            principal,
            app,
            display_name: name.to_owned(),
            enabled: true,
            kind: ServicePrincipalKind::Application,
        }),
        credential(holder, Uuid::from_u128(0xCE), password::drawn(SECRET)),
    ]
}

fn credential(holder: Holder, key: Uuid, secret: Secret) -> Noun {
    Noun::Credential(Credential { holder, key, display_name: String::new(), secret, expires: None })
}

/// What asks for a token for that surface by somebody's password.
pub fn by_password(name: &str, password: &str, api: &str) -> String {
    let (name, password) = (encoded(name), encoded(password));
    let scope = encoded(&format!("{api}/.default"));
    format!(
        "client_id={AZURE_CLI}&grant_type=password&username={name}&password={password}&scope={scope}"
    )
}

/// What asks for a token for that surface by an application's secret.
pub fn by_secret(app: AppId, secret: &str, api: &str) -> String {
    let (secret, scope) = (encoded(secret), encoded(&format!("{api}/.default")));
    format!("client_id={app}&client_secret={secret}&grant_type=client_credentials&scope={scope}")
}

/// The access token that such a form gets; none where it is refused.
pub async fn token(sign_in: &SignIn, tenant: TenantId, form: &str) -> Option<String> {
    let form = Form::parse(form.as_bytes()).unwrap();
    let wanted = TokenRequest::parse(&form, Said::default(), &tenant.to_string()).unwrap();
    let (directory, address) = (Directory::Tenant(tenant), Ipv4Addr::LOCALHOST.into());
    let asker = Asker { directory, address, correlation: samples::correlation() };
    Some(sign_in.token(asker, wanted).await.ok()?.access.0)
}
