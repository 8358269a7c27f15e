//! Directory roles: who gives them, and who is out of whose reach.

use ids::guid::{ObjectId, Principal};
use model::{
    directory_role::{GLOBAL_ADMINISTRATOR, GROUPS_ADMINISTRATOR, USER_ADMINISTRATOR},
    samples::OLOF,
};
use serde_json::{Value, json};

use crate::kit::{ALF, GIL, GRAPH, PLAIN, ROBOT, RUT, STAFF, UMA, kit};

const ASSIGNMENTS: &str = "/roleManagement/directory/roleAssignments";

fn giving(who: ObjectId, role: ids::guid::RoleId) -> Value {
    json!({ "principalId": who, "roleDefinitionId": role, "directoryScopeId": "/" })
}

#[tokio::test]
async fn nobody_raises_themselves_and_only_the_global_administrator_raises_others() {
    let kit = kit().await;
    for (who, own) in [("uma", UMA), ("gil", GIL), ("alf", ALF), ("rut", RUT)] {
        let token = kit.token(who).await;
        for target in [own, RUT] {
            let body = giving(target.object, GLOBAL_ADMINISTRATOR);
            let answer = kit.post(&token, ASSIGNMENTS, &body).await;
            assert_eq!(
                (answer.status, answer.code()),
                (403, "Authorization_RequestDenied"),
                "{who}"
            );
        }
        let reference = json!({ "@odata.id": format!("{GRAPH}/v1.0/users/{}", own.object) });
        let path = format!("/directoryRoles/{GLOBAL_ADMINISTRATOR}/members/$ref");
        assert_eq!(kit.post(&token, &path, &reference).await.status, 403, "{who}");
    }
    let olof = kit.token("olof").await;
    let given = kit.post(&olof, ASSIGNMENTS, &giving(RUT.object, USER_ADMINISTRATOR)).await;
    assert_eq!(given.status, 201, "{given:?}");
    let twice = kit.post(&olof, ASSIGNMENTS, &giving(RUT.object, USER_ADMINISTRATOR)).await;
    assert_eq!(twice.code(), "Request_MultipleObjectsWithSameKeyValue");
    let rut = kit.token("rut").await;
    let edit = json!({ "jobTitle": "Lead" });
    assert_eq!(kit.patch(&rut, &format!("/users/{}", RUT.object), &edit).await.status, 204);
    let id = given.body["id"].as_str().unwrap();
    assert_eq!(kit.delete(&olof, &format!("{ASSIGNMENTS}/{id}")).await.status, 204);
    assert_eq!(kit.patch(&rut, &format!("/users/{}", RUT.object), &edit).await.status, 403);
    let group = kit.post(&olof, ASSIGNMENTS, &giving(STAFF.object, GROUPS_ADMINISTRATOR)).await;
    assert_eq!(group.status, 400, "a group holds none");
    let unknown = kit
        .post(&olof, ASSIGNMENTS, &giving(RUT.object, ids::guid::RoleId::new(uuid::Uuid::nil())))
        .await;
    assert_eq!(unknown.status, 400);
}

#[tokio::test]
async fn whoever_manages_people_reaches_nobody_who_manages_the_directory() {
    let kit = kit().await;
    let uma = kit.token("uma").await;
    let olof = format!("/users/{}", OLOF.object);
    for body in [
        json!({ "passwordProfile": { "password": "P@ss1234!" } }),
        json!({ "accountEnabled": false }),
        json!({ "userPrincipalName": "olof2@contoso.example" }),
        json!({ "mobilePhone": "1" }),
    ] {
        let answer = kit.patch(&uma, &olof, &body).await;
        assert_eq!((answer.status, answer.code()), (403, "Authorization_RequestDenied"), "{body}");
    }
    assert_eq!(kit.delete(&uma, &olof).await.status, 403);
    assert_eq!(kit.delete(&uma, &format!("/users/{}", ALF.object)).await.status, 403);
    // One who manages no more than herself is within reach.
    let gil = format!("/users/{}", GIL.object);
    assert_eq!(kit.patch(&uma, &gil, &json!({ "accountEnabled": false })).await.status, 204);
}

#[tokio::test]
async fn whoever_manages_applications_cannot_become_one_that_manages_the_directory() {
    let kit = kit().await;
    let alf = kit.token("alf").await;
    let (robot, plain) = (format!("/applications/{ROBOT}"), format!("/applications/{PLAIN}"));
    let word = json!({ "name": "ci-main", "issuer": "https://ci.example", "subject": "s", "audiences": ["a"] });
    for (path, body) in [("addPassword", json!({})), ("federatedIdentityCredentials", word)] {
        assert_eq!(kit.post(&alf, &format!("{robot}/{path}"), &body).await.status, 403, "{path}");
        assert!(kit.post(&alf, &format!("{plain}/{path}"), &body).await.status < 300, "{path}");
    }
    let redirect = json!({ "web": { "redirectUris": ["https://evil.example"] } });
    assert_eq!(kit.patch(&alf, &robot, &redirect).await.status, 403);
    assert_eq!(kit.patch(&alf, &robot, &json!({ "keyCredentials": [] })).await.status, 403);
    assert_eq!(kit.delete(&alf, &robot).await.status, 403);
    assert_eq!(kit.delete(&alf, &format!("/servicePrincipals/{ROBOT}")).await.status, 403);
    let off = json!({ "accountEnabled": false });
    assert_eq!(kit.patch(&alf, &format!("/servicePrincipals/{ROBOT}"), &off).await.status, 403);
}

#[tokio::test]
async fn the_last_global_administrator_stays() {
    let kit = kit().await;
    let olof = kit.token("olof").await;
    let id = |who: Principal| {
        format!(
            "{ASSIGNMENTS}/{}{}",
            GLOBAL_ADMINISTRATOR.raw().simple(),
            who.object.raw().simple()
        )
    };
    let robot = Principal { object: ObjectId::new(ROBOT.raw()), ..OLOF };
    let own = format!("/users/{}", OLOF.object);
    let refused = kit.delete(&olof, &id(OLOF)).await;
    assert_eq!(refused.status, 403, "an application is nobody who gives the role back");
    assert_eq!(kit.delete(&olof, &id(robot)).await.status, 204, "one is left");
    assert_eq!(kit.delete(&olof, &id(robot)).await.status, 404);
    for answer in [
        kit.delete(&olof, &id(OLOF)).await,
        kit.delete(&olof, &own).await,
        kit.patch(&olof, &own, &json!({ "accountEnabled": false })).await,
    ] {
        assert_eq!(
            (answer.status, answer.code()),
            (403, "Authorization_RequestDenied"),
            "{answer:?}"
        );
    }
    assert_eq!(kit.get(&olof, "/me").await.status, 200);
}

#[tokio::test]
async fn an_application_manages_what_its_role_says() {
    let kit = kit().await;
    let robot = kit.token("robot").await;
    assert_eq!(kit.get(&robot, "/users").await.status, 200);
    assert_eq!(kit.get(&robot, "/me").await.status, 400, "nobody's me");
    let given = kit.post(&robot, ASSIGNMENTS, &giving(RUT.object, GROUPS_ADMINISTRATOR)).await;
    assert_eq!(given.status, 201, "{given:?}");
    let roles = kit.get(&robot, "/directoryRoles").await;
    assert_eq!(roles.ids().len(), 7);
    let held = kit.get(&robot, &format!("/users/{}/memberOf", RUT.object)).await;
    let types: Vec<&str> = held.body["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["@odata.type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["#microsoft.graph.group", "#microsoft.graph.directoryRole"]);
    let filter = format!("{ASSIGNMENTS}?$filter=principalId%20eq%20'{}'", RUT.object);
    assert_eq!(kit.get(&robot, &filter).await.ids().len(), 1);
}

#[tokio::test]
async fn a_certificate_is_called_no_longer_than_anything_else() {
    let kit = kit().await;
    let alf = kit.token("alf").await;
    let name = "n".repeat(100_000);
    let key = json!({ "displayName": name, "type": "AsymmetricX509Cert", "usage": "Verify", "key": "AAAA" });
    let body = json!({ "keyCredentials": [key] });
    let answer = kit.patch(&alf, &format!("/applications/{PLAIN}"), &body).await;
    let said = answer.body["error"]["message"].as_str().unwrap();
    assert_eq!(answer.status, 400);
    assert!(said.contains("'displayName'"), "{said}");
}

#[tokio::test]
async fn who_holds_a_role_is_told_page_by_page() {
    let kit = kit().await;
    let olof = kit.token("olof").await;
    for who in [UMA, GIL] {
        let given = kit.post(&olof, ASSIGNMENTS, &giving(who.object, GLOBAL_ADMINISTRATOR)).await;
        assert_eq!(given.status, 201, "{given:?}");
    }
    let members = format!("/directoryRoles/{GLOBAL_ADMINISTRATOR}/members");
    for (list, count) in [(members.as_str(), 4), (ASSIGNMENTS, 8)] {
        let (mut seen, mut link) = (Vec::new(), Some(format!("/v1.0{list}?$top=1")));
        while let Some(path) = link.take() {
            let page = kit.send(Some(&olof), &axum::http::Method::GET, &path, "").await;
            assert!(page.ids().len() <= 1, "{page:?}");
            seen.extend(page.ids().into_iter().map(str::to_owned));
            let next = page.body["@odata.nextLink"].as_str();
            link = next.map(|it| it.strip_prefix(GRAPH).unwrap().to_owned());
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count, "{list}");
    }
}
