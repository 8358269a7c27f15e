//! Templates of what is there, and what tells one template from another.

use std::collections::HashSet;

use ids::{guid::SubscriptionId, name::GroupName, resource::ResourceId, scope::Scope};
use model::question::Via;
use operations::{
    deployments::{Refused, template_hash},
    error::Error,
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

/// A template of more is deployed nowhere.
const BYTES_MAX: usize = 4 * 1024 * 1024;
/// So many resources are read together.
const PAGE_ROWS: usize = 50;

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
        let mut all = Collected::default();
        match asked.named() {
            Some(named) => by_name(&ask, named, &mut all).await?,
            None => everything(&ask, &mut all).await?,
        }
        Ok(ArmResponse::json(200, json!({ "template": template(&all.resources, asked.style()) })))
    })
}

/// What is to be exported, as far as it fits one template.
#[derive(Default)]
struct Collected {
    resources: Vec<Exported>,
    bytes: usize,
}

impl Collected {
    fn add(&mut self, ask: &Ask<'_>, found: Vec<Shown>) -> Result<(), Refused> {
        for exported in found.into_iter().filter_map(|it| exported(ask, it)) {
            self.bytes = self.bytes.saturating_add(json!(exported.body).to_string().len());
            self.resources.push(exported);
        }
        if self.bytes > BYTES_MAX {
            return Err(Refused::TooLargeToExport(BYTES_MAX));
        }
        if self.resources.len() > RESOURCES_MAX {
            return Err(Refused::TooManyToExport(RESOURCES_MAX));
        }
        Ok(())
    }
}

fn group(ask: &Ask<'_>) -> Result<(SubscriptionId, GroupName), Failure> {
    match ask.scope() {
        Scope::ResourceGroup(subscription, name) => Ok((subscription, name)),
        Scope::Tenant(_)
        | Scope::ManagementGroup(..)
        | Scope::Subscription(_)
        | Scope::Resource(_) => Err(Failure::NoSuchPath),
    }
}

async fn everything(ask: &Ask<'_>, all: &mut Collected) -> Result<(), Failure> {
    let (subscription, name) = group(ask)?;
    let within = Within::Group(subscription, name);
    let mut page = Page { after: None, limit: PAGE_ROWS };
    loop {
        let found = read::list(ask.plane, &ask.context, &within, page).await?;
        all.add(ask, found.items).map_err(Error::from)?;
        let Some(next) = found.next else { return Ok(()) };
        page = Page { after: Some(next), limit: PAGE_ROWS };
    }
}

/// Each is looked up by itself, however many the group holds.
async fn by_name(ask: &Ask<'_>, named: &[String], all: &mut Collected) -> Result<(), Failure> {
    let (group, mut known) = (ask.scope(), HashSet::new());
    let mut named = ids(ask, named)?;
    named.retain(|id| known.insert(id.clone()));
    if named.len() > RESOURCES_MAX {
        return Err(Error::from(Refused::TooManyToExport(RESOURCES_MAX)).into());
    }
    let lost = |id: &ResourceId| Error::from(resources::Refused::NotFound(id.clone()));
    if let Some(elsewhere) = named.iter().find(|id| !group.contains(id.scope())) {
        return Err(lost(elsewhere).into());
    }
    for part in named.chunks(PAGE_ROWS) {
        let found = read::named(ask.plane, &ask.context, part).await?;
        let missing = part.iter().find(|id| found.iter().all(|it| it.resource.id != **id));
        if let Some(missing) = missing {
            return Err(lost(missing).into());
        }
        all.add(ask, found).map_err(Error::from)?;
    }
    Ok(())
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
