//! Statuses, headers, bodies, refusals.

use arm::request::Method;
use model::samples::{self, ADA, CONTRIBUTOR, CUSTOMER, DELETE_ROLE, OLOF, OWNER, PROVIDER, TIER1};
use serde_json::json;

use super::kit::{
    ASSIGNMENTS, AZ, DEFINITIONS, GUID, INGA, OTHER, SUBSCRIPTION, accepting, asking, body,
    definition, delegated, granting, header, offer, offering, plane, polled, refuses,
};

#[tokio::test]
async fn az_delegates_sees_its_work_and_ends_it() {
    let plane = plane().await;
    let made =
        asking(&plane, Method::Put, definition(GUID)).speaking(AZ).with(offer()).send().await;
    assert_eq!((made.status, header(&made, "Azure-AsyncOperation")), (201, None));
    assert_eq!(
        body(&made).to_string(),
        format!(
            r#"{{"properties":{{"registrationDefinitionName":"Fabrikam Ops","managedByTenantId":"{PROVIDER}","authorizations":[{{"principalId":"{0}","roleDefinitionId":"{CONTRIBUTOR}"}},{{"principalId":"{0}","roleDefinitionId":"{DELETE_ROLE}"}}],"provisioningState":"Succeeded","managedByTenantName":"fabrikam"}},"id":"{1}","type":"Microsoft.ManagedServices/registrationDefinitions","name":"{GUID}"}}"#,
            TIER1.object,
            definition(GUID)
        )
    );

    let path = format!("{SUBSCRIPTION}/{ASSIGNMENTS}/{GUID}");
    let accepted = asking(&plane, Method::Put, &*path).speaking(AZ).with(accepting(GUID)).send();
    let accepted = accepted.await;
    assert_eq!((accepted.status, header(&accepted, "Retry-After")), (201, Some("1")));
    assert_eq!(body(&accepted)["properties"]["provisioningState"], "Accepted");
    let link = header(&accepted, "Azure-AsyncOperation").unwrap();
    assert!(link.ends_with("?api-version=2019-06-01"), "{link}");
    assert_eq!(body(&polled(&plane, link, OLOF).await), json!({ "status": "Succeeded" }));
    assert_eq!(polled(&plane, link, ADA).await.status, 404);

    let shown = asking(&plane, Method::Get, &*path).by(ADA).speaking(AZ);
    let shown = shown.query("$expandRegistrationDefinition", "true").send().await;
    let inner = &body(&shown)["properties"]["registrationDefinition"];
    assert_eq!(inner["properties"]["manageeTenantId"], CUSTOMER.to_string());

    let ended = asking(&plane, Method::Delete, &*path).speaking(AZ).send().await;
    assert_eq!((ended.status, ended.body.clone()), (202, None));
    let link = header(&ended, "Location").unwrap();
    assert_eq!(body(&polled(&plane, link, OLOF).await), json!({ "status": "Succeeded" }));
    let refused = asking(&plane, Method::Get, &*path).by(ADA).send().await;
    assert_eq!(body(&refused)["error"]["code"], "InvalidAuthenticationTokenTenant");
    assert_eq!(asking(&plane, Method::Delete, &*path).send().await.status, 204);

    assert_eq!(asking(&plane, Method::Delete, definition(GUID)).send().await.status, 200);
    assert_eq!(asking(&plane, Method::Delete, definition(GUID)).send().await.status, 204);
}

#[tokio::test]
async fn whoever_gives_a_delegation_back_may_still_poll() {
    let plane = delegated().await;
    let path = format!("{SUBSCRIPTION}/{ASSIGNMENTS}/{GUID}");
    let ended = asking(&plane, Method::Delete, path).by(ADA).send().await;
    assert_eq!(ended.status, 202, "{ended:?}");
    let link = header(&ended, "Location").unwrap();
    assert_eq!(body(&polled(&plane, link, ADA).await), json!({ "status": "Succeeded" }));
}

#[tokio::test]
async fn an_update_is_accepted_with_a_status_to_poll() {
    let plane = delegated().await;
    let put = asking(&plane, Method::Put, definition(GUID)).with(granting(CONTRIBUTOR)).send();
    let put = put.await;
    assert_eq!((put.status, header(&put, "Retry-After")), (200, Some("1")));
    assert_eq!(body(&put)["properties"]["provisioningState"], "Accepted");
    let link = header(&put, "Azure-AsyncOperation").unwrap();
    assert_eq!(body(&polled(&plane, link, OLOF).await), json!({ "status": "Succeeded" }));
    let shown = asking(&plane, Method::Get, definition(GUID)).send().await;
    assert_eq!(body(&shown)["properties"]["provisioningState"], "Succeeded");
}

#[tokio::test]
async fn lists_are_whole_and_can_be_filtered() {
    let plane = delegated().await;
    let list = async |filter: Option<String>| {
        let asked = asking(&plane, Method::Get, format!("{SUBSCRIPTION}/{ASSIGNMENTS}"));
        let asked = match filter {
            Some(filter) => asked.query("$filter", filter),
            None => asked,
        };
        body(&asked.send().await)
    };
    assert_eq!(list(None).await["value"].as_array().unwrap().len(), 1);
    let theirs = list(Some(format!("managedByTenantId eq '{PROVIDER}'"))).await;
    assert_eq!(theirs["value"].as_array().unwrap().len(), 1);
    let others = list(Some(format!("managedByTenantId in ('{CUSTOMER}')"))).await;
    assert_eq!(others, json!({ "value": [] }));
    assert_eq!(
        list(Some("name eq 'x'".to_owned())).await["error"]["code"],
        "InvalidQueryParameter"
    );
}

#[tokio::test]
async fn the_provider_tells_its_operations_at_any_scope() {
    let plane = plane().await;
    for scope in ["", SUBSCRIPTION] {
        let path = format!("{scope}/providers/Microsoft.ManagedServices/operations");
        let told = asking(&plane, Method::Get, path).send().await;
        assert_eq!(body(&told)["value"].as_array().unwrap().len(), 11, "{told:?}");
    }
}

#[tokio::test]
async fn a_bad_definition_is_refused_with_the_reason() {
    const INVALID: &str = "InvalidRegistrationDefinitionCreateRequest";
    let plane = delegated().await;
    let custom = "12121212-0000-4000-8000-000000000001";
    let data = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"; // Storage Blob Data Reader
    let gives_access = "e5e2a7ff-d759-4cd2-bb51-3152d37e2eb1"; // Storage Account Backup Contributor
    let plan = json!({ "name": "gold", "publisher": "f", "product": "ops", "version": "1.0.0" });
    let mut planned = offer();
    planned["plan"] = plan;
    let cases = [
        (OTHER, granting(custom), INVALID, "Only built in role definitions"),
        (OTHER, granting(OWNER), INVALID, "restricted for registration"),
        (OTHER, granting(data), INVALID, "with data actions not allowed for"),
        (OTHER, granting(gives_access), INVALID, "because of restricted actions"),
        (OTHER, granting("Reader"), "InvalidRequestContent", "must be a valid Guid"),
        (OTHER, offering("managedByTenantId", json!(CUSTOMER)), INVALID, "not allowed to use"),
        (OTHER, offering("authorizations", json!([])), INVALID, "at least one"),
        (OTHER, planned, INVALID, "f.ops.gold.1.0.0"),
        ("ops", offer(), INVALID, "must be a valid Guid"),
        (OTHER, json!([]), "InvalidRequestContent", "must be an object"),
        (
            GUID,
            offering("managedByTenantId", json!(samples::SUBSCRIPTION)),
            "RegistrationDefinitionInvalidUpdate",
            "property ManagedByTenantId not allowed to update",
        ),
    ];
    let before = testkit::events(&plane).await.len();
    for (name, sent, code, text) in cases {
        let put = asking(&plane, Method::Put, definition(name)).with(sent).send().await;
        refuses(&put, 400, code, text);
    }
    let in_group = format!("{SUBSCRIPTION}/resourceGroups/app/{DEFINITIONS}/{OTHER}");
    let put = asking(&plane, Method::Put, in_group).with(offer()).send().await;
    refuses(&put, 400, "InvalidRegistrationDefinitionUri", "/subscriptions/<subscriptionId>");
    let eligible = json!([{ "principalId": TIER1.object, "roleDefinitionId": CONTRIBUTOR }]);
    let put = asking(&plane, Method::Put, definition(OTHER)).speaking(AZ);
    let put = put.with(offering("eligibleAuthorizations", eligible)).send().await;
    refuses(&put, 400, "InvalidApiVersionParameter", "2020-02-01-preview");
    assert_eq!(testkit::events(&plane).await.len(), before, "nothing changed");
}

#[tokio::test]
async fn a_bad_assignment_is_refused_with_the_reason() {
    const INVALID: &str = "InvalidRegistrationAssignmentCreateRequest";
    let plane = delegated().await;
    let made = asking(&plane, Method::Put, definition(OTHER)).with(offer()).send().await;
    assert_eq!(made.status, 201);
    let foreign = json!({ "properties": { "registrationDefinitionId": definition(GUID)
        .replace("000000000005", "000000000006") } });
    let missing = "22222222-0000-4000-8000-00000000dead";
    let cases = [
        (
            OTHER,
            accepting(GUID),
            409,
            "MultipleRegistrationAssignmentsNotAllowed",
            definition(GUID),
        ),
        (GUID, accepting(OTHER), 409, INVALID, definition(GUID)),
        (OTHER, accepting(missing), 404, "RegistrationDefinitionNotFound", definition(missing)),
        (OTHER, foreign, 400, INVALID, "at the subscription of the".to_owned()),
        ("mine", accepting(OTHER), 400, INVALID, "must be a valid Guid".to_owned()),
        (OTHER, json!({}), 400, "InvalidRequestContent", "'properties'".to_owned()),
    ];
    for (name, sent, status, code, text) in cases {
        let path = format!("{SUBSCRIPTION}/{ASSIGNMENTS}/{name}");
        let put = asking(&plane, Method::Put, path).with(sent).send().await;
        refuses(&put, status, code, &text);
    }
    let used = asking(&plane, Method::Delete, definition(GUID)).send().await;
    refuses(&used, 409, "InvalidRegistrationDefinitionDeleteRequest", "1 registration assignment");
    for (kind, code) in [
        (DEFINITIONS, "RegistrationDefinitionNotFound"),
        (ASSIGNMENTS, "RegistrationAssignmentNotFound"),
    ] {
        let path = format!("{SUBSCRIPTION}/{kind}/{missing}");
        refuses(&asking(&plane, Method::Get, path).send().await, 404, code, missing);
    }
}

#[tokio::test]
async fn the_delegation_rule_names_the_part_that_failed() {
    const CODE: &str = "InsufficientPrivilegesForManagedServiceResource";
    let plane = delegated().await;
    for (who, reason) in [(INGA, "read, write and delete"), (ADA, "subscription's own tenant")] {
        let put = asking(&plane, Method::Put, definition(GUID)).by(who).with(offer()).send().await;
        refuses(&put, 403, CODE, "doesn't have sufficient privileges");
        let detail = body(&put)["error"]["details"][0]["message"].to_string();
        assert!(detail.contains(reason), "{detail}");
    }
    let path = format!("{SUBSCRIPTION}/{ASSIGNMENTS}/{OTHER}");
    let ended = asking(&plane, Method::Delete, path).by(ADA).send().await;
    refuses(&ended, 403, CODE, "doesn't have sufficient privileges");
    let detail = body(&ended)["error"]["details"][0]["message"].to_string();
    assert!(detail.contains("only its own registration assignments"), "{detail}");
}

#[tokio::test]
async fn nothing_is_published_and_nobody_publishes_here() {
    let plane = plane().await;
    let kind = "providers/Microsoft.ManagedServices/marketplaceRegistrationDefinitions";
    for scope in ["", SUBSCRIPTION] {
        let list = asking(&plane, Method::Get, format!("{scope}/{kind}"));
        let list = list.query("$filter", "planIdentifier eq 'f.ops.gold.1.0.0'").send().await;
        assert_eq!(body(&list), json!({ "value": [] }));
        let get = asking(&plane, Method::Get, format!("{scope}/{kind}/f.ops.gold")).send().await;
        refuses(&get, 404, "ResourceNotFound", "f.ops.gold");
    }
    let put = asking(&plane, Method::Put, format!("{SUBSCRIPTION}/{kind}/f.ops.gold"));
    assert_eq!(put.with(offer()).send().await.status, 405);
}
