//! Templates by which a customer is onboarded without a marketplace, and their parameters: in the
//! shape that is known from Azure Lighthouse's own samples
//! (<https://learn.microsoft.com/azure/lighthouse/how-to/onboard-customer>).

use model::market::manifest::Manifest;
use serde_json::{Map, Value, json};

use super::{definition::AuthorizationBody, eligible::EligibleBody};

/// The first version that is stable and knows eligible authorizations.
const API_VERSION: &str = "2022-10-01";
const TEMPLATE: &str =
    "https://schema.management.azure.com/schemas/2019-08-01/subscriptionDeploymentTemplate.json#";
const INNER: &str =
    "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
const PARAMETERS: &str =
    "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#";
const DEFINITIONS: &str = "Microsoft.ManagedServices/registrationDefinitions";
const ASSIGNMENTS: &str = "Microsoft.ManagedServices/registrationAssignments";
/// Who deploys it again changes the same definition.
const NAME: &str = "[guid(parameters('mspOfferName'))]";
const DEFINITION_ID: &str = "[subscriptionResourceId('Microsoft.ManagedServices/registrationDefinitions', guid(parameters('mspOfferName')))]";

/// What a customer is asked to agree to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Onboarding {
    /// What the customer sees as the offer's name. Definitions of one name replace each other.
    pub name: String,
    pub description: String,
    pub manifest: Manifest,
    /// The groups that are delegated; the whole subscription where there are none.
    pub resource_groups: Vec<String>,
}

/// The template: it is deployed at the customer's subscription.
pub fn template(onboarding: &Onboarding) -> Value {
    let is_whole = onboarding.resource_groups.is_empty();
    let assignment = if is_whole { whole() } else { grouped() };
    json!({
        "$schema": TEMPLATE,
        "contentVersion": "1.0.0.0",
        "parameters": asked(is_whole),
        "resources": [definition(), assignment],
        "outputs": {
            "mspOfferName": {
                "type": "string",
                "value": "[concat('Managed by ', parameters('mspOfferName'))]",
            },
            "authorizations": { "type": "array", "value": "[parameters('authorizations')]" },
        },
    })
}

/// What the template asks for.
fn asked(is_whole: bool) -> Map<String, Value> {
    const TEXTS: [(&str, &str); 3] = [
        ("mspOfferName", "What the customer sees as the offer's name"),
        ("mspOfferDescription", "What the offer is"),
        ("managedByTenantId", "The managing tenant's id"),
    ];
    const LISTS: [(&str, &str); 2] = [
        ("authorizations", "Roles that hold always"),
        ("eligibleAuthorizations", "Roles that are activated for a while"),
    ];
    const GROUPS: (&str, &str) = ("resourceGroups", "Names of the groups that are delegated");
    let of = |kind: &'static str| {
        move |(name, says): (&str, &str)| {
            let asked = json!({ "type": kind, "metadata": { "description": says } });
            (name.to_owned(), asked)
        }
    };
    let lists = LISTS.into_iter().chain((!is_whole).then_some(GROUPS));
    TEXTS.into_iter().map(of("string")).chain(lists.map(of("array"))).collect()
}

fn definition() -> Value {
    json!({
        "type": DEFINITIONS,
        "apiVersion": API_VERSION,
        "name": NAME,
        "properties": {
            "registrationDefinitionName": "[parameters('mspOfferName')]",
            "description": "[parameters('mspOfferDescription')]",
            "managedByTenantId": "[parameters('managedByTenantId')]",
            "authorizations": "[parameters('authorizations')]",
            "eligibleAuthorizations": "[parameters('eligibleAuthorizations')]",
        },
    })
}

/// The delegation of the whole subscription.
fn whole() -> Value {
    json!({
        "type": ASSIGNMENTS,
        "apiVersion": API_VERSION,
        "name": NAME,
        "dependsOn": [DEFINITION_ID],
        "properties": { "registrationDefinitionId": DEFINITION_ID },
    })
}

/// A delegation of each group, which only a deployment to the group can make.
fn grouped() -> Value {
    json!({
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "[concat('delegation-', copyIndex())]",
        "resourceGroup": "[parameters('resourceGroups')[copyIndex()]]",
        "copy": { "name": "delegations", "count": "[length(parameters('resourceGroups'))]" },
        "dependsOn": [DEFINITION_ID],
        "properties": {
            "mode": "Incremental",
            "template": {
                "$schema": INNER,
                "contentVersion": "1.0.0.0",
                "resources": [{
                    "type": ASSIGNMENTS,
                    "apiVersion": API_VERSION,
                    "name": NAME,
                    "properties": { "registrationDefinitionId": DEFINITION_ID },
                }],
            },
        },
    })
}

/// The template's parameters.
pub fn parameters(onboarding: &Onboarding) -> Value {
    let Onboarding { name, description, manifest, resource_groups } = onboarding;
    let Manifest { tenant, authorizations, eligible } = manifest;
    let always: Vec<AuthorizationBody> =
        authorizations.iter().cloned().map(AuthorizationBody::from).collect();
    let activated: Vec<EligibleBody> = eligible.iter().cloned().map(EligibleBody::from).collect();
    let groups = (!resource_groups.is_empty()).then(|| ("resourceGroups", json!(resource_groups)));
    let values = [
        ("mspOfferName", json!(name)),
        ("mspOfferDescription", json!(description)),
        ("managedByTenantId", json!(tenant)),
        ("authorizations", json!(always)),
        ("eligibleAuthorizations", json!(activated)),
    ];
    let values = values.into_iter().chain(groups);
    let parameters: Map<String, Value> =
        values.map(|(name, value)| (name.to_owned(), json!({ "value": value }))).collect();
    json!({ "$schema": PARAMETERS, "contentVersion": "1.0.0.0", "parameters": parameters })
}

#[cfg(test)]
mod tests {
    use model::{
        delegation::{Approver, EligibleAuthorization, JustInTimePolicy, MultiFactor},
        samples::{CONTRIBUTOR, READER, market, object},
    };

    use super::*;
    use crate::arm::managed_services::manifest::{offer_name, read};

    #[test]
    fn the_parameters_say_what_the_manifest_says() {
        let approver = Approver { principal: object(3), display_name: Some("Leads".to_owned()) };
        let policy = JustInTimePolicy {
            multi_factor: MultiFactor::Azure,
            minutes_max: 90,
            approvers: vec![approver],
        };
        let mut manifest = market::manifest();
        manifest.authorizations[0].delegated_roles = Some(vec![READER]);
        manifest.eligible = vec![EligibleAuthorization {
            principal: object(2),
            role: CONTRIBUTOR,
            display_name: None,
            policy: Some(policy),
        }];
        let onboarding = Onboarding {
            name: "Harbor".to_owned(),
            description: "Night crew".to_owned(),
            manifest: manifest.clone(),
            resource_groups: vec!["app".to_owned()],
        };
        let file = parameters(&onboarding).to_string();
        assert_eq!(read(file.as_bytes()), Ok(manifest));
        assert_eq!(offer_name(file.as_bytes()), Ok(Some("Harbor".to_owned())));
    }

    #[test]
    fn each_parameter_of_the_template_has_a_value_and_no_other_has() {
        for groups in [Vec::new(), vec!["app".to_owned()]] {
            let onboarding = Onboarding {
                name: String::new(),
                description: String::new(),
                manifest: market::manifest(),
                resource_groups: groups,
            };
            let names = |it: &Value| -> Vec<String> {
                it["parameters"].as_object().unwrap().keys().cloned().collect()
            };
            assert_eq!(names(&template(&onboarding)), names(&parameters(&onboarding)));
        }
    }
}
