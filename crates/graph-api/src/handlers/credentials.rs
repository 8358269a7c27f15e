//! What applications sign in with: `addPassword`, `removePassword`,
//! `federatedIdentityCredentials`.

use model::directory::{Credential, Secret};
use operations::directory::{Refused, applications, credentials};
use wire::graph::applications::{
    FEDERATED, drawn, federated, read_federated, read_key, read_secret,
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

async fn words(ask: &Ask) -> Result<Vec<Credential>, Failure> {
    let (_, held) = applications::get(ask.plane(), &ask.context, key(ask)?).await?;
    Ok(held.into_iter().filter(credentials::is_federated).collect())
}

/// The word that the path names: by its id or its name.
async fn word(ask: &Ask) -> Result<Credential, Failure> {
    let (Key::Id(text) | Key::Named(_, text)) = ask.key(1)?;
    let is = |it: &Credential| {
        it.key.to_string().eq_ignore_ascii_case(text) || it.display_name.eq_ignore_ascii_case(text)
    };
    let found = words(ask).await?.into_iter().find(is);
    let missing = || Refused::NotFound(text.chars().take(120).collect());
    found.ok_or_else(|| operations::error::Error::from(missing()).into())
}

pub(crate) fn federated_list(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = words(&ask).await?;
        list::whole(&ask, &FEDERATED, found.iter().filter_map(federated).collect())
    })
}

pub(crate) fn federated_get(ask: Ask) -> Answered {
    Box::pin(async move {
        let view = federated(&word(&ask).await?).unwrap_or_default();
        Ok(Answer::entity(200, ask.metadata("federatedIdentityCredentials/$entity"), view))
    })
}

pub(crate) fn federate(ask: Ask) -> Answered {
    Box::pin(async move {
        let (name, federated_word) = read_federated(&ask.body, None)?;
        let wanted = credentials::Word { name, federated: federated_word };
        let (plane, context) = (ask.plane(), &ask.context);
        let made = credentials::federate(plane, context, key(&ask)?, None, wanted).await?;
        let view = federated(&made).unwrap_or_default();
        Ok(Answer::entity(201, ask.metadata("federatedIdentityCredentials/$entity"), view))
    })
}

pub(crate) fn federated_update(ask: Ask) -> Answered {
    Box::pin(async move {
        let before = word(&ask).await?;
        let old = match before.secret {
            Secret::Federated(old) => Some((before.display_name, old)),
            Secret::Chosen(_) | Secret::Drawn(_) | Secret::Certificate(_) | Secret::Redacted => {
                None
            }
        };
        let (name, federated) = read_federated(&ask.body, old)?;
        let wanted = credentials::Word { name, federated };
        let (plane, context, place) = (ask.plane(), &ask.context, Some(before.key));
        credentials::federate(plane, context, key(&ask)?, place, wanted).await?;
        Ok(Answer::done())
    })
}

pub(crate) fn unfederate(ask: Ask) -> Answered {
    Box::pin(async move {
        let place = word(&ask).await?.key;
        credentials::unfederate(ask.plane(), &ask.context, key(&ask)?, place).await?;
        Ok(Answer::done())
    })
}
