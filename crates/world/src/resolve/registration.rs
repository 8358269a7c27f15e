//! The credentials of an application that are no secrets.

use document::{fault::Faults, place::Position};
use identity::federated;
use ids::guid::AppId;
use model::directory::{Credential, Holder, Secret};

use crate::{declared::App, names::derived, resolve::members::Members};

/// Each of them, and where it stands.
pub(super) fn credentials(
    members: &Members,
    app: AppId,
    declared: &App,
    faults: &mut Faults,
) -> Vec<(Position, Credential)> {
    let holder = Holder::Application(members.id, app);
    let path = [members.name(), &declared.name.it];
    let mut found = Vec::new();
    if let Some(it) = &declared.certificate {
        let key = derived("certificate", &path);
        found.push((it.at, it.read.clone().credential(holder, key, None)));
    }
    let mut held = Vec::new();
    for it in &declared.federated {
        let credential = Credential {
            holder,
            key: derived("federated credential", &[members.name(), &declared.name.it, &it.name.it]),
            display_name: it.name.it.clone(),
            secret: Secret::Federated(it.federated.clone()),
            expires: None,
        };
        let twice = held.iter().any(|other: &Credential| other.key == credential.key);
        if let Err(bad) = federated::judge(&held, &credential, &it.federated) {
            faults.add(it.name.at, bad.to_string());
        } else if twice {
            faults.add(it.name.at, federated::BadFederated::NameTaken.to_string());
        }
        held.push(credential.clone());
        found.push((it.name.at, credential));
    }
    found
}
