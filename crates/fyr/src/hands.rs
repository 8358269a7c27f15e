//! The hands of the clock: what `fyr clock` asks of a running server, and what becomes of it.
//!
//! Only the owner of the data folder gets here, through its socket. The folder remembers how far
//! the clock is ahead: what was made later than now must not be in the future at the next start.

use std::sync::Arc;

use ids::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use operations::{plane::Plane, sign_in::SignIn};
use serde::{Deserialize, Serialize};

use crate::{
    folder::Folder,
    system::{NotATime, SettableClock},
};

/// What remembers how far the clock is ahead.
const MARK: &str = "clock.json";

/// What can be done about the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Turn {
    /// Nothing.
    Show,
    /// It shows that time, and goes on from there.
    Set(Timestamp),
    /// It goes ahead by so much more.
    Advance(SignedDuration),
    /// It shows the machine's time again.
    Reset,
}

/// What the clock shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub now: Timestamp,
    /// How far that is ahead of the machine's clock.
    pub ahead: SignedDuration,
}

/// The clock of a running server, and what must hear of a turn.
pub struct Hands {
    pub clock: Arc<SettableClock>,
    pub sign_in: Arc<SignIn>,
}

/// The clock as the folder remembers it.
pub fn remembered(folder: &Folder) -> anyhow::Result<SettableClock> {
    let text = folder.read(MARK)?;
    let ahead = text.map(|text| serde_json::from_str(&text)).transpose()?;
    Ok(SettableClock::ahead(ahead.unwrap_or_default()))
}

impl Hands {
    /// Turns the clock. Keys that sign tokens, and what expires, follow at once.
    pub async fn turn(&self, folder: &Folder, plane: &Plane, turn: Turn) -> anyhow::Result<Shown> {
        if let Some(ahead) = self.wanted(turn)? {
            self.clock.set(ahead, plane.store.head().last_time)?;
            remember(folder, ahead)?;
            self.sign_in.tend_keys().await?;
            plane.store.sweep().await?;
            tracing::info!(now = %self.clock.now(), "the clock was set");
        }
        Ok(Shown { now: plane.store.now(), ahead: self.clock.offset() })
    }

    /// How far ahead the clock is to be; none where it stays.
    fn wanted(&self, turn: Turn) -> Result<Option<SignedDuration>, NotATime> {
        let ahead = self.clock.offset();
        Ok(match turn {
            Turn::Show => None,
            Turn::Set(to) => {
                let further = to.duration_since(self.clock.now());
                Some(ahead.checked_add(further).ok_or(NotATime::Far)?)
            }
            Turn::Advance(by) => Some(ahead.checked_add(by).ok_or(NotATime::Far)?),
            Turn::Reset => Some(SignedDuration::ZERO),
        })
    }
}

fn remember(folder: &Folder, ahead: SignedDuration) -> anyhow::Result<()> {
    Ok(folder.write(MARK, serde_json::to_string(&ahead)?.as_bytes())?)
}
