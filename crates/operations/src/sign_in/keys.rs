//! Signing keys: made, published ahead of time, used, retired.

use std::sync::{Arc, PoisonError};

use access::permit::Permit;
use identity::keys::{Signer, Step, due, generate, signing};
use ids::guid::CorrelationId;
use model::{
    change::{Change, Noun},
    directory::SigningKey,
    event::SystemReason,
};
use serde::Serialize;
use store::{error::StoreError, records::ranges};

use super::{Error, SignIn, retry};

/// The published keys, and those of them that can sign, by the same order.
#[derive(Debug, Default)]
pub(super) struct Ring {
    published: Vec<SigningKey>,
    signers: Vec<Signer>,
}

impl SignIn {
    /// The keys whose signatures count: what the key endpoint publishes.
    pub fn published_keys(&self) -> Vec<SigningKey> {
        self.ring().published.clone()
    }

    /// Does what is due about the keys. Called when Fyr starts, and every hour from then on:
    /// making a key takes a while, and is never done while somebody waits for a token.
    pub async fn tend_keys(&self) -> Result<(), Error> {
        while retry(|| Box::pin(self.take_step())).await? {}
        let snapshot = self.plane.store.snapshot().await?;
        let published: Vec<SigningKey> =
            snapshot.list(&ranges::signing_keys(), store::snapshot::Page::first()).await?.items;
        let open = |key| Signer::open(key, &self.master);
        let signers = published.iter().map(open).collect::<Result<_, _>>()?;
        for verifier in [&self.arm, &self.graph, &self.decision] {
            verifier.trust(&published);
        }
        let ring = Arc::new(Ring { published, signers });
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    /// Takes the next step that is due; false where none is.
    async fn take_step(&self) -> Result<bool, Error> {
        let mut unit = self.begin(CorrelationId::new(self.plane.random.uuid()));
        let keys = unit.list::<SigningKey>(&ranges::signing_keys()).await?;
        let first = keys.is_empty();
        let change = match due(&keys, unit.now()) {
            None => return Ok(false),
            Some(Step::Publish { active_from }) => {
                let (master, now) = (self.master.clone(), unit.now());
                let random = Arc::clone(&self.plane.random);
                let make = move || generate(now, active_from, &master, &*random);
                let key = tokio::task::spawn_blocking(make).await.map_err(|_| Error::Thread)??;
                Change::Put(Noun::SigningKey(key))
            }
            Some(Step::Retire(key)) => Change::Remove(Noun::SigningKey(key)),
        };
        unit.look(&change).await?;
        let reason = if first { SystemReason::Bootstrap } else { SystemReason::KeyRotation };
        let uncovered = || StoreError::corrupt("keys are the system's own");
        let permit = Permit::system(reason, &change).ok_or_else(uncovered)?;
        unit.apply(permit, change)?;
        unit.commit().await?;
        Ok(true)
    }

    /// A token that says this, signed with the key of this moment.
    pub(super) fn sign(&self, claims: &impl Serialize) -> Result<String, Error> {
        let ring = self.ring();
        let active = signing(&ring.published, self.now());
        let position = active.and_then(|it| ring.published.iter().position(|key| key == it));
        let signer = position.and_then(|at| ring.signers.get(at));
        let signer = signer.ok_or(identity::keys::KeyError::Sign)?;
        Ok(signer.sign(claims)?)
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}
