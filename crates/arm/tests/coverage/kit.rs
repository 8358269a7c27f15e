//! A request for every row of the route table, and how it is sent.

use arm::{
    front_door,
    request::{ArmRequest, ArmResponse, Method, NoCaller, Preconditions, Query},
    route::{Level, Route, Target, Versions},
    routes,
    types::types,
};
use ids::{
    guid::{CorrelationId, Principal},
    resource::{DefinitionId, ResourceType},
    scope::Scope,
};
use model::{
    change::Noun,
    delegation::{Accepted, Definition},
    directory::OPERATORS,
    directory_role::{DirectoryRoleAssignment, GLOBAL_ADMINISTRATOR},
    event::Caller,
    samples,
    tree::ManagementGroup,
};
use operations::plane::Plane;

pub(crate) const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000005";
/// A type that has no rows of its own.
const ANY: &str = "Microsoft.Storage/storageAccounts";
pub(crate) const GUID: &str = "00000000-0000-0000-0000-0000000000d0";

/// Someone of Contoso's to whom nothing was granted.
pub(crate) const STRANGER: Principal = samples::principal(samples::CUSTOMER, 0x5742);

/// One of those who run the installation.
pub(crate) const OPERATOR: Principal = samples::principal(OPERATORS, 0xA);

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
    if kind == "Microsoft.Resources/tags" {
        return format!("/providers/{kind}/default"); // the only name there is
    }
    if kind == "Microsoft.PolicyInsights/policyStates" {
        return format!("/providers/{kind}/latest");
    }
    if let Some(path) = of_market(kind) {
        return path.to_owned();
    }
    let mut words = kind.split('/');
    let namespace = words.next().unwrap();
    let pair = |path: String, word: &str| path + &format!("/{word}/{GUID}");
    words.fold(format!("/providers/{namespace}"), pair)
}

/// What is named after the plan that is published, or by a number.
fn of_market(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "Microsoft.MarketplaceOrdering/offerTypes/publishers/offers/plans/agreements" => {
            "/providers/Microsoft.MarketplaceOrdering/offerTypes/virtualmachine/publishers/fabrikam/offers/ops/plans/core/agreements/current"
        }
        "Microsoft.MarketplaceOrdering/agreements/offers/plans" => {
            "/providers/Microsoft.MarketplaceOrdering/agreements/fabrikam/offers/ops/plans/core"
        }
        "Fyr.Marketplace/acceptances" => "/providers/Fyr.Marketplace/acceptances/fabrikam.ops.core",
        "Fyr.Marketplace/acceptances/difference" => {
            "/providers/Fyr.Marketplace/acceptances/fabrikam.ops.core/difference/x"
        }
        PARTNERS => "/providers/Microsoft.ManagementPartner/partners/6123477",
        _ => return None,
    })
}

/// Everybody links themselves to a partner, and nobody else: no leave is asked for.
const PARTNERS: &str = "Microsoft.ManagementPartner/partners";

/// Whether the row is about something of the caller's own, whoever that is.
pub(crate) fn is_everybodys(route: &Route) -> bool {
    matches!(route.target, Target::Item(PARTNERS) | Target::List(PARTNERS))
}

/// A path that the row is meant for.
pub(crate) fn path(target: Target) -> String {
    let below = |path: String| format!("{SUBSCRIPTION}{path}");
    match target {
        Target::Scope(level) => at(level),
        Target::Words(Level::ManagementGroup, ["subscriptions", "*"]) => {
            format!("{}{SUBSCRIPTION}", at(Level::ManagementGroup))
        }
        Target::Words(level, words) => {
            let words: Vec<&str> = words.iter().map(|w| if *w == "*" { GUID } else { w }).collect();
            format!("{}/{}", at(level), words.join("/"))
        }
        Target::Provider(level) => format!("{}/providers/Microsoft.Storage", at(level)),
        Target::ProviderAction(level, action) => {
            format!("{}/providers/Microsoft.Storage/{action}", at(level))
        }
        Target::OwnAction(level, namespace, action) => {
            format!("{}/providers/{namespace}/{action}", at(level))
        }
        Target::Item(PARTNERS) => named(PARTNERS),
        Target::Item(kind) => below(named(kind)),
        Target::List(PARTNERS) => "/providers/Microsoft.ManagementPartner/partners".to_owned(),
        Target::List(kind) => {
            let path = named(kind);
            below(path.rsplit_once('/').unwrap().0.to_owned())
        }
        Target::ItemAction(kind, action) => below(format!("{}/{action}", named(kind))),
        Target::AnyItem => below(named(ANY)),
        Target::AnyAction => below(format!("{}/listKeys", named(ANY))),
        Target::AnyList => below(format!("/providers/{ANY}")),
    }
}

pub(crate) fn versions(route: &Route) -> Vec<&'static str> {
    let of = |kind: &str| {
        let kind = ResourceType::parse(kind).unwrap();
        types().find(&kind).map(|known| known.versions.clone()).unwrap_or_default()
    };
    match (route.versions, route.target) {
        (Versions::These(versions), _) => versions.to_vec(),
        (Versions::OfType, Target::Item(kind) | Target::List(kind)) => of(kind),
        (Versions::OfProvider, _) => {
            types().namespace(&"Microsoft.Storage".parse().unwrap()).unwrap().versions()
        }
        (Versions::OfType, _) => of(ANY),
    }
}

pub(crate) async fn ask(
    plane: &Plane,
    method: Method,
    path: &str,
    version: &str,
    caller: Result<Principal, NoCaller>,
) -> ArmResponse {
    let caller = caller.map(samples::caller);
    send(plane, (method, path, version), caller, samples::correlation(), "{}").await
}

/// The same, with all that a write has.
pub(crate) async fn send(
    plane: &Plane,
    (method, path, version): (Method, &str, &str),
    caller: Result<Caller, NoCaller>,
    correlation: CorrelationId,
    body: &str,
) -> ArmResponse {
    let request = ArmRequest {
        method,
        path: path.to_owned(),
        query: Query(vec![("api-version".to_owned(), version.to_owned())]),
        caller,
        auxiliary: Vec::new(),
        correlation,
        client_request: None,
        client_address: None,
        preconditions: Preconditions::default(),
        arrived: plane.store.now(),
    };
    front_door::answer(plane, request, async { Ok(body.as_bytes().to_vec()) }).await
}

pub(crate) fn code(response: &ArmResponse) -> String {
    let body = response.body.clone().unwrap_or_default();
    body["error"]["code"].as_str().unwrap_or_default().to_owned()
}

pub(crate) async fn world() -> Plane {
    let plane = testkit::plane(vec![
        Noun::User(samples::user(STRANGER, "stranger")),
        Noun::DirectoryRoleAssignment(DirectoryRoleAssignment {
            principal: samples::OLOF,
            role: GLOBAL_ADMINISTRATOR,
        }),
        Noun::Tenant(samples::tenant(OPERATORS, "fyr")),
        Noun::User(samples::user(OPERATOR, "operator")),
        Noun::RoleAssignment(samples::role_assignment(
            Scope::Tenant(OPERATORS),
            OPERATOR,
            samples::OWNER,
        )),
        Noun::ResourceGroup(testkit::group("app")),
        Noun::ManagementGroup(ManagementGroup {
            tenant: samples::CUSTOMER,
            name: "mg".parse().unwrap(),
            display_name: "mg".to_owned(),
            parent: None,
        }),
        Noun::RoleAssignment(samples::role_assignment(
            Scope::Tenant(samples::CUSTOMER),
            samples::OLOF,
            samples::OWNER,
        )),
    ])
    .await;
    // A plan that everybody may take, and a customer who has its first version.
    testkit::put(&plane, testkit::shop::publisher()).await;
    let shop = testkit::shop::two_versions();
    testkit::put(&plane, shop.nouns()).await;
    let name = "0000acce-0000-4000-8000-000000000001".parse().unwrap();
    let taken = Definition {
        id: DefinitionId::at(samples::whole(), name).unwrap(),
        accepted: Some(Accepted {
            customer: samples::CUSTOMER,
            plan: samples::market::plan_version("1.0.0"),
        }),
        ..samples::definition(samples::SUBSCRIPTION)
    };
    let agreed = shop.agreed(samples::CUSTOMER, Some("1.0.0"));
    testkit::put(&plane, vec![agreed, Noun::Definition(taken)]).await;
    plane
}

pub(crate) fn rows() -> impl Iterator<Item = (&'static Route, &'static str, String)> {
    routes::all().flat_map(|route| {
        versions(route).into_iter().map(move |version| (route, version, path(route.target)))
    })
}
