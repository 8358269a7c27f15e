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

#[test]
fn a_delegation_may_begin_and_end_and_says_so_as_it_was_said() {
    let with = |schedule: &str| {
        let definition = definition(SUBSCRIPTION).id;
        let body = format!(
            r#"{{"properties":{{"registrationDefinitionId":"{definition}","scheduleInfo":{schedule}}}}}"#
        );
        read(assignment(resource_group("app")).id, body.as_bytes(), Generation::Current)
    };
    let (start, end) = ("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z");
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let until = |end: &str| format!(r#"{{"type":"AfterDateTime","endDateTime":"{end}"}}"#);
    let cases = [
        ("null".to_owned(), None),
        ("{}".to_owned(), Some((EVER, None))),
        (format!(r#"{{"startDateTime":"{start}"}}"#), Some((at(start), None))),
        (format!(r#"{{"expiration":{}}}"#, until(end)), Some((EVER, Some(at(end))))),
        (
            format!(r#"{{"startDateTime":"{start}","expiration":{}}}"#, until(end)),
            Some((at(start), Some(at(end)))),
        ),
        (
            format!(
                r#"{{"startDateTime":"{start}","expiration":{{"type":"AfterDuration","duration":"P59D"}}}}"#
            ),
            Some((at(start), Some(at(end)))),
        ),
    ];
    for (schedule, expected) in cases {
        let period = with(&schedule).unwrap().period;
        assert_eq!(period.map(|it| (it.from(), it.until())), expected, "{schedule}");
        let Some(period) = period else { continue };
        let again = serde_json::to_string(&shown(period)).unwrap();
        assert_eq!(with(&again).unwrap().period, Some(period), "{again}");
    }
    for bad in [
        r#"{"expiration":{"type":"AfterDuration","duration":"P1D"}}"#.to_owned(),
        format!(r#"{{"startDateTime":"{end}","expiration":{}}}"#, until(start)),
        format!(r#"{{"startDateTime":"{end}","expiration":{}}}"#, until(end)),
        r#"{"startDateTime":"soon"}"#.to_owned(),
        "[]".to_owned(),
    ] {
        assert!(with(&bad).is_err(), "{bad}");
    }
}
