//! Questions about access, asked of now or of any point in the past: may somebody, who may, what
//! may somebody, where, and through which chain.
//!
//! What is told is one rule for all of them ([`sight`]). A caller hears of a scope where it may
//! read role assignments, deny assignments and locks now, and reads its own directory: in its own
//! tenant all that stands there, and in another's only what its own people may. Start with
//! [`facts::ask`].

use ids::clock::Revision;
use jiff::Timestamp;
use store::past::{PastError, Point};

use crate::{context::Context, error::Error};

pub mod check;
pub mod facts;
pub mod graph;
mod looks;
pub mod names;
pub mod scopes_of;
pub mod sight;
pub mod what_can;
pub mod who_can;
pub mod whom;

/// Who asks, and so what they hear.
#[derive(Clone, Copy, Debug)]
pub enum Asker<'a> {
    /// A caller: what is theirs to hear.
    Caller(&'a Context),
    /// Whoever owns the data folder, and with it all that is in it.
    Folder,
}

/// An answer, and what it was asked of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<T> {
    pub value: T,
    /// The last revision whose facts were asked.
    pub revision: Revision,
    /// The time by which it was judged.
    pub moment: Timestamp,
    /// Whether the built-in roles were others then. They come with Fyr, and the answer is by those
    /// of now.
    pub roles_are_newer: bool,
}

impl<T> Told<T> {
    /// The same with another answer, made of this one.
    pub fn map<R>(self, with: impl FnOnce(T) -> R) -> Told<R> {
        let Self { value, revision, moment, roles_are_newer } = self;
        Told { value: with(value), revision, moment, roles_are_newer }
    }
}

/// Why a question was not answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("That point lies in the future: the last revision is {revision}, and it is {time}.")]
    Ahead { revision: Revision, time: Timestamp },
    #[error(
        "That point lies so far behind the states that are kept that it is not reached at once. Ask again: it is gone on with from revision {reached}."
    )]
    Far { reached: Revision },
    #[error("You have looked back often lately. Ask again in {0} seconds.")]
    Often(u32),
    #[error("What is only tried out has no past.")]
    Imagined,
    #[error("At most {0} questions are answered at once.")]
    TooMany(usize),
}

/// A point of the past, if one is asked for.
pub type At = Option<Point>;

impl From<PastError> for Error {
    fn from(error: PastError) -> Self {
        match error {
            PastError::Ahead { revision, time } => Refused::Ahead { revision, time }.into(),
            PastError::Far { reached } => Refused::Far { reached }.into(),
            PastError::Imagined => Refused::Imagined.into(),
            PastError::Store(error) => error.into(),
        }
    }
}
