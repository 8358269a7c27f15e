//! The token endpoint: one grant in, tokens out.

use identity::{
    account::{Account, Directory, Passed, Shown},
    claims::{self, Issue},
    client::{self, Authenticated, ClientFacts},
    cross_origin::{self, Redeemed},
    password::stamp,
    refresh::RefreshToken,
    refusal::Refused,
    request::{ClientClaim, Grant, TokenRequest},
    resource::{self, Requested},
    secret::{Sensitive, draw},
};
use ids::guid::{SessionId, TenantId};
use jiff::Timestamp;
use model::directory::Credential;

use super::{Asker, Error, SignIn, consent::Consented, session::keep_token};

/// What a client gets.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: Sensitive,
    pub lifetime_seconds: i64,
    /// What a person's sign-in adds.
    pub person: Option<PersonTokens>,
}

/// What a client learns of a person, and keeps to stay signed in.
#[derive(Clone, Debug)]
pub struct PersonTokens {
    pub scope: String,
    pub client_info: String,
    pub id: Option<Sensitive>,
    pub refresh: Option<Sensitive>,
    /// How long a page may use it; none where it lasts as long as it is used.
    pub refresh_lifetime_seconds: Option<i64>,
}

/// How somebody came to be signed in.
pub(super) struct Session {
    pub(super) id: SessionId,
    pub(super) methods: Vec<String>,
    /// When they last showed something.
    pub(super) at: Timestamp,
    pub(super) refresh: Option<Refresh>,
}

/// What somebody stays signed in by.
pub(super) struct Refresh {
    pub(super) secret: String,
    /// Where a page's script has it, when it ends.
    pub(super) until: Option<Timestamp>,
}

/// Whether what was shown is what the client asks for.
pub(super) fn suffices(request: &TokenRequest, shown: &Shown) -> Result<(), Refused> {
    if request.multiple_factors && shown.second.is_none() {
        return Err(Refused::SecondFactorNeeded);
    }
    Ok(())
}

/// Whether the request comes from where such tokens are redeemed.
pub(super) fn from_where(
    request: &TokenRequest,
    redeemed: Redeemed,
    facts: &ClientFacts,
) -> Result<(), Refused> {
    let redirects = facts.application.as_ref().map(|it| it.redirects.clone()).unwrap_or_default();
    cross_origin::judge(redeemed, request.origin.as_deref(), &redirects)
}

impl SignIn {
    /// Answers a request for tokens.
    pub async fn token(&self, asker: Asker, request: TokenRequest) -> Result<Tokens, Error> {
        client::takes_tokens(request.client.app)?;
        let grant = request.grant.clone();
        match &grant {
            // Pages have codes, and what came of them.
            Grant::ClientCredentials | Grant::Password { .. } | Grant::DeviceCode(_) => {
                from_where(&request, Redeemed::ByOther, &ClientFacts::default())?;
            }
            Grant::RefreshToken(_) | Grant::AuthorizationCode(_) => {}
        }
        let outcome = match &grant {
            Grant::ClientCredentials => self.by_application(&asker, &request).await,
            Grant::Password { username, password } => {
                self.by_password(&asker, &request, username, password).await
            }
            Grant::DeviceCode(code) => self.by_device(&asker, request, code).await,
            Grant::RefreshToken(secret) => self.by_refresh(&asker, &request, secret).await,
            Grant::AuthorizationCode(redeemer) => self.by_code(&asker, request, redeemer).await,
        };
        if let Err(Error::Refused(refused)) = &outcome {
            let code = refused.answer().code;
            tracing::info!(code, address = %asker.address, correlation = %asker.correlation, "sign-in refused");
        }
        outcome
    }

    async fn by_application(&self, asker: &Asker, request: &TokenRequest) -> Result<Tokens, Error> {
        let Directory::Tenant(tenant) = asker.directory else {
            return Err(Refused::NoTenant.into());
        };
        let requested = resource::for_application(&request.scope, &self.apis)?;
        let app = request.client.app;
        let facts = self.client(app, tenant).await?;
        let principal = client::as_itself(app, &facts, tenant)?;
        let shown = self.prove(asker, &request.client, facts.secrets.clone()).await?;
        let issue = self.issue(tenant, &request.client);
        let random = &*self.plane.random;
        let claims = claims::for_application(issue, &requested, principal, shown, random);
        Ok(Tokens {
            access: Sensitive(self.sign(&claims)?),
            lifetime_seconds: claims::LIFETIME.as_secs(),
            person: None,
        })
    }

    async fn by_password(
        &self,
        asker: &Asker,
        request: &TokenRequest,
        username: &str,
        password: &Sensitive,
    ) -> Result<Tokens, Error> {
        let requested = resource::for_user(&request.scope, &self.apis)?;
        let (account, shown) = self.with_password(asker, username, password).await?;
        // There is no way to ask here for what is missing.
        if self.asks_code(shown.home, request.multiple_factors).await? {
            return Err(Refused::SecondFactorNeeded.into());
        }
        let client = self.let_in(asker, &request.client, &account).await?;
        let consented = self.consented(request.client.app, account, requested).await?;
        let passed = Passed { shown, signed_in: self.now() };
        let session = self.begin_session(asker, request, consented.requested(), passed).await?;
        self.answer(request, &consented, (client, session))
    }

    /// Whose account it is, at the directory, if that is the password. Tells nothing before.
    pub(super) async fn with_password(
        &self,
        asker: &Asker,
        username: &str,
        password: &Sensitive,
    ) -> Result<(Account, Shown), Error> {
        self.admit(username, asker)?;
        let (person, passwords) = self.person(username).await?;
        let now = self.now();
        let known = |found: Option<Credential>| {
            let right = found.filter(|it| it.expires.is_none_or(|at| at > now));
            person.zip(right).ok_or(Refused::WrongPassword)
        };
        let (person, right) =
            self.matching((username, asker), &password.0, passwords, known).await?;
        let shown = Shown { home: person.principal, password: stamp(&right), second: None };
        Ok((self.account(shown.home, asker.directory).await?, shown))
    }

    /// Whether that account's owner may sign in through the client, and the client is itself.
    async fn let_in(
        &self,
        asker: &Asker,
        claim: &ClientClaim,
        account: &Account,
    ) -> Result<Authenticated, Error> {
        let tenant = account.local.principal.tenant;
        let facts = self.client(claim.app, tenant).await?;
        let secrets = client::for_users(claim.app, &facts, tenant)?;
        if secrets.is_empty() {
            return Ok(Authenticated::NotAtAll);
        }
        self.prove(asker, claim, secrets.to_vec()).await
    }

    /// The same for who stays signed in: what waited for the code says what the client must show
    /// from then on.
    async fn let_stay(
        &self,
        asker: &Asker,
        request: &TokenRequest,
        account: &Account,
        token: &RefreshToken,
    ) -> Result<Authenticated, Error> {
        let (claim, tenant) = (&request.client, account.local.principal.tenant);
        let facts = self.client(claim.app, tenant).await?;
        from_where(request, token.redeemed(), &facts)?;
        let Some(confidential) = token.confidential else {
            return self.let_in(asker, claim, account).await;
        };
        client::for_users(claim.app, &facts, tenant)?;
        if confidential {
            self.prove(asker, claim, facts.secrets).await
        } else {
            Ok(Authenticated::NotAtAll)
        }
    }

    async fn by_device(
        &self,
        asker: &Asker,
        request: TokenRequest,
        code: &Sensitive,
    ) -> Result<Tokens, Error> {
        let (passed, code) = self.poll_device(code, &request, asker).await?;
        let requested = resource::for_user(&code.scope, &self.apis)?;
        let account = self.account(passed.shown.home, code.directory()).await?;
        let client = self.let_in(asker, &request.client, &account).await?;
        let consented = self.consented(request.client.app, account, requested).await?;
        let session = self.begin_session(asker, &request, consented.requested(), passed).await?;
        self.answer(&request, &consented, (client, session))
    }

    /// The successor is issued last: a client that is refused keeps a token that is still good.
    async fn by_refresh(
        &self,
        asker: &Asker,
        request: &TokenRequest,
        secret: &Sensitive,
    ) -> Result<Tokens, Error> {
        let requested = resource::for_user(&request.scope, &self.apis)?;
        let token = self.refresh_token(&secret.0, request.client.app).await?;
        suffices(request, &token.shown)?;
        let account = self.account(token.shown.home, asker.directory).await?;
        let client = self.let_stay(asker, request, &account, &token).await?;
        let consented = self.consented(request.client.app, account, requested).await?;
        let secret = self.rotate(&secret.0, request.client.app, asker).await?;
        let refresh = Some(Refresh { secret, until: token.page });
        let at = token.shown.last(token.signed_in);
        let session = Session { id: token.session, methods: token.methods, at, refresh };
        self.answer(request, &consented, (client, session))
    }

    async fn begin_session(
        &self,
        asker: &Asker,
        request: &TokenRequest,
        requested: &Requested,
        Passed { shown, signed_in }: Passed,
    ) -> Result<Session, Error> {
        let (id, methods) = (SessionId::new(self.plane.random.uuid()), shown.methods());
        let mut unit = self.begin(asker.correlation);
        let (app, at) = (request.client.app, shown.last(signed_in));
        if !requested.offline {
            return Ok(Session { id, methods, at, refresh: None });
        }
        let secret = draw(&*self.plane.random);
        let token = RefreshToken {
            session: id,
            app,
            shown,
            browser: None,
            confidential: None,
            page: None,
            methods: methods.clone(),
            signed_in,
            used: None,
        };
        keep_token(&mut unit, &secret, &token)?;
        unit.commit().await?;
        Ok(Session { id, methods, at, refresh: Some(Refresh { secret, until: None }) })
    }

    pub(super) fn answer(
        &self,
        request: &TokenRequest,
        consented: &Consented,
        (client, session): (Authenticated, Session),
    ) -> Result<Tokens, Error> {
        let (account, requested) = (consented.account(), consented.requested());
        let issue = self.issue(account.local.principal.tenant, &request.client);
        let (methods, at, roles) = (&session.methods, session.at, consented.roles());
        let sign_in = claims::SignIn { session: session.id, methods, at, client, roles };
        let random = &*self.plane.random;
        let access = claims::for_user(issue, requested, account, sign_in, random);
        let id = claims::id(issue, account, (methods, at), request.nonce.clone());
        let id = requested.openid.then(|| self.sign(&id)).transpose()?;
        let now = issue.now;
        let left = |it: &Refresh| Some(it.until?.duration_since(now).as_secs());
        tracing::info!(home = %account.home.principal, local = %account.local.principal, app = %issue.app, "signed in");
        Ok(Tokens {
            access: Sensitive(self.sign(&access)?),
            lifetime_seconds: claims::LIFETIME.as_secs(),
            person: Some(PersonTokens {
                scope: requested.granted(),
                client_info: claims::client_info(account.home.principal),
                id: id.map(Sensitive),
                refresh_lifetime_seconds: session.refresh.as_ref().and_then(left),
                refresh: session.refresh.map(|it| Sensitive(it.secret)),
            }),
        })
    }

    fn issue(&self, tenant: TenantId, claim: &ClientClaim) -> Issue<'_> {
        Issue { login: &self.plane.origins.login, tenant, app: claim.app, now: self.now() }
    }
}
