//! Makes what a world file declares: whatever is there already and just so stays untouched.

mod export;
mod identity;
mod noun;
mod prune;
mod secret;

use std::iter;

use access::permit::Permit;
use document::place::Position;
use ids::{
    guid::{AppId, CorrelationId, SubscriptionId},
    offer::{PlanVersion, PublisherId},
    resource::{AssignmentId, DefinitionId},
};
use model::{
    change::{Change, Noun},
    event::SystemReason,
    settings::{Profile, Settings},
};
use store::{
    error::StoreError,
    unit::{Cause, Unit},
};
use world::world::{Switches, World};

use self::noun::market::offer_of;
use crate::plane::Plane;

pub use export::nouns;
pub use prune::prune;

/// Changes of one unit: enough to be fast, few enough to leave others their turn.
const CHANGES_MAX: usize = 256;
/// How often a unit runs again because another changed what it had read.
const ATTEMPTS_MAX: usize = 8;

/// What applying a world came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Summary {
    pub created: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// By [`prune()`].
    #[serde(default)]
    pub removed: usize,
    /// What [`prune()`] left, since people's things hang on it.
    #[serde(default)]
    pub kept: usize,
}

/// Why a world was not applied, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What stands there in the file belongs to another.
    #[error("{}:{}: {taken}", at.line, at.column)]
    Taken { at: Position, taken: Taken },
    /// A customer accepts in the file what is not published so.
    #[error(
        "{}:{}: `{plan}` is not live for that subscription as the file says it: what is published of an offer that stands is its publisher's to change",
        at.line, at.column
    )]
    Unlike { at: Position, plan: PlanVersion },
    #[error("a password cannot be kept")]
    Password,
    #[error("a world file may not make this: {0}")]
    NotForWorlds(&'static str),
    #[error("what follows from a change could not be made")]
    Follow(#[source] Box<crate::error::Error>),
    #[error("there is no tenant `{0}`; its id, domain or name is wanted")]
    NoTenant(String),
    #[error("the store failed")]
    Store(#[from] StoreError),
}

/// What is one in the whole installation, or in a tenant, and is there already under another id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Taken {
    #[error("the domain `{0}` is another tenant's")]
    Domain(String),
    #[error("the subscription `{0}` is another tenant's")]
    Subscription(SubscriptionId),
    #[error("the sign-in name `{0}` is another user's")]
    SignInName(String),
    #[error("the application id `{0}` is another application's")]
    Application(AppId),
    #[error("the name `{0}` is another role's of the tenant")]
    Role(String),
    #[error("the publisher `{0}` is another account's")]
    Publisher(PublisherId),
    #[error("the registration definition `{0}` is another managing tenant's")]
    Definition(DefinitionId),
    #[error("the registration assignment `{0}` is of another definition")]
    Assignment(AssignmentId),
}

/// Why a noun cannot be made, before anyone says where it stands.
enum Refusal {
    Taken(Taken),
    Unlike(PlanVersion),
    Other(Error),
}

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

impl From<Taken> for Refusal {
    fn from(taken: Taken) -> Self {
        Self::Taken(taken)
    }
}

impl Refusal {
    fn at(self, at: Position) -> Error {
        match self {
            Self::Taken(taken) => Error::Taken { at, taken },
            Self::Unlike(plan) => Error::Unlike { at, plan },
            Self::Other(error) => error,
        }
    }
}

/// What is to be done about one noun.
enum Step {
    Create(Noun),
    Change(Noun),
    Leave,
}

/// Applies the world. Asked again, it changes nothing; cut short, it can be asked again.
pub async fn apply(plane: &Plane, world: &World) -> Result<Summary, Error> {
    let mut summary = switch(plane, world.switches).await?;
    let correlation = CorrelationId::new(plane.random.uuid());
    let nouns = identity::as_held(plane, &world.nouns).await?;
    let (mut nouns, mut places) = (nouns.as_slice(), world.places.as_slice());
    while !nouns.is_empty() {
        let (now, later) = nouns.split_at(share(nouns));
        let (here, there) = places.split_at(now.len().min(places.len()));
        summary.add(settle(plane, correlation, now, here).await?);
        (nouns, places) = (later, there);
    }
    for chosen in world.secrets.chunks(CHANGES_MAX) {
        let (changed, kept) = secret::unlike(plane, chosen).await?;
        summary.unchanged += kept;
        summary.add(settle(plane, correlation, &changed, &[]).await?);
    }
    for seeds in world.seeds.chunks(CHANGES_MAX) {
        let (changed, kept) = secret::unlike_seeds(plane, seeds).await?;
        summary.unchanged += kept;
        summary.add(settle(plane, correlation, &changed, &[]).await?);
    }
    Ok(summary)
}

/// How many of the nouns make up the next unit. An offer is not cut: one that is there is there with
/// all that was published of it.
fn share(nouns: &[Noun]) -> usize {
    let last = nouns.get(CHANGES_MAX.saturating_sub(1)).and_then(offer_of);
    let is_of_last = |it: &&Noun| last.is_some() && offer_of(it) == last;
    let more = nouns.iter().skip(CHANGES_MAX).take_while(is_of_last).count();
    nouns.len().min(CHANGES_MAX.saturating_add(more))
}

/// Sets the switches; what is left out stays, and is Azure's way where nothing was set before.
pub async fn switch(plane: &Plane, switches: Switches) -> Result<Summary, Error> {
    let correlation = CorrelationId::new(plane.random.uuid());
    let mut attempt = 1;
    loop {
        let mut unit = plane.store.begin(Cause { correlation });
        let old = unit.find::<Settings>(&()).await?;
        let profile = old.as_ref().map_or(Profile::Azure, |it| it.profile);
        let guests = old.as_ref().is_some_and(|it| it.guest_delegation);
        let new = Settings {
            profile: switches.profile.unwrap_or(profile),
            guest_delegation: switches.guest_delegation.unwrap_or(guests),
            roles_digest: plane.index().catalogue().digest().to_owned(),
        };
        if old.as_ref() == Some(&new) {
            return Ok(Summary { unchanged: 1, ..Summary::default() });
        }
        put(&mut unit, SystemReason::Bootstrap, Noun::Settings(new))?;
        match unit.commit().await {
            Err(StoreError::Conflict) if attempt < ATTEMPTS_MAX => attempt += 1,
            ended => {
                ended?;
                return Ok(Summary { changed: 1, ..Summary::default() });
            }
        }
    }
}

/// One unit's worth, again as long as others change what it had read.
async fn settle(
    plane: &Plane,
    correlation: CorrelationId,
    nouns: &[Noun],
    places: &[Position],
) -> Result<Summary, Error> {
    let mut attempt = 1;
    loop {
        let mut unit = plane.store.begin(Cause { correlation });
        let mut summary = Summary::default();
        for (noun, at) in
            nouns.iter().zip(places.iter().copied().chain(iter::repeat(Position::default())))
        {
            let step = noun::step(plane, &mut unit, noun).await;
            match step.map_err(|refusal| refusal.at(at))? {
                Step::Create(noun) => {
                    put(&mut unit, SystemReason::WorldApply, noun)?;
                    summary.created += 1;
                }
                Step::Change(noun) => {
                    put(&mut unit, SystemReason::WorldApply, noun)?;
                    summary.changed += 1;
                }
                Step::Leave => summary.unchanged += 1,
            }
        }
        if summary.created + summary.changed == 0 {
            return Ok(summary);
        }
        match unit.commit().await {
            Err(StoreError::Conflict) if attempt < ATTEMPTS_MAX => attempt += 1,
            ended => {
                ended?;
                return Ok(summary);
            }
        }
    }
}

fn put(unit: &mut Unit, reason: SystemReason, noun: Noun) -> Result<(), Error> {
    let change = Change::Put(noun);
    let permit = Permit::system(reason, &change);
    let permit = permit.ok_or(Error::NotForWorlds("it belongs to the system"))?;
    Ok(unit.apply(permit, change)?)
}

impl Summary {
    /// Adds what else was done.
    pub fn add(&mut self, other: Self) {
        self.removed += other.removed;
        self.kept += other.kept;
        self.created += other.created;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
    }
}
