//! Who is signed in to a browser, and whether a request can be answered without asking.

use ids::guid::SessionId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    account::{Account, Shown},
    authorize::Prompt,
    redirect::Waiting,
    refusal::Refused,
};

/// How long a browser stays signed in without being used. Entra's, where nobody asks to be kept
/// signed in.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// People have few accounts; those used longest ago are forgotten.
const ACCOUNTS_MAX: usize = 8;

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
}

impl Browser {
    /// The same with somebody more, or once more: whoever shows the same password again goes on
    /// with the session that they had.
    #[must_use]
    pub fn with(self, new: SignedIn) -> Self {
        let same = self.accounts.iter().find(|it| it.shown == new.shown);
        let session = same.map_or(new.session, |it| it.session);
        let home = new.shown.home;
        let others = self.accounts.into_iter().filter(|it| it.shown.home != home);
        let accounts = [SignedIn { session, ..new }].into_iter().chain(others);
        Self { accounts: accounts.take(ACCOUNTS_MAX).collect() }
    }
}

/// Somebody who is signed in and has an account where the request wants one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub signed_in: SignedIn,
    pub account: Account,
}

impl Candidate {
    /// The sign-in name, as the person knows it.
    pub fn name(&self) -> &str {
        &self.account.home.user_principal_name
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

/// Whether something must be asked. A program on somebody's machine is never answered unseen:
/// any other program there could have sent the request (RFC 8252, section 8.6).
pub fn next(
    prompt: Prompt,
    waiting: Waiting,
    hint: Option<&str>,
    candidates: Vec<Candidate>,
) -> Result<Next, Refused> {
    let unseen = match waiting {
        Waiting::Server | Waiting::Page => true,
        Waiting::Program => false,
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
        (Prompt::None | Prompt::AsNeeded, Some(only)) if unseen => Ok(Next::Go(Box::new(only))),
        (Prompt::None, None) if nobody => Err(Refused::LoginRequired),
        (Prompt::None, _) => Err(Refused::InteractionRequired),
        (Prompt::AsNeeded, None) if nobody => Ok(Next::Ask),
        (Prompt::SelectAccount, _) if candidates.is_empty() => Ok(Next::Ask),
        (Prompt::Login, _) => Ok(Next::Ask),
        (Prompt::AsNeeded | Prompt::SelectAccount, _) => Ok(Next::Choose(candidates)),
    }
}

#[cfg(test)]
mod tests {
    use model::samples::{self, ADA, OLOF};
    use uuid::Uuid;

    use super::*;

    fn candidate(name: &str, who: ids::guid::Principal) -> Candidate {
        let home = samples::user(who, name);
        let shown = Shown { home: who, password: "stamp".to_owned() };
        let session = SessionId::new(Uuid::from_u128(who.tenant.raw().as_u128()));
        let signed_in = SignedIn { session, shown, signed_in: samples::now() };
        Candidate { signed_in, account: Account { local: home.clone(), home } }
    }

    #[test]
    fn nothing_is_asked_only_where_one_account_is_meant_and_no_program_waits() {
        use Prompt::{AsNeeded, Login, None as Silent, SelectAccount};
        use Waiting::{Program, Server};
        let (ada, olof) = (candidate("ada", ADA), candidate("olof", OLOF));
        let (none, one, both) = (vec![], vec![ada.clone()], vec![ada.clone(), olof.clone()]);
        let go = |it: &Candidate| Ok(Next::Go(Box::new(it.clone())));
        let choose = |it: &Vec<Candidate>| Ok(Next::Choose(it.clone()));
        let (login, interaction) = (Err(Refused::LoginRequired), Err(Refused::InteractionRequired));
        let cases = [
            (AsNeeded, Server, None, &none, Ok(Next::Ask)),
            (AsNeeded, Server, None, &one, go(&ada)),
            (AsNeeded, Program, None, &one, choose(&one)),
            (AsNeeded, Server, None, &both, choose(&both)),
            (AsNeeded, Server, Some("OLOF@example"), &both, go(&olof)),
            (AsNeeded, Server, Some("eve@example"), &both, Ok(Next::Ask)),
            (AsNeeded, Program, Some("olof@example"), &both, choose(&both)),
            (Login, Server, None, &one, Ok(Next::Ask)),
            (SelectAccount, Server, None, &one, choose(&one)),
            (SelectAccount, Server, None, &none, Ok(Next::Ask)),
            (Silent, Server, None, &none, login.clone()),
            (Silent, Server, None, &one, go(&ada)),
            (Silent, Server, None, &both, interaction.clone()),
            (Silent, Server, Some("eve@example"), &one, login),
            (Silent, Program, None, &one, interaction),
        ];
        for (prompt, waiting, hint, candidates, expected) in cases {
            let next = next(prompt, waiting, hint, candidates.clone());
            assert_eq!(next, expected, "{prompt:?} {waiting:?} {hint:?} {}", candidates.len());
        }
    }

    #[test]
    fn a_browser_remembers_each_person_once_and_few_in_all() {
        let signed_in = |n: u128, password: &str| SignedIn {
            session: SessionId::new(Uuid::from_u128(n)),
            shown: Shown { home: ADA, password: password.to_owned() },
            signed_in: samples::now(),
        };
        let first = Browser::default().with(signed_in(1, "a"));
        let again = first.clone().with(signed_in(2, "a"));
        assert_eq!(again, first, "the session goes on");
        let changed = first.with(signed_in(3, "b"));
        assert_eq!(changed.accounts, [signed_in(3, "b")], "a new password begins a new one");
        let many = (0..20).fold(Browser::default(), |browser, n| {
            let home = samples::principal(samples::PROVIDER, n);
            browser.with(SignedIn {
                shown: Shown { home, ..signed_in(n, "a").shown },
                ..signed_in(n, "a")
            })
        });
        assert_eq!(many.accounts.len(), ACCOUNTS_MAX);
        assert_eq!(many.accounts.first().map(|it| it.session.raw().as_u128()), Some(19));
    }
}
