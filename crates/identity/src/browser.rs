//! Who is signed in to a browser, and whether a request can be answered without asking.

use ids::guid::{AppId, SessionId, TenantId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    account::{Account, Shown},
    authorize::Prompt,
    redirect::{Waiting, origin},
    refusal::Refused,
};

/// How long somebody who has shown a password in a browser is not asked for it there. Entra's,
/// where nobody asks to be kept signed in. What came of it may go on for longer, and ends with it
/// when they sign out.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// People have few accounts; those used longest ago are forgotten.
const ACCOUNTS_MAX: usize = 8;
/// Whoever goes on to more applications than that is asked again by those of long ago.
const CONFIRMED_MAX: usize = 32;

/// The accounts that a browser is signed in to, the last used first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Browser {
    pub accounts: Vec<SignedIn>,
}

/// That somebody has signed in, in this browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// What all that comes of it ends with.
    pub session: SessionId,
    #[serde(flatten)]
    pub shown: Shown,
    pub signed_in: Timestamp,
    /// Where they have gone on to by a click of theirs, the last first.
    #[serde(default)]
    pub confirmed: Vec<Confirmed>,
}

/// What somebody has seen named on the page when they went on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    pub app: AppId,
    /// Of which tenant the account was.
    pub tenant: TenantId,
    /// The origin that the answer went to: whoever may change an application's redirect URIs
    /// must not inherit what people have confirmed.
    pub place: String,
}

impl Confirmed {
    /// What is confirmed by going on to an application's redirect URI with an account of that
    /// tenant.
    pub fn new(app: AppId, tenant: TenantId, redirect: &str) -> Self {
        Self { app, tenant, place: origin(redirect).to_owned() }
    }
}

impl SignedIn {
    /// Whether it still answers for its person.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.signed_in) < LIFETIME
    }

    /// The same after one more click.
    #[must_use]
    pub fn confirming(mut self, confirmed: Confirmed) -> Self {
        self.confirmed.retain(|it| *it != confirmed);
        self.confirmed.insert(0, confirmed);
        self.confirmed.truncate(CONFIRMED_MAX);
        self
    }
}

impl Browser {
    /// The same with somebody more, or once more: whoever shows the same password again goes on
    /// with the session that they had, and with what they have confirmed. Sessions that are no
    /// longer remembered could not be signed out of: they end, and are told beside.
    #[must_use]
    pub fn with(self, new: SignedIn) -> (Self, Vec<SessionId>) {
        let known = self.accounts.iter().map(|it| it.session).collect::<Vec<_>>();
        let same = self.accounts.iter().find(|it| it.shown.is_password_of(&new.shown));
        let session = same.map_or(new.session, |it| it.session);
        let before = same.map(|it| it.confirmed.clone()).unwrap_or_default();
        let home = new.shown.home;
        let others = self.accounts.into_iter().filter(|it| it.shown.home != home);
        let kept = SignedIn { session, confirmed: before, ..new };
        let again = new.confirmed.into_iter().rev().fold(kept, SignedIn::confirming);
        let accounts = [again].into_iter().chain(others).take(ACCOUNTS_MAX);
        let accounts = accounts.collect::<Vec<_>>();
        let goes_on = |session: &SessionId| accounts.iter().any(|it| it.session == *session);
        let ended = known.into_iter().filter(|session| !goes_on(session)).collect();
        (Self { accounts }, ended)
    }

    /// The same after a click of whoever has that session.
    #[must_use]
    pub fn confirming(self, session: SessionId, confirmed: &Confirmed) -> Self {
        let confirm = |it: SignedIn| {
            if it.session == session { it.confirming(confirmed.clone()) } else { it }
        };
        Self { accounts: self.accounts.into_iter().map(confirm).collect() }
    }
}

/// Somebody who is signed in and has an account where the request wants one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub signed_in: SignedIn,
    pub account: Account,
    /// Whether they would be asked for a second factor if they signed in now.
    pub has_second_factor: bool,
}

impl Candidate {
    /// The sign-in name, as the person knows it.
    pub fn name(&self) -> &str {
        &self.account.home.user_principal_name
    }

    /// Whether a code must be shown before they go on: where more than a password is `asked` for,
    /// and where they have come by an authenticator since.
    pub fn lacks_code(&self, asked: bool) -> bool {
        self.signed_in.shown.second.is_none() && (asked || self.has_second_factor)
    }
}

/// What happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing is asked: this one goes on.
    Go(Box<Candidate>),
    /// One of these is picked, or another account.
    Choose(Vec<Candidate>),
    /// Name and password are asked for.
    Ask,
}

/// Who asks, and where the answer would go.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    pub app: AppId,
    pub redirect: &'a str,
    pub waiting: Waiting,
    /// Whether more than a password is asked for.
    pub multiple_factors: bool,
}

impl Asking<'_> {
    /// Whether it may hear of somebody without a click of theirs: where they have gone on to it
    /// before. Else whoever registers an application had only to make people follow a link. A
    /// program on somebody's machine is never answered unseen: any other program there could
    /// have sent the request (RFC 8252, section 8.6). Azure's own clients are such programs, and
    /// no exception.
    fn unseen(self, candidate: &Candidate) -> bool {
        let tenant = candidate.account.local.principal.tenant;
        let wanted = Confirmed::new(self.app, tenant, self.redirect);
        if candidate.lacks_code(self.multiple_factors) {
            return false;
        }
        match self.waiting {
            Waiting::Server | Waiting::Page => candidate.signed_in.confirmed.contains(&wanted),
            Waiting::Program => false,
        }
    }
}

/// Whether something must be asked. Whom the client may not hear of unseen is, to one that asks
/// in silence, as if they were not signed in: by names to look for it would else learn who is.
pub fn next(
    prompt: Prompt,
    asking: Asking<'_>,
    hint: Option<&str>,
    candidates: Vec<Candidate>,
) -> Result<Next, Refused> {
    let candidates = match prompt {
        Prompt::None => candidates.into_iter().filter(|it| asking.unseen(it)).collect(),
        Prompt::AsNeeded | Prompt::SelectAccount | Prompt::Login => candidates,
    };
    let hinted = hint.and_then(|hint| {
        candidates.iter().find(|it| it.name().eq_ignore_ascii_case(hint)).cloned()
    });
    let only = match (hint, candidates.as_slice()) {
        (Some(_), _) => hinted,
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    };
    let nobody = hint.is_some() || candidates.is_empty();
    match (prompt, only) {
        (Prompt::None | Prompt::AsNeeded, Some(only)) if asking.unseen(&only) => {
            Ok(Next::Go(Box::new(only)))
        }
        (Prompt::None, None) if nobody => Err(Refused::LoginRequired),
        (Prompt::None, _) => Err(Refused::InteractionRequired),
        (Prompt::AsNeeded, None) if nobody => Ok(Next::Ask),
        (Prompt::SelectAccount, _) if candidates.is_empty() => Ok(Next::Ask),
        (Prompt::Login, _) => Ok(Next::Ask),
        (Prompt::AsNeeded | Prompt::SelectAccount, _) => Ok(Next::Choose(candidates)),
    }
}

#[cfg(test)]
mod tests;
