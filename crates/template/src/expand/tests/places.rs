//! Where things are deployed, and which ids they get there.

use super::*;

#[test]
fn an_id_without_its_subscription_means_the_templates_own_resource_and_no_other() {
    let asks = |id: &str| {
        let reference = format!("[reference('{id}', '1').x]");
        let template = document(json!({ "resources":
            [thing("b", json!({ "properties": reference })), thing("a", json!({}))] }));
        let plan = expand(&template, &Parameters::default(), &subscription()).unwrap();
        match &plan.steps[0].body {
            Body::Deferred { waits_for } => waits_for.clone(),
            Body::Ready(body) => panic!("{body}"),
        }
    };
    let own = format!("/subscriptions/{SUBSCRIPTION}/providers/N.S/things/a");
    assert_eq!(asks("/providers/n.s/things/a"), own);
    assert_eq!(asks("/providers/N.S/things/z"), "/providers/N.S/things/z");
}

#[test]
fn scopes_change_the_ids() {
    let lock = |scope: &str| {
        json!({ "type": "Microsoft.Authorization/locks", "name": "l",
        "apiVersion": "2020-05-01", "scope": scope })
    };
    let id = |resource: Value| of(json!([resource])).steps[0].id.clone();
    let base = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1");
    let cases = [
        (lock("/"), "/providers/Microsoft.Authorization/locks/l".to_owned()),
        (lock("N.S/things/a"), format!("{base}/providers/N.S/things/a/providers/Microsoft.Authorization/locks/l")),
        (lock("[resourceId('N.S/things', 'a')]"), format!("{base}/providers/N.S/things/a/providers/Microsoft.Authorization/locks/l")),
        (lock("Microsoft.Management/managementGroups/m"), "/providers/Microsoft.Management/managementGroups/m/providers/Microsoft.Authorization/locks/l".to_owned()),
        (json!({ "type": "N.S/things/providers/locks", "name": "a/Microsoft.Authorization/l", "apiVersion": "1" }),
            format!("{base}/providers/N.S/things/a/providers/Microsoft.Authorization/locks/l")),
    ];
    for (resource, expected) in cases {
        assert_eq!(id(resource), expected);
    }
    let resources =
        json!({ "type": "Microsoft.Resources/resourceGroups", "name": "g", "apiVersion": "1" });
    let template = document(json!({ "resources": [resources,
        { "type": "Microsoft.Resources/deployments", "apiVersion": "1", "name": "d", "resourceGroup": "g",
          "dependsOn": ["[resourceId('Microsoft.Resources/resourceGroups', 'g')]"],
          "properties": { "mode": "Incremental", "template": {} } }] }));
    let plan = expand(&template, &Parameters::default(), &subscription()).unwrap();
    assert_eq!(plan.steps[0].id, format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/g"));
    let group =
        Scope::ResourceGroup { subscription: SUBSCRIPTION.to_owned(), name: "g".to_owned() };
    assert_eq!(plan.steps[1].child, Some(group));
    assert_eq!(plan.steps[1].depends_on, [0]);
}

#[test]
fn dependencies_are_found_at_management_groups() {
    let at = Context::at(Scope::ManagementGroup { name: "m".to_owned() });
    let dependent = json!({ "dependsOn": ["[resourceId('N.S/things', 'a')]"] });
    let own = json!({ "dependsOn":
        ["[extensionResourceId(managementGroup().id, 'N.S/things', 'a')]"] });
    let template = document(json!({ "resources":
        [thing("b", dependent), thing("c", own), thing("a", json!({}))] }));
    let id = at.scope.id();
    let context = Context { management_group: Some(json!({ "id": id })), ..at };
    let plan = expand(&template, &Parameters::default(), &context).unwrap();
    assert_eq!(order_of(&plan), ["a after []", "b after [\"a\"]", "c after [\"a\"]"]);
}
