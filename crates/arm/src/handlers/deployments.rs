//! Deployments (`Microsoft.Resources/deployments`), at every scope that takes them.

use ids::{path::Path, resource::DeploymentId, scope::Scope};
use model::{
    deployment::{self as deployed, Deployment, Mode},
    question::Via,
};
use operations::{
    deployments::{Refused, cancel, delete as removal, link, read, start, template_hash, what_if},
    error::Error,
};
use serde_json::{Value, json};
use template::lenient;
use wire::arm::{
    deployments::{DeploymentBody, DeploymentPut, Link, operations::OperationBody},
    scopes::ListBody,
};

use crate::{
    deployment::{self, facts},
    failure::Failure,
    handlers::status,
    request::{
        ArmResponse,
        Method::{Delete, Get, Head, Post, Put},
    },
    route::{
        Answer, Ask,
        Judge::{self, Each, Starter},
        Level::ResourceGroup,
        Route,
        Target::{Item, ItemAction, List, Words},
        Versions::These,
        row,
    },
    versions::RESOURCES,
};

const KIND: &str = "Microsoft.Resources/deployments";
const READ: Judge = Judge::Action("Microsoft.Resources/deployments/read", Via::Any);
const WRITE: Judge = Judge::Action("Microsoft.Resources/deployments/write", Via::Any);
const DELETE: Judge = Judge::Action("Microsoft.Resources/deployments/delete", Via::Any);
const VALIDATE: Judge = Judge::Action("Microsoft.Resources/deployments/validate/action", Via::Any);
const WHAT_IF: Judge = Judge::Action("Microsoft.Resources/deployments/whatIf/action", Via::Any);
const CANCEL: Judge = Judge::Action("Microsoft.Resources/deployments/cancel/action", Via::Any);
const EXPORT: Judge =
    Judge::Action("Microsoft.Resources/deployments/exportTemplate/action", Via::Any);
const OPERATIONS: Judge =
    Judge::Action("Microsoft.Resources/deployments/operations/read", Via::Any);

pub(crate) const ROUTES: &[Route] = &[
    row(Get, List(KIND), These(RESOURCES), Each("Microsoft.Resources/deployments/read"), list),
    row(Get, Item(KIND), These(RESOURCES), READ, get),
    row(Head, Item(KIND), These(RESOURCES), READ, head),
    row(Put, Item(KIND), These(RESOURCES), WRITE, put),
    row(Delete, Item(KIND), These(RESOURCES), DELETE, delete),
    row(Post, ItemAction(KIND, "validate"), These(RESOURCES), VALIDATE, validate),
    row(Post, ItemAction(KIND, "whatIf"), These(RESOURCES), WHAT_IF, what_if),
    row(Post, ItemAction(KIND, "cancel"), These(RESOURCES), CANCEL, stop),
    row(Post, ItemAction(KIND, "exportTemplate"), These(RESOURCES), EXPORT, export),
    row(
        Get,
        List("Microsoft.Resources/deployments/operations"),
        These(RESOURCES),
        OPERATIONS,
        operations_of,
    ),
    row(
        Get,
        Item("Microsoft.Resources/deployments/operations"),
        These(RESOURCES),
        OPERATIONS,
        operation,
    ),
    // The old form of a group's, which the clients still send.
    row(
        Get,
        Words(ResourceGroup, &["deployments", "*", "operations"]),
        These(RESOURCES),
        OPERATIONS,
        operations_of,
    ),
    row(
        Get,
        Words(ResourceGroup, &["deployments", "*", "operations", "*"]),
        These(RESOURCES),
        OPERATIONS,
        operation,
    ),
    row(
        Get,
        Item("Microsoft.Resources/deployments/operationStatuses"),
        These(RESOURCES),
        Starter,
        status::status,
    ),
    row(
        Get,
        Item("Microsoft.Resources/deployments/operationResults"),
        These(RESOURCES),
        Starter,
        what_if_result,
    ),
];

fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let found = read::get(ask.plane, &ask.context, &id(&ask)?).await?;
        Ok(ArmResponse::json(200, body(&ask, found)))
    })
}

/// Whether it is there: 204 or 404, never a body.
fn head(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        match read::get(ask.plane, &ask.context, &id(&ask)?).await {
            Ok(_) => Ok(ArmResponse::empty(204)),
            Err(Error::Deployment(Refused::NotFound(_))) => Ok(ArmResponse::empty(404)),
            Err(error) => Err(error.into()),
        }
    })
}

fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let page = operations::page::page(ask.cursor()?, ask.top()?);
        let found = read::list(ask.plane, &ask.context, &ask.scope(), page).await?;
        let wanted = state_filter(&ask)?;
        let deployments = found.items.into_iter().filter(|it| {
            wanted.as_ref().is_none_or(|state| it.state.as_str().eq_ignore_ascii_case(state))
        });
        Ok(ask.list(deployments.map(|it| body(&ask, it)).collect(), found.next.as_ref()))
    })
}

/// `$filter=provisioningState eq 'Failed'`, the only filter there is.
fn state_filter(ask: &Ask<'_>) -> Result<Option<String>, Failure> {
    let Some(filter) = ask.query.get("$filter").filter(|it| !it.is_empty()) else {
        return Ok(None);
    };
    let words: Vec<&str> = filter.split_whitespace().collect();
    match words.as_slice() {
        [name, eq, state]
            if name.eq_ignore_ascii_case("provisioningState") && eq.eq_ignore_ascii_case("eq") =>
        {
            Ok(Some(state.trim_matches('\'').to_owned()))
        }
        _ => Err(Failure::Query {
            name: "$filter",
            reason: "deployments are filtered by provisioningState eq '…' only".to_owned(),
        }),
    }
}

fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let wanted = wanted(&ask, read_put(&ask)?).await?;
        let put = start::start(ask.plane, &ask.context, wanted).await?;
        let status = put.status();
        let started = put.into_inner();
        let poll = format!("{}/operationStatuses/{}", started.id, started.operation);
        let poll = ask.link(&poll);
        Ok(ArmResponse::json(status, body(&ask, started))
            .with("Azure-AsyncOperation", poll)
            .with("Retry-After", "1"))
    })
}

fn validate(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let wanted = wanted(&ask, read_put(&ask)?).await?;
        let valid = start::validate(ask.plane, &ask.context, wanted).await?;
        let body = DeploymentBody::validated(valid, ask.plane.store.now());
        Ok(ArmResponse::json(200, body))
    })
}

/// Worked out before it is answered, since a run in memory is short; told as clients ask for it.
fn what_if(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let put = read_put(&ask)?;
        let settings = put.properties.what_if_settings.clone().unwrap_or_default();
        let wanted = wanted(&ask, put).await?;
        let path = wanted.id.to_string();
        let (plane, context) = (ask.plane, &ask.context);
        let found = deployment::what_if(plane, context, wanted, settings.result_format).await?;
        let operation = what_if::keep(plane, context, found).await?;
        let poll = ask.link(&format!("{path}/operationResults/{operation}"));
        Ok(ArmResponse::empty(202).with("Location", poll).with("Retry-After", "1"))
    })
}

fn what_if_result(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = ask.resource()?.name().to_string();
        let found = what_if::read(ask.plane, &ask.context, &id).await?;
        let absent = || Failure::NotFound { name: format!("operations/{id}"), group: None };
        Ok(ArmResponse::json(200, found.ok_or_else(absent)?))
    })
}

fn delete(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = id(&ask)?;
        let Some(operation) = removal::delete(ask.plane, &ask.context, &id).await? else {
            return Ok(ArmResponse::empty(204));
        };
        // What can be polled stands in a subscription; elsewhere the removal is told as done.
        let Some(subscription) = id.scope().subscription() else {
            return Ok(ArmResponse::empty(204));
        };
        let path = format!("/subscriptions/{subscription}/operationresults/{operation}");
        Ok(ArmResponse::empty(202).with("Location", ask.link(&path)).with("Retry-After", "1"))
    })
}

fn stop(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        cancel::cancel(ask.plane, &ask.context, &id(&ask)?).await?;
        Ok(ArmResponse::empty(204))
    })
}

fn export(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let found = read::get(ask.plane, &ask.context, &id(&ask)?).await?;
        Ok(ArmResponse::json(200, json!({ "template": found.template })))
    })
}

fn operations_of(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let found = read::get(ask.plane, &ask.context, &id(&ask)?).await?;
        let all = OperationBody::all(&found, ask.plane.store.now());
        Ok(ArmResponse::json(200, ListBody::whole(all)))
    })
}

fn operation(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let name = match &ask.path {
            Path::Resource(id) => Some(id.name()),
            Path::Words(_, words) => words.last(),
            Path::Scope(_) | Path::Collection(_) => None,
        };
        let name = name.cloned().ok_or(Failure::NoSuchPath)?;
        let found = read::get(ask.plane, &ask.context, &id(&ask)?).await?;
        let all = OperationBody::all(&found, ask.plane.store.now());
        let one = all.into_iter().find(|it| name.is(&it.operation_id));
        let one = one.ok_or_else(|| Error::from(Refused::NoOperation(name)))?;
        Ok(ArmResponse::json(200, one))
    })
}

fn body(ask: &Ask<'_>, deployment: Deployment) -> DeploymentBody {
    DeploymentBody::new(deployment, ask.plane.store.now())
}

/// The deployment that the path names or lies in.
fn id(ask: &Ask<'_>) -> Result<DeploymentId, Failure> {
    if let Path::Words(scope, words) = &ask.path {
        let name = words.get(1).cloned().ok_or(Failure::NoSuchPath)?;
        return Ok(DeploymentId::at(scope.clone(), name)?);
    }
    let Scope::Resource(named) = ask.scope() else { return Err(Failure::NoSuchPath) };
    let above = || match named.parent() {
        Scope::Resource(above) => Some(above),
        Scope::Tenant(_)
        | Scope::ManagementGroup(..)
        | Scope::Subscription(_)
        | Scope::ResourceGroup(..) => None,
    };
    let id = if named.is_a(KIND) { Some(named.clone()) } else { above() };
    Ok(DeploymentId::try_from(id.ok_or(Failure::NoSuchPath)?)?)
}

/// The body of a deployment. `az` sends what no strict reader takes (clients' contract, gotcha 1).
fn read_put(ask: &Ask<'_>) -> Result<DeploymentPut, Failure> {
    let read = lenient::read(text(ask)?).map_err(|bad| Failure::Content(bad.to_string()))?;
    serde_json::from_value(read).map_err(|bad| Failure::Content(bad.to_string()))
}

fn text<'a>(ask: &'a Ask<'_>) -> Result<&'a str, Failure> {
    std::str::from_utf8(&ask.body).map_err(|bad| Failure::Content(bad.to_string()))
}

/// What the body asks for, at the place that the path names.
async fn wanted(ask: &Ask<'_>, put: DeploymentPut) -> Result<start::Start, Failure> {
    let id = id(ask)?;
    let properties = put.properties;
    let mode = Mode::from(properties.mode);
    if let Some(link) = properties.parameters_link {
        return Err(Error::from(Refused::Link(link.target())).into());
    }
    let (template, link) = found(ask, properties.template, properties.template_link).await?;
    let parameters = properties.parameters.unwrap_or(Value::Null);
    let about = about(&id, put.location.as_deref(), mode, (&template, &parameters));
    let mut facts = facts::of(ask.plane, &ask.context, id.scope(), about).await?;
    facts.external_inputs = properties.external_inputs.unwrap_or_default();
    Ok(start::Start {
        id,
        location: put.location,
        tags: put.tags.unwrap_or_default(),
        mode,
        debug: properties.debug_setting.and_then(|it| it.detail_level),
        otherwise: properties.on_error_deployment.is_some(),
        template,
        link,
        parameters,
        facts,
        text: text(ask)?.to_owned(),
        parent: ask.inside.clone(),
    })
}

/// The template that was sent along, or that of a spec.
async fn found(
    ask: &Ask<'_>,
    sent: Option<Value>,
    link: Option<Link>,
) -> Result<(Value, Option<deployed::Link>), Failure> {
    match (sent, link) {
        (Some(template), None) => Ok((template, None)),
        (None, None) => Err(Failure::Content("missing field `template`".to_owned())),
        (Some(_), Some(_)) => {
            Err(Failure::Content("`template` and `templateLink` exclude each other".to_owned()))
        }
        (None, Some(sent)) => {
            let lost = || Error::from(Refused::Link(sent.target()));
            let id = sent.id.as_deref().filter(|_| sent.uri.is_none()).ok_or_else(lost)?;
            let spec = link::spec(id, &ask.context).map_err(Error::from)?;
            let link = deployed::Link { spec, path: sent.relative_path.clone() };
            Ok((link::follow(ask.plane, &ask.context, &link).await?, Some(link)))
        }
    }
}

/// `deployment()`.
fn about(
    id: &DeploymentId,
    location: Option<&str>,
    mode: Mode,
    (template, parameters): (&Value, &Value),
) -> Value {
    let mut about = json!({
        "name": id.name().to_string(),
        "properties": {
            "template": template,
            "templateHash": template_hash(template),
            "parameters": parameters,
            "mode": mode.as_str(),
            "provisioningState": "Accepted",
        },
    });
    if let (Some(location), Some(members)) = (location, about.as_object_mut()) {
        members.insert("location".to_owned(), location.into());
    }
    about
}
