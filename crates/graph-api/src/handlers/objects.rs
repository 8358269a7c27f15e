//! `/directoryObjects`, and what any object is a member of.

use ids::guid::ObjectId;
use model::{
    directory::GroupKind,
    directory_role::{self, DirectoryRole},
};
use operations::directory::{
    members::{self, Belonging, Depth},
    objects::{self, IDS_MAX, Object},
    users,
};
use serde_json::{Value, json};
use wire::graph::{
    View,
    applications::{APPLICATION, application},
    groups::{GROUP, group},
    objects::{read_groups, read_ids, read_security_only, typed},
    query::Select,
    roles::{DIRECTORY_ROLE, directory_role, id_in},
    service_principals::{SERVICE_PRINCIPAL, service_principal},
    users::{USER, user},
};

use crate::{
    answer::Answer,
    failure::Failure,
    route::{Answered, Ask, bad},
};

/// An object with its type.
pub(crate) fn shown(it: &Object) -> View {
    let (kind, view) = match it {
        Object::User(it) => (&USER, user(it)),
        Object::Group(it) => (&GROUP, group(it)),
        Object::ServicePrincipal(it) => (&SERVICE_PRINCIPAL, service_principal(it, None)),
        Object::Application(it) => (&APPLICATION, application(it, &[])),
    };
    let all = Select::parse(None, kind).map(|select| select.shown(view, kind));
    typed(kind, all.unwrap_or_default())
}

fn type_name(it: &Object) -> &'static str {
    match it {
        Object::User(_) => USER.name,
        Object::Group(_) => GROUP.name,
        Object::ServicePrincipal(_) => SERVICE_PRINCIPAL.name,
        Object::Application(_) => APPLICATION.name,
    }
}

pub(crate) fn by_ids(ask: Ask) -> Answered {
    Box::pin(async move {
        let wanted = read_ids(&ask.body, IDS_MAX)?;
        ask.budget.spend(wanted.ids.len())?;
        let found = objects::by_ids(ask.plane(), &ask.context, &wanted.ids).await?;
        let meant = |it: &&Object| {
            let name = type_name(it);
            wanted.types.is_empty()
                || wanted.types.iter().any(|t| {
                    t.eq_ignore_ascii_case(name) || t.eq_ignore_ascii_case("directoryObject")
                })
        };
        let value: Value = found.iter().filter(meant).map(|it| Value::Object(shown(it))).collect();
        let context = ask.metadata("directoryObjects");
        Ok(Answer::ok(json!({ "@odata.context": context, "value": value })))
    })
}

pub(crate) fn get(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = objects::get(ask.plane(), &ask.context, ask.object(0)?).await?;
        Ok(Answer::entity(200, ask.metadata("directoryObjects/$entity"), shown(&found)))
    })
}

/// The object that the path names; a person by the sign-in name, too.
pub(super) async fn meant(ask: &Ask) -> Result<ObjectId, Failure> {
    if let Ok(object) = ask.object(0) {
        return Ok(object);
    }
    let is_person = ask.path.to_ascii_lowercase().starts_with("/v1.0/users");
    match ask.key(0)? {
        crate::path::Key::Id(name) if is_person => {
            let key = users::Key::Name(name.clone());
            Ok(users::get(ask.plane(), &ask.context, &key).await?.principal.object)
        }
        crate::path::Key::Id(text) | crate::path::Key::Named(text, _) => Err(bad(text)),
    }
}

pub(crate) fn member_of(ask: Ask) -> Answered {
    Box::pin(belongs(ask, Depth::Direct))
}

pub(crate) fn transitive_member_of(ask: Ask) -> Answered {
    Box::pin(belongs(ask, Depth::Transitive))
}

async fn belonging(ask: &Ask, depth: Depth) -> Result<Belonging, Failure> {
    ask.budget.spend(1)?;
    let who = meant(ask).await?;
    let found = members::of(ask.plane(), &ask.context, who, depth).await?;
    ask.budget.spend(found.groups.len())?;
    Ok(found)
}

async fn belongs(ask: Ask, depth: Depth) -> Result<Answer, Failure> {
    ask.only(&["select", "top", "count"])?;
    let belonging = belonging(&ask, depth).await?;
    let tenant = ask.context.caller.principal.tenant;
    let roles = belonging.roles.into_iter().filter_map(directory_role::find);
    let role = |it: &DirectoryRole| typed(&DIRECTORY_ROLE, directory_role(tenant, it));
    let groups = belonging.groups.into_iter().map(|it| shown(&Object::Group(it)));
    let value: Value = groups.chain(roles.map(role)).map(Value::Object).collect();
    let context = ask.metadata("directoryObjects");
    Ok(Answer::ok(json!({ "@odata.context": context, "value": value })))
}

/// What is counted: groups, or directory roles, too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Groups,
    Objects,
}

async fn ids(ask: &Ask, kinds: &[GroupKind], of: Of) -> Result<Vec<String>, Failure> {
    let belonging = belonging(ask, Depth::Transitive).await?;
    let tenant = ask.context.caller.principal.tenant;
    let groups = belonging.groups.iter().filter(|it| kinds.contains(&it.kind));
    let groups = groups.map(|it| it.principal.object.to_string());
    let roles = belonging.roles.iter().filter(|_| of == Of::Objects);
    Ok(groups.chain(roles.map(|role| id_in(tenant, *role).to_string())).collect())
}

const ALL: [GroupKind; 2] = [GroupKind::Security, GroupKind::Microsoft365];

pub(crate) fn get_member_groups(ask: Ask) -> Answered {
    Box::pin(told(ask, Of::Groups))
}

pub(crate) fn get_member_objects(ask: Ask) -> Answered {
    Box::pin(told(ask, Of::Objects))
}

async fn told(ask: Ask, of: Of) -> Result<Answer, Failure> {
    let only = read_security_only(&ask.body)?;
    let kinds = if only { &ALL[..1] } else { &ALL[..] };
    let value = ids(&ask, kinds, of).await?;
    Ok(strings(&ask, &value))
}

pub(crate) fn check_member_groups(ask: Ask) -> Answered {
    Box::pin(checked(ask, Of::Groups, "groupIds"))
}

pub(crate) fn check_member_objects(ask: Ask) -> Answered {
    Box::pin(checked(ask, Of::Objects, "ids"))
}

async fn checked(ask: Ask, of: Of, name: &'static str) -> Result<Answer, Failure> {
    let asked = read_groups(&ask.body, name)?;
    let held = ids(&ask, &ALL, of).await?;
    let found = asked.iter().map(ToString::to_string).filter(|id| held.contains(id));
    Ok(strings(&ask, &found.collect::<Vec<_>>()))
}

fn strings(ask: &Ask, value: &[String]) -> Answer {
    let context = ask.metadata("Collection(Edm.String)");
    Answer::ok(json!({ "@odata.context": context, "value": value }))
}
