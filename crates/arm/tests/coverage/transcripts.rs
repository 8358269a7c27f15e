//! Two servers that differ only in another tenant's things give a stranger the same answers.

use arm::{
    deployment,
    request::{ArmResponse, Method, NoCaller},
    route::Judge,
};
use ids::{
    guid::{Principal, TenantId},
    scope::Scope,
};
use model::{
    change::Noun,
    samples::{self, NEIGHBOUR, OLOF, OWNER, PROVIDER, TIER1},
    settings::{Profile, Settings},
};
use operations::plane::Plane;
use serde_json::{Value, json};
use uuid::Uuid;

use super::kit::{STRANGER, SUBSCRIPTION, rows, send};

const NORTHWIND: TenantId = TenantId::new(Uuid::from_u128(0xB));
const NORA: Principal = samples::principal(NORTHWIND, 0x40);
/// Of the tenant that manages Northwind's things, and trusted with none of them.
const COLLEAGUE: Principal = samples::principal(PROVIDER, 0xC0);
/// Northwind's subscription, as far as it is there.
const THEIRS: &str = "/subscriptions/00000000-0000-0000-0000-000000000006";
/// A subscription that is nowhere.
const NOBODYS: &str = "/subscriptions/00000000-0000-0000-0000-000000000099";

/// How much of Northwind there is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Northwind {
    Nothing,
    /// The tenant and its subscription: what the azure profile lets a stranger know.
    Subscription,
    Everything,
}

/// A plane with Contoso's things, made after as much of Northwind as is wanted.
async fn plane(profile: Profile, northwind: Northwind) -> Plane {
    let plane = testkit::plane(vec![
        Noun::Settings(Settings { profile, ..Settings::default() }),
        Noun::User(samples::user(STRANGER, "stranger")),
        Noun::User(samples::user(COLLEAGUE, "colleague")),
    ])
    .await;
    if northwind != Northwind::Nothing {
        let whole = Scope::Subscription(NEIGHBOUR);
        let nouns = vec![
            Noun::Tenant(samples::tenant(NORTHWIND, "northwind")),
            Noun::User(samples::user(NORA, "nora")),
            Noun::Subscription(samples::subscription(NEIGHBOUR, NORTHWIND)),
            Noun::RoleAssignment(samples::role_assignment(whole, NORA, OWNER)),
        ];
        testkit::put(&plane, nouns).await;
    }
    if northwind == Northwind::Everything {
        work(&plane).await;
    }
    testkit::put(&plane, vec![Noun::ResourceGroup(testkit::group("app"))]).await;
    plane
}

/// Northwind delegates to Fabrikam, deploys, locks, and both leave their marks.
async fn work(plane: &Plane) {
    let group = format!("{THEIRS}/resourceGroups/app");
    let below =
        |kind: &str| format!("{THEIRS}/providers/{kind}/00000000-0000-0000-0000-0000000000d0");
    let definition = below("Microsoft.ManagedServices/registrationDefinitions");
    let steps = [
        (group.clone(), "2022-09-01", json!({ "location": "westeurope" })),
        (
            format!("{group}/providers/Microsoft.Storage/storageAccounts/a"),
            "2023-01-01",
            json!({ "location": "westeurope", "identity": { "type": "SystemAssigned" } }),
        ),
        (
            definition.clone(),
            "2022-10-01",
            json!({ "properties": {
                "registrationDefinitionName": "Fabrikam Ops",
                "managedByTenantId": PROVIDER,
                "authorizations": [
                    { "principalId": TIER1.object, "roleDefinitionId": samples::CONTRIBUTOR },
                ],
            }}),
        ),
        (
            below("Microsoft.ManagedServices/registrationAssignments"),
            "2022-10-01",
            json!({ "properties": { "registrationDefinitionId": definition } }),
        ),
        (
            below("Microsoft.Resources/deployments"),
            "2022-09-01",
            json!({ "location": "westeurope", "properties": { "mode": "Incremental", "template": {
                "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
                "contentVersion": "1.0.0.0",
                "resources": [],
            }}}),
        ),
        (
            below("Microsoft.Authorization/locks"),
            "2020-05-01",
            json!({ "properties": { "level": "CanNotDelete" } }),
        ),
    ];
    for (path, version, body) in steps {
        let answer = tell(plane, Ok(NORA), (Method::Put, &path, version), &body.to_string()).await;
        assert!(answer.status < 300, "{path}: {answer:?}");
    }
    deployment::drain(plane).await.unwrap();
    // Fabrikam's engineer works there, too.
    let line = (Method::Get, group.as_str(), "2022-09-01");
    assert_eq!(tell(plane, Ok(samples::ADA), line, "").await.status, 200);
}

async fn tell(
    plane: &Plane,
    who: Result<Principal, NoCaller>,
    line: (Method, &str, &str),
    body: &str,
) -> ArmResponse {
    send(plane, line, who.map(samples::caller), samples::correlation(), body).await
}

/// Who asks: nobody, someone without rights, and Contoso's owner. The owner only reads what is
/// Contoso's, since what a write makes is named at random.
fn askers() -> [Result<Principal, NoCaller>; 3] {
    [Err(NoCaller::Missing), Ok(STRANGER), Ok(OLOF)]
}

/// Every row, in the newest version, at Contoso and at `there`: the line asked and the answer.
async fn transcript(plane: &Plane, there: &str) -> Vec<(String, ArmResponse)> {
    told(plane, there, &askers()).await
}

async fn told(
    plane: &Plane,
    there: &str,
    askers: &[Result<Principal, NoCaller>],
) -> Vec<(String, ArmResponse)> {
    let mut told = Vec::new();
    let mut last = None;
    for (route, version, path) in rows() {
        if last.replace((route.method, route.target)) == Some((route.method, route.target)) {
            continue; // an older version of the same row
        }
        for who in askers {
            for path in [path.clone(), path.replace(SUBSCRIPTION, there)] {
                let ours = !path.starts_with(there);
                if *who == Ok(OLOF) && ours && !route.method.reads() {
                    continue;
                }
                let line = (route.method, path.as_str(), version);
                let answer = tell(plane, who.clone(), line, "{}").await;
                let foreign = !ours && route.judge != Judge::Starter;
                assert!(!foreign || answer.status >= 400, "{path}: {answer:?}");
                told.push((format!("{who:?} {} {path} {version}", route.method.as_str()), answer));
            }
        }
    }
    told
}

#[track_caller]
fn same(one: &[(String, ArmResponse)], other: &[(String, ArmResponse)]) {
    assert_eq!(one.len(), other.len());
    assert!(one.len() > 200, "only {} answers were compared", one.len());
    for ((line, one), (_, other)) in one.iter().zip(other) {
        assert_eq!(one, other, "{line}");
    }
}

/// The same transcript, as if it had been about Northwind's subscription.
fn renamed(told: Vec<(String, ArmResponse)>) -> Vec<(String, ArmResponse)> {
    let bare = |path: &str| path.trim_start_matches("/subscriptions/").to_owned();
    let (from, to) = (bare(NOBODYS), bare(THEIRS));
    let rename = |(line, mut answer): (String, ArmResponse)| {
        let body: Option<Value> = answer
            .body
            .map(|body| serde_json::from_str(&body.to_string().replace(&from, &to)).unwrap());
        answer.body = body;
        for (_, value) in &mut answer.headers {
            *value = value.replace(&from, &to);
        }
        (line.replace(&from, &to), answer)
    };
    told.into_iter().map(rename).collect()
}

#[tokio::test]
async fn in_the_strict_profile_a_stranger_cannot_tell_whether_another_tenant_is_there() {
    let with = plane(Profile::Strict, Northwind::Everything).await;
    let without = plane(Profile::Strict, Northwind::Nothing).await;
    same(&transcript(&with, THEIRS).await, &transcript(&without, THEIRS).await);
}

#[tokio::test]
async fn in_the_strict_profile_a_foreign_subscription_is_like_an_unknown_one() {
    let plane = plane(Profile::Strict, Northwind::Everything).await;
    // Nor do those hear of it who belong to the managing tenant and hold nothing there.
    let all: Vec<_> = askers().into_iter().chain([Ok(COLLEAGUE)]).collect();
    let foreign = told(&plane, THEIRS, &all).await;
    same(&foreign, &renamed(told(&plane, NOBODYS, &all).await));
}

#[tokio::test]
async fn in_the_azure_profile_a_subscriptions_id_reveals_its_home_tenant_and_no_more() {
    let with = plane(Profile::Azure, Northwind::Everything).await;
    let without = plane(Profile::Azure, Northwind::Subscription).await;
    let told = transcript(&with, THEIRS).await;
    same(&told, &transcript(&without, THEIRS).await);
    let fabrikam = PROVIDER.to_string();
    for (line, answer) in told.iter().filter(|(line, _)| line.contains(THEIRS)) {
        assert!(!format!("{answer:?}").contains(&fabrikam), "{line} names the managing tenant");
    }
}
