//! The second factor: the code of an authenticator, asked for once a password was shown.
//!
//! Between the two the person is *halfway*: a row that expires says which password was shown, and
//! the page brings along a word that finds it. The password itself is kept nowhere.

use std::net::IpAddr;

use access::permit::Permit;
use identity::{
    account::{FRESH, Passed, Second, Shown, has_second_factor, second_factor},
    one_time::{Seed, judge},
    password::stamp,
    refusal::Refused,
    secret::{Sensitive, blinded, draw, fingerprint},
    throttle::network,
};
use ids::guid::Principal;
use jiff::{SignedDuration, Timestamp};
use model::{
    change::{Change, Noun},
    directory::{Credential, Holder, Secret},
    event::SystemReason,
};
use serde::{Deserialize, Serialize};
use store::{
    ephemeral::EphemeralKey, error::StoreError, records::ranges, snapshot::Page, unit::Unit,
};

use super::{
    Asker, Error, SignIn, retry,
    seeds::credential,
    session::{later, read, row},
};

/// How long a code may take to be typed once the password was.
const HALFWAY: SignedDuration = FRESH;
/// How long a place is remembered from which a right code came.
const KNOWN: SignedDuration = SignedDuration::from_hours(90 * 24);
/// What the key is derived for that places are remembered under.
const PLACES: &str = "fyr: places of second factors";
/// How long the last code that was taken is remembered: longer than any code before it is good.
const TAKEN: SignedDuration = SignedDuration::from_mins(5);

/// What is known of somebody who has shown a password and not yet a code.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Halfway {
    /// What the rest of the way is for.
    purpose: For,
    shown: Shown,
    /// When the password was shown.
    signed_in: Timestamp,
    /// A seed, sealed, that becomes theirs with the first code of it.
    offered: Option<String>,
}

/// What a code is shown for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum For {
    SigningIn,
    /// To take the seed that was offered.
    Enrolling,
    /// To be asked for no code any more.
    Leaving,
}

/// What is offered to an authenticator: shown once, to whoever has shown the password.
#[derive(Clone, Debug)]
pub struct Offer {
    pub halfway: Sensitive,
    /// In base32.
    pub seed: Sensitive,
    /// The same for a picture.
    pub uri: Sensitive,
}

/// How it stands with somebody's second factor.
#[derive(Clone, Debug)]
pub enum Standing {
    /// There is none: here is a seed for one.
    Offered(Offer),
    /// There is one, which a code of it takes off.
    Enrolled { halfway: Sensitive },
}

fn halfway_key(secret: &Sensitive) -> EphemeralKey {
    EphemeralKey::new("halfway", fingerprint(&secret.0))
}

fn taken_key(who: Principal) -> EphemeralKey {
    EphemeralKey::new("takenCode", who.to_string())
}

impl SignIn {
    /// All that somebody signs in with.
    pub(super) async fn held(&self, home: Principal) -> Result<Vec<Credential>, StoreError> {
        let snapshot = self.plane.store.snapshot().await?;
        let range = ranges::credentials_of(Holder::User(home));
        Ok(snapshot.list::<Credential>(&range, Page::first()).await?.items)
    }

    /// Whether somebody who has shown their password is asked for a code. `asked`: whether more
    /// than a password is asked for.
    pub(super) async fn asks_code(&self, home: Principal, asked: bool) -> Result<bool, Error> {
        let enrolled = has_second_factor(&self.held(home).await?);
        if asked && !enrolled {
            return Err(Refused::SecondFactorMissing.into());
        }
        Ok(enrolled)
    }

    /// Lets somebody go halfway, who has shown that password then.
    pub(super) async fn go_halfway(
        &self,
        asker: &Asker,
        (shown, signed_in): (Shown, Timestamp),
    ) -> Result<Sensitive, Error> {
        let purpose = For::SigningIn;
        self.keep_halfway(asker, Halfway { purpose, shown, signed_in, offered: None }).await
    }

    async fn keep_halfway(&self, asker: &Asker, halfway: Halfway) -> Result<Sensitive, Error> {
        self.throttle().halfway(halfway.shown.home, asker.address, HALFWAY, self.now())?;
        let secret = Sensitive(draw(&*self.plane.random));
        let mut unit = self.begin(asker.correlation);
        let expires = later(unit.now(), HALFWAY);
        unit.keep(row(halfway_key(&secret), &halfway, expires)?);
        unit.commit().await?;
        Ok(secret)
    }

    /// The rest of the way: the code of whoever is halfway, which is good once.
    pub(super) async fn with_code(
        &self,
        asker: &Asker,
        halfway: &Sensitive,
        code: &Sensitive,
    ) -> Result<Passed, Error> {
        self.pass(asker, (halfway, code), For::SigningIn).await
    }

    /// How it stands with the second factor of whoever has that password; it takes no session to
    /// hear so, and none is enough.
    pub async fn second_factor(
        &self,
        asker: Asker,
        username: &str,
        password: &Sensitive,
    ) -> Result<Standing, Error> {
        let (account, shown) = self.with_password(&asker, username, password).await?;
        let (signed_in, home) = (self.now(), account.home.principal);
        if self.asks_code(home, false).await? {
            let halfway = Halfway { purpose: For::Leaving, shown, signed_in, offered: None };
            let halfway = self.keep_halfway(&asker, halfway).await?;
            return Ok(Standing::Enrolled { halfway });
        }
        let random = &*self.plane.random;
        let seed = Seed::draw(random);
        let offered = Some(self.plane.seeds.close(random, home, &seed));
        let halfway = Halfway { purpose: For::Enrolling, shown, signed_in, offered };
        let halfway = self.keep_halfway(&asker, halfway).await?;
        Ok(Standing::Offered(offer(halfway, &seed, &account.home.user_principal_name)))
    }

    /// The same seed once more, for whoever has mistyped its first code.
    pub async fn offered(&self, halfway: &Sensitive) -> Result<Offer, Error> {
        let known: Option<Halfway> =
            read(self.plane.store.ephemeral(&halfway_key(halfway)).await?)?;
        let Halfway { shown, offered, .. } = known.ok_or(Refused::HalfwayLost)?;
        let sealed = offered.ok_or(Refused::HalfwayLost)?;
        let seed = self.plane.seeds.open(shown.home, &sealed)?;
        let account = self.account(shown.home, identity::account::Directory::Home).await?;
        Ok(offer(halfway.clone(), &seed, &account.home.user_principal_name))
    }

    /// Takes the seed that was offered, with the first code of it.
    pub async fn enrol(
        &self,
        asker: Asker,
        halfway: &Sensitive,
        code: &Sensitive,
    ) -> Result<(), Error> {
        self.pass(&asker, (halfway, code), For::Enrolling).await.map(|_| ())
    }

    /// Takes somebody's second factor off, with a code of it. What they have stayed signed in to
    /// with it ends.
    pub async fn give_up_second_factor(
        &self,
        asker: Asker,
        halfway: &Sensitive,
        code: &Sensitive,
    ) -> Result<(), Error> {
        self.pass(&asker, (halfway, code), For::Leaving).await.map(|_| ())
    }

    /// Whether there is a row says whether that person has shown a code from there; it tells nobody
    /// where that is.
    fn place_key(&self, who: Principal, address: IpAddr) -> EphemeralKey {
        let place = format!("{who} {}", network(address));
        EphemeralKey::new("place", blinded(&self.master.derive(PLACES), &place))
    }

    async fn pass(
        &self,
        asker: &Asker,
        (halfway, code): (&Sensitive, &Sensitive),
        purpose: For,
    ) -> Result<Passed, Error> {
        let known: Option<Halfway> =
            read(self.plane.store.ephemeral(&halfway_key(halfway)).await?)?;
        let home = known.ok_or(Refused::HalfwayLost)?.shown.home;
        let place = self.place_key(home, asker.address);
        let is_known = self.plane.store.ephemeral(&place).await?.is_some();
        self.throttle().try_code(home, (asker.address, is_known), self.now())?;
        let passed = retry(|| Box::pin(self.pass_once(asker, (halfway, code), purpose))).await;
        match &passed {
            Ok(_) => self.throttle().code_shown(home, asker.address, self.now()),
            Err(Error::Refused(Refused::WrongCode)) => {
                self.throttle().code_wrong(asker.address, self.now());
            }
            Err(_) => {}
        }
        passed
    }

    /// Of two that come at once with one code, the second finds it taken.
    async fn pass_once(
        &self,
        asker: &Asker,
        (halfway, code): (&Sensitive, &Sensitive),
        purpose: For,
    ) -> Result<Passed, Error> {
        let mut unit = self.begin(asker.correlation);
        let known: Option<Halfway> = read(unit.ephemeral(&halfway_key(halfway)).await?)?;
        let known = known.filter(|it| it.purpose == purpose).ok_or(Refused::HalfwayLost)?;
        let Halfway { shown, signed_in, offered, .. } = known;
        let home = shown.home;
        let held = unit.list::<Credential>(&ranges::credentials_of(Holder::User(home))).await?;
        let factor = factor(home, &held, offered, purpose)?;
        if !shown.stands(&held) {
            return Err(Refused::HalfwayLost.into());
        }
        let Secret::Seed(text) = &factor.secret else { return Err(Refused::HalfwayLost.into()) };
        let seed = self.plane.seeds.open(home, text)?;
        let last: Option<i64> = read(unit.ephemeral(&taken_key(home)).await?)?;
        let now = unit.now();
        // An authenticator goes by the world's time, whatever Fyr's clock was set to.
        let step = judge(&seed, &code.0, last, self.plane.clock.outside())?;
        let second = Some(Second { seed: stamp(&factor), at: now });
        match purpose {
            For::SigningIn => {}
            For::Enrolling => own(&mut unit, Change::Put(Noun::Credential(factor))).await?,
            For::Leaving => own(&mut unit, Change::Remove(Noun::Credential(factor))).await?,
        }
        unit.keep(row(taken_key(home), &step, later(now, TAKEN))?);
        unit.keep(row(self.place_key(home, asker.address), &now, later(now, KNOWN))?);
        unit.drop_ephemeral(&halfway_key(halfway));
        unit.commit().await?;
        tracing::info!(%home, ?purpose, "a second factor was shown");
        Ok(Passed { shown: Shown { second, ..shown }, signed_in })
    }
}

/// The second factor whose code is wanted.
fn factor(
    home: Principal,
    held: &[Credential],
    offered: Option<String>,
    purpose: For,
) -> Result<Credential, Refused> {
    match (purpose, offered, second_factor(held)) {
        (For::Enrolling, Some(sealed), None) => Ok(credential(home, sealed)),
        (For::SigningIn | For::Leaving, None, Some((factor, _))) => Ok(factor.clone()),
        // Somebody has enrolled, or an administrator has reset it, meanwhile.
        (For::Enrolling | For::SigningIn | For::Leaving, _, _) => Err(Refused::HalfwayLost),
    }
}

/// What people do to their own sign-in, having shown who they are, takes no other leave.
async fn own(unit: &mut Unit, change: Change) -> Result<(), Error> {
    unit.look(&change).await?;
    let uncovered = || StoreError::corrupt("a second factor is its person's own");
    let permit = Permit::system(SystemReason::SignIn, &change).ok_or_else(uncovered)?;
    unit.apply(permit, change)?;
    Ok(())
}

fn offer(halfway: Sensitive, seed: &Seed, account: &str) -> Offer {
    Offer { halfway, seed: seed.text(), uri: seed.uri("Fyr", account) }
}

#[cfg(test)]
mod tests {
    use model::samples::ADA;

    use super::*;

    #[test]
    fn a_code_is_wanted_of_what_the_purpose_is_about() {
        let held = [credential(ADA, "kept".to_owned())];
        let offered = || Some("offered".to_owned());
        let secret = |it: Result<Credential, Refused>| it.map(|it| it.secret);
        let seed = |text: &str| Ok(Secret::Seed(text.to_owned()));
        let lost = || Err(Refused::HalfwayLost);
        let cases = [
            (For::SigningIn, None, &held[..], seed("kept")),
            (For::Leaving, None, &held, seed("kept")),
            (For::Enrolling, offered(), &[], seed("offered")),
            (For::SigningIn, offered(), &held, lost()),
            (For::Leaving, offered(), &held, lost()),
            (For::Enrolling, offered(), &held, lost()),
            (For::Enrolling, None, &[], lost()),
            (For::SigningIn, None, &[], lost()),
            (For::Leaving, None, &[], lost()),
        ];
        for (purpose, offered, held, expected) in cases {
            let found = secret(factor(ADA, held, offered.clone(), purpose));
            assert_eq!(found, expected, "{purpose:?} {offered:?} {}", held.len());
        }
    }
}
