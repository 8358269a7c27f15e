//! Signing in to the portal, whose pages this server renders itself: its codes are redeemed in this
//! process, and no token is made.

use identity::{
    account::{Account, Directory, Shown},
    browser::SignedIn,
    client::PORTAL,
    code::{self, Code, Redeemer, Redemption},
    refusal::Refused,
    resource,
};
use ids::guid::{AppId, Principal, SessionId, TenantId};
use jiff::Timestamp;
use model::{
    directory::Redirects,
    event::{Caller, CallerKind},
};

use super::{
    Asker, Error, SignIn,
    code::{Used, code_key},
    retry,
    session::{end, read},
};

/// Where the portal takes codes, below its origin.
pub const SIGNED_IN: &str = "/signed-in";
/// What the portal asks for: to know who it is.
pub const SCOPE: &str = "openid profile";

/// Somebody who is signed in to the portal, at one tenant. It goes on as long as the browser's own
/// sign-in that it came of, and as the account there is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub tenant: TenantId,
    browser: SessionId,
    shown: Shown,
    signed_in: Timestamp,
}

impl Visit {
    /// The browser's own sign-in that it came of.
    pub fn browser(&self) -> SessionId {
        self.browser
    }

    /// Who it is at home.
    pub fn home(&self) -> Principal {
        self.shown.home
    }
}

/// Who asks in the portal.
pub fn caller(account: &Account, visit: &Visit) -> Caller {
    Caller {
        principal: account.local.principal,
        name: account.local.user_principal_name.clone(),
        kind: CallerKind::User,
        app: PORTAL,
        methods: visit.shown.methods(),
        signed_in: Some(visit.shown.last(visit.signed_in)),
    }
}

impl SignIn {
    /// Where browsers may be sent with an answer for a client that nobody registers: the portal's
    /// own pages.
    pub(super) fn own_redirects(&self, app: AppId) -> Redirects {
        if app != PORTAL {
            return Redirects::default();
        }
        Redirects { web: vec![self.portal_redirect()], ..Redirects::default() }
    }

    /// Where the portal takes codes.
    pub fn portal_redirect(&self) -> String {
        format!("{}{SIGNED_IN}", self.plane.origins.portal)
    }

    /// Redeems the portal's code, once.
    pub async fn arrive(&self, asker: &Asker, redeemer: &Redeemer) -> Result<Visit, Error> {
        let known: Option<Code> =
            read(self.plane.store.ephemeral(&code_key(&redeemer.code.0)).await?)?;
        let code = known.ok_or(Refused::CodeInvalid)?;
        match code::redeem(&code, PORTAL, asker.directory, redeemer, self.now())? {
            Redemption::Good => {}
            Redemption::UsedTwice => return self.used_twice(asker, &code).await,
        }
        let requested = resource::for_user(SCOPE, &self.apis)?;
        if let Used::Before(code) = self.use_up(asker, PORTAL, redeemer, &requested).await? {
            return self.used_twice(asker, &code).await;
        }
        let Code { tenant, browser, shown, signed_in, .. } = code;
        let visit = Visit { tenant, browser, shown, signed_in };
        self.visitor(&visit).await?;
        Ok(visit)
    }

    /// Whose visit it is, by the facts of this moment: asked for each page.
    pub async fn visitor(&self, visit: &Visit) -> Result<Account, Error> {
        let Visit { tenant, browser, shown, signed_in } = visit;
        let sign_in = SignedIn {
            session: *browser,
            shown: shown.clone(),
            signed_in: *signed_in,
            confirmed: Vec::new(),
        };
        if !sign_in.is_fresh(self.now()) || !self.goes_on(&sign_in).await? {
            return Err(Refused::SessionEnded.into());
        }
        self.account(shown.home, Directory::Tenant(*tenant)).await
    }

    /// The same person at another tenant, where they are at home or a guest.
    pub async fn move_to(&self, visit: &Visit, tenant: TenantId) -> Result<Visit, Error> {
        let moved = Visit { tenant, ..visit.clone() };
        self.visitor(&moved).await?;
        Ok(moved)
    }

    /// Signs the person out: of the portal, and of the browser for whatever else asks.
    pub async fn leave(&self, asker: &Asker, visit: &Visit) -> Result<(), Error> {
        let leave = async || {
            let mut unit = self.begin(asker.correlation);
            let until = end(&mut unit, visit.browser)?;
            unit.commit().await?;
            Ok(until)
        };
        let until = retry(|| Box::pin(leave())).await?;
        self.ended.end(visit.browser, self.now(), until);
        Ok(())
    }
}
