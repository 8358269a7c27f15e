//! What names mean in an offer that stands in a world.

use document::{
    fault::{Faults, quoted},
    place::Word,
};
use ids::guid::{ObjectId, SubscriptionId, TenantId};
use model::market::manifest::Manifest;

use crate::{
    offer::{Files, resolve::Names},
    resolve::members::Directory,
};

/// By the tenants of the world, and everybody in them.
pub(super) struct Declared<'a> {
    pub(super) directory: &'a Directory,
}

impl Names for Declared<'_> {
    fn tenant(&mut self, word: &Word, faults: &mut Faults) -> Option<TenantId> {
        Some(self.directory.tenant_called(word, faults)?.1)
    }

    fn principal(
        &mut self,
        tenant: Option<TenantId>,
        word: &Word,
        faults: &mut Faults,
    ) -> Option<ObjectId> {
        if let Ok(id) = word.it.parse() {
            return Some(id);
        }
        let nth = self.directory.place_of(tenant?)?;
        Some(self.directory.find(nth, word, faults)?.principal.object)
    }

    fn subscription(&mut self, word: &Word, faults: &mut Faults) -> Option<SubscriptionId> {
        let id = word.it.parse().ok();
        if id.is_none() && !word.it.is_empty() {
            let message = format!("{} is no subscription's id", quoted(&word.it));
            faults.add(word.at, message);
        }
        id
    }
}

/// A world has no files beside it: it may come over the wire.
pub(super) struct NoFiles;

impl Files for NoFiles {
    fn bytes(&self, _: &str, _: usize) -> Result<Vec<u8>, String> {
        Err("an offer in a world has no files beside it; a picture may be a `data:` URL".to_owned())
    }

    fn manifest(&self, _: &str) -> Result<Manifest, String> {
        Err("an offer in a world has no files beside it".to_owned())
    }
}
