//! What one's own directory calls those whom role assignments and delegations name.

use std::collections::{BTreeMap, BTreeSet};

use ids::{guid::ObjectId, scope::Scope};
use model::{
    action::Action,
    question::{Question, Via},
};
use operations::directory::objects::{self, Object};

use crate::{ask::Ask, trouble::Trouble};

/// So many are looked up for a page.
pub(super) const NAMED_MAX: usize = 200;

/// Names by id. Whoever may not read the directory hears none; nobody hears one of another's.
pub(super) async fn names(
    ask: &Ask,
    ids: Vec<ObjectId>,
) -> Result<BTreeMap<ObjectId, String>, Trouble> {
    let ids: BTreeSet<ObjectId> = ids.into_iter().collect();
    let ids: Vec<ObjectId> = ids.into_iter().take(NAMED_MAX).collect();
    let tenant = ask.visitor()?.principal().tenant;
    let read = Action::known("Fyr.Directory/directoryObjects/read");
    let (plane, asked) = (ask.plane(), (read, Via::Directory));
    let found = ask
        .asked("GET", asked, Scope::Tenant(tenant), async |context| {
            objects::by_ids(plane, &context, &ids).await
        })
        .await;
    match found {
        Ok(found) => Ok(found.into_iter().map(|it| (it.id(), called(it))).collect()),
        Err(Trouble::Refused(_)) => Ok(BTreeMap::new()),
        Err(other) => Err(other),
    }
}

fn called(it: Object) -> String {
    match it {
        Object::User(it) => it.display_name,
        Object::Group(it) => it.display_name,
        Object::ServicePrincipal(it) => it.display_name,
        Object::Application(it) => it.display_name,
    }
}

/// The question whether the visitor may read all of a kind in their directory.
pub(super) fn readable(ask: &Ask, noun: &str) -> Result<Question, Trouble> {
    let action = Action::named(format!("Fyr.Directory/{noun}/read"));
    Ok(Question::directory(action, ask.visitor()?.principal().tenant))
}
