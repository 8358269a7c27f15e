//! Permits: what they cover, and when they are asked for again.

use access::{
    permit::{Permit, authorize},
    verdict::Through,
};
use ids::clock::Revision;
use model::{
    change::{Change, Noun},
    event::{Actor, SystemReason},
    samples::{self, OLOF, OWNER, READER},
    settings::Settings,
};

use crate::{delegated, granted, index, put};

fn granting() -> Change {
    put(granted(samples::whole(), OLOF, READER))
}

#[test]
fn a_permit_covers_the_change_it_was_asked_for_and_no_other() {
    let index = index(&delegated());
    let caller = samples::caller(OLOF);
    let permit = authorize(&index, &caller, granting().requires(), samples::now()).unwrap();
    assert!(permit.covers(&granting()));
    let others = [
        put(granted(samples::whole(), OLOF, OWNER)),
        put(granted(samples::resource_group("rg1"), OLOF, READER)),
        Change::Remove(granted(samples::whole(), OLOF, READER)),
        put(Noun::Assignment(samples::assignment(samples::whole()))),
        put(Noun::Settings(Settings::default())),
    ];
    for other in others {
        assert!(!permit.covers(&other), "{other:?}");
    }
    assert_eq!(permit.actor(), Actor::Caller(caller));
    let own = samples::role_assignment(samples::whole(), OLOF, OWNER).id;
    assert_eq!(permit.through(), [Through::Assignment(own)]);
}

#[test]
fn what_requires_nothing_is_no_callers_to_change() {
    let permit =
        authorize(&index(&delegated()), &samples::caller(OLOF), Vec::new(), samples::now())
            .unwrap();
    assert!(!permit.covers(&put(Noun::Settings(Settings::default()))));
}

#[test]
fn a_permit_is_asked_for_again_where_access_has_changed_since() {
    let before = index(&delegated());
    let permit = || {
        authorize(&before, &samples::caller(OLOF), granting().requires(), samples::now()).unwrap()
    };
    let nothing = before.after(&[], Revision(2));
    assert_eq!(nothing.access_revision(), Revision(1));
    assert!(permit().renew(&nothing, samples::now()).is_ok());
    let revoked = Change::Remove(granted(samples::whole(), OLOF, OWNER));
    let after = before.after(&[revoked], Revision(2));
    assert_eq!(after.access_revision(), Revision(2));
    let denied = permit().renew(&after, samples::now()).unwrap_err();
    assert_eq!(*denied.question, granting().requires()[0]);
    let system = Permit::system(SystemReason::WorldApply, &granting()).unwrap();
    assert!(system.renew(&after, samples::now()).is_ok());
}

#[test]
fn the_systems_permit_covers_what_its_reason_covers() {
    assert!(Permit::system(SystemReason::SignIn, &granting()).is_none());
    let permit = Permit::system(SystemReason::WorldApply, &granting()).unwrap();
    assert_eq!(permit.actor(), Actor::System(SystemReason::WorldApply));
    assert!(permit.covers(&granting()));
    assert!(!permit.covers(&put(Noun::Settings(Settings::default()))));
}
