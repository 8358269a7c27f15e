use delegation::define::Request;
use model::samples::{CUSTOMER, PROVIDER, SUBSCRIPTION, definition};

use super::*;

fn parties() -> Parties {
    Parties {
        customer: CUSTOMER,
        customer_name: Some("Contoso".to_owned()),
        managing_name: Some("Fabrikam".to_owned()),
    }
}

fn body(definition: Definition, generation: Generation) -> String {
    let body = DefinitionBody::new(definition, parties(), ProvisioningState::Succeeded, generation);
    serde_json::to_string(&body).unwrap()
}

/// The body of Azure's own example, shortened.
const PUT: &str = r#"{"properties":{"registrationDefinitionName":"Fabrikam Ops","description":"VM operations","managedByTenantId":"aaaaaaaa-0000-4000-8000-000000000001","authorizations":[{"principalId":"aaaaaaaa-0000-4000-8000-0000000000a1","principalIdDisplayName":"Tier 1","roleDefinitionId":"acdd72a7-3385-48ef-bd42-f606fba81ae7"},{"principalId":"aaaaaaaa-0000-4000-8000-0000000000a2","roleDefinitionId":"18d7d88d-d35e-4fb5-a5c3-7773c20a72d9","delegatedRoleDefinitionIds":["b24988ac-6180-42a0-ab88-20f7382dd24c"]}],"eligibleAuthorizations":[{"principalId":"aaaaaaaa-0000-4000-8000-0000000000a1","principalIdDisplayName":"Tier 1","roleDefinitionId":"b24988ac-6180-42a0-ab88-20f7382dd24c","justInTimeAccessPolicy":{"multiFactorAuthProvider":"Azure","maximumActivationDuration":"PT8H","managedByTenantApprovers":[{"principalId":"aaaaaaaa-0000-4000-8000-0000000000a3","principalIdDisplayName":"Approvers"}]}}]}}"#;

fn asked(body: &str) -> Result<Asked, BadContent> {
    read(definition(SUBSCRIPTION).id, body.as_bytes(), Generation::Current)
}

fn put(body: &str) -> Result<Request, BadContent> {
    match asked(body)? {
        Asked::Own(request) => Ok(request),
        Asked::OfPlan(request) => panic!("{request:?}"),
    }
}

fn of_plan(body: &str) -> take::Request {
    match asked(body).unwrap() {
        Asked::OfPlan(request) => request,
        Asked::Own(request) => panic!("{request:?}"),
    }
}

/// What the request asks for, as it would be kept.
fn kept(request: Request) -> Definition {
    let Request {
        id,
        managed_by,
        name,
        description,
        authorizations,
        eligible,
        accepted,
        dialect: _,
    } = request;
    let system_data = definition(SUBSCRIPTION).system_data;
    Definition {
        id,
        managed_by,
        name,
        description,
        authorizations,
        eligible,
        accepted,
        system_data,
    }
}

#[test]
fn what_was_sent_is_read_back_in_the_same_order() {
    let shown = body(kept(put(PUT).unwrap()), Generation::Current);
    let expected = PUT.strip_suffix("}}").unwrap();
    assert!(shown.starts_with(expected), "{shown}");
    assert!(shown.contains(
        r#","provisioningState":"Succeeded","manageeTenantId":"00000000-0000-0000-0000-00000000000c","manageeTenantName":"Contoso","managedByTenantName":"Fabrikam"},"id":"/subscriptions/"#
    ));
}

#[test]
fn each_generation_shows_what_it_knows() {
    let whole = kept(put(PUT).unwrap());
    let has = |generation, member| body(whole.clone(), generation).contains(member);
    for (generation, customer, eligible, system_data) in [
        (Generation::Preview2018, true, false, false),
        (Generation::Stable2019, false, false, false),
        (Generation::Preview2020, false, true, false),
        (Generation::Current, true, true, true),
    ] {
        assert_eq!(has(generation, "manageeTenantId"), customer, "{generation:?}");
        assert_eq!(has(generation, "eligibleAuthorizations"), eligible, "{generation:?}");
        assert_eq!(has(generation, "systemData"), system_data, "{generation:?}");
    }
}

#[test]
fn what_was_not_sent_is_not_shown() {
    let sent = format!(
        r#"{{"properties":{{"managedByTenantId":"{PROVIDER}","authorizations":[],"description":null}},"plan":null,"location":"moon"}}"#
    );
    let request = put(&sent).unwrap();
    assert_eq!(request.managed_by, PROVIDER);
    let shown = body(kept(request), Generation::Stable2019);
    assert!(!shown.contains("null") && !shown.contains("description"), "{shown}");
}

#[test]
fn an_empty_list_of_delegated_roles_is_told_from_none() {
    let with = |list: &str| {
        let delegated = r#""delegatedRoleDefinitionIds":["b24988ac-6180-42a0-ab88-20f7382dd24c"]"#;
        put(&PUT.replace(delegated, list)).unwrap().authorizations[1].delegated_roles.clone()
    };
    assert_eq!(with(r#""delegatedRoleDefinitionIds":[]"#), Some(Vec::new()));
    assert_eq!(with(r#""delegatedRoleDefinitionIds":null"#), None);
}

#[test]
fn a_plan_is_read_whole_and_what_it_says_may_be_left_out() {
    let plan = r#""plan":{"name":"gold","product":"ops","publisher":"fabrikam","version":"1.0.0"}"#;
    let sent = PUT.replacen('{', &format!("{{{plan},"), 1);
    let whole = of_plan(&sent);
    assert_eq!(whole.plan.to_string(), "fabrikam.ops.gold.1.0.0");
    assert_eq!(whole.said.authorizations.map(|it| it.len()), Some(2));
    assert_eq!(whole.said.eligible.map(|it| it.len()), Some(1));
    for bare in [format!("{{{plan}}}"), format!(r#"{{{plan},"properties":{{}}}}"#)] {
        assert_eq!(of_plan(&bare).said, Said::default());
    }
    let refused = asked(&sent.replace(r#""version":"1.0.0""#, r#""versions":[]"#)).unwrap_err();
    assert_eq!(refused, BadContent::Missing("plan.version".to_owned()));
    let refused = asked(r#"{"properties":{}}"#).unwrap_err();
    assert_eq!(refused, BadContent::Missing("properties.managedByTenantId".to_owned()));
}

#[test]
fn a_refusal_names_the_field() {
    for (from, to, expected) in [
        (
            "\"managedByTenantId\"",
            "\"managedBy\"",
            "Required property 'properties.managedByTenantId'",
        ),
        (
            "aaaaaaaa-0000-4000-8000-0000000000a2",
            "bot",
            "'bot' of property 'properties.authorizations[1].principalId' must be a valid Guid",
        ),
        (
            "acdd72a7-3385-48ef-bd42-f606fba81ae7",
            "Reader",
            "'Reader' of property 'properties.authorizations[0].roleDefinitionId' must be a valid Guid",
        ),
        (
            "PT8H",
            "P1Y",
            "'P1Y' of property 'properties.eligibleAuthorizations[0].justInTimeAccessPolicy.maximumActivationDuration' must be an ISO 8601",
        ),
        ("PT8H", "PT90S", "must be an ISO 8601 duration of whole minutes"),
        ("\"Azure\"", "\"Duo\"", "must be 'Azure' or 'None'"),
        (
            "[\"b24988ac-6180-42a0-ab88-20f7382dd24c\"]",
            "\"all\"",
            "delegatedRoleDefinitionIds' must be an array",
        ),
    ] {
        let refused = put(&PUT.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(refused.contains(expected), "{refused}");
    }
}
