//! Somebody of the visitor's own directory, by part of a name or by id.

use ids::{guid::ObjectId, scope::Scope};
use model::{action::Action, question::Via};
use operations::{
    directory::{groups, service_principals, users},
    page::{Paged, page},
};

use crate::{ask::Ask, trouble::Trouble, words::Id};

/// How many of each kind are shown.
const FOUND_MAX: usize = 8;

/// Somebody who was found.
pub(super) struct Found {
    pub(super) id: Id,
    pub(super) name: String,
    /// What tells them apart from others of that name.
    pub(super) detail: String,
    pub(super) kind: &'static str,
}

impl Ask {
    /// Users, groups and service principals whose name holds the text; of each kind, only where it
    /// is the visitor's to read.
    pub(super) async fn search(&self, text: &str) -> Result<Vec<Found>, Trouble> {
        if let Ok(id) = text.parse::<ObjectId>() {
            let found = self.known(&[id]).await?.into_iter();
            let found = found.map(|(id, it)| Found {
                id: Id::new(id),
                name: it.name,
                detail: String::new(),
                kind: it.kind,
            });
            return Ok(found.collect());
        }
        let word = &text.trim().to_lowercase();
        if word.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = readable(self.users(word).await)?;
        found.extend(readable(self.groups(word).await)?);
        found.extend(readable(self.applications(word).await)?);
        Ok(found)
    }

    fn directory(&self, what: &str) -> Result<((Action, Via), Scope), Trouble> {
        let action = Action::named(format!("Fyr.Directory/{what}/read"));
        Ok(((action, Via::Directory), Scope::Tenant(self.tenant()?)))
    }

    async fn users(&self, word: &str) -> Result<Vec<Found>, Trouble> {
        let (plane, (asked, here)) = (self.plane(), self.directory("users")?);
        let holds = |text: &str| text.to_lowercase().contains(word);
        let Paged { items, .. } = self
            .asked("GET", asked, here, move |context| async move {
                let few = page(None, Some(FOUND_MAX));
                users::list(plane, &context, None, few, |it| {
                    holds(&it.display_name) || holds(&it.user_principal_name)
                })
                .await
            })
            .await?;
        let found = items.into_iter().map(|it| Found {
            id: Id::new(it.principal.object),
            name: it.display_name,
            detail: it.user_principal_name,
            kind: "User",
        });
        Ok(found.collect())
    }

    async fn groups(&self, word: &str) -> Result<Vec<Found>, Trouble> {
        let (plane, (asked, here)) = (self.plane(), self.directory("groups")?);
        let Paged { items, .. } = self
            .asked("GET", asked, here, move |context| async move {
                let few = page(None, Some(FOUND_MAX));
                let holds = |text: &str| text.to_lowercase().contains(word);
                groups::list(plane, &context, None, few, |it| holds(&it.display_name)).await
            })
            .await?;
        let found = items.into_iter().map(|it| Found {
            id: Id::new(it.principal.object),
            name: it.display_name,
            detail: String::new(),
            kind: "Group",
        });
        Ok(found.collect())
    }

    async fn applications(&self, word: &str) -> Result<Vec<Found>, Trouble> {
        let (plane, (asked, here)) = (self.plane(), self.directory("servicePrincipals")?);
        let Paged { items, .. } = self
            .asked("GET", asked, here, move |context| async move {
                let few = page(None, Some(FOUND_MAX));
                let holds = |text: &str| text.to_lowercase().contains(word);
                service_principals::list(plane, &context, None, few, |it| holds(&it.display_name))
                    .await
            })
            .await?;
        let found = items.into_iter().map(|(it, _)| Found {
            id: Id::new(it.principal.object),
            name: it.display_name,
            detail: format!("application {}", it.app),
            kind: "Service principal",
        });
        Ok(found.collect())
    }
}

/// What is not the visitor's to read is as if nobody were there.
fn readable(found: Result<Vec<Found>, Trouble>) -> Result<Vec<Found>, Trouble> {
    match found {
        Err(Trouble::Refused(_)) => Ok(Vec::new()),
        other => other,
    }
}
