//! A stock Lighthouse template, unchanged, deployed with what is nested in it. All of them are laid
//! out in `tests/samples`.

use std::{fs, path::PathBuf};

use serde_json::Value;

use super::*;
use crate::{lenient, parameters::bind};

const OWNER: &str = "99999999-9999-4999-8999-999999999999";

fn sample(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples/lighthouse");
    fs::read_to_string(root.join("templates").join(path)).unwrap()
}

/// The body that `az deployment sub create` sends: the file verbatim behind an unquoted key.
fn body(template: &str, parameters: &str) -> Value {
    let parameters = lenient::read(parameters).unwrap();
    let supplied =
        parameters["parameters"].to_string().replace("<insert managing tenant id>", OWNER);
    let body = format!(
        "{{\"location\":\"eastus\",\"properties\":{{\"parameters\":{supplied},\
         \"mode\":\"Incremental\", template:{template}}}}}"
    );
    lenient::read(&body).unwrap()
}

/// The nested deployments of the stock templates are deployed in turn, as templates of their own.
#[test]
fn the_child_of_a_resource_group_delegation_expands_to_the_assignment() {
    let folder = "delegated-resource-management/rg";
    let template = sample(&format!("{folder}/rg.json"));
    let body = body(&template, &sample(&format!("{folder}/rg.parameters.json")));
    let parent = Template::parse(&body["properties"]["template"]).unwrap();
    let context = subscription();
    let bound = bind(&parent, &body["properties"]["parameters"], &context, fresh()).unwrap();
    let plan = expand(&parent, &bound, &context).unwrap();
    let step = &plan.steps[1];
    let at = step.child.clone().unwrap();
    let Body::Ready(body) = &step.body else { panic!("deferred") };

    let child = Template::parse(&body["properties"]["template"]).unwrap();
    let context = Context::at(at);
    let plan = expand(&child, &Parameters::default(), &context).unwrap();

    let name = "a284898a-fc04-581d-aca0-047861d06160";
    let subscription = format!("/subscriptions/{SUBSCRIPTION}");
    assert_eq!(
        plan.steps[0].id,
        format!(
            "{subscription}/resourceGroups/test/providers/Microsoft.ManagedServices/\
             registrationAssignments/{name}"
        )
    );
    let definition = format!(
        "{subscription}/providers/Microsoft.ManagedServices/registrationDefinitions/{name}"
    );
    let properties = json!({ "registrationDefinitionId": definition });
    assert_eq!(plan.steps[0].body, Body::Ready(json!({ "properties": properties })));
}
