//! Who is signed in to a browser: found by its cookie, renewed at each sign-in, ended at once
//! with all that came of it.

use identity::{
    account::{Account, Directory, Shown, has_second_factor},
    browser::{Browser, Candidate, Confirmed, SignedIn},
    jwt::Keys,
    logout::{self, Hint},
    redirect,
    refresh::LIFETIME,
    secret::{draw, fingerprint},
};
use ids::guid::{AppId, SessionId};
use jiff::Timestamp;
use model::directory::Credential;
use store::{ephemeral::EphemeralKey, unit::Unit};

use super::{
    Asker, Error, SignIn, retry,
    session::{end, later, read, row, session_key},
};

/// Where a browser's sign-ins are kept: by what its cookie hashes to, never by the cookie.
fn browser_key(cookie: &str) -> EphemeralKey {
    EphemeralKey::new("browser", fingerprint(cookie))
}

/// Somebody who has shown all that is asked of them, and where they go on to.
pub(super) struct Entrant {
    pub(super) shown: Shown,
    /// When the password was shown.
    pub(super) signed_in: Timestamp,
    pub(super) confirmed: Confirmed,
}

/// Somebody who has just signed in, and the browser's new cookie.
pub(super) struct Entered {
    pub(super) signed_in: SignedIn,
    pub(super) cookie: String,
}

impl SignIn {
    /// Who is signed in to the browser and has an account at the directory now.
    pub(super) async fn candidates(
        &self,
        cookie: Option<&str>,
        directory: Directory,
    ) -> Result<Vec<Candidate>, Error> {
        let mut candidates = Vec::new();
        for signed_in in self.browser(cookie).await?.accounts {
            let held = self.held(signed_in.shown.home).await?;
            if !signed_in.is_fresh(self.now()) || !self.is_good(&signed_in, &held).await? {
                continue;
            }
            let has_second_factor = has_second_factor(&held);
            match self.account(signed_in.shown.home, directory).await {
                Ok(account) => {
                    candidates.push(Candidate { signed_in, account, has_second_factor });
                }
                Err(Error::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(candidates)
    }

    async fn browser(&self, cookie: Option<&str>) -> Result<Browser, Error> {
        let Some(cookie) = cookie else { return Ok(Browser::default()) };
        let known = self.plane.store.ephemeral(&browser_key(cookie)).await?;
        Ok(read(known)?.unwrap_or_default())
    }

    /// Whether a sign-in has not ended, and was by what its person signs in with now.
    pub(super) async fn goes_on(&self, signed_in: &SignedIn) -> Result<bool, Error> {
        let held = self.held(signed_in.shown.home).await?;
        self.is_good(signed_in, &held).await
    }

    async fn is_good(&self, signed_in: &SignedIn, held: &[Credential]) -> Result<bool, Error> {
        let session = self.plane.store.ephemeral(&session_key(signed_in.session)).await?;
        Ok(session.is_some() && signed_in.shown.stands(held))
    }

    /// Remembers who has shown a password. The cookie is a new one each time, so that nobody
    /// can have planted it before.
    pub(super) async fn enter(
        &self,
        asker: &Asker,
        cookie: Option<&str>,
        entrant: &Entrant,
    ) -> Result<Entered, Error> {
        retry(|| Box::pin(self.enter_once(asker, cookie, entrant))).await
    }

    async fn enter_once(
        &self,
        asker: &Asker,
        cookie: Option<&str>,
        entrant: &Entrant,
    ) -> Result<Entered, Error> {
        let Entrant { shown, signed_in, confirmed } = entrant;
        let mut unit = self.begin(asker.correlation);
        let known = take_browser(&mut unit, cookie).await?;
        let session = SessionId::new(self.plane.random.uuid());
        let (shown, confirmed) = (shown.clone(), vec![confirmed.clone()]);
        let new = SignedIn { session, shown, signed_in: *signed_in, confirmed };
        let mut ended = Vec::new();
        let (browser, forgotten) = without_ended(&mut unit, known).await?.with(new);
        for session in forgotten {
            ended.push((session, end(&mut unit, session)?));
        }
        let cookie = draw(&*self.plane.random);
        // As long as anything may stay signed in by it: signing out must find it.
        let until = later(unit.now(), LIFETIME);
        unit.keep(row(browser_key(&cookie), &browser, until)?);
        let signed_in = browser.accounts.into_iter().next();
        let signed_in = signed_in.ok_or(identity::refusal::Refused::LoginRequired)?;
        unit.keep(row(session_key(signed_in.session), &signed_in.shown.home, until)?);
        unit.commit().await?;
        self.all_ended(ended);
        Ok(Entered { signed_in, cookie })
    }

    /// Remembers that somebody who is signed in has gone on with a click.
    pub(super) async fn confirm(
        &self,
        asker: &Asker,
        cookie: Option<&str>,
        session: SessionId,
        confirmed: &Confirmed,
    ) -> Result<(), Error> {
        let Some(cookie) = cookie else { return Ok(()) };
        let confirm = async || {
            let mut unit = self.begin(asker.correlation);
            let known: Option<Browser> = read(unit.ephemeral(&browser_key(cookie)).await?)?;
            let Some(browser) = known else { return Ok(()) };
            let browser = browser.confirming(session, confirmed);
            unit.keep(row(browser_key(cookie), &browser, later(unit.now(), LIFETIME))?);
            unit.commit().await?;
            Ok(())
        };
        retry(|| Box::pin(confirm())).await
    }

    /// Whom the browser is signed in as, with the accounts that they are where the hint's client
    /// signed them in; and whether the hint is about one of them.
    pub async fn is_about(&self, hint: &Hint, cookie: Option<&str>) -> Result<bool, Error> {
        let there = Directory::Tenant(hint.who.tenant);
        let candidates = self.candidates(cookie, there).await?;
        let is = |account: &Account| account.local.principal == hint.who;
        Ok(candidates.iter().any(|it| is(&it.account)))
    }

    /// What an id token says of who was signed in.
    pub fn hint(&self, token: &str) -> Option<Hint> {
        logout::hint(token, &Keys::own(&self.published_keys()), &self.plane.origins.login)
    }

    /// Whether a browser may be sent there after the client signed somebody out at that
    /// directory. A client that is not there is sent nothing, nor told apart from none.
    pub async fn returns_to(
        &self,
        app: AppId,
        directory: Directory,
        place: &str,
    ) -> Result<bool, Error> {
        let redirects = self.redirects(app, directory).await?;
        Ok(redirect::registered(app, &redirects, place).is_ok())
    }

    /// Signs everybody out of the browser, and ends what came of it.
    pub async fn sign_out(&self, asker: Asker, cookie: &str) -> Result<(), Error> {
        let ended = retry(|| Box::pin(self.sign_out_once(&asker, cookie))).await?;
        self.all_ended(ended);
        Ok(())
    }

    fn all_ended(&self, ended: Vec<(SessionId, Timestamp)>) {
        for (session, until) in ended {
            self.ended.end(session, self.now(), until);
        }
    }

    async fn sign_out_once(
        &self,
        asker: &Asker,
        cookie: &str,
    ) -> Result<Vec<(SessionId, Timestamp)>, Error> {
        let mut unit = self.begin(asker.correlation);
        let browser = take_browser(&mut unit, Some(cookie)).await?;
        let mut ended = Vec::new();
        for it in &browser.accounts {
            ended.push((it.session, end(&mut unit, it.session)?));
        }
        if !ended.is_empty() {
            unit.commit().await?;
        }
        Ok(ended)
    }
}

/// Sessions that ended are not gone on with, whatever the password.
async fn without_ended(unit: &mut Unit, known: Browser) -> Result<Browser, Error> {
    let mut accounts = Vec::new();
    for it in known.accounts {
        if unit.ephemeral(&session_key(it.session)).await?.is_some() {
            accounts.push(it);
        }
    }
    Ok(Browser { accounts })
}

/// The sign-ins behind a cookie, which is good for nothing from then on.
async fn take_browser(unit: &mut Unit, cookie: Option<&str>) -> Result<Browser, Error> {
    let Some(cookie) = cookie else { return Ok(Browser::default()) };
    let key = browser_key(cookie);
    let known: Option<Browser> = read(unit.ephemeral(&key).await?)?;
    if known.is_some() {
        unit.drop_ephemeral(&key);
    }
    Ok(known.unwrap_or_default())
}
