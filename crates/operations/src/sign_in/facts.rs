//! Who and what there is, as far as a sign-in needs to know.

use identity::{
    account::{self, Account, Directory},
    client::{self, ClientFacts},
    cross_origin,
    refusal::Refused,
};
use ids::guid::{AppId, Principal, TenantId};
use model::directory::{
    Application, Credential, Holder, Redirects, ServicePrincipal, Tenant, User,
};
use store::{
    error::StoreError,
    key::Range,
    record::Record,
    records::ranges,
    snapshot::{Page, Snapshot},
};

use super::{Error, SignIn};

/// Longer texts name no tenant.
const NAME_CHARS_MAX: usize = 253;

/// The words that stand for *wherever the account is at home*.
const HOME: [&str; 3] = ["organizations", "common", "consumers"];

async fn all<R: Record>(snapshot: &Snapshot, range: Range) -> Result<Vec<R>, StoreError> {
    Ok(snapshot.list(&range, Page::first()).await?.items)
}

async fn first<R: Record>(snapshot: &Snapshot, range: Range) -> Result<Option<R>, StoreError> {
    Ok(all(snapshot, range).await?.into_iter().next())
}

/// What people are told of a client before they sign in by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What it calls itself.
    pub application: String,
    /// The domain of the tenant that registered it; none where every tenant knows it.
    pub owner: Option<String>,
}

impl SignIn {
    /// What people are told of a client that is registered so, or that every tenant knows.
    pub(super) async fn named(
        &self,
        app: AppId,
        registered: Option<Application>,
    ) -> Result<Named, Error> {
        let Some(registered) = registered else {
            let application = client::first_party_name(app).to_owned();
            return Ok(Named { application, owner: None });
        };
        let snapshot = self.plane.store.snapshot().await?;
        let owner = snapshot.find::<Tenant>(&registered.tenant).await?.map(|it| it.domain);
        Ok(Named { application: registered.display_name, owner })
    }

    /// The directory that a URL names: by GUID, by domain, or the account's own.
    pub async fn directory(&self, name: &str) -> Result<Directory, Error> {
        if HOME.iter().any(|word| name.eq_ignore_ascii_case(word)) {
            return Ok(Directory::Home);
        }
        let tenant = self.tenant(name).await?;
        let unknown = || Refused::TenantNotFound(name.chars().take(80).collect());
        Ok(Directory::Tenant(tenant.ok_or_else(unknown)?))
    }

    async fn tenant(&self, name: &str) -> Result<Option<TenantId>, StoreError> {
        if name.chars().count() > NAME_CHARS_MAX {
            return Ok(None);
        }
        let snapshot = self.plane.store.snapshot().await?;
        let tenant: Option<Tenant> = match name.parse() {
            Ok(id) => snapshot.find::<Tenant>(&id).await?,
            Err(_) => first(&snapshot, ranges::tenant_by_domain(name)).await?,
        };
        Ok(tenant.map(|tenant| tenant.id))
    }

    /// What is known of a client at a tenant.
    pub(super) async fn client(
        &self,
        app: AppId,
        tenant: TenantId,
    ) -> Result<ClientFacts, StoreError> {
        let snapshot = self.plane.store.snapshot().await?;
        let application: Option<Application> =
            first(&snapshot, ranges::applications_by_app(app)).await?;
        let principal: Option<ServicePrincipal> =
            first(&snapshot, ranges::service_principals_by_app(tenant, app)).await?;
        let secrets = match &application {
            Some(it) => {
                let holder = Holder::Application(it.tenant, app);
                all::<Credential>(&snapshot, ranges::credentials_of(holder)).await?
            }
            None => Vec::new(),
        };
        Ok(ClientFacts { application, principal, secrets })
    }

    /// The registration of a client that people may sign in through at that directory; none of
    /// those that every tenant knows. What is unknown everywhere and what is unknown there look
    /// alike.
    pub(super) async fn registration(
        &self,
        app: AppId,
        directory: Directory,
    ) -> Result<Option<Application>, Error> {
        match directory {
            Directory::Tenant(tenant) => {
                let facts = self.client(app, tenant).await?;
                client::for_users(app, &facts, tenant)?;
                Ok(facts.application)
            }
            Directory::Home => {
                let snapshot = self.plane.store.snapshot().await?;
                let found = first(&snapshot, ranges::applications_by_app(app)).await?;
                client::for_everyone(app, found.as_ref())?;
                Ok(found)
            }
        }
    }

    /// The redirect URIs of a client at that directory. One that is not there has none, and is
    /// not told apart from no client at all.
    pub(super) async fn redirects(
        &self,
        app: AppId,
        directory: Directory,
    ) -> Result<Redirects, Error> {
        match self.registration(app, directory).await {
            Ok(Some(registered)) => Ok(registered.redirects),
            Ok(None) => Ok(self.own_redirects(app)),
            Err(Error::Refused(_)) => Ok(Redirects::default()),
            Err(other) => Err(other),
        }
    }

    /// Whether a client of that directory has a page at that origin.
    pub async fn has_page(
        &self,
        app: AppId,
        directory: Directory,
        origin: &str,
    ) -> Result<bool, Error> {
        Ok(cross_origin::has_page(&self.redirects(app, directory).await?, origin))
    }

    /// The person of that sign-in name, and the passwords that are right for it: none where
    /// there is no such person.
    pub(super) async fn person(
        &self,
        username: &str,
    ) -> Result<(Option<User>, Vec<Credential>), StoreError> {
        let Some(domain) = account::domain(username) else { return Ok((None, Vec::new())) };
        let Some(tenant) = self.tenant(domain).await? else { return Ok((None, Vec::new())) };
        let snapshot = self.plane.store.snapshot().await?;
        let user: Option<User> = first(&snapshot, ranges::users_by_name(tenant, username)).await?;
        let Some(user) = account::holds_password(user) else { return Ok((None, Vec::new())) };
        let range = ranges::credentials_of(Holder::User(user.principal));
        Ok((Some(user), all(&snapshot, range).await?))
    }

    /// Who somebody is at a tenant, by the facts of this moment.
    pub(super) async fn account(
        &self,
        home: Principal,
        directory: Directory,
    ) -> Result<Account, Error> {
        let snapshot = self.plane.store.snapshot().await?;
        let user = snapshot.find::<User>(&home).await?.ok_or(Refused::SessionEnded)?;
        let guests = all::<User>(&snapshot, ranges::guests_of(home)).await?;
        Ok(account::at(user, &guests, directory.tenant(home.tenant))?)
    }
}
