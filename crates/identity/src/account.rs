//! As whom a person signs in, where.

use ids::guid::{Principal, TenantId};
use jiff::{SignedDuration, Timestamp};
use model::{
    directory::{Credential, Secret, User, UserKind},
    event::Caller,
};
use serde::{Deserialize, Serialize};

use crate::{
    password::stamp,
    refusal::{Refused, quoted},
};

/// Where somebody wants to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directory {
    /// At one tenant.
    Tenant(TenantId),
    /// Wherever the account is at home (`organizations`, `common`).
    Home,
}

impl Directory {
    /// The tenant that is meant, for an account of that home.
    pub fn tenant(self, home: TenantId) -> TenantId {
        match self {
            Self::Tenant(tenant) => tenant,
            Self::Home => home,
        }
    }
}

/// A person who has shown a password, or signed in before, and the account that is theirs at a
/// tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Where the person is at home, and has the password.
    pub home: User,
    /// Who the person is at the tenant: the same, or a guest there.
    pub local: User,
}

/// Who has shown a password, at home, and which: its [`stamp`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub home: Principal,
    pub password: String,
    /// What was shown beside it.
    #[serde(default)]
    pub second: Option<Second>,
}

/// How long a password that was shown is good for more than going on as before.
pub const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// Somebody who has shown all that is asked of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    pub shown: Shown,
    /// When the password was shown.
    pub signed_in: Timestamp,
}

impl Passed {
    /// Whether the password was shown for this sign-in, and not for one long before.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.signed_in) < FRESH
    }
}

/// A second factor that was shown: which, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Second {
    /// The [`stamp`] of the seed that the code was computed from.
    pub seed: String,
    pub at: Timestamp,
}

/// What a sign-in with a password counts as (RFC 8176).
const BY_PASSWORD: &str = "pwd";
/// The same of a one-time code.
const BY_CODE: &str = "otp";

impl Shown {
    /// Whether its person still signs in with all that was shown. Whoever takes one of it away
    /// means to shut out those who had it.
    pub fn stands(&self, held: &[Credential]) -> bool {
        let is_held = |shown: &String| held.iter().any(|it| stamp(it) == *shown);
        is_held(&self.password) && self.second.iter().all(|it| is_held(&it.seed))
    }

    /// Whether it is the same password of the same person, whatever was shown beside it.
    pub fn is_password_of(&self, other: &Self) -> bool {
        self.home == other.home && self.password == other.password
    }

    /// What tokens say of how it was shown.
    pub fn methods(&self) -> Vec<String> {
        let all = match self.second {
            None => &[BY_PASSWORD][..],
            Some(_) => &[BY_PASSWORD, Caller::MULTIPLE_FACTORS, BY_CODE],
        };
        all.iter().map(|it| (*it).to_owned()).collect()
    }

    /// When somebody last showed something, of which the password was shown at that time.
    pub fn last(&self, password: Timestamp) -> Timestamp {
        self.second.as_ref().map_or(password, |it| it.at.max(password))
    }
}

/// Whether people with these credentials are asked for a second factor.
pub fn has_second_factor(held: &[Credential]) -> bool {
    second_factor(held).is_some()
}

/// The second factor among what somebody signs in with.
pub fn second_factor(held: &[Credential]) -> Option<(&Credential, &str)> {
    held.iter().find_map(|it| match &it.secret {
        Secret::Seed(sealed) => Some((it, sealed.as_str())),
        Secret::Chosen(_)
        | Secret::Drawn(_)
        | Secret::Certificate(_)
        | Secret::Federated(_)
        | Secret::Redacted => None,
    })
}

/// Whose password it is: only a member has one. A guest's is at home.
pub fn holds_password(user: Option<User>) -> Option<User> {
    user.filter(|it| it.kind == UserKind::Member)
}

/// The part of a sign-in name that says where its owner is at home.
pub fn domain(username: &str) -> Option<&str> {
    username.rsplit_once('@').map(|(_, domain)| domain).filter(|it| !it.is_empty())
}

/// The account of a person at a tenant. Said only to whoever has shown the password: before,
/// nobody learns who exists where.
pub fn at(home: User, guests: &[User], tenant: TenantId) -> Result<Account, Refused> {
    if !home.enabled {
        return Err(Refused::UserDisabled);
    }
    let local = if home.principal.tenant == tenant {
        home.clone()
    } else {
        guest(guests, home.principal, tenant)?.clone()
    };
    if local.enabled { Ok(Account { home, local }) } else { Err(Refused::UserDisabled) }
}

fn guest(guests: &[User], home: Principal, tenant: TenantId) -> Result<&User, Refused> {
    let is_theirs =
        |it: &&User| it.principal.tenant == tenant && it.kind == UserKind::Guest { home };
    guests.iter().find(is_theirs).ok_or_else(|| Refused::NotInTenant {
        home: home.tenant.to_string(),
        tenant: quoted(&tenant.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use model::{
        directory::Holder,
        samples::{self, ADA, CUSTOMER, OLOF, PROVIDER},
    };
    use uuid::Uuid;

    use super::*;
    use crate::password::drawn;

    fn ada() -> User {
        samples::user(ADA, "ada")
    }

    fn guest_at_customer() -> User {
        let user = samples::user(samples::principal(CUSTOMER, 0x60), "ada#ext#");
        User { kind: UserKind::Guest { home: ADA }, ..user }
    }

    #[test]
    fn a_person_is_somebody_at_home_and_where_a_guest() {
        let guest = guest_at_customer();
        let elsewhere = User { principal: samples::principal(PROVIDER, 0x60), ..guest.clone() };
        let of_another = User { kind: UserKind::Guest { home: OLOF }, ..guest.clone() };
        let member = User { kind: UserKind::Member, ..guest.clone() };
        let barred = User { enabled: false, ..guest.clone() };
        let absent =
            Refused::NotInTenant { home: PROVIDER.to_string(), tenant: CUSTOMER.to_string() };
        let cases = [
            ("at home", ada(), vec![], PROVIDER, Ok(ADA)),
            ("a guest", ada(), vec![guest.clone()], CUSTOMER, Ok(guest.principal)),
            ("not invited", ada(), vec![], CUSTOMER, Err(absent.clone())),
            ("a guest elsewhere", ada(), vec![elsewhere], CUSTOMER, Err(absent.clone())),
            ("another's guest", ada(), vec![of_another], CUSTOMER, Err(absent.clone())),
            ("a member there", ada(), vec![member], CUSTOMER, Err(absent)),
            ("barred there", ada(), vec![barred], CUSTOMER, Err(Refused::UserDisabled)),
            (
                "barred at home",
                User { enabled: false, ..ada() },
                vec![guest],
                CUSTOMER,
                Err(Refused::UserDisabled),
            ),
        ];
        for (name, home, guests, tenant, expected) in cases {
            let account = at(home, &guests, tenant).map(|it| it.local.principal);
            assert_eq!(account, expected, "{name}");
        }
    }

    #[test]
    fn a_sign_in_stands_as_long_as_all_that_was_shown_does() {
        let credential = |n, secret| Credential {
            holder: Holder::User(ADA),
            key: Uuid::from_u128(n),
            display_name: String::new(),
            secret,
            expires: None,
        };
        let seed = |text: &str| credential(2, Secret::Seed(text.to_owned()));
        let horse = credential(1, drawn("horse"));
        let alone = Shown { home: ADA, password: stamp(&horse), second: None };
        let second = Some(Second { seed: stamp(&seed("a")), at: samples::now() });
        let both = Shown { second, ..alone.clone() };
        let new = credential(1, drawn("staple"));
        let cases = [
            (&[horse.clone()][..], true, false),
            (&[horse.clone(), seed("a")], true, true),
            (&[horse.clone(), seed("b")], true, false),
            (&[new, seed("a")], false, false),
            (&[seed("a")], false, false),
            (&[], false, false),
        ];
        for (held, by_password, by_both) in cases {
            assert_eq!((alone.stands(held), both.stands(held)), (by_password, by_both), "{held:?}");
        }
        assert!(both.is_password_of(&alone) && has_second_factor(&[horse, seed("a")]));
        let told = [alone.methods(), both.methods()].map(|it| it.join(" "));
        assert_eq!(told, ["pwd", "pwd mfa otp"]);
    }

    #[test]
    fn the_domain_of_a_name_says_where_its_owner_is_at_home() {
        assert_eq!(domain("ada@fabrikam.example"), Some("fabrikam.example"));
        assert_eq!(domain("ada@x@fabrikam.example"), Some("fabrikam.example"));
        assert_eq!((domain("ada"), domain("ada@")), (None, None));
        assert_eq!(holds_password(Some(guest_at_customer())), None);
        assert_eq!(Directory::Home.tenant(PROVIDER), PROVIDER);
        assert_eq!(Directory::Tenant(CUSTOMER).tenant(PROVIDER), CUSTOMER);
    }
}
