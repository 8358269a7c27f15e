//! Declarations into a form: files opened, and names looked up.

mod manifest;
mod picture;

use document::{
    fault::{Faults, quoted},
    place::Word,
};
use ids::{
    guid::{ObjectId, SubscriptionId, TenantId},
    offer::OfferId,
};
use market::audience::{self, PREVIEW_MAX, PRIVATE_MAX};
use model::market::form::{AudienceEntry, Expectation, Form, Plan, VersionedManifest};

use super::{
    Files, PictureBytes,
    declared::{self, Audience, Offer},
};
use crate::world::Roles;

/// What the names in an offer mean.
pub(crate) trait Names {
    fn tenant(&mut self, word: &Word, faults: &mut Faults) -> Option<TenantId>;
    /// Somebody of that tenant.
    fn principal(
        &mut self,
        tenant: Option<TenantId>,
        word: &Word,
        faults: &mut Faults,
    ) -> Option<ObjectId>;
    fn subscription(&mut self, word: &Word, faults: &mut Faults) -> Option<SubscriptionId>;
}

/// Where nothing has a name, everything is called by its id.
struct Ids;

impl Names for Ids {
    fn tenant(&mut self, word: &Word, faults: &mut Faults) -> Option<TenantId> {
        id(word, faults)
    }

    fn principal(
        &mut self,
        _: Option<TenantId>,
        word: &Word,
        faults: &mut Faults,
    ) -> Option<ObjectId> {
        id(word, faults)
    }

    fn subscription(&mut self, word: &Word, faults: &mut Faults) -> Option<SubscriptionId> {
        id(word, faults)
    }
}

fn id<T: std::str::FromStr>(word: &Word, faults: &mut Faults) -> Option<T> {
    let found = word.it.parse().ok();
    if found.is_none() && !word.it.is_empty() {
        faults.add(word.at, format!("{} is not a GUID", quoted(&word.it)));
    }
    found
}

/// A form, and its pictures' bytes.
pub(crate) struct Resolved {
    pub(crate) form: Form,
    pub(crate) pictures: Vec<PictureBytes>,
}

/// The form that is declared, everything in it called by its id.
pub(super) fn offer(
    declared: &Offer,
    roles: &dyn Roles,
    files: &dyn Files,
    faults: &mut Faults,
) -> Resolved {
    named(declared, Scene { roles, files, names: &mut Ids, faults, pictures: Vec::new() })
}

/// What things are looked up in.
pub(crate) struct Scene<'a> {
    pub(crate) roles: &'a dyn Roles,
    pub(crate) files: &'a dyn Files,
    pub(crate) names: &'a mut dyn Names,
    pub(crate) faults: &'a mut Faults,
    pub(crate) pictures: Vec<PictureBytes>,
}

/// The form that is declared.
pub(crate) fn named(declared: &Offer, mut scene: Scene<'_>) -> Resolved {
    let mut form = declared.form.clone();
    scene.show(&declared.pictures, &mut form.listing);
    form.preview_audience = scene.audience(&declared.preview_audience, PREVIEW_MAX);
    form.plans = declared.plans.iter().filter_map(|it| scene.plan(it)).collect();
    let tests = declared.tests.iter().filter_map(|it| scene.test(it, &form));
    form.tests = tests.collect();
    Resolved { form, pictures: scene.pictures }
}

impl Offer {
    /// What it is called in the whole marketplace.
    pub(crate) fn id(&self) -> Option<OfferId> {
        Some(OfferId { publisher: self.publisher.clone()?, name: self.name.clone()? })
    }
}

impl Scene<'_> {
    fn audience(&mut self, declared: &Audience, entries_max: usize) -> Vec<AudienceEntry> {
        match declared {
            Audience::List(entries) => {
                let entries = entries.iter().filter_map(|it| {
                    let subscription = self.names.subscription(&it.subscription, self.faults)?;
                    Some(AudienceEntry { subscription, description: it.description.clone() })
                });
                entries.collect()
            }
            Audience::File(path) => self.listed(path, entries_max),
        }
    }

    fn listed(&mut self, path: &Word, entries_max: usize) -> Vec<AudienceEntry> {
        let Some(bytes) = self.open(path, audience::BYTES_MAX) else { return Vec::new() };
        audience::read(&bytes, entries_max).unwrap_or_else(|problems| {
            for problem in problems {
                self.faults.add(path.at, format!("{}: {problem}", quoted(&path.it)));
            }
            Vec::new()
        })
    }

    /// The bytes of a file beside the offer.
    fn open(&mut self, path: &Word, bytes_max: usize) -> Option<Vec<u8>> {
        if path.it.is_empty() {
            return None; // its absence is a fault already
        }
        let opened = self.files.bytes(&path.it, bytes_max);
        opened.map_err(|why| self.faults.add(path.at, format!("{}: {why}", quoted(&path.it)))).ok()
    }

    fn plan(&mut self, declared: &declared::Plan) -> Option<Plan> {
        let audience = self.audience(&declared.audience, PRIVATE_MAX);
        let manifests = declared.manifests.iter().filter_map(|it| {
            let manifest = self.manifest(it)?;
            Some(VersionedManifest { version: it.version?, manifest })
        });
        let manifests = manifests.collect();
        Some(Plan {
            name: declared.name.clone()?,
            title: declared.title.clone(),
            summary: declared.summary.clone(),
            description: declared.description.clone(),
            visibility: declared.visibility?,
            audience,
            manifests,
        })
    }

    /// Who acts is called by an id, or as a manifest of the plan calls them.
    fn test(&mut self, declared: &declared::Test, form: &Form) -> Option<Expectation> {
        let plan = declared.plan.clone()?;
        let given = declared.given.it.parse().ok().or_else(|| {
            let called = |it: &VersionedManifest| called(it, &declared.given.it);
            form.plan(&plan)?.manifests.iter().rev().find_map(called)
        });
        if given.is_none() && !declared.given.it.is_empty() {
            let message = format!("plan `{plan}` names nobody {}", quoted(&declared.given.it));
            self.faults.add(declared.given.at, message);
        }
        Some(Expectation {
            plan,
            given: given?,
            when: declared.when.clone(),
            expect: declared.expect?,
        })
    }
}

fn called(it: &VersionedManifest, name: &str) -> Option<ObjectId> {
    let everybody = it.manifest.principals();
    everybody.into_iter().find(|who| it.manifest.name_of(*who) == Some(name))
}
