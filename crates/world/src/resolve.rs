//! Declarations into nouns: ids given to names, and names looked up.

mod access;
mod delegation;
mod directory;
mod market;
mod members;
mod places;
mod registration;
mod taken;
mod tree;

use document::{fault::Faults, place::Position};
use jiff::Timestamp;
use model::{
    change::Noun,
    resource::{CreatorType, SystemData},
};

use crate::{
    declared,
    resolve::{market::Market, members::Directory, places::Places},
    world::{Chosen, Roles, Seeded, Switches, Types, World},
};

/// Who made it, where a thing notes its maker.
const MAKER: &str = "world";

/// What is being put together, and what names are looked up in.
struct Scene<'d, 'f> {
    roles: &'d dyn Roles,
    types: &'d dyn Types,
    now: Timestamp,
    directory: Directory,
    faults: &'f mut Faults,
    nouns: Vec<Noun>,
    places: Vec<Position>,
    secrets: Vec<Chosen>,
    seeds: Vec<Seeded>,
}

pub(crate) fn world(
    declared: &declared::World,
    roles: &dyn Roles,
    types: &dyn Types,
    now: Timestamp,
    faults: &mut Faults,
) -> World {
    let directory = Directory::of(declared, faults);
    let (nouns, places, secrets, seeds) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut scene = Scene { roles, types, now, directory, faults, nouns, places, secrets, seeds };
    for (nth, tenant) in declared.tenants.iter().enumerate() {
        scene.directory(nth, tenant);
    }
    let (mut known, mut all) = (Places::default(), Vec::new());
    for (nth, tenant) in declared.tenants.iter().enumerate() {
        let places = scene.tree(nth, tenant, &mut known);
        scene.memberships(nth, tenant);
        scene.access(nth, tenant, &places);
        scene.delegations(nth, tenant, &places);
        all.push(places);
    }
    let mut market = Market::default();
    for (nth, tenant) in declared.tenants.iter().enumerate() {
        scene.account(nth, tenant, &mut market);
    }
    for (nth, (tenant, places)) in declared.tenants.iter().zip(&all).enumerate() {
        scene.acceptances(nth, tenant, places, &mut market);
    }
    let Scene { nouns, places, secrets, seeds, .. } = scene;
    let switches =
        Switches { profile: declared.profile, guest_delegation: declared.guest_delegation };
    World { nouns, places, secrets, seeds, switches }
}

impl Scene<'_, '_> {
    /// Notes something that the file declares there.
    fn declare(&mut self, at: Position, noun: Noun) {
        self.nouns.push(noun);
        self.places.push(at);
    }

    fn system_data(&self) -> SystemData {
        SystemData::created(MAKER, CreatorType::Application, self.now)
    }
}
