//! What applications sign in with: `addPassword`, `removePassword`,
//! `federatedIdentityCredentials`.

use operations::directory::credentials;
use wire::graph::{
    applications::{FEDERATED, drawn, federated, read_federated, read_key, read_secret},
    body::BadBody,
};

use super::applications::key;
use crate::{
    answer::Answer,
    failure::Failure,
    list,
    path::Key,
    route::{Answered, Ask},
};

pub(crate) fn add_password(ask: Ask) -> Answered {
    Box::pin(async move {
        let wanted = read_secret(&ask.body)?;
        let (plane, context) = (ask.plane(), &ask.context);
        let (name, expires) = (wanted.display_name, wanted.expires);
        let made = credentials::add_secret(plane, context, key(&ask)?, name, expires).await?;
        let view = drawn(&made.credential, &made.secret.0, context.started);
        Ok(Answer::entity(200, ask.metadata("microsoft.graph.passwordCredential"), view))
    })
}

pub(crate) fn remove_password(ask: Ask) -> Answered {
    Box::pin(async move {
        let secret = read_key(&ask.body)?;
        credentials::remove_secret(ask.plane(), &ask.context, key(&ask)?, secret).await?;
        Ok(Answer::done())
    })
}

/// The id or the name of the word that the path is about.
fn named(ask: &Ask) -> Result<&str, Failure> {
    let (Key::Id(text) | Key::Named(_, text)) = ask.key(1)?;
    Ok(text)
}

pub(crate) fn federated_list(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = credentials::federated(ask.plane(), &ask.context, key(&ask)?).await?;
        list::whole(&ask, &FEDERATED, found.iter().filter_map(federated).collect())
    })
}

pub(crate) fn federated_get(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = credentials::federated(ask.plane(), &ask.context, key(&ask)?).await?;
        let (found, _) = credentials::word(&found, named(&ask)?)?;
        let view = federated(found).unwrap_or_default();
        Ok(Answer::entity(200, ask.metadata("federatedIdentityCredentials/$entity"), view))
    })
}

pub(crate) fn federate(ask: Ask) -> Answered {
    Box::pin(async move {
        let word = read_federated(&ask.body)?;
        let name = word.name.clone().ok_or(BadBody::Missing("name"))?;
        let (plane, context) = (ask.plane(), &ask.context);
        let made = credentials::federate(plane, context, key(&ask)?, name, &word).await?;
        let view = federated(&made).unwrap_or_default();
        Ok(Answer::entity(201, ask.metadata("federatedIdentityCredentials/$entity"), view))
    })
}

pub(crate) fn federated_update(ask: Ask) -> Answered {
    Box::pin(async move {
        let edit = read_federated(&ask.body)?;
        let (plane, context) = (ask.plane(), &ask.context);
        credentials::refederate(plane, context, key(&ask)?, named(&ask)?, &edit).await?;
        Ok(Answer::done())
    })
}

pub(crate) fn unfederate(ask: Ask) -> Answered {
    Box::pin(async move {
        credentials::unfederate(ask.plane(), &ask.context, key(&ask)?, named(&ask)?).await?;
        Ok(Answer::done())
    })
}
