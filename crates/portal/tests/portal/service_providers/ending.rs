//! How delegations and offers end, and what is said before.

use ids::guid::RoleId;
use model::{
    action::Action,
    change::Noun,
    role::{Permission, RoleDefinition},
    samples::{self, SUBSCRIPTION, resource_group, whole},
};
use uuid::Uuid;

use super::{FORM, NEARLY, OLOF, accepted, ada_may, end, nils, offer, shop, shown, stored};

#[tokio::test]
async fn a_delegation_ends_after_its_page_said_what_is_lost_and_for_whom() {
    let both = [whole(), resource_group("app")];
    let kit = shop(both.map(|it| Noun::Assignment(samples::assignment(it))).to_vec()).await;
    let olof = kit.signed_in(OLOF).await;
    let page = olof.open(&end("?group=app")).await;
    shown(&page, 200, &["fabrikam loses the access to app", "Tier 1", "Contributor"]);
    let done = olof.submit(&page, FORM, &[]).await;
    shown(&done, 200, &["Ended the delegation of app"]);
    assert!(ada_may(&kit, &Action::GROUPS_WRITE), "that of the subscription stands");
    let page = olof.open(&end("")).await;
    shown(&olof.submit(&page, FORM, &[]).await, 200, &["You delegated nothing"]);
    assert!(!ada_may(&kit, &Action::GROUPS_READ));
    shown(&olof.open(&end("")).await, 404, &["could not be found"]);
}

#[tokio::test]
async fn removing_an_offer_ends_all_that_is_delegated_under_it() {
    let both = [whole(), resource_group("app")];
    let kit = shop(both.map(|it| Noun::Assignment(samples::assignment(it))).to_vec()).await;
    let olof = kit.signed_in(OLOF).await;
    let page = olof.open(&offer("/remove")).await;
    shown(&page, 200, &["Delegations that end", "What is lost, and for whom"]);
    let done = olof.submit(&page, FORM, &[]).await;
    shown(&done, 200, &["Removed the offer Fabrikam Ops, and ended 2 delegations."]);
    assert!(!ada_may(&kit, &Action::GROUPS_READ));
    assert_eq!(stored(&kit, &samples::definition(SUBSCRIPTION).id).await, None);
    shown(&olof.open(&offer("")).await, 404, &["could not be found"]);
}

#[tokio::test]
async fn whoever_may_not_remove_an_offer_ends_nothing_of_it() {
    let mut more = nils(whole(), "Microsoft.ManagedServices/registrationDefinitions/delete");
    more.push(Noun::Assignment(samples::assignment(whole())));
    let kit = shop(more).await;
    let nils = kit.signed_in("nils@contoso.example").await;
    let page = nils.open(&offer("/remove")).await;
    let refused = nils.submit(&page, FORM, &[]).await;
    shown(&refused, 403, &["The offer was not removed.", "No delegation ended."]);
    assert!(ada_may(&kit, &Action::GROUPS_WRITE));
}

#[tokio::test]
async fn removing_an_offer_ends_nothing_that_was_delegated_after_its_page_was_opened() {
    let kit = shop(vec![Noun::Assignment(samples::assignment(resource_group("app")))]).await;
    let olof = kit.signed_in(OLOF).await;
    let page = olof.open(&offer("/remove")).await;
    let later = samples::assignment(resource_group("web"));
    testkit::put(kit.sign_in.plane(), vec![Noun::Assignment(later)]).await;
    let refused = olof.submit(&page, FORM, &[]).await;
    shown(&refused, 409, &["More was delegated under it since", "No delegation ended.", "web"]);
    assert!(ada_may(&kit, &Action::GROUPS_WRITE));
    let done = olof.submit(&refused, FORM, &[]).await;
    shown(&done, 200, &["Removed the offer Fabrikam Ops, and ended 2 delegations."]);
}

#[tokio::test]
async fn a_removal_that_stops_says_how_much_ended_before() {
    const ENDS: &str = "Microsoft.ManagedServices/registrationAssignments/delete";
    let app = resource_group("app");
    let ends = RoleDefinition {
        id: RoleId::new(Uuid::from_u128(0xC052)),
        name: "Ends".to_owned(),
        permissions: vec![Permission { actions: vec![ENDS.to_owned()], ..Permission::default() }],
        ..samples::custom_role(app.clone())
    };
    let given = samples::role_assignment(app.clone(), NEARLY, ends.id);
    let both = [app, resource_group("web")];
    let mut more = nils(whole(), ENDS);
    more.extend(both.map(|it| Noun::Assignment(samples::assignment(it))));
    more.extend([Noun::RoleDefinition(ends), Noun::RoleAssignment(given)]);
    let kit = shop(more).await;
    let nils = kit.signed_in("nils@contoso.example").await;
    let page = nils.open(&offer("/remove")).await;
    let stopped = nils.submit(&page, FORM, &[]).await;
    shown(
        &stopped,
        403,
        &["The offer was not removed.", "Before that, 1 delegation ended.", "web"],
    );
    assert!(!ada_may(&kit, &Action::GROUPS_WRITE));
    assert!(stored(&kit, &accepted().id).await.is_some());
}
