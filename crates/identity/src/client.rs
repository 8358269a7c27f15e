//! Which clients there are, and whether one may sign in at a tenant.

use ids::guid::{AppId, TenantId};
use jiff::Timestamp;
use model::directory::{Application, Audience, Credential, ServicePrincipal, ServicePrincipalKind};
use uuid::Uuid;

use crate::{
    refusal::Refused,
    request::{ClientClaim, Proof},
};

/// The Azure CLI, and the developer credentials of Azure's SDKs: a public client that every
/// tenant knows.
pub const AZURE_CLI: AppId = AppId::new(Uuid::from_u128(0x04b0_7795_8ddb_461a_bbee_02f9_e1bf_7b46));

/// Azure PowerShell, likewise.
pub const AZURE_POWERSHELL: AppId =
    AppId::new(Uuid::from_u128(0x1950_a258_227b_4e31_a9cf_7174_9599_5fc2));

/// The portal, under the id of Azure's: pages that this server renders itself. It redeems its codes
/// in this process and never holds a token, so no secret of it exists.
pub const PORTAL: AppId = AppId::new(Uuid::from_u128(0xc44b_4083_3bb0_49c1_b47d_974e_53cb_df3c));

/// Whether it is a client that every tenant knows, and that has no secret.
pub fn is_first_party(app: AppId) -> bool {
    is_program(app) || app == PORTAL
}

/// Whether such a client runs on people's own machines.
pub fn is_program(app: AppId) -> bool {
    app == AZURE_CLI || app == AZURE_POWERSHELL
}

/// What such a client is called.
pub fn first_party_name(app: AppId) -> &'static str {
    match app {
        AZURE_POWERSHELL => "Microsoft Azure PowerShell",
        PORTAL => "the Fyr portal",
        _ => "Microsoft Azure CLI",
    }
}

/// Whether tokens may be issued to the client at all. The portal holds none: whoever asks for one
/// in its name is somebody else.
pub fn takes_tokens(app: AppId) -> Result<(), Refused> {
    if app == PORTAL { Err(Refused::NoSecret) } else { Ok(()) }
}

/// What is known of a client at the tenant where it wants to sign in.
#[derive(Clone, Debug, Default)]
pub struct ClientFacts {
    pub application: Option<Application>,
    /// The application as a principal of that tenant.
    pub principal: Option<ServicePrincipal>,
    /// All by which the application can show that it is itself.
    pub secrets: Vec<Credential>,
}

/// Whether the client may sign in as itself, and as whom: its principal in that tenant.
pub fn as_itself(
    app: AppId,
    facts: &ClientFacts,
    tenant: TenantId,
) -> Result<&ServicePrincipal, Refused> {
    principal(app, facts, tenant)
}

/// Whether users may sign in through the client. The secrets it must show one of; none if it
/// is public, as is whoever has none.
pub fn for_users(
    app: AppId,
    facts: &ClientFacts,
    tenant: TenantId,
) -> Result<&[Credential], Refused> {
    if is_first_party(app) {
        return Ok(&[]);
    }
    principal(app, facts, tenant)?;
    match &facts.application {
        Some(it) if it.public_by_default => Ok(&[]),
        Some(_) | None => Ok(&facts.secrets),
    }
}

/// Whether people may sign in through the client wherever they are at home. One that is for its
/// own tenant's people is like one that is nowhere: nobody else is to hear of it.
pub fn for_everyone(app: AppId, application: Option<&Application>) -> Result<(), Refused> {
    let is_for_all = |it: &Application| it.audience == Audience::Organizations;
    if is_first_party(app) || application.is_some_and(is_for_all) {
        return Ok(());
    }
    Err(Refused::ClientNotFound { app: app.to_string(), directory: "organizations".to_owned() })
}

fn principal(
    app: AppId,
    facts: &ClientFacts,
    tenant: TenantId,
) -> Result<&ServicePrincipal, Refused> {
    let unknown =
        || Refused::ClientNotFound { app: app.to_string(), directory: tenant.to_string() };
    let principal = facts.principal.as_ref().ok_or_else(unknown)?;
    // A managed identity has no secret of its own to sign in with.
    let is_application = matches!(principal.kind, ServicePrincipalKind::Application);
    // The principal stays where an application was installed before it was meant for fewer.
    let is_meant = facts.application.as_ref().is_some_and(|it| it.is_meant_for(tenant));
    if !is_application || !is_meant {
        return Err(unknown());
    }
    if principal.enabled { Ok(principal) } else { Err(Refused::ClientDisabled(app)) }
}

/// How a client has shown that it is who it says. What a public one states is nobody's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authenticated {
    NotAtAll,
    BySecret,
    ByAssertion,
}

impl Authenticated {
    /// The claim `appidacr`.
    pub fn claim(self) -> &'static str {
        match self {
            Self::NotAtAll => "0",
            Self::BySecret => "1",
            Self::ByAssertion => "2",
        }
    }
}

/// What a client that has to show who it is shows.
pub fn stated(claim: &ClientClaim) -> Result<&Proof, Refused> {
    claim.proof.as_ref().ok_or(Refused::NoSecret)
}

/// What it means that the stated secret is this one of the client's, or none.
pub fn proven(app: AppId, found: Option<&Credential>, now: Timestamp) -> Result<(), Refused> {
    let credential = found.ok_or(Refused::WrongSecret(app))?;
    match credential.expires {
        Some(expires) if expires <= now => Err(Refused::ExpiredSecret(app)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use ids::guid::ObjectId;
    use jiff::SignedDuration;
    use model::{directory::Holder, samples};

    use super::*;
    use crate::password::drawn;

    const APP: AppId = AppId::new(Uuid::from_u128(0xA99));

    fn facts() -> ClientFacts {
        let object = ObjectId::new(APP.raw());
        let (display_name, tenant) = ("automation".to_owned(), samples::PROVIDER);
        let principal = ids::guid::Principal { tenant, object };
        let kind = ServicePrincipalKind::Application;
        ClientFacts {
            application: Some(Application::new(tenant, APP, object, display_name.clone())),
            principal: Some(ServicePrincipal {
                principal,
                app: APP,
                display_name,
                enabled: true,
                kind,
            }),
            secrets: vec![credential(None)],
        }
    }

    fn credential(expires: Option<Timestamp>) -> Credential {
        let holder = Holder::Application(samples::PROVIDER, APP);
        let secret = drawn("s");
        Credential { holder, key: Uuid::nil(), display_name: String::new(), secret, expires }
    }

    fn with_principal(change: impl FnOnce(&mut ServicePrincipal)) -> ClientFacts {
        let mut facts = facts();
        change(facts.principal.as_mut().unwrap());
        facts
    }

    #[test]
    fn only_an_enabled_application_of_the_tenant_signs_in() {
        let unknown = Refused::ClientNotFound {
            app: APP.to_string(),
            directory: samples::PROVIDER.to_string(),
        };
        let resource = "/subscriptions/00000000-0000-0000-0000-000000000005/resourceGroups/rg/providers/Microsoft.Web/sites/s";
        let resource = ids::resource::ResourceId::parse(resource, samples::PROVIDER).unwrap();
        let managed = with_principal(|it| {
            it.kind = ServicePrincipalKind::ManagedIdentity { resource };
        });
        let cases = [
            ("plain", facts(), Ok(())),
            (
                "not in this tenant",
                ClientFacts { principal: None, ..facts() },
                Err(unknown.clone()),
            ),
            ("no application", ClientFacts { application: None, ..facts() }, Err(unknown.clone())),
            ("a managed identity", managed, Err(unknown)),
            (
                "disabled",
                with_principal(|it| it.enabled = false),
                Err(Refused::ClientDisabled(APP)),
            ),
        ];
        for (name, facts, expected) in cases {
            let itself = as_itself(APP, &facts, samples::PROVIDER).map(|_| ());
            assert_eq!(itself, expected, "{name}");
            assert_eq!(for_users(APP, &facts, samples::PROVIDER).map(|_| ()), expected, "{name}");
        }
    }

    #[test]
    fn an_application_signs_in_elsewhere_only_as_long_as_it_is_meant_for_all() {
        let there = samples::CUSTOMER;
        let mut facts = with_principal(|it| it.principal.tenant = there);
        let unknown =
            Refused::ClientNotFound { app: APP.to_string(), directory: there.to_string() };
        let judged = |facts: &ClientFacts| {
            let itself = as_itself(APP, facts, there).map(|_| ());
            assert_eq!(for_users(APP, facts, there).map(|_| ()), itself);
            itself
        };
        assert_eq!(judged(&facts), Err(unknown));
        facts.application.as_mut().unwrap().audience = Audience::Organizations;
        assert_eq!(judged(&facts), Ok(()));
    }

    #[test]
    fn where_no_tenant_is_named_an_application_of_one_is_like_one_that_is_nowhere() {
        let own = facts().application.unwrap();
        let all = Application { audience: Audience::Organizations, ..own.clone() };
        assert_eq!(for_everyone(APP, Some(&all)), Ok(()));
        assert_eq!(for_everyone(AZURE_CLI, None), Ok(()));
        let nowhere = for_everyone(APP, None);
        assert!(matches!(nowhere, Err(Refused::ClientNotFound { .. })));
        assert_eq!(for_everyone(APP, Some(&own)), nowhere);
    }

    #[test]
    fn the_azure_cli_is_known_everywhere_and_public_but_never_signs_in_as_itself() {
        let nothing = ClientFacts::default();
        assert_eq!(for_users(AZURE_CLI, &nothing, samples::CUSTOMER), Ok(&[][..]));
        assert!(as_itself(AZURE_CLI, &nothing, samples::CUSTOMER).is_err());
    }

    #[test]
    fn a_client_that_is_public_by_default_shows_nothing_for_users_whatever_it_has() {
        let mut facts = facts();
        assert_eq!(for_users(APP, &facts, samples::PROVIDER).map(<[_]>::len), Ok(1));
        facts.application.as_mut().unwrap().public_by_default = true;
        assert_eq!(for_users(APP, &facts, samples::PROVIDER), Ok(&[][..]));
    }

    #[test]
    fn a_client_shows_a_secret_that_is_right_and_has_not_expired() {
        let now = samples::now();
        let later = now + SignedDuration::from_secs(1);
        let cases = [
            (None, Err(Refused::WrongSecret(APP))),
            (Some(credential(None)), Ok(())),
            (Some(credential(Some(later))), Ok(())),
            (Some(credential(Some(now))), Err(Refused::ExpiredSecret(APP))),
        ];
        for (found, expected) in cases {
            assert_eq!(proven(APP, found.as_ref(), now), expected);
        }
        let claim = |proof| ClientClaim { app: APP, proof };
        assert_eq!(stated(&claim(None)), Err(Refused::NoSecret));
    }
}
