//! What must hold for every row of the route table, in every version it speaks.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use arm::{
    front_door,
    request::{ArmRequest, ArmResponse, Method, NoCaller, Preconditions, Query},
    route::{Judge, Level, Route, Target, Versions},
    routes,
    types::types,
};
use ids::{guid::Principal, resource::ResourceType};
use model::{change::Noun, samples};
use operations::plane::Plane;

const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000005";
/// A type that has no rows of its own.
const ANY: &str = "Microsoft.Storage/storageAccounts";
const GUID: &str = "00000000-0000-0000-0000-0000000000d0";

/// Someone of Contoso's to whom nothing was granted.
const STRANGER: Principal = samples::principal(samples::CUSTOMER, 0x5742);

fn at(level: Level) -> String {
    match level {
        Level::Tenant => String::new(),
        Level::ManagementGroup => "/providers/Microsoft.Management/managementGroups/mg".to_owned(),
        Level::Subscription => SUBSCRIPTION.to_owned(),
        Level::ResourceGroup => format!("{SUBSCRIPTION}/resourceGroups/app"),
        Level::Resource => format!("{SUBSCRIPTION}/resourceGroups/app/providers/{ANY}/a"),
    }
}

/// `namespace/type/child` with a name behind each type.
fn named(kind: &str) -> String {
    let mut words = kind.split('/');
    let namespace = words.next().unwrap();
    let pair = |path: String, word: &str| path + &format!("/{word}/{GUID}");
    words.fold(format!("/providers/{namespace}"), pair)
}

/// A path that the row is meant for.
fn path(target: Target) -> String {
    let below = |path: String| format!("{SUBSCRIPTION}{path}");
    match target {
        Target::Scope(level) => at(level),
        Target::Words(level, words) => {
            let words: Vec<&str> = words.iter().map(|w| if *w == "*" { GUID } else { w }).collect();
            format!("{}/{}", at(level), words.join("/"))
        }
        Target::Provider(level) => format!("{}/providers/Microsoft.Storage", at(level)),
        Target::ProviderAction(level, action) => {
            format!("{}/providers/Microsoft.Storage/{action}", at(level))
        }
        Target::Item(kind) => below(named(kind)),
        Target::List(kind) => {
            let path = named(kind);
            below(path.rsplit_once('/').unwrap().0.to_owned())
        }
        Target::ItemAction(kind, action) => below(format!("{}/{action}", named(kind))),
        Target::AnyItem => below(named(ANY)),
        Target::AnyList => below(format!("/providers/{ANY}")),
    }
}

fn versions(route: &Route) -> Vec<&'static str> {
    let of = |kind: &str| {
        let kind = ResourceType::parse(kind).unwrap();
        types().find(&kind).map(|known| known.versions.clone()).unwrap_or_default()
    };
    match (route.versions, route.target) {
        (Versions::These(versions), _) => versions.to_vec(),
        (Versions::OfType, Target::Item(kind) | Target::List(kind)) => of(kind),
        (Versions::OfType, _) => of(ANY),
    }
}

async fn ask(
    plane: &Plane,
    method: Method,
    path: &str,
    version: &str,
    caller: Result<Principal, NoCaller>,
) -> ArmResponse {
    let request = ArmRequest {
        method,
        path: path.to_owned(),
        query: Query(vec![("api-version".to_owned(), version.to_owned())]),
        caller: caller.map(samples::caller),
        correlation: samples::correlation(),
        client_request: None,
        client_address: None,
        preconditions: Preconditions::default(),
        arrived: plane.store.now(),
    };
    front_door::answer(plane, request, async { Ok(b"{}".to_vec()) }).await
}

fn code(response: &ArmResponse) -> String {
    let body = response.body.clone().unwrap_or_default();
    body["error"]["code"].as_str().unwrap_or_default().to_owned()
}

async fn world() -> Plane {
    testkit::plane(vec![
        Noun::User(samples::user(STRANGER, "stranger")),
        Noun::ResourceGroup(testkit::group("app")),
    ])
    .await
}

fn rows() -> impl Iterator<Item = (&'static Route, &'static str, String)> {
    routes::all().flat_map(|route| {
        versions(route).into_iter().map(move |version| (route, version, path(route.target)))
    })
}

#[tokio::test]
async fn every_row_speaks_some_version() {
    for route in routes::all() {
        assert!(!versions(route).is_empty(), "{:?} {:?}", route.method, route.target);
    }
}

#[tokio::test]
async fn every_row_refuses_a_missing_token() {
    let plane = world().await;
    for (route, version, path) in rows() {
        let answer = ask(&plane, route.method, &path, version, Err(NoCaller::Missing)).await;
        let place = format!("{} {path} {version}", route.method.as_str());
        assert_eq!(
            (answer.status, code(&answer)),
            (401, "AuthenticationFailed".to_owned()),
            "{place}"
        );
        let challenge = answer.headers.iter().find(|(name, _)| *name == "WWW-Authenticate");
        assert!(challenge.unwrap().1.starts_with("Bearer authorization_uri="), "{place}");
    }
}

#[tokio::test]
async fn every_row_in_a_subscription_refuses_a_foreign_tenants_token() {
    let plane = world().await;
    for (route, version, path) in rows().filter(|(_, _, path)| path.starts_with("/subscriptions/0"))
    {
        let answer = ask(&plane, route.method, &path, version, Ok(samples::ADA)).await;
        let place = format!("{} {path} {version}", route.method.as_str());
        if route.judge == Judge::Starter {
            assert_eq!(answer.status, 404, "{place}");
            continue;
        }
        assert_eq!(code(&answer), "InvalidAuthenticationTokenTenant", "{place}");
        assert_eq!(answer.status, 401, "{place}");
    }
}

#[tokio::test]
async fn every_row_refuses_a_stranger_or_shows_nothing() {
    let plane = world().await;
    let before = testkit::events(&plane).await.len();
    for (route, version, path) in rows() {
        let answer = ask(&plane, route.method, &path, version, Ok(STRANGER)).await;
        let place = format!("{} {path} {version}: {:?}", route.method.as_str(), answer.body);
        match route.judge {
            Judge::Action(..) => {
                assert_eq!(
                    (answer.status, code(&answer)),
                    (403, "AuthorizationFailed".to_owned()),
                    "{place}"
                );
            }
            Judge::Each(_) | Judge::Starter => {
                let shown = answer.body.clone().unwrap_or_default().to_string();
                assert!(matches!(answer.status, 200 | 400 | 404), "{place}");
                assert!(!shown.contains("/resourceGroups/app"), "{place}");
            }
        }
    }
    assert_eq!(testkit::events(&plane).await.len(), before, "a refusal leaves no event");
}

#[tokio::test]
async fn every_path_finds_its_own_row_and_unknown_versions_are_told_the_known() {
    let plane = world().await;
    for (route, _, path) in rows() {
        let answer = ask(&plane, route.method, &path, "1999-01-01", Ok(samples::OLOF)).await;
        let place = format!("{} {path}: {answer:?}", route.method.as_str());
        assert_eq!(answer.status, 400, "{place}");
        assert!(
            matches!(
                code(&answer).as_str(),
                "InvalidApiVersionParameter" | "NoRegisteredProviderFound"
            ),
            "{place}"
        );
        let answer = ask(&plane, route.method, &path, "", Ok(samples::OLOF)).await;
        assert_eq!(code(&answer), "MissingApiVersionParameter", "{place}");
    }
}

#[tokio::test]
async fn a_stranger_cannot_tell_a_group_that_is_there_from_one_that_is_not() {
    let plane = world().await;
    for (route, version, path) in rows() {
        let Some(rest) = path.strip_prefix(SUBSCRIPTION) else { continue };
        let rest = rest.strip_prefix("/resourceGroups/app").unwrap_or(rest);
        for who in [STRANGER, samples::ADA] {
            let mut answers = Vec::new();
            for group in ["app", "xyz"] {
                let path = format!("{SUBSCRIPTION}/resourceGroups/{group}{rest}");
                let answer = ask(&plane, route.method, &path, version, Ok(who)).await;
                let body = answer.body.map(|it| it.to_string().replace("xyz", "app"));
                answers.push((answer.status, body));
            }
            let place = format!("{} {path} {version} {who:?}", route.method.as_str());
            assert_eq!(answers[0], answers[1], "{place}");
        }
    }
}
