//! The file's tree into declarations: keys, shapes and words, but no names looked up.
//!
//! A fault never stops the reading: what is missing gets a stand-in, and the result is thrown
//! away at the end if there was any fault.

mod access;
pub(crate) mod delegation;
mod directory;
mod market;
mod registration;
mod tree;

use document::{fault::Faults, fields::Fields, tree::Node};
use model::settings::Profile;

use crate::{declared::World, sections};

pub(crate) fn world(node: &Node, faults: &mut Faults) -> World {
    let mut fields = Fields::of(node, &sections::WORLD, faults);
    let mut world =
        World { tenants: fields.each("tenants", directory::tenant), ..World::default() };
    if let Some(node) = fields.node("settings") {
        let mut settings = Fields::of(node, &sections::SETTINGS, faults);
        world.profile =
            settings.one_of("profile", &[("azure", Profile::Azure), ("strict", Profile::Strict)]);
        world.guest_delegation = settings.flag("guestDelegation");
    }
    world
}
