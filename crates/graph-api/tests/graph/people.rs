//! What `az ad` does, request by request.

use base64::{Engine, prelude::BASE64_STANDARD};
use ids::clock::Revision;
use serde_json::{Value, json};

use crate::kit::{GRAPH, PLAIN, RUT, STAFF, kit};

const CERTIFICATE: &str = include_str!("../../../identity/src/certificate/automation.pem");

fn bob() -> Value {
    json!({
        "userPrincipalName": "bob@contoso.example", "displayName": "Bob",
        "passwordProfile": { "password": "P@ss1234!", "forceChangePasswordNextSignIn": false },
        "mailNickname": "bob", "accountEnabled": true,
    })
}

#[tokio::test]
async fn a_person_is_made_signs_in_is_changed_and_goes() {
    let kit = kit().await;
    let uma = kit.token("uma").await;
    let made = kit.post(&uma, "/users", &bob()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let id = made.body["id"].as_str().unwrap().to_owned();
    assert_eq!(made.body["@odata.context"], format!("{GRAPH}/v1.0/$metadata#users/$entity"));
    assert!(kit.person("bob@contoso.example", "P@ss1234!", GRAPH).await.is_some());

    let twice = kit.post(&uma, "/users", &bob()).await;
    assert_eq!((twice.status, twice.code()), (400, "Request_BadRequest"));
    let found =
        kit.get(&uma, "/users?$filter=userPrincipalName%20eq%20'BOB@contoso.example'").await;
    assert_eq!(found.ids(), [id.as_str()]);

    let path = "/users/bob@contoso.example";
    let change = json!({ "jobTitle": "Lead", "passwordProfile": { "password": "N3w horse!" } });
    assert_eq!(kit.patch(&uma, path, &change).await.status, 204);
    let shown =
        kit.get(&uma, &format!("{path}?$select=jobTitle,mailNickname,accountEnabled")).await;
    assert_eq!(shown.body["jobTitle"], "Lead");
    assert_eq!(shown.body["mailNickname"], "bob");
    assert!(kit.person("bob@contoso.example", "P@ss1234!", GRAPH).await.is_none());
    let token = kit.person("bob@contoso.example", "N3w horse!", GRAPH).await.unwrap();
    assert_eq!(kit.get(&token, "/me").await.body["id"], id);

    assert_eq!(kit.delete(&uma, &format!("/users/{id}")).await.status, 204);
    assert_eq!(kit.get(&uma, path).await.status, 404);
    let gone = kit.get(&token, "/me").await;
    assert_eq!((gone.status, gone.code()), (401, "InvalidAuthenticationToken"));
    assert!(kit.person("bob@contoso.example", "N3w horse!", GRAPH).await.is_none());
}

#[tokio::test]
async fn a_person_with_a_weak_password_or_a_foreign_domain_is_not_made() {
    let kit = kit().await;
    let uma = kit.token("uma").await;
    for (name, value) in [
        ("userPrincipalName", json!("bob@fabrikam.example")),
        ("userPrincipalName", json!("b b@contoso.example")),
        ("passwordProfile", json!({ "password": "password" })),
        (
            "passwordProfile",
            json!({ "password": "P@ss1234!", "forceChangePasswordNextSignIn": true }),
        ),
        ("displayName", json!("")),
        ("accountEnabled", json!(null)),
        ("city", json!("Oslo")),
    ] {
        let mut body = bob();
        body[name] = value;
        let answer = kit.post(&uma, "/users", &body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "Request_BadRequest"),
            "{name} {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_group_is_made_and_people_come_and_go() {
    let kit = kit().await;
    let gil = kit.token("gil").await;
    let new = json!({ "displayName": "g2", "mailNickname": "g2", "mailEnabled": false, "securityEnabled": true });
    let made = kit.post(&gil, "/groups", &new).await;
    assert_eq!(made.status, 201, "{made:?}");
    let id = made.body["id"].as_str().unwrap();
    let named = "/groups?$filter=displayName%20eq%20'g2'%20and%20mailNickname%20eq%20'g2'";
    assert_eq!(kit.get(&gil, named).await.ids(), [id]);

    let members = format!("/groups/{id}/members");
    let reference =
        |object: &str| json!({ "@odata.id": format!("{GRAPH}/v1.0/directoryObjects/{object}") });
    let staff = STAFF.object.to_string();
    assert_eq!(kit.post(&gil, &format!("{members}/$ref"), &reference(&staff)).await.status, 204);
    let twice = kit.post(&gil, &format!("{members}/$ref"), &reference(&staff)).await;
    assert_eq!((twice.status, twice.code()), (400, "Request_BadRequest"));
    let itself = kit.post(&gil, &format!("{members}/$ref"), &reference(id)).await;
    assert_eq!(itself.status, 400);
    let elsewhere = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{staff}") });
    assert_eq!(kit.post(&gil, &format!("{members}/$ref"), &elsewhere).await.status, 400);

    let listed = kit.get(&gil, &members).await;
    assert_eq!(listed.ids(), [staff.as_str()]);
    assert_eq!(listed.body["value"][0]["@odata.type"], "#microsoft.graph.group");
    let transitive = kit.get(&gil, &format!("/groups/{id}/transitiveMembers")).await;
    assert_eq!(transitive.ids().len(), 2, "the group and Rut in it");
    let check = format!("/directoryObjects/{}/checkMemberGroups", RUT.object);
    assert_eq!(kit.post(&gil, &check, &json!({ "groupIds": [id] })).await.ids(), [id]);
    let groups = kit
        .post(
            &gil,
            "/users/rut@contoso.example/getMemberGroups",
            &json!({ "securityEnabledOnly": true }),
        )
        .await;
    assert_eq!(groups.ids().len(), 2, "{groups:?}");

    assert_eq!(kit.delete(&gil, &format!("{members}/{staff}/$ref")).await.status, 204);
    assert_eq!(kit.post(&gil, &check, &json!({ "groupIds": [id] })).await.ids(), [""; 0]);
    assert_eq!(kit.delete(&gil, &format!("{members}/{staff}/$ref")).await.status, 404);
    assert_eq!(kit.delete(&gil, &format!("/groups/{id}")).await.status, 204);
    assert_eq!(kit.get(&gil, &format!("/groups/{id}")).await.status, 404);
}

#[tokio::test]
async fn an_application_is_registered_given_a_secret_and_signs_in() {
    let kit = kit().await;
    let alf = kit.token("alf").await;
    let made = kit
        .post(&alf, "/applications", &json!({ "displayName": "newsp", "keyCredentials": [] }))
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    let (id, app) = (made.body["id"].as_str().unwrap(), made.body["appId"].as_str().unwrap());
    let wanted = json!({ "passwordCredential": { "displayName": "rbac", "endDateTime": "2027-11-22T10:02:34Z" } });
    let secret = kit.post(&alf, &format!("/applications/{id}/addPassword"), &wanted).await;
    assert_eq!(secret.status, 200, "{secret:?}");
    assert_eq!(secret.body["secretText"].as_str().unwrap().len(), 43);
    let principal = kit
        .post(&alf, "/servicePrincipals", &json!({ "appId": app, "accountEnabled": true }))
        .await;
    assert_eq!(principal.status, 201, "{principal:?}");
    let again = kit.post(&alf, "/servicePrincipals", &json!({ "appId": app })).await;
    assert_eq!((again.status, again.code()), (409, "Request_MultipleObjectsWithSameKeyValue"));
    let named = format!(
        "/servicePrincipals?$filter=servicePrincipalNames%2Fany%28c%3Ac%20eq%20%27{app}%27%29"
    );
    let own = principal.body["id"].as_str().unwrap();
    assert_eq!(kit.get(&alf, &named).await.ids(), [own]);
    let api = json!({ "identifierUris": ["api://newsp"] });
    assert_eq!(kit.patch(&alf, &format!("/applications/{id}"), &api).await.status, 204);
    let by_api = named.replace(app, "API%3A%2F%2FnewSP");
    assert_eq!(kit.get(&alf, &by_api).await.ids(), [own]);
    assert_eq!(kit.get(&alf, &by_api.replace("newSP", "other")).await.ids(), [""; 0]);

    let shown = kit.get(&alf, &format!("/applications(appId='{app}')")).await;
    assert_eq!(shown.body["passwordCredentials"][0]["displayName"], "rbac");
    assert_eq!(shown.body["passwordCredentials"][0]["secretText"], json!(null));
    let key = json!({ "keyId": secret.body["keyId"] });
    assert_eq!(
        kit.post(&alf, &format!("/applications/{id}/removePassword"), &key).await.status,
        204
    );
    assert_eq!(
        kit.post(&alf, &format!("/applications/{id}/removePassword"), &key).await.status,
        400
    );

    let federated = format!("/applications/{id}/federatedIdentityCredentials");
    let word = json!({ "name": "ci-main", "issuer": "https://ci.example", "subject": "repo:a", "audiences": ["api://AzureADTokenExchange"] });
    let kept = kit.post(&alf, &federated, &word).await;
    assert_eq!(kept.status, 201, "{kept:?}");
    assert_eq!(
        kit.patch(&alf, &format!("{federated}/ci-main"), &json!({ "subject": "repo:b" }))
            .await
            .status,
        204
    );
    assert_eq!(kit.get(&alf, &federated).await.body["value"][0]["subject"], "repo:b");
    assert_eq!(kit.delete(&alf, &format!("{federated}/ci-main")).await.status, 204);

    assert_eq!(kit.delete(&alf, &format!("/applications/{id}")).await.status, 204);
    assert_eq!(kit.get(&alf, &named).await.ids(), [""; 0], "its principal goes along");
}

#[tokio::test]
async fn another_tenants_application_is_refused_like_one_that_does_not_exist() {
    let kit = kit().await;
    let alf = kit.token("alf").await;
    let mut told = Vec::new();
    for app in ["00000000-0000-0000-0000-000000000f07", "00000000-0000-4000-8000-00000000dead"] {
        let answer = kit.post(&alf, "/servicePrincipals", &json!({ "appId": app })).await;
        told.push((
            answer.status,
            answer.body["error"]["message"].as_str().unwrap().replace(app, ""),
        ));
    }
    assert_eq!((told[0].0, &told[0]), (400, &told[1]));
}

#[tokio::test]
async fn a_batch_judges_each_request_by_itself() {
    let kit = kit().await;
    let rut = kit.token("rut").await;
    let batch = json!({ "requests": [
        { "id": "1", "method": "GET", "url": "/me" },
        { "id": "2", "method": "POST", "url": "/groups", "headers": { "Content-Type": "application/json" },
          "body": { "displayName": "x", "mailNickname": "x", "mailEnabled": false, "securityEnabled": true } },
        { "id": "3", "method": "GET", "url": "/users?$top=1", "dependsOn": ["2"] },
        { "id": "4", "method": "POST", "url": "/$batch", "body": { "requests": [] } },
    ] });
    let answer = kit.post(&rut, "/$batch", &batch).await;
    let statuses: Vec<u64> = answer.body["responses"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer:?}"))
        .iter()
        .map(|it| it["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [200, 403, 424, 400]);
    assert_eq!(answer.body["responses"][0]["body"]["id"], RUT.object.to_string());
}

fn word() -> Value {
    json!({ "name": "ci-main", "issuer": "https://ci.example", "subject": "s", "audiences": ["a"] })
}

#[tokio::test]
async fn who_changes_one_part_of_a_federated_credential_takes_back_no_other() {
    let kit = kit().await;
    let alf = kit.token("alf").await;
    let all = format!("/applications/{PLAIN}/federatedIdentityCredentials");
    assert_eq!(kit.post(&alf, &all, &word()).await.status, 201);
    let path = format!("{all}/ci-main");
    let edits = [
        json!({ "subject": "other" }),
        json!({ "issuer": "https://other.example" }),
        json!({ "audiences": ["other"] }),
        json!({ "description": "other" }),
    ];
    let [a, b, c, d] = edits.each_ref().map(|edit| kit.patch(&alf, &path, edit));
    let (a, b, c, d) = tokio::join!(a, b, c, d);
    assert_eq!([a, b, c, d].map(|it| it.status), [204; 4]);
    let kept = kit.get(&alf, &path).await.body;
    for edit in edits {
        let (name, value) = edit.as_object().unwrap().iter().next().unwrap();
        assert_eq!(kept[name], *value, "{kept}");
    }
}

#[tokio::test]
async fn an_application_is_made_and_changed_whole_or_not_at_all() {
    let kit = kit().await;
    let alf = kit.token("alf").await;
    let certificate =
        |text: &str| json!({ "key": BASE64_STANDARD.encode(text), "type": "AsymmetricX509Cert" });
    let (good, bad) = (certificate(CERTIFICATE), certificate("none"));
    let path = format!("/applications/{PLAIN}");
    let plane = kit.sign_in.plane();
    let events = testkit::events(plane).await.len();
    for body in [
        json!({ "displayName": "new", "keyCredentials": [good, bad] }),
        json!({ "displayName": "\u{7}", "keyCredentials": [good] }),
        json!({ "displayName": "new", "tags": vec!["t"; 51], "keyCredentials": [good] }),
    ] {
        assert_eq!(kit.post(&alf, "/applications", &body).await.status, 400, "{body}");
        assert_eq!(kit.patch(&alf, &path, &body).await.status, 400, "{body}");
    }
    assert_eq!(testkit::events(plane).await.len(), events, "a refusal leaves nothing");
    let before = kit.get(&alf, &path).await.body;
    assert_eq!((&before["displayName"], &before["keyCredentials"]), (&json!("plain"), &json!([])));

    let body = json!({ "displayName": "new", "keyCredentials": [good] });
    let made = kit.post(&alf, "/applications", &body).await;
    assert_eq!(made.body["keyCredentials"][0]["displayName"], "CN=automation", "{made:?}");
    assert_eq!(kit.patch(&alf, &path, &body).await.status, 204);
    let entries = plane.store.journal(Revision::default(), 1_000).await.unwrap();
    let last: Vec<_> = entries[events..].iter().map(|it| it.revision).collect();
    assert_eq!(last.len(), 4, "application and certificate, twice");
    assert!(last[0] == last[1] && last[2] == last[3] && last[1] != last[2], "{last:?}");
}
