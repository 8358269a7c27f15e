//! Deployments as ARM reads and shows them (`Microsoft.Resources/deployments`).

use std::collections::{BTreeMap, BTreeSet};

use ids::{resource::ResourceId, scope::Scope};
use jiff::Timestamp;
use model::{
    deployment::{self, Deployment, ProvisioningState, Step, StepState},
    tree::Tags,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::what_if;

pub mod operations;

/// `PUT` of a deployment, and `POST …/validate`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct DeploymentPut {
    pub location: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
    pub properties: PutProperties,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct PutProperties {
    pub mode: Mode,
    pub template: Option<Value>,
    pub template_link: Option<Link>,
    pub parameters: Option<Value>,
    pub parameters_link: Option<Link>,
    /// `{name: {value}}`, for the expressions of parameters.
    pub external_inputs: Option<Value>,
    pub debug_setting: Option<DebugSetting>,
    pub what_if_settings: Option<what_if::Settings>,
    /// What to deploy instead if this fails.
    pub on_error_deployment: Option<Value>,
}

/// What a deployment is to note of each request that it makes.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct DebugSetting {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail_level: Option<String>,
}

/// What becomes of resources that a template does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Mode {
    #[serde(alias = "incremental")]
    Incremental,
    #[serde(alias = "complete")]
    Complete,
}

impl From<Mode> for deployment::Mode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Incremental => Self::Incremental,
            Mode::Complete => Self::Complete,
        }
    }
}

/// Where content lies that was not sent along.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct Link {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relative_path: Option<String>,
}

impl From<&deployment::Link> for Link {
    fn from(link: &deployment::Link) -> Self {
        let (id, relative_path) = (Some(link.spec.to_string()), link.path.clone());
        Self { uri: None, id, relative_path }
    }
}

impl Link {
    /// What the link leads to, in its own words.
    pub fn target(&self) -> String {
        let named = [&self.uri, &self.id, &self.relative_path].into_iter().flatten();
        named.take(1).map(String::as_str).collect()
    }
}

/// A deployment as ARM shows it.
#[derive(Debug, Serialize)]
pub struct DeploymentBody {
    pub id: String,
    pub name: String,
    pub r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: Tags,
    pub properties: DeploymentProperties,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentProperties {
    pub template_hash: String,
    pub parameters: Map<String, Value>,
    pub mode: &'static str,
    pub provisioning_state: &'static str,
    pub timestamp: Timestamp,
    pub duration: String,
    pub correlation_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_link: Option<Link>,
    pub providers: Vec<ProviderBody>,
    pub dependencies: Vec<DependencyBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debug_setting: Option<DebugSetting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outputs: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_resources: Option<Vec<IdBody>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validated_resources: Option<Vec<IdBody>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Value>,
}

/// A resource provider that a deployment asks for something.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderBody {
    pub namespace: String,
    pub resource_types: Vec<ProviderTypeBody>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderTypeBody {
    pub resource_type: String,
    /// Azure says `[null]` where a type has no locations.
    pub locations: [Option<String>; 1],
}

/// What one resource of a template waits for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DependencyBody {
    pub depends_on: Vec<TargetBody>,
    #[serde(flatten)]
    pub dependent: TargetBody,
}

/// A resource by its id, and what the id tells.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetBody {
    pub id: String,
    pub resource_type: String,
    pub resource_name: String,
}

#[derive(Debug, Serialize)]
pub struct IdBody {
    pub id: String,
}

impl DeploymentBody {
    /// The deployment as it stands at that moment.
    pub fn new(deployment: Deployment, now: Timestamp) -> Self {
        let properties = DeploymentProperties::of(&deployment, now);
        let (id, name) = (deployment.id.to_string(), deployment.id.name().to_string());
        let Deployment { location, tags, .. } = deployment;
        Self { id, name, r#type: "Microsoft.Resources/deployments", location, tags, properties }
    }

    /// What a template that could be deployed would be.
    pub fn validated(deployment: Deployment, now: Timestamp) -> Self {
        let ids = ids(deployment.steps.iter().filter(|step| !step.existing));
        let mut body = Self::new(deployment, now);
        body.properties.provisioning_state = ProvisioningState::Succeeded.as_str();
        body.properties.validated_resources = Some(ids);
        body
    }
}

impl DeploymentProperties {
    fn of(deployment: &Deployment, now: Timestamp) -> Self {
        let done = |step: &&Step| step.state == StepState::Succeeded && !step.existing;
        let until = deployment.finished.unwrap_or(now);
        Self {
            template_hash: deployment.template_hash.clone(),
            parameters: deployment.parameters.clone(),
            mode: deployment.mode.as_str(),
            provisioning_state: deployment.state.as_str(),
            timestamp: until,
            duration: duration(deployment.started, until),
            correlation_id: deployment.correlation.to_string(),
            template_link: deployment.link.as_ref().map(Link::from),
            providers: providers(deployment),
            dependencies: dependencies(&deployment.steps),
            debug_setting: deployment
                .debug
                .clone()
                .map(|level| DebugSetting { detail_level: Some(level) }),
            outputs: deployment.outputs.clone(),
            output_resources: deployment
                .state
                .is_final()
                .then(|| ids(deployment.steps.iter().filter(done))),
            validated_resources: None,
            error: deployment.error.clone(),
        }
    }
}

/// `PT22.8S`, as .NET writes short times.
fn duration(from: Timestamp, until: Timestamp) -> String {
    let past = until.duration_since(from);
    let (seconds, fraction) = (past.as_secs().max(0), past.subsec_micros().max(0));
    if fraction == 0 {
        return format!("PT{seconds}S");
    }
    let fraction = format!("{fraction:06}");
    format!("PT{seconds}.{}S", fraction.trim_end_matches('0'))
}

fn ids<'a>(steps: impl Iterator<Item = &'a Step>) -> Vec<IdBody> {
    steps.map(|step| IdBody { id: step.target.to_string() }).collect()
}

fn providers(deployment: &Deployment) -> Vec<ProviderBody> {
    let mut types: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for step in &deployment.steps {
        let kind = kind(&step.target);
        if let Some((namespace, below)) = kind.split_once('/') {
            types.entry(namespace.to_owned()).or_default().insert(below.to_owned());
        }
    }
    let shown = |resource_type: String| ProviderTypeBody {
        resource_type,
        locations: [deployment.location.clone()],
    };
    types
        .into_iter()
        .map(|(namespace, types)| ProviderBody {
            namespace,
            resource_types: types.into_iter().map(shown).collect(),
        })
        .collect()
}

fn dependencies(steps: &[Step]) -> Vec<DependencyBody> {
    let waits = steps.iter().filter(|step| !step.after.is_empty());
    waits
        .map(|step| {
            let before = step.after.iter().filter_map(|place| steps.get(*place));
            DependencyBody {
                depends_on: before.map(|it| TargetBody::of(&it.target)).collect(),
                dependent: TargetBody::of(&step.target),
            }
        })
        .collect()
}

/// The type of what a step writes.
fn kind(target: &Scope) -> String {
    match target {
        Scope::Resource(id) => id.kind().to_string(),
        Scope::ResourceGroup(..) => "Microsoft.Resources/resourceGroups".to_owned(),
        Scope::Subscription(_) => "Microsoft.Resources/subscriptions".to_owned(),
        Scope::ManagementGroup(..) => "Microsoft.Management/managementGroups".to_owned(),
        Scope::Tenant(_) => "Microsoft.Resources/tenants".to_owned(),
    }
}

impl TargetBody {
    fn of(target: &Scope) -> Self {
        let resource_name = match target {
            Scope::Resource(id) => names(id),
            Scope::ResourceGroup(_, name) => name.to_string(),
            Scope::ManagementGroup(_, name) => name.to_string(),
            Scope::Subscription(id) => id.to_string(),
            Scope::Tenant(id) => id.to_string(),
        };
        Self { id: target.to_string(), resource_type: kind(target), resource_name }
    }
}

fn names(id: &ResourceId) -> String {
    id.names().map(ToString::to_string).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_duration_is_as_short_as_it_can_be() {
        let from = model::samples::now();
        let after = |micros| duration(from, from + SignedDuration::from_micros(micros));
        assert_eq!(after(0), "PT0S");
        assert_eq!(after(22_800_000), "PT22.8S");
        assert_eq!(after(90_000_001), "PT90.000001S");
    }

    #[test]
    fn a_link_is_told_by_what_it_names() {
        let link: Link = serde_json::from_str(r#"{"uri":"https://x/y"}"#).unwrap();
        assert_eq!(link.target(), "https://x/y");
    }

    #[test]
    fn a_mode_must_be_one_that_there_is() {
        let put = |mode: &str| {
            serde_json::from_value::<DeploymentPut>(
                serde_json::json!({ "properties": { "mode": mode } }),
            )
        };
        assert_eq!(put("incremental").unwrap().properties.mode, Mode::Incremental);
        assert!(put("Whatever").unwrap_err().to_string().contains("Whatever"));
    }
}
