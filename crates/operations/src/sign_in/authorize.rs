//! Signing in by browser: whether the place where the answer goes is the client's, whether
//! somebody must be asked, and the code for whoever signed in.

use identity::{
    account::{Account, Directory, Passed},
    authorize::{Address, Prompt, Wanted},
    browser::{Asking, Candidate, Confirmed, Next, SignedIn, next},
    client::{self, ClientFacts},
    code::{Code, LIFETIME},
    form::Form,
    redirect::{Waiting, registered},
    refusal::Refused,
    resource,
    secret::{Sensitive, draw},
};
use ids::guid::SessionId;

use super::{
    Asker, Error, SignIn,
    browser::Entrant,
    code::code_key,
    facts::Named,
    session::{later, row},
};

/// A request whose answer goes to its client, and nowhere else.
#[derive(Clone, Debug)]
pub struct Trusted {
    pub address: Address,
    pub waiting: Waiting,
    pub named: Named,
}

impl Trusted {
    /// What a person confirms who goes on with that account.
    fn confirmed(&self, account: &Account) -> Confirmed {
        let Address { app, redirect, .. } = &self.address;
        Confirmed::new(*app, account.local.principal.tenant, redirect)
    }

    fn asking(&self, multiple_factors: bool) -> Asking<'_> {
        let Address { app, redirect, .. } = &self.address;
        Asking { app: *app, redirect, waiting: self.waiting, multiple_factors }
    }
}

/// How a request goes on.
#[derive(Clone, Debug)]
pub enum Step {
    /// Somebody is signed in, and nothing needs to be asked: the code for the client.
    Done(Sensitive),
    /// Name and password are asked for.
    Ask { hint: String },
    /// An account is to be picked.
    Choose(Vec<Candidate>),
}

/// What a person did on the page.
#[derive(Clone, Debug)]
pub enum Entry {
    Password {
        username: String,
        password: Sensitive,
    },
    /// Picked an account that is signed in.
    Account(SessionId),
    /// Typed the code of an authenticator.
    Code {
        halfway: Sensitive,
        code: Sensitive,
    },
}

/// What follows from it.
#[derive(Clone, Debug)]
pub enum Onward {
    Done(Done),
    /// A code of the person's authenticator is asked for: what to bring along with it.
    Code(Sensitive),
}

/// The code for the client, and the browser's new cookie if it has one.
#[derive(Clone, Debug)]
pub struct Done {
    pub code: Sensitive,
    pub cookie: Option<String>,
}

impl SignIn {
    /// Whether the place that a request names is its client's. Until then, errors are shown to
    /// the person and sent nowhere.
    pub async fn trusted(
        &self,
        asker: &Asker,
        form: &Form,
        directory: &str,
    ) -> Result<Trusted, Error> {
        let address = Address::parse(form, directory)?;
        let application = self.registration(address.app, asker.directory).await?;
        let redirects = match &application {
            Some(registered) => registered.redirects.clone(),
            None => self.own_redirects(address.app),
        };
        let waiting = registered(address.app, &redirects, &address.redirect)?;
        let named = self.named(address.app, application).await?;
        Ok(Trusted { address, waiting, named })
    }

    /// Whether somebody must be asked; else the code at once.
    pub async fn authorize(
        &self,
        asker: Asker,
        trusted: &Trusted,
        form: &Form,
        cookie: Option<&str>,
    ) -> Result<Step, Error> {
        let wanted = Wanted::parse(form, trusted.waiting)?;
        resource::for_user(&wanted.scope, &self.apis)?;
        let candidates = self.candidates(cookie, asker.directory).await?;
        let mut candidates = self.welcome(trusted, candidates).await?;
        // Whose sign-in is too old for the client is to it as if they were not signed in.
        candidates.retain(|it| wanted.takes(it.signed_in.signed_in, self.now()));
        let hint = wanted.login_hint.as_deref();
        Ok(match next(wanted.prompt, trusted.asking(wanted.multiple_factors), hint, candidates)? {
            Next::Go(it) => {
                let (signed_in, account) = (&it.signed_in, &it.account);
                self.slot(trusted, account, &wanted).await?;
                Step::Done(self.hand_over(&asker, trusted, wanted, signed_in, account).await?)
            }
            Next::Choose(candidates) => Step::Choose(candidates),
            Next::Ask => Step::Ask { hint: wanted.login_hint.unwrap_or_default() },
        })
    }

    /// Goes on with what a person did on the page.
    pub async fn entered(
        &self,
        asker: Asker,
        trusted: &Trusted,
        form: &Form,
        cookie: Option<&str>,
        entry: Entry,
    ) -> Result<Onward, Error> {
        let wanted = Wanted::parse(form, trusted.waiting)?;
        match entry {
            Entry::Password { username, password } => {
                let (account, shown) = self.with_password(&asker, &username, &password).await?;
                let signed_in = self.now();
                if self.asks_code(shown.home, wanted.multiple_factors).await? {
                    let halfway = self.go_halfway(&asker, (shown, signed_in)).await?;
                    return Ok(Onward::Code(halfway));
                }
                let passed = Passed { shown, signed_in };
                self.passed(&asker, trusted, wanted, cookie, (account, passed)).await
            }
            Entry::Code { halfway, code } => {
                let passed = self.with_code(&asker, &halfway, &code).await?;
                if !wanted.takes_passed(&passed, self.now()) {
                    return Err(Refused::LoginRequired.into());
                }
                let account = self.account(passed.shown.home, asker.directory).await?;
                self.passed(&asker, trusted, wanted, cookie, (account, passed)).await
            }
            // Who asked for the password gets it.
            Entry::Account(_) if wanted.prompt == Prompt::Login => {
                Err(Refused::LoginRequired.into())
            }
            Entry::Account(session) => self.picked(&asker, trusted, wanted, cookie, session).await,
        }
    }

    /// Remembers in the browser who has shown all that is asked of them.
    async fn passed(
        &self,
        asker: &Asker,
        trusted: &Trusted,
        wanted: Wanted,
        cookie: Option<&str>,
        (account, passed): (Account, Passed),
    ) -> Result<Onward, Error> {
        self.slot(trusted, &account, &wanted).await?;
        let Passed { shown, signed_in } = passed;
        let entrant = Entrant { shown, signed_in, confirmed: trusted.confirmed(&account) };
        // From here on the browser's old cookie is worth nothing.
        let entered = self.enter(asker, cookie, &entrant).await?;
        let code = self.hand_over(asker, trusted, wanted, &entered.signed_in, &account).await?;
        Ok(Onward::Done(Done { code, cookie: Some(entered.cookie) }))
    }

    /// Goes on with an account that is signed in, or asks for the code that it lacks.
    async fn picked(
        &self,
        asker: &Asker,
        trusted: &Trusted,
        wanted: Wanted,
        cookie: Option<&str>,
        session: SessionId,
    ) -> Result<Onward, Error> {
        let candidates = self.candidates(cookie, asker.directory).await?;
        let picked = candidates.into_iter().find(|it| it.signed_in.session == session);
        let it = picked.filter(|it| wanted.takes(it.signed_in.signed_in, self.now()));
        let it = it.ok_or(Refused::LoginRequired)?;
        if it.lacks_code(wanted.multiple_factors) {
            if !it.has_second_factor {
                return Err(Refused::SecondFactorMissing.into());
            }
            let SignedIn { shown, signed_in, .. } = it.signed_in;
            return Ok(Onward::Code(self.go_halfway(asker, (shown, signed_in)).await?));
        }
        self.slot(trusted, &it.account, &wanted).await?;
        let code = self.hand_over(asker, trusted, wanted, &it.signed_in, &it.account).await?;
        self.confirm(asker, cookie, session, &trusted.confirmed(&it.account)).await?;
        Ok(Onward::Done(Done { code, cookie: None }))
    }

    /// Those whom the client may sign in. The others are to it as if they were not signed in:
    /// whose browser it is, and of which tenant, is not its to know.
    async fn welcome(
        &self,
        trusted: &Trusted,
        candidates: Vec<Candidate>,
    ) -> Result<Vec<Candidate>, Error> {
        let mut welcome = Vec::new();
        for it in candidates {
            match self.for_whom(trusted, &it.account).await {
                Ok(()) => welcome.push(it),
                Err(Error::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(welcome)
    }

    /// Whether the client may sign that account's owner in.
    async fn for_whom(&self, trusted: &Trusted, account: &Account) -> Result<(), Error> {
        let (app, tenant) = (trusted.address.app, account.local.principal.tenant);
        let facts: ClientFacts = self.client(app, tenant).await?;
        client::for_users(app, &facts, tenant)?;
        Ok(())
    }

    /// Whether a code may be handed over: the client may have what it wants of that account's
    /// owner, and has not too much of them already. Whoever may not give it hears so here, and
    /// the client's server need not explain it.
    async fn slot(
        &self,
        trusted: &Trusted,
        account: &Account,
        wanted: &Wanted,
    ) -> Result<(), Error> {
        self.for_whom(trusted, account).await?;
        let requested = resource::for_user(&wanted.scope, &self.apis)?;
        self.consented(trusted.address.app, account.clone(), requested).await?;
        let (home, app) = (account.home.principal, trusted.address.app);
        self.throttle().code(home, app, self.now())?;
        Ok(())
    }

    /// A code for whoever signed in, which only that client can redeem; there is a
    /// [`slot`](Self::slot) for it.
    async fn hand_over(
        &self,
        asker: &Asker,
        trusted: &Trusted,
        wanted: Wanted,
        signed_in: &SignedIn,
        account: &Account,
    ) -> Result<Sensitive, Error> {
        let secret = draw(&*self.plane.random);
        let mut unit = self.begin(asker.correlation);
        let expires = later(unit.now(), LIFETIME);
        let code = Code {
            app: trusted.address.app,
            tenant: account.local.principal.tenant,
            anywhere: asker.directory == Directory::Home,
            redirect: trusted.address.redirect.clone(),
            waiting: trusted.waiting,
            challenge: wanted.challenge,
            scope: wanted.scope,
            nonce: wanted.nonce,
            shown: signed_in.shown.clone(),
            session: SessionId::new(self.plane.random.uuid()),
            browser: signed_in.session,
            signed_in: signed_in.signed_in,
            expires,
            used: false,
        };
        unit.keep(row(code_key(&secret), &code, expires)?);
        unit.commit().await?;
        Ok(Sensitive(secret))
    }
}
