//! Offer files: one managed service offer, with its plans and their manifests, in YAML or JSON.
//!
//! The words are those of the publisher's form and of the Product Ingestion API
//! (<https://learn.microsoft.com/partner-center/marketplace-offers/product-ingestion-api>). Pictures,
//! lists of subscriptions and manifests may stand in files beside; whoever reads an offer opens
//! them ([`Files`]), and they are believed only once they were decoded; a small picture may stand in
//! the file itself, as a `data:` URL. A draft may lack anything but
//! its ids: what certification asks of it is for crate `market`. Start with [`OfferFile::parse`];
//! [`write::write`] is the way back.

pub(crate) mod declared;
mod minutes;
pub(crate) mod read;
pub(crate) mod resolve;
mod sections;
pub mod write;

use document::{
    fault::{Fault, Faults},
    place::Position,
    tree::{self, Kind, Node},
};
use ids::offer::OfferId;
use model::market::{form::Form, manifest::Manifest, media::Picture};

use crate::world::Roles;

/// Ten thousand subscriptions of private plans are about 1 MiB.
const FILE: Kind = Kind { root: &sections::OFFER, bytes_max: 4 * 1024 * 1024 };

/// What stands beside an offer file.
pub trait Files {
    /// The bytes of the file at that path, no more than so many and one; or why they cannot be had.
    fn bytes(&self, path: &str, bytes_max: usize) -> Result<Vec<u8>, String>;
    /// The manifest in the parameters of an onboarding template.
    fn manifest(&self, path: &str) -> Result<Manifest, String>;
}

/// What an offer file says.
#[derive(Debug)]
pub struct OfferFile {
    pub id: OfferId,
    pub form: Form,
    /// Each picture of the form once, with its bytes.
    pub pictures: Vec<PictureBytes>,
    tree: Node,
}

/// A picture that was decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureBytes {
    pub picture: Picture,
    pub bytes: Vec<u8>,
}

impl OfferFile {
    /// Reads a file. On error, all faults in the order of the file.
    pub fn parse(text: &str, roles: &dyn Roles, files: &dyn Files) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let read = tree::parse(text, &FILE, &mut faults).and_then(|tree| {
            let declared = read::offer(&tree, &mut faults);
            if declared.publisher.is_none() {
                faults.add(declared.at, "an offer needs `publisherId`");
            }
            let resolve::Resolved { form, pictures } =
                resolve::offer(&declared, roles, files, &mut faults);
            Some(Self { id: declared.id()?, form, pictures, tree })
        });
        // Nothing is read only where something is wrong.
        faults.settle(read)?.ok_or_else(Vec::new)
    }

    /// Where a field of the form stands, by its path in [`Form`]'s words, such as
    /// `plans[0].manifests[1].authorizations[2].roleDefinitionId`; else what is around it.
    pub fn locate(&self, field: &str) -> Position {
        let steps: Vec<&str> = field
            .split(['.', '['])
            .map(|step| step.trim_end_matches(']'))
            .filter(|step| *step != "justInTimeAccessPolicy")
            .map(key)
            .collect();
        self.tree.locate(&steps)
    }
}

/// What a member of a manifest that ARM shows is called here.
fn key(member: &str) -> &str {
    match member {
        "principalIdDisplayName" => "displayName",
        "roleDefinitionId" => "role",
        "delegatedRoleDefinitionIds" => "assignableRoles",
        "multiFactorAuthProvider" => "requireMfa",
        "managedByTenantApprovers" => "approvers",
        other => other,
    }
}

#[cfg(test)]
mod tests;
