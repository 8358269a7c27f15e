use std::collections::BTreeSet;

use ids::guid::{ObjectId, TenantId};
use model::{
    delegation::{Hurdle, MultiFactor},
    samples::{self, CONTRIBUTOR, CUSTOMER, PROVIDER, READER, object},
};
use proptest::{collection, prelude::*, sample};

use super::*;

const OPERATIONS: [&str; 4] =
    ["N.S/t/read", "N.S/t/write", "N.S/t/delete", "N.S/t/listKeys/action"];

fn rights(operations: &[&'static str]) -> Rights<'static> {
    Rights { operations: operations.iter().copied().collect(), ..Rights::default() }
}

fn hurdle(multi_factor: MultiFactor, minutes_max: u32, approvers: &[u128]) -> Hurdle {
    let approvers = approvers.iter().map(|&n| object(n)).collect();
    Hurdle { multi_factor, minutes_max, approvers }
}

fn held(always: &[&'static str], activated: &[(RoleId, Hurdle, &[&'static str])]) -> Held<'static> {
    let activation = |(role, hurdle, operations): &(RoleId, Hurdle, &[&'static str])| {
        (*role, Activation { hurdle: hurdle.clone(), rights: rights(operations) })
    };
    Held { always: rights(always), activated: activated.iter().map(activation).collect() }
}

fn only(tenant: TenantId, held: Held<'static>) -> Effective<'static> {
    Effective { tenant, held: [(object(1), held)].into() }
}

#[track_caller]
fn compare(before: Held<'static>, after: Held<'static>, expected: Overall) {
    let (before, after) = (only(PROVIDER, before), only(PROVIDER, after));
    assert_eq!(difference(&before, &after).overall(), expected);
    let reversed = match expected {
        Overall::Narrower => Overall::Wider,
        Overall::Wider => Overall::Narrower,
        same @ (Overall::Same | Overall::Both) => same,
    };
    assert_eq!(difference(&after, &before).overall(), reversed, "the other way round");
}

#[test]
fn more_and_less_are_told_apart() {
    let [read, write, ..] = OPERATIONS;
    compare(held(&[read], &[]), held(&[read], &[]), Overall::Same);
    compare(held(&[read], &[]), held(&[read, write], &[]), Overall::Wider);
    compare(held(&[read], &[]), held(&[write], &[]), Overall::Both);
    compare(held(&[read], &[]), held(&[], &[]), Overall::Narrower);
}

#[test]
fn what_asks_for_less_before_it_is_active_is_wider() {
    use MultiFactor::{Azure, None};
    let [read, write, ..] = OPERATIONS;
    let behind = |hurdle: Hurdle| held(&[read], &[(CONTRIBUTOR, hurdle, &[write])]);
    let usual = || hurdle(Azure, 60, &[7, 8]);
    compare(behind(usual()), behind(usual()), Overall::Same);
    compare(behind(usual()), behind(hurdle(None, 60, &[7, 8])), Overall::Wider);
    compare(behind(usual()), behind(hurdle(Azure, 90, &[7, 8])), Overall::Wider);
    compare(behind(usual()), behind(hurdle(Azure, 60, &[])), Overall::Wider);
    compare(behind(usual()), behind(hurdle(Azure, 60, &[7])), Overall::Narrower);
    compare(behind(usual()), behind(hurdle(Azure, 60, &[7, 9])), Overall::Both);
    compare(behind(usual()), behind(hurdle(None, 30, &[7, 8])), Overall::Both);
    compare(behind(usual()), held(&[read, write], &[]), Overall::Wider);
    compare(behind(usual()), held(&[read], &[]), Overall::Narrower);
}

#[test]
fn a_second_and_lower_way_to_the_same_is_wider_whatever_its_role() {
    let [read, write, ..] = OPERATIONS;
    let high = (CONTRIBUTOR, hurdle(MultiFactor::Azure, 60, &[7]), &[write][..]);
    let low = (READER, hurdle(MultiFactor::None, 60, &[]), &[write][..]);
    let behind = |ways: &[_]| held(&[read], ways);
    let only = behind(std::slice::from_ref(&high));
    compare(only.clone(), behind(&[high.clone(), low]), Overall::Wider);
    let same = (READER, hurdle(MultiFactor::Azure, 60, &[7]), &[write][..]);
    compare(only, behind(&[high, same]), Overall::Same);
}

#[test]
fn the_same_ids_of_another_tenant_are_other_people() {
    let (here, there) = (held(&["N.S/t/read"], &[]), held(&["N.S/t/read"], &[]));
    let difference = difference(&only(PROVIDER, here), &only(CUSTOMER, there));
    assert_eq!(difference.overall(), Overall::Both);
    assert_eq!(difference.changes.len(), 2);
}

fn any_rights() -> impl Strategy<Value = Rights<'static>> {
    (sample::subsequence(OPERATIONS.to_vec(), 0..=4), any::<bool>(), any::<bool>()).prop_map(
        |(operations, gives, leaves)| Rights {
            operations: operations.into_iter().collect(),
            gives: gives.then_some(READER).into_iter().collect(),
            leaves,
        },
    )
}

fn any_hurdle() -> impl Strategy<Value = Hurdle> {
    let approvers = sample::subsequence(vec![7, 8, 9], 0..=2);
    (any::<bool>(), sample::select(vec![30, 60, 480]), approvers).prop_map(
        |(bare, minutes, who)| {
            hurdle(if bare { MultiFactor::None } else { MultiFactor::Azure }, minutes, &who)
        },
    )
}

fn any_held() -> impl Strategy<Value = Held<'static>> {
    let roles = sample::select(vec![CONTRIBUTOR, READER, samples::DELETE_ROLE]);
    let activation =
        (any_hurdle(), any_rights()).prop_map(|(hurdle, rights)| Activation { hurdle, rights });
    let activated = collection::btree_map(roles, activation, 0..3);
    (any_rights(), activated).prop_map(|(always, activated)| Held { always, activated })
}

fn any_effective() -> impl Strategy<Value = Effective<'static>> {
    let objects = (1u128..4).prop_map(object);
    let held = collection::btree_map(objects, any_held(), 0..3);
    (sample::select(vec![PROVIDER, PROVIDER, CUSTOMER]), held)
        .prop_map(|(tenant, held)| Effective { tenant, held })
}

/// What somebody can do, and what has to happen before, one by one.
fn ways(held: Option<&Held<'static>>) -> Vec<(String, Option<Hurdle>)> {
    let singly = |rights: &Rights<'static>| -> Vec<String> {
        let gives = rights.gives.iter().map(|role| format!("gives {role}"));
        let leaves = rights.leaves.then(|| "leaves".to_owned());
        rights.operations.iter().map(|it| (*it).to_owned()).chain(gives).chain(leaves).collect()
    };
    let Some(held) = held else { return Vec::new() };
    let always = singly(&held.always).into_iter().map(|what| (what, None));
    let activated = held
        .activated
        .values()
        .flat_map(|it| singly(&it.rights).into_iter().map(|what| (what, Some(it.hurdle.clone()))));
    always.chain(activated).collect()
}

/// Whether the one has a way to something to which the other has no way that is as easy.
fn has_more(one: &Effective<'static>, other: &Effective<'static>) -> bool {
    let is_as_easy = |theirs: &Option<Hurdle>, mine: &Option<Hurdle>| match (theirs, mine) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(theirs), Some(mine)) => !mine.is_lower_than(theirs),
    };
    one.principals().any(|who| {
        let theirs = ways(other.held_by(who));
        ways(one.held_by(who)).iter().any(|(what, mine)| {
            !theirs.iter().any(|(same, way)| same == what && is_as_easy(way, mine))
        })
    })
}

proptest! {
    #[test]
    fn the_sum_is_what_going_through_every_way_finds(
        before in any_effective(), after in any_effective(),
    ) {
        let expected = match (has_more(&after, &before), has_more(&before, &after)) {
            (false, false) => Overall::Same,
            (false, true) => Overall::Narrower,
            (true, false) => Overall::Wider,
            (true, true) => Overall::Both,
        };
        prop_assert_eq!(difference(&before, &after).overall(), expected);
    }

    #[test]
    fn a_difference_applied_to_what_was_gives_what_is(
        before in any_effective(), after in any_effective(),
    ) {
        let found = difference(&before, &after);
        let always = |it: &Effective<'static>, who| {
            it.held_by(who).map(|held| held.always.clone()).unwrap_or_default()
        };
        let everybody: BTreeSet<Principal> = before.principals().chain(after.principals()).collect();
        for who in everybody {
            let change = found.changes.get(&who).cloned().unwrap_or_default();
            let applied = always(&before, who).with(&change.gained).without(&change.lost);
            prop_assert_eq!(applied, always(&after, who));
        }
    }

    #[test]
    fn a_hurdle_is_never_lower_than_itself(one in any_hurdle(), other in any_hurdle()) {
        prop_assert!(!one.is_lower_than(&one));
        prop_assert!(one == other || one.is_lower_than(&other) || other.is_lower_than(&one));
    }
}

#[test]
fn nobody_is_listed_for_whom_nothing_changes() {
    let unchanged: ObjectId = object(2);
    let mut before = only(PROVIDER, held(&[], &[]));
    before.held.insert(unchanged, held(&["N.S/t/read"], &[]));
    let mut after = before.clone();
    after.held.insert(object(1), held(&["N.S/t/write"], &[]));
    let listed = difference(&before, &after);
    let who: Vec<ObjectId> = listed.changes.keys().map(|it| it.object).collect();
    assert_eq!(who, [object(1)]);
}
