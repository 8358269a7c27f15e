//! A deployment's requests: the caller who started it knocks at the front door.

use ids::{resource::DeploymentId, scope::Scope};
use model::{
    deployment::{Deployment, Step},
    event::{Actor, Caller},
};
use operations::{error::Error, plane::Plane};
use serde_json::{Value, json};

use crate::{
    front_door::answer_inside,
    request::{ArmRequest, ArmResponse, Method, NoCaller, Preconditions, Query},
    types::{Namespace, types},
};

/// The version in which ARM's own surface is asked.
const ROOT_VERSION: &str = "2021-04-01";

/// Whose requests they are, and for which deployment.
pub(crate) struct Client<'a> {
    pub(crate) plane: &'a Plane,
    pub(crate) deployment: &'a Deployment,
}

/// A request of a deployment.
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    pub(crate) version: &'a str,
    pub(crate) body: Value,
}

impl Client<'_> {
    /// Writes a step's resource, after registering its provider if need be and if the caller may.
    pub(crate) async fn write(&self, step: &Step, body: Value) -> Result<ArmResponse, Error> {
        self.register(&step.target).await?;
        let path = step.target.to_string();
        let version = &step.api_version;
        Ok(self.call(Call { method: Method::Put, path: &path, version, body }).await)
    }

    /// A refusal to register is not told: the write's own answer says what is missing.
    async fn register(&self, target: &Scope) -> Result<(), Error> {
        let (Scope::Resource(id), Some(subscription)) = (target, target.subscription()) else {
            return Ok(());
        };
        let namespace = id.namespace();
        let free = types().namespace(namespace).is_none_or(Namespace::registration_free);
        if free || operations::providers::registered(self.plane, subscription, namespace).await? {
            return Ok(());
        }
        let path = format!("/subscriptions/{subscription}/providers/{namespace}/register");
        let (method, body) = (Method::Post, json!({}));
        self.call(Call { method, path: &path, version: ROOT_VERSION, body }).await;
        Ok(())
    }

    /// Sends a request in by the front door.
    pub(crate) async fn call(&self, call: Call<'_>) -> ArmResponse {
        let Call { method, path, version, body } = call;
        let request = ArmRequest {
            method,
            // An id is text; a path is decoded once more.
            path: path.replace('%', "%25"),
            query: Query(vec![("api-version".to_owned(), version.to_owned())]),
            caller: self.caller(),
            auxiliary: Vec::new(),
            correlation: self.deployment.correlation,
            client_request: None,
            client_address: None,
            preconditions: Preconditions::default(),
            arrived: self.plane.store.now(),
        };
        let bytes = if method.reads() { Vec::new() } else { body.to_string().into_bytes() };
        let inside: &DeploymentId = &self.deployment.id;
        answer_inside(self.plane, request, async { Ok(bytes) }, Some(inside)).await
    }

    fn caller(&self) -> Result<Caller, NoCaller> {
        match &self.deployment.actor {
            Actor::Caller(caller) => Ok(caller.clone()),
            Actor::System(_) => Err(NoCaller::Missing),
        }
    }
}

/// The newest version in which that can be asked for, where no template names one.
pub(crate) fn newest(target: &Scope) -> String {
    let known = match target {
        Scope::Resource(id) => types().find(&id.kind()).and_then(|it| it.versions.first().copied()),
        Scope::Tenant(_)
        | Scope::ManagementGroup(..)
        | Scope::Subscription(_)
        | Scope::ResourceGroup(..) => Some(ROOT_VERSION),
    };
    known.unwrap_or_default().to_owned()
}

/// ARM's error of an answer that is none of success.
pub(crate) fn error_of(response: &ArmResponse) -> Value {
    let error = response.body.as_ref().and_then(|body| body.get("error")).cloned();
    error.unwrap_or_else(|| {
        let message = format!("The resource provider answered with status {}.", response.status);
        json!({ "code": "ResourceDeploymentFailure", "message": message })
    })
}
