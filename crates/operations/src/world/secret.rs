//! Secrets that a file chose: hashed, or sealed, unless the one that is kept is the same.

use std::sync::Arc;

use identity::{account::second_factor, password};
use ids::clock::Random;
use model::{
    change::Noun,
    directory::{Credential, Holder, second_factor_key},
};
use store::snapshot::Snapshot;
use tokio::task::spawn_blocking;
use world::world::{Chosen, Seeded};

use super::Error;
use crate::{plane::Plane, sign_in::seeds};

/// The credentials that differ from what is kept, and the number of those that do not.
pub(super) async fn unlike(plane: &Plane, chosen: &[Chosen]) -> Result<(Vec<Noun>, usize), Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut work = Vec::new();
    for it in chosen {
        work.push((it.clone(), kept(&snapshot, it).await?));
    }
    let random = Arc::clone(&plane.random);
    let hashed = spawn_blocking(move || {
        let all = work.into_iter().map(|(chosen, kept)| hashed(chosen, kept, &*random));
        all.collect::<Result<Vec<_>, _>>()
    });
    let hashed = hashed.await.map_err(|_| Error::Password)??;
    let changed: Vec<Noun> = hashed.into_iter().flatten().map(Noun::Credential).collect();
    let same = chosen.len() - changed.len();
    Ok((changed, same))
}

/// The authenticators that differ from what is kept, and the number of those that do not.
pub(super) async fn unlike_seeds(
    plane: &Plane,
    seeds: &[Seeded],
) -> Result<(Vec<Noun>, usize), Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut changed = Vec::new();
    for Seeded { whose, seed } in seeds {
        let key = (Holder::User(*whose), second_factor_key(*whose));
        let kept = snapshot.find::<Credential>(&key).await?;
        let kept = kept.as_ref().and_then(|it| second_factor(std::slice::from_ref(it)));
        let same = kept.is_some_and(|(_, sealed)| {
            plane.seeds.open(*whose, sealed).is_ok_and(|kept| kept == *seed)
        });
        if !same {
            let sealed = plane.seeds.close(&*plane.random, *whose, seed);
            changed.push(Noun::Credential(seeds::credential(*whose, sealed)));
        }
    }
    let same = seeds.len() - changed.len();
    Ok((changed, same))
}

async fn kept(snapshot: &Snapshot, chosen: &Chosen) -> Result<Option<Credential>, Error> {
    Ok(snapshot.find::<Credential>(&(chosen.holder, chosen.key)).await?)
}

/// None where the kept one is the same secret. Slow by intent.
fn hashed(
    chosen: Chosen,
    kept: Option<Credential>,
    random: &dyn Random,
) -> Result<Option<Credential>, Error> {
    let plain = chosen.plain.reveal();
    let same = kept.is_some_and(|it| {
        it.expires == chosen.expires
            && password::matching(plain, std::slice::from_ref(&it)).is_some()
    });
    if same {
        return Ok(None);
    }
    let secret = password::chosen(plain, random).map_err(|_| Error::Password)?;
    Ok(Some(Credential {
        holder: chosen.holder,
        key: chosen.key,
        display_name: chosen.display_name,
        secret,
        expires: chosen.expires,
    }))
}
