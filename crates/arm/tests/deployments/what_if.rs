//! What-if: what a run would do, told to whom it concerns, and done to nothing.

use ids::{
    guid::{Principal, RoleId},
    resource::ResourceId,
    scope::Scope,
};
use model::{
    change::Noun,
    role::{Permission, RoleDefinition},
    samples,
    tree::ManagementGroup,
};
use operations::plane::Plane;
use serde_json::{Value, json};

use super::kit::{
    SUBSCRIPTION, ask, az, code, get, group, in_group, is_there, path, storage, stored, template,
    to_group,
};

/// What the principal is told that the deployment would do.
pub(crate) async fn what_if(plane: &Plane, who: Principal, path: &str, body: &str) -> Value {
    let asked = ask(plane, who, &format!("POST {path}/whatIf"), body).await;
    assert_eq!(asked.status, 202, "{asked:?}");
    let answer = ask(plane, who, &format!("GET {}", location(&asked)), "").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body.unwrap()
}

fn location(asked: &arm::request::ArmResponse) -> String {
    let found = asked.headers.iter().find(|(name, _)| *name == "Location").unwrap();
    let path = found.1.strip_prefix("https://localhost:8443").unwrap();
    path.replace("?api-version=", "?")
}

/// `(change, name)`, in the order of the names.
fn told(answer: &Value) -> Vec<(String, String)> {
    let changes = answer["properties"]["changes"].as_array().unwrap();
    let mut told: Vec<(String, String)> = changes
        .iter()
        .map(|it| {
            let name = it["resourceId"].as_str().unwrap().rsplit('/').next().unwrap();
            (it["changeType"].as_str().unwrap().to_owned(), name.to_owned())
        })
        .collect();
    told.sort_by(|one, other| one.1.cmp(&other.1));
    told
}

fn all(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(change, name)| ((*change).to_owned(), (*name).to_owned())).collect()
}

fn change<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let changes = answer["properties"]["changes"].as_array().unwrap();
    let named = |it: &&Value| it["resourceId"].as_str().unwrap().ends_with(&format!("/{name}"));
    changes.iter().find(named).unwrap()
}

/// The group `app` with the accounts `same`, `other` and `beside`.
async fn plane(more: Vec<Noun>) -> Plane {
    let accounts = ["same", "other", "beside"].map(|name| {
        let id = ResourceId::parse(&stored(name), samples::CUSTOMER).unwrap();
        let mut it = testkit::resource(id);
        it.location = Some("westeurope".to_owned());
        it.tags.insert("kept".to_owned(), "1".to_owned());
        it.properties.insert("list".to_owned(), json!([1, 2]));
        Noun::Resource(it)
    });
    let group = Noun::ResourceGroup(testkit::group("app"));
    testkit::plane([group].into_iter().chain(accounts).chain(more).collect()).await
}

fn account(name: &str, tag: &str, list: &Value) -> Value {
    let mut it = storage(name);
    it["tags"] = json!({ "kept": tag });
    it["properties"] = json!({ "list": list });
    it
}

fn resources() -> Value {
    json!([
        account("same", "1", &json!([1, 2])),
        account("other", "2", &json!([1, 3, 4])),
        account("new", "1", &json!([])),
    ])
}

#[tokio::test]
async fn each_kind_of_change_is_told_and_nothing_happens() {
    let plane = plane(Vec::new()).await;
    let events = testkit::events(&plane).await.len();
    let body = to_group("Incremental", &resources());
    let answer = what_if(&plane, samples::OLOF, &in_group("d"), &body).await;
    assert_eq!(answer["status"], "Succeeded");
    let expected =
        all(&[("Ignore", "beside"), ("Create", "new"), ("Modify", "other"), ("NoChange", "same")]);
    assert_eq!(told(&answer), expected);
    assert_eq!(
        change(&answer, "other")["delta"],
        json!([
            { "path": "tags.kept", "propertyChangeType": "Modify",
              "before": "1", "after": "2", "children": null },
            { "path": "properties.list", "propertyChangeType": "Array",
              "before": null, "after": null, "children": [
                { "path": "1", "propertyChangeType": "Modify",
                  "before": 2, "after": 3, "children": null },
                { "path": "2", "propertyChangeType": "Create",
                  "before": null, "after": 4, "children": null },
            ] },
        ])
    );
    assert_eq!(
        change(&answer, "new")["after"],
        json!({
            "apiVersion": "2022-09-01", "id": stored("new"), "name": "new",
            "type": "Microsoft.Storage/storageAccounts", "location": "westeurope",
            "tags": { "kept": "1" }, "properties": { "list": [] },
        })
    );
    assert!(change(&answer, "new").get("before").is_none());
    assert_eq!(testkit::events(&plane).await.len(), events, "nothing happened");
    assert!(!is_there(&plane, &stored("new")).await);
    assert!(!is_there(&plane, &in_group("d")).await);
    arm::deployment::drain(&plane).await.unwrap();
    assert!(!is_there(&plane, &stored("new")).await);

    let body = to_group("Complete", &resources());
    let answer = what_if(&plane, samples::OLOF, &in_group("d"), &body).await;
    assert!(told(&answer).contains(&("Delete".to_owned(), "beside".to_owned())), "{answer:#}");
    assert!(is_there(&plane, &stored("beside")).await);
}

#[tokio::test]
async fn ids_alone_are_told_where_no_more_is_asked_for() {
    let plane = plane(Vec::new()).await;
    let body = to_group("Complete", &resources());
    let mut body: Value = serde_json::from_str(&body).unwrap();
    body["properties"]["whatIfSettings"] = json!({ "resultFormat": "ResourceIdOnly" });
    let answer = what_if(&plane, samples::OLOF, &in_group("d"), &body.to_string()).await;
    let expected =
        all(&[("Delete", "beside"), ("Deploy", "new"), ("Deploy", "other"), ("Deploy", "same")]);
    assert_eq!(told(&answer), expected);
    assert_eq!(change(&answer, "new").as_object().unwrap().len(), 2, "{answer:#}");
}

#[tokio::test]
async fn deployments_inside_are_told_by_what_they_would_do() {
    let plane = plane(Vec::new()).await;
    let inner: Value = serde_json::from_str(&to_group("Incremental", &resources())).unwrap();
    let nested = |name: &str, group: &str| {
        json!({
            "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": name,
            "resourceGroup": group, "dependsOn": ["fresh"], "properties": inner["properties"],
        })
    };
    let mut reader = group("reader", &[]);
    reader["tags"] = json!({ "of": "[reference(resourceId('Microsoft.Resources/resourceGroups', 'fresh'), '2022-09-01', 'Full').location]" });
    reader["dependsOn"] = json!(["fresh"]);
    let all_of = json!([group("fresh", &[]), nested("x", "app"), nested("y", "fresh"), reader]);
    let body = az(&template(&all_of), &json!({}));
    let answer = what_if(&plane, samples::OLOF, &path("d"), &body).await;
    let expected = all(&[
        ("Ignore", "beside"),
        ("Create", "fresh"),
        ("Modify", "other"),
        ("NoChange", "same"),
        ("Create", "reader"),
    ]);
    let told = told(&answer);
    assert!(expected.iter().all(|it| told.contains(it)), "{told:?}");
    assert_eq!(told.iter().filter(|it| **it == ("Create".to_owned(), "new".to_owned())).count(), 2);
    // What is not there yet is seen as it would be.
    assert_eq!(change(&answer, "reader")["after"]["tags"], json!({ "of": "westeurope" }));
    assert!(!answer.to_string().contains("Microsoft.Resources/deployments"));
}

#[tokio::test]
async fn what_a_run_would_be_refused_is_the_answer() {
    let plane = plane(Vec::new()).await;
    let line = format!("POST {}/whatIf", in_group("d"));
    let twice = json!([storage("a"), storage("a")]);
    let refused = ask(&plane, samples::OLOF, &line, &to_group("Incremental", &twice)).await;
    assert_eq!((refused.status, code(&refused).as_str()), (400, "InvalidTemplate"));

    let lost = json!([{ "type": "No.Such/things", "apiVersion": "2022-09-01", "name": "x" }]);
    let body = to_group("Incremental", &lost);
    let answer = what_if(&plane, samples::OLOF, &in_group("d"), &body).await;
    assert_eq!(answer["status"], "Failed");
    let error = &answer["error"];
    assert_eq!(error["code"], "InvalidTemplateDeployment");
    assert_eq!(error["details"][0]["code"], "InvalidResourceNamespace", "{error:#}");
    assert!(answer.get("properties").is_none());
}

const DANA: Principal = samples::principal(samples::CUSTOMER, 0xDA);

/// Dana holds these actions in the group.
fn dana(actions: &[&str]) -> Vec<Noun> {
    let actions = actions.iter().map(ToString::to_string).collect();
    let role = RoleDefinition {
        id: RoleId::new(uuid::Uuid::from_u128(0xD1)),
        permissions: vec![Permission { actions, ..Permission::default() }],
        ..samples::custom_role(samples::whole())
    };
    let grant = samples::role_assignment(samples::resource_group("app"), DANA, role.id);
    vec![
        Noun::User(samples::user(DANA, "dana")),
        Noun::RoleDefinition(role),
        Noun::RoleAssignment(grant),
    ]
}

const PLACES: [&str; 2] = [
    "Microsoft.Resources/subscriptions/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
];

#[tokio::test]
async fn it_takes_the_leave_to_ask_to_deploy_and_to_write_each_resource() {
    let body = to_group("Incremental", &json!([storage("new")]));
    let ask_for = "Microsoft.Resources/deployments/whatIf/action";
    let deploy = "Microsoft.Resources/deployments/write";
    let write = "Microsoft.Storage/storageAccounts/write";
    for held in [&[deploy, write][..], &[ask_for, write]] {
        let plane = plane(dana(&[&PLACES, held].concat())).await;
        let line = format!("POST {}/whatIf", in_group("d"));
        let refused = ask(&plane, DANA, &line, &body).await;
        assert_eq!((refused.status, code(&refused).as_str()), (403, "AuthorizationFailed"));
    }
    let plane = plane(dana(&[&PLACES[..], &[ask_for, deploy]].concat())).await;
    let answer = what_if(&plane, DANA, &in_group("d"), &body).await;
    assert_eq!(answer["error"]["details"][0]["code"], "AuthorizationFailed", "{answer:#}");
}

/// Who may write and not read, and who may give rights away, reads nothing by asking.
#[tokio::test]
async fn nobody_reads_by_asking_what_they_may_not_read() {
    let held = [
        "Microsoft.Resources/deployments/*",
        "Microsoft.Storage/storageAccounts/write",
        "Microsoft.Authorization/roleAssignments/write",
    ];
    let plane = plane(dana(&[&PLACES[..], &held].concat())).await;
    let owner = format!(
        "{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{}",
        samples::OWNER
    );
    let grant = json!({
        "type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01",
        "name": "00000000-0000-0000-0000-0000000000aa",
        "properties": { "principalId": DANA.object, "roleDefinitionId": owner },
    });
    let mut other = account("other", "2", &json!([]));
    other["dependsOn"] = json!(["00000000-0000-0000-0000-0000000000aa"]);
    let plain = json!([grant, other]);
    let body = to_group("Incremental", &plain);
    let answer = what_if(&plane, DANA, &in_group("d"), &body).await;
    let deployed = json!({ "resourceId": stored("other"), "changeType": "Deploy" });
    assert_eq!(change(&answer, "other"), &deployed, "{answer:#}");
    assert!(!answer.to_string().contains("beside"), "{answer:#}");

    // Nor by having it put where it can be read.
    let seen = format!("[string(reference('{}', '2022-09-01').list)]", stored("same"));
    let nested = json!([plain[0], {
        "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "n",
        "dependsOn": other["dependsOn"],
        "properties": { "mode": "Incremental", "template": {
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": [{
                "type": "Microsoft.Storage/storageAccounts", "apiVersion": "2022-09-01",
                "name": "spy", "location": "westeurope", "properties": { "seen": seen },
            }],
        }},
    }]);
    let body = to_group("Incremental", &nested);
    let answer = what_if(&plane, DANA, &in_group("d"), &body).await;
    assert_eq!(answer["status"], "Failed", "{answer:#}");
    assert!(answer.to_string().contains("AuthorizationFailed"), "{answer:#}");
    assert!(!answer.to_string().contains("[1,2]"), "{answer:#}");
}

#[tokio::test]
async fn an_answer_is_for_whoever_asked_alone() {
    let plane = plane(dana(&["*"])).await;
    let line = format!("POST {}/whatIf", in_group("d"));
    let body = to_group("Incremental", &json!([storage("new")]));
    let asked = ask(&plane, samples::OLOF, &line, &body).await;
    let answer = format!("GET {}", location(&asked));
    assert_eq!(ask(&plane, samples::OLOF, &answer, "").await.status, 200);
    for who in [DANA, samples::ADA] {
        assert_eq!(ask(&plane, who, &answer, "").await.status, 404);
    }
}

#[tokio::test]
async fn an_answer_goes_with_the_leave_to_ask_for_it() {
    let nouns = dana(&["*"]);
    let grant = nouns.iter().find_map(|noun| {
        if let Noun::RoleAssignment(it) = noun {
            Some(it.id.as_resource().to_string())
        } else {
            None
        }
    });
    let plane = plane(nouns).await;
    let line = format!("POST {}/whatIf", in_group("d"));
    let asked = ask(&plane, DANA, &line, &to_group("Incremental", &json!([storage("new")]))).await;
    let answer = format!("GET {}", location(&asked));
    assert_eq!(ask(&plane, DANA, &answer, "").await.status, 200);
    let revoke = format!("DELETE {}?2022-04-01", grant.unwrap());
    assert_eq!(ask(&plane, samples::OLOF, &revoke, "").await.status, 200);
    assert_eq!(ask(&plane, DANA, &answer, "").await.status, 404);
}

#[tokio::test]
async fn an_answer_goes_with_the_leave_to_read_what_it_tells() {
    let held = ["Microsoft.Resources/deployments/*", "Microsoft.Storage/storageAccounts/write"];
    let reader = samples::role_assignment(samples::resource_group("app"), DANA, samples::READER);
    let revoke = format!("DELETE {}?2022-04-01", reader.id.as_resource());
    let mut nouns = dana(&[&PLACES[..], &held].concat());
    nouns.push(Noun::RoleAssignment(reader));
    let plane = plane(nouns).await;
    let line = format!("POST {}/whatIf", in_group("d"));
    let body = to_group("Incremental", &resources());
    let asked = ask(&plane, DANA, &line, &body).await;
    let poll = format!("GET {}", location(&asked));
    let answer = ask(&plane, DANA, &poll, "").await.body.unwrap();
    assert_eq!(change(&answer, "other")["before"]["properties"]["list"], json!([1, 2]));
    assert_eq!(ask(&plane, samples::OLOF, &revoke, "").await.status, 200);
    assert_eq!(ask(&plane, DANA, &poll, "").await.status, 404);
    let anew = what_if(&plane, DANA, &in_group("d"), &body).await;
    assert_eq!(change(&anew, "other")["changeType"], "Deploy", "{anew:#}");
}

#[tokio::test]
async fn why_a_run_would_fail_is_not_told_where_its_caller_gave_themselves_leave() {
    let held =
        ["Microsoft.Resources/deployments/*", "Microsoft.Authorization/roleAssignments/write"];
    let plane = plane(dana(&[&PLACES[..], &held].concat())).await;
    let owner = format!(
        "{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{}",
        samples::OWNER
    );
    let grant = json!({
        "type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01",
        "name": "00000000-0000-0000-0000-0000000000aa",
        "properties": { "principalId": DANA.object, "roleDefinitionId": owner },
    });
    let mut elsewhere = storage("other");
    elsewhere["location"] = json!("northeurope");
    let plain = to_group("Incremental", &json!([elsewhere]));
    let refused = what_if(&plane, DANA, &in_group("d"), &plain).await;
    assert_eq!(refused["error"]["details"][0]["code"], "AuthorizationFailed", "{refused:#}");

    elsewhere["dependsOn"] = json!(["00000000-0000-0000-0000-0000000000aa"]);
    let body = to_group("Incremental", &json!([grant, elsewhere]));
    let answer = what_if(&plane, DANA, &in_group("d"), &body).await;
    assert_eq!(answer["error"]["details"][0]["code"], "DeploymentWhatIfNotTold", "{answer:#}");
    assert!(!answer.to_string().contains("westeurope"), "{answer:#}");
    // To whoever may write there it is told.
    let owners = what_if(&plane, samples::OLOF, &in_group("d"), &body).await;
    assert_eq!(owners["error"]["details"][0]["code"], "InvalidResourceLocation", "{owners:#}");
}

#[tokio::test]
async fn it_is_answered_at_every_scope() {
    let everywhere =
        samples::role_assignment(Scope::Tenant(samples::CUSTOMER), samples::OLOF, samples::OWNER);
    let management = ManagementGroup {
        tenant: samples::CUSTOMER,
        name: "mg".parse().unwrap(),
        display_name: "mg".to_owned(),
        parent: None,
    };
    let nouns = vec![Noun::RoleAssignment(everywhere), Noun::ManagementGroup(management)];
    let plane = plane(nouns).await;
    let below = json!([{
        "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "n",
        "subscriptionId": samples::SUBSCRIPTION, "location": "westeurope",
        "properties": { "mode": "Incremental", "template":
            serde_json::from_str::<Value>(&template(&json!([group("made", &[])]))).unwrap() },
    }]);
    for (at, schema) in [
        ("", "tenantDeploymentTemplate"),
        (
            "/providers/Microsoft.Management/managementGroups/mg",
            "managementGroupDeploymentTemplate",
        ),
        (SUBSCRIPTION, "subscriptionDeploymentTemplate"),
    ] {
        let template = template(&below).replace("subscriptionDeploymentTemplate", schema);
        let path = format!("{at}/providers/Microsoft.Resources/deployments/d");
        let answer = what_if(&plane, samples::OLOF, &path, &az(&template, &json!({}))).await;
        assert_eq!(told(&answer), all(&[("Create", "made")]), "{at}: {answer:#}");
    }
    assert_eq!(
        get(&plane, &format!("{SUBSCRIPTION}/resourceGroups/made")).await["error"]["code"],
        "ResourceGroupNotFound"
    );
}
