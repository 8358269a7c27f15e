//! Who owns what: who says so, what owners may, and what they may not.

use ids::guid::ObjectId;
use model::{
    change::Noun,
    directory::{Group, User},
    directory_role::{
        APPLICATION_ADMINISTRATOR, DIRECTORY_READERS, DirectoryRoleAssignment,
        GROUPS_ADMINISTRATOR, USER_ADMINISTRATOR,
    },
    event::Actor,
    ownership::Owned,
    samples::{self, CUSTOMER},
};
use serde_json::{Value, json};
use store::{records::ranges, snapshot::Page};

use crate::kit::{GRAPH, GUEST, Kit, PLAIN, ROBOT, RUT, STAFF, UMA, kit};

fn reference(object: impl std::fmt::Display) -> Value {
    json!({ "@odata.id": format!("{GRAPH}/v1.0/directoryObjects/{object}") })
}

async fn owners(kit: &Kit, token: &str, of: &str) -> Vec<String> {
    let listed = kit.get(token, &format!("{of}/owners")).await;
    listed.ids().into_iter().map(str::to_owned).collect()
}

/// Makes somebody an owner; the status.
async fn give(kit: &Kit, token: &str, of: &str, who: ObjectId) -> u16 {
    kit.post(token, &format!("{of}/owners/$ref"), &reference(who)).await.status
}

/// Makes somebody an owner no more; the status.
async fn take(kit: &Kit, token: &str, of: &str, who: ObjectId) -> u16 {
    kit.delete(token, &format!("{of}/owners/{who}/$ref")).await.status
}

async fn made(kit: &Kit, token: &str) -> String {
    let new = json!({ "displayName": "g2", "mailNickname": "g2", "mailEnabled": false, "securityEnabled": true });
    let made = kit.post(token, "/groups", &new).await;
    format!("/groups/{}", made.body["id"].as_str().unwrap_or_else(|| panic!("{made:?}")))
}

#[tokio::test]
async fn whoever_owns_a_group_manages_it_and_no_other_as_az_does() {
    let kit = kit().await;
    let (gil, rut) = (kit.token("gil").await, kit.token("rut").await);
    let (staff, other) = (format!("/groups/{}", STAFF.object), made(&kit, &gil).await);
    assert_eq!(owners(&kit, &gil, &staff).await, [""; 0]);
    assert_eq!(give(&kit, &rut, &staff, RUT.object).await, 403, "nobody makes themselves one");
    assert_eq!(give(&kit, &gil, &staff, RUT.object).await, 204);
    let twice = kit.post(&gil, &format!("{staff}/owners/$ref"), &reference(RUT.object)).await;
    assert_eq!((twice.status, twice.code()), (400, "Request_BadRequest"));
    assert_eq!(owners(&kit, &rut, &staff).await, [RUT.object.to_string()]);

    let name = json!({ "displayName": "our own" });
    assert_eq!(kit.patch(&rut, &staff, &name).await.status, 204);
    let members = format!("{staff}/members");
    assert_eq!(
        kit.post(&rut, &format!("{members}/$ref"), &reference(UMA.object)).await.status,
        204
    );
    let member = format!("{members}/{}/$ref", UMA.object);
    assert_eq!(kit.delete(&rut, &member).await.status, 204);
    assert_eq!(give(&kit, &rut, &staff, UMA.object).await, 204, "an owner makes another");
    let event = testkit::events(kit.sign_in.plane()).await.pop().unwrap();
    let Actor::Caller(caller) = &event.actor else { panic!("{event:?}") };
    assert_eq!(caller.name, "rut@contoso.example", "it is in the journal");

    let before = testkit::events(kit.sign_in.plane()).await.len();
    for body in [json!({}), name] {
        assert_eq!(kit.patch(&rut, &other, &body).await.status, 403, "{body}");
    }
    let members = format!("{other}/members/$ref");
    assert_eq!(kit.post(&rut, &members, &reference(RUT.object)).await.status, 403);
    assert_eq!(give(&kit, &rut, &other, RUT.object).await, 403);
    assert_eq!(kit.delete(&rut, &other).await.status, 403);
    let new = json!({ "displayName": "x", "mailNickname": "x", "mailEnabled": false, "securityEnabled": true });
    assert_eq!(kit.post(&rut, "/groups", &new).await.status, 403, "owners make no groups");
    assert_eq!(testkit::events(kit.sign_in.plane()).await.len(), before, "nothing of it was done");

    assert_eq!(take(&kit, &gil, &staff, RUT.object).await, 204);
    assert_eq!(kit.patch(&rut, &staff, &json!({ "displayName": "mine" })).await.status, 403);
}

#[tokio::test]
async fn whoever_owns_an_application_signs_in_as_it_unless_it_manages_the_directory() {
    let kit = kit().await;
    let (olof, alf, rut) =
        (kit.token("olof").await, kit.token("alf").await, kit.token("rut").await);
    let (plain, robot) = (format!("/applications/{PLAIN}"), format!("/applications/{ROBOT}"));
    let secret =
        async |of: &str| kit.post(&rut, &format!("{of}/addPassword"), &json!({})).await.status;
    assert_eq!(secret(&plain).await, 403);
    let by_app = format!("/applications(appId='{PLAIN}')");
    assert_eq!(give(&kit, &alf, &by_app, RUT.object).await, 204);
    assert_eq!((secret(&plain).await, secret(&by_app).await), (200, 200));
    assert_eq!(secret(&robot).await, 403, "another's");
    assert_eq!(kit.patch(&rut, &robot, &json!({})).await.status, 403, "nothing to do is no leave");
    assert_eq!(kit.patch(&rut, &plain, &json!({ "tags": ["t"] })).await.status, 204);
    let principal = format!("/servicePrincipals/{PLAIN}");
    let off = json!({ "accountEnabled": false });
    assert_eq!(kit.patch(&rut, &principal, &off).await.status, 403, "which others own");

    // Whoever manages applications makes nobody an owner of what manages the directory, and whom
    // somebody else made one is none by it.
    assert_eq!(give(&kit, &alf, &robot, RUT.object).await, 403);
    assert_eq!(give(&kit, &alf, &format!("/servicePrincipals/{ROBOT}"), RUT.object).await, 403);
    assert_eq!(give(&kit, &olof, &robot, RUT.object).await, 204);
    assert_eq!(secret(&robot).await, 403);
    let redirect = json!({ "web": { "redirectUris": ["https://evil.example"] } });
    assert_eq!(kit.patch(&rut, &robot, &redirect).await.status, 403);
    assert_eq!(kit.patch(&rut, &robot, &json!({ "keyCredentials": [] })).await.status, 403);
    assert_eq!(give(&kit, &rut, &robot, UMA.object).await, 403);
    assert_eq!(kit.delete(&rut, &robot).await.status, 403);

    let shown = kit.get(&rut, "/me/ownedObjects").await;
    let mut owned = shown.ids();
    owned.sort_unstable();
    assert_eq!(owned, [ROBOT.to_string(), PLAIN.to_string()]);
    assert_eq!(shown.body["value"][0]["@odata.type"], "#microsoft.graph.application");
    assert_eq!(kit.delete(&rut, &plain).await.status, 204);
    assert_eq!(kit.get(&rut, "/me/ownedObjects").await.ids(), [ROBOT.to_string()]);
}

#[tokio::test]
async fn whoever_owns_an_application_does_not_become_what_its_role_lets_it_do() {
    for (role, own) in [
        (USER_ADMINISTRATOR, 403),
        (GROUPS_ADMINISTRATOR, 403),
        (APPLICATION_ADMINISTRATOR, 403),
        (DIRECTORY_READERS, 200),
    ] {
        let kit = kit().await;
        let (alf, rut) = (kit.token("alf").await, kit.token("rut").await);
        let plain = format!("/applications/{PLAIN}");
        assert_eq!(give(&kit, &alf, &plain, RUT.object).await, 204);
        let principal = samples::principal(CUSTOMER, PLAIN.raw().as_u128());
        let held = Noun::DirectoryRoleAssignment(DirectoryRoleAssignment { principal, role });
        testkit::put(kit.sign_in.plane(), vec![held]).await;
        let secret = async |who: &str| {
            kit.post(who, &format!("{plain}/addPassword"), &json!({})).await.status
        };
        assert_eq!(secret(&rut).await, own, "{role}");
        let redirect = json!({ "web": { "redirectUris": ["https://rut.example/in"] } });
        let changed = if own == 200 { 204 } else { 403 };
        assert_eq!(kit.patch(&rut, &plain, &redirect).await.status, changed, "{role}");
        assert_eq!(give(&kit, &rut, &plain, UMA.object).await, changed, "{role}");
        let by_role = if role == DIRECTORY_READERS { 200 } else { 403 };
        assert_eq!(secret(&alf).await, by_role, "{role}: who manages applications");
    }
}

#[tokio::test]
async fn no_two_applications_answer_to_the_name_of_one_api() {
    let kit = kit().await;
    let (alf, rut) = (kit.token("alf").await, kit.token("rut").await);
    let (plain, robot) = (format!("/applications/{PLAIN}"), format!("/applications/{ROBOT}"));
    let olof = kit.token("olof").await;
    let deploy = json!({ "identifierUris": ["api://deploy"] });
    assert_eq!(kit.patch(&olof, &robot, &deploy).await.status, 204);
    assert_eq!(kit.patch(&olof, &robot, &deploy).await.status, 204, "it is its own");
    assert_eq!(give(&kit, &alf, &plain, RUT.object).await, 204);
    for name in ["api://deploy", "API://Deploy"] {
        let taken = json!({ "identifierUris": ["api://mine", name], "displayName": "!" });
        let refused = kit.patch(&rut, &plain, &taken).await;
        assert_eq!((refused.status, refused.code()), (400, "Request_BadRequest"), "{name}");
        let new = json!({ "displayName": "n", "identifierUris": [name] });
        assert_eq!(kit.post(&alf, "/applications", &new).await.status, 400, "{name}");
    }
    let named = "/servicePrincipals?$filter=servicePrincipalNames%2Fany%28c%3Ac%20eq%20%27api%3A%2F%2Fdeploy%27%29";
    assert_eq!(kit.get(&alf, named).await.ids(), [ROBOT.to_string()]);
}

#[tokio::test]
async fn nobody_owns_more_than_can_be_removed_with_them() {
    let kit = kit().await;
    let gil = kit.token("gil").await;
    let group =
        |n: u128| samples::group(samples::principal(CUSTOMER, 0x9000 + n), &format!("n{n}"));
    let groups: Vec<Group> = (0..251).map(group).collect();
    let nouns = groups.iter().cloned().map(Noun::Group).collect();
    testkit::put(kit.sign_in.plane(), nouns).await;
    let mut statuses = Vec::new();
    for it in &groups {
        statuses
            .push(give(&kit, &gil, &format!("/groups/{}", it.principal.object), UMA.object).await);
    }
    let last = statuses.pop();
    assert!(statuses.iter().all(|it| *it == 204) && last == Some(400), "{statuses:?} {last:?}");
    let olof = kit.token("olof").await;
    assert_eq!(kit.delete(&olof, &format!("/users/{}", UMA.object)).await.status, 204);
}

#[tokio::test]
async fn a_group_of_any_size_can_be_removed() {
    let kit = kit().await;
    let gil = kit.token("gil").await;
    let member =
        |n: u128| samples::user(samples::principal(CUSTOMER, 0x9000 + n), &format!("n{n}"));
    let people: Vec<User> = (0..2100).map(member).collect();
    for some in people.chunks(300) {
        let nouns = some.iter().cloned().flat_map(|it| {
            let membership = samples::membership(STAFF, it.principal);
            [Noun::User(it), Noun::Membership(membership)]
        });
        testkit::put(kit.sign_in.plane(), nouns.collect()).await;
    }
    assert_eq!(kit.delete(&gil, &format!("/groups/{}", STAFF.object)).await.status, 204);
}

#[tokio::test]
async fn whoever_owns_a_service_principal_removes_it_and_neither_bars_it_nor_lets_it_in() {
    let kit = kit().await;
    let (alf, rut) = (kit.token("alf").await, kit.token("rut").await);
    let principal = format!("/servicePrincipals(appId='{PLAIN}')");
    assert_eq!(give(&kit, &alf, &principal, RUT.object).await, 204);
    assert_eq!(owners(&kit, &rut, &principal).await, [RUT.object.to_string()]);
    for enabled in [false, true] {
        let body = json!({ "accountEnabled": enabled });
        assert_eq!(kit.patch(&rut, &principal, &body).await.status, 403);
    }
    let own = kit.token("plain").await;
    let asked = format!("/servicePrincipals/{PLAIN}/owners");
    assert_eq!(kit.get(&own, &asked).await.status, 403, "an application hears of nobody");
    let secret = format!("/applications/{PLAIN}/addPassword");
    assert_eq!(kit.post(&rut, &secret, &json!({})).await.status, 403);
    let role = json!({ "principalId": PLAIN, "roleDefinitionId": DIRECTORY_READERS, "directoryScopeId": "/" });
    let roles = "/roleManagement/directory/roleAssignments";
    assert_eq!(kit.post(&rut, roles, &role).await.status, 403);
    assert_eq!(kit.delete(&rut, &principal).await.status, 204);
    let snapshot = kit.sign_in.plane().store.snapshot().await.unwrap();
    let gone = Owned::ServicePrincipal(samples::principal(CUSTOMER, 0xB08));
    let range = ranges::owners_of(gone);
    let kept = snapshot.list::<model::ownership::Ownership>(&range, Page::first()).await.unwrap();
    assert_eq!(kept.items, []);
}

#[tokio::test]
async fn guests_and_applications_are_owners_who_may_nothing() {
    let kit = kit().await;
    let gil = kit.token("gil").await;
    let staff = format!("/groups/{}", STAFF.object);
    let plain: ObjectId = PLAIN.to_string().parse().unwrap();
    for (name, who) in [("guest", GUEST.object), ("plain", plain)] {
        assert_eq!(give(&kit, &gil, &staff, who).await, 204, "{name}");
        let token = kit.token(name).await;
        for answer in [
            kit.patch(&token, &staff, &json!({ "displayName": "x" })).await,
            kit.post(&token, &format!("{staff}/members/$ref"), &reference(who)).await,
            kit.get(&token, &format!("{staff}/owners")).await,
            kit.delete(&token, &staff).await,
        ] {
            assert_eq!(
                (answer.status, answer.code()),
                (403, "Authorization_RequestDenied"),
                "{name}"
            );
        }
    }
    assert_eq!(owners(&kit, &gil, &staff).await.len(), 2);
    let group = kit.post(&gil, &format!("{staff}/owners/$ref"), &reference(STAFF.object)).await;
    assert_eq!(group.status, 400, "a group owns nothing");
}

#[tokio::test]
async fn the_last_person_who_owns_a_group_stays_its_owner() {
    let kit = kit().await;
    let (olof, gil) = (kit.token("olof").await, kit.token("gil").await);
    let staff = format!("/groups/{}", STAFF.object);
    let plain: ObjectId = PLAIN.to_string().parse().unwrap();
    for who in [RUT.object, plain] {
        assert_eq!(give(&kit, &gil, &staff, who).await, 204);
    }
    assert_eq!(take(&kit, &gil, &staff, RUT.object).await, 400);
    assert_eq!(take(&kit, &gil, &staff, plain).await, 204, "an application is no person");
    assert_eq!(take(&kit, &gil, &staff, plain).await, 404);
    assert_eq!(give(&kit, &gil, &staff, UMA.object).await, 204);
    assert_eq!(take(&kit, &gil, &staff, RUT.object).await, 204);
    assert_eq!(kit.delete(&olof, &format!("/users/{}", UMA.object)).await.status, 204);
    assert_eq!(owners(&kit, &gil, &staff).await, [""; 0], "whoever goes owns nothing any more");
    for who in [RUT.object, GUEST.object] {
        assert_eq!(give(&kit, &gil, &staff, who).await, 204);
    }
    assert_eq!(take(&kit, &gil, &staff, RUT.object).await, 400, "a guest may nothing with it");
    let application = format!("/applications/{PLAIN}");
    assert_eq!(give(&kit, &olof, &application, RUT.object).await, 204);
    assert_eq!(take(&kit, &olof, &application, RUT.object).await, 204);
}

#[tokio::test]
async fn another_tenants_people_are_refused_as_owners_like_nobody() {
    let kit = kit().await;
    let gil = kit.token("gil").await;
    let path = format!("/groups/{}", STAFF.object);
    let mut told = Vec::new();
    // Fabrikam's group, and nobody.
    for id in ["00000000-0000-0000-0000-000000000071", "00000000-0000-4000-8000-00000000dead"] {
        for list in ["members", "owners"] {
            let answer = kit.post(&gil, &format!("{path}/{list}/$ref"), &reference(id)).await;
            let message = answer.body["error"]["message"].as_str().unwrap().replace(id, "");
            told.push((answer.status, answer.code().to_owned(), message));
        }
    }
    assert_eq!(told[0].0, 404);
    assert!(told.iter().all(|it| *it == told[0]), "{told:?}");
}
