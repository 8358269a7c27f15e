//! Device codes: handed out to a device, answered in a browser, polled for by the device.

use identity::{
    account::{Account, Passed},
    client,
    device::{self, DeviceCode, INTERVAL, LIFETIME, State},
    refusal::Refused,
    request::{DeviceRequest, TokenRequest},
    resource,
    secret::{Sensitive, draw, draw_code, fingerprint},
};
use ids::guid::AppId;
use jiff::SignedDuration;
use store::{ephemeral::EphemeralKey, error::StoreError};

use super::{
    Asker, Error, SignIn,
    facts::Named,
    retry,
    session::{later, read, row},
    token::suffices,
};

/// What a device shows, and what it polls with.
#[derive(Clone, Debug)]
pub struct Started {
    pub device_code: Sensitive,
    pub user_code: String,
    pub lifetime: SignedDuration,
    pub interval: SignedDuration,
}

/// What somebody typed in the browser.
#[derive(Clone, Debug)]
pub struct Answer {
    pub user_code: String,
    pub username: String,
    pub password: Sensitive,
}

/// What became of what was typed.
#[derive(Clone, Debug)]
pub enum Approval {
    Approved(Approved),
    /// The password was right, and a code of the person's authenticator is asked for: what to bring
    /// along with it.
    Code(Sensitive),
}

/// Who has signed in on the device, in which application.
#[derive(Clone, Debug)]
pub struct Approved {
    pub username: String,
    pub application: String,
}

/// Guesses at codes are counted against the address, whatever the code.
const GUESSES: &str = "device code";

fn device_key(secret: &str) -> EphemeralKey {
    EphemeralKey::new("deviceCode", fingerprint(secret))
}

/// Leads from the code that people type to the device's, which is longer.
fn typed_key(user_code: &str) -> EphemeralKey {
    EphemeralKey::new("userCode", fingerprint(user_code))
}

impl SignIn {
    /// Hands out a code.
    pub async fn start_device(
        &self,
        asker: Asker,
        request: DeviceRequest,
    ) -> Result<Started, Error> {
        client::takes_tokens(request.app)?;
        resource::for_user(&request.scope, &self.apis)?;
        let tenant = match asker.directory {
            identity::account::Directory::Tenant(tenant) => Some(tenant),
            identity::account::Directory::Home => None,
        };
        self.registration(request.app, asker.directory).await?;
        self.throttle().device_code(asker.address, self.now())?;
        let (secret, user_code) = (draw(&*self.plane.random), draw_code(&*self.plane.random));
        let mut unit = self.begin(asker.correlation);
        let expires = later(unit.now(), LIFETIME);
        let DeviceRequest { app, scope } = request;
        let code = DeviceCode { app, tenant, scope, expires, polled: None, state: State::Waiting };
        let key = device_key(&secret);
        unit.keep(row(typed_key(&user_code), &key, expires)?);
        unit.keep(row(key, &code, expires)?);
        unit.commit().await?;
        let device_code = Sensitive(secret);
        Ok(Started { device_code, user_code, lifetime: LIFETIME, interval: INTERVAL })
    }

    /// Which client a typed code lets in: who types it hears so before they say who they are.
    pub async fn device_asks(&self, asker: Asker, user_code: &str) -> Result<Named, Error> {
        let key = self.typed(&asker, user_code).await?;
        let code = self.waiting(&key).await?.ok_or(Refused::DeviceUnknown)?;
        let registered = self.registration(code.app, code.directory()).await?;
        self.named(code.app, registered).await
    }

    /// Signs the person in and lets the device have it.
    pub async fn approve_device(&self, asker: Asker, answer: Answer) -> Result<Approval, Error> {
        let key = self.typed(&asker, &answer.user_code).await?;
        let code = self.waiting(&key).await?.ok_or(Refused::DeviceUnknown)?;
        let asker = Asker { directory: code.directory(), ..asker };
        let (account, shown) =
            self.with_password(&asker, &answer.username, &answer.password).await?;
        if self.asks_code(shown.home, false).await? {
            let halfway = self.go_halfway(&asker, (shown, self.now())).await?;
            return Ok(Approval::Code(halfway));
        }
        let who = (account, Passed { shown, signed_in: self.now() });
        Ok(Approval::Approved(self.approve(&asker, &answer.user_code, (&key, code), who).await?))
    }

    /// The same with the code of whoever has shown the password.
    pub async fn approve_device_by_code(
        &self,
        asker: Asker,
        user_code: &str,
        (halfway, code): (&Sensitive, &Sensitive),
    ) -> Result<Approved, Error> {
        let key = self.typed(&asker, user_code).await?;
        let waiting = self.waiting(&key).await?.ok_or(Refused::DeviceUnknown)?;
        let asker = Asker { directory: waiting.directory(), ..asker };
        let passed = self.with_code(&asker, halfway, code).await?;
        // What a browser has stayed signed in to lets no device in.
        if !passed.is_fresh(self.now()) {
            return Err(Refused::HalfwayLost.into());
        }
        let account = self.account(passed.shown.home, asker.directory).await?;
        self.approve(&asker, user_code, (&key, waiting), (account, passed)).await
    }

    async fn approve(
        &self,
        asker: &Asker,
        user_code: &str,
        (key, code): (&EphemeralKey, DeviceCode),
        (account, passed): (Account, Passed),
    ) -> Result<Approved, Error> {
        let application = self.application(code.app, &account).await?;
        let username = account.home.user_principal_name.clone();
        let requested = resource::for_user(&code.scope, &self.apis)?;
        self.consented(code.app, account, requested).await?;
        self.conclude(asker, key, user_code, State::Approved(passed)).await?;
        Ok(Approved { username, application })
    }

    /// Turns the device away: whoever holds the code says that it was not them.
    pub async fn decline_device(&self, asker: Asker, user_code: &str) -> Result<(), Error> {
        let key = self.typed(&asker, user_code).await?;
        self.conclude(&asker, &key, user_code, State::Declined).await
    }

    /// The device's code that a typed code leads to.
    async fn typed(&self, asker: &Asker, user_code: &str) -> Result<EphemeralKey, Error> {
        self.admit(GUESSES, asker)?;
        let key = typed_key(&device::typed(user_code));
        let known = read(self.plane.store.ephemeral(&key).await?)?;
        // Only failures count: whoever starts codes of their own must not buy guesses with them.
        if known.is_none() {
            self.settle(GUESSES, asker, &Err::<(), ()>(()));
        }
        Ok(known.ok_or(Refused::DeviceUnknown)?)
    }

    async fn waiting(&self, key: &EphemeralKey) -> Result<Option<DeviceCode>, StoreError> {
        let code: Option<DeviceCode> = read(self.plane.store.ephemeral(key).await?)?;
        Ok(code.filter(|code| device::answerable(code, self.now()).is_ok()))
    }

    /// What the application is called, if it may sign that account's owner in.
    async fn application(&self, app: AppId, account: &Account) -> Result<String, Error> {
        if client::is_first_party(app) {
            return Ok(client::first_party_name(app).to_owned());
        }
        let tenant = account.local.principal.tenant;
        let facts = self.client(app, tenant).await?;
        client::for_users(app, &facts, tenant)?;
        Ok(facts.principal.map(|it| it.display_name).unwrap_or_default())
    }

    async fn conclude(
        &self,
        asker: &Asker,
        key: &EphemeralKey,
        user_code: &str,
        state: State,
    ) -> Result<(), Error> {
        retry(|| Box::pin(self.conclude_once(asker, key, user_code, state.clone()))).await
    }

    async fn conclude_once(
        &self,
        asker: &Asker,
        key: &EphemeralKey,
        user_code: &str,
        state: State,
    ) -> Result<(), Error> {
        let mut unit = self.begin(asker.correlation);
        let known: Option<DeviceCode> = read(unit.ephemeral(key).await?)?;
        let code = known.ok_or(Refused::DeviceUnknown)?;
        device::answerable(&code, unit.now())?;
        let code = DeviceCode { state, ..code };
        unit.keep(row(key.clone(), &code, code.expires)?);
        unit.drop_ephemeral(&typed_key(&device::typed(user_code)));
        unit.commit().await?;
        Ok(())
    }

    /// A poll: whoever approved, where, and for what. The code is used up by the first that
    /// hears of it; not by who asks for more than was shown, or of whom what was shown is gone.
    pub(super) async fn poll_device(
        &self,
        secret: &Sensitive,
        request: &TokenRequest,
        asker: &Asker,
    ) -> Result<(Passed, DeviceCode), Error> {
        let app = request.client.app;
        let key = device_key(&secret.0);
        let known: Option<DeviceCode> = read(self.plane.store.ephemeral(&key).await?)?;
        let code = known.ok_or(Refused::DeviceUnknown)?;
        match device::poll(&code, app, self.now()) {
            Ok(passed) => {
                suffices(request, &passed.shown)?;
                if !passed.shown.stands(&self.held(passed.shown.home).await?) {
                    return Err(Refused::SessionEnded.into());
                }
            }
            Err(refused) => {
                if code.app == app && code.state == State::Waiting {
                    self.note_poll(&key, asker).await?;
                }
                return Err(refused.into());
            }
        }
        let taken: Option<DeviceCode> = read(self.plane.store.take(&key).await?)?;
        let code = taken.ok_or(Refused::DeviceUnknown)?;
        let passed = device::poll(&code, app, self.now())?;
        Ok((passed, code))
    }

    /// Notes when the device asked last. That somebody answers meanwhile matters more.
    async fn note_poll(&self, key: &EphemeralKey, asker: &Asker) -> Result<(), Error> {
        let mut unit = self.begin(asker.correlation);
        let known: Option<DeviceCode> = read(unit.ephemeral(key).await?)?;
        let Some(code) = known.filter(|code| code.state == State::Waiting) else { return Ok(()) };
        let code = DeviceCode { polled: Some(unit.now()), ..code };
        unit.keep(row(key.clone(), &code, code.expires)?);
        match unit.commit().await {
            Ok(_) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
