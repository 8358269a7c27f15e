//! Directory roles: `/directoryRoles`, `/directoryRoleTemplates`, `/roleManagement/directory`.

use ids::guid::{ObjectId, RoleId};
use model::directory_role::{self, DirectoryRole, DirectoryRoleAssignment};
use operations::{
    directory::{Refused, roles},
    error::Error,
    page::Paged,
};
use store::snapshot::Page;
use wire::graph::{
    objects::read_reference,
    query::Meant,
    roles::{
        ASSIGNMENT, DEFINITION, DIRECTORY_ROLE, TEMPLATE, assignment, definition, directory_role,
        id_in, parse_assignment_id, read_assignment, template,
    },
};

use crate::{
    answer::Answer,
    failure::Failure,
    list::{self, Fetched},
    path::Key,
    route::{Answered, Ask},
};

fn missing(text: &str) -> Failure {
    Error::from(Refused::NotFound(text.chars().take(120).collect())).into()
}

fn text(ask: &Ask) -> Result<&str, Failure> {
    let (Key::Id(text) | Key::Named(_, text)) = ask.key(0)?;
    Ok(text)
}

/// The role that the path names: by its id in this tenant, or by that of its template.
fn role(ask: &Ask) -> Result<&'static DirectoryRole, Failure> {
    let (tenant, text) = (ask.context.caller.principal.tenant, text(ask)?);
    let is = |it: &&DirectoryRole| {
        id_in(tenant, it.id).to_string().eq_ignore_ascii_case(text)
            || it.id.to_string().eq_ignore_ascii_case(text)
    };
    directory_role::ALL.iter().find(is).ok_or_else(|| missing(text))
}

pub(crate) fn list(ask: Ask) -> Answered {
    Box::pin(async move {
        let tenant = ask.context.caller.principal.tenant;
        let views = directory_role::ALL.iter().map(|it| directory_role(tenant, it)).collect();
        list::whole(&ask, &DIRECTORY_ROLE, views)
    })
}

pub(crate) fn get(ask: Ask) -> Answered {
    Box::pin(async move {
        let view = directory_role(ask.context.caller.principal.tenant, role(&ask)?);
        Ok(Answer::entity(200, ask.metadata("directoryRoles/$entity"), view))
    })
}

pub(crate) fn templates(ask: Ask) -> Answered {
    Box::pin(async move {
        list::whole(&ask, &TEMPLATE, directory_role::ALL.iter().map(template).collect())
    })
}

pub(crate) fn members(ask: Ask) -> Answered {
    Box::pin(async move {
        let (role, part) = (role(&ask)?.id, list::part(&ask)?);
        let sliced = roles::holders(ask.plane(), &ask.context, role, part).await?;
        list::objects(&ask, &sliced)
    })
}

pub(crate) fn add_member(ask: Ask) -> Answered {
    Box::pin(async move {
        let role = role(&ask)?.id;
        let member = read_reference(&ask.body, &ask.plane().origins.graph)?;
        roles::assign(ask.plane(), &ask.context, member, role).await?;
        Ok(Answer::done())
    })
}

pub(crate) fn remove_member(ask: Ask) -> Answered {
    Box::pin(async move {
        let role = role(&ask)?.id;
        roles::unassign(ask.plane(), &ask.context, ask.object(1)?, role).await?;
        Ok(Answer::done())
    })
}

pub(crate) fn definitions(ask: Ask) -> Answered {
    Box::pin(async move {
        list::whole(&ask, &DEFINITION, directory_role::ALL.iter().map(definition).collect())
    })
}

pub(crate) fn definition_get(ask: Ask) -> Answered {
    Box::pin(async move {
        let view = definition(role(&ask)?);
        let context = ask.metadata("roleManagement/directory/roleDefinitions/$entity");
        Ok(Answer::entity(200, context, view))
    })
}

fn fetch<'a>(ask: &'a Ask, meant: &'a Meant, page: Page) -> Fetched<'a> {
    Box::pin(async move {
        let who = meant.equal("principalId").and_then(|text| text.parse().ok());
        let wanted = |it: &DirectoryRoleAssignment| meant.meets(&assignment(it));
        let found = roles::list(ask.plane(), &ask.context, who, page, wanted).await?;
        Ok(Paged { items: found.items.iter().map(assignment).collect(), next: found.next })
    })
}

pub(crate) fn assignments(ask: Ask) -> Answered {
    Box::pin(list::serve(ask, &ASSIGNMENT, fetch))
}

fn named(ask: &Ask) -> Result<(RoleId, ObjectId), Failure> {
    let text = text(ask)?;
    parse_assignment_id(text).ok_or_else(|| missing(text))
}

pub(crate) fn assignment_get(ask: Ask) -> Answered {
    Box::pin(async move {
        let (role, object) = named(&ask)?;
        let found = roles::get(ask.plane(), &ask.context, object, role).await?;
        let context = ask.metadata("roleManagement/directory/roleAssignments/$entity");
        Ok(Answer::entity(200, context, assignment(&found)))
    })
}

pub(crate) fn assign(ask: Ask) -> Answered {
    Box::pin(async move {
        let (object, role) = read_assignment(&ask.body)?;
        let made = roles::assign(ask.plane(), &ask.context, object, role).await?;
        let context = ask.metadata("roleManagement/directory/roleAssignments/$entity");
        Ok(Answer::entity(201, context, assignment(&made)))
    })
}

pub(crate) fn unassign(ask: Ask) -> Answered {
    Box::pin(async move {
        let (role, object) = named(&ask)?;
        roles::unassign(ask.plane(), &ask.context, object, role).await?;
        Ok(Answer::done())
    })
}
