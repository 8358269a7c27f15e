//! What is to change of what stands in a directory. What an edit leaves out, stays.

use super::{Application, Audience, Federated};

/// What an application is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplicationEdit {
    pub display_name: Option<String>,
    pub audience: Option<Audience>,
    pub identifier_uris: Option<Vec<String>>,
    pub web: Option<Vec<String>>,
    pub spa: Option<Vec<String>>,
    pub public: Option<Vec<String>>,
    pub public_by_default: Option<bool>,
    /// Empty: none.
    pub logout_url: Option<String>,
    pub tags: Option<Vec<String>>,
}

impl ApplicationEdit {
    /// The application with that changed.
    pub fn applied(&self, before: Application) -> Application {
        let Self { display_name, audience, identifier_uris, public_by_default, .. } = self.clone();
        let mut after = Application {
            display_name: display_name.unwrap_or(before.display_name),
            audience: audience.unwrap_or(before.audience),
            identifier_uris: identifier_uris.unwrap_or(before.identifier_uris),
            public_by_default: public_by_default.unwrap_or(before.public_by_default),
            tags: self.tags.clone().unwrap_or(before.tags),
            ..before
        };
        for (slot, new) in [
            (&mut after.redirects.web, &self.web),
            (&mut after.redirects.spa, &self.spa),
            (&mut after.redirects.public, &self.public),
        ] {
            if let Some(new) = new {
                slot.clone_from(new);
            }
        }
        if let Some(url) = &self.logout_url {
            after.logout_url = Some(url.clone()).filter(|url| !url.is_empty());
        }
        after
    }
}

/// What another issuer's word for an application is to be called, and must say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FederatedEdit {
    pub name: Option<String>,
    pub issuer: Option<String>,
    pub subject: Option<String>,
    pub audiences: Option<Vec<String>>,
    pub description: Option<String>,
}

impl FederatedEdit {
    /// What the word is called afterwards.
    pub fn named(&self, before: &str) -> String {
        self.name.clone().unwrap_or_else(|| before.to_owned())
    }

    /// The word with that changed.
    pub fn applied(&self, before: &Federated) -> Federated {
        let text = |new: &Option<String>, old: &String| new.as_ref().unwrap_or(old).clone();
        Federated {
            issuer: text(&self.issuer, &before.issuer),
            subject: text(&self.subject, &before.subject),
            audiences: self.audiences.as_ref().unwrap_or(&before.audiences).clone(),
            description: text(&self.description, &before.description),
        }
    }
}
