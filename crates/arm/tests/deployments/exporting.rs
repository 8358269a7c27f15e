//! Groups as templates, and the hash of a template.

use ids::{
    guid::{Principal, RoleId},
    resource::ResourceId,
    scope::Scope,
};
use model::{
    change::Noun,
    role::{Permission, RoleDefinition},
    samples,
};
use operations::plane::Plane;
use serde_json::{Value, json};

use super::{
    kit::{SUBSCRIPTION, ask, code, deploy_to_group, in_group, stored, to_group},
    what_if::what_if,
};

const READER: Principal = samples::principal(samples::CUSTOMER, 0xEE);

/// The group `app` with values that a careless template would read as something else.
async fn plane() -> Plane {
    let id = |text: &str| ResourceId::parse(text, samples::CUSTOMER).unwrap();
    let mut account = testkit::resource(id(&stored("a-b")));
    account.location = Some("westeurope".to_owned());
    account.tags.insert("[x]".to_owned(), "[concat('a', 'b')]".to_owned());
    let list =
        json!({ "copy": [{ "name": "n", "count": 2, "input": 1 }], "[[k]": "[[v]", "p": "[" });
    account.properties.insert("list".to_owned(), list);
    account.envelope.insert("sku".to_owned(), json!({ "name": "Standard_LRS" }));
    let inside = testkit::resource(id(&format!("{}/blobServices/default", stored("a-b"))));
    let plain = testkit::resource(id(&stored("plain")));
    let role = RoleDefinition {
        id: RoleId::new(uuid::Uuid::from_u128(0xE1)),
        permissions: vec![Permission {
            actions: ["exportTemplate/action", "read"]
                .map(|verb| format!("Microsoft.Resources/subscriptions/resourceGroups/{verb}"))
                .to_vec(),
            ..Permission::default()
        }],
        ..samples::custom_role(samples::whole())
    };
    let one = Scope::Resource(plain.id.clone());
    testkit::plane(vec![
        Noun::ResourceGroup(testkit::group("app")),
        Noun::Resource(account),
        Noun::Resource(inside),
        Noun::Resource(plain),
        Noun::User(samples::user(READER, "rita")),
        Noun::RoleAssignment(samples::role_assignment(one, READER, samples::READER)),
        Noun::RoleAssignment(samples::role_assignment(
            samples::resource_group("app"),
            READER,
            role.id,
        )),
        Noun::RoleDefinition(role),
    ])
    .await
}

fn line() -> String {
    format!("POST {SUBSCRIPTION}/resourcegroups/app/exportTemplate")
}

async fn export(plane: &Plane, who: Principal, body: &Value) -> Value {
    let answer = ask(plane, who, &line(), &body.to_string()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body.unwrap()["template"].take()
}

#[tokio::test]
async fn what_is_exported_would_change_nothing() {
    let plane = plane().await;
    for options in ["IncludeParameterDefaultValue", "SkipAllParameterization"] {
        let asked = json!({ "resources": ["*"], "options": options });
        let template = export(&plane, samples::OLOF, &asked).await;
        let body = json!({ "properties": { "mode": "Complete", "template": template } });
        let told = what_if(&plane, samples::OLOF, &in_group("d"), &body.to_string()).await;
        let changes = told["properties"]["changes"].as_array().unwrap();
        assert_eq!(changes.len(), 3, "{told:#}");
        for change in changes {
            assert_eq!(change["changeType"], "NoChange", "{change:#} {template:#}");
        }
    }
}

#[tokio::test]
async fn what_is_named_is_exported_and_no_more() {
    let plane = plane().await;
    let named = json!({ "resources": [stored("plain")] });
    let template = export(&plane, samples::OLOF, &named).await;
    assert_eq!(template["resources"].as_array().unwrap().len(), 1, "{template:#}");
    assert_eq!(template["parameters"]["storageAccounts_plain_name"], json!({ "type": "String" }));
    let lost = json!({ "resources": [stored("nothing")] }).to_string();
    let refused = ask(&plane, samples::OLOF, &line(), &lost).await;
    assert_eq!((refused.status, code(&refused).as_str()), (404, "ResourceNotFound"));
    let bicep = json!({ "resources": ["*"], "outputFormat": "Bicep" }).to_string();
    let refused = ask(&plane, samples::OLOF, &line(), &bicep).await;
    assert_eq!((refused.status, code(&refused).as_str()), (400, "InvalidRequestContent"));
}

#[tokio::test]
async fn an_export_holds_what_the_caller_may_read() {
    let plane = plane().await;
    let template = export(&plane, READER, &json!({ "resources": ["*"] })).await;
    assert_eq!(template["resources"].as_array().unwrap().len(), 1, "{template:#}");
    // What is hidden is refused like what is not there.
    for name in ["a-b", "nothing"] {
        let named = json!({ "resources": [stored(name)] }).to_string();
        let refused = ask(&plane, READER, &line(), &named).await;
        assert_eq!((refused.status, code(&refused).as_str()), (404, "ResourceNotFound"));
    }
    let reader = samples::role_assignment(samples::whole(), STRANGER, samples::READER);
    let nouns = vec![Noun::User(samples::user(STRANGER, "sara")), Noun::RoleAssignment(reader)];
    testkit::put(&plane, nouns).await;
    let refused = ask(&plane, STRANGER, &line(), "{}").await;
    assert_eq!((refused.status, code(&refused).as_str()), (403, "AuthorizationFailed"));
}

/// She may read, and export nothing.
const STRANGER: Principal = samples::principal(samples::CUSTOMER, 0xEF);

#[tokio::test]
async fn what_is_named_is_found_in_a_group_of_any_size_and_too_much_is_refused_with_what_to_do() {
    let plane = plane().await;
    let account = |n: usize| {
        let id = ResourceId::parse(&stored(&format!("c{n:04}")), samples::CUSTOMER).unwrap();
        let mut it = testkit::resource(id);
        if n < 6 {
            it.properties.insert("large".to_owned(), "x".repeat(900_000).into());
        }
        Noun::Resource(it)
    };
    testkit::put(&plane, (0..1_010).map(account).collect()).await;
    let named = |names: &[&str]| json!({ "resources": names.iter().map(|it| stored(it)).collect::<Vec<_>>() });
    let last = export(&plane, samples::OLOF, &named(&["c1009", "plain", "c1009"])).await;
    assert_eq!(last["resources"].as_array().unwrap().len(), 2, "{last:#}");
    let elsewhere = json!({ "resources": [stored("plain").replace("/app/", "/apple/")] });
    let names: Vec<String> = (6..808).map(|n| stored(&format!("c{n:04}"))).collect();
    for (asked, status, expected) in [
        (json!({ "resources": ["*"] }), 400, "ExportTemplateTooLarge"),
        (named(&["c0000", "c0001", "c0002", "c0003", "c0004"]), 400, "ExportTemplateTooLarge"),
        (json!({ "resources": names }), 400, "ExportTemplateTooManyResources"),
        (elsewhere, 404, "ResourceNotFound"),
    ] {
        let refused = ask(&plane, samples::OLOF, &line(), &asked.to_string()).await;
        assert_eq!((refused.status, code(&refused).as_str()), (status, expected));
    }
    export(&plane, samples::OLOF, &named(&["c0000"])).await;
}

#[tokio::test]
async fn the_hash_of_a_template_is_the_one_that_its_deployment_shows() {
    let plane = plane().await;
    let body = to_group("Incremental", &json!([]));
    let (_, record) = deploy_to_group(&plane, samples::OLOF, &body).await;
    let read: Value = serde_json::from_str(&body).unwrap();
    let template = format!("// as az sends it\n{:#}", read["properties"]["template"]);
    let line = "POST /providers/Microsoft.Resources/calculateTemplateHash";
    let told = ask(&plane, READER, line, &template).await.body.unwrap();
    assert_eq!(told["templateHash"], record["properties"]["templateHash"], "{told:#}");
    assert_eq!(told["minifiedTemplate"], read["properties"]["template"].to_string());
    let refused = ask(&plane, READER, line, "[]").await;
    assert_eq!((refused.status, code(&refused).as_str()), (400, "InvalidRequestContent"));
}
