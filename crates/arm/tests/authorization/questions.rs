//! Questions about access, of now and of the past.

use std::sync::Arc;

use ids::{clock::TestClock, guid::Principal, resource::DefinitionId, scope::Scope};
use jiff::SignedDuration;
use model::{
    change::{Change, Noun},
    delegation::{Assignment, Definition},
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, OWNER, PROVIDER, READER, TIER1},
    tree::Subscription,
};
use operations::plane::Plane;
use serde_json::{Value, json};

use crate::{NORA, SUBSCRIPTION, ask, code, plane};

const READ: &str = "Microsoft.Compute/virtualMachines/read";
const WRITE: &str = "Microsoft.Compute/virtualMachines/write";
/// Somebody of Fabrikam's who holds nothing.
const EVE: Principal = samples::principal(PROVIDER, 0xE);

async fn told(plane: &Plane, who: Principal, what: &str, body: Value) -> Value {
    let answer = post(plane, who, "{s}", what, body).await;
    assert_eq!(answer.status, 200, "{what}: {answer:?}");
    answer.body.unwrap()
}

async fn post(
    plane: &Plane,
    who: Principal,
    scope: &str,
    what: &str,
    body: Value,
) -> arm::request::ArmResponse {
    let line = format!("POST {scope}/providers/Fyr.Access/{what}?api-version=2026-12-01");
    ask(plane, who, &line, body).await
}

fn one(who: Principal, action: &str) -> Value {
    json!({ "principalId": who.object, "action": action })
}

/// The first answer to one question.
async fn may(plane: &Plane, asker: Principal, question: Value, at: Option<Value>) -> bool {
    let mut body = json!({ "questions": [question] });
    if let Some(at) = at {
        body["at"] = at;
    }
    let found = told(plane, asker, "check", body).await;
    found["value"][0]["isAllowed"].as_bool().unwrap()
}

fn reads(at: Scope, who: Principal) -> Noun {
    Noun::RoleAssignment(samples::role_assignment(at, who, READER))
}

/// What Contoso delegates: Reader and more for Fabrikam's Tier 1.
fn delegated() -> Vec<Noun> {
    let named = |role, name: &str| model::delegation::Authorization {
        display_name: Some(name.to_owned()),
        ..samples::authorization(TIER1, role)
    };
    let definition = Definition {
        authorizations: vec![named(CONTRIBUTOR, "Engineers"), named(READER, "Readers")],
        ..samples::definition(samples::SUBSCRIPTION)
    };
    vec![
        Noun::Definition(definition),
        Noun::Assignment(samples::assignment(samples::whole())),
        Noun::User(samples::user(EVE, "eve")),
    ]
}

fn revision(plane: &Plane) -> u64 {
    plane.store.head().revision.0
}

#[tokio::test]
async fn many_questions_are_answered_at_once_and_as_of_any_revision_or_moment() {
    let clock = Arc::new(TestClock::default());
    let plane = testkit::empty_by(clock.clone()).await;
    testkit::put(&plane, testkit::world()).await;
    testkit::put(&plane, vec![Noun::User(samples::user(NORA, "nora"))]).await;
    let (before, early) = (revision(&plane), plane.store.now());
    clock.advance(SignedDuration::from_hours(1));
    testkit::put(&plane, vec![reads(samples::whole(), NORA)]).await;
    let (granted, noon) = (revision(&plane), plane.store.now());
    clock.advance(SignedDuration::from_hours(1));
    testkit::apply(&plane, vec![Change::Remove(reads(samples::whole(), NORA))]).await;
    clock.advance(SignedDuration::from_hours(1));

    let sent = json!({ "questions": [one(OLOF, WRITE), one(NORA, READ), one(NORA, WRITE)] });
    let all = |found: &Value| {
        let value = found["value"].as_array().unwrap();
        value.iter().map(|it| it["isAllowed"].as_bool().unwrap()).collect::<Vec<_>>()
    };
    let now = told(&plane, OLOF, "check", sent.clone()).await;
    assert_eq!(all(&now), [true, false, false]);
    assert_eq!(now["value"][1]["scope"], SUBSCRIPTION);
    assert_eq!(now["revision"], revision(&plane));
    for (at, expected) in [
        (json!({ "revision": granted }), [true, true, false]),
        (json!({ "revision": before }), [true, false, false]),
        (json!({ "moment": noon }), [true, true, false]),
        (json!({ "moment": noon + SignedDuration::from_mins(59) }), [true, true, false]),
        (json!({ "moment": noon + SignedDuration::from_mins(60) }), [true, false, false]),
        (json!({ "moment": early }), [true, false, false]),
        (json!({ "revision": 0 }), [false, false, false]),
    ] {
        let sent = json!({ "questions": sent["questions"], "at": at });
        let found = told(&plane, OLOF, "check", sent).await;
        assert_eq!(all(&found), expected, "{at}: {found}");
    }
    let mut asked = one(NORA, READ);
    asked["at"] = json!({ "revision": granted });
    let why = told(&plane, OLOF, "explain", asked).await;
    assert_eq!((&why["isAllowed"], &why["revision"]), (&json!(true), &json!(granted)));
    assert_eq!(why["moment"], json!(noon));
    let held =
        |at: Value| told(&plane, OLOF, "whatCan", json!({ "principalId": NORA.object, "at": at }));
    let then = held(json!({ "revision": granted })).await;
    assert_eq!(then["value"][0]["actions"], json!(["*/read"]));
    assert_eq!(held(json!({ "revision": before })).await["value"], json!([]));
    let places =
        json!({ "principalId": NORA.object, "action": READ, "at": { "revision": granted } });
    assert_eq!(told(&plane, OLOF, "scopesOf", places).await["value"], json!([SUBSCRIPTION]));
    assert_eq!(told(&plane, OLOF, "scopesOf", one(NORA, READ)).await["value"], json!([]));
}

#[tokio::test]
async fn what_is_asked_is_read_strictly_and_the_future_is_not_told() {
    let plane = plane(Vec::new()).await;
    let next = revision(&plane) + 1;
    let later = plane.store.now() + SignedDuration::from_hours(1);
    let many: Vec<Value> = std::iter::repeat_n(one(OLOF, READ), 1_001).collect();
    for (body, expected) in [
        (json!({ "questions": [one(OLOF, "")] }), "InvalidRequestContent"),
        (json!({ "questions": many }), "InvalidRequestContent"),
        (json!({ "questions": [], "at": {} }), "InvalidRequestContent"),
        (
            json!({ "questions": [], "at": { "revision": 1, "moment": later } }),
            "InvalidRequestContent",
        ),
        (json!({ "questions": [], "at": 1 }), "InvalidRequestContent"),
        (json!({ "questions": [], "at": { "revision": next } }), "InvalidPointInTime"),
        (json!({ "questions": [], "at": { "moment": later } }), "InvalidPointInTime"),
    ] {
        let answer = post(&plane, OLOF, "{s}", "check", body.clone()).await;
        assert_eq!(code(&answer), (400, expected.to_owned()), "{answer:?}");
    }
    let fork = plane.fork().await.unwrap();
    let body = json!({ "questions": [], "at": { "revision": 1 } });
    let answer = post(&fork, OLOF, "{s}", "check", body).await;
    assert_eq!(code(&answer), (400, "InvalidPointInTime".to_owned()));
}

#[tokio::test]
async fn a_customer_hears_whom_it_delegated_to_as_the_definition_says_and_a_provider_of_its_own_alone()
 {
    let plane = plane(delegated()).await;
    let who = |found: &Value| {
        let value = found["value"].as_array().unwrap();
        let line = |it: &Value| {
            format!(
                "{}/{} {} {}",
                it["tenantId"].as_str().unwrap(),
                it["principalId"].as_str().unwrap(),
                it["displayName"].as_str().unwrap_or("-"),
                it["source"].as_str().unwrap()
            )
        };
        value.iter().map(line).collect::<Vec<_>>()
    };
    let asked = json!({ "action": WRITE });
    let customers = told(&plane, OLOF, "whoCan", asked.clone()).await;
    assert_eq!(
        who(&customers),
        [format!("{OLOF} olof@example RoleAssignment"), format!("{TIER1} Engineers Delegation")],
        "the group's members are the provider's to know"
    );
    let providers = told(&plane, ADA, "whoCan", asked.clone()).await;
    assert_eq!(who(&providers), [format!("{ADA} ada@example Delegation")]);
    assert_eq!(providers["value"][0]["groups"][0]["displayName"], "tier1");
    assert!(!providers.to_string().contains("olof"), "{providers}");
    assert!(may(&plane, ADA, one(ADA, WRITE), None).await);
    assert!(!may(&plane, ADA, one(EVE, WRITE), None).await);
    // Ada and Olof have the same object id, each in their own tenant.
    assert!(
        !may(&plane, ADA, one(ADA, "Microsoft.Authorization/roleAssignments/write"), None).await
    );
    assert!(
        may(&plane, OLOF, one(OLOF, "Microsoft.Authorization/roleAssignments/write"), None).await
    );
    let why = post(&plane, ADA, "{s}", "explain", one(ADA, WRITE)).await;
    assert_eq!(code(&why), (403, "AuthorizationFailed".to_owned()), "explaining is for its own");
    for what in ["check", "whoCan", "whatCan", "scopesOf", "graph"] {
        let body = json!({ "questions": [], "action": READ, "principalId": EVE.object });
        for stranger in [EVE, NORA] {
            let answer = post(&plane, stranger, "{s}", what, body.clone()).await;
            assert!(matches!(answer.status, 401 | 403), "{what} {stranger}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn who_looks_back_without_end_is_told_to_wait_and_asks_of_now_all_the_same() {
    let who = samples::principal(CUSTOMER, 0x1_00C);
    let person = Noun::User(samples::user(who, "lou"));
    let plane = plane(vec![person, reads(samples::whole(), who)]).await;
    let mut body = json!({ "questions": [one(who, READ)], "at": { "revision": revision(&plane) } });
    for n in 0..30 {
        assert_eq!(post(&plane, who, "{s}", "check", body.clone()).await.status, 200, "{n}");
    }
    let answer = post(&plane, who, "{s}", "check", body.clone()).await;
    assert_eq!(code(&answer), (429, "TooManyRequests".to_owned()));
    assert!(answer.headers.contains(&("Retry-After", "2".to_owned())), "{answer:?}");
    body.as_object_mut().unwrap().remove("at");
    assert_eq!(post(&plane, who, "{s}", "check", body).await.status, 200);
}

#[tokio::test]
async fn who_has_lost_what_it_takes_asks_nothing_of_the_past_either() {
    let plane = plane(vec![reads(samples::whole(), NORA)]).await;
    let then = revision(&plane);
    let body = json!({ "questions": [one(NORA, READ)], "at": { "revision": then } });
    assert_eq!(post(&plane, NORA, "{s}", "check", body.clone()).await.status, 200);
    testkit::apply(&plane, vec![Change::Remove(reads(samples::whole(), NORA))]).await;
    let answer = post(&plane, NORA, "{s}", "check", body.clone()).await;
    assert_eq!(code(&answer), (403, "AuthorizationFailed".to_owned()));
    // Nor through a scope that is still theirs.
    testkit::put(&plane, vec![reads(samples::resource_group("rg1"), NORA)]).await;
    let mut within = body.clone();
    within["questions"][0]["scope"] = json!(SUBSCRIPTION);
    let answer = post(&plane, NORA, "{s}/resourceGroups/rg1", "check", within).await;
    assert_eq!(code(&answer), (403, "AuthorizationFailed".to_owned()));
}

#[tokio::test]
async fn what_is_gone_is_told_by_who_reads_around_it_and_what_was_anothers_never() {
    let plane = plane(vec![reads(samples::whole(), NORA)]).await;
    let root = Scope::Tenant(CUSTOMER);
    let owner = Noun::RoleAssignment(samples::role_assignment(root, OLOF, OWNER));
    testkit::put(&plane, vec![owner]).await;
    let then = revision(&plane);
    let gone = samples::subscription(samples::SUBSCRIPTION, CUSTOMER);
    testkit::apply(&plane, vec![Change::Remove(Noun::Subscription(gone.clone()))]).await;
    let sent = |scope: &str| {
        let mut asked = one(NORA, READ);
        asked["scope"] = json!(scope);
        json!({ "questions": [asked], "at": { "revision": then } })
    };
    let found = post(&plane, OLOF, "", "check", sent(SUBSCRIPTION)).await;
    assert_eq!(found.body.unwrap()["value"][0]["isAllowed"], true);
    let inner = Noun::RoleAssignment(samples::role_assignment(Scope::Tenant(PROVIDER), ADA, OWNER));
    testkit::put(&plane, vec![inner]).await;
    let unknown = "/subscriptions/00000000-0000-0000-0000-0000000000ff";
    let refused = [SUBSCRIPTION, unknown].map(|scope| post(&plane, ADA, "", "check", sent(scope)));
    let [there, nowhere] = refused;
    let (there, nowhere) = (there.await, nowhere.await);
    assert_eq!(code(&there), (403, "AuthorizationFailed".to_owned()));
    let text = |it: &arm::request::ArmResponse| it.body.clone().unwrap().to_string();
    assert_eq!(
        text(&there).replace(SUBSCRIPTION, "X"),
        text(&nowhere).replace(unknown, "X"),
        "what is another's past and what never was are told apart by nobody"
    );

    // The subscription is Fabrikam's from now on: what it was before stays Contoso's.
    let moved = Subscription { tenant: PROVIDER, ..gone };
    let owns = Noun::RoleAssignment(samples::role_assignment(samples::whole(), ADA, OWNER));
    testkit::put(&plane, vec![Noun::Subscription(moved), owns]).await;
    for what in ["check", "whoCan", "whatCan", "explain", "graph"] {
        let mut body = match what {
            "check" => sent(SUBSCRIPTION),
            "whoCan" => json!({ "action": READ }),
            "whatCan" => json!({ "principalId": ADA.object }),
            "graph" => json!({}),
            _ => one(ADA, READ),
        };
        body["at"] = json!({ "revision": then });
        let answer = post(&plane, ADA, "{s}", what, body.clone()).await;
        assert_eq!(code(&answer), (403, "AuthorizationFailed".to_owned()), "{what}");
        body.as_object_mut().unwrap().remove("at");
        assert_eq!(post(&plane, ADA, "{s}", what, body).await.status, 200, "{what}");
    }
    let found = post(&plane, OLOF, "", "check", sent(SUBSCRIPTION)).await;
    assert_eq!(
        found.body.unwrap()["value"][0]["isAllowed"],
        true,
        "and Contoso's root hears of it"
    );
}

#[tokio::test]
async fn a_graph_leads_from_people_through_groups_and_grants_to_scopes() {
    let plane = plane(delegated()).await;
    let edges = |found: &Value| {
        let name = |id: &Value| {
            let nodes = found["nodes"].as_array().unwrap();
            let node = nodes.iter().find(|it| it["id"] == *id).unwrap();
            let name = node["name"].as_str().or(node["resourceId"].as_str()).unwrap();
            name.rsplit('/').next().unwrap().to_owned()
        };
        let edges = found["edges"].as_array().unwrap();
        let line = |it: &Value| {
            format!("{} {} {}", name(&it["from"]), it["kind"].as_str().unwrap(), name(&it["to"]))
        };
        edges.iter().map(line).collect::<Vec<_>>()
    };
    let definition: DefinitionId = samples::definition(samples::SUBSCRIPTION).id;
    let (offer, at) = (definition.name().to_string(), "00000000-0000-0000-0000-000000000005");
    let assignment: Assignment = samples::assignment(samples::whole());
    let given = assignment.id.name().to_string();
    let chain = [
        format!("Contributor givenBy {given}"),
        format!("Reader givenBy {given}"),
        format!("{given} of {offer}"),
        format!("{given} reaches {at}"),
    ];
    let customers = told(&plane, OLOF, "graph", json!({})).await;
    let mut expected = chain.to_vec();
    expected.extend(
        ["olof@example holds Owner", "Readers holds Contributor", "Readers holds Reader"]
            .map(str::to_owned),
    );
    expected.push(format!("Owner reaches {at}"));
    let mut found = edges(&customers);
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(customers["isCut"], false);
    assert_eq!(told(&plane, OLOF, "graph", json!({})).await, customers, "always in one order");

    let providers = told(&plane, ADA, "graph", json!({})).await;
    let mut expected = chain.to_vec();
    expected.extend(
        ["ada@example memberOf tier1", "tier1 holds Contributor", "tier1 holds Reader"]
            .map(str::to_owned),
    );
    let mut found = edges(&providers);
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    let stolen = told(&plane, ADA, "graph", json!({ "from": ADA.object })).await;
    let mut found = edges(&stolen);
    found.sort();
    assert_eq!(found, expected, "what a stolen account reaches");
    let nothing = told(&plane, ADA, "graph", json!({ "from": EVE.object })).await;
    assert_eq!((&nothing["nodes"], &nothing["edges"]), (&json!([]), &json!([])));
}
