//! A customer with management groups and a provider, and how a request line is sent to them.

use arm::{
    front_door,
    request::{ArmRequest, ArmResponse, Method, Preconditions, Query},
};
use ids::{guid::Principal, resource::ResourceId, scope::Scope};
use model::{
    change::Noun,
    resource::Resource,
    samples::{self, CONTRIBUTOR, CUSTOMER, OLOF, OWNER, PROVIDER, TIER1},
    settings::{Profile, Settings},
    tree::{ManagementGroup, Subscription, Tags},
};
use operations::plane::Plane;
use serde_json::{Map, Value, json};

pub(super) const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000005";
pub(super) const CORP: &str = "/providers/Microsoft.Management/managementGroups/corp";
pub(super) const LAB: &str = "/providers/Microsoft.Management/managementGroups/lab";
/// Azure's own: only listed managing tenants, and the audit of assignments.
pub(super) const ALLOW: &str =
    "/providers/Microsoft.Authorization/policyDefinitions/7a8a51a3-ad87-4def-96f3-65a1839242b6";
pub(super) const AUDIT: &str =
    "/providers/Microsoft.Authorization/policyDefinitions/76bed37b-484f-430f-a009-fd7592dff818";
pub(super) const GUID: &str = "22222222-0000-4000-8000-000000000001";
/// One of Contoso's people, who owns the subscription and nothing above it.
pub(super) const IVO: Principal = samples::principal(CUSTOMER, 0x140);
/// One of Contoso's people, who holds nothing.
pub(super) const NORA: Principal = samples::principal(CUSTOMER, 0x40);

/// Contoso's subscription stands in `corp`; Olof owns the tenant, Ivo the subscription.
pub(super) async fn plane(profile: Profile) -> Plane {
    let group = |name: &str| {
        Noun::ManagementGroup(ManagementGroup {
            tenant: CUSTOMER,
            name: name.parse().unwrap(),
            display_name: name.to_owned(),
            parent: None,
        })
    };
    let parent = Some("corp".parse().unwrap());
    let subscription = samples::subscription(samples::SUBSCRIPTION, CUSTOMER);
    let owns =
        |scope: Scope, who| Noun::RoleAssignment(samples::role_assignment(scope, who, OWNER));
    testkit::plane(vec![
        Noun::Settings(Settings { profile, ..Settings::default() }),
        group("corp"),
        group("lab"),
        Noun::Subscription(Subscription { parent, ..subscription }),
        Noun::ResourceGroup(testkit::group("app")),
        Noun::User(samples::user(IVO, "ivo")),
        Noun::User(samples::user(NORA, "nora")),
        owns(Scope::Tenant(CUSTOMER), OLOF),
        owns(samples::whole(), IVO),
    ])
    .await
}

/// `PUT /path?api-version` by that principal; `{s}` stands for Contoso's subscription. Where no
/// version is named it is one that the type has.
pub(super) async fn ask(plane: &Plane, who: Principal, line: &str, body: Value) -> ArmResponse {
    let (verb, rest) = line.split_once(' ').unwrap();
    let (path, filter) = rest.split_once('?').unwrap_or((rest, ""));
    let path = path.replace("{s}", SUBSCRIPTION);
    let mut query = vec![("api-version".to_owned(), version(&path).to_owned())];
    if !filter.is_empty() {
        query.push(("$filter".to_owned(), filter.to_owned()));
    }
    let request = ArmRequest {
        method: Method::parse(verb).unwrap(),
        path,
        query: Query(query),
        caller: Ok(samples::caller(who)),
        auxiliary: Vec::new(),
        correlation: samples::correlation(),
        client_request: None,
        client_address: None,
        preconditions: Preconditions::default(),
        arrived: plane.store.now(),
    };
    let body = if body.is_null() { Vec::new() } else { body.to_string().into() };
    front_door::answer(plane, request, async { Ok(body) }).await
}

fn version(path: &str) -> &'static str {
    let of = [
        ("policyExemptions", "2022-07-01-preview"),
        ("remediations", "2021-10-01"),
        ("policyStates", "2019-10-01"),
        ("Microsoft.ManagedServices", "2022-10-01"),
        ("Microsoft.Insights", "2015-04-01"),
        ("policy", "2021-06-01"),
        ("Microsoft.Management", "2021-04-01"),
    ];
    of.iter()
        .find(|(word, _)| path.rsplit("/providers/").next().unwrap().contains(word))
        .map_or_else(
            || of.iter().find(|(word, _)| path.contains(word)).unwrap().1,
            |(_, version)| version,
        )
}

/// The body of an answer that must be one of success.
pub(super) async fn done(plane: &Plane, who: Principal, line: &str, body: Value) -> Value {
    let answer = ask(plane, who, line, body).await;
    assert!(matches!(answer.status, 200..=204), "{line}: {answer:?}");
    answer.body.unwrap_or_default()
}

#[track_caller]
pub(super) fn refuses(answer: &ArmResponse, status: u16, code: &str) {
    let sent = answer.body.clone().unwrap_or_default();
    assert_eq!((answer.status, sent["error"]["code"].as_str()), (status, Some(code)), "{answer:?}");
}

pub(super) fn definition(scope: &str, name: &str) -> String {
    format!("{scope}/providers/Microsoft.Authorization/policyDefinitions/{name}")
}

pub(super) fn assignment(scope: &str, name: &str) -> String {
    format!("{scope}/providers/Microsoft.Authorization/policyAssignments/{name}")
}

/// A policy of one's own that denies what is offered by that tenant.
pub(super) fn denying(tenant: &str) -> Value {
    json!({ "properties": { "mode": "All", "policyRule": {
        "if": { "field": "Microsoft.ManagedServices/registrationDefinitions/managedByTenantId", "equals": tenant },
        "then": { "effect": "deny" },
    }}})
}

/// Something that was written before all rules of today.
pub(super) fn kept(path: &str, properties: &Value) -> Noun {
    Noun::Resource(Resource {
        id: ResourceId::parse(path, CUSTOMER).unwrap(),
        location: None,
        tags: Tags::new(),
        identity: None,
        envelope: Map::new(),
        properties: properties.as_object().unwrap().clone(),
        system_data: samples::system_data(),
    })
}

/// Assigns that definition, with more in the properties.
pub(super) fn assigning(of: &str, more: &Value) -> Value {
    let mut properties = json!({ "policyDefinitionId": of });
    properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "properties": properties })
}

/// Azure's own list with these managing tenants, and more.
pub(super) fn allowing(tenants: &Value, more: &Value) -> Value {
    let mut all = json!({ "parameters": { "listOfAllowedTenants": { "value": tenants } } });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    assigning(ALLOW, &all)
}

/// Fabrikam's offer to Contoso, put by that principal.
pub(super) async fn onboard(plane: &Plane, who: Principal) -> ArmResponse {
    let line =
        format!("PUT {{s}}/providers/Microsoft.ManagedServices/registrationDefinitions/{GUID}");
    let offer = json!({ "properties": {
        "registrationDefinitionName": "Fabrikam Ops",
        "managedByTenantId": PROVIDER,
        "authorizations": [{ "principalId": TIER1.object, "roleDefinitionId": CONTRIBUTOR }],
    }});
    ask(plane, who, &line, offer).await
}

/// The offer's acceptance at that scope.
pub(super) async fn accept(plane: &Plane, scope: &str) -> ArmResponse {
    let of = format!(
        "{SUBSCRIPTION}/providers/Microsoft.ManagedServices/registrationDefinitions/{GUID}"
    );
    let line =
        format!("PUT {scope}/providers/Microsoft.ManagedServices/registrationAssignments/{GUID}");
    ask(plane, OLOF, &line, json!({ "properties": { "registrationDefinitionId": of } })).await
}
