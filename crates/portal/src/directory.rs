//! Who is in the visitor's own directory, by id or by part of a name: as far as it is theirs to read.
//! What is not, is as if nobody were there.

use std::collections::{BTreeMap, BTreeSet};

use ids::guid::ObjectId;
use model::{
    action::Action,
    directory::{Group, ServicePrincipal, User},
    question::Question,
};
use operations::{
    context::Context,
    directory::{
        groups,
        objects::{self, Object},
        service_principals, users,
    },
    error::Error,
    page::page,
    search::holds,
};

use crate::{ask::Ask, trouble::Trouble};

/// So many are looked up by their ids for a page.
const KNOWN_MAX: usize = 200;

/// What somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    Group,
    ServicePrincipal,
    Application,
}

impl Kind {
    /// As Azure's portal says it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
            Self::ServicePrincipal => "Service principal",
            Self::Application => "Application",
        }
    }
}

/// Somebody of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) id: ObjectId,
    pub(crate) kind: Kind,
    pub(crate) name: String,
    /// What tells them apart from others of that name.
    pub(crate) detail: String,
}

/// Those with these ids, of the first of them.
pub(crate) async fn known(
    ask: &Ask,
    ids: impl IntoIterator<Item = ObjectId> + Send,
) -> Result<BTreeMap<ObjectId, Known>, Trouble> {
    let ids: BTreeSet<ObjectId> = ids.into_iter().collect();
    let ids: Vec<ObjectId> = ids.into_iter().take(KNOWN_MAX).collect();
    let plane = ask.plane();
    let found = readable(ask, "directoryObjects", async |context| {
        objects::by_ids(plane, &context, &ids).await
    });
    let found = found.await?.into_iter().flatten().map(object);
    Ok(found.map(|it| (it.id, it)).collect())
}

/// What those are called.
pub(crate) async fn names(
    ask: &Ask,
    ids: impl IntoIterator<Item = ObjectId> + Send,
) -> Result<BTreeMap<ObjectId, String>, Trouble> {
    Ok(known(ask, ids).await?.into_iter().map(|(id, it)| (id, it.name)).collect())
}

/// Users, groups and service principals whose name holds all of the words, in lower case; so many
/// of each at most.
pub(crate) async fn search(
    ask: &Ask,
    words: &[String],
    limit: usize,
) -> Result<Vec<Known>, Trouble> {
    let (plane, few) = (ask.plane(), || page(None, Some(limit)));
    let meant = |name: &str, beside: &str| holds(&format!("{name} {beside}"), words);
    let people = readable(ask, "users", async |context| {
        let wanted = |it: &User| meant(&it.display_name, &it.user_principal_name);
        users::list(plane, &context, None, few(), wanted).await
    });
    let people = people.await?.into_iter().flat_map(|it| it.items).map(user);
    let all = readable(ask, "groups", async |context| {
        let wanted = |it: &Group| meant(&it.display_name, "");
        groups::list(plane, &context, None, few(), wanted).await
    });
    let all = all.await?.into_iter().flat_map(|it| it.items).map(group);
    let apps = readable(ask, "servicePrincipals", async |context| {
        let wanted = |it: &ServicePrincipal| meant(&it.display_name, &it.app.to_string());
        service_principals::list(plane, &context, None, few(), wanted).await
    });
    let apps = apps.await?.into_iter().flat_map(|it| it.items).map(|(it, _)| application(it));
    Ok(people.chain(all).chain(apps).collect())
}

/// The question whether the visitor may read all of a kind in their directory.
pub(crate) fn question(ask: &Ask, noun: &str) -> Result<Question, Trouble> {
    let action = Action::named(format!("Fyr.Directory/{noun}/read"));
    Ok(Question::directory(action, ask.visitor()?.principal().tenant))
}

async fn readable<T, F>(
    ask: &Ask,
    noun: &str,
    work: impl FnOnce(Context) -> F + Send,
) -> Result<Option<T>, Trouble>
where
    F: Future<Output = Result<T, Error>> + Send,
{
    let asked = question(ask, noun)?;
    match ask.asked("GET", (asked.action, asked.via), asked.scope, work).await {
        Ok(found) => Ok(Some(found)),
        Err(Trouble::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

fn object(it: Object) -> Known {
    match it {
        Object::User(it) => user(it),
        Object::Group(it) => group(it),
        Object::ServicePrincipal(it) => application(it),
        Object::Application(it) => Known {
            id: it.object,
            kind: Kind::Application,
            name: it.display_name,
            detail: String::new(),
        },
    }
}

fn user(it: User) -> Known {
    let (id, kind) = (it.principal.object, Kind::User);
    Known { id, kind, name: it.display_name, detail: it.user_principal_name }
}

fn group(it: Group) -> Known {
    let (id, kind) = (it.principal.object, Kind::Group);
    Known { id, kind, name: it.display_name, detail: String::new() }
}

fn application(it: ServicePrincipal) -> Known {
    let (id, kind) = (it.principal.object, Kind::ServicePrincipal);
    Known { id, kind, name: it.display_name, detail: format!("application {}", it.app) }
}
