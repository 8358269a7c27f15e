//! A plan accepted in two subscriptions, as whoever owns one of them and whoever owns both meet it.

use arm::request::ArmResponse;
use ids::{
    guid::{Principal, SubscriptionId},
    scope::Scope,
};
use model::{
    action::Action,
    change::{Change, Noun},
    question::Question,
    samples::{self, ADA, CUSTOMER, OLOF, OWNER},
};
use operations::plane::Plane;
use serde_json::{Value, json};
use testkit::shop::{shop, two_versions};
use uuid::Uuid;

use super::kit::{SUBSCRIPTION, ask, body, code, plane};

const SECOND: SubscriptionId = SubscriptionId::new(Uuid::from_u128(0x52));
const OTHER: &str = "/subscriptions/00000000-0000-0000-0000-000000000052";
/// Owner of Contoso's first subscription alone.
const ODA: Principal = samples::principal(CUSTOMER, 0x0DA);
const ACCEPTANCE: &str = "providers/Fyr.Marketplace/acceptances/fabrikam.ops.core";
const AGREEMENT: &str =
    "providers/Microsoft.MarketplaceOrdering/agreements/fabrikam/offers/ops/plans/core";
const NAME: &str = "22222222-0000-4000-8000-000000000001";

async fn to(plane: &Plane, who: Principal, line: &str, body: &Value) -> ArmResponse {
    ask(plane, who, &format!("{line}?2026-12-01"), body).await
}

fn owner(who: Principal, scope: Scope) -> Noun {
    Noun::RoleAssignment(samples::role_assignment(scope, who, OWNER))
}

/// Accepts the plan in that subscription, and delegates what is named below it.
async fn delegated(plane: &Plane, subscription: &str, below: &[&str], sent: &Value) {
    let put = to(plane, OLOF, &format!("PUT {subscription}/{ACCEPTANCE}"), sent).await;
    assert_eq!(put.status, 201, "{put:?}");
    let definition = body(&put)["properties"]["registrationDefinitionIds"][0].clone();
    for scope in below {
        let line = format!("PUT {}?2022-10-01", assignment(subscription, scope));
        let sent = json!({ "properties": { "registrationDefinitionId": definition } });
        let put = ask(plane, OLOF, &line, &sent).await;
        assert_eq!(put.status, 201, "{put:?}");
    }
}

fn assignment(subscription: &str, below: &str) -> String {
    let provider = "providers/Microsoft.ManagedServices/registrationAssignments";
    format!("{subscription}{below}/{provider}/{NAME}")
}

/// Two groups of the first subscription and the whole second are delegated; a newer version waits.
async fn covered() -> Plane {
    let plane = plane(&[shop()]).await;
    let more = vec![
        Noun::User(samples::user(ODA, "oda")),
        Noun::Subscription(samples::subscription(SECOND, CUSTOMER)),
        Noun::ResourceGroup(testkit::group("app")),
        Noun::ResourceGroup(testkit::group("data")),
        owner(OLOF, Scope::Subscription(SECOND)),
        owner(ODA, samples::whole()),
    ];
    testkit::put(&plane, more).await;
    let agreeing = json!({ "properties": { "plan": { "version": "1.0.0" }, "acceptTerms": true } });
    let groups = ["/resourceGroups/app", "/resourceGroups/data"];
    delegated(&plane, SUBSCRIPTION, &groups, &agreeing).await;
    delegated(&plane, OTHER, &[""], &json!({ "properties": {} })).await;
    testkit::put(&plane, two_versions().nouns()).await;
    plane
}

/// In which of the three scopes Fabrikam's engineer may write, and whether in each she may read.
fn rights(plane: &Plane) -> ([bool; 3], bool) {
    let scopes = || {
        let group = samples::resource_group;
        [group("app"), group("data"), Scope::Subscription(SECOND)]
    };
    let may = |action: Action, scope| {
        let question = Question::any(action, scope);
        plane.index().check(ADA, &question, samples::now()).is_allowed()
    };
    let writes = scopes().map(|it| may(Action::GROUPS_WRITE, it));
    (writes, scopes().into_iter().all(|it| may(Action::GROUPS_READ, it)))
}

/// Refused for what is elsewhere, which is not named.
async fn is_refused_for_more(plane: &Plane, who: Principal, line: &str, sent: &Value) {
    let refused = ask(plane, who, line, sent).await;
    let code = code(&refused);
    assert_eq!(refused.status, 403, "{line}: {refused:?}");
    assert_eq!(code, "InsufficientPrivilegesForManagedServiceResource", "{line}: {refused:?}");
    let told = body(&refused).to_string();
    assert!(!told.contains("000000000052"), "{line}: {told}");
}

/// All that is decided for both subscriptions, as it is asked for in that one.
fn decisions(subscription: &str) -> Vec<(String, Value)> {
    let version = json!({ "version": "1.1.0" });
    let plan = json!({
        "publisher": "fabrikam", "product": "ops", "name": "core", "version": "1.1.0",
    });
    let definition =
        format!("{subscription}/providers/Microsoft.ManagedServices/registrationDefinitions");
    let post = |word: &str| format!("POST {subscription}/{ACCEPTANCE}/{word}?2026-12-01");
    vec![
        (post("accept"), version.clone()),
        (post("decline"), version.clone()),
        (post("reconsider"), Value::Null),
        (
            format!("PUT {subscription}/{ACCEPTANCE}?2026-12-01"),
            json!({ "properties": { "plan": { "version": "1.1.0" } } }),
        ),
        (
            format!("PUT {definition}/{NAME}?2022-10-01"),
            json!({ "properties": { "registrationDefinitionName": "Mine" }, "plan": plan }),
        ),
        (format!("POST {subscription}/{AGREEMENT}/cancel?2021-01-01"), Value::Null),
    ]
}

#[tokio::test]
async fn who_owns_one_of_two_subscriptions_decides_about_neither_and_hears_nothing_of_the_other() {
    let plane = covered().await;
    let before = testkit::events(&plane).await.len();
    for (line, sent) in decisions(SUBSCRIPTION) {
        is_refused_for_more(&plane, ODA, &line, &sent).await;
    }
    for (line, sent) in decisions(OTHER) {
        let refused = ask(&plane, ODA, &line, &sent).await;
        assert!(matches!(refused.status, 401 | 403), "{line}: {refused:?}");
        assert_eq!(code(&refused), "AuthorizationFailed", "{line}: {refused:?}");
    }
    let delete = format!("DELETE {}?2022-10-01", assignment(OTHER, ""));
    assert_eq!(code(&ask(&plane, ODA, &delete, &Value::Null).await), "AuthorizationFailed");
    assert_eq!(testkit::events(&plane).await.len(), before);
    assert_eq!(rights(&plane), ([true; 3], true));

    // Olof owned both, and does no longer.
    let lost = vec![Change::Remove(owner(OLOF, Scope::Subscription(SECOND)))];
    testkit::apply(&plane, lost).await;
    for (line, sent) in decisions(SUBSCRIPTION) {
        is_refused_for_more(&plane, OLOF, &line, &sent).await;
    }
    assert_eq!(testkit::events(&plane).await.len(), before + 1);
    // What is in the first alone is theirs to end.
    let delete = format!("DELETE {}?2022-10-01", assignment(SUBSCRIPTION, "/resourceGroups/app"));
    let ended = ask(&plane, ODA, &delete, &Value::Null).await;
    assert!(matches!(ended.status, 200 | 202), "{ended:?}");
    assert_eq!(rights(&plane).0, [false, true, true]);
}

#[tokio::test]
async fn a_word_given_in_one_subscription_is_shown_and_holds_in_the_other() {
    let plane = covered().await;
    let shown = async |subscription: &str| {
        let line = format!("GET {subscription}/{ACCEPTANCE}");
        body(&to(&plane, OLOF, &line, &Value::Null).await)["properties"].clone()
    };
    let word = async |subscription: &str, word: &str| {
        let line = format!("POST {subscription}/{ACCEPTANCE}/{word}");
        let answer = to(&plane, OLOF, &line, &json!({ "version": "1.1.0" })).await;
        assert_eq!(answer.status, 200, "{word}: {answer:?}");
    };
    word(SUBSCRIPTION, "decline").await;
    assert_eq!(shown(OTHER).await["isDeclined"], true);
    word(OTHER, "reconsider").await;
    assert_eq!(shown(SUBSCRIPTION).await["isDeclined"], false);
    assert_eq!(rights(&plane), ([true; 3], true));
    word(OTHER, "accept").await;
    for subscription in [SUBSCRIPTION, OTHER] {
        assert_eq!(shown(subscription).await["version"], "1.1.0");
    }
    assert_eq!(rights(&plane), ([false; 3], true));
}
