//! Templates that are kept as template specs.

use ids::guid::Principal;
use model::{change::Noun, samples};
use operations::plane::Plane;
use serde_json::{Value, json};

use super::kit::{
    SUBSCRIPTION, ask, code, deploy_to_group, get, in_group, is_there, storage, stored, to_group,
};

const CONTRIBUTOR: Principal = samples::principal(samples::CUSTOMER, 0xC0);

fn spec() -> String {
    format!("{SUBSCRIPTION}/resourceGroups/specs/providers/Microsoft.Resources/templateSpecs/s")
}

fn template(resources: &Value) -> Value {
    let body: Value = serde_json::from_str(&to_group("Incremental", resources)).unwrap();
    body["properties"]["template"].clone()
}

fn linking(name: &str, path: &str) -> Value {
    json!({
        "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": name,
        "properties": { "mode": "Incremental", "templateLink": { "relativePath": path } },
    })
}

/// A spec whose main template leads to a second, and that to a third beside it.
async fn plane() -> Plane {
    let groups = ["app", "specs"].map(|name| Noun::ResourceGroup(testkit::group(name)));
    let grant =
        samples::role_assignment(samples::resource_group("app"), CONTRIBUTOR, samples::CONTRIBUTOR);
    let cora = [Noun::User(samples::user(CONTRIBUTOR, "cora")), Noun::RoleAssignment(grant)];
    let plane = testkit::plane(groups.into_iter().chain(cora).collect()).await;
    let linked =
        |path: &str, resources: Value| json!({ "path": path, "template": template(&resources) });
    let version = json!({ "location": "westeurope", "properties": {
        "mainTemplate": template(&json!([storage("main"), linking("second", "parts/second.json")])),
        "linkedTemplates": [
            linked("parts/second.json", json!([storage("second"), linking("third", "./third.json")])),
            linked("parts/third.json", json!([storage("third")])),
            linked("third.json", json!([storage("wrong")])),
        ],
    }});
    for (path, body) in [
        (spec(), json!({ "location": "westeurope" })),
        (format!("{}/versions/1.0", spec()), version),
    ] {
        let line = format!("PUT {path}?2022-02-01");
        let put = ask(&plane, samples::OLOF, &line, &body.to_string()).await;
        assert_eq!(put.status, 201, "{put:?}");
    }
    plane
}

fn by_link(link: &Value) -> String {
    json!({ "properties": { "mode": "Incremental", "templateLink": link } }).to_string()
}

#[tokio::test]
async fn a_spec_is_deployed_with_all_that_it_links_to() {
    let plane = plane().await;
    let id = format!("{}/versions/1.0", spec());
    let (put, record) =
        deploy_to_group(&plane, samples::OLOF, &by_link(&json!({ "id": id }))).await;
    assert_eq!(put.status, 201, "{put:?}");
    assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{record:#}");
    assert_eq!(record["properties"]["templateLink"], json!({ "id": id }));
    for (name, there) in [("main", true), ("second", true), ("third", true), ("wrong", false)] {
        assert_eq!(is_there(&plane, &stored(name)).await, there, "{name}");
    }
    let third = get(&plane, &in_group("third")).await;
    let link = json!({ "id": id, "relativePath": "parts/third.json" });
    assert_eq!(third["properties"]["templateLink"], link, "{third:#}");
}

#[tokio::test]
async fn a_link_leads_only_to_specs_and_only_those_who_may_read_them() {
    let plane = plane().await;
    let version = format!("{}/versions/1.0", spec());
    let refused = async |who: Principal, link: Value| {
        let line = format!("PUT {}", in_group("d"));
        let refused = ask(&plane, who, &line, &by_link(&link)).await;
        (refused.status, code(&refused))
    };
    let lost = (400, "InvalidContentLink".to_owned());
    for link in [
        json!({ "uri": "https://localhost/t.json" }),
        json!({ "uri": "https://localhost/t.json", "id": version }),
        json!({ "relativePath": "parts/second.json" }),
        json!({ "id": version, "relativePath": "nothing.json" }),
        json!({ "id": version, "relativePath": "../s.json" }),
        json!({ "id": stored("main") }),
        json!({ "id": "no id" }),
    ] {
        assert_eq!(refused(samples::OLOF, link.clone()).await, lost, "{link}");
    }
    let nothing = json!({ "id": format!("{}/versions/2.0", spec()) });
    let absent = refused(samples::OLOF, nothing.clone()).await;
    assert_eq!(absent, (404, "ResourceNotFound".to_owned()));
    // Whoever may not read it hears the same of one that is there and one that is not.
    for link in [json!({ "id": version }), nothing] {
        assert_eq!(refused(CONTRIBUTOR, link).await, (403, "AuthorizationFailed".to_owned()));
    }
    assert!(!is_there(&plane, &in_group("d")).await);
}
