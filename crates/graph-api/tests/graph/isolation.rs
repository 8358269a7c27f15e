//! What one tenant learns of another: nothing.

use model::samples::{ADA, OLOF};
use serde_json::json;

use crate::kit::{GRAPH, GUEST, RUT, STAFF, kit};

#[tokio::test]
async fn lists_hold_the_callers_own_tenant_and_nothing_else() {
    let kit = kit().await;
    let (contoso, fabrikam) = (kit.token("rut").await, kit.token("ada").await);
    for (path, contosos, fabrikams) in [
        ("/users", 7, 1),
        ("/groups", 1, 1),
        ("/applications", 2, 1),
        ("/servicePrincipals", 2, 1),
        ("/organization", 1, 1),
        ("/domains", 1, 1),
        ("/roleManagement/directory/roleAssignments", 6, 0),
    ] {
        assert_eq!(kit.get(&contoso, path).await.ids().len(), contosos, "{path}");
        assert_eq!(kit.get(&fabrikam, path).await.ids().len(), fabrikams, "{path}");
    }
    // The same object id in two tenants is two people.
    assert_eq!(OLOF.object, ADA.object);
    let name = |answer: crate::kit::Answered| answer.body["userPrincipalName"].clone();
    let path = format!("/users/{}", OLOF.object);
    assert_eq!(name(kit.get(&contoso, &path).await), "olof@contoso.example");
    assert_eq!(name(kit.get(&fabrikam, &path).await), "ada@fabrikam.example");
    let by_name = kit.get(&contoso, "/users/ada@fabrikam.example").await;
    assert_eq!((by_name.status, by_name.code()), (404, "Request_ResourceNotFound"));
}

#[tokio::test]
async fn a_guest_sees_itself_and_the_groups_it_is_in_and_nobody_else() {
    let kit = kit().await;
    let (olof, guest) = (kit.token("olof").await, kit.token("guest").await);
    let reference =
        json!({ "@odata.id": format!("{GRAPH}/v1.0/directoryObjects/{}", GUEST.object) });
    let added =
        kit.post(&olof, &format!("/groups/{}/members/$ref", STAFF.object), &reference).await;
    assert_eq!(added.status, 204, "{added:?}");
    let me = kit.get(&guest, "/me").await;
    assert_eq!(me.body["id"], GUEST.object.to_string(), "{me:?}");
    assert_eq!(kit.get(&guest, "/me/memberOf").await.ids(), [STAFF.object.to_string()]);
    let same = format!("/users/{}", GUEST.object);
    assert_eq!(kit.get(&guest, &same).await.status, 200);
    for path in [
        format!("/users/{}", RUT.object),
        format!("/users/{}/memberOf", RUT.object),
        format!("/groups/{}", STAFF.object),
        format!("/groups/{}/members", STAFF.object),
        "/users/ada_fabrikam.example%23EXT%23@contoso.example".to_owned(),
    ] {
        let answer = kit.get(&guest, &path).await;
        assert_eq!((answer.status, answer.code()), (403, "Authorization_RequestDenied"), "{path}");
    }
}

#[tokio::test]
async fn an_invitation_tells_nothing_of_who_exists_elsewhere() {
    let kit = kit().await;
    let uma = kit.token("uma").await;
    let invite = |address: &str| json!({ "invitedUserEmailAddress": address, "inviteRedirectUrl": "https://x.example" });
    let mut told = Vec::new();
    for address in ["ada@fabrikam.example", "nobody@fabrikam.example", "x@nowhere.example"] {
        let answer = kit.post(&uma, "/invitations", &invite(address)).await;
        assert_eq!(answer.status, 201, "{address}: {answer:?}");
        let mut keys: Vec<String> = answer.body.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        told.push((keys, answer.body["status"].clone()));
        let id = answer.body["invitedUser"]["id"].as_str().unwrap().to_owned();
        let again = kit.post(&uma, "/invitations", &invite(address)).await;
        assert_eq!(again.body["invitedUser"]["id"], id, "the same guest, not a second");
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
    let own = kit.post(&uma, "/invitations", &invite("rut@contoso.example")).await;
    assert_eq!(own.status, 400, "{own:?}");
}

#[tokio::test]
async fn a_page_goes_on_for_the_caller_it_was_given_to_and_for_nobody_else() {
    let kit = kit().await;
    let (rut, olof) = (kit.token("rut").await, kit.token("olof").await);
    let mut seen = Vec::new();
    let mut link = Some("/v1.0/users?$top=2&$count=true".to_owned());
    let mut last = None;
    while let Some(path) = link.take() {
        let page = kit.send(Some(&rut), &axum::http::Method::GET, &path, "").await;
        assert_eq!(page.body["@odata.count"], 7, "{page:?}");
        seen.extend(page.ids().into_iter().map(str::to_owned));
        let next = page.body["@odata.nextLink"].as_str();
        link = next.map(|it| it.strip_prefix(GRAPH).unwrap().to_owned());
        last = link.clone().or(last);
    }
    seen.dedup();
    assert_eq!(seen.len(), 7);
    let stolen = kit.send(Some(&olof), &axum::http::Method::GET, &last.unwrap(), "").await;
    assert_eq!((stolen.status, stolen.code()), (400, "Request_BadRequest"));
}
