//! Templates of what is there, and what tells one template from another.

use ids::{resource::ResourceId, scope::Scope};
use model::question::Via;
use operations::{
    deployments::{Refused, template_hash},
    error::Error,
    page,
    resources::{
        self,
        identity::Shown,
        read::{self, Within},
    },
};
use serde_json::{Value, json};
use store::snapshot::Page;
use template::{lenient, limits::RESOURCES_MAX};
use wire::arm::export::{ExportPut, Exported, template};

use super::resources::show_to;
use crate::{
    deployment::newest,
    failure::Failure,
    request::{ArmResponse, Method::Post},
    route::{
        Answer, Ask,
        Judge::{Action, Each},
        Level::ResourceGroup,
        Route,
        Target::{List, Words},
        Versions::These,
        row,
    },
    versions::RESOURCES,
};

pub(crate) const ROUTES: &[Route] = &[
    row(
        Post,
        Words(ResourceGroup, &["exportTemplate"]),
        These(RESOURCES),
        Action("Microsoft.Resources/subscriptions/resourceGroups/exportTemplate/action", Via::Any),
        export,
    ),
    row(
        Post,
        List("Microsoft.Resources/calculateTemplateHash"),
        These(RESOURCES),
        Each("{kind}/action"),
        hash,
    ),
];

/// What of the group the caller may read, or what they name of it.
fn export(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let asked: ExportPut = if ask.body.is_empty() { ExportPut::default() } else { ask.json()? };
        if asked.output_format.as_deref().is_some_and(|it| !it.eq_ignore_ascii_case("Json")) {
            return Err(Failure::Content("outputFormat: templates are JSON only".to_owned()));
        }
        let mut there = everything(&ask).await?;
        if let Some(named) = asked.named() {
            let named = ids(&ask, named)?;
            let lost = named.iter().find(|id| there.iter().all(|it| it.resource.id != **id));
            if let Some(lost) = lost {
                return Err(Error::from(resources::Refused::NotFound(lost.clone())).into());
            }
            there.retain(|it| named.contains(&it.resource.id));
        }
        if there.len() > RESOURCES_MAX {
            return Err(Error::from(Refused::TooManyToExport(RESOURCES_MAX)).into());
        }
        let all: Vec<Exported> = there.into_iter().filter_map(|it| exported(&ask, it)).collect();
        Ok(ArmResponse::json(200, json!({ "template": template(&all, asked.style()) })))
    })
}

async fn everything(ask: &Ask<'_>) -> Result<Vec<Shown>, Failure> {
    let Scope::ResourceGroup(subscription, name) = ask.scope() else {
        return Err(Failure::NoSuchPath);
    };
    let within = Within::Group(subscription, name);
    let (mut all, mut page) = (Vec::new(), page::page(None, None));
    loop {
        let found = read::list(ask.plane, &ask.context, &within, page).await?;
        all.extend(found.items);
        let Some(next) = found.next.filter(|_| all.len() <= RESOURCES_MAX) else { return Ok(all) };
        page = Page { after: Some(next), limit: page::PAGE_ROWS };
    }
}

fn ids(ask: &Ask<'_>, named: &[String]) -> Result<Vec<ResourceId>, Failure> {
    let home = ask.context.caller.principal.tenant;
    let read = |text: &String| ResourceId::parse(text, home);
    Ok(named.iter().map(read).collect::<Result<_, _>>()?)
}

fn exported(ask: &Ask<'_>, shown: Shown) -> Option<Exported> {
    let id = shown.resource.id.clone();
    let api_version = newest(&Scope::Resource(id.clone()));
    let Value::Object(body) = show_to(ask.plane, &ask.context, shown) else { return None };
    Some(Exported { id, api_version, body })
}

/// The hash that a deployment of the template would show.
fn hash(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let text = std::str::from_utf8(&ask.body);
        let text = text.map_err(|bad| Failure::Content(bad.to_string()))?;
        let read = lenient::read(text).map_err(|bad| Failure::Content(bad.to_string()))?;
        if !read.is_object() {
            return Err(Failure::Content("a template is an object".to_owned()));
        }
        let minified = read.to_string();
        let body = json!({ "minifiedTemplate": minified, "templateHash": template_hash(&read) });
        Ok(ArmResponse::json(200, body))
    })
}
