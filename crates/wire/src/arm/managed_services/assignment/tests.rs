use model::samples::{CUSTOMER, SUBSCRIPTION, assignment, definition, resource_group};

use super::*;

fn put(id: &str) -> Result<Request, BadContent> {
    let body = format!(r#"{{"properties":{{"registrationDefinitionId":"{id}"}}}}"#);
    read(assignment(resource_group("app")).id, body.as_bytes(), Generation::Current)
}

#[test]
fn a_definition_is_found_by_any_spelling_and_echoed_as_sent() {
    let canonical = definition(SUBSCRIPTION).id.to_string();
    let shouted = canonical.trim_start_matches('/').to_lowercase();
    let request = put(&shouted).unwrap();
    assert_eq!(request.definition, definition(SUBSCRIPTION).id);
    assert_eq!(request.definition_as_sent, shouted);

    let kept =
        Assignment { definition_as_sent: shouted.clone(), ..assignment(resource_group("app")) };
    let body = AssignmentBody::new(kept, None, ProvisioningState::Accepted, Generation::Stable2019);
    let id = assignment(resource_group("app")).id;
    assert_eq!(
        serde_json::to_string(&body).unwrap(),
        format!(
            r#"{{"properties":{{"registrationDefinitionId":"{shouted}","provisioningState":"Accepted"}},"id":"{id}","type":"Microsoft.ManagedServices/registrationAssignments","name":"{}"}}"#,
            id.name()
        )
    );
}

#[test]
fn an_embedded_definition_shows_the_customer_in_every_generation() {
    let parties = Parties {
        customer: CUSTOMER,
        customer_name: None,
        managing_name: Some("Fabrikam".to_owned()),
    };
    let expanded = Some((definition(SUBSCRIPTION), parties));
    let whole = assignment(resource_group("app"));
    let body =
        AssignmentBody::new(whole, expanded, ProvisioningState::Succeeded, Generation::Stable2019);
    let shown = serde_json::to_value(&body).unwrap();
    let inner = &shown["properties"]["registrationDefinition"];
    assert_eq!(inner["properties"]["manageeTenantId"], CUSTOMER.to_string());
    assert_eq!(inner["id"], definition(SUBSCRIPTION).id.to_string());
}

#[test]
fn what_names_no_definition_is_refused() {
    for bad in ["", "d", "/subscriptions/x", &resource_group("app").to_string()] {
        let refused = put(bad).unwrap_err().to_string();
        assert!(
            refused.contains("must be the resource id of a registration definition"),
            "{refused}"
        );
    }
}
