//! What fails, and what that leaves.

use arm::deployment;
use model::{change::Noun, samples};
use serde_json::{Value, json};

use super::kit::{SUBSCRIPTION, ask, az, code, deploy, get, group, path, template};

#[tokio::test]
async fn what_is_no_template_is_refused_and_leaves_no_record() {
    let plane = testkit::plane(Vec::new()).await;
    let cycle = json!([
        group("a", &["Microsoft.Resources/resourceGroups/b"]),
        group("b", &["Microsoft.Resources/resourceGroups/a"]),
    ]);
    let mut copies = group("[concat('a', copyIndex())]", &[]);
    copies["copy"] = json!({ "name": "loop", "count": 1_000_000 });
    let missing = r#"{"$schema":"https://x/deploymentTemplate.json#","contentVersion":"1.0.0.0",
        "parameters":{"p":{"type":"string"}},"resources":[]}"#;
    for (template, reason) in [
        (template(&cycle), "Circular dependency"),
        (template(&json!([copies])), "800"),
        (missing.to_owned(), "'p' at line '2' and column '27' is not provided"),
    ] {
        for line in [format!("PUT {}", path("d")), format!("POST {}/validate", path("d"))] {
            let refused = ask(&plane, samples::OLOF, &line, &az(&template, &json!({}))).await;
            let body = refused.body.clone().unwrap();
            assert_eq!((refused.status, code(&refused).as_str()), (400, "InvalidTemplate"));
            let message = body["error"]["message"].as_str().unwrap();
            assert!(message.contains(reason), "{message}");
            assert_eq!(body["error"]["additionalInfo"][0]["type"], "TemplateViolation");
        }
    }
    for (body, expected) in [
        ("", "InvalidRequestContent"),
        ("{", "InvalidRequestContent"),
        (r#"{"properties":{"mode":"Sideways"}}"#, "InvalidRequestContent"),
        (r#"{"properties":{"mode":"Incremental"}}"#, "InvalidRequestContent"),
        (
            r#"{"properties":{"mode":"Incremental","templateLink":{"uri":"https://x"}}}"#,
            "InvalidContentLink",
        ),
    ] {
        let refused = ask(&plane, samples::OLOF, &format!("PUT {}", path("d")), body).await;
        assert_eq!((refused.status, code(&refused).as_str()), (400, expected), "{body}");
    }
    let head = ask(&plane, samples::OLOF, &format!("HEAD {}", path("d")), "").await;
    assert_eq!(head.status, 404);
}

/// The second of four fails; the third waits for it, the fourth does not.
#[tokio::test]
async fn a_failing_step_is_named_and_what_waits_for_it_is_skipped() {
    let plane = testkit::plane(Vec::new()).await;
    let mut bad = group("bad", &["good"]);
    bad.as_object_mut().unwrap().remove("location");
    let resources =
        json!([group("good", &[]), bad, group("after", &["bad"]), group("beside", &[])]);
    let (_, record) = deploy(&plane, samples::OLOF, &az(&template(&resources), &json!({}))).await;
    let properties = &record["properties"];
    assert_eq!(properties["provisioningState"], "Failed");
    assert_eq!(properties["error"]["code"], "DeploymentFailed");
    assert_eq!(properties["error"]["target"].as_str(), Some(path("d").as_str()));
    assert_eq!(properties["error"]["details"][0]["code"], "LocationRequired");
    for (name, status) in [("good", 204), ("bad", 404), ("after", 404), ("beside", 204)] {
        let there = format!("HEAD {SUBSCRIPTION}/resourceGroups/{name}");
        assert_eq!(ask(&plane, samples::OLOF, &there, "").await.status, status, "{name}");
    }
    let operations = get(&plane, &format!("{}/operations", path("d"))).await;
    let mut states: Vec<(String, String, String)> = operations["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let properties = &it["properties"];
            let name = text(&properties["targetResource"]["resourceName"]);
            (name, text(&properties["provisioningState"]), text(&properties["statusCode"]))
        })
        .collect();
    states.sort();
    let told =
        |name: &str, state: &str, code: &str| (name.to_owned(), state.to_owned(), code.to_owned());
    assert_eq!(
        states,
        [
            told("bad", "Failed", "BadRequest"),
            told("beside", "Succeeded", "Created"),
            told("good", "Succeeded", "Created")
        ]
    );
}

#[tokio::test]
async fn a_condition_that_is_false_deploys_nothing_and_is_not_called_done() {
    let plane = testkit::plane(Vec::new()).await;
    let mut never = group("never", &[]);
    never["condition"] = json!(false);
    let resources = json!([never, group("ever", &["never"])]);
    let (_, record) = deploy(&plane, samples::OLOF, &az(&template(&resources), &json!({}))).await;
    assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{record:#}");
    let made = record["properties"]["outputResources"].as_array().unwrap();
    assert_eq!(made, &[json!({ "id": format!("{SUBSCRIPTION}/resourceGroups/ever") })]);
}

#[tokio::test]
async fn a_running_deployment_is_told_as_such_until_it_ends() {
    let plane = testkit::plane(Vec::new()).await;
    let body = az(&template(&json!([group("a", &[])])), &json!({}));
    let line = format!("PUT {}", path("d"));
    let put = ask(&plane, samples::OLOF, &line, &body).await;
    let poll = put.headers.iter().find(|(name, _)| *name == "Azure-AsyncOperation").unwrap();
    let poll = poll.1.strip_prefix("https://localhost:8443").unwrap();
    let poll = format!("GET {}", poll.replace("?api-version=", "?"));
    let status = async || ask(&plane, samples::OLOF, &poll, "").await.body.unwrap();
    assert_eq!(status().await["status"], "Running");
    let again = ask(&plane, samples::OLOF, &line, &body).await;
    assert_eq!((again.status, code(&again).as_str()), (409, "DeploymentActive"));
    deployment::drain(&plane).await.unwrap();
    assert_eq!(status().await["status"], "Succeeded");
    let again = ask(&plane, samples::OLOF, &line, &body).await;
    assert_eq!(again.status, 200);
}

#[tokio::test]
async fn a_cancelled_deployment_goes_no_further() {
    let plane = testkit::plane(Vec::new()).await;
    let body = az(&template(&json!([group("a", &[])])), &json!({}));
    ask(&plane, samples::OLOF, &format!("PUT {}", path("d")), &body).await;
    let cancel = format!("POST {}/cancel", path("d"));
    assert_eq!(ask(&plane, samples::OLOF, &cancel, "").await.status, 204);
    deployment::drain(&plane).await.unwrap();
    assert_eq!(get(&plane, &path("d")).await["properties"]["provisioningState"], "Canceled");
    let there = format!("HEAD {SUBSCRIPTION}/resourceGroups/a");
    assert_eq!(ask(&plane, samples::OLOF, &there, "").await.status, 404);
    assert_eq!(ask(&plane, samples::OLOF, &cancel, "").await.status, 409);
}

/// The caller lost the right after the deployment was accepted: each step is judged when it runs.
#[tokio::test]
async fn rights_that_end_before_a_step_runs_do_not_count_for_it() {
    let owner = samples::role_assignment(samples::whole(), samples::OLOF, samples::OWNER);
    let plane = testkit::plane(Vec::new()).await;
    let body = az(&template(&json!([group("a", &[])])), &json!({}));
    ask(&plane, samples::OLOF, &format!("PUT {}", path("d")), &body).await;
    let removal = model::change::Change::Remove(Noun::RoleAssignment(owner.clone()));
    testkit::apply(&plane, vec![removal]).await;
    deployment::drain(&plane).await.unwrap();
    testkit::put(&plane, vec![Noun::RoleAssignment(owner)]).await;
    let record = get(&plane, &path("d")).await;
    assert_eq!(record["properties"]["error"]["details"][0]["code"], "AuthorizationFailed");
}

/// A deployment that deploys what is inside.
fn nesting(name: &str, inside: &Value) -> Value {
    json!({
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": name,
        "location": "westeurope",
        "properties": { "mode": "Incremental", "template": inside },
    })
}

fn whole(resources: &Value) -> Value {
    serde_json::from_str(&template(resources)).unwrap()
}

#[tokio::test]
async fn deployments_nest_eight_deep_and_no_deeper() {
    for (depth, expected) in [(8, "Succeeded"), (9, "Failed")] {
        let plane = testkit::plane(Vec::new()).await;
        let innermost = whole(&json!([group("inside", &[])]));
        let nested = (0..depth)
            .fold(innermost, |inner, n| whole(&json!([nesting(&format!("d{n}"), &inner)])));
        let body = az(&nested.to_string(), &json!({}));
        let (_, record) = deploy(&plane, samples::OLOF, &body).await;
        assert_eq!(record["properties"]["provisioningState"], expected, "{record:#}");
        let told = record["properties"]["error"].to_string();
        assert_eq!(told.contains("nests deployments deeper than 8"), depth == 9, "{told}");
        let made = get(&plane, &format!("{SUBSCRIPTION}/resourceGroups/inside")).await;
        assert_eq!(made["name"] == "inside", depth == 8, "{made}");
    }
}
