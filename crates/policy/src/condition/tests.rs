use serde_json::json;

use super::*;

fn read(value: &Value) -> Result<Condition, Unread> {
    Condition::read(value)
}

#[test]
fn azures_own_rule_is_read() {
    let rule = json!({ "allOf": [
        { "field": "type", "equals": "Microsoft.ManagedServices/registrationDefinitions" },
        { "NOT": {
            "field": "microsoft.managedservices/registrationdefinitions/MANAGEDBYTENANTID",
            "in": "[parameters('listOfAllowedTenants')]",
        }},
    ]});
    let condition = read(&rule).unwrap();
    assert_eq!(condition.tests().len(), 2);
    assert_eq!(condition.parameters(), ["listOfAllowedTenants"]);
    assert!(condition.keeps_to_delegations());
}

#[test]
fn what_fyr_does_not_evaluate_is_told_apart_from_what_is_wrong() {
    let unknown = [
        json!({ "field": "Microsoft.Storage/storageAccounts/sku.name", "equals": "x" }),
        json!({ "field": "type", "equals": "[concat('a', 'b')]" }),
        json!({ "value": "[field('type')]", "equals": "x" }),
        json!({ "count": { "field": "x[*]" }, "greater": 1 }),
        json!({ "field": "name", "less": "x" }),
        json!({ "field": "tags", "equals": { "a": "b" } }),
    ];
    for rule in &unknown {
        assert!(matches!(read(rule), Err(Unread::Unknown(_))), "{rule}: {:?}", read(rule));
    }
    let wrong = [
        json!([]),
        json!({}),
        json!({ "field": "type" }),
        json!({ "equals": "x" }),
        json!({ "field": "type", "equals": "x", "in": ["y"] }),
        json!({ "field": "type", "value": "a", "equals": "x" }),
        json!({ "allOf": [] }),
        json!({ "allOf": {} }),
        json!({ "not": { "field": "type", "equals": "x" }, "field": "type" }),
        json!({ "field": 3, "equals": "x" }),
    ];
    for rule in &wrong {
        assert!(matches!(read(rule), Err(Unread::Wrong(_))), "{rule}: {:?}", read(rule));
    }
}

#[test]
fn text_in_brackets_is_an_expression_and_two_brackets_are_one() {
    let term = |text: &str| Term::read(&json!(text));
    assert_eq!(term("[parameters('a')]"), Ok(Term::Parameter("a".to_owned())));
    assert_eq!(term("[ Parameters( 'a' ) ]"), Ok(Term::Parameter("a".to_owned())));
    assert_eq!(term("[[parameters('a')]"), Ok(Term::Literal(json!("[parameters('a')]"))));
    assert_eq!(term("[a"), Ok(Term::Literal(json!("[a"))));
    for unknown in ["[parameters('a').b]", "[parameters(a)]", "[parameters('a', 'b')]", "[]"] {
        assert!(term(unknown).is_err(), "{unknown}");
    }
}

#[test]
fn tags_are_named_in_two_ways() {
    let tag = |name: &str| Some(Field::Tag(name.to_owned()));
    assert_eq!(Field::read("tags.team"), tag("team"));
    assert_eq!(Field::read("Tags['it''s']"), tag("it's"));
    assert_eq!(Field::read("tags"), Some(Field::Tags));
    for none in ["tags.", "tags['']", "tagsx", "täg"] {
        assert_eq!(Field::read(none), None, "{none}");
    }
}

#[test]
fn a_condition_that_others_may_meet_does_not_keep_to_delegations() {
    let (definitions, assignments) = (
        "Microsoft.ManagedServices/registrationDefinitions",
        "microsoft.managedservices/registrationassignments",
    );
    let kind = json!({ "field": "type", "equals": definitions });
    let manager = json!({ "field": Alias::ManagedBy.name(), "equals": "a" });
    let free = json!({ "field": "location", "equals": "[parameters('l')]" });
    for (rule, keeps) in [
        (kind.clone(), true),
        (json!({ "field": "type", "in": [definitions, assignments] }), true),
        (
            json!({ "field": "type", "in": [definitions, "Microsoft.Storage/storageAccounts"] }),
            false,
        ),
        (json!({ "field": "type", "equals": "[parameters('t')]" }), false),
        (json!({ "field": "type", "notEquals": definitions }), false),
        (json!({ "not": { "field": "type", "notEquals": definitions } }), true),
        (manager.clone(), true),
        (json!({ "not": manager }), false),
        (free.clone(), false),
        (json!({ "allOf": [kind, free] }), true),
        (json!({ "anyOf": [kind, free] }), false),
        (json!({ "anyOf": [kind, manager] }), true),
        (json!({ "value": "true", "equals": "true" }), false),
    ] {
        assert_eq!(read(&rule).unwrap().keeps_to_delegations(), keeps, "{rule}");
    }
}
