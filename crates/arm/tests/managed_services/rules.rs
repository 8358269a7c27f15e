//! Who may delegate, who sees what, and what ends with what: each refusal with its reason, as a
//! client reads it.

use arm::request::{
    ArmResponse,
    Method::{Delete, Get, Post, Put},
};
use ids::{
    guid::{AppId, Principal, RoleId, TenantId},
    resource::ResourceId,
};
use model::{
    change::Noun,
    directory::{ServicePrincipal, ServicePrincipalKind, User, UserKind},
    role::{Permission, RoleDefinition},
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, DELETE_ROLE, OLOF, OWNER, PROVIDER, READER, TIER1,
    },
    settings::{Profile, Settings},
};
use operations::plane::Plane;
use serde_json::{Value, json};
use uuid::Uuid;

use super::kit::{
    ASSIGNMENTS, AZ, DEFINITIONS, GUID, OTHER, SUBSCRIPTION, accepting, asking, body, definition,
    delegated, granting, offer, offering, plane, refuses,
};

const INSUFFICIENT: &str = "InsufficientPrivilegesForManagedServiceResource";
/// Somebody of Contoso's, whom each test makes what it needs.
const IVO: Principal = samples::principal(CUSTOMER, 0x140);
/// Ada's colleague, in no group.
const CARL: Principal = samples::principal(PROVIDER, 0xCA);
/// Another provider, and its engineer.
const RIVAL: TenantId = TenantId::new(Uuid::from_u128(0xB));
const BO: Principal = samples::principal(RIVAL, 0xB0);

fn grants(scope: ids::scope::Scope, who: Principal, role: RoleId) -> Noun {
    Noun::RoleAssignment(samples::role_assignment(scope, who, role))
}

fn assignment(scope: &str, name: &str) -> String {
    format!("{scope}/{ASSIGNMENTS}/{name}")
}

fn app() -> String {
    format!("{SUBSCRIPTION}/resourceGroups/app")
}

/// A refusal's code and the reason in its details.
#[track_caller]
fn says(answer: &ArmResponse, code: &str, reason: &str) {
    let error = &body(answer)["error"];
    let detail = error["details"][0]["message"].as_str().unwrap_or_default();
    assert_eq!((answer.status, error["code"].as_str()), (403, Some(code)), "{error}");
    assert!(detail.contains(reason), "{error}");
}

/// The rival's offer for the group `app`, accepted; by name OTHER.
async fn rival_delegated(plane: &Plane) {
    let people =
        vec![Noun::Tenant(samples::tenant(RIVAL, "rival")), Noun::User(samples::user(BO, "bo"))];
    testkit::put(plane, people).await;
    let mut theirs = offering("managedByTenantId", json!(RIVAL));
    let roles = [CONTRIBUTOR, DELETE_ROLE];
    theirs["properties"]["authorizations"] =
        roles.map(|role| json!({ "principalId": BO.object, "roleDefinitionId": role })).into();
    let made = asking(plane, Put, definition(OTHER)).with(theirs).send().await;
    assert_eq!(made.status, 201, "{made:?}");
    let accepted = asking(plane, Put, assignment(&app(), OTHER)).with(accepting(OTHER));
    assert_eq!(accepted.send().await.status, 201);
}

#[tokio::test]
async fn a_guest_who_is_owner_is_told_that_guests_do_not_delegate_unless_the_switch_says_so() {
    let plane = plane().await;
    let guest = User { kind: UserKind::Guest { home: ADA }, ..samples::user(IVO, "ada") };
    testkit::put(&plane, vec![Noun::User(guest), grants(samples::whole(), IVO, OWNER)]).await;
    let put = asking(&plane, Put, definition(GUID)).by(IVO).with(offer()).send().await;
    says(&put, INSUFFICIENT, "a guest may not delegate");

    let open = Settings { profile: Profile::Azure, guest_delegation: true, ..Settings::default() };
    testkit::put(&plane, vec![Noun::Settings(open)]).await;
    let put = asking(&plane, Put, definition(GUID)).by(IVO).with(offer()).send().await;
    assert_eq!(put.status, 201, "{put:?}");
    let path = assignment(SUBSCRIPTION, GUID);
    let accepted = asking(&plane, Put, path).by(IVO).with(accepting(GUID)).send().await;
    assert_eq!(accepted.status, 201, "{accepted:?}");
}

/// B2: onboarding by policy has a managed identity delegate.
#[tokio::test]
async fn a_managed_identity_that_is_owner_delegates() {
    let plane = plane().await;
    let resource = format!("{SUBSCRIPTION}/providers/Microsoft.Authorization/policyAssignments/p");
    let identity = ServicePrincipal {
        principal: IVO,
        app: AppId::new(Uuid::from_u128(0xA99)),
        display_name: "p".to_owned(),
        enabled: true,
        kind: ServicePrincipalKind::ManagedIdentity {
            resource: ResourceId::parse(&resource, CUSTOMER).unwrap(),
        },
    };
    let nouns = vec![Noun::ServicePrincipal(identity), grants(samples::whole(), IVO, OWNER)];
    testkit::put(&plane, nouns).await;
    let put = asking(&plane, Put, definition(GUID)).by(IVO).with(offer()).send().await;
    assert_eq!(put.status, 201, "{put:?}");
}

#[tokio::test]
async fn another_providers_delegation_is_refused_like_one_that_is_not_there() {
    let plane = delegated().await;
    rival_delegated(&plane).await;
    let ended = async |path: String| {
        let answer = asking(&plane, Delete, path).by(ADA).send().await;
        says(&answer, INSUFFICIENT, "only its own registration assignments");
        body(&answer).to_string()
    };
    let theirs = ended(assignment(&app(), OTHER)).await;
    let nothing = ended(assignment(&app(), GUID)).await;
    assert_eq!(theirs.replace(OTHER, GUID), nothing);
    let still = asking(&plane, Get, assignment(&app(), OTHER)).by(BO).send().await;
    assert_eq!(still.status, 200, "{still:?}");
}

#[tokio::test]
async fn a_contributor_without_the_delete_role_is_told_what_it_takes() {
    let plane = delegated().await;
    asking(&plane, Put, definition(GUID)).with(granting(CONTRIBUTOR)).send().await;
    let path = assignment(SUBSCRIPTION, GUID);
    let refused = asking(&plane, Delete, path).by(ADA).send().await;
    says(&refused, INSUFFICIENT, "Delete Role (91c1777a-f3dc-4fae-b103-61d183457e46)");
    let message = body(&refused)["error"]["message"].to_string();
    assert!(!message.contains("does not have authorization to perform action"), "{message}");
}

#[tokio::test]
async fn whoever_holds_no_such_action_is_told_which_one_it_takes() {
    let plane = delegated().await;
    let in_group = grants(samples::resource_group("app"), IVO, OWNER);
    let people = [Noun::User(samples::user(IVO, "ivo")), Noun::User(samples::user(CARL, "carl"))];
    testkit::put(&plane, people.into_iter().chain([in_group]).collect()).await;
    for who in [CARL, IVO] {
        let put = asking(&plane, Put, definition(OTHER)).by(who).with(offer()).send().await;
        says(
            &put,
            "AuthorizationFailed",
            "Microsoft.ManagedServices/registrationDefinitions/write",
        );
        let known = asking(&plane, Delete, definition(GUID)).by(who).send().await;
        let unknown = asking(&plane, Delete, definition(OTHER)).by(who).send().await;
        says(&known, "AuthorizationFailed", "registrationDefinitions/delete");
        let [known, unknown] = [known, unknown].map(|it| body(&it).to_string());
        assert_eq!(known.replace(GUID, OTHER), unknown);
    }
    let accepted = asking(&plane, Put, assignment(&app(), OTHER)).by(IVO).with(accepting(GUID));
    says(&accepted.send().await, INSUFFICIENT, "at the subscription");
}

#[tokio::test]
async fn a_resource_group_takes_its_delegation_along() {
    let plane = plane().await;
    rival_delegated(&plane).await;
    let group = || asking(&plane, Get, app()).speaking("2022-09-01").by(BO);
    assert_eq!(group().send().await.status, 200);
    let deleted = asking(&plane, Delete, app()).speaking("2022-09-01").send().await;
    assert_eq!(deleted.status, 202, "{deleted:?}");
    assert_eq!(body(&group().send().await)["error"]["code"], "InvalidAuthenticationTokenTenant");
    let list = asking(&plane, Get, format!("{SUBSCRIPTION}/{ASSIGNMENTS}")).send().await;
    assert_eq!(body(&list), json!({ "value": [] }));
    let gone = asking(&plane, Delete, definition(OTHER)).send().await;
    assert_eq!(gone.status, 200, "nothing is left of it in the definition's way: {gone:?}");
}

/// B21, with a role that is really there.
#[tokio::test]
async fn a_customers_own_role_is_not_delegated() {
    let plane = plane().await;
    let own = RoleId::new(Uuid::from_u128(0xC057));
    let role = RoleDefinition {
        id: own,
        tenant: Some(CUSTOMER),
        name: "Restarter".to_owned(),
        description: String::new(),
        permissions: vec![Permission {
            actions: vec!["*/read".to_owned()],
            ..Permission::default()
        }],
        assignable_scopes: vec![samples::whole()],
        written: None,
    };
    testkit::put(&plane, vec![Noun::RoleDefinition(role)]).await;
    let put = asking(&plane, Put, definition(GUID)).with(granting(own)).send().await;
    refuses(&put, 400, "InvalidRegistrationDefinitionCreateRequest", "Only built in role");
}

#[tokio::test]
async fn b41_a_delegated_group_names_its_managing_tenant_at_the_subscription() {
    let plane = plane().await;
    rival_delegated(&plane).await;
    for who in [OLOF, BO] {
        let shown = asking(&plane, Get, SUBSCRIPTION).speaking("2022-12-01").by(who).send().await;
        assert_eq!(body(&shown)["managedByTenants"], json!([{ "tenantId": RIVAL }]), "{shown:?}");
    }
}

/// B4: to view takes no more than reading.
#[tokio::test]
async fn a_delegated_reader_views_what_was_delegated_to_it_and_changes_nothing() {
    let plane = delegated().await;
    rival_delegated(&plane).await;
    asking(&plane, Put, definition(GUID)).with(granting(READER)).send().await;
    for (kind, expected) in [(DEFINITIONS, GUID), (ASSIGNMENTS, GUID)] {
        let list = asking(&plane, Get, format!("{SUBSCRIPTION}/{kind}")).by(ADA).send().await;
        let names: Vec<Value> =
            body(&list)["value"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
        assert_eq!(names, [expected]);
        let path = format!("{SUBSCRIPTION}/{kind}/{GUID}");
        assert_eq!(asking(&plane, Get, &*path).by(ADA).send().await.status, 200);
        let refused = asking(&plane, Delete, path).by(ADA).send().await;
        says(&refused, "AuthorizationFailed", "delete");
    }
}

/// Nobody looks whether there is such a principal: that would tell who exists.
#[tokio::test]
async fn an_unknown_principal_is_accepted_like_a_known_one() {
    let plane = plane().await;
    let unknown = json!([{ "principalId": Uuid::from_u128(0xDEAD), "roleDefinitionId": READER }]);
    let put = asking(&plane, Put, definition(GUID)).with(offering("authorizations", unknown));
    assert_eq!(put.send().await.status, 201);
    let elsewhere = offering("managedByTenantId", json!(Uuid::from_u128(0xF00)));
    let put = asking(&plane, Put, definition(OTHER)).with(elsewhere).send().await;
    assert_eq!(put.status, 201, "{put:?}");
}

/// What several public clients send, and no version of Azure knows.
#[tokio::test]
async fn another_spelling_of_expand_is_ignored() {
    let plane = delegated().await;
    for path in [assignment(SUBSCRIPTION, GUID), format!("{SUBSCRIPTION}/{ASSIGNMENTS}")] {
        let plain = asking(&plane, Get, &*path).send().await;
        let asked = asking(&plane, Get, path).query("$expand", "registrationDefinition");
        assert_eq!(body(&asked.send().await), body(&plain));
    }
}

#[tokio::test]
async fn a_body_that_is_nested_without_end_is_refused_and_changes_nothing() {
    let plane = delegated().await;
    let before = testkit::events(&plane).await.len();
    let deep = (0..200).fold(Value::Null, |inner, _| json!([inner]));
    for (path, member) in [(definition(OTHER), "authorizations"), (definition(OTHER), "extra")] {
        let put = asking(&plane, Put, path).with(offering(member, deep.clone())).send().await;
        assert_eq!(body(&put)["error"]["code"], "InvalidRequestContent", "{put:?}");
    }
    let put = asking(&plane, Put, assignment(SUBSCRIPTION, OTHER)).with(deep).send().await;
    assert_eq!(body(&put)["error"]["code"], "InvalidRequestContent", "{put:?}");
    assert_eq!(testkit::events(&plane).await.len(), before);
}

/// A delegated Contributor holds `unregister` and must not get in the owner's way by it.
#[tokio::test]
async fn nobody_unregisters_the_provider_while_something_is_delegated() {
    let plane = delegated().await;
    rival_delegated(&plane).await;
    let path = format!("{SUBSCRIPTION}/providers/Microsoft.ManagedServices/unregister");
    for (who, text) in [
        (OLOF, "2 registration assignment(s) and 2 registration definition(s)"),
        (ADA, "1 registration assignment(s) and 1 registration definition(s)"),
    ] {
        let refused = asking(&plane, Post, &*path).speaking("2022-09-01").by(who).send().await;
        refuses(&refused, 409, "ResourceProviderInUse", text);
    }
    let put = asking(&plane, Put, definition(GUID)).with(granting(READER)).send().await;
    assert_eq!(put.status, 200, "the owner goes on: {put:?}");
}

/// What the azure profile copied of Azure's defects stands in the customer's log (B56).
#[tokio::test]
async fn a_copied_defect_is_a_warning_in_the_customers_log() {
    let plane = delegated().await;
    asking(&plane, Put, definition(OTHER)).with(granting(CONTRIBUTOR)).send().await;
    let second = asking(&plane, Put, assignment(SUBSCRIPTION, OTHER)).with(accepting(OTHER));
    assert_eq!(second.send().await.status, 201);
    assert_eq!(asking(&plane, Delete, assignment(SUBSCRIPTION, GUID)).send().await.status, 202);

    let path = format!("{SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values");
    let since = plane.store.now() - jiff::SignedDuration::from_hours(1);
    let log = asking(&plane, Get, path)
        .speaking("2015-04-01")
        .query("$filter", format!("eventTimestamp ge '{since}' and levels eq 'Warning'"));
    let log = body(&log.send().await);
    let mut marks: Vec<&str> = log["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["properties"]["copiedDefect"].as_str().unwrap())
        .collect();
    marks.sort_unstable();
    assert_eq!(marks, ["DelegationTakenAlong", "DelegationsSharePrincipals"], "{log:#}");
}

/// An older version cannot write what it does not know, and can end it.
#[tokio::test]
async fn any_version_ends_a_delegation_with_eligible_authorizations() {
    let plane = plane().await;
    let eligible = json!([{ "principalId": TIER1.object, "roleDefinitionId": READER }]);
    let offer = offering("eligibleAuthorizations", eligible);
    assert_eq!(asking(&plane, Put, definition(GUID)).with(offer).send().await.status, 201);
    let path = assignment(SUBSCRIPTION, GUID);
    let accepted = asking(&plane, Put, &*path).speaking(AZ).with(accepting(GUID)).send().await;
    refuses(&accepted, 400, "InvalidApiVersionParameter", "2020-02-01-preview");
    let accepted = asking(&plane, Put, &*path).with(accepting(GUID)).send().await;
    assert_eq!(accepted.status, 201, "{accepted:?}");
    assert_eq!(asking(&plane, Delete, path).speaking(AZ).send().await.status, 202);
    assert_eq!(asking(&plane, Delete, definition(GUID)).speaking(AZ).send().await.status, 200);
}
