//! What the committer is asked for.

use jiff::SignedDuration;
use serde_json::Value;
use tokio::sync::oneshot;

use ids::clock::Revision;

use crate::{
    checkpoint::Keep,
    ephemeral::EphemeralKey,
    error::StoreError,
    jobs::{Job, Lease},
    store::stopped,
    unit::Draft,
};

/// Where an answer goes. Whoever asked may have hung up: then nobody minds.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the committer is asked for. Everything that writes goes through it.
pub(crate) enum Work {
    Unit {
        draft: Box<Draft>,
        reply: Reply<Revision>,
    },
    Take {
        key: EphemeralKey,
        reply: Reply<Option<Value>>,
    },
    Lease {
        kinds: Vec<String>,
        length: SignedDuration,
        reply: Reply<Option<(Job, Lease)>>,
    },
    Renew {
        lease: Lease,
        length: SignedDuration,
        reply: Reply<Lease>,
    },
    /// Keep a piece of a checkpoint.
    Keep {
        what: Keep,
        reply: Reply<()>,
    },
    /// Give back every job, for nobody works on any.
    EndLeases {
        reply: Reply<()>,
    },
    /// Write what waits; without a reply, because somebody noted a refusal.
    Flush {
        reply: Option<Reply<()>>,
    },
    Stop,
}

impl Work {
    /// Answers that the store has stopped.
    pub(super) fn refuse(self) {
        match self {
            Self::Unit { reply, .. } => drop(reply.send(Err(stopped()))),
            Self::Take { reply, .. } => drop(reply.send(Err(stopped()))),
            Self::Lease { reply, .. } => drop(reply.send(Err(stopped()))),
            Self::Renew { reply, .. } => drop(reply.send(Err(stopped()))),
            Self::Keep { reply, .. } | Self::EndLeases { reply } => {
                drop(reply.send(Err(stopped())));
            }
            Self::Flush { reply } => drop(reply.map(|reply| reply.send(Err(stopped())))),
            Self::Stop => {}
        }
    }
}
