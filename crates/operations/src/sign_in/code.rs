//! Redeeming an authorization code: once, by its client. A second time ends what came of it.

use identity::{
    account::Directory,
    client::Authenticated,
    code::{self, Code, Redeemer, Redemption},
    cross_origin::{self, Redeemed},
    refresh::RefreshToken,
    refusal::Refused,
    request::TokenRequest,
    resource::{self, Requested},
    secret::{draw, fingerprint},
};
use ids::guid::AppId;
use model::directory::{Credential, Holder};
use store::{ephemeral::EphemeralKey, records::ranges};

use super::{
    Asker, Error, SignIn, retry,
    session::{end, keep_token, later, read, row, session_key},
    token::{Refresh, Session, Tokens, from_where, suffices},
};

/// Where a code is kept: by what it hashes to, never by itself.
pub(super) fn code_key(secret: &str) -> EphemeralKey {
    EphemeralKey::new("code", fingerprint(secret))
}

/// What came of a code.
pub(super) enum Used {
    Now(Session),
    Before(Code),
}

impl SignIn {
    pub(super) async fn by_code(
        &self,
        asker: &Asker,
        mut request: TokenRequest,
        redeemer: &Redeemer,
    ) -> Result<Tokens, Error> {
        let known: Option<Code> =
            read(self.plane.store.ephemeral(&code_key(&redeemer.code.0)).await?)?;
        let code = known.ok_or(Refused::CodeInvalid)?;
        let app = request.client.app;
        match code::redeem(&code, app, asker.directory, redeemer, self.now())? {
            Redemption::Good => suffices(&request, &code.shown)?,
            Redemption::UsedTwice => return self.used_twice(asker, &code).await,
        }
        let facts = self.client(app, code.tenant).await?;
        from_where(&request, code.redeemed(), &facts)?;
        let client = if code::must_prove(&code, &request.client, &facts)? {
            self.prove(asker, &request.client, facts.secrets).await?
        } else {
            Authenticated::NotAtAll
        };
        let requested = resource::for_user(&code.scope, &self.apis)?;
        let account = self.account(code.shown.home, Directory::Tenant(code.tenant)).await?;
        let consented = self.consented(app, account, requested).await?;
        let used = self.use_up(asker, app, redeemer, consented.requested()).await?;
        let session = match used {
            Used::Now(session) => session,
            Used::Before(code) => return self.used_twice(asker, &code).await,
        };
        request.nonce = code.nonce;
        self.answer(&request, &consented, (client, session))
    }

    pub(super) async fn use_up(
        &self,
        asker: &Asker,
        app: AppId,
        redeemer: &Redeemer,
        requested: &Requested,
    ) -> Result<Used, Error> {
        retry(|| Box::pin(self.use_up_once(asker, app, redeemer, requested))).await
    }

    /// Judged again with what is there now: of two that come at once, one is too late.
    async fn use_up_once(
        &self,
        asker: &Asker,
        app: AppId,
        redeemer: &Redeemer,
        requested: &Requested,
    ) -> Result<Used, Error> {
        let mut unit = self.begin(asker.correlation);
        let key = code_key(&redeemer.code.0);
        let known: Option<Code> = read(unit.ephemeral(&key).await?)?;
        let code = known.ok_or(Refused::CodeInvalid)?;
        match code::redeem(&code, app, asker.directory, redeemer, unit.now())? {
            Redemption::Good => {}
            Redemption::UsedTwice => return Ok(Used::Before(code)),
        }
        let passwords =
            unit.list::<Credential>(&ranges::credentials_of(Holder::User(code.shown.home))).await?;
        if !code.shown.stands(&passwords)
            || unit.ephemeral(&session_key(code.browser)).await?.is_none()
        {
            return Err(Refused::SessionEnded.into());
        }
        let (id, methods, at) =
            (code.session, code.shown.methods(), code.shown.last(code.signed_in));
        let secret = requested.offline.then(|| draw(&*self.plane.random));
        let is_page = code.redeemed() == Redeemed::ByPage;
        let until = is_page.then(|| later(unit.now(), cross_origin::LIFETIME));
        if let Some(secret) = &secret {
            let token = RefreshToken {
                session: id,
                app: code.app,
                shown: code.shown.clone(),
                browser: Some(code.browser),
                confidential: Some(code::is_confidential(code.waiting)),
                page: until,
                methods: methods.clone(),
                signed_in: code.signed_in,
                used: None,
            };
            keep_token(&mut unit, secret, &token)?;
        }
        let expires = code.expires;
        unit.keep(row(key, &Code { used: true, ..code }, expires)?);
        unit.commit().await?;
        let refresh = secret.map(|secret| Refresh { secret, until });
        Ok(Used::Now(Session { id, methods, at, refresh }))
    }

    /// Somebody else has the code, and nobody knows who came first.
    pub(super) async fn used_twice<T>(&self, asker: &Asker, code: &Code) -> Result<T, Error> {
        tracing::warn!(session = %code.session, home = %code.shown.home, "a code was used twice");
        let until = retry(|| {
            Box::pin(async {
                let mut unit = self.begin(asker.correlation);
                let until = end(&mut unit, code.session)?;
                unit.commit().await?;
                Ok(until)
            })
        });
        let until = until.await?;
        self.ended.end(code.session, self.now(), until);
        Err(Refused::CodeUsed.into())
    }
}
