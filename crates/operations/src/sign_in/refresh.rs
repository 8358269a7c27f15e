//! Redeeming a refresh token: the token is used up, and its successor takes its place.

use identity::{
    refresh::{LIFETIME, Redemption, RefreshToken, redeem},
    refusal::Refused,
    secret::successor,
};
use ids::guid::AppId;
use model::directory::{Credential, Holder};
use store::records::ranges;

use super::{
    Asker, Error, SignIn, retry,
    session::{end, keep_token, later, read, row, session_key, token_key},
};

/// What the successors of refresh tokens are derived with.
const SUCCESSION: &str = "fyr: refresh tokens";
/// Parallel clients that repeat a rotation find the last token of the chain within so many
/// steps, or sign in again.
const STEPS_MAX: usize = 64;

impl SignIn {
    /// What is known of a refresh token, before anything is done about it.
    pub(super) async fn refresh_token(
        &self,
        secret: &str,
        app: AppId,
    ) -> Result<RefreshToken, Error> {
        let known = self.plane.store.ephemeral(&token_key(secret)).await?;
        let token: RefreshToken = read(known)?.ok_or(Refused::RefreshInvalid)?;
        if token.app != app {
            return Err(Refused::RefreshInvalid.into());
        }
        Ok(token)
    }

    /// Uses the token up and answers the one that follows. The same token a moment later
    /// answers the last one that came of it; much later it ends the session.
    pub(super) async fn rotate(
        &self,
        secret: &str,
        app: AppId,
        asker: &Asker,
    ) -> Result<String, Error> {
        retry(|| Box::pin(self.rotate_once(secret, app, asker))).await
    }

    async fn rotate_once(&self, secret: &str, app: AppId, asker: &Asker) -> Result<String, Error> {
        let mut unit = self.begin(asker.correlation);
        let now = unit.now();
        let known = unit.ephemeral(&token_key(secret)).await?;
        let token: RefreshToken = read(known)?.ok_or(Refused::RefreshInvalid)?;
        let session = session_key(token.session);
        if unit.ephemeral(&session).await?.is_none() {
            return Err(Refused::SessionEnded.into());
        }
        // It lasts from the last time that a password was shown in the browser, and no rotation
        // prolongs it: nobody could sign out of what outlives the browser's own sign-in.
        if let Some(browser) = token.browser
            && unit.ephemeral(&session_key(browser)).await?.is_none()
        {
            return Err(Refused::SessionEnded.into());
        }
        let holder = Holder::User(token.shown.home);
        let passwords = unit.list::<Credential>(&ranges::credentials_of(holder)).await?;
        match redeem(&token, app, &passwords, now)? {
            Redemption::Repeat => return self.last_of_chain(secret).await,
            Redemption::End(reason) => {
                tracing::warn!(session = %token.session, home = %token.shown.home, ?reason, "a session ends");
                let until = end(&mut unit, token.session)?;
                unit.commit().await?;
                self.ended.end(token.session, now, until);
                return Err(Refused::SessionEnded.into());
            }
            Redemption::Rotate => {}
        }
        let next = self.successor(secret);
        keep_token(&mut unit, &next, &token)?;
        let used = RefreshToken { used: Some(now), ..token };
        let until = later(now, LIFETIME);
        unit.keep(row(token_key(secret), &used, until)?);
        unit.commit().await?;
        Ok(next)
    }

    /// Follows the chain to the token that nobody has used yet: clients that share a cache must
    /// not put a used one back into it.
    async fn last_of_chain(&self, secret: &str) -> Result<String, Error> {
        let mut secret = secret.to_owned();
        for _ in 0..STEPS_MAX {
            let known = self.plane.store.ephemeral(&token_key(&secret)).await?;
            let token: RefreshToken = read(known)?.ok_or(Refused::RefreshInvalid)?;
            if token.used.is_none() {
                return Ok(secret);
            }
            secret = self.successor(&secret);
        }
        Err(Refused::RefreshInvalid.into())
    }

    fn successor(&self, secret: &str) -> String {
        successor(&self.master.derive(SUCCESSION), secret)
    }
}
