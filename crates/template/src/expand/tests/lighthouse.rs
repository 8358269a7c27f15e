//! The stock Lighthouse templates, unchanged, with filled-in parameters.

use std::{fmt::Write as _, fs, path::PathBuf};

use serde_json::Value;

use super::*;
use crate::{lenient, outputs::outputs, parameters::bind};

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

/// Steps, bodies and outputs as text that can be reviewed.
fn expanded(folder: &str, template: &str, parameters: &str) -> String {
    let folder = format!("delegated-resource-management{folder}");
    let template = sample(&format!("{folder}/{template}.json"));
    let body = body(&template, &sample(&format!("{folder}/{parameters}.parameters.json")));
    let properties = &body["properties"];
    let template = Template::parse(&properties["template"]).unwrap();
    let context = subscription();
    let bound = bind(&template, &properties["parameters"], &context, fresh()).unwrap();
    let plan = expand(&template, &bound, &context).unwrap();
    let mut text = String::new();
    for (index, step) in plan.steps.iter().enumerate() {
        writeln!(text, "{index} {} {} after {:?}", step.id, step.api_version, step.depends_on)
            .unwrap();
        let Body::Ready(body) = &step.body else { panic!("{} is deferred", step.id) };
        writeln!(text, "{body:#}").unwrap();
    }
    let outputs = outputs(&template, &bound, &context, &NothingYet).unwrap();
    writeln!(text, "outputs\n{outputs:#}").unwrap();
    text
}

macro_rules! golden {
    ($($name:ident: $folder:literal $template:literal $parameters:literal;)*) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), expanded($folder, $template, $parameters));
        }
    )*};
}

golden! {
    a_subscription_is_delegated: "" "subscription/subscription" "subscription/subscription";
    a_resource_group_is_delegated: "" "rg/rg" "rg/rg";
    several_resource_groups_are_delegated: "" "rg/multi-rg" "rg/multiple-rg";
    eligible_for_a_subscription: "-eligible-authorizations" "subscription/subscription" "subscription/subscription";
    eligible_for_a_subscription_with_approvers: "-eligible-authorizations" "subscription/subscription-managing-tenant-approvers" "subscription/subscription-managing-tenant-approvers";
    eligible_for_a_resource_group: "-eligible-authorizations" "rg/rg" "rg/rg";
    eligible_for_a_resource_group_with_approvers: "-eligible-authorizations" "rg/rg-managing-tenant-approvers" "rg/rg-managing-tenant-approvers";
    eligible_for_several_resource_groups: "-eligible-authorizations" "rg/multiple-rg" "rg/multiple-rg";
    eligible_for_several_resource_groups_with_approvers: "-eligible-authorizations" "rg/multiple-rg-managing-tenant-approvers" "rg/multiple-rg-managing-tenant-approvers";
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
